/**
 * The standing acts of every case, by what tells where the case stands and who acts next; no sealed text. What is taken
 * back is there no more: the case is then folded again from those that are left.
 *
 * Acts of one case are asked for together, so some of them share a row: of the first sixteen events of the case, of the
 * next sixteen and so on. A long case writes its last row with each act, never all of them.
 */
import type Database from 'better-sqlite3';
import { isActType } from '../../events/catalog.js';
import type { Act, AnyData, AnyFacts } from '../../domain/acts.js';
import { basisOf } from '../../domain/case.js';
import { ATTRIBUTES, CHANNELS, VERDICTS } from '../../domain/publication/acts.js';
import { RESULTS } from '../../domain/small-kinds/acts.js';
import type { Told } from '../../domain/standing.js';
import { dateInShanghai } from '../../time/instant.js';
import { plannedOnce, type Preparing } from '../../sqlite/statements.js';
import type { EventsById } from '../journal/events-by-id.js';
import { idBytes } from '../journal/journal.js';

/** `acts`: JSON of `KeptRow`s, in the order of recording. */
export const CASE_ACTS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS case_acts (
    stream_id INTEGER NOT NULL,
    piece INTEGER NOT NULL,
    acts TEXT NOT NULL,
    PRIMARY KEY (stream_id, piece)
  ) STRICT, WITHOUT ROWID;
