/** The commands that list cases: by filters, and by whom they wait for. */
import type { QueryBus } from '@nestjs/cqrs';
import type { Command } from 'commander';
import type { CaseFilters, ListedCase } from '../../read-models/cases/case-list.js';
import type { PageAsked } from '../../read-models/lists.js';
import type { Line } from '../render/columns.js';
import { after, agency, json, limit } from './options.js';
import { reading, type Answer } from './reading.js';

interface Asked extends CaseFilters, PageAsked {
  readonly agency: string;
  readonly case?: string;
  readonly json?: boolean;
}

export function declareCaseList(program: Command): void {
  program
    .command('cases')
    .description('list cases with their state, whom they wait for and when they are due 事项清单')
    .addOption(agency())
    .option('--case <kind/number>', 'only this case, with its title where it may be read')
    .option('--kind <kind>', 'only cases of this kind, such as publication')
    .option('--state <state>', 'only cases in this state, such as in-clearance')
    .option('--actor <name>', 'only cases in which this officer recorded an act that stands')
    .option('--waiting-for <name>', 'only cases that wait for this role, or for this officer')
    .option('--due-before <date>', 'only open applications due before this day')
    .option('--open-on <date>', 'only applications that were open at the end of this day')
    .option('--document-number <number>', 'only released items and normative documents of this number')
    .addOption(after())
    .addOption(limit())
    .addOption(json())
    .action(cases);

  program
    .command('waiting')
    .description('list the cases that wait for a role or an officer 待办事项')
    .addOption(agency())
    .requiredOption('--waiting-for <name>', 'the role, or the officer')
    .addOption(after())
    .addOption(limit())
    .addOption(json())
    .action(cases);
}

const cases = reading<Asked>(async ({ json: _, case: name, ...question }, queries) => {
  if (name !== undefined) return oneCase(question.agency, name, queries);
  const { GetCases } = await import('../../read-models/cases/case-list.query.js');
  const answer = await queries.execute(new GetCases(question));
  return {
    answer,
    lines: () => [
      `${question.agency} 事项 cases: ${answer.cases.length}`,
      ...answer.cases.map(lineOf),
      ...(answer.next === null ? [] : [`续页 next page: --after ${answer.next}`]),
    ],
  };
});

async function oneCase(code: string, name: string, queries: QueryBus): Promise<Answer> {
  const [{ GetCase }, { readCaseRef }] = await Promise.all([
    import('../../privacy/handlers.js'),
    import('../../read-models/cases/case-ref.js'),
  ]);
  const answer = await queries.execute(new GetCase(code, readCaseRef(name)));
  return { answer, lines: () => [lineOf(answer)] };
}

function lineOf({ case: name, state, since, dueOn, waitsFor, title }: Omit<ListedCase, 'kind' | 'number'>): Line {
  const waits = waitsFor.map(({ act, step, role, holders }) => {
    const who = holders === null ? '任何人 anybody' : holders.length === 0 ? '无人可办 nobody' : holders.join(', ');
    return `${step ?? act.replace('disclosure.', '')}${role === null ? '' : ` (${role})`}: ${who}`;
  });
  return [name, state, since, dueOn === null ? '' : `期限 due ${dueOn}`, waits.join('; '), title ?? ''];
}
