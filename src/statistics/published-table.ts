/**
 * A yearly table as it was published, typed by hand, in a file or in a `table.declared`:
 * `{agency, year, form, cells: {cell: value|null}}`. Other keys are ignored, cells the form lacks are named; a cell
 * that is absent is as blank as one with null.
 */
import { isObject, messageOf } from '../encoding/unknown-values.js';
import { printAmount, readPrinted, UNREADABLE, type Amount, type Amounts, type PrintedVersion, type Reading } from './amount.js';
import { blankTotals, check, finding, type Finding, type LastYear } from './checks.js';
import { cellFindings } from './cell-findings.js';
import { cellsOf, mayBeNegative, prints, type Form, type FormCell } from './form.js';
import { actedCells, amountsIn, amountsOf, computeRows, layOut, otherForm, readingsOf, valuesOf } from './table.js';
import type { TableRow, YearFigures } from './table.js';

export type NotATableCode = 'not-json' | 'not-a-table' | 'unknown-form';

/** What was given is no published table. */
export class NotATable extends Error {
  override readonly name = 'NotATable';
  constructor(
    readonly code: NotATableCode,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

export interface PublishedTable {
  readonly form: Form;
  readonly year: number;
  /** As the file names it; null where it names none. */
  readonly agency: string | null;
  /** As printed. */
  readonly cells: Readonly<Record<string, unknown>>;
  /** Of the cells of the form. */
  readonly readings: ReadonlyMap<string, Reading>;
  readonly amounts: ReadonlyMap<string, Amount>;
}

const SHAPE = 'A published table is {"agency", "year": 2019, "form": "2019", "cells": {"3.1:total": "23", …}}.';

/** `shaped` makes a table of the parsed text; by itself `readTable`. Errors: `NotATable`. */
export function readPublishedTable(
  text: string,
  findForm: (id: string) => Form | undefined,
  shaped: (value: unknown) => PublishedTable = (value) => readTable(value, findForm),
): PublishedTable {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new NotATable('not-json', `it is no JSON: ${messageOf(error)}`, SHAPE);
  }
  return shaped(value);
}

/** The same of what was parsed. Errors: `NotATable`. */
export function readTable(value: unknown, findForm: (id: string) => Form | undefined): PublishedTable {
  if (!isObject(value)) throw new NotATable('not-a-table', 'it is no JSON object', SHAPE);
  const { year, form: id, cells } = value;
  if (typeof id !== 'string') throw new NotATable('not-a-table', 'it names no form', SHAPE);
  const form = findForm(id);
  if (form === undefined) throw new NotATable('unknown-form', `there is no form ${id}`, 'docs/contract/forms.md lists the forms.');
  if (typeof year !== 'number' || !Number.isInteger(year) || year < 2000 || year > 2100)
    throw new NotATable('not-a-table', 'its year is no year from 2000 to 2100', SHAPE);
  if (!isObject(cells)) throw new NotATable('not-a-table', 'it has no object "cells"', SHAPE);
  const { agency } = value;
  return { ...publishedTable({ form, year, cells }), agency: typeof agency === 'string' && agency.trim() !== '' ? agency : null };
}

/** `version`: of the stored event its cells stand in; today's where there is none. */
export function publishedTable(
  { form, year, cells }: Pick<PublishedTable, 'form' | 'year' | 'cells'>,
  version: PrintedVersion = 2,
): PublishedTable {
  const read = (cell: FormCell, printed: unknown): Reading =>
    readPrinted(printed, { unit: cell.unit, negative: mayBeNegative(cell) }, version);
  const readings = readingsOf(form, year, valuesIn(cells), read);
  return { form, year, agency: null, cells, readings, amounts: amountsIn(readings) };
}

/** Own names only: a cell may be called anything. */
function valuesIn(cells: Readonly<Record<string, unknown>>): Map<string, unknown> {
  return new Map(Object.entries(cells));
}

const NOTHING: Amounts = new Map();

/**
 * Every finding on a published table; rules between years only where `previous` is the table of the year before, and
 * not of another agency. Where a file does not say whose table it is, it is taken for the same agency's.
 */
export function checkPublished(table: PublishedTable, previous: PublishedTable | null): Finding[] {
  const before = previous?.year === table.year - 1 ? previous : null;
  const foreign = before !== null && !isOfOneAgency(table, before);
  const lastYear =
    before === null || foreign ? null : { shown: before.amounts, inForm: before.form === table.form ? before.amounts : NOTHING };
  return [...checkPrinted(table, lastYear), ...unknownCells(table), ...(foreign ? [otherAgency(table, before)] : [])];
}

export function isOfOneAgency(one: PublishedTable, other: PublishedTable): boolean {
  const name = ({ agency }: PublishedTable): string | null => agency?.normalize('NFKC').trim() ?? null;
  return one.agency === null || other.agency === null || name(one) === name(other);
}

function otherAgency(table: PublishedTable, previous: PublishedTable): Finding {
  const message = `上年度表为 ${previous.agency} 的, 本表为 ${table.agency} 的, 不作跨年核对 (last year's table is another agency's: not compared)`;
  return finding('other-agency', 'warning', [], null, null, message);
}

/**
 * Cells of the file in which the form prints no value for the year, all in one; the code of a heading may stand there
 * without one.
 */
function unknownCells({ form, year, cells }: PublishedTable): Finding[] {
  const unknown = Object.entries(cells).flatMap(([cell, value]) => (prints(form, year, cell, value !== null) ? [] : [cell]));
  if (unknown.length === 0) return [];
  const message = `${form.id} 表式 ${year} 年度无此栏目, 未核对 (cells the form does not print, not checked): ${unknown.join(', ')}`;
  return [finding('unknown-cell', 'info', unknown, null, null, message)];
}

/** The same beside last year's table however it came about. */
export function checkPrinted({ form, year, cells, readings, amounts }: PublishedTable, lastYear: LastYear | null): Finding[] {
  return [
    ...cellFindings(form, year, valuesIn(cells), readings),
    ...check(form.rules, amounts, { published: true, lastYear }),
    ...otherForm(form, year),
  ];
}

/** Its rows: every value as printed, also what is read as a blank; a cell that prints nothing is null. */
export function printedRows({ form, year, cells, readings }: PublishedTable): TableRow[] {
  const valueOf = (cell: string): string | null => {
    const { amount, said } = readings.get(cell) ?? { amount: null, said: null };
    return amount === null && said === null ? null : String(cells[cell]);
  };
  return layOut(form, year, valueOf, (row) => (cellsOf(row).length === 0 ? null : 'paper'));
}

/**
 * Where a printed value differs from the counted one, in cells in which an act of the year counts: left printed, right
 * counted. A value that is no number, and a total left blank over its parts, is reported itself; where nothing can be
 * counted (a stock without a base) there is nothing to compare.
 */
export function paperDiffers(table: PublishedTable, figures: YearFigures): Finding[] {
  const { form, year, amounts } = table;
  const live = amountsOf(form, year, valuesOf(computeRows(form, year, figures)));
  const blank = blankTotals(form.rules, amounts);
  return [...actedCells(form, year, figures)].flatMap((cell) => {
    const [printed, counted] = [amounts.get(cell) ?? null, live.get(cell)];
    if (blank.has(cell) || printed === UNREADABLE || typeof counted !== 'bigint' || printed === counted) return [];
    const left = printed === null ? null : printAmount(printed);
    return [
      finding(
        'paper-differs',
        'warning',
        [cell],
        left,
        printAmount(counted),
        `${cell} 报表所载与台账计数不一 (paper and counted acts differ)`,
      ),
    ];
  });
}
