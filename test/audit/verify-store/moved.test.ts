/** Which events were moved: the fewest that explain another order. */
import fc from 'fast-check';
import { movedOf } from '../../../src/audit/verify-store/moved.js';
import { budget } from '../../support/budget.js';

const moved = (order: readonly number[]): ReturnType<typeof movedOf> =>
  movedOf(
    order.map((old, now) => [now, old] as const),
    order.length,
  );

test('nothing, one, a block, two that changed places', () => {
  expect(moved([])).toEqual([]);
  expect(moved([0, 1, 2, 3])).toEqual([]);
  expect(moved([1, 2, 3, 0, 4])).toEqual([{ old: 0, now: 3, count: 1, with: null }]);
  expect(moved([4, 5, 0, 1, 2, 3])).toEqual([{ old: 4, now: 0, count: 2, with: null }]);
  expect(moved([0, 4, 2, 3, 1, 5])).toEqual([{ old: 1, now: 4, count: 1, with: 4 }]);
  expect(moved([0, 2, 1, 3])).toEqual([expect.objectContaining({ old: 1, count: 1, with: 2 })]);
});

test('gaps and insertions count as no move', () => {
  // Places need not follow one another: what was taken out or put in between moves nothing.
  expect(
    movedOf(
      [
        [0, 0],
        [3, 7],
        [9, 8],
      ],
      3,
    ),
  ).toEqual([]);
});

test('the fewest moves leave the rest in order', () => {
  // Without what was moved the rest is in order, and no fewer would do.
  const shuffled = fc.integer({ min: 0, max: 7 }).chain((length) =>
    fc.shuffledSubarray(
      Array.from({ length }, (_, index) => index),
      { minLength: length },
    ),
  );
  const rises = (values: readonly number[]): boolean => values.every((value, at) => at === 0 || (values[at - 1] as number) < value);
  const longest = (values: readonly number[]): number => {
    let best = 0;
    for (let mask = 0; mask < 2 ** values.length; mask += 1) {
      const part = values.filter((_, at) => (mask >> at) & 1);
      if (rises(part)) best = Math.max(best, part.length);
    }
    return best;
  };
  fc.assert(
    fc.property(shuffled, (order) => {
      const found = moved(order);
      const names = new Set(
        found.flatMap(({ old, count, with: other }) => [
          ...Array.from({ length: count }, (_, at) => old + at),
          ...(other === null ? [] : [other]),
        ]),
      );
      expect(rises(order.filter((old) => !names.has(old)))).toBe(true);
      const pairs = found.filter(({ with: other }) => other !== null).length;
      const events = found.reduce((sum, { count }) => sum + count, 0);
      expect(pairs > 0 || events === order.length - longest(order)).toBe(true);
    }),
    { seed: 7, numRuns: budget(100, 300) },
  );
});
