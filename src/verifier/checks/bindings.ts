/**
 * Which caller acts under which name, by the permissions `act` in the log: from their recording, on their days, and
 * with `below` in the agencies below. The nearest grant decides.
 */
import { membersOf } from '../../encoding/unknown-values.js';
import { Agencies } from '../calculator/agencies.js';
import { dayOf } from '../calculator/days.js';
import type { PackEvent } from '../format/layout.js';

interface Binding {
  readonly actor: string;
  readonly below: boolean;
  /** Days, both included. */
  readonly from: number;
  readonly until: number;
  /** Indexes: it stands behind the first, and no longer behind the second. */
  readonly since: number;
  ended: number;
}

/** An event that moved who is bound: `time` of recording, ms; the caller it is about, null where about any. */
interface Move {
  readonly index: number;
  readonly time: number;
  readonly caller: string | null;
}

/** What is asked: whether the caller acts as `actor` in the agency when `event` is recorded. */
export interface Asked {
  readonly caller: string;
  readonly actor: string;
  readonly agency: string;
  readonly event: PackEvent;
}

/**
 * A replica may decide by permissions this much older than the log, in ms: after so long without an answer of the log
 * it refuses acts.
 */
const STALE_MS = 10_000;
/** Where several processes write, a time of recording may be so much earlier than one before it, in ms. */
const BACK_MS = 5 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const SHANGHAI_MS = 8 * 60 * 60 * 1000;
const shanghaiDay = (ms: number): string => new Date(Math.floor((ms + SHANGHAI_MS) / DAY_MS) * DAY_MS).toISOString().slice(0, 10);

function callerIn(data: PackEvent['data']): string {
  const { issuer, subject } = membersOf(data['caller']);
  return JSON.stringify([issuer, subject]);
}

const keyOf = (agency: string, caller: string): string => JSON.stringify([agency, caller]);

export class Bindings {
  readonly #agencies = new Agencies([]);
  readonly #registered = new Set<string>();
  /** By agency and caller, in the order of recording. */
  readonly #bindings = new Map<string, Binding[]>();
  /** What moved who is bound, as far back as an act may still be asked about. */
  readonly #moves: Move[] = [];

  /** An event of the agency's own stream. */
  add(event: PackEvent, agency: string): void {
    const { type, index, occurredAt, recordedAt, data } = event;
    const day = (): number => dayOf(shanghaiDay(Date.parse(occurredAt ?? recordedAt)));
    if (type === 'agency.registered') {
      this.#agencies.registered(event, agency, day());
      this.#registered.add(agency);
    } else if (type === 'agency.changed') {
      // A change of nothing, where a pack lacks the registration: the calculator tells of it.
      if (!this.#registered.has(agency)) return;
      this.#agencies.changed(event, agency, day());
    } else if (data['permission'] !== 'act' || !/^agency\.permission-(granted|ended)$/.test(type)) return;
    const caller = type.startsWith('agency.permission-') ? callerIn(data) : null;
    if (caller !== null) this.#permission(event, agency, caller);
    const time = Date.parse(recordedAt);
    this.#moves.push({ index, time, caller });
    while ((this.#moves[0]?.time ?? time) < time - STALE_MS - BACK_MS) this.#moves.shift();
  }

  #permission({ type, index, data }: PackEvent, agency: string, caller: string): void {
    const key = keyOf(agency, caller);
    const known = this.#bindings.get(key) ?? [];
    this.#bindings.set(key, known);
    const last = known.at(-1);
    if (last?.ended === Infinity) last.ended = index;
    if (type === 'agency.permission-ended') return;
    const { actor, below, from, until } = data;
    known.push({
      actor: String(actor),
      below: below === true,
      from: typeof from === 'string' ? dayOf(from) : -Infinity,
      until: typeof until === 'string' ? dayOf(until) : Infinity,
      since: index,
      ended: Infinity,
    });
  }

  /** As the log stood before the event, or at most so much earlier as a replica may be behind. */
  bound(asked: Asked): boolean {
    const { index, recordedAt } = asked.event;
    const time = Date.parse(recordedAt);
    if (Number.isNaN(time)) return false;
    const days = [...new Set([shanghaiDay(time), shanghaiDay(time - STALE_MS)])].map(dayOf);
    const isBoundAt = (at: number): boolean => days.some((day) => this.#nameOf(asked, at, day) === asked.actor);
    const isNear = (move: Move): boolean => move.time >= time - STALE_MS && (move.caller === null || move.caller === asked.caller);
    return isBoundAt(index - 1) || this.#moves.some((move) => isNear(move) && isBoundAt(move.index - 1));
  }

  /** The name of the caller in the agency on a day, as of an index; null where it has none. */
  #nameOf({ caller, agency }: Asked, at: number, day: number): string | null {
    const seen = new Set<string>();
    for (let code: string | null = agency; code !== null && !seen.has(code);) {
      const isHere = seen.size === 0;
      seen.add(code);
      const found = this.#bindings
        .get(keyOf(code, caller))
        ?.findLast((one) => one.since <= at && at < one.ended && one.from <= day && day <= one.until && (isHere || one.below));
      if (found !== undefined) return found.actor;
      const profile = this.#agencies.profile(code, day, at);
      // What is above a vertical agency does not reach through it.
      code = profile === null || profile.vertical ? null : profile.parent;
    }
    return null;
  }
}
