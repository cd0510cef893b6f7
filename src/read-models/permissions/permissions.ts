/** Permissions of callers: every act that granted or ended one, in the order of the log. */
import type Database from 'better-sqlite3';
import { grantOf, type Grant } from '../../domain/agency/permissions.js';
import type { StoredType } from '../../events/catalog.js';
import { ACTS_OF_NO_MODEL, NO_ACTS } from '../every-act.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

/** `grant_json` is null where the permission ended. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS permissions (
    idx INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    permission TEXT NOT NULL,
    grant_json TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS permissions_by_caller ON permissions (issuer, subject, idx);
  CREATE INDEX IF NOT EXISTS permissions_by_agency ON permissions (agency_id, idx);
`;

class PermissionsApplier implements Applier {
  readonly #row: Database.Statement;

  constructor(db: Database.Database) {
    this.#row = db.prepare(
      'INSERT INTO permissions (idx, agency_id, code, issuer, subject, permission, grant_json) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
  }

  apply({ act, index, agencyId }: ProjectedEvent): void {
    if (act?.type !== 'agency.permission-granted' && act?.type !== 'agency.permission-ended') return;
    const { caller, permission } = act.data;
    const grant: Grant | null = act.type === 'agency.permission-granted' ? grantOf(act) : null;
    this.#row.run(index, agencyId, act.agency, caller.issuer, caller.subject, permission, grant === null ? null : JSON.stringify(grant));
  }

  flush(): void {
    // every row is written at once
  }

  reset(): void {
    // nothing is remembered between events
  }
}

const HANDLED = ['agency.permission-granted', 'agency.permission-ended'];

/** By hand: a new type is placed here on purpose. */
const IGNORED: readonly StoredType[] = [
  ...ACTS_OF_NO_MODEL,
  'publication.drafted',
  'application.received',
  'application.supplement-requested',
  'application.supplemented',
  'application.third-party-consulted',
  'application.third-party-answered',
  'application.extended',
  'application.replied',
  'application.abandoned',
  'application.withdrawn',
  'calendar.announced',
  'report.compiled',
  'report.text-drafted',
  'report.text-revised',
  'report.cleared',
  'report.approved',
  'report.published',
  'record.voided',
  'record.erased',
  ...NO_ACTS,
];

export const permissionsProjection: Projection = {
  name: 'permissions',
  version: 1,
  schema: SCHEMA,
  tables: { permissions: 'idx' },
  figures: [],
  handles: HANDLED,
  ignores: IGNORED,
  open: (db) => new PermissionsApplier(db),
};
