/** Runs at most `limit` tasks at once and gives their results in the order of the inputs. */
import { sure } from '../encoding/unknown-values.js';

export async function* inOrder<In, Out>(
  inputs: Iterable<In> | AsyncIterable<In>,
  limit: number,
  task: (input: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const running: Promise<Out>[] = [];
  for await (const input of inputs) {
    const result = task(input);
    // Awaited below, in its turn; until then a rejection must not count as unhandled.
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= limit) yield await sure(running.shift());
  }
  for (const result of running) yield await result;
}