`;

/** Revisions of a case that share a row, as a power of two. */
const PIECE_BITS = 4;

/**
 * `type`: without the kind. `word`: verdict, outcome, result, channel or attribute, whichever its type has.
 * `detail`: the step of a clearance, the hash of a version, the public number of a document, the application that a
 * remedy names, the index of the consultation that an answer closes; of an answer that nobody reviewed, that.
 */
type KeptRow = readonly [
  revision: number,
  index: number,
  actor: string,
  type: string,
  instant: number,
  word: string | null,
  detail: string | null,
];

/** A standing act as it is kept; its event id is its index, which is enough within a case. */
export interface KeptAct extends Told {
  readonly idx: number;
  readonly detail: string | null;
  readonly documentNumber: string | null;
}

/** Of one case, in the order of recording. */
export class KeptActs {
  readonly #all: Database.Statement<unknown[], { acts: string }>;

  constructor(db: Preparing) {
    this.#all = db.prepare<unknown[], { acts: string }>(plannedOnce('SELECT acts FROM case_acts WHERE stream_id = ? ORDER BY piece'));
  }

  of({ streamId, kind }: { readonly streamId: number; readonly kind: string }): KeptAct[] {
    return this.rows(streamId).map((row) => keptAct(kind, row));
  }

  rows(streamId: number): KeptRow[] {
    return this.#all.all(streamId).flatMap(({ acts }) => JSON.parse(acts) as KeptRow[]);
  }
}

function keptAct(kind: string, [, idx, actor, short, instant, word, detail]: KeptRow): KeptAct {
  const type = `${kind}.${short}`;
  if (!isActType(type)) throw new Error(`${type} is no type of an act`);
  const said = detail ?? undefined;
  const data: AnyData = {
    verdict: VERDICTS.find((one) => one === word),
    channel: CHANNELS.find((one) => one === word),
    attribute: ATTRIBUTES.find((one) => one === word),
    result: RESULTS.find((one) => one === word),
    outcome: word ?? undefined,
    step: said,
    contentHash: said,
  };
  const basis = type === ANSWERED && detail !== null ? [detail] : [];
  const derived: AnyFacts = { basis, ...(detail === UNREVIEWED ? { approval: null } : {}) };
  const documentNumber = WITH_NUMBER.has(type) ? detail : null;
  return { idx, eventId: String(idx), actor, on: dateInShanghai(instant), instant, type, data, derived, detail, documentNumber };
}

const ANSWERED = 'application.third-party-answered';
const UNREVIEWED = 'unreviewed';
/** Types with a number that anybody may read. */
const WITH_NUMBER: ReadonlySet<string> = new Set(['publication.released', 'normative-document.issued', 'normative-document.repealed']);

/** Types of which the content says who wrote it. */
const WITH_HASH: ReadonlySet<string> = new Set(['publication.drafted', 'publication.revised', 'publication.corrected']);

/** A number that anybody may read: of a document, or of an item once a release made it public. */
export function publicNumber({ type, data, derived }: Pick<Act, 'type' | 'data' | 'derived'>): string | null {
  const said: AnyData = data;
  const facts: AnyFacts = derived;
  if (type === 'publication.released') return facts.documentNumber ?? null;
  return type === 'normative-document.issued' || type === 'normative-document.repealed' ? (said.documentNumber ?? null) : null;
}

function wordOf({ type, data }: Act): string | null {
  const { verdict, outcome, result, channel, attribute }: AnyData = data;
  return verdict ?? outcome ?? result ?? attribute ?? (type === 'publication.withdrawn' ? (channel ?? null) : null);
}

/** The standing acts of a case on its way through some events, and which of their rows in the store changed. */
export class ActsAtHand {
  readonly pieces = new Set<number>();

  constructor(readonly rows: KeptRow[] = []) {}

  add(row: KeptRow): void {
    this.rows.push(row);
    this.pieces.add(pieceOf(row));
  }

  /** Takes the act out. Gives who did it; null where it does not stand, or he has another one that does. */
  drop(index: number | null): string | null {
    const at = this.rows.findIndex(([, idx]) => idx === index);
    const [row] = at < 0 ? [] : this.rows.splice(at, 1);
    if (row === undefined) return null;
    this.pieces.add(pieceOf(row));
    return this.holdsActOf(row[2]) ? null : row[2];
  }

  holdsActOf(name: string): boolean {
    return this.rows.some(([, , actor]) => actor === name);
  }

  told(kind: string): KeptAct[] {
    return this.rows.map((row) => keptAct(kind, row));
  }
}

const pieceOf = ([revision]: KeptRow): number => revision >> PIECE_BITS;

/** Where an act is written. */
export interface Written {
  readonly streamId: number;
  readonly index: number;
  readonly revision: number;
}

export class CaseActWriter {
  readonly #put: Database.Statement;
  readonly #remove: Database.Statement;
  readonly #events: EventsById;

  constructor(db: Preparing, events: EventsById) {
    this.#events = events;
    this.#put = db.prepare(
      'INSERT INTO case_acts (stream_id, piece, acts) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET acts = excluded.acts',
    );
    this.#remove = db.prepare('DELETE FROM case_acts WHERE stream_id = ? AND piece = ?');
  }

  /** Gives it as it will be read back. */
  keep(act: Act, acts: ActsAtHand, { streamId, index, revision }: Written): Told {
    const { type, actor, instant } = act;
    const detail = this.#detailOf(act, streamId);
    acts.add([revision, index, actor, type.slice(type.indexOf('.') + 1), instant, wordOf(act), detail]);
    if (!type.startsWith('application.third-party-')) return act;
    return { ...act, eventId: String(index), derived: { basis: detail === null ? [] : [detail] } };
  }

  /** Writes what changed; a row of acts that were all taken back goes. */
  write(streamId: number, { rows, pieces }: ActsAtHand): void {
    for (const piece of pieces) {
      const own = rows.filter((row) => pieceOf(row) === piece);
      if (own.length === 0) this.#remove.run(streamId, piece);
      else this.#put.run(streamId, piece, JSON.stringify(own));
    }
  }

  #detailOf(act: Act, streamId: number): string | null {
    const { step, contentHash, application }: AnyData = act.data;
    const { approval }: AnyFacts = act.derived;
    if (WITH_HASH.has(act.type)) return contentHash ?? null;
    if (act.type === 'application.replied') return approval === null ? UNREVIEWED : null;
    if (act.type === ANSWERED) {
      const consultation = this.indexOf(basisOf(act)[0], streamId);
      return consultation === null ? null : String(consultation);
    }
    return step ?? application ?? publicNumber(act);
  }

  /** Index of an event of the case. */
  indexOf(eventId: string | undefined, streamId: number): number | null {
    return eventId === undefined ? null : (this.#events.inStream(idBytes(eventId), streamId) ?? null);
  }
}
