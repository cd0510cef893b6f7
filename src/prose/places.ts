/**
 * Where each form prints what reports speak of. One name for one thing across the forms: rules of words name places,
 * and never a form.
 */
import { cellsIn, type Form } from '../statistics/form.js';
import { REGISTERED } from '../statistics/forms/registry.js';
import { FIGURE_PLACES } from './rules/figure-places.js';
import type { Figures } from './figures.js';

/** Forms by the one they are a variant of. Both annual reports print most things alike. */
type Family = 'annual' | '2019' | '2021' | '2014-shandong' | '2014-fujian';

/**
 * Cells whose sum it is. `*` is the column of the applicants spoken of; `#` behind a row stands for the row and all
 * rows under it; of two cells with `|` between them the first that the table prints is taken.
 */
type Cells = readonly string[];

const remedies = (rows: Cells, column: string): Cells => rows.map((row) => `${row}:${column}`);

const OUTCOMES = ['upheld', 'corrected', 'other', 'pending', 'total'] as const;
const REMEDY_ROWS = {
  reconsideration: ['4.1'],
  lawsuit: ['4.2', '4.3'],
  'lawsuit-direct': ['4.2'],
  'lawsuit-after': ['4.3'],
  remedy: ['4.1', '4.2', '4.3'],
} as const;
const REMEDIES_2014: Readonly<Record<string, Partial<Record<Family, Cells>>>> = {
  'reconsideration.total': { '2014-shandong': ['4'], '2014-fujian': ['6:year'] },
  'reconsideration.upheld': { '2014-shandong': ['4.1'] },
  'reconsideration.corrected': { '2014-shandong': ['4.2'] },
  'reconsideration.other': { '2014-shandong': ['4.3'] },
  'lawsuit.total': { '2014-shandong': ['5'], '2014-fujian': ['7:year'] },
  'lawsuit.upheld': { '2014-shandong': ['5.1'] },
  'lawsuit.corrected': { '2014-shandong': ['5.2'] },
  'lawsuit.other': { '2014-shandong': ['5.3'] },
  'remedy.total': { '2014-shandong': ['4', '5'], '2014-fujian': ['6:year', '7:year'] },
};

/** 复议 and 诉讼 by outcome: `reconsideration.upheld`, `lawsuit.total` … */
const REMEDY_PLACES = Object.fromEntries(
  Object.entries(REMEDY_ROWS).flatMap(([of, rows]) =>
    OUTCOMES.map((outcome) => [`${of}.${outcome}`, { ...REMEDIES_2014[`${of}.${outcome}`], annual: remedies(rows, outcome) }] as const),
  ),
);

