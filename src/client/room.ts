/** How much an outbox holds at most, and who waits for room in it: in the order they came. */
import { EmitterError } from './emitter-error.js';

export interface Bound {
  readonly messages: number;
  readonly bytes: number;
}

interface Asking {
  readonly bytes: number;
  readonly enter: () => void;
}

export class Room {
  readonly #bound: Bound;
  readonly #waits: boolean;
  #messages = 0;
  #bytes = 0;
  #closed = false;
  #asking: Asking[] = [];

  constructor(bound: Bound, whenFull: 'wait' | 'reject') {
    this.#bound = bound;
    this.#waits = whenFull === 'wait';
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is there already: it is taken however much it is. */
  hold(bytes: number): void {
    this.#messages += 1;
    this.#bytes += bytes;
  }

  /**
   * Takes room as soon as there is some and begins `inside` in the same moment, so that nobody overtakes; gives it back
   * where that fails. Errors: its own; `EmitterError` `outbox-full` where nobody waits, `closed`; the reason of
   * `signal`.
   */
  async enter(bytes: number, inside: () => Promise<void>, signal?: AbortSignal): Promise<void> {
    if (this.#closed) throw closed();
    signal?.throwIfAborted();
    if (this.#asking.length === 0 && this.#fits(bytes)) {
      return this.#inside(bytes, inside);
    }
    if (!this.#waits)
      throw new EmitterError('outbox-full', `the outbox holds ${this.#messages} messages of ${this.#bytes} bytes, as much as it may`);
    await new Promise<void>((resolve) => {
      const aborted = (): void => {
        this.#asking = this.#asking.filter((one) => one !== asking);
        resolve(failedBy(signal));
        this.#admit();
      };
      const asking: Asking = {
        bytes,
        enter: () => {
          signal?.removeEventListener('abort', aborted);
          if (this.#closed) return resolve(failedBy(undefined));
          resolve(this.#inside(bytes, inside));
        },
      };
      signal?.addEventListener('abort', aborted, { once: true });
      this.#asking.push(asking);
    });
  }

  async #inside(bytes: number, inside: () => Promise<void>): Promise<void> {
    this.hold(bytes);
    try {
      await inside();
    } catch (error) {
      this.leave(bytes);
      throw error;
    }
  }

  leave(bytes: number): void {
    this.#messages -= 1;
    this.#bytes -= bytes;
    this.#admit();
  }

  /** Nobody enters any more; who waits is told. */
  close(): void {
    this.#closed = true;
    const asking = this.#asking;
    this.#asking = [];
    for (const { enter } of asking) enter();
  }

  /** One larger than the bound enters an empty outbox: else it would wait for ever. */
  #fits(bytes: number): boolean {
    if (this.#messages === 0) return true;
    return this.#messages < this.#bound.messages && this.#bytes + bytes <= this.#bound.bytes;
  }

  #admit(): void {
    for (let [next] = this.#asking; next !== undefined && this.#fits(next.bytes); [next] = this.#asking) {
      this.#asking.shift();
      next.enter();
    }
  }
}

/** Errors: the reason of the signal, else `closed`. */
export async function failedBy(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  throw closed();
}

function closed(): EmitterError {
  return new EmitterError('closed', 'the emitter is closed: open it again to send');
}
