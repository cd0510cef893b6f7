/**
 * An agency's table with those of the agencies below it: cell-wise sums of what each member shows, totals computed from
 * the summed parts. A plain sum: what two members both count is counted twice, and said where it can be seen.
 */
import { printAmount, UNREADABLE, type Amounts } from './amount.js';
import { check, finding, type Finding, type LastYear } from './checks.js';
import { cellFindings } from './cell-findings.js';
import { cellsIn, cellsOf, declarable, explainedBy, rowsOf, type Form, type FormCell, type FormRow } from './form.js';
import type { PublishedTable } from './published-table.js';
import { amountsIn, basisOf, layOut, otherForm, readingsOf, valuesOf, type TableRow } from './table.js';

/** What a member adds: its amounts in the cells of the form. */
export interface Part {
  readonly agency: string;
  /** The table it is taken from; null where it is counted. */
  readonly paper: PublishedTable | null;
  readonly amounts: Amounts;
}

/** Items of several members with one document number; cases as `agency:kind/number`. */
export interface JointItems {
  readonly documentNumber: string;
  readonly cases: readonly string[];
}

/**
 * Rows of the sum. null + number = number, all null = null; a value that is no number is left out. `partial`: members
 * are missing.
 */
export function rollUpRows(form: Form, year: number, parts: readonly Part[], partial: boolean): TableRow[] {
  const cells = cellsIn(form, year);
  const sums = new Map(cells.map((cell) => [cell.cell, sumOf(form, cell, parts)]));
  const valueOf = (cell: string): string | null => {
    const sum = sums.get(cell);
    return sum == null ? null : printAmount(sum);
  };
  const printed = parts.filter(({ paper }) => paper !== null);
  const basis = (row: FormRow): TableRow['basis'] =>
    leavesOf(row).some(({ cell }) => printed.some(({ amounts }) => amounts.get(cell) != null)) ? 'paper' : basisOf(row);
  const rows = layOut(form, year, valueOf, basis);
  return partial ? rows.map((row) => (row.basis === null ? row : { ...row, partial: true })) : rows;
}

const leavesOf = (row: FormRow): FormCell[] => cellsOf(row).filter(({ source }) => source.basis !== 'computed');

function sumOf(form: Form, { cell }: FormCell, parts: readonly Part[]): bigint | null {
  const leaves = explainedBy(form, cell);
  const values = parts.flatMap(({ amounts }) =>
    leaves.flatMap((leaf) => {
      const amount = amounts.get(leaf.cell);
      return typeof amount === 'bigint' ? [amount] : [];
    }),
  );
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0n);
}

/**
 * What is said of a sum: the rules on the summed table, what of its members changes the sum, and what two of them count
 * both.
 */
export function rollUpFindings(
  form: Form,
  year: number,
  rows: readonly TableRow[],
  parts: readonly Part[],
  said: { readonly lastYear: LastYear | null; readonly joint: readonly JointItems[]; readonly otherPaper: ReadonlyMap<string, string> },
): Finding[] {
  // Items counted by acts may be first released in an earlier year: a bound that holds of printed tables only is no
  // bound of a mixed sum.
  const published = parts.length > 0 && parts.every(({ paper }) => paper !== null);
  const values = valuesOf(rows);
  const readings = readingsOf(form, year, values);
  const impossible = parts.flatMap(({ agency, paper }) => (paper === null ? [] : impossibleIn(agency, paper)));
  // Of a cell in which a member prints what no count comes to, that is said of the member.
  const named = new Set(impossible.flatMap(({ cells }) => cells));
  return [
    ...cellFindings(form, year, values, readings).filter(({ cells }) => !cells.some((cell) => named.has(cell))),
    ...check(form.rules, amountsIn(readings), { published, lastYear: said.lastYear }),
    ...parts.flatMap((part) => (part.paper === null ? [] : leftOut(part.agency, part.paper))),
    ...impossible,
    ...otherForm(form, year),
    ...[...said.otherPaper].map(([agency, other]) => ({
      ...finding(
        'not-this-years-form',
        'warning',
        [],
        null,
        null,
        `${agency} 的报表为 ${other} 表式, 不计入本汇总, 按其台账计数 (declared in another form: what its acts count is added instead)`,
      ),
      cases: [paperOf(agency, year)],
    })),
    ...undeclared(form, year, parts),
    ...said.joint.map(({ documentNumber, cases }) => ({
      ...finding(
        'joint-item',
        'warning',
        [],
        null,
        null,
        `文号 ${documentNumber} 的信息由多个单位公开, 汇总中重复计数 (released by several members, counted by each)`,
      ),
      cases,
    })),
  ];
}