const PLACES: Readonly<Record<string, Partial<Record<Family, Cells>>>> = {
  received: { annual: ['3.1:*'], '2014-shandong': ['3.1'], '2014-fujian': ['2:year'] },
  'carried-in': { annual: ['3.2:*'] },
  closed: { annual: ['3.3.7:*'], '2014-shandong': ['3.2'], '2014-fujian': ['3:year'] },
  'closed-in-time': { annual: ['3.3.7:*'], '2014-shandong': ['3.2.1'], '2014-fujian': ['3:year'] },
  'closed-extended': { '2014-shandong': ['3.2.2'] },
  replied: { annual: ['3.3.7:*'], '2014-shandong': ['3.3'], '2014-fujian': ['3:year'] },
  'carried-over': { annual: ['3.4:*'] },

  granted: { annual: ['3.3.1:*'], '2014-shandong': ['3.3.2'], '2014-fujian': ['3.1:year'] },
  'already-public': { '2014-shandong': ['3.3.1'] },
  'partly-granted': { annual: ['3.3.2:*'], '2014-shandong': ['3.3.3'], '2014-fujian': ['3.2:year'] },
  refused: { annual: ['3.3.3#:*'], '2014-shandong': ['3.3.4'], '2014-fujian': ['3.3:year'] },
  unavailable: { annual: ['3.3.4#:*'] },
  'not-processed': { annual: ['3.3.5#:*'] },
  otherwise: { annual: ['3.3.6#:*'], '2014-fujian': ['3.4:year'] },
  'otherwise-other': { '2021': ['3.3.6.3:*'] },
  'other-agency': { '2014-shandong': ['3.3.5'] },
  'not-existing': { '2014-shandong': ['3.3.6'] },
  'not-held': { annual: ['3.3.4.1:*'] },
  'needs-creation': { annual: ['3.3.4.2:*'] },
  'still-unclear': { annual: ['3.3.4.3:*'] },
  supplement: { '2014-shandong': ['3.3.7'] },
  'other-channel': { '2014-shandong': ['3.3.8'] },
  'state-secret': { annual: ['3.3.3.1:*'], '2014-shandong': ['3.3.4.of1'] },
  'forbidden-by-law': { annual: ['3.3.3.2:*'], '2014-shandong': ['3.3.4.of6'] },
  'safety-stability': { annual: ['3.3.3.3:*'], '2014-shandong': ['3.3.4.of4'] },
  'third-party': { annual: ['3.3.3.4:*'] },
  'trade-secret': { '2014-shandong': ['3.3.4.of2'] },
  privacy: { '2014-shandong': ['3.3.4.of3'] },
  'internal-affairs': { annual: ['3.3.3.5:*'] },
  'process-information': { annual: ['3.3.3.6:*'] },
  'enforcement-file': { annual: ['3.3.3.7:*'] },
  'inquiry-matter': { annual: ['3.3.3.8:*'] },
  petition: { annual: ['3.3.5.1:*'] },
  repeated: { annual: ['3.3.5.2:*'] },
  'published-material': { annual: ['3.3.5.3:*'] },
  excessive: { annual: ['3.3.5.4:*'] },
  'confirm-again': { annual: ['3.3.5.5:*'] },
  'not-supplemented': { '2021': ['3.3.6.1:*'] },
  'fee-unpaid': { '2021': ['3.3.6.2:*'] },

  'in-person': { '2014-shandong': ['3.1.1'], '2014-fujian': ['2.1:year'] },
  fax: { '2014-shandong': ['3.1.2'], '2014-fujian': ['2.a:year'] },
  // Until 2013 Fujian printed 电子邮件 and 网上 apart, and 传真 and 信函: tables of those years name these rows by letters.
  online: { '2014-shandong': ['3.1.3'], '2014-fujian': ['2.2:year|2.c:year'] },
  email: { '2014-fujian': ['2.b:year'] },
  letter: { '2014-shandong': ['3.1.4'], '2014-fujian': ['2.3:year|2.d:year'] },
  'other-way': { '2014-shandong': ['3.1.5'], '2014-fujian': ['2.e:year'] },

  released: { '2014-shandong': ['1.1'], '2014-fujian': ['1:year'] },
  'released-so-far': { '2014-fujian': ['1:cumulative'] },
  website: { '2014-shandong': ['1.2.1'], '2014-fujian': ['1.1:year'] },
  gazette: { '2014-fujian': ['1.2:year'] },
  weibo: { '2014-shandong': ['1.2.2'] },
  wechat: { '2014-shandong': ['1.2.3'] },
  'other-channels': { '2014-shandong': ['1.2.4'] },
  'documents-made': { annual: ['2.1.2:made'], '2014-shandong': ['1.1.ref1'] },
  'documents-published': { '2019': ['2.1.2:published'], '2014-shandong': ['1.1.of1'] },
  'documents-repealed': { '2021': ['2.1.2:repealed'] },
  'documents-in-force': { '2021': ['2.1.2:in-force'], '2019': ['2.1.2:total-public'] },
  'rules-made': { annual: ['2.1.1:made'] },
  'rules-published': { '2019': ['2.1.1:published'] },
  'rules-repealed': { '2021': ['2.1.1:repealed'] },
  'rules-in-force': { '2021': ['2.1.1:in-force'], '2019': ['2.1.1:total-public'] },
  permits: { annual: ['2.5.1:decisions'] },
  'other-services': { '2019': ['2.5.2:decisions'] },
  punishments: { annual: ['2.6.1:decisions'] },
  coercions: { annual: ['2.6.2:decisions'] },
  'fee-income': { '2021': ['2.8.1:amount'] },
  purchases: { '2019': ['2.9.1:purchases'] },
  'purchase-amount': { '2019': ['2.9.1:amount'] },
  fees: { '2014-shandong': ['8'] },
  'fees-waived': { '2014-fujian': ['4:year'] },

  topics: { '2014-shandong': ['2.1'] },
  'press-conferences': { '2014-shandong': ['2.2.1'] },
  'press-conferences-chief': { '2014-shandong': ['2.2.1.of1'] },
  interpretations: { '2014-shandong': ['2.2.2'] },
  'topics-weibo-wechat': { '2014-shandong': ['2.2.3'] },
  complaints: { '2014-shandong': ['6'] },
  deliveries: { '2014-shandong': ['7'] },
  'deliveries-paper': { '2014-shandong': ['7.1'] },
  'deliveries-electronic': { '2014-shandong': ['7.2'] },
  offices: { '2014-shandong': ['9.1'] },
  'reading-rooms': { '2014-shandong': ['9.2'] },
  staff: { '2014-shandong': ['9.3'] },
  'staff-full-time': { '2014-shandong': ['9.3.1'] },
  'staff-part-time': { '2014-shandong': ['9.3.2'] },
  funds: { '2014-shandong': ['9.4'] },
  meetings: { '2014-shandong': ['10.1'] },
  trainings: { '2014-shandong': ['10.2'] },
  trainees: { '2014-shandong': ['10.3'] },
  ...REMEDY_PLACES,
};

