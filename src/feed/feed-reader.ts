/**
 * The feed: events of the ledger in their order, and the tables they changed. It is told of nothing: it looks into the
 * read store, where every replica has the same events at the same indexes. A table is told when the reader has come to
 * the end, behind the last event that is in it, so that of many moves one is told.
 */
import { LRUCache } from 'lru-cache';
import type { EventLog } from '../log/event-log.js';
import { readFilters, type EventFilters } from '../read-models/journal/event-filter.js';
import { eventBookmark, readEvents, type AuditedEvent } from '../read-models/journal/event-reader.js';
import { JOURNAL_NAME, type ReadStore } from '../read-models/read-store.js';
import { MOVERS, TABLE_MODELS } from '../tables/table-models.js';
import type { TableReader } from '../tables/table-reader.js';
import { ChangedTables } from './changed-tables.js';
import { feedBookmark, feedPlaceOf, MOST_BEFORE_TABLES, type FeedPlace } from './places.js';
import { StoreEnd } from './store-end.js';

/** Events told at once; what a slow reader holds of the memory. */
const EVENTS_AT_ONCE = 100;
/** Batches that are kept for the next reader at the same place. */
const KEPT_BATCHES = 16;

interface Told {
  /** As it is sent. */
  readonly text: string;
}

export interface ToldEvent extends Told {
  readonly kind: 'event';
  readonly event: AuditedEvent;
}

export interface ToldTable extends Told {
  readonly kind: 'table';
  readonly agency: string;
}

export interface FeedBatch {
  readonly pieces: readonly (ToldEvent | ToldTable)[];
  /** Where a reader is behind it. */
  readonly place: FeedPlace;
}

export interface FeedParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly tables: TableReader;
}

export class FeedReader {
  readonly #parts: FeedParts;
  readonly #changed: ChangedTables;
  readonly #end: StoreEnd;
  /** By the place they begin behind. Readers at one place share one batch: a hundred cost little more than one. */
  readonly #batches = new LRUCache<string, Promise<FeedBatch>>({ max: KEPT_BATCHES });

  constructor(parts: FeedParts) {
    this.#parts = parts;
    this.#changed = new ChangedTables(parts.store, parts.tables);
    this.#end = new StoreEnd(() => endOf(parts));
  }

  /** Where a reader begins that comes with this bookmark; without one, at the end. Errors: `bad-parameter`. */
  placeOf(bookmark: string | undefined): FeedPlace {
    const place = feedPlaceOf(bookmark);
    if (place !== null) return place;
    const end = this.#end.now();
    return { index: end, told: end };
  }

  /** Errors: `unknown-agency`, `bad-parameter` for a type that no event has. */
  requireFilter(filter: Pick<EventFilters, 'agency' | 'type'>): void {
    readFilters(this.#parts.store.db, filter);
  }

  /**
   * What follows a place: null when nothing did for `ms` or who asks is gone, `stopped` when nothing will. Errors:
   * `StoreUnavailable` where the log does not answer.
   */
  async next(place: FeedPlace, ms: number, gone: AbortSignal): Promise<FeedBatch | null | 'stopped'> {
    // Where events were told and their tables not, these are what follows.
    const known = place.told < place.index ? place.index - 1 : place.index;
    await this.#end.behind(known, ms, gone);
    if (this.#end.stopped) return 'stopped';
    return !gone.aborted && this.#end.now() > known ? this.#batchAt(place) : null;
  }

  /** Every reader comes to its end; for the end of the service. */
  stop(): void {
    this.#end.stop();
  }

  #batchAt(place: FeedPlace): Promise<FeedBatch> {
    const key = `${place.index} ${place.told}`;
    const shared = this.#batches.get(key);
    if (shared !== undefined) return shared;
    const batch = this.#read(place);
    this.#batches.set(key, batch);
    batch.catch(() => this.#batches.delete(key));
    return batch;
  }

  /** Events first, and the tables when no more follow, or when a bookmark could no longer say how many did. */
  async #read(place: FeedPlace): Promise<FeedBatch> {
    const events = await this.#eventsBehind(place.index);
    const index = events.at(-1)?.index ?? place.index;
    const pieces = events.map((event): ToldEvent => ({
      kind: 'event',
      event,
      text: piece('event', { ...place, index: event.index }, event),
    }));
    if (events.length > 0 && index - place.told + EVENTS_AT_ONCE <= MOST_BEFORE_TABLES) return { pieces, place: { ...place, index } };
    const tables = await this.#changed.between(place.told, index);
    const told = tables.map((table): ToldTable => ({
      kind: 'table',
      agency: table.agency,
      text: piece('table', { ...place, index }, table),
    }));
    return { pieces: [...pieces, ...told], place: { index, told: index } };
  }

  async #eventsBehind(index: number): Promise<readonly AuditedEvent[]> {
    const upTo = this.#end.now();
    if (index >= upTo) return [];
    const { events } = await readEvents(this.#parts, { after: eventBookmark(index), upTo, limit: EVENTS_AT_ONCE });
    return events;
  }
}

/** What an event is in before it is told, and its tables behind it. */
const NEEDED: ReadonlySet<string> = new Set([JOURNAL_NAME, ...TABLE_MODELS, MOVERS]);

/**
 * Events are told as far as the tables hold them: a table follows the last event that is in it. Where a read model has
 * stopped, the feed stands before that event too.
 */
function endOf({ store }: FeedParts): number {
  const marks = store.bookmarks().filter(({ name }) => NEEDED.has(name));
  return Math.min(...marks.map(({ index }) => index));
}

function piece(kind: 'event' | 'table', place: FeedPlace, data: unknown): string {
  return `event: ${kind}\nid: ${feedBookmark(place)}\ndata: ${JSON.stringify(data)}\n\n`;
}
