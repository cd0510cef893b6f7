/**
 * The standing acts of every case, one row each, by what tells where the case stands and who acts next; no sealed text.
 * What is taken back has no row any more: the case is then folded again from those that are left.
 */
import type Database from 'better-sqlite3';
import { isActType } from '../../events/catalog.js';
import type { Act, AnyData, AnyFacts } from '../../domain/acts.js';
import { basisOf } from '../../domain/case.js';
import { ATTRIBUTES, CHANNELS, VERDICTS } from '../../domain/publication/acts.js';
import type { Told } from '../../domain/standing.js';
import type { Preparing } from '../../sqlite/statements.js';
import { idBytes } from '../journal/journal.js';

/**
 * `type`: without the kind. `word`: verdict, outcome, channel or attribute, whichever its type has. `detail`: the step
 * of a clearance, the hash of a version, the public number of a document, the application that a remedy names, the
 * index of the consultation that an answer closes; of an answer that nobody reviewed, that.
 */
export const CASE_ACTS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS case_acts (
    stream_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    officer_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    on_day TEXT NOT NULL,
    instant INTEGER NOT NULL,
    word TEXT,
    detail TEXT,
    PRIMARY KEY (stream_id, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS case_acts_by_officer ON case_acts (officer_id, stream_id);
`;

interface Row {
  readonly idx: number;
  readonly officerId: number;
  readonly actor: string;
  readonly type: string;
  readonly on: string;
  readonly instant: number;
  readonly word: string | null;
  readonly detail: string | null;
}

/** A standing act as it is kept; its event id is its index, which is enough within a case. */
export interface KeptAct extends Told {
  readonly idx: number;
  readonly officerId: number;
  readonly documentNumber: string | null;
}

/** Of one case, in the order of recording. */
export class KeptActs {
  readonly #all: Database.Statement<unknown[], Row>;

  constructor(db: Preparing) {
    this.#all = db.prepare<unknown[], Row>(
      `SELECT a.idx, a.officer_id AS officerId, o.name AS actor, a.type, a.on_day AS "on", a.instant, a.word, a.detail
       FROM case_acts a CROSS JOIN officers o USING (officer_id) WHERE a.stream_id = ? ORDER BY a.idx`,
    );
  }

  of({ streamId, kind }: { readonly streamId: number; readonly kind: string }): KeptAct[] {
    return this.#all.all(streamId).map((row) => keptAct(kind, row));
  }
}

function keptAct(kind: string, { idx, officerId, actor, type: short, on, instant, word, detail }: Row): KeptAct {
  const type = `${kind}.${short}`;
  if (!isActType(type)) throw new Error(`${type} is no type of an act`);
  const said = detail ?? undefined;
  const data: AnyData = {
    verdict: VERDICTS.find((one) => one === word),
    channel: CHANNELS.find((one) => one === word),
    attribute: ATTRIBUTES.find((one) => one === word),
    outcome: word ?? undefined,
    step: said,
    contentHash: said,
  };
  const basis = type === ANSWERED && detail !== null ? [detail] : [];
  const derived: AnyFacts = { basis, ...(detail === UNREVIEWED ? { approval: null } : {}) };
  const documentNumber = WITH_NUMBER.has(type) ? detail : null;
  return { idx, officerId, eventId: String(idx), actor, on, instant, type, data, derived, documentNumber };
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
  const { verdict, outcome, channel, attribute }: AnyData = data;
  return verdict ?? outcome ?? attribute ?? (type === 'publication.withdrawn' ? (channel ?? null) : null);
}

export class CaseActWriter {
  readonly #add: Database.Statement;
  readonly #drop: Database.Statement;
  readonly #index: Database.Statement<unknown[], number>;

  constructor(db: Preparing) {
    this.#add = db.prepare(
      'INSERT INTO case_acts (stream_id, idx, officer_id, type, on_day, instant, word, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#drop = db.prepare('DELETE FROM case_acts WHERE stream_id = ? AND idx = ?');
    this.#index = db.prepare<unknown[], number>('SELECT idx FROM events WHERE event_id = ? AND stream_id = ? ORDER BY idx LIMIT 1').pluck();
  }

  /** Gives it as it will be read back. */
  keep(act: Act, { streamId, index, officerId }: { readonly streamId: number; readonly index: number; readonly officerId: number }): Told {
    const { type, on, instant } = act;
    const detail = this.#detailOf(act, streamId);
    this.#add.run(streamId, index, officerId, type.slice(type.indexOf('.') + 1), on, instant, wordOf(act), detail);
    if (!type.startsWith('application.third-party-')) return act;
    return { ...act, eventId: String(index), derived: { basis: detail === null ? [] : [detail] } };
  }

  #detailOf(act: Act, streamId: number): string | null {
    const { step, contentHash, application }: AnyData = act.data;
    const { approval }: AnyFacts = act.derived;
    if (WITH_HASH.has(act.type)) return contentHash ?? null;
    if (act.type === 'application.replied') return approval === null ? UNREVIEWED : null;
    if (act.type === ANSWERED) {
      const consultation = this.#indexOf(basisOf(act)[0], streamId);
      return consultation === null ? null : String(consultation);
    }
    return step ?? application ?? publicNumber(act);
  }

  /** The act that a void takes back. */
  drop(eventId: string, streamId: number): void {
    this.#drop.run(streamId, this.#indexOf(eventId, streamId));
  }

  /** Index of an event of the case. */
  #indexOf(eventId: string | undefined, streamId: number): number | null {
    return eventId === undefined ? null : (this.#index.get(idBytes(eventId), streamId) ?? null);
  }
}
