/** Long work lets others have their turn, however many do it at once. */
import { nextTurn } from '../../src/intake/json/slices.js';
import { turnsOf } from '../support/turns.js';

test('pauses end in turns of their own', async () => {
  // Each in another turn of the event loop than the one before, in the order they began.
  const { answer: ended } = await turnsOf((turns) =>
    Promise.all(
      Array.from({ length: 20 }, async () => {
        await nextTurn();
        return turns();
      }),
    ),
  );
  expect(new Set(ended).size).toBe(20);
  expect(ended).toEqual(ended.toSorted((a, b) => a - b));
});
