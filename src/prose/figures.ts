/** A table as prose is held against it, with what its ledger counts besides: values in pieces and in 元. */
import { parseDecimal } from '../encoding/decimal.js';
import { readPrinted, SCALE, type Amount } from '../statistics/amount.js';
import { cellsIn, type Form } from '../statistics/form.js';
import type { PublishedTable } from '../statistics/published-table.js';

export interface Figures {
  readonly form: Form;
  readonly year: number;
  readonly agency: string | null;
  /** Figures of the ledger by code, `s.items`; none where the table is of a file or of paper. */
  readonly counted: Counted;
  /** In units of 10^-SCALE of a piece or of a 元; null where nothing is printed and nothing follows. */
  valueOf(cell: string): bigint | null;
}

export type Counted = ReadonlyMap<string, string>;

const NONE: Counted = new Map();

const YUAN: Readonly<Record<string, bigint>> = { 元: 1n, 万元: 10_000n };

export function figuresOf(table: PublishedTable, counted: Counted = NONE): Figures {
  const { form, year, agency } = table;
  const units = new Map(cellsIn(form, year).map(({ cell, unit }) => [cell, YUAN[unit ?? ''] ?? 1n] as const));
  const printed = (cell: string): bigint | null => {
    const figure = counted.get(cell);
    if (figure !== undefined) return parseDecimal(figure, SCALE);
    const amount: Amount = table.amounts.get(cell) ?? unknownCell(table, cell);
    return typeof amount === 'bigint' ? amount * (units.get(cell) ?? 1n) : null;
  };
  const one = (cell: string): bigint | null => printed(cell) ?? implied(form, cell, printed);
  return {
    form,
    year,
    agency,
    counted,
    valueOf: (cell) => cell.split('|').reduce<bigint | null>((found, name) => found ?? one(name), null),
  };
}

/** A row that the form lacks, as tables of older years have them. */
function unknownCell({ form, year, cells }: PublishedTable, cell: string): Amount {
  if (cellsIn(form, year).some((known) => known.cell === cell)) return null;
  return readPrinted(cells[cell], { unit: null, negative: false }).amount;
}

/**
 * What a blank must be by the sums of its form: a part of a total that its other parts add up to is 0, and the only
 * blank part is what they leave; a blank total is the sum of what is filled.
 */
function implied(form: Form, cell: string, printed: (cell: string) => bigint | null): bigint | null {
  for (const rule of form.rules) {
    if (rule.rule !== 'sum' && rule.rule !== 'row-total') continue;
    const values = rule.parts.map(printed);
    const sum = values.reduce<bigint>((total, value) => total + (value ?? 0n), 0n);
    if (rule.total === cell && values.some((value) => value !== null)) return sum;
    const total = printed(rule.total);
    if (total === null || !rule.parts.includes(cell)) continue;
    if (total === sum) return 0n;
    if (values.filter((value) => value === null).length === 1) return total - sum;
  }
  return null;
}
