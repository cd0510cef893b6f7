/**
 * A yearly table as it was published, typed by hand, in a file or in a `table.declared`: `{agency, year, form, cells: {cell: value|null}}`. Other keys and cells the form lacks are
 * ignored; a cell that is absent is as blank as one with null.
 */
import { UNREADABLE, printAmount, type Amount, type Amounts } from './amount.js';
import { check, finding, type Finding, type LastYear } from './checks.js';
import { cellsOf, type Form } from './form.js';
import { actedCells, amountsOf, computeRows, layOut, otherForm, valuesOf, type TableRow, type YearFigures } from './table.js';

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
  /** As printed. */
  readonly cells: Readonly<Record<string, unknown>>;
  readonly amounts: ReadonlyMap<string, Amount>;
}

const SHAPE = 'A published table is {"agency", "year": 2019, "form": "2019", "cells": {"3.1:total": "23", …}}.';

/** Errors: `NotATable`. */
export function readPublishedTable(text: string, findForm: (id: string) => Form | undefined): PublishedTable {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new NotATable('not-json', `it is no JSON: ${(error as Error).message}`, SHAPE);
  }
  if (!isObject(value)) throw new NotATable('not-a-table', 'it is no JSON object', SHAPE);
  const { year, form: id, cells } = value;
  if (typeof id !== 'string') throw new NotATable('not-a-table', 'it names no form', SHAPE);
  const form = findForm(id);
  if (form === undefined) throw new NotATable('unknown-form', `there is no form ${id}`, 'Name a form listed in the README.');
  if (typeof year !== 'number' || !Number.isInteger(year) || year < 2000 || year > 2100)
    throw new NotATable('not-a-table', 'its year is no year from 2000 to 2100', SHAPE);
  if (!isObject(cells)) throw new NotATable('not-a-table', 'it has no object "cells"', SHAPE);
  return publishedTable(form, year, cells);
}

export function publishedTable(form: Form, year: number, cells: Readonly<Record<string, unknown>>): PublishedTable {
  return { form, year, cells, amounts: amountsOf(form, year, new Map(Object.entries(cells))) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NOTHING: Amounts = new Map();

/** Every finding on a published table; rules between years only where `previous` is the table of the year before. */
export function checkPublished(table: PublishedTable, previous: PublishedTable | null): Finding[] {
  if (previous?.year !== table.year - 1) return checkPrinted(table, null);
  return checkPrinted(table, { shown: previous.amounts, inForm: previous.form === table.form ? previous.amounts : NOTHING });
}

/** The same beside last year's table however it came about. */
export function checkPrinted({ form, year, cells, amounts }: PublishedTable, lastYear: LastYear | null): Finding[] {
  const unreadable = [...amounts]
    .filter(([, amount]) => amount === UNREADABLE)
    .map(([cell]) => {
      const printed = typeof cells[cell] === 'string' ? cells[cell] : JSON.stringify(cells[cell]);
      return finding('not-a-number', 'error', [cell], printed, null, `${cell} 不是数值 (not a number): ${printed}`);
    });
  return [...unreadable, ...check(form.rules, amounts, { published: true, lastYear }), ...otherForm(form, year)];
}

/** Its rows: every value as printed; what is blank is null. */
export function printedRows({ form, year, cells, amounts }: PublishedTable): TableRow[] {
  const valueOf = (cell: string): string | null => (amounts.get(cell) == null ? null : String(cells[cell]));
  return layOut(form, year, valueOf, (row) => (cellsOf(row).length === 0 ? null : 'paper'));
}

/**
 * Where a printed value differs from the counted one, in cells in which an act of the year counts: left printed, right counted. A value that is no
 * number is reported itself; where nothing can be counted (a stock without a base) there is nothing to compare.
 */
export function paperDiffers(table: PublishedTable, figures: YearFigures): Finding[] {
  const { form, year, amounts } = table;
  const live = amountsOf(form, year, valuesOf(computeRows(form, year, figures)));
  return [...actedCells(form, year, figures)].flatMap((cell) => {
    const [printed, counted] = [amounts.get(cell) ?? null, live.get(cell)];
    if (printed === UNREADABLE || typeof counted !== 'bigint' || printed === counted) return [];
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
