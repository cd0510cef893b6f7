/**
 * The table of an agency with the agencies below it on 31 December of the year. Each member adds what its default view
 * shows; one whose declared table is in another form than the sum's adds what its acts count. Members are those of the
 * day, so last year's sum is over last year's members.
 */
import { explainedBy, type Form } from '../statistics/form.js';
import { rollUpFindings, rollUpRows, type Part } from '../statistics/roll-up.js';
import { amountsOf, nothingRecorded, valuesOf, type ComputedTable, type TableRow } from '../statistics/table.js';
import { descendantsOn } from '../read-models/agencies/agency-reader.js';
import type { Figures } from '../read-models/figures/figures.js';
import { isMissing } from '../read-models/nothing-recorded.js';
import { amountsOfView, lastYearOf, type AgencyScope, type YearView, type View } from './year-view.js';
import { jointItems } from '../read-models/figures/joint-items.js';

export interface Member {
  readonly agency: string;
  /**
   * `missing`: nothing is recorded of its year, as the finding `nothing-recorded` says. `vertical`: reports in its own
   * system.
   */
  readonly status: 'included' | 'missing' | 'vertical';
}

/** A sum, before anything is said of it. */
interface Summed {
  readonly members: readonly Member[];
  readonly included: readonly (Part & { readonly scope: AgencyScope; readonly shown: YearView })[];
  /** Members whose declared table is in another form → that form. */
  readonly otherPaper: ReadonlyMap<string, string>;
  readonly rows: readonly TableRow[];
}

export interface RolledUp extends ComputedTable {
  readonly members: readonly Member[];
  /** `paper` where a declared table is part of the sum. */
  readonly view: View;
}

/** What an event adds to a cell, in units of 10^-12 of the cell's unit, and whose event it is. */
export interface MemberShare {
  readonly agency: string;
  readonly index: number;
  readonly amount: bigint;
}

/** Decimals of an `Amount`. */
const AMOUNT_SCALE = 12;

export class RollUp {
  constructor(private readonly figures: Figures) {}

  /** `view` live leaves declared tables aside. */
  table(root: AgencyScope, form: Form, view: string | undefined): RolledUp {
    const summed = this.#sum(root, form, view);
    const { members, included, rows, otherPaper } = summed;
    // Over the members of that year: a unit that moved takes its figures with it.
    const lastYear = lastYearOf(this.figures, root, form, (before, last) => {
      const sum = this.#sum(before, last.form, undefined);
      return amountsOf(last.form, before.year, valuesOf(sum.rows));
    });
    const joint = jointItems(
      this.figures,
      included.map(({ scope }) => scope),
    );
    const none = included.length === 0 ? [nothingRecorded(root.year)] : [];
    const findings = [...none, ...rollUpFindings(form, root.year, rows, included, { lastYear, joint, otherPaper })];
    return { members, view: included.some(({ paper }) => paper !== null) ? 'paper' : 'live', rows, findings };
  }

  /** The events behind a cell of the sum: their shares add up to its value. */
  behind(
    root: AgencyScope,
    form: Form,
    view: string | undefined,
    cell: string,
  ): { readonly value: string | null; readonly shares: MemberShare[] } {
    const { included, rows } = this.#sum(root, form, view);
    const leaves = explainedBy(form, cell);
    const shares = included.flatMap(({ agency, scope, shown, amounts }) =>
      leaves.flatMap((leaf): MemberShare[] => {
        if (shown.view === 'live') {
          const unit = 10n ** BigInt(AMOUNT_SCALE - leaf.scale);
          return this.figures.behind({ ...scope, form }, leaf).map(({ index, amount }) => ({ agency, index, amount: amount * unit }));
        }
        const amount = amounts.get(leaf.cell);
        return typeof amount === 'bigint' ? [{ agency, index: shown.paper.index, amount }] : [];
      }),
    );
    return { value: valuesOf(rows).get(cell) ?? null, shares };
  }

  #sum(root: AgencyScope, form: Form, view: string | undefined): Summed {
    const { year, index } = root;
    const below = descendantsOn(this.figures, root.agency.code, `${year}-12-31`, index);
    const all = [
      { scope: root, vertical: false },
      ...below.map(({ agencyId, agency, vertical }) => ({ scope: { agencyId, agency, year, index }, vertical })),
    ];
    const members = all.map(({ scope, vertical }): Member => {
      const status = vertical ? 'vertical' : isMissing(this.figures, scope) ? 'missing' : 'included';
      return { agency: scope.agency.code, status };
    });
    const otherPaper = new Map<string, string>();
    const included = all
      .filter((_, place) => members[place]?.status === 'included')
      .map(({ scope }) => {
        const agency = scope.agency.code;
        const paper = view === 'live' ? null : this.figures.paper(scope);
        if (paper !== null && paper.table.form !== form) otherPaper.set(agency, paper.table.form.id);
        const shown: YearView = paper !== null && paper.table.form === form ? { view: 'paper', form, paper } : { view: 'live', form };
        return {
          agency,
          scope,
          shown,
          paper: shown.view === 'paper' ? shown.paper.table : null,
          amounts: amountsOfView(this.figures, scope, shown),
        };
      });
    const partial = members.some(({ status }) => status === 'missing');
    return { members, included, otherPaper, rows: rollUpRows(form, year, included, partial) };
  }
}
