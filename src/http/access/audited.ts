/** Which events of the log a caller is shown. */
import type { AuditedEvent } from '../../read-models/journal/event-reader.js';
import type { Asker } from './caller.js';

/** Says of events whether the asker audits them; all of them where nobody is identified. */
export function auditedBy({ identity, rights }: Asker): (event: Pick<AuditedEvent, 'metadata' | 'data'>) => boolean {
  if (!identity) return () => true;
  return ({ metadata, data }) => {
    const of = metadata['agency'] ?? data['agency'];
    // What is of no agency is for who audits the whole ledger.
    if (typeof of !== 'string') return rights?.whole === true;
    return rights?.in(of, 'audit') != null;
  };
}
