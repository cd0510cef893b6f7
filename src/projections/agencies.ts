/** Agencies: what each says of its parent, reporting and forms, and from which day; and the years in which each has acts. */
import type Database from 'better-sqlite3';
import { profileChange, registeredProfile } from '../domain/agency.js';
import { statisticsYear, type Act } from '../domain/case.js';
import { EVERY_ACT, NO_ACTS } from './every-act.js';
import type { Applier, ProjectedEvent, Projection } from './projection.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS agency_profiles (
    agency_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    code TEXT NOT NULL,
    from_day TEXT NOT NULL,
    registered INTEGER NOT NULL,
    parent TEXT,
    profile TEXT NOT NULL,
    PRIMARY KEY (agency_id, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS agency_profiles_by_parent ON agency_profiles (parent, code);
  CREATE TABLE IF NOT EXISTS agency_years (agency_id INTEGER NOT NULL, year INTEGER NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (agency_id, year)) STRICT, WITHOUT ROWID;
`;

/**
 * The year for which an act shows that records were kept: none for setting up and declaring. A void has the years of what it takes back, whose own
 * act is there already: an act taken back is still one.
 */
function activeYear(act: Act): number | null {
  const { type } = act;
  const none = type.startsWith('agency.') || type.startsWith('record.') || type === 'table.declared';
  return none ? null : statisticsYear(act);
}

class AgenciesApplier implements Applier {
  readonly #profile: Database.Statement;
  readonly #year: Database.Statement;
  /** `agency year` of the first acts known to be stored. */
  readonly #years = new Set<string>();

  constructor(db: Database.Database) {
    this.#profile = db.prepare(
      'INSERT INTO agency_profiles (agency_id, idx, code, from_day, registered, parent, profile) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#year = db.prepare('INSERT OR IGNORE INTO agency_years (agency_id, year, idx) VALUES (?, ?, ?)');
  }

  reset(): void {
    this.#years.clear();
  }

  apply({ act, index, agencyId, reused }: ProjectedEvent): void {
    if (act === null) return;
    const year = activeYear(act);
    if (year !== null && !reused) this.#active(agencyId, year, index);
    const registered = act.type === 'agency.registered';
    if (!registered && act.type !== 'agency.changed') return;
    const { from, changes } = registered ? { from: act.on, changes: registeredProfile(act) } : profileChange(act);
    this.#profile.run(agencyId, index, act.agency, from, registered ? 1 : 0, changes.parent ?? null, JSON.stringify(changes));
  }

  flush(): void {
    // every row is written at once
  }

  #active(agencyId: number, year: number, index: number): void {
    const name = `${agencyId} ${year}`;
    if (this.#years.has(name)) return;
    this.#year.run(agencyId, year, index);
    this.#years.add(name);
  }
}

export const agenciesProjection: Projection = {
  name: 'agencies',
  version: 2,
  schema: SCHEMA,
  tables: { agency_profiles: 'agency_id, idx', agency_years: 'agency_id, year' },
  handles: EVERY_ACT,
  ignores: NO_ACTS,
  open: (db) => new AgenciesApplier(db),
};
