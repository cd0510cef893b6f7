/**
 * What is known of tables that were answered: enough to say that one is as it was, without computing it. Kept in this
 * process alone, for as many as are asked for; what is forgotten is computed again.
 *
 * A table is still what it was where no event behind the answer can have moved it (`lastMoved`), the read models still
 * hold the event it was answered at, and nothing that was acknowledged is missing.
 */
import { LRUCache } from 'lru-cache';
import { canonicalJson, sha256 } from '../encoding/canonical-json.js';
import { preparedOnce, type Preparing } from '../sqlite/statements.js';
import { findAgencyId } from '../read-models/agencies/agency-reader.js';
import { eventIdAt } from '../read-models/journal/event-place.js';
import { lastMoved, lastMovedBelow } from '../read-models/movers/last-moved.js';
import type { Bookmark, ReadStore } from '../read-models/read-store.js';
import type { Staleness } from '../read-models/staleness.js';
import { MOVERS, REPORTS, TABLE_MODELS } from './table-models.js';
import type { Table, TableQuestion } from './table.js';

/** What tables, what is said of them and their movers are read from. */
const READ: ReadonlySet<string> = new Set([...TABLE_MODELS, REPORTS, MOVERS]);
/** An entry takes a few hundred bytes. */
const MOST = 20_000;

/** Where the read models stood before a table was computed. */
export interface Standpoint {
  readonly index: number;
  /** Of the event at that index: another log may have another one there. */
  readonly eventId: string;
}

interface Known {
  readonly digest: string;
  readonly at: Standpoint;
}

export class KnownTables {
  readonly #store: ReadStore;
  readonly #staleness: Pick<Staleness, 'of'>;
  readonly #db: Preparing;
  readonly #known = new LRUCache<string, Known>({ max: MOST });

  constructor(store: ReadStore, staleness: Pick<Staleness, 'of'>) {
    this.#store = store;
    this.#staleness = staleness;
    this.#db = preparedOnce(store.db);
  }

  /** To be asked before the table is computed; null before the first event. */
  standpoint(): Standpoint | null {
    return this.#store.db.transaction(() => this.#at(reachedBy(this.#marks())))();
  }

  /** Keeps what was answered; nothing of one as of a moment. Gives its digest. */
  remember(question: TableQuestion, table: Table, at: Standpoint | null): string {
    const digest = digestOf(table);
    if (at !== null && question.asOf === undefined) this.#known.set(keyOf(question), { digest, at });
    return digest;
  }

  /** Digest of what would be answered now; null where only computing it tells. */
  async unchanged(question: TableQuestion): Promise<string | null> {
    const known = this.#known.get(keyOf(question));
    if (known === undefined) return null;
    const marks = this.#store.db.transaction(() => this.#standing(known, question))();
    if (marks === null || (await this.#staleness.of(marks)) !== null) return null;
    return known.digest;
  }

  /** Bookmarks of a state in which the table is as it was known; null where it may not be. */
  #standing({ at }: Known, question: TableQuestion): Bookmark[] | null {
    const marks = this.#marks();
    if (marks.some(({ stopped }) => stopped !== null) || reachedBy(marks) < at.index) return null;
    if (this.#at(at.index)?.eventId !== at.eventId) return null;
    return this.#lastMoved(question) <= at.index ? marks : null;
  }

  /** A table that is compared with another year moves with either: a year moves those after it. */
  #lastMoved({ agency, year, compare = year, rollup }: TableQuestion): number {
    const agencyId = findAgencyId(this.#db, agency);
    if (agencyId === undefined) return Infinity;
    return (rollup === true ? lastMovedBelow : lastMoved)(this.#db, { agencyId, year: Math.max(year, compare) });
  }

  #marks(): Bookmark[] {
    return this.#store.bookmarks().filter(({ name }) => READ.has(name));
  }

  #at(index: number): Standpoint | null {
    const eventId = eventIdAt(this.#db, index);
    return eventId === undefined ? null : { index, eventId };
  }
}

function reachedBy(marks: readonly Bookmark[]): number {
  return Math.min(...marks.map(({ index }) => index));
}

function keyOf({ agency, year, form, rollup, view, compare, hash }: TableQuestion): string {
  return JSON.stringify([agency, year, form, rollup, view, compare, hash]);
}

/** Of everything an answer says of a table but `asOf`, `hash` and `stale`: what a tag is made of. */
function digestOf({ contentHash, published = null, view, columns, compared, rows }: Table): string {
  const previous = compared === undefined ? null : rows.map((row) => row.previous ?? null);
  return sha256(canonicalJson({ contentHash, published, view, columns, compared: compared ?? null, previous }));
}
