/**
 * Which event first had an id, in memory: eight bytes for each, twice that in a table half full. Keys are 32 bits of
 * the id, so what is found may be another event: who asks compares the id itself.
 */

/** Slots at the beginning; always a power of two. */
const FIRST_SLOTS = 2 ** 12;

export class IdsAtHand {
  /** Pairs of a key and an index + 1, 0 = empty; the next free place behind that of the key. */
  #slots = new Uint32Array(2 * FIRST_SLOTS);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  add(id: Buffer, index: number): void {
    // Three quarters full: from there on looking takes long.
    if (this.#count * 8 >= this.#slots.length * 3) this.#grow();
    put(this.#slots, keyOf(id), index + 1);
    this.#count += 1;
  }

  /** Indexes of events that may have the id, in no order. */
  *candidates(id: Buffer): Generator<number> {
    const slots = this.#slots;
    const key = keyOf(id);
    const mask = slots.length / 2 - 1;
    for (let at = key & mask; ; at = (at + 1) & mask) {
      const value = slots[2 * at + 1] ?? 0;
      if (value === 0) return;
      if (slots[2 * at] === key) yield value - 1;
    }
  }

  /** Whether there are any. Asked for every event. */
  mayHold(id: Buffer): boolean {
    return this.candidates(id).next().done !== true;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) {
      const value = old[at + 1] ?? 0;
      if (value !== 0) put(this.#slots, old[at] ?? 0, value);
    }
  }
}

function put(slots: Uint32Array, key: number, value: number): void {
  const mask = slots.length / 2 - 1;
  let at = key & mask;
  while (slots[2 * at + 1] !== 0) at = (at + 1) & mask;
  slots[2 * at] = key;
  slots[2 * at + 1] = value;
}

/** Of all its bytes, as an id may be made by anybody. */
function keyOf(id: Buffer): number {
  let key = 0;
  for (let at = 0; at + 4 <= id.length; at += 4) {
    key = Math.imul(key ^ id.readUInt32LE(at), 0x9e3779b1);
    key ^= key >>> 15;
  }
  return key >>> 0;
}
