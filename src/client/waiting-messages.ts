/**
 * What waits to be sent, in its order, and which of it may go next. A message goes when everything before it that
 * concerns it is settled; all others go side by side.
 */
import { lanesOf, type Lanes } from './message.js';

export interface Waiting {
  readonly number: number;
  /** The message as JSON. */
  readonly json: string;
  readonly bytes: number;
  readonly lanes: Lanes;
  /** Times that the service put it off. */
  tries: number;
  /** Not sent again before, ms since 1970. */
  notBefore: number;
}

export function waitingOf(number: number, json: string): Waiting {
  return { number, json, bytes: Buffer.byteLength(json), lanes: lanesOf(json), tries: 0, notBefore: 0 };
}

/** What one request takes, at most. */
export interface Limits {
  readonly messages: number;
  readonly bytes: number;
}

export interface Picked {
  readonly messages: readonly Waiting[];
  /** When one that is put off may go again, ms since 1970; null where none is. */
  readonly wakeAt: number | null;
}

export class WaitingMessages {
  readonly #messages = new Map<number, Waiting>();

  get size(): number {
    return this.#messages.size;
  }

  add(message: Waiting): void {
    this.#messages.set(message.number, message);
  }

  remove(number: number): void {
    this.#messages.delete(number);
  }

  /**
   * The next request: in order, and no two that concern each other, as the service may put off the first and take the
   * second. Nothing of a held lane.
   */
  pick(limits: Limits, held: Iterable<string>, now: number): Picked {
    const taken = new Taken(held);
    const messages: Waiting[] = [];
    let bytes = 0;
    let wakeAt: number | null = null;
    for (const message of this.#messages.values()) {
      if (messages.length >= limits.messages) break;
      const mayGo = !taken.meets(message.lanes);
      taken.add(message.lanes);
      if (!mayGo) continue;
      if (message.notBefore > now) wakeAt = Math.min(wakeAt ?? message.notBefore, message.notBefore);
      else if (messages.length === 0 || bytes + message.bytes <= limits.bytes) {
        messages.push(message);
        bytes += message.bytes + 1;
      }
    }
    return { messages, wakeAt };
  }

  /** Whether one waits, up to a number, that is not held up by a held lane. */
  hasUpTo(number: number, held: Iterable<string>): boolean {
    const taken = new Taken(held);
    for (const message of this.#messages.values()) {
      if (message.number > number) return false;
      if (!taken.meets(message.lanes)) return true;
      taken.add(message.lanes);
    }
    return false;
  }

  /** Those of a case, in order. */
  ofCase(lane: string): Waiting[] {
    return [...this.#messages.values()].filter(({ lanes }) => lanes.writes.includes(lane));
  }
}

/** Lanes of the messages before: who writes one waits for all before it, who reads one for those that write it. */
class Taken {
  readonly #written: Set<string>;
  readonly #read = new Set<string>();

  constructor(held: Iterable<string>) {
    this.#written = new Set(held);
  }

  meets({ writes, reads }: Lanes): boolean {
    return writes.some((lane) => this.#written.has(lane) || this.#read.has(lane)) || reads.some((lane) => this.#written.has(lane));
  }

  add({ writes, reads }: Lanes): void {
    for (const lane of writes) this.#written.add(lane);
    for (const lane of reads) this.#read.add(lane);
  }
}
