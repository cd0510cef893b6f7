/**
 * What a caller may do today, and where: by the permissions that stand, on their days, and by today's parents. A
 * permission with `below` reaches the agencies below it, but no vertical one (垂直管理) and nothing below such a one.
 */
import type { Caller, Permission } from '../domain/agency/acts.js';
import { holdsOn } from '../domain/agency/permissions.js';
import { profileOn } from '../domain/agency/state.js';
import { administersOn, agencyCodes, findAgencyId, LATEST, profilesAsOf } from '../read-models/agencies/agency-reader.js';
import { grantsOf, type GrantIn } from '../read-models/permissions/permission-reader.js';
import type { ReadStore } from '../read-models/read-store.js';
import { preparedOnce, type Preparing } from '../sqlite/statements.js';
import type { CalendarDate } from '../time/calendar-date.js';
import { dateInShanghai } from '../time/instant.js';

export class RightsReader {
  readonly #store: ReadStore;
  readonly #now: () => number;
  /** Made with the first question: who opens the ledger for another one must not fail on tables of an older store. */
  #preparing: Preparing | null = null;

  constructor(store: ReadStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Asked for every message and request of a caller: statements are prepared once. */
  get #db(): Preparing {
    return (this.#preparing ??= preparedOnce(this.#store.db));
  }

  /** What the caller may at this moment. */
  of(caller: Caller): Rights {
    const today = dateInShanghai(this.#now());
    const held = grantsOf(this.#db, caller).filter((grant) => holdsOn(grant, today));
    // Asked for many events and rows of one answer.
    const lines = new Map<string, readonly string[]>();
    const lineOf = (agency: string): readonly string[] => {
      const line = lines.get(agency) ?? this.#lineOf(agency, today);
      lines.set(agency, line);
      return line;
    };
    return new Rights(held, {
      lineOf,
      above: (agency) => this.#lineOf(agency, today, true).slice(1),
      roots: () => this.#roots(today),
      administers: (agency, actor) => this.#administers(agency, actor, today),
    });
  }

  #administers(code: string, actor: string, today: CalendarDate): boolean {
    const db = this.#db;
    const agencyId = findAgencyId(db, code);
    return agencyId !== undefined && administersOn(db, agencyId, actor, today);
  }

  /**
   * The agency and, nearest first, those above it whose permissions with `below` reach it, or `all` of them; none where
   * it is not registered.
   */
  #lineOf(code: string, today: CalendarDate, all = false): string[] {
    const line: string[] = [];
    for (let at: string | null = code; at !== null && !line.includes(at);) {
      const profile = this.#profileOf(at, today);
      if (profile === null) break;
      line.push(at);
      // What is above a vertical agency does not reach through it.
      at = profile.reporting === 'vertical' && !all ? null : profile.parent;
    }
    return line;
  }

  /** Agencies that have no parent today. */
  #roots(today: CalendarDate): string[] {
    return agencyCodes(this.#db).filter((code) => this.#profileOf(code, today)?.parent === null);
  }

  #profileOf(code: string, today: CalendarDate): ReturnType<typeof profileOn> | null {
    const db = this.#db;
    const agencyId = findAgencyId(db, code);
    const profiles = agencyId === undefined ? null : profilesAsOf(db, agencyId, LATEST);
    return profiles === null ? null : profileOn(profiles, today);
  }
}

/** What is known of the agencies on a day. */
export interface AgenciesToday {
  /** The agency and, nearest first, those above it from which `below` reaches it. */
  readonly lineOf: (agency: string) => readonly string[];
  /** Every agency above it, nearest first. */
  readonly above: (agency: string) => readonly string[];
  /** Agencies without parent. */
  readonly roots: () => readonly string[];
  readonly administers: (agency: string, actor: string) => boolean;
}

export class Rights {
  readonly #held: readonly GrantIn[];
  readonly #agencies: AgenciesToday;
  /** Asked for many events of one answer. */
  #whole: boolean | null = null;

  constructor(held: readonly GrantIn[], agencies: AgenciesToday) {
    this.#held = held;
    this.#agencies = agencies;
  }

  /** The nearest grant of the permission that reaches the agency; null where there is none, or no such agency. */
  in(agency: string, permission: Permission): GrantIn | null {
    const ofIt = this.#held.filter((grant) => grant.permission === permission);
    if (ofIt.length === 0) return null;
    for (const [distance, code] of this.#agencies.lineOf(agency).entries()) {
      const found = ofIt.find((grant) => grant.agency === code && (distance === 0 || grant.below));
      if (found !== undefined) return found;
    }
    return null;
  }

  /** Whether it is held in the agency and in those below it. */
  below(agency: string, permission: Permission): boolean {
    const line = this.#agencies.lineOf(agency);
    return this.#held.some((grant) => grant.permission === permission && grant.below && line.includes(grant.agency));
  }

  /**
   * Whether it administers the permissions of the agency: acts there under the name of an administrator, of it or of an
   * agency above in which the name is bound to it too.
   */
  administers(agency: string): boolean {
    const name = this.in(agency, 'act')?.actor ?? null;
    if (name === null) return false;
    const { administers, above } = this.#agencies;
    return administers(agency, name) || above(agency).some((one) => this.in(one, 'act')?.actor === name && administers(one, name));
  }

  /** Every grant it holds today. */
  get held(): readonly GrantIn[] {
    return this.#held;
  }

  /** Whether the caller holds it in any agency. */
  anywhere(permission: Permission): boolean {
    return this.#held.some((grant) => grant.permission === permission);
  }

  /** Whether it audits the whole ledger: with `below` in every agency that has no parent. */
  get whole(): boolean {
    this.#whole ??= this.#auditsAll();
    return this.#whole;
  }

  #auditsAll(): boolean {
    const roots = this.#agencies.roots();
    const audits = (code: string): boolean =>
      this.#held.some((grant) => grant.agency === code && grant.permission === 'audit' && grant.below);
    return roots.length > 0 && roots.every(audits);
  }

  /** Whether the caller holds anything at all. */
  get any(): boolean {
    return this.#held.length > 0;
  }
}
