/**
 * Every result either text of the regulation knows that closes an application, with the row that takes it in each form:
 * by the words of the contract, written out so that no selector of a form is its own proof.
 */
export interface ResultRow {
  readonly law: '2008' | '2019';
  readonly outcome: string;
  readonly ground: string | undefined;
  /** null = no row: it counts in 3.2 only. */
  readonly shandong: string | null;
  readonly fujian: string | null;
  readonly of2019: string;
  readonly of2021: string;
}

const ROWS: readonly (readonly ['2008' | '2019', string, string | undefined, string | null, string | null, string, string])[] = [
  ['2008', 'already-public', undefined, '3.3.1', '3.1', '3.3.1', '3.3.1'],
  ['2008', 'granted', undefined, '3.3.2', '3.1', '3.3.1', '3.3.1'],
  ['2008', 'partly-granted', undefined, '3.3.3', '3.2', '3.3.2', '3.3.2'],
  ['2008', 'refused', 'state-secret', '3.3.4.of1', '3.3', '3.3.3.1', '3.3.3.1'],
  ['2008', 'refused', 'trade-secret', '3.3.4.of2', '3.3', '3.3.3.4', '3.3.3.4'],
  ['2008', 'refused', 'privacy', '3.3.4.of3', '3.3', '3.3.3.4', '3.3.3.4'],
  ['2008', 'refused', 'safety-stability', '3.3.4.of4', '3.3', '3.3.3.3', '3.3.3.3'],
  ['2008', 'refused', 'not-government-information', '3.3.4.of5', '3.3', '3.3.6', '3.3.6.3'],
  ['2008', 'refused', 'other-law', '3.3.4.of6', '3.3', '3.3.3.2', '3.3.3.2'],
  ['2008', 'other-agency', undefined, '3.3.5', '3.4', '3.3.4.1', '3.3.4.1'],
  ['2008', 'not-existing', undefined, '3.3.6', '3.4', '3.3.4.1', '3.3.4.1'],
  ['2008', 'other-channel', undefined, '3.3.8', '3.4', '3.3.6', '3.3.6.3'],
  ['2019', 'granted', undefined, '3.3.2', '3.1', '3.3.1', '3.3.1'],
  ['2019', 'partly-granted', undefined, '3.3.3', '3.2', '3.3.2', '3.3.2'],
  ['2019', 'refused', 'state-secret', null, null, '3.3.3.1', '3.3.3.1'],
  ['2019', 'refused', 'forbidden-by-law', null, null, '3.3.3.2', '3.3.3.2'],
  ['2019', 'refused', 'safety-stability', null, null, '3.3.3.3', '3.3.3.3'],
  ['2019', 'refused', 'third-party-rights', null, null, '3.3.3.4', '3.3.3.4'],
  ['2019', 'refused', 'internal-affairs', null, null, '3.3.3.5', '3.3.3.5'],
  ['2019', 'refused', 'process-information', null, null, '3.3.3.6', '3.3.3.6'],
  ['2019', 'refused', 'enforcement-file', null, null, '3.3.3.7', '3.3.3.7'],
  ['2019', 'refused', 'inquiry-matter', null, null, '3.3.3.8', '3.3.3.8'],
  ['2019', 'unavailable', 'not-held', null, null, '3.3.4.1', '3.3.4.1'],
  ['2019', 'unavailable', 'needs-creation', null, null, '3.3.4.2', '3.3.4.2'],
  ['2019', 'unavailable', 'still-unclear', null, null, '3.3.4.3', '3.3.4.3'],
  ['2019', 'not-processed', 'petition', null, null, '3.3.5.1', '3.3.5.1'],
  ['2019', 'not-processed', 'repeated', null, null, '3.3.5.2', '3.3.5.2'],
  ['2019', 'not-processed', 'published-material', null, null, '3.3.5.3', '3.3.5.3'],
  ['2019', 'not-processed', 'excessive', null, null, '3.3.5.4', '3.3.5.4'],
  ['2019', 'not-processed', 'confirm-again', null, null, '3.3.5.5', '3.3.5.5'],
  ['2019', 'otherwise', 'not-supplemented', null, null, '3.3.6', '3.3.6.1'],
  ['2019', 'otherwise', 'fee-unpaid', null, null, '3.3.6', '3.3.6.2'],
  ['2019', 'otherwise', 'other', null, null, '3.3.6', '3.3.6.3'],
];

export const RESULTS: readonly ResultRow[] = ROWS.map(([law, outcome, ground, shandong, fujian, of2019, of2021]) => ({
  law,
  outcome,
  ground,
  shandong,
  fujian,
  of2019,
  of2021,
}));
