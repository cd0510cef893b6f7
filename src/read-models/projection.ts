/** What a read model is: which events it handles, which it ignores, and how one event changes its rows. */
import type Database from 'better-sqlite3';
import type { Act } from '../domain/acts.js';
import type { ActMetadata } from '../events/envelope.js';
import type { StoredEvent } from '../log/event-log.js';
import type { EventsById } from './journal/events-by-id.js';
import type { Counted } from '../statistics/measures.js';

/** An event on its way into the read models. */
export interface ProjectedEvent {
  /** 0-based ordinal of the event in the ledger: the same on every replica and after every rebuild. */
  readonly index: number;
  readonly stored: StoredEvent;
  /** Why the event cannot be read (a type or version this program does not know): no read model may pass it by. */
  readonly unreadable: string | null;
  /** The act in today's shape; null for events that are no acts (refusals) and for unreadable ones. */
  readonly act: (Act & { readonly metadata: ActMetadata }) | null;
  /** What the act counts, reckoned once for all read models that ask. Throws where it cannot be counted. */
  readonly counted: () => Counted;
  /** Time of recording, ms; never less than that of any event before it. */
  readonly recordedAt: number;
  /** Row ids the journal gave to the event's stream and agency; every read model refers to them. */
  readonly streamId: number;
  readonly agencyId: number;
  /**
   * Its id stands earlier in the log in another case: it counts nothing; a void takes back all the same, as its case
   * has it.
   */
  readonly reused: boolean;
}

export interface Applier {
  /** Throws when the event cannot be applied: the projection then stops before it. */
  apply(event: ProjectedEvent): void;
  /**
   * A signed checkpoint stands here in the log, behind the events it is about. Throws where it must not be passed over.
   */
  checkpoint?(stored: StoredEvent): void;
  /**
   * The last of some events was applied: rows held back until now, because events side by side change the same ones,
   * are written.
   */
  flush(): void;
  /** The transaction around the last events was rolled back: forget whatever is remembered of rows. */
  reset(): void;
}

export interface Projection {
  readonly name: string;
  /** Raised with every change of its rows: a read model of another version is thrown away and built anew. */
  readonly version: number;
  readonly schema: string;
  /**
   * Indexes of its tables by name, which are made where the end of the log was reached after a start: rows that are
   * built again are written without them. A reader works without them, only slower.
   */
  readonly indexes?: Readonly<Record<string, string>>;
  /** Tables with the order that makes two copies comparable row by row. */
  readonly tables: Readonly<Record<string, string>>;
  /**
   * Its tables of figures: an act with a reused id leaves nothing there, though a void takes back all the same. In
   * every other table it leaves what any act does; none where the model holds acts and counts nothing. Held by a test.
   */
  readonly figures: readonly string[];
  /** Stored types it handles and types it ignores: together every type there is, held by a test. */
  readonly handles: readonly string[];
  readonly ignores: readonly string[];
  /** Applies events also in types and versions that this program does not know: it needs nothing of what they say. */
  readonly everything?: true;
  open(db: Database.Database, events: EventsById): Applier;
}
