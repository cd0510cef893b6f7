/**
 * The audit trail: for every act who did it, in which role, on which content, with what opinion; and which sign-offs
 * lost their role afterwards.
 */
import type { Caller } from '../../domain/agency/acts.js';
import type Database from 'better-sqlite3';
import { administratorRole, holdsByChanges, type RoleChange } from '../../domain/agency/state.js';
import type { Act, AnyData, AnyFacts } from '../../domain/acts.js';
import { basisOf, statisticsYear } from '../../domain/case.js';
import { isSoundName } from '../../domain/names.js';
import { plannedOnce } from '../../sqlite/statements.js';
import { yearOf } from '../../time/calendar-date.js';
import { holdsSealed } from '../../events/envelope.js';
import { EVERY_ACT, NO_ACTS } from '../every-act.js';
import type { EventsById } from '../journal/events-by-id.js';
import { idBytes } from '../journal/journal.js';
import type { Applier, ProjectedEvent, Projection } from '../projection.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS trail (
    stream_id INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    instant INTEGER NOT NULL,
    on_day TEXT NOT NULL,
    year INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT,
    signs INTEGER NOT NULL,
    voided_idx INTEGER,
    detail TEXT NOT NULL,
    PRIMARY KEY (stream_id, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS role_changes (
    idx INTEGER NOT NULL,
    agency_id INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    on_day TEXT NOT NULL,
    instant INTEGER NOT NULL,
    PRIMARY KEY (agency_id, actor, role, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS signed_without_role (
    idx INTEGER NOT NULL,
    signed_idx INTEGER NOT NULL,
    agency_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (agency_id, year, signed_idx, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS doubtful_names (
    agency_id INTEGER NOT NULL,
    year INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    PRIMARY KEY (agency_id, year, idx)
  ) STRICT, WITHOUT ROWID;
`;

/** What an entry keeps beside its columns. Event ids are those of the same case. */
export interface TrailDetail {
  readonly attestation: string;
  /** Who sent it, where callers are identified. */
  readonly caller?: Caller | string;
  readonly contentHash?: string;
  /** Opinion, reason or note, of what is not sealed. */
  readonly opinion?: string;
  /** Holds sealed texts: they are read from the log, by whoever may. */
  readonly sealed?: true;
  readonly step?: string;
  readonly verdict?: string;
  readonly channel?: string;
  readonly basis?: readonly string[];
  /** Made public without an approval. */
  readonly unreviewed?: true;
  /** The act a void takes back, and who is said to have approved it. */
  readonly voids?: string;
  readonly approvedBy?: string;
  /** A name in it is spelled as no new one may be. */
  readonly doubtful?: true;
}

interface Link {
  readonly step?: string;
  readonly role?: string;
}

/**
 * Whether who acted, approved or is named in it, a step or a role is a name from before there was one spelling of each.
 */
function isDoubtful({ actor, data, derived }: Act): boolean {
  const said: AnyData = data;
  const links: readonly Link[] = [said, ...(said.steps ?? []), said.approver ?? {}, { role: derived.role ?? undefined }];
  const wrong = (name: string | undefined, kind: 'person' | 'office'): boolean => name !== undefined && !isSoundName(name, kind);
  return (
    [actor, said.actor, said.approvedBy].some((name) => wrong(name, 'person')) ||
    links.some(({ step, role }) => wrong(step, 'office') || wrong(role, 'office'))
  );
}

function detailOf({ act, stored }: ProjectedEvent): TrailDetail {
  if (act === null) throw new Error('an event without an act has no trail');
  const { contentHash, tableHash, textHash, opinion, reason, note, step, verdict, channel, approvedBy }: AnyData = act.data;
  const basis = basisOf(act);
  const { voided, approval }: AnyFacts = act.derived;
  return {
    attestation: act.metadata.attestation,
    ...(act.metadata.caller === null ? {} : { caller: act.metadata.caller }),
    // What is signed of a report is its table; a text has its own hash.
    contentHash: contentHash ?? tableHash ?? textHash,
    opinion: opinion ?? reason ?? note,
    ...(holdsSealed(stored) ? { sealed: true } : {}),
    step,
    verdict,
    channel,
    ...(basis.length === 0 ? {} : { basis }),
    ...(approval === null ? { unreviewed: true } : {}),
    ...(voided === undefined ? {} : { voids: voided.eventId }),
    approvedBy,
    ...(isDoubtful(act) ? { doubtful: true } : {}),
  };
}

/**
 * The year whose table an act is part of: what is declared has the year it is declared for, a void that of what it
 * takes back.
 */
function tableYear(act: Act): number {
  const { figure, voided }: AnyFacts = act.derived;
  if (act.subject.kind === 'table') return Number(act.subject.number);
  if (figure !== undefined) return figure.year;
  return voided === undefined || act.subject.kind === 'report' ? statisticsYear(act) : yearOf(voided.on);
}

/** Acts signed in a role of the clearance chain: these a role ended too early leaves unsupported. */
function isSignature(type: string): boolean {
  return type.endsWith('.cleared') || type.endsWith('.approved');
}

/** The statements, each with the row it gives. */
function statements(db: Database.Database) {
  return {
    add: db.prepare(
      'INSERT INTO trail (stream_id, idx, instant, on_day, year, actor, role, signs, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    role: db.prepare('INSERT INTO role_changes (idx, agency_id, actor, role, kind, on_day, instant) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    roles: db.prepare<unknown[], Pick<RoleChange, 'kind' | 'on' | 'instant'>>(
      plannedOnce('SELECT kind, on_day AS "on", instant FROM role_changes WHERE agency_id = ? AND actor = ? AND role = ? ORDER BY idx'),
    ),
    signatures: db.prepare<unknown[], { idx: number; streamId: number; on: string; year: number }>(`
        SELECT t.idx, t.stream_id AS streamId, t.on_day AS "on", t.year FROM streams s JOIN trail t USING (stream_id)
        WHERE s.agency_id = ? AND t.actor = ? AND t.role = ? AND t.signs = 1 AND t.voided_idx IS NULL ORDER BY t.idx`),
    flagged: db
      .prepare(
        'SELECT signed_idx FROM signed_without_role WHERE agency_id = ? AND year = ? AND signed_idx = ? GROUP BY signed_idx HAVING SUM(change) > 0',
      )
      .pluck(),
    flag: db.prepare('INSERT INTO signed_without_role (idx, signed_idx, agency_id, year, stream_id, change) VALUES (?, ?, ?, ?, ?, ?)'),
    doubtful: db.prepare('INSERT INTO doubtful_names (agency_id, year, idx, stream_id) VALUES (?, ?, ?, ?)'),
    voided: db.prepare('UPDATE trail SET voided_idx = ? WHERE stream_id = ? AND idx = ?'),
    year: db.prepare<unknown[], number>('SELECT year FROM trail WHERE stream_id = ? AND idx = ?').pluck(),
  };
}

class TrailApplier implements Applier {
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

  apply(event: ProjectedEvent): void {
    const { act, index, streamId, agencyId } = event;
    if (act === null) return;
    const role = act.derived.role ?? null;
    const detail = detailOf(event);
    const year = statisticsYear(act);
    this.#sql.add.run(streamId, index, act.instant, act.on, year, act.actor, role, isSignature(act.type) ? 1 : 0, JSON.stringify(detail));
    if (detail.doubtful === true) this.#sql.doubtful.run(agencyId, tableYear(act), index, streamId);
    if (act.type === 'agency.registered') this.#role(event, act.data.administrator, administratorRole, 'assigned');
    if (act.type === 'agency.role-assigned') this.#role(event, act.data.actor, act.data.role, 'assigned');
    if (act.type === 'agency.role-ended') this.#role(event, act.data.actor, act.data.role, 'ended');
    if (act.type === 'record.voided') this.#takeBack(event, act.derived.voided.eventId);
  }

  #role(event: ProjectedEvent, actor: string, role: string, kind: RoleChange['kind']): void {
    const { act, agencyId, index } = event;
    if (act === null) return;
    this.#sql.role.run(index, agencyId, actor, role, kind, act.on, act.instant);
    this.#review(event, agencyId, actor, role);
  }

  /** Holds every signature of this actor and role against the role as it is now known, and notes what changed. */
  #review(event: ProjectedEvent, agencyId: number, actor: string, role: string): void {
    const changes = this.#sql.roles.all(agencyId, actor, role);
    if (changes.length < 2) return;
    for (const signature of this.#sql.signatures.all(agencyId, actor, role)) {
      const { year } = signature;
      const flagged = this.#sql.flagged.get(agencyId, year, signature.idx) !== undefined;
      const held = holdsByChanges(changes, signature.on);
      if (flagged === held) this.#sql.flag.run(event.index, signature.idx, agencyId, year, signature.streamId, held ? -1 : 1);
    }
  }

  #takeBack(event: ProjectedEvent, eventId: string): void {
    const target = this.#events.inStream(idBytes(eventId), event.streamId);
    const year = target === undefined ? undefined : this.#sql.year.get(event.streamId, target);
    if (year === undefined) return;
    this.#sql.voided.run(event.index, event.streamId, target);
    if (this.#sql.flagged.get(event.agencyId, year, target) !== undefined)
      this.#sql.flag.run(event.index, target, event.agencyId, year, event.streamId, -1);
  }
}

export const auditTrailProjection: Projection = {
  name: 'audit-trail',
  version: 4,
  figures: [],
  schema: SCHEMA,
  tables: {
    trail: 'stream_id, idx',
    role_changes: 'agency_id, actor, role, idx',
    signed_without_role: 'agency_id, year, signed_idx, idx',
    doubtful_names: 'agency_id, year, idx',
  },
  handles: EVERY_ACT,
  ignores: NO_ACTS,
  open: (db, events) => new TrailApplier(db, events),
};
