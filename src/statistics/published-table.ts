/**
 * A yearly table as it was published, typed by hand: `{agency, year, form, cells: {cell: value|null}}`. Other keys and cells the form lacks are
 * ignored; a cell that is absent is as blank as one with null.
 */
import { UNREADABLE, type Amount } from './amount.js';
import { check, finding, type Finding } from './checks.js';
import { serves, type Form } from './form.js';
import { amountsOf } from './table.js';

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
  return { form, year, cells, amounts: amountsOf(form, year, new Map(Object.entries(cells))) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every finding on a published table; rules between years only where `previous` is the table of the year before. */
export function checkPublished({ form, year, cells, amounts }: PublishedTable, previous: PublishedTable | null): Finding[] {
  const unreadable = [...amounts]
    .filter(([, amount]) => amount === UNREADABLE)
    .map(([cell]) => {
      const printed = typeof cells[cell] === 'string' ? cells[cell] : JSON.stringify(cells[cell]);
      return finding('not-a-number', 'error', [cell], printed, null, `${cell} 不是数值 (not a number): ${printed}`);
    });
  const otherForm = serves(form, year)
    ? []
    : [
        finding(
          'not-this-years-form',
          'warning',
          [],
          null,
          null,
          `${form.id} 不是 ${year} 年度适用的表式 (not the form in force for ${year})`,
        ),
      ];
  const lastYear = previous?.year === year - 1 ? { form: previous.form.id, amounts: previous.amounts } : null;
  return [...unreadable, ...check(form.rules, amounts, { form: form.id, published: true, lastYear }), ...otherForm];
}
