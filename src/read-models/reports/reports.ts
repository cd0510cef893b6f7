/**
 * Yearly reports, also of roll-ups: every act on them with the table each compilation froze. The table is kept as the
 * text it was stored as, so that what was published is given back byte for byte, whatever the figures are now. A text
 * of officers is here once a publication made it public.
 */
import type Database from 'better-sqlite3';
import { basisOf, statisticsYear } from '../../domain/case.js';
import type { Caller } from '../../domain/agency/acts.js';
import type { Act, ActOf, AnyData, AnyFacts } from '../../domain/acts.js';
import type { AcceptedFinding, ReportType } from '../../domain/report/acts.js';
import { isRollUp, type ReportText } from '../../domain/report/text.js';
import type { StoredType } from '../../events/catalog.js';
import type { ActMetadata } from '../../events/envelope.js';
import type { EventsById } from '../journal/events-by-id.js';
import { idBytes } from '../journal/journal.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';
import { ACTS_OF_NO_MODEL, NO_ACTS } from '../every-act.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS report_acts (
    idx INTEGER PRIMARY KEY,
    agency_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    rollup INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    type TEXT NOT NULL,
    compiled_idx INTEGER NOT NULL,
    voided_idx INTEGER,
    detail TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS report_acts_by_year ON report_acts (agency_id, year, rollup, idx);
  CREATE TABLE IF NOT EXISTS report_tables (idx INTEGER PRIMARY KEY, form TEXT NOT NULL, as_of INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
`;

/** What a report's act keeps beside its columns. */
export interface ReportActDetail {
  readonly actor: string;
  readonly role: string | null;
  readonly at: string;
  readonly attestation: string;
  /** Who sent it, where callers are identified. */
  readonly caller?: Caller | string;
  /** Of the table; of a text it is missing. */
  readonly tableHash?: string;
  /** Of the text that is written, signed or published here, and the form that it is written for. */
  readonly textHash?: string;
  readonly form?: string;
  readonly accepted?: readonly AcceptedFinding[];
  readonly step?: string;
  readonly verdict?: string;
  readonly opinion?: string;
  /** Of a compilation: why a published table is restated. */
  readonly reason?: string;
  readonly url?: string;
  /** Of a publication: the signed note, null where nothing was signed; and whether it went out without an approval. */
  readonly checkpoint?: string | null;
  readonly unreviewed?: true;
  /** Of a publication: the text that it made public. */
  readonly text?: ReportText;
}

type ReportAct = ActOf<ReportType> & { readonly metadata: ActMetadata };

function isOfReport(act: Act & { readonly metadata: ActMetadata }): act is ReportAct {
  return act.type.startsWith('report.');
}

function detailOf(act: ReportAct): ReportActDetail {
  const { tableHash, textHash, form, accepted, step, verdict, opinion, reason, url }: AnyData = act.data;
  const { role = null, checkpoint, approval, text }: AnyFacts = act.derived;
  return {
    actor: act.actor,
    role,
    at: act.at,
    attestation: act.metadata.attestation,
    ...(act.metadata.caller === null ? {} : { caller: act.metadata.caller }),
    ...(act.type.startsWith('report.text-') ? { form } : {}),
    ...{ tableHash, textHash, accepted, step, verdict, opinion, reason, url },
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(approval === null ? { unreviewed: true } : {}),
    text,
  };
}

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    act: db.prepare(
      'INSERT INTO report_acts (idx, agency_id, year, rollup, stream_id, type, compiled_idx, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    compiled: db.prepare<unknown[], number>('SELECT compiled_idx FROM report_acts WHERE idx = ?').pluck(),
    table: db.prepare('INSERT INTO report_tables (idx, form, as_of, body) VALUES (?, ?, ?, ?)'),
    takeBack: db.prepare('UPDATE report_acts SET voided_idx = ? WHERE idx = ?'),
  };
}

class ReportsApplier implements Applier {
  readonly #sql: ReturnType<typeof statements>;
  readonly #events: EventsById;

  constructor(db: Database.Database, events: EventsById) {
    this.#events = events;
    this.#sql = statements(db);
  }

  flush(): void {
    // every row is written at once
  }

  reset(): void {
    // nothing is remembered between events
  }

  apply({ act, index, agencyId, streamId }: ProjectedEvent): void {
    if (act === null || act.subject.kind !== 'report') return;
    if (act.type === 'record.voided') {
      const { eventId } = act.derived.voided;
      this.#sql.takeBack.run(index, this.#index(eventId, streamId));
      return;
    }
    if (!isOfReport(act)) return;
    const table = act.type === 'report.compiled' ? index : this.#compiledFor(act, index, streamId);
    const rollup = isRollUp(act.subject) ? 1 : 0;
    this.#sql.act.run(index, agencyId, statisticsYear(act), rollup, streamId, act.type, table, JSON.stringify(detailOf(act)));
    if (act.type === 'report.compiled') this.#sql.table.run(index, act.data.form, act.data.index, JSON.stringify(act.derived.table));
  }

  /** The compilation whose round the act is of; of a text before any, the first such text stands for it. */
  #compiledFor(act: ReportAct, index: number, streamId: number): number {
    const { compiled = basisOf(act)[0] }: AnyFacts = act.derived;
    if (compiled === undefined && act.type === 'report.text-drafted') return index;
    const opener = this.#index(compiled, streamId);
    return this.#sql.compiled.get(opener) ?? opener;
  }

  #index(eventId: string | undefined, streamId: number): number {
    const index = eventId === undefined ? undefined : this.#events.inStream(idBytes(eventId), streamId);
    if (index === undefined) throw new Error(`an act on a report names ${eventId ?? 'no compilation'}, which its case does not hold`);
    return index;
  }
}

const HANDLED: readonly StoredType[] = [
  'report.compiled',
  'report.text-drafted',
  'report.text-revised',
  'report.cleared',
  'report.approved',
  'report.published',
  'record.voided',
];

/** By hand: a new type is placed here on purpose. */
const IGNORED: readonly StoredType[] = [
  ...ACTS_OF_NO_MODEL,
  'agency.permission-granted',
  'agency.permission-ended',
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
  'record.erased',
  ...NO_ACTS,
];

export const reportsProjection: Projection = {
  name: 'reports',
  version: 3,
  figures: [],
  schema: SCHEMA,
  tables: { report_acts: 'idx', report_tables: 'idx' },
  handles: HANDLED,
  ignores: IGNORED,
  open: (db, events) => new ReportsApplier(db, events),
};
