/**
 * A read store that is found not to be whole while it is served: no answer is made of it any more. The log is not
 * concerned.
 */
import { messageOf } from '../encoding/unknown-values.js';
import type { ReadStore } from './read-store.js';
import { isDamage } from '../sqlite/open-database.js';
import { QueryProblem } from './query-problem.js';

/** Errors: `QueryProblem` (`read-damaged`), once anybody has met damage. */
export function requireUndamaged({ damage }: ReadStore): void {
  if (damage !== null) throw readDamaged(damage);
}

/**
 * An error met while answering: `read-damaged` where SQLite says that the file is not whole, which is remembered; any
 * other as it is.
 */
export function asReadDamage(store: ReadStore, error: unknown): unknown {
  return isDamage(error) ? readDamaged(store.markDamaged(messageOf(error))) : error;
}

function readDamaged(damage: string): QueryProblem {
  return new QueryProblem(
    'read-damaged',
    damage,
    'Restart the service: it builds the read models anew from the log, which is not concerned.',
  );
}
