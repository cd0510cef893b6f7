/** What a balance lists after closes and voids. */
import { stillOpen } from '../../src/read-models/figures/still-open.js';

const acts = (...rows: [index: number, amount: number, type?: string][]): number[] =>
  stillOpen(rows.map(([index, amount, type = 'application.act']) => ({ index, amount, type, stream: 1 }))).map(({ index }) => index);

test('received and not closed is open', () => {
  // Received and not closed is open; closed is not.
  expect(acts([1, 1])).toEqual([1]);
  expect(acts([1, 1], [2, -1])).toEqual([]);
});

test('a voided close leaves the receipt open', () => {
  // A close taken back leaves the receipt open, and not the void.
  expect(acts([1, 1], [2, -1], [3, 1, 'record.voided'])).toEqual([1]);
  expect(acts([1, 1], [2, -1], [3, 1, 'record.voided'], [4, -1])).toEqual([]);
});

test('a receipt recorded again counts by the second', () => {
  // A receipt taken back and recorded again is open by the second one.
  expect(acts([1, 1], [2, -1, 'record.voided'], [3, 1])).toEqual([3]);
});

test('cases and row order do not interfere', () => {
  // Cases do not touch each other; the order of rows does not matter.
  const row = (index: number, stream: number, amount: number) => ({ index, stream, amount, type: 'application.act' });
  expect(stillOpen([row(3, 1, -1), row(2, 2, 1), row(1, 1, 1)])).toEqual([row(2, 2, 1)]);
});
