/** A pause of the delivery: for a time, or until something is there to do. One at a time. */
export class Pause {
  #over: (() => void) | null = null;
  #wakes = false;
  #woken = false;
  #ended = false;

  /** Ends what waits to be woken, or the next such wait. */
  wake(): void {
    this.#woken = true;
    if (this.#wakes) this.#over?.();
  }

  /** Ends this pause and every later one at once. */
  end(): void {
    this.#ended = true;
    this.#over?.();
  }

  /** Until woken, or so many ms; null is for ever. */
  async untilWoken(ms: number | null): Promise<void> {
    if (!this.#woken) {
      this.#wakes = true;
      await this.#wait(ms);
      this.#wakes = false;
    }
    this.#woken = false;
  }

  /** So many ms, whatever comes meanwhile. */
  sleep(ms: number): Promise<void> {
    return this.#wait(ms);
  }

  #wait(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(() => this.#over?.(), Math.max(0, ms));
      this.#over = () => {
        clearTimeout(timer);
        this.#over = null;
        resolve();
      };
      if (this.#ended) this.#over();
    });
  }
}
