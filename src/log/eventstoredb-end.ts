/**
 * The last event of a ledger in a database that others write to as well. What a subscription passed is not looked
 * through again: the server looks at what came since, and sends nothing of others.
 */
import type { Position, RecordedEvent } from '@eventstore/db-client';
import { comparePositions } from './event-log.js';
import { positionOf, toPosition } from './eventstoredb-events.js';
import type { FilteredRead } from './eventstoredb-filtered.js';

/** The ledger's events in a range. */
export type ReadRange = (range: FilteredRead['range']) => Promise<readonly RecordedEvent[]>;

/** Up to a position of the database `head` is the ledger's last event; null where it has none before it. */
export interface Passed {
  readonly head: string | null;
  readonly upTo: Position;
}

export class LedgerEnd {
  readonly #read: ReadRange;
  #passed: Passed | null = null;

  constructor(read: ReadRange) {
    this.#read = read;
  }

  /** What a subscription has passed by now. */
  pass(passed: Passed): void {
    if (this.#passed === null || passed.upTo.commit > this.#passed.upTo.commit) this.#passed = passed;
  }

  /** A subscription begins: the database may have been put back to before what was passed. */
  forget(): void {
    this.#passed = null;
  }

  /** Its position; null while the ledger has no event. Errors: those of the reads. */
  async head(): Promise<string | null> {
    const passed = this.#passed;
    if (passed !== null && (await this.#isLast(passed))) return passed.head;
    const [last] = await this.#read('last');
    const head = last === undefined ? null : (positionOf(last) ?? null);
    if (head !== null) this.pass({ head, upTo: toPosition(head) });
    return head;
  }

  async #isLast({ head, upTo }: Passed): Promise<boolean> {
    // The read begins with the event at the position, which may be the last one itself.
    const found = await this.#read({ from: upTo, count: 2 });
    return found.every((event) => head !== null && comparePositions(positionOf(event) ?? '0', head) <= 0);
  }
}
