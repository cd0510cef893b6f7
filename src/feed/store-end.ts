/**
 * How far the read store has come, told to all who wait for more. It is asked of the store itself: what another process
 * wrote there is seen like what this one did.
 */

/** ms between two looks while somebody waits: how much later than it is recorded an event is told, at most. */
const LOOK_MS = 100;

export class StoreEnd {
  readonly #index: () => number;
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;
  /** What the last look found. */
  #seen = -1;

  /** `index`: of the last event that is whole in the store. */
  constructor(index: () => number) {
    this.#index = index;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Index of the last event that may be told. */
  now(): number {
    return this.#index();
  }

  /**
   * Returns when there is an event behind the index, after `ms`, when who waits is gone, or when nothing is told any
   * more.
   */
  async behind(index: number, ms: number, gone: AbortSignal): Promise<void> {
    if (this.#stopped || gone.aborted || this.now() > index) return;
    await new Promise<void>((resolve) => {
      const end = Date.now() + ms;
      const look = (): void => {
        if (!this.#stopped && !gone.aborted && this.#seen <= index && Date.now() < end) return;
        this.#waiting.delete(look);
        gone.removeEventListener('abort', look);
        resolve();
      };
      this.#waiting.add(look);
      gone.addEventListener('abort', look);
      this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
    });
  }

  /** One question to the store for all who wait. */
  #look(): void {
    if (!this.#stopped) this.#seen = this.#found();
    for (const look of this.#waiting) look();
    if (this.#waiting.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** A store that gives no answer wakes all who wait: each asks by itself, and is told why. */
  #found(): number {
    try {
      return this.#index();
    } catch {
      return Infinity;
    }
  }

  /** Nobody waits any longer. */
  stop(): void {
    this.#stopped = true;
    this.#look();
  }
}
