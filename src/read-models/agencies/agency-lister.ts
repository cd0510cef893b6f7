/** Agencies for who looks for them: all there are, and how one is set up. */
import { chainAt, profileOn, type RoleSpan } from '../../domain/agency/state.js';
import type { ClearanceChain, Reporting } from '../../domain/agency/acts.js';
import { dateInShanghai } from '../../time/instant.js';
import { Figures } from '../figures/figures.js';
import { bookmarkOf, foreignBookmark, limitOf, pageOf, placeOf, type PageAsked } from '../lists.js';
import { recordedYears } from '../nothing-recorded.js';
import { rolesHeld } from '../officers/conflicts.js';
import type { ReadStore } from '../read-store.js';
import { publishedYears } from '../reports/report-rows.js';
import { agencyIdOf, agencyOfRegistration, codesBehind, LATEST, profilesAsOf, type CodeRow } from './agency-reader.js';
import { chainsOf, roleChangesOf } from './agency-setup.js';

export interface AgencyEntry {
  readonly agency: string;
  /** As it goes by today; what it was registered with where it is so only from a later day on. */
  readonly name: string;
  readonly parent: string | null;
  readonly reporting: Reporting;
  /** Of which something is recorded; what is open from an earlier year makes none. */
  readonly years: readonly number[];
}

/** What of an agency everybody may see where published tables are public. */
export type PublicAgency = Pick<AgencyEntry, 'agency' | 'name' | 'parent' | 'years'>;

export interface AgencyList<A = AgencyEntry> {
  /** By code. */
  readonly agencies: readonly A[];
  readonly next: string | null;
}

/** The lists by name, for who describes them. */
export type Agencies = AgencyList;
export type PublicAgencies = AgencyList<PublicAgency>;

export interface AgencyDescription extends AgencyEntry {
  readonly forms: readonly string[];
  /** The clearance chain in force; null before the first. */
  readonly chain: Required<ClearanceChain> | null;
  /** Past and present, by their first day. */
  readonly roles: readonly (RoleSpan & { readonly actor: string })[];
}

export interface AgenciesQuestion extends PageAsked {
  /** Of which agencies the list is; absent = of all. */
  readonly sees?: (agency: string) => boolean;
}

const LIST = 'agencies';

/** Rows read at once for a page: where few agencies are seen, many are passed over. */
const AT_ONCE = 256;

export class AgencyLister {
  readonly #figures: Figures;
  readonly #now: () => number;

  constructor(store: ReadStore, now: () => number) {
    this.#figures = new Figures(store);
    this.#now = now;
  }

  /** Errors: `bad-parameter`. */
  list(asked: AgenciesQuestion): AgencyList {
    return this.#list(asked, (row) => this.#entry(row));
  }

  /** Errors: `bad-parameter`. */
  publicList(page: PageAsked): AgencyList<PublicAgency> {
    return this.#list(page, (row) => this.#publicEntry(row));
  }

  #list<A>(asked: AgenciesQuestion, entry: (row: CodeRow) => A): AgencyList<A> {
    const limit = limitOf(asked);
    const { sees = () => true } = asked;
    return this.#figures.answer(() => {
      const { items, next } = pageOf(this.#behind(asked.after, sees), limit, ({ index }) => bookmarkOf(LIST, { index, nth: 0 }));
      return { agencies: items.map(entry), next };
    });
  }

  *#behind(after: string | undefined, sees: (agency: string) => boolean): Generator<CodeRow> {
    const place = placeOf(LIST, after);
    const from = place === null ? '' : place.nth === 0 ? agencyOfRegistration(this.#figures, place.index) : undefined;
    if (from === undefined) throw foreignBookmark();
    for (let last = from; ;) {
      const rows = codesBehind(this.#figures, last, AT_ONCE);
      yield* rows.filter(({ code }) => sees(code));
      if (rows.length < AT_ONCE) return;
      last = rows.at(-1)?.code ?? last;
    }
  }

  #entry({ agencyId, code }: Pick<CodeRow, 'agencyId' | 'code'>): AgencyEntry {
    const { name, parent, reporting } = this.#profile(agencyId, code);
    const years = recordedYears(this.#figures, { agencyId, index: this.#figures.lastIndex() });
    return { agency: code, name, parent, reporting, years };
  }

  #publicEntry({ agencyId, code }: CodeRow): PublicAgency {
    const { name, parent } = this.#profile(agencyId, code);
    return { agency: code, name, parent, years: publishedYears(this.#figures, agencyId) };
  }

  /** Errors: `unknown-agency`. */
  describe(code: string): AgencyDescription {
    return this.#figures.answer(() => {
      const agencyId = agencyIdOf(this.#figures, code);
      const chain = chainAt({ chains: chainsOf(this.#figures, agencyId, LATEST) }, this.#now());
      const changes = roleChangesOf(this.#figures, agencyId, LATEST);
      const roles = [...Map.groupBy(changes, ({ actor }) => actor)].flatMap(([actor, own]) =>
        rolesHeld(own).map((span) => ({ actor, ...span })),
      );
      return {
        ...this.#entry({ agencyId, code }),
        forms: this.#profile(agencyId, code).forms,
        chain: chain === null ? null : { steps: chain.steps, approver: chain.approver, attested: chain.attested === true },
        roles: roles.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.actor < b.actor ? -1 : 1)),
      };
    });
  }

  #profile(agencyId: number, code: string): ReturnType<typeof profileOn> {
    const profiles = profilesAsOf(this.#figures, agencyId, LATEST);
    if (profiles === null) throw new Error(`agency ${code} is listed before its registration`);
    return profileOn(profiles, dateInShanghai(this.#now()));
  }
}
