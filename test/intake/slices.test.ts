/** Long work lets others have their turn, however many do it at once. */
import { nextTurn } from '../../src/intake/json/slices.js';

test('pauses end in turns of their own', async () => {
  // Each in another turn of the event loop than the one before, in the order they began.
  let turns = 0;
  let goesOn = true;
  const count = (): void => {
    turns += 1;
    if (goesOn) setImmediate(count);
  };
  setImmediate(count);
  const ended = await Promise.all(
    Array.from({ length: 20 }, async () => {
      await nextTurn();
      return turns;
    }),
  );
  goesOn = false;
  expect(new Set(ended).size).toBe(20);
  expect(ended).toEqual(ended.toSorted((a, b) => a - b));
});
