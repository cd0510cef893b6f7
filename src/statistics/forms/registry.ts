/** The forms this program holds. A new year's form is a new file here and a line below; no old table changes. */
import type { FormCatalog } from '../../domain/case.js';
import { cellOf, declarable, headingOf, prints, serves, takes, type Form } from '../form.js';
import type { PrintedForm, SectionHeads } from '../heads.js';
import { form2014Fujian, heads2014Fujian } from './2014-fujian.js';
import { form2014Shandong } from './2014-shandong.js';
import { form2019, heads2019 } from './2019.js';
import { form2021, heads2021 } from './2021.js';

const PRINTED: readonly PrintedForm[] = [
  { form: form2014Shandong, heads: [] },
  { form: form2014Fujian, heads: heads2014Fujian },
  { form: form2019, heads: heads2019 },
  { form: form2021, heads: heads2021 },
];

export const FORMS: readonly Form[] = PRINTED.map(({ form }) => form);

export function findForm(id: string): Form | undefined {
  return FORMS.find((form) => form.id === id);
}

/** What a form prints over its columns; empty where every row prints one value, and for a form that this program does not hold. */
export function headsOf(id: string): readonly SectionHeads[] {
  return PRINTED.find(({ form }) => form.id === id)?.heads ?? [];
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
