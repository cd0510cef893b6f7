/** Events that come in short order are given together, and who comes alone waits for nothing. */
import { Gathering } from '../../src/log/eventstoredb-follow.js';

const BATCH_MS = 1;

/** Batches come one after the other, as soon as they may; gives when each began, ms. */
function begins(counts: readonly number[], pauses: readonly number[] = []): number[] {
  const gathering = new Gathering();
  let now = 1000;
  return counts.map((count, at) => {
    now += pauses[at] ?? 0;
    now += gathering.rest(now);
    gathering.given(count, now);
    const began = now;
    now += BATCH_MS;
    return began - 1000;
  });
}

test('the first of many waits for nothing', () => {
  expect(begins([500])).toEqual([0]);
});

test('a few events wait for nothing', () => {
  expect(begins([1, 1, 1])).toEqual([0, 1, 2]);
});

test('one after another, slowly, none waits', () => {
  expect(begins([1, 1, 1, 1, 1], [0, 30, 30, 30, 30])).toEqual([0, 31, 62, 93, 124]);
});

test('many events wait for those behind them', () => {
  expect(begins([4, 4, 4])).toEqual([0, 25, 50]);
  expect(begins([1, 1, 1, 1, 1])).toEqual([0, 1, 2, 3, 25]);
});

test('a batch that took long is no wait', () => {
  const gathering = new Gathering();
  gathering.given(400, 0);
  expect(gathering.rest(60)).toBe(0);
});
