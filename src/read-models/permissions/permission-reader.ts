/** Permissions of callers as the read store knows them. */
import type { Caller, Permission } from '../../domain/agency/acts.js';
import type { Grant } from '../../domain/agency/permissions.js';
import type { Preparing } from '../../sqlite/statements.js';

interface Row {
  readonly code: string;
  readonly permission: Permission;
  readonly grantJson: string | null;
}

/** A grant with the agency it was made in. */
export interface GrantIn extends Grant {
  readonly agency: string;
}

/** Every grant of the caller that no later act ended or replaced, whatever its days. */
export function grantsOf(db: Preparing, { issuer, subject }: Caller): GrantIn[] {
  const rows = db
    .prepare<unknown[], Row>(
      'SELECT code, permission, grant_json AS grantJson FROM permissions WHERE issuer = ? AND subject = ? ORDER BY idx',
    )
    .all(issuer, subject);
  return standing(rows, ({ code, permission }) => `${code} ${permission}`);
}

/** What stands in an agency by an event index, in the order of the log. */
export function grantsIn(db: Preparing, agencyId: number, index: number): GrantIn[] {
  const rows = db
    .prepare<unknown[], Row & Caller>(
      'SELECT code, permission, issuer, subject, grant_json AS grantJson FROM permissions WHERE agency_id = ? AND idx <= ? ORDER BY idx',
    )
    .all(agencyId, index);
  return standing(rows, ({ permission, issuer, subject }) => JSON.stringify([permission, issuer, subject]));
}

/** A later row of the same key takes the place of the earlier, at its own place in the order. */
function standing<R extends Row>(rows: readonly R[], keyOf: (row: R) => string): GrantIn[] {
  const last = new Map<string, GrantIn>();
  for (const row of rows) {
    const key = keyOf(row);
    last.delete(key);
    if (row.grantJson !== null) last.set(key, { ...(JSON.parse(row.grantJson) as Grant), agency: row.code });
  }
  return [...last.values()];
}
