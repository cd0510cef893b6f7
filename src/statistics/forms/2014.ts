/** What the forms of report years 2014 to 2018 have in common: they print the answers of the text of 2008. */
import type { Form, ResultNote, Selector } from '../form.js';
import { BALANCES, FINDINGS, type Absent } from './registered.js';

/** Granted and partly granted keep their rows; every other answer under the text of 2019 has none. */
const ANSWERS_OF_2019: Selector = {
  measure: 'application.replied',
  where: { law: ['2019'], outcome: ['refused', 'unavailable', 'not-processed', 'otherwise'] },
};

const NO_ROW: ResultNote = {
  rule: 'no-row-for-result',
  severity: 'warning',
  select: ANSWERS_OF_2019,
  names: 'cases',
  message: '按2019年条例作出的答复, 本表无对应栏目 (answers under the text of 2019 that no row of this form takes)',
};

/** A form of these years. */
export function form2014(own: Pick<Form, 'id' | 'title' | 'basis' | 'rows' | 'rules'>): Form {
  return { ...own, firstYear: 2014, lastYear: 2018, notes: [NO_ROW] };
}

/** What none of these forms counts. */
export const ABSENT_IN_2014: readonly Absent[] = [
  ...FINDINGS,
  ...BALANCES,
  ANSWERS_OF_2019,
  { measure: 'normative-document.repealed' },
  { measure: 'application.result' },
];

// ---- what the rows of these forms take ------------------------------------------------------------------------------

export const FIRST_RELEASED: Selector = { measure: 'item.first-released' };
export const RECEIVED: Selector = { measure: 'application.received' };

export const released = (...channel: string[]): Selector => ({ measure: 'item.released', where: { channel } });
export const received = (...channel: string[]): Selector => ({ measure: 'application.received', where: { channel } });
export const replied = (...outcome: string[]): Selector => ({ measure: 'application.replied', where: { outcome } });

/** Refused under the text of 2008, on these grounds or on any. */
export const refused = (...ground: string[]): Selector => ({
  measure: 'application.replied',
  where: { outcome: ['refused'], law: ['2008'], ...(ground.length === 0 ? {} : { ground }) },
});
