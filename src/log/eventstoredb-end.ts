/**
 * The last event of a ledger in a database that others write to as well. What was looked through once is not looked
 * through again: the next time the server looks at what came since, and at no more.
 */
import type { Position, RecordedEvent } from '@eventstore/db-client';
import { comparePositions } from './event-log.js';
import { positionOf, toPosition } from './eventstoredb-events.js';
import type { FilteredRead } from './eventstoredb-filtered.js';

export interface EndParts {
  /** The ledger's events in a range. */
  readonly filtered: (range: FilteredRead['range']) => Promise<readonly RecordedEvent[]>;
  /** Position of the last event of the whole database. */
  readonly endOfAll: () => Promise<string>;
}

interface Known {
  readonly head: string | null;
  /** Up to this position of the database `head` is the last. */
  readonly upTo: string;
}

export class LedgerEnd {
  readonly #parts: EndParts;
  #known: Known | null = null;

  constructor(parts: EndParts) {
    this.#parts = parts;
  }

  /** Its position; null while the ledger has no event. Errors: those of the calls. */
  async head(): Promise<string | null> {
    const { filtered, endOfAll } = this.#parts;
    const known = this.#known;
    const upTo = await endOfAll();
    if (known !== null && (await this.#isLast(known, upTo))) {
      this.#known = { ...known, upTo };
      return known.head;
    }
    const [last] = await filtered('last');
    const head = last === undefined ? null : (positionOf(last) ?? null);
    this.#known = { head, upTo };
    return head;
  }

  async #isLast({ head, upTo }: Known, end: string): Promise<boolean> {
    // A database that was put back to before it knows nothing of that position.
    if (comparePositions(end, upTo) < 0) return false;
    // It begins with the event at the position, which may be that last one itself.
    const from: Position = toPosition(upTo);
    const found = await this.#parts.filtered({ from, count: 2 });
    return found.every((event) => head !== null && comparePositions(positionOf(event) ?? '0', head) <= 0);
  }
}
