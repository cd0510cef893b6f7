/** The commands that read due dates: of an agency's open applications, and of a receipt that nobody recorded. */
import type { Command } from 'commander';
import { agency, asOf, json } from './options.js';
import { reading } from './reading.js';

interface Asked {
  readonly agency: string;
  readonly on?: string;
  readonly within?: string;
  readonly below?: boolean;
  readonly case?: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

export function declareDeadlines(program: Command): void {
  program
    .command('deadlines')
    .description('list open applications with their due dates')
    .addOption(agency())
    .option('--on <date>', 'state at the end of this day (default: today in Asia/Shanghai)')
    .option('--within <days>', 'only what is due within so many calendar days, such as P10D; overdue included')
    .option('--below', 'those of the agencies below it too')
    .option('--case <kind/number>', 'only this application, explained day by day')
    .addOption(asOf())
    .addOption(json())
    .action(deadlines);

  program
    .command('deadline')
    .description('reckon the due date of a receipt that nobody recorded 期限试算')
    .requiredOption('--received <date>', 'the day of receipt, YYYY-MM-DD')
    .option('--law <year>', 'text of the regulation, 2008 or 2019 (default: the one in force on that day)')
    .addOption(json())
    .action(deadline);
}

const deadlines = reading<Asked>(async ({ agency: code, case: name, ...asked }, queries) => {
  const [{ GetDeadlines }, { readCaseRef }, { agencyName }, { renderDeadlines }] = await Promise.all([
    import('../../read-models/deadlines/deadlines.query.js'),
    import('../../read-models/cases/case-ref.js'),
    import('../agency-name.js'),
    import('../render/render-deadlines.js'),
  ]);
  const ref = name === undefined ? undefined : readCaseRef(name);
  const answer = await queries.execute(new GetDeadlines({ agency: code, ...asked, case: ref }));
  const title = await agencyName(queries, code);
  return { answer, lines: () => renderDeadlines(answer, title, code) };
});

interface Receipt {
  readonly received: string;
  readonly law?: string;
  readonly json?: boolean;
}

const deadline = reading<Receipt>(async ({ received, law }, queries) => {
  const [{ ReckonDeadline }, { renderReckoned }] = await Promise.all([
    import('../../read-models/deadlines/reckoned.query.js'),
    import('../render/render-deadlines.js'),
  ]);
  const answer = await queries.execute(new ReckonDeadline(received, law));
  return { answer, lines: () => renderReckoned(answer) };
});
