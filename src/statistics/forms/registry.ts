/** The forms this program holds. A new year's form is a new file here and a line below; no old table changes. */
import type { FormCatalog } from '../../domain/case.js';
import { cellOf, declarable, headingOf, prints, serves, takes, type Form } from '../form.js';
import type { SectionHeads } from '../heads.js';
import { fujian2014 } from './2014-fujian.js';
import { shandong2014 } from './2014-shandong.js';
import { report2019 } from './2019.js';
import { report2021 } from './2021.js';
import type { RegisteredForm } from './registered.js';

/** In the order in which the forms of an agency are looked through for the one that serves a year. */
export const REGISTERED: readonly RegisteredForm[] = [shandong2014, fujian2014, report2019, report2021];

export const FORMS: readonly Form[] = REGISTERED.map(({ form }) => form);

export function findForm(id: string): Form | undefined {
  return FORMS.find((form) => form.id === id);
}

/**
 * What a form prints over its columns; empty where every row prints one value, and for a form that this program does
 * not hold.
 */
export function headsOf(id: string): readonly SectionHeads[] {
  return REGISTERED.find(({ form }) => form.id === id)?.heads ?? [];
}

/** The form an agency with these forms reports a year on; undefined when none of them serves it. */
export function formForYear(ids: readonly string[], year: number): Form | undefined {
  return FORMS.find((form) => ids.includes(form.id) && serves(form, year));
}

export const formCatalog: FormCatalog = {
  isKnown: (id) => findForm(id) !== undefined,
  prints: (id, year, cell, value) => {
    const form = findForm(id);
    return form !== undefined && prints(form, year, cell, value);
  },
  declarable: (id, cell) => {
    const form = findForm(id);
    if (form === undefined) return 'unknown-form';
    const found = cellOf(form, cell);
    if (found === undefined) return headingOf(form, cell) === undefined ? 'unknown-cell' : 'cell-not-declarable';
    return declarable(found) ?? 'cell-not-declarable';
  },
  takes: (id, cell, value) => {
    const form = findForm(id);
    const found = form === undefined ? undefined : cellOf(form, cell);
    return found !== undefined && takes(found, value);
  },
};
