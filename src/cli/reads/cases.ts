/** The commands that read cases: who did what when, what is sealed. */
import { Option, type Command } from 'commander';
import { EXIT } from '../exit-codes.js';
import { agency, asOf, json, parseYear } from './options.js';
import { reading } from './reading.js';

interface Asked {
  readonly agency: string;
  readonly case?: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

export function declareCases(program: Command): void {
  program
    .command('trail')
    .description('print the review and sign-off trail of a case, or the summary of a year')
    .addOption(agency())
    .option('--case <kind/number>', 'case, such as publication/2017-0034')
    .addOption(new Option('--year <year>', 'summary of an agency’s year instead').argParser(parseYear).conflicts('case'))
    .addOption(asOf())
    .addOption(json())
    .action(async ({ case: of, year, ...asked }: Asked & { readonly year?: number }, command: Command) => {
      if (of !== undefined) await trail({ ...asked, case: of });
      else if (year !== undefined) await summary({ ...asked, year });
      else command.error('error: give --case or --year', { exitCode: EXIT.usage });
    });

  declareReveal(program);
}

const trail = reading<Asked & { readonly case: string }>(async ({ agency: code, case: name, asOf: moment }, queries) => {
  const [{ GetTrail }, { readCaseRef }, { renderTrail }] = await Promise.all([
    import('../../privacy/handlers.js'),
    import('../../read-models/cases/case-ref.js'),
    import('../render/render.js'),
  ]);
  const answer = await queries.execute(new GetTrail(code, readCaseRef(name), { asOf: moment }));
  return { answer, lines: () => renderTrail(answer) };
});

const summary = reading<Asked & { readonly year: number }>(async ({ agency: code, year, asOf: moment }, queries) => {
  const [{ GetYearSummary }, { renderSummary }] = await Promise.all([
    import('../../read-models/trail/year-summary.query.js'),
    import('../render/render.js'),
  ]);
  const answer = await queries.execute(new GetYearSummary(code, year, moment));
  return { answer, lines: () => renderSummary(answer) };
});

interface RevealAsked extends Omit<Asked, 'asOf'> {
  readonly actor?: string;
  readonly reason?: string;
  readonly list?: boolean;
}

function declareReveal(program: Command): void {
  program
    .command('reveal')
    .description('show the sealed texts of a case to an officer of the agency, noted in the ledger; or who asked before')
    .addOption(agency())
    .option('--case <kind/number>', 'case, such as application/2021-0001')
    .option('--actor <name>', 'the officer who asks')
    .option('--reason <text>', 'why; kept in the ledger for ever')
    .option('--list', 'who asked before, newest first, instead')
    .addOption(json())
    .action(async ({ list, actor, reason, ...asked }: RevealAsked, command: Command) => {
      if (list === true) return accesses(asked);
      const { case: of, agency: code, json: asJson } = asked;
      if (of === undefined || actor === undefined || reason === undefined)
        command.error('error: give --case, --actor and --reason, or --list', { exitCode: EXIT.usage });
      const { reveal } = await import('../commands/reveal.js');
      process.exitCode = await reveal({ agency: code, case: of, actor, reason, json: asJson });
    });
}

const accesses = reading<Omit<Asked, 'asOf'>>(async ({ agency: code, case: name }, queries) => {
  const [{ ListAccesses }, { readCaseRef }, { renderAccesses }] = await Promise.all([
    import('../../privacy/handlers.js'),
    import('../../read-models/cases/case-ref.js'),
    import('../commands/reveal.js'),
  ]);
  const answer = await queries.execute(new ListAccesses(code, name === undefined ? undefined : readCaseRef(name)));
  return { answer, lines: () => renderAccesses(answer.accesses) };
});
