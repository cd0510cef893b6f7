/**
 * Whom the cases of an agency wait for. What is kept is what stands in each case; chain, roles and the day come in with
 * the question, so that no midnight, no new chain and no ended role makes an answer stale.
 */
import { chainAt, holdersOn } from '../../domain/agency/state.js';
import type { ClearanceChain } from '../../domain/agency/acts.js';
import { NO_PROGRESS, progressOf, type Progress } from '../../domain/next-acts/progress.js';
import { isSigned, waitsFor, type Awaited } from '../../domain/next-acts/waits-for.js';
import { publicType } from '../../events/catalog.js';
import type { Preparing } from '../../sqlite/statements.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Instant } from '../../time/instant.js';
import { chainsOf, roleChangesOf } from '../agencies/agency-setup.js';
import { KeptActs } from './case-acts.js';
import { decisionsAbout } from './reopened.js';

/** An act that can come next, and who may do it. */
export interface Waiting extends Omit<Awaited, 'act'> {
  /** Its type, such as `disclosure.publication.cleared`. */
  readonly act: string;
}

/** Of the agency, by its row id; as of an event and on a day. */
export interface WaitsOf {
  readonly agencyId: number;
  readonly index: number;
  readonly on: CalendarDate;
  /** Of that moment: the chain in force is that of this instant. */
  readonly instant: Instant;
}

export interface Standing {
  readonly streamId: number;
  readonly kind: string;
  readonly number: string;
  readonly state: string;
  readonly erased: number;
}

/** States in which nothing is awaited, whatever came before. */
const AT_REST: ReadonlySet<string> = new Set([
  'unknown',
  'publication released',
  'publication rejected',
  'publication withdrawn',
  'report published',
]);

/** Times at which remedies about the application were decided, of those that stood at an event. */
const DECIDED_THEN = `SELECT t.instant FROM remedies r CROSS JOIN trail t USING (stream_id) CROSS JOIN events e USING (idx) CROSS JOIN names n ON n.name_id = e.type_id
  WHERE r.agency_id = @agencyId AND r.application = @name AND t.idx <= @index AND (t.voided_idx IS NULL OR t.voided_idx > @index) AND n.name LIKE '%.decided'`;

export class CaseWaits {
  readonly chain: ClearanceChain | null;
  readonly #db: Preparing;
  readonly #of: WaitsOf;
  readonly #kept: KeptActs;
  readonly #roles: ReturnType<typeof roleChangesOf>;
  readonly #holders = new Map<string, readonly string[]>();

  constructor(db: Preparing, of: WaitsOf) {
    this.#db = db;
    this.#of = of;
    this.#kept = new KeptActs(db);
    this.chain = chainAt({ chains: chainsOf(db, of.agencyId, of.index) }, of.instant);
    this.#roles = roleChangesOf(db, of.agencyId, of.index);
  }

  holdersOf(role: string): readonly string[] {
    const known = this.#holders.get(role) ?? holdersOn({ roles: this.#roles }, role, this.#of.on);
    this.#holders.set(role, known);
    return known;
  }

  /** Roles of the chain that are this name, or that it holds. */
  rolesOf(name: string): ReadonlySet<string> {
    const { steps = [], approver = null } = this.chain ?? {};
    const roles = [...steps.map(({ role }) => role), ...(approver === null ? [] : [approver.role])];
    return new Set(roles.filter((role) => role === name || this.holdersOf(role).includes(name)));
  }

  /** Of a case as it stands now. */
  of(row: Standing): readonly Waiting[] {
    const { kind, state, streamId } = row;
    if (AT_REST.has(state) || AT_REST.has(`${kind} ${state}`)) return [];
    if (isSigned(kind)) return this.from(kind, row.number, { ...progressOf(this.#kept.of({ streamId, kind })), erased: row.erased === 1 });
    const stage = state === 'pending' ? 'open' : 'closed';
    return this.from(kind, row.number, { ...NO_PROGRESS, stage, erased: row.erased === 1 });
  }

  /** Of a case that has come so far. `then`: other cases as they stood at the event, not as they stand now. */
  from(kind: string, number: string, progress: Progress, then = false): readonly Waiting[] {
    const reopened = kind === 'application' && progress.stage === 'closed' && this.#isReopened(number, progress, then);
    const holdersOf = (role: string): readonly string[] => this.holdersOf(role);
    return waitsFor(kind, progress, { chain: this.chain, holdersOf, reopened }).map((awaited) => ({
      ...awaited,
      act: publicType(awaited.act),
    }));
  }

  #isReopened(number: string, { remadeAt }: Progress, then: boolean): boolean {
    const name = `application/${number}`;
    const decided = then ? this.#decidedThen(name) : this.#decidedNow(name);
    return decided.some((instant) => remadeAt === null || instant > remadeAt);
  }

  #decidedThen(name: string): number[] {
    const { agencyId, index } = this.#of;
    const decided = this.#db.prepare<unknown[], { instant: number }>(DECIDED_THEN).all({ agencyId, index, name });
    return decided.map(({ instant }) => instant);
  }

  /** By what stands. */
  #decidedNow(name: string): number[] {
    const { agencyId, index } = this.#of;
    return decisionsAbout(this.#db, this.#kept, { agencyId, name }).flatMap(({ idx, instant }) => (idx <= index ? [instant] : []));
  }
}
