/** The log of a trial: what is appended stands in memory, behind what the log holds, and is gone with it. */
import {
  conditionOf,
  serialiseAppend,
  WrongExpectedRevision,
  type Appended,
  type Condition,
  type EventLog,
  type ExpectedRevision,
  type NewEvent,
  type StoredEvent,
} from '../../log/event-log.js';
import type { RecordedLog } from '../preparation.js';
import { formatInstant } from '../../time/instant.js';

export class TrialLog implements RecordedLog {
  /** Nobody else appends here. */
  readonly ordered = true;
  readonly #base: Pick<EventLog, 'readStream'>;
  readonly #now: () => number;
  readonly #added = new Map<string, StoredEvent[]>();

  constructor(base: Pick<EventLog, 'readStream'>, now: () => number) {
    this.#base = base;
    this.#now = now;
  }

  /** `position` is that of no store. Errors: `WrongExpectedRevision`, `InvalidEvent`. */
  async append(stream: string, condition: ExpectedRevision | Condition, events: readonly NewEvent[]): Promise<Appended> {
    const { revision: expected } = conditionOf(condition);
    serialiseAppend(stream, expected, events);
    const added = this.#added.get(stream) ?? [];
    const last = added.at(-1)?.revision ?? (typeof expected === 'number' ? expected : -1);
    if (last >= 0 && expected !== last) throw new WrongExpectedRevision(stream, expected, last);
    const recordedAt = formatInstant(this.#now());
    const stored = events.map((event, at) => ({ ...event, stream, revision: last + 1 + at, position: '0', recordedAt }));
    this.#added.set(stream, [...added, ...stored]);
    return Promise.resolve({ revision: last + events.length, position: '0' });
  }

  async readStream(stream: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    const added = this.#added.get(stream) ?? [];
    const first = added[0]?.revision ?? Infinity;
    const known = from < first ? await this.#base.readStream(stream, from, limit) : [];
    // Others may have appended behind where the trial goes on: to it these are not there.
    const before = known.filter(({ revision }) => revision < first);
    return [...before, ...added.filter(({ revision }) => revision >= from)].slice(0, limit);
  }
}
