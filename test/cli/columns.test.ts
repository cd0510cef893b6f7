/** Lines of cells as columns, for answers that are lists. */
import { inColumns } from '../../src/cli/render/columns.js';

test('columns fit their widest cell', () => {
  // Each column is as wide as its widest cell, and numbers end at its right.
  // A Chinese character takes two columns of a terminal; what stands behind the last cell is not printed.
  expect(inColumns(['多少 how many', ['政策', 'released', 7], ['a', 'in-clearance', 120], ['b']])).toEqual([
    '多少 how many',
    '  政策  released        7',
    '  a     in-clearance  120',
    '  b',
  ]);
});

test('a cell is one cell whatever it holds', () => {
  expect(
    inColumns([
      ['a\nb', 'c'],
      ['d', 'e'],
    ]),
  ).toEqual(['  a\\nb  c', '  d     e']);
});
