/**
 * Whether the read models were built from this log, or from one that has since been replaced: an older copy of it, or
 * another altogether.
 */
import { parseInstant } from '../time/instant.js';
import { CHECKPOINT_STREAM } from '../events/catalog.js';
import type { EventLog } from '../log/event-log.js';
import type { ReadStore } from './read-store.js';

/**
 * True when the last event and the last in the stream of checkpoints stand in the log as the journal holds them, or the
 * journal is empty. A log restored from a backup lacks that event, or holds another in its place, or the same message
 * recorded again later. Errors: `StoreUnavailable`.
 */
export async function isBuiltFrom(log: EventLog, store: ReadStore): Promise<boolean> {
  const checkpoint = store.lastInCheckpoints();
  if (checkpoint !== null) {
    const [stored] = await log.readStream(CHECKPOINT_STREAM, checkpoint.revision, 1);
    const same = stored?.revision === checkpoint.revision && stored.id === checkpoint.eventId && stored.position === checkpoint.position;
    if (!same) return false;
  }
  const end = store.journalEnd();
  if (end === 'empty') return true;
  if (end === 'missing') return false;
  const [stored] = await log.readStream(end.stream, end.revision, 1);
  return (
    stored?.revision === end.revision &&
    stored.id === end.eventId &&
    stored.position === end.position &&
    // The journal holds the latest time up to that event, which is never before the event's own.
    (parseInstant(stored.recordedAt) ?? 0) <= end.recordedAt
  );
}
