/** The command that lists officers, or shows what one of them did. */
import type { Command } from 'commander';
import type { QueryBus } from '@nestjs/cqrs';
import type { RoleSpan } from '../../domain/agency/state.js';
import type { PageAsked } from '../../read-models/lists.js';
import { after, agency, json, limit } from './options.js';
import { reading, type Answer } from './reading.js';

interface Asked extends PageAsked {
  readonly agency: string;
  readonly actor?: string;
  readonly json?: boolean;
}

export function declareOfficers(program: Command): void {
  program
    .command('officers')
    .description('list officers with their roles, acts and conflicts of duties, or show one of them 经办人员')
    .addOption(agency())
    .option('--actor <name>', 'only this officer, with acts by type and every conflict')
    .addOption(after())
    .addOption(limit())
    .addOption(json())
    .action(officers);
}

const officers = reading<Asked>(async ({ agency: code, actor, after: behind, limit: most }, queries) =>
  actor === undefined ? everybody(code, { after: behind, limit: most }, queries) : somebody(code, actor, queries),
);

async function everybody(code: string, page: PageAsked, queries: QueryBus): Promise<Answer> {
  const { GetOfficers } = await import('../../read-models/officers/officers.query.js');
  const answer = await queries.execute(new GetOfficers(code, page));
  return {
    answer,
    lines: () => [
      `${code} 经办人员 officers: ${answer.officers.length}`,
      ...answer.officers.map(({ actor, acts, conflicts, roles }) => [
        actor,
        acts,
        conflicts === 0 ? '' : `✗ 职责冲突 conflicts ${conflicts}`,
        roles.map(roleText).join('; '),
      ]),
      ...(answer.next === null ? [] : [`续页 next page: --after ${answer.next}`]),
    ],
  };
}

async function somebody(code: string, actor: string, queries: QueryBus): Promise<Answer> {
  const { GetOfficer } = await import('../../read-models/officers/officers.query.js');
  const answer = await queries.execute(new GetOfficer(code, actor));
  return {
    answer,
    lines: () => [
      `${code} ${actor}: ${answer.roles.map(roleText).join('; ')}`.trimEnd(),
      ...answer.acts.map(({ type, count, firstOn, lastOn }) => [type, count, `${firstOn}–${lastOn}`]),
      ...answer.conflicts.map(({ rule, case: name, message }) => `✗ ${rule} ${name ?? ''} ${message}`),
    ],
  };
}

function roleText({ role, from, until }: RoleSpan): string {
  return `${role} ${from}–${until ?? ''}`;
}
