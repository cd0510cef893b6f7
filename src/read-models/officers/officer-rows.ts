/**
 * Officers of each agency: the actors of its acts and the holders of its roles, each with what he did by type. What was
 * taken back was done all the same. `own_drafts`: standing acts that made public or sent what their actor wrote.
 */
import type Database from 'better-sqlite3';
import type { Act, ActType } from '../../domain/acts.js';
import type { OwnDraftRule } from '../../domain/next-acts/own-draft.js';
import { one } from '../../sqlite/statements.js';

/** `nth`: of those who are first named in one event, the actor before whom the act names. */
export const OFFICERS_SCHEMA = `
  CREATE TABLE IF NOT EXISTS officers (
    officer_id INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    first_idx INTEGER NOT NULL,
    nth INTEGER NOT NULL,
    UNIQUE (agency_id, name)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS officers_by_first ON officers (first_idx);
  CREATE TABLE IF NOT EXISTS officer_acts (
    officer_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    acts INTEGER NOT NULL,
    first_on TEXT NOT NULL,
    last_on TEXT NOT NULL,
    last_idx INTEGER NOT NULL,
    PRIMARY KEY (officer_id, type)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS own_drafts (
    stream_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    officer_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (stream_id, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS own_drafts_by_officer ON own_drafts (officer_id, stream_id, rule);
`;

export const OFFICERS_TABLES = { officers: 'officer_id', officer_acts: 'officer_id, type', own_drafts: 'stream_id, idx' } as const;

/** What he did of one type since the last flush. */
interface Done {
  acts: number;
  firstOn: string;
  lastOn: string;
  lastIndex: number;
}

interface Officer {
  readonly id: number;
  readonly done: Map<ActType, Done>;
}

function statements(db: Database.Database) {
  return {
    find: db.prepare<unknown[], number>('SELECT officer_id FROM officers WHERE agency_id = ? AND name = ?').pluck(),
    add: db.prepare('INSERT INTO officers (agency_id, name, first_idx, nth) VALUES (?, ?, ?, ?)'),
    did: db.prepare(`
        INSERT INTO officer_acts (officer_id, type, acts, first_on, last_on, last_idx) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET acts = acts + excluded.acts, first_on = MIN(first_on, excluded.first_on),
          last_on = MAX(last_on, excluded.last_on), last_idx = excluded.last_idx`),
    own: db.prepare('INSERT INTO own_drafts (stream_id, idx, officer_id, rule) VALUES (?, ?, ?, ?)'),
    forget: db.prepare('DELETE FROM own_drafts WHERE stream_id = ?'),
  };
}

export class OfficerRows {
  readonly #sql: ReturnType<typeof statements>;
  /** By agency and name. */
  readonly #known = new Map<number, Map<string, Officer>>();
  /** Who did something since the last flush. */
  readonly #busy = new Set<Officer>();

  constructor(db: Database.Database) {
    this.#sql = statements(db);
  }

  reset(): void {
    this.#known.clear();
    this.#busy.clear();
  }

  flush(): void {
    for (const { id, done } of this.#busy) {
      for (const [type, { acts, firstOn, lastOn, lastIndex }] of done) this.#sql.did.run(id, type, acts, firstOn, lastOn, lastIndex);
      done.clear();
    }
    this.#busy.clear();
  }

  /** Notes the actor and what he did; gives his row id. */
  take(act: Act, agencyId: number, index: number): number {
    const officer = this.#officer(agencyId, act.actor, index);
    const named = act.type === 'agency.registered' ? act.data.administrator : act.type === 'agency.role-assigned' ? act.data.actor : null;
    if (named !== null) this.#officer(agencyId, named, index, 1);
    this.#busy.add(officer);
    const done = officer.done.get(act.type);
    if (done === undefined) {
      officer.done.set(act.type, { acts: 1, firstOn: act.on, lastOn: act.on, lastIndex: index });
    } else {
      done.acts += 1;
      done.lastIndex = index;
      if (act.on < done.firstOn) done.firstOn = act.on;
      if (act.on > done.lastOn) done.lastOn = act.on;
    }
    return officer.id;
  }

  /** Of an officer who was noted before. */
  idOf(agencyId: number, name: string): number {
    return this.#known.get(agencyId)?.get(name)?.id ?? one(this.#sql.find.get(agencyId, name));
  }

  #officer(agencyId: number, name: string, index: number, nth = 0): Officer {
    let own = this.#known.get(agencyId);
    if (own === undefined) {
      own = new Map<string, Officer>();
      this.#known.set(agencyId, own);
    }
    let known = own.get(name);
    if (known === undefined) {
      const id = this.#sql.find.get(agencyId, name) ?? Number(this.#sql.add.run(agencyId, name, index, nth).lastInsertRowid);
      known = { id, done: new Map<ActType, Done>() };
      own.set(name, known);
    }
    return known;
  }

  noteOwnDraft(rule: OwnDraftRule, { streamId, index, officerId }: { streamId: number; index: number; officerId: number }): void {
    this.#sql.own.run(streamId, index, officerId, rule);
  }

  /** Before a case is folded again. */
  forgetOwnDrafts(streamId: number): void {
    this.#sql.forget.run(streamId);
  }
}
