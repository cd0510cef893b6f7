/** A table as files hold it: a published one, one that `table --json` prints, or rows with their labels. */
import { isObject } from '../encoding/unknown-values.js';
import { cellsOf, rowsOf, type Form } from '../statistics/form.js';
import { findForm, FORMS } from '../statistics/forms/registry.js';
import { NotATable, readTable, type PublishedTable } from '../statistics/published-table.js';
import { simplified } from './rules/traditional.js';

const HINT = 'A table is {"agency", "year", "form", "cells": {…}}, or what `disclosure table --json` prints.';

/** `year`: where the file names none, that of the report. Errors: `NotATable`. */
export function tableIn(value: unknown, year: number | null): PublishedTable {
  if (!isObject(value) || isObject(value['cells'])) return readTable(value, findForm);
  const { rows } = value;
  if (!Array.isArray(rows)) return readTable(value, findForm);
  const named = { year, ...value };
  if (rows.every((row) => isObject(row) && typeof row['code'] === 'string'))
    return readTable({ ...named, cells: cellsByCode(rows) }, findForm);
  const labelled = rows.map((row: unknown) =>
    isObject(row) ? { label: String(row['label']), value: row['value'] } : { label: '', value: null },
  );
  const form = FORMS.find((known) => labelled.every(({ label }, at) => same(label, known.rows[at]?.label)));
  if (form === undefined) throw new NotATable('not-a-table', 'its rows are those of no form', HINT);
  return readTable({ ...named, form: form.id, cells: cellsByLabel(form, labelled, year) }, findForm);
}

function cellsByCode(rows: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(
    rows.filter(isObject).flatMap(({ code, cells, value }): [string, unknown][] => {
      if (isObject(cells)) return Object.entries(cells).map(([column, printed]) => [`${String(code)}:${column}`, printed]);
      return [[String(code), value]];
    }),
  );
}

function cellsByLabel(form: Form, rows: readonly { readonly value: unknown }[], year: number | null): Record<string, unknown> {
  const cells = rowsOf(form, year ?? form.firstYear).map((row) => cellsOf(row)[0]?.cell);
  return Object.fromEntries(cells.flatMap((cell, at) => (cell === undefined ? [] : [[cell, rows[at]?.value ?? null] as const])));
}

function same(label: string, other: string | undefined): boolean {
  const bare = (text: string): string => text.normalize('NFKC').replace(/\s/g, '');
  return other !== undefined && bare(label) === bare(other);
}

/** The year that a report's title or its period names; null where neither does. */
export function yearOfReport(text: string): number | null {
  const plain = simplified(text);
  const named = /(20\d\d)年?度?[^《，。\n]{0,12}政府信息公开/.exec(plain)?.[1] ?? /(20\d\d)年1月1日/.exec(plain)?.[1];
  return named === undefined ? null : Number(named);
}

/** Whose report it is, by its title in simplified characters; null where it has none. */
export function agencyOfReport(text: string): string | null {
  const title =
    simplified(text)
      .split('\n')
      .find((line) => TITLE.test(line.trim())) ?? '';
  const { before, behind } = TITLE.exec(title.trim())?.groups ?? {};
  const [named = ''] = [before, behind].filter((name) => name !== undefined && name !== '');
  return named === '' ? null : named;
}

const TITLE =
  /^(?<before>\p{Script=Han}{2,30})?\s*20\d\d\s*年度?(?<behind>(?!政府信息公开)\p{Script=Han}{2,30}?)?政府信息公开(?:工作)?(?:年度报告|年报|工作报告)/u;
