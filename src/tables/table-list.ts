/** The years of an agency: which tables there are, and whether what was published still is what they show. */
import { agencyIdOf, LATEST, profilesAsOf } from '../read-models/agencies/agency-reader.js';
import { Figures, type Scope } from '../read-models/figures/figures.js';
import { recordedYears } from '../read-models/nothing-recorded.js';
import { publications, standingRow, type StandingRow } from '../read-models/reports/report-rows.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { Stale } from '../read-models/staleness.js';
import type { TableReader } from './table-reader.js';
import type { PublishedMark, Table } from './table.js';
import { one } from '../sqlite/statements.js';
import { defaultView, formOf } from './year-view.js';

export interface YearEntry {
  readonly year: number;
  /** Of the default view; null where nothing is declared and no form of the agency serves the year. */
  readonly form: string | null;
  /** `live`, `paper`, `published`: those that an answer can be had of. */
  readonly views: readonly string[];
  /** Of the default view. */
  readonly hash: string | null;
  readonly published: PublishedMark | null;
  /** Whether it was published more than once. */
  readonly restated: boolean;
  /** Recording of the first event since the publication that changed a cell which differs; null where none does. */
  readonly differsSince: string | null;
  readonly stale: Stale | null;
  /** Addresses by view. */
  readonly links: Readonly<Record<string, string>>;
}

/** What a year is at a glance. */
export interface YearMark {
  readonly year: number;
  /** As of an entry. */
  readonly form: string | null;
  /** From what stands published; null where nothing does. */
  readonly differs: boolean | null;
}

export interface TableList {
  readonly agency: string;
  /** Years of which something is recorded, in their order. */
  readonly tables: readonly YearEntry[];
}

export class TableLister {
  readonly #tables: TableReader;
  readonly #figures: Figures;

  constructor(store: ReadStore, tables: TableReader) {
    this.#tables = tables;
    this.#figures = new Figures(store);
  }

  /** Errors: `unknown-agency`. */
  async list(agency: string): Promise<TableList> {
    const { scope, years } = this.#figures.answer(() => {
      const agencyId = agencyIdOf(this.#figures, agency);
      const index = this.#figures.lastIndex();
      return { scope: { agencyId, index }, years: recordedYears(this.#figures, { agencyId, index }) };
    });
    const tables: YearEntry[] = [];
    for (const year of years) tables.push(await this.#entry(agency, { ...scope, year }));
    return { agency, tables };
  }

  /** The views that an answer of one year can be had of, without looking at its figures. Errors: `unknown-agency`. */
  views(agency: string, year: number): string[] {
    return this.#figures.answer(() => {
      const scope = { agencyId: agencyIdOf(this.#figures, agency), index: this.#figures.lastIndex(), year };
      return this.#views(scope, publications(this.#figures, scope));
    });
  }

  /** Its years, and of those that were published whether they still are as they were. Errors: `unknown-agency`. */
  async marks(agency: string): Promise<YearMark[]> {
    const years = this.#figures.answer(() => {
      const scope = { agencyId: agencyIdOf(this.#figures, agency), index: this.#figures.lastIndex() };
      const profiles = one(profilesAsOf(this.#figures, scope.agencyId, LATEST) ?? undefined);
      return recordedYears(this.#figures, scope).map((year) => {
        const shown = defaultView(this.#figures, { ...scope, year, agency: profiles });
        return { year, shown, standing: standingRow(this.#figures, { ...scope, year }) ?? null };
      });
    });
    const marks: YearMark[] = [];
    for (const { year, shown, standing } of years) {
      // A year that was never published costs no table.
      const differs = standing === null ? null : await this.#differs(agency, year, shown !== null);
      marks.push({ year, form: shown?.form.id ?? standing?.form ?? null, differs });
    }
    return marks;
  }

  /** What the table says of itself needs no comparison; `shown` false: there is no table but the published one. */
  async #differs(agency: string, year: number, shown: boolean): Promise<boolean> {
    const mark = shown ? (await this.#tables.table({ agency, year })).published : null;
    return mark?.differs ?? (await this.#differsSince(agency, year)) !== null;
  }

  async #entry(agency: string, scope: Scope): Promise<YearEntry> {
    const { year } = scope;
    const { views, standing, published } = this.#figures.answer(() => this.#standing(scope));
    const shown = views.includes('live') || views.includes('paper') ? await this.#tables.table({ agency, year }) : null;
    // What does not differ need not be compared cell by cell.
    const same = standing === null || shown?.published?.differs === false;
    const differsSince = same ? null : await this.#differsSince(agency, year);
    return {
      year,
      form: shown?.form ?? standing?.form ?? null,
      views,
      hash: shown?.hash ?? null,
      published: standing === null ? null : markOf(standing, shown, differsSince),
      restated: published > 1,
      differsSince,
      stale: shown?.stale ?? null,
      links: Object.fromEntries(views.map((view) => [view, `/v1/agencies/${agency}/tables/${year}?view=${view}`])),
    };
  }

  /** The views there are, what stands published, and how often the year was published. */
  #standing(scope: Scope): { readonly views: string[]; readonly standing: StandingRow | null; readonly published: number } {
    const published = publications(this.#figures, scope);
    return { views: this.#views(scope, published), standing: standingRow(this.#figures, scope) ?? null, published };
  }

  #views(scope: Scope, published: number): string[] {
    const agency = one(profilesAsOf(this.#figures, scope.agencyId, LATEST) ?? undefined);
    return [
      ...(formOf(agency, scope.year) === undefined ? [] : ['live']),
      ...(defaultView(this.#figures, { ...scope, agency })?.view === 'paper' ? ['paper'] : []),
      ...(published > 0 ? ['published'] : []),
    ];
  }

  async #differsSince(agency: string, year: number): Promise<string | null> {
    const { changes } = await this.#tables.difference({ agency, year });
    const recorded = changes.flatMap(({ events }) => events.map(({ recordedAt }) => recordedAt));
    return recorded.sort()[0] ?? null;
  }
}

/** As the live table says it; where that is in another form, or not shown, by what differs. */
function markOf(
  { hash, asOf }: { readonly hash: string; readonly asOf: number },
  shown: Table | null,
  differsSince: string | null,
): PublishedMark {
  return shown?.published ?? { hash, index: asOf, differs: differsSince !== null };
}
