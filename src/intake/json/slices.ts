/**
 * Long work in slices: a generator does a slice with each `next`, and gives its result at its end. Who runs it decides
 * what happens between two slices: a service lets others have their turn, a command goes on.
 */

/** Bytes read in one slice at most. It is also the largest message: one message is never cut. */
export const SLICE_BYTES = 256 * 1024;
/** Messages decided in one slice at most. */
export const SLICE_MESSAGES = 4;

export type Sliced<T> = Generator<void, T, void>;

export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Runs `pause` between two slices. */
export async function inSlices<T>(work: Sliced<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await pause();
  }
}

/** Gives the messages one by one, and pauses before the slice they are in is full. */
export async function* paced(messages: Iterable<Uint8Array>, pause: () => Promise<void>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let count = 0;
  for (const message of messages) {
    if (count > 0 && (count >= SLICE_MESSAGES || bytes + message.length > SLICE_BYTES)) {
      await pause();
      bytes = 0;
      count = 0;
    }
    yield message;
    bytes += message.length;
    count += 1;
  }
}

/** The turn of the last pause that was asked for. */
let last: Promise<void> = Promise.resolve();

/**
 * The pause of a service: whoever waits for the event loop comes first. Each pause ends in a turn of its own, in the
 * order they began: the slices of many requests never come in one turn, which would hold up all others for their sum.
 */
export function nextTurn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
