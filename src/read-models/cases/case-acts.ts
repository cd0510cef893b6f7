/**
 * The standing acts of every case, one row each, by what tells where the case stands and who acts next; no sealed text.
 * What is taken back has no row any more: the case is then folded again from those that are left.
 */
import type Database from 'better-sqlite3';
import { isActType } from '../../events/catalog.js';
import type { Act, AnyData, AnyFacts } from '../../domain/acts.js';
import { basisOf } from '../../domain/case.js';
import type { Channel, PublicationData, Verdict } from '../../domain/publication/acts.js';
import type { Told } from '../../domain/standing.js';
import type { Preparing } from '../../sqlite/statements.js';
import { idBytes } from '../journal/journal.js';

/**
 * `type`: without the kind. `of_idx`: the consultation that an answer closes. `unreviewed`: made public or sent without
 * an approval. `document_number`: as it was made public. `about`: the application that a remedy names.
 */
export const CASE_ACTS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS case_acts (
    stream_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    officer_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    on_day TEXT NOT NULL,
    instant INTEGER NOT NULL,
    step TEXT,
    verdict TEXT,
    outcome TEXT,
    channel TEXT,
    attribute TEXT,
    hash TEXT,
    of_idx INTEGER,
    unreviewed INTEGER,
    document_number TEXT,
    about TEXT,
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
  readonly step: string | null;
  readonly verdict: Verdict | null;
  readonly outcome: string | null;
  readonly channel: Channel | null;
  readonly attribute: NonNullable<PublicationData['publication.drafted']['attribute']> | null;
  readonly hash: string | null;
  readonly ofIdx: number | null;
  readonly unreviewed: number | null;
  readonly documentNumber: string | null;
  readonly about: string | null;
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
      `SELECT a.idx, a.officer_id AS officerId, o.name AS actor, a.type, a.on_day AS "on", a.instant, a.step, a.verdict, a.outcome, a.channel, a.attribute, a.hash,
         a.of_idx AS ofIdx, a.unreviewed, a.document_number AS documentNumber, a.about
       FROM case_acts a CROSS JOIN officers o USING (officer_id) WHERE a.stream_id = ? ORDER BY a.idx`,
    );
  }

  of({ streamId, kind }: { readonly streamId: number; readonly kind: string }): KeptAct[] {
    return this.#all.all(streamId).map((row) => keptAct(kind, row));
  }
}

function keptAct(kind: string, row: Row): KeptAct {
  const type = `${kind}.${row.type}`;
  if (!isActType(type)) throw new Error(`${type} is no type of an act`);
  const { idx, officerId, actor, on, instant, documentNumber } = row;
  const data: AnyData = {
    step: row.step ?? undefined,
    verdict: row.verdict ?? undefined,
    outcome: row.outcome ?? undefined,
    channel: row.channel ?? undefined,
    attribute: row.attribute ?? undefined,
    contentHash: row.hash ?? undefined,
    application: row.about ?? undefined,
  };
  const derived: AnyFacts = {
    basis: row.ofIdx === null ? [] : [String(row.ofIdx)],
    ...(row.unreviewed === 1 ? { approval: null } : {}),
  };
  return { idx, officerId, eventId: String(idx), actor, on, instant, type, data, derived, documentNumber };
}

/** Types of which the content says who wrote it. */
const WITH_HASH: ReadonlySet<string> = new Set(['publication.drafted', 'publication.revised', 'publication.corrected']);

/** A number that anybody may read: of a document, or of an item once a release made it public. */
export function publicNumber({ type, data, derived }: Pick<Act, 'type' | 'data' | 'derived'>): string | null {
  const said: AnyData = data;
  const facts: AnyFacts = derived;
  if (type === 'publication.released') return facts.documentNumber ?? null;
  return type === 'normative-document.issued' || type === 'normative-document.repealed' ? (said.documentNumber ?? null) : null;
}

export class CaseActWriter {
  readonly #add: Database.Statement;
  readonly #drop: Database.Statement;
  readonly #index: Database.Statement<unknown[], number>;

  constructor(db: Preparing) {
    this.#add = db.prepare(
      `INSERT INTO case_acts (stream_id, idx, officer_id, type, on_day, instant, step, verdict, outcome, channel, attribute, hash, of_idx,
         unreviewed, document_number, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#drop = db.prepare('DELETE FROM case_acts WHERE stream_id = ? AND idx = ?');
    this.#index = db.prepare<unknown[], number>('SELECT idx FROM events WHERE event_id = ? AND stream_id = ? ORDER BY idx LIMIT 1').pluck();
  }

  /** Gives it as it will be read back. */
  keep(act: Act, { streamId, index, officerId }: { readonly streamId: number; readonly index: number; readonly officerId: number }): Told {
    const { step, verdict, outcome, channel, attribute, contentHash, application }: AnyData = act.data;
    const { approval }: AnyFacts = act.derived;
    const ofIdx = act.type === 'application.third-party-answered' ? this.#indexOf(basisOf(act)[0], streamId) : null;
    this.#add.run(
      streamId,
      index,
      officerId,
      act.type.slice(act.type.indexOf('.') + 1),
      act.on,
      act.instant,
      step ?? null,
      verdict ?? null,
      outcome ?? null,
      act.type === 'publication.withdrawn' ? (channel ?? null) : null,
      attribute ?? null,
      WITH_HASH.has(act.type) ? (contentHash ?? null) : null,
      ofIdx,
      approval === null ? 1 : null,
      publicNumber(act),
      application ?? null,
    );
    if (!act.type.startsWith('application.third-party-')) return act;
    return { ...act, eventId: String(index), derived: { basis: ofIdx === null ? [] : [String(ofIdx)] } };
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
