/** Lets what comes in short order come together. Times are ms of any clock. */

/** Who comes with fewer, or slowly, waits for nothing. */
const TOGETHER_FROM = 4;

export class Gathering {
  readonly #span: number;
  #since = -Infinity;
  #count = 0;

  /** `span`: where some came within so long, the next ones wait for the end of it. */
  constructor(span: number) {
    this.#span = span;
  }

  /** So many are given. */
  given(count: number, now: number): void {
    if (now - this.#since >= this.#span) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count += count;
  }

  /** So long the next ones wait. */
  rest(now: number): number {
    return this.#count < TOGETHER_FROM ? 0 : Math.max(0, this.#since + this.#span - now);
  }
}
