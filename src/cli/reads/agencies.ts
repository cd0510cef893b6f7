/** The command that reads agencies. */
import type { Command } from 'commander';
import type { PageAsked } from '../../read-models/lists.js';
import { after, json, limit } from './options.js';
import { reading } from './reading.js';

interface Asked extends PageAsked {
  readonly agency?: string;
  readonly json?: boolean;
}

export function declareAgencies(program: Command): void {
  program
    .command('agencies')
    .description('list the agencies and the years they have records of, or how one is set up 行政机关')
    .option('--agency <code>', 'only this one, with its chain, roles and forms')
    .addOption(after())
    .addOption(limit())
    .addOption(json())
    .action((asked: Asked) => (asked.agency === undefined ? agencies(asked) : agency({ ...asked, agency: asked.agency })));
}

const agencies = reading<Asked>(async ({ after: behind, limit: most }, queries) => {
  const { ListAgencies } = await import('../../read-models/agencies/agencies.query.js');
  const answer = await queries.execute(new ListAgencies({ after: behind, limit: most }));
  return {
    answer,
    lines: () => [
      `行政机关 agencies: ${answer.agencies.length}`,
      ...answer.agencies.map(({ agency: code, name, parent, reporting, years }) => [code, name, parent ?? '—', reporting, years.join(' ')]),
      ...(answer.next === null ? [] : [`续页 next page: --after ${answer.next}`]),
    ],
  };
});

const agency = reading<Asked & { readonly agency: string }>(async ({ agency: code }, queries) => {
  const { GetAgency } = await import('../../read-models/agencies/agencies.query.js');
  const answer = await queries.execute(new GetAgency(code));
  const { chain, roles } = answer;
  return {
    answer,
    lines: () => [
      `${code} ${answer.name}${answer.parent === null ? '' : `, 上级 parent ${answer.parent}`}`,
      `表式 forms ${answer.forms.join(' ')}; 年度 years ${answer.years.join(' ')}`,
      `审查 clearance chain: ${chain === null || chain.approver === null ? '无 none' : ''}`,
      ...(chain?.steps ?? []).map(({ step, role, unit }) => [step, role, unit]),
      ...(chain?.approver == null ? [] : [['审批 approver', chain.approver.role, chain.approver.unit]]),
      `角色 roles: ${roles.length}`,
      ...roles.map(({ actor, role, from, until }) => [actor, role, `${from}–${until ?? ''}`]),
    ],
  };
});
