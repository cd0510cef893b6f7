/**
 * Which stream used an event id first. A million ids take some 30 MB beside the heap, a Map of strings five times that
 * on it. Where an id is looked for follows from all of it and from factors drawn anew each time: whoever forges ids
 * cannot make them meet in one place.
 */
import { Rows } from './rows.js';

const LEAST = 1 << 16;
/** Behind the four words of an id: who used it first. */
const USER = 4;
/** A prime above any half of a word. */
const PRIME = 2 ** 31 - 1;

type Eight = readonly [number, number, number, number, number, number, number, number];

function factor(): number {
  return 1 + Math.floor(Math.random() * (PRIME - 1));
}

export class SeenIds {
  /** In the order in which they came. */
  readonly #ids = new Rows(Uint32Array, 5);
  /** By hash: the row of an id + 1; 0 = free. */
  #slots = new Uint32Array(LEAST);
  readonly #id = new Uint32Array(4);
  /** For each half of a word. */
  readonly #factors: Eight = [factor(), factor(), factor(), factor(), factor(), factor(), factor(), factor()];

  /** The stream that used the id first: this one, unless an earlier event has it. */
  firstUser(eventId: string, stream: number): number {
    const id = this.#id;
    for (let word = 0, from = 0; word < 4; word += 1) {
      let value = 0;
      for (let digits = 0; digits < 8; from += 1) {
        const digit = hexDigit(eventId.charCodeAt(from));
        if (digit === DASH) continue;
        if (digit < 0) throw new Error(`${eventId} is no event id`);
        value = (value << 4) | digit;
        digits += 1;
      }
      id[word] = value;
    }
    if (this.#ids.count * 2 >= this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    let slot = this.#home(id[0] as number, id[1] as number, id[2] as number, id[3] as number) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const row = (this.#slots[slot] as number) - 1;
      if (this.#isAt(row)) return this.#ids.get(row, USER);
    }
    const row = this.#ids.add();
    for (let word = 0; word < 4; word += 1) this.#ids.set(row, word, id[word] as number);
    this.#ids.set(row, USER, stream);
    this.#slots[slot] = row + 1;
    return stream;
  }

  /**
   * Below `PRIME`; two ids have the same by a chance of one in so many. The sum of eight products of 31 and 16 bits is
   * exact.
   */
  #home(a: number, b: number, c: number, d: number): number {
    const factors = this.#factors;
    const sum =
      factors[0] * (a >>> 16) +
      factors[1] * (a & 0xffff) +
      factors[2] * (b >>> 16) +
      factors[3] * (b & 0xffff) +
      factors[4] * (c >>> 16) +
      factors[5] * (c & 0xffff) +
      factors[6] * (d >>> 16) +
      factors[7] * (d & 0xffff);
    return sum % PRIME;
  }

  /** Whether the id asked for is that of the row. */
  #isAt(row: number): boolean {
    const [ids, id] = [this.#ids, this.#id];
    return ids.get(row, 0) === id[0] && ids.get(row, 1) === id[1] && ids.get(row, 2) === id[2] && ids.get(row, 3) === id[3];
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let row = 0; row < this.#ids.count; row += 1) {
      let slot = this.#home(this.#ids.get(row, 0), this.#ids.get(row, 1), this.#ids.get(row, 2), this.#ids.get(row, 3)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
    this.#slots = slots;
  }
}

const DASH = 16;

/** The value of a hexadecimal digit, `DASH`, or below zero. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  return code === 45 ? DASH : -1;
}