const paperOf = (agency: string, year: number): string => `${agency}:table/${year}`;

/** What a member prints in a part that reaches the sum and is no count: below zero, or a fraction of pieces. */
function impossibleIn(agency: string, { form, year, cells, readings }: PublishedTable): Finding[] {
  const totals = new Set(cellsIn(form, year).flatMap(({ cell, source }) => (source.basis === 'computed' ? [cell] : [])));
  return cellFindings(form, year, new Map(Object.entries(cells)), readings)
    .filter(({ rule, cells: named }) => (rule === 'below-zero' || rule === 'not-whole') && !named.some((cell) => totals.has(cell)))
    .map((found) => ({ ...found, message: `${agency}: ${found.message}`, cases: [paperOf(agency, year)] }));
}

/**
 * What a printed table says that does not reach the sum: values that are no numbers, and totals that are not the sum of
 * their parts. A total of 0 over blank parts says no more than they do.
 */
function leftOut(agency: string, paper: PublishedTable): Finding[] {
  const { form, year, amounts, cells: texts } = paper;
  const cases = [paperOf(agency, year)];
  return cellsIn(form, year).flatMap((cell): Finding[] => {
    const printed = amounts.get(cell.cell) ?? null;
    if (cell.source.basis !== 'computed') {
      if (printed !== UNREADABLE) return [];
      const message = `${agency}: ${cell.cell} 不是数值, 未计入汇总 (not a number, left out of the sum)`;
      return [{ ...finding('not-a-number', 'error', [cell.cell], String(texts[cell.cell]), null, message), cases }];
    }
    if (printed === null || printed === UNREADABLE) return [];
    const sum = sumOf(form, cell, [{ agency, paper, amounts }]);
    if (sum === printed || (sum === null && printed === 0n)) return [];
    const rule = form.rules.find((one) => (one.rule === 'sum' || one.rule === 'row-total') && one.total === cell.cell);
    const name = rule?.rule === 'row-total' ? 'row-total' : 'sum';
    const cells = [cell.cell, ...explainedBy(form, cell.cell).map((leaf) => leaf.cell)];
    const message = `${agency}: ${cell.cell} 的报表合计与各子栏不符, 汇总按子栏计 (printed total is not its parts; the sum takes the parts)`;
    return [{ ...finding(name, 'error', cells, printAmount(printed), sum === null ? null : printAmount(sum), message), cases }];
  });
}

/** Cells of a row that a counted member has not declared: the sum is short of them. */
function undeclared(form: Form, year: number, parts: readonly Part[]): Finding[] {
  return rowsOf(form, year).flatMap((row): Finding[] => {
    const open = cellsOf(row)
      .filter((cell) => declarable(cell) !== null)
      .map(({ cell }) => ({ cell, agencies: parts.filter(({ paper, amounts }) => paper === null && amounts.get(cell) == null) }))
      .filter(({ agencies }) => agencies.length > 0);
    if (open.length === 0) return [];
    const cells = open.map(({ cell }) => cell);
    const agencies = [...new Set(open.flatMap((one) => one.agencies.map(({ agency }) => agency)))];
    const message = `${cells.join(', ')} ${row.label} 未填报 (nothing declared): ${agencies.join(', ')}`;
    return [finding('not-declared', 'info', cells, null, null, message)];
  });
}
