/** Yearly tables as they are asked for and answered. */
import type { Change } from '../read-models/figures/changes.js';
import type { AsOf } from '../read-models/journal/as-of.js';
import { namedInPieces, type ExplainedEvent, type UnnamedEvents } from '../read-models/journal/explained-event.js';
import type { Bookmark } from '../read-models/read-store.js';
import type { Stale } from '../read-models/staleness.js';
import type { Finding } from '../statistics/checks.js';
import type { ColumnHead } from '../statistics/heads.js';
import type { ShareOf } from '../statistics/prose/figures.js';
import type { TableRow } from '../statistics/table.js';
import type { CellHistory, DayValue } from './cell-history.js';
import type { Member } from './roll-up.js';
import type { View, YearQuestion } from './year-view.js';

export interface TableQuestion extends YearQuestion {
  readonly form?: string;
  /** The agency with those below it, added up. */
  readonly rollup?: boolean;
  /** `live`, `paper`, `published`; absent = paper where a table is declared for the year, else live. */
  readonly view?: string;
  /** Of the published view: the table of the year that was published under this hash, also one superseded since. */
  readonly hash?: string;
  /** A year whose values stand beside these, in `previous` of each row. */
  readonly compare?: number;
}

export interface CellQuestion extends TableQuestion {
  readonly cell: string;
}

export interface HistoryQuestion {
  readonly agency: string;
  readonly year: number;
  /** 1 to MAX_CELLS. */
  readonly cells: readonly string[];
  /** The last value of each day of recording instead of each event's. */
  readonly by?: 'day';
}

/** Cells that one question may name. */
export const MAX_CELLS = 20;

export interface History {
  readonly agency: string;
  readonly year: number;
  /** The form of the default view today, whose cells these are. */
  readonly form: string;
  readonly cells: readonly (CellHistory | CellHistory<DayValue>)[];
}

/** The year in `previous`: its default view. In another form no row has a counterpart, and every `previous` is null. */
export interface ComparedYear {
  readonly year: number;
  readonly form: string;
  readonly view: View | 'published';
}

/**
 * A table as it is frozen in a report and put into a pack: what it says of its figures, and nothing of where it was
 * asked for.
 */
export interface PlainTable {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly policy: string;
  /**
   * Version of the built-in working days by which closes are on time or extended; what was announced instead stands in
   * the events.
   */
  readonly calendar: string;
  /**
   * `paper` = the table declared for the year, as it was printed; `published` = the one of its last published report,
   * as it was frozen.
   */
  readonly view: View | 'published';
  readonly asOf: AsOf;
  /** See `tableHash`. */
  readonly hash: string;
  /** Of a roll-up: the agency itself, then those below it. */
  readonly members?: readonly Member[];
  readonly rows: readonly TableRow[];
  readonly findings: readonly Finding[];
}

/** A row of an answer. */
export type AnsweredRow = TableRow & {
  /** What it printed in the year it is compared with: as `value`, or by column as `cells`; null where nothing. */
  readonly previous?: string | null | Readonly<Record<string, string | null>>;
};

/** A table as it is answered. */
export interface Table extends PlainTable {
  readonly rows: readonly AnsweredRow[];
  /** As `hash`, without `asOf`: another one says that something in the table changed. */
  readonly contentHash: string;
  /** The form's own heads, one per section and key; each row of several columns names its section. */
  readonly columns: readonly ColumnHead[];
  /** Where it is compared with another year. */
  readonly compared?: ComparedYear;
  /** On the live view: the report that stands published for the year in this form; null where none does. */
  readonly published?: PublishedMark | null;
  /** Set while the read models lag, fail or stand behind what was acknowledged. */
  readonly stale: Stale | null;
}

export interface PublishedMark {
  readonly hash: string;
  /** The last event of the ledger in the published table. */
  readonly index: number;
  /** Whether any cell is no longer as it was published: `view=difference` says which. */
  readonly differs: boolean;
}

export interface Explanation {
  readonly cell: string;
  readonly value: string | null;
  readonly events: readonly ExplainedEvent[];
  /** Of a share, whose events say 1 where they are in its part and 0 where they are not. */
  readonly of?: ShareOf;
}

/** The same before its events are named. */
export type Behind = Omit<Explanation, 'events'> & UnnamedEvents;

/** Names them all. */
export async function explanationOf({ cell, value, of, ...unnamed }: Behind): Promise<Explanation> {
  const events: ExplainedEvent[] = [];
  for await (const piece of namedInPieces(unnamed)) events.push(...piece);
  return { cell, value, events, ...(of === undefined ? {} : { of }) };
}

export interface Difference {
  readonly changes: readonly Change[];
}

/** A table with the bookmarks of what it was made of, read together with it. */
export interface MarkedTable {
  readonly table: PlainTable;
  readonly marks: readonly Bookmark[];
}
