/**
 * Agencies: what each says of its parent, reporting and forms, and from which day; its clearance chains; and the years
 * in which each has acts.
 */
import type Database from 'better-sqlite3';
import { profileChange, registeredProfile } from '../../domain/agency/state.js';
import type { Act, ActOf } from '../../domain/acts.js';
import { yearOf } from '../../time/calendar-date.js';
import { EVERY_ACT, NO_ACTS } from '../every-act.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

/** `agency_chains`: a row for each step, in their order; row 0 is the chain itself, with its approver. */
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
  CREATE INDEX IF NOT EXISTS agency_profiles_by_code ON agency_profiles (registered, code);
  CREATE TABLE IF NOT EXISTS agency_years (agency_id INTEGER NOT NULL, year INTEGER NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY (agency_id, year)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS agency_chains (
    agency_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    place INTEGER NOT NULL,
    instant INTEGER NOT NULL,
    step TEXT,
    role TEXT,
    unit TEXT,
    attested INTEGER,
    PRIMARY KEY (agency_id, idx, place)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * Acts that say nothing of what an agency did in the year of their day: it is set up, declares, reports, takes back.
 */
const OF_NO_YEAR: readonly string[] = ['agency', 'calendar', 'record', 'report', 'table'];

/**
 * The year for which an act shows that records were kept. A void has the years of what it takes back, whose own act is
 * there already: an act taken back is still one, and so is one that counts nothing because its id was another case's.
 */
function activeYear({ type, on }: Act): number | null {
  return OF_NO_YEAR.includes(type.slice(0, type.indexOf('.'))) ? null : yearOf(on);
}

class AgenciesApplier implements Applier {
  readonly #profile: Database.Statement;
  readonly #year: Database.Statement;
  readonly #chain: Database.Statement;
  /** `agency year` of the first acts known to be stored. */
  readonly #years = new Set<string>();

  constructor(db: Database.Database) {
    this.#profile = db.prepare(
      'INSERT INTO agency_profiles (agency_id, idx, code, from_day, registered, parent, profile) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#year = db.prepare('INSERT OR IGNORE INTO agency_years (agency_id, year, idx) VALUES (?, ?, ?)');
    this.#chain = db.prepare(
      'INSERT INTO agency_chains (agency_id, idx, place, instant, step, role, unit, attested) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
  }

  reset(): void {
    this.#years.clear();
  }

  apply({ act, index, agencyId }: ProjectedEvent): void {
    if (act === null) return;
    const year = activeYear(act);
    if (year !== null) this.#active(agencyId, year, index);
    if (act.type === 'agency.clearance-chain-set') this.#keepChain(act, agencyId, index);
    if (act.type !== 'agency.registered' && act.type !== 'agency.changed') return;
    const registered = act.type === 'agency.registered';
    const { from, changes } = registered ? { from: act.on, changes: registeredProfile(act) } : profileChange(act);
    this.#profile.run(agencyId, index, act.agency, from, registered ? 1 : 0, changes.parent ?? null, JSON.stringify(changes));
  }

  flush(): void {
    // every row is written at once
  }

  #keepChain({ data, instant }: ActOf<'agency.clearance-chain-set'>, agencyId: number, index: number): void {
    const { steps, approver, attested } = data;
    const said = attested === undefined ? null : Number(attested);
    this.#chain.run(agencyId, index, 0, instant, null, approver?.role ?? null, approver?.unit ?? null, said);
    for (const [at, { step, role, unit }] of steps.entries()) this.#chain.run(agencyId, index, at + 1, instant, step, role, unit, null);
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
  version: 4,
  figures: [],
  schema: SCHEMA,
  tables: { agency_profiles: 'agency_id, idx', agency_years: 'agency_id, year', agency_chains: 'agency_id, idx, place' },
  handles: EVERY_ACT,
  ignores: NO_ACTS,
  open: (db) => new AgenciesApplier(db),
};
