/** The command that reads who may what. */
import type { Command } from 'commander';
import { agency, asOf, json } from './options.js';
import { reading } from './reading.js';

interface Asked {
  readonly agency: string;
  readonly asOf?: string;
  readonly json?: boolean;
}

export function declareAccess(program: Command): void {
  program
    .command('permissions')
    .description('list the permissions of callers in an agency 权限')
    .addOption(agency())
    .addOption(asOf())
    .addOption(json())
    .action(permissions);
}

const permissions = reading<Asked>(async ({ agency: code, asOf: moment }, queries) => {
  const { GetPermissions } = await import('../../read-models/permissions/permissions.query.js');
  const answer = await queries.execute(new GetPermissions(code, moment));
  return {
    answer,
    lines: () => [
      `${code}: 权限 permissions ${answer.permissions.length}`,
      ...answer.permissions.map(({ permission, caller, actor, below, from, until }) => [
        permission,
        caller.issuer,
        caller.subject,
        actor ?? '',
        below ? '含下级 below too' : '',
        from === null && until === null ? '' : `${from ?? ''}–${until ?? ''}`,
      ]),
    ],
  };
});
