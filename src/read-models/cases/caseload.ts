/** The caseload: one row per case with where it stands now; and which remedies were ever filed about an application. */
import type { Act, AnyData } from '../../domain/acts.js';
import type Database from 'better-sqlite3';
import { NOT_STANDING, type Standing } from '../../domain/facts.js';
import { rulesOf, type AnyRules } from '../../domain/kinds.js';
import { isRemedy } from '../../domain/small-kinds/remedy.js';
import { EVERY_ACT, NO_ACTS } from '../every-act.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS cases (
    stream_id INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    title TEXT,
    first_on TEXT NOT NULL,
    last_on TEXT NOT NULL,
    acts INTEGER NOT NULL,
    last_idx INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS remedies (
    agency_id INTEGER NOT NULL,
    application TEXT NOT NULL,
    stream_id INTEGER NOT NULL,
    PRIMARY KEY (agency_id, application, stream_id)
  ) STRICT, WITHOUT ROWID;
`;

interface Row extends Standing {
  readonly agencyId: number;
  readonly kind: string;
  readonly number: string;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly acts: number;
  readonly lastIndex: number;
}

/** Erasing what a case says moves it nowhere. */
function after(before: Standing, act: Act, rules: AnyRules): Standing {
  if (act.type === 'record.erased') return before;
  return act.type === 'record.voided' ? act.derived.leaves : rules.standingAfter(before, act);
}

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    get: db.prepare<unknown[], Standing>('SELECT state, title FROM cases WHERE stream_id = ?'),
    put: db.prepare(`
        INSERT INTO cases (stream_id, agency_id, kind, number, state, title, first_on, last_on, acts, last_idx) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET state = excluded.state, title = excluded.title, first_on = MIN(first_on, excluded.first_on),
          last_on = MAX(last_on, excluded.last_on), acts = acts + excluded.acts, last_idx = excluded.last_idx`),
    remedy: db.prepare('INSERT OR IGNORE INTO remedies (agency_id, application, stream_id) VALUES (?, ?, ?)'),
  };
}

class CaseloadApplier implements Applier {
  /** What the acts since the last flush make of each case. */
  readonly #changed = new Map<number, Row>();
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: Database.Database) {
    this.#sql = statements(db);
  }

  flush(): void {
    for (const [streamId, { agencyId, kind, number, state, title, firstOn, lastOn, acts, lastIndex }] of this.#changed)
      this.#sql.put.run(streamId, agencyId, kind, number, state, title, firstOn, lastOn, acts, lastIndex);
    this.#changed.clear();
  }

  reset(): void {
    this.#changed.clear();
  }

  apply({ act, index, streamId, agencyId, stored }: ProjectedEvent): void {
    if (act === null) return;
    const { kind, number } = act.subject;
    const rules = rulesOf(kind);
    if (rules === undefined) throw new Error(`no rules for cases of kind ${kind}`);
    const row = this.#changed.get(streamId);
    const before = row ?? (stored.revision === 0 ? undefined : this.#sql.get.get(streamId)) ?? NOT_STANDING;
    const { state, title } = after(before, act, rules);
    this.#changed.set(streamId, {
      agencyId,
      kind,
      number,
      state,
      title,
      firstOn: row === undefined || act.on < row.firstOn ? act.on : row.firstOn,
      lastOn: row === undefined || act.on > row.lastOn ? act.on : row.lastOn,
      acts: (row?.acts ?? 0) + 1,
      lastIndex: index,
    });
    const { application }: AnyData = act.data;
    if (isRemedy(kind) && application !== undefined) this.#sql.remedy.run(agencyId, application, streamId);
  }
}

export const caseloadProjection: Projection = {
  name: 'caseload',
  version: 3,
  figures: [],
  schema: SCHEMA,
  tables: { cases: 'stream_id', remedies: 'agency_id, application, stream_id' },
  handles: EVERY_ACT,
  ignores: NO_ACTS,
  open: (db) => new CaseloadApplier(db),
};