export const PLACE_NAMES: readonly string[] = [...new Set([...Object.keys(PLACES), ...Object.keys(FIGURE_PLACES)])];

function familiesOf(form: Form): readonly Family[] {
  const variant = REGISTERED.find(({ form: { id } }) => id === form.id)?.variant;
  const id = variant?.of.form.id ?? form.id;
  if (id === '2019' || id === '2021') return [id, 'annual'];
  return id === '2014-shandong' || id === '2014-fujian' ? [id] : [];
}

/**
 * The cells of a place in a form, with the columns of these applicants; null where the form does not print it, or not
 * by applicants.
 */
export function cellsOfPlace(form: Form, year: number, place: string, columns: readonly string[] | null): readonly string[] | null {
  const cells = familiesOf(form).flatMap((family) => PLACES[place]?.[family] ?? []);
  if (cells.length === 0 || (columns !== null && !cells.every((cell) => cell.endsWith(':*')))) return null;
  return cells.flatMap((cell) => expand(form, year, cell, columns ?? ['total']));
}

/** The same in a table and its ledger: what the form does not print may be counted all the same. */
export function placeIn({ form, year, counted }: Figures, place: string, columns: readonly string[] | null): readonly string[] | null {
  const cells = cellsOfPlace(form, year, place, columns);
  if (cells !== null || columns !== null) return cells;
  const codes = FIGURE_PLACES[place];
  return codes?.every((code) => counted.has(code)) === true ? codes : null;
}

function expand(form: Form, year: number, cell: string, columns: readonly string[]): string[] {
  if (cell.includes('|')) return [cell];
  const [row = '', column] = cell.split(':');
  const rows = row.endsWith('#') ? rowsUnder(form, year, row.slice(0, -1)) : [row];
  return rows.flatMap((code) => (column === '*' ? columns : [column]).map((name) => (name === undefined ? code : `${code}:${name}`)));
}

function rowsUnder(form: Form, year: number, code: string): string[] {
  const codes = cellsIn(form, year).map(({ row }) => row.code);
  return [...new Set(codes)].filter((found) => found === code || found.startsWith(`${code}.`));
}
