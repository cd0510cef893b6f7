/**
 * A statistics form as data: rows in the printed order, their labels and units, and where each value comes from. A form never names an
 * event, an event never names a form: measures stand between them.
 */
import { parseDecimal } from '../domain/values.js';
import type { Rule } from './checks.js';
import type { Measure } from './measures.js';

/** Which contributions a cell adds up. */
export interface Selector {
  readonly measure: Measure;
  /** Per dimension, the values taken; a dimension not named takes every value. */
  readonly where?: Readonly<Record<string, readonly string[]>>;
}

/** Decimals of the whole-number amounts a cell adds up: 0 for pieces; money is whole fen, so 6 in 万元 and 2 in 元. */
export type Scale = 0 | 2 | 6;

export type CellSource =
  | { readonly basis: 'counted'; readonly select: Selector }
  | { readonly basis: 'declared'; readonly negative?: boolean }
  | { readonly basis: 'computed'; readonly sumOf: readonly string[] };

export interface FormRow {
  readonly code: string;
  /** Exactly as printed. */
  readonly label: string;
  /** As printed: 条, 件, 次, 万元 …; null where none is. */
  readonly unit: string | null;
  readonly scale: Scale;
  /** null for a heading, which prints no value. */
  readonly source: CellSource | null;
}

export interface Form {
  readonly id: string;
  readonly title: string;
  /** Report years it serves, both inclusive; null = still in force. */
  readonly firstYear: number;
  readonly lastYear: number | null;
  /** Where labels, order and rules come from. */
  readonly basis: string;
  readonly rows: readonly FormRow[];
  readonly rules: readonly Rule[];
}

export function serves(form: Form, year: number): boolean {
  return year >= form.firstYear && (form.lastYear === null || year <= form.lastYear);
}

export function rowOf(form: Form, cell: string): FormRow | undefined {
  return form.rows.find((row) => row.code === cell);
}

/** A printed value in units of 10^-6, the finest any form prints; null when it is no number. */
export function toMicros(value: string): bigint | null {
  return parseDecimal(value, 6);
}

/** The rows whose events explain a cell: itself, or for a computed one every counted or declared row below it. */
export function explainedBy(form: Form, cell: string): FormRow[] {
  const row = rowOf(form, cell);
  if (row?.source == null) return [];
  return row.source.basis === 'computed' ? row.source.sumOf.flatMap((part) => explainedBy(form, part)) : [row];
}

export function selects(selector: Selector, measure: string, dimensions: Readonly<Record<string, string>>): boolean {
  if (selector.measure !== measure) return false;
  return Object.entries(selector.where ?? {}).every(([dimension, values]) => values.includes(dimensions[dimension] ?? ''));
}
