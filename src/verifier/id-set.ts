/** Ids of events with the number of their stream, 20 bytes each: a million fit where strings would take ten times the memory. Open addressing. */
const WORDS = 5;
const FIRST_SLOTS = 1 << 12;

export class IdSet {
  /** Four words of an id, and the number of its stream plus one; 0 = free. */
  #table = new Uint32Array(FIRST_SLOTS * WORDS);
  #slots = FIRST_SLOTS;
  #count = 0;

  /** `id` is a UUID, `stream` below 2^32 - 1. Adds it, or gives the stream it was added for before. */
  add(id: string, stream: number): number | null {
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    if (bytes.length !== 16) throw new RangeError('not a UUID');
    if (this.#count * 2 >= this.#slots) this.#grow();
    const words = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
    const at = this.#place(words);
    const held = this.#table[at + WORDS - 1] as number;
    if (held !== 0) return held - 1;
    this.#table.set([...words, stream + 1], at);
    this.#count += 1;
    return null;
  }

  /** Where these words stand, or would. */
  #place(words: ArrayLike<number>): number {
    const [a, b, c, d] = [words[0] as number, words[1] as number, words[2] as number, words[3] as number];
    for (let slot = (a ^ Math.imul(b, 0x9e3779b1) ^ c ^ d) & (this.#slots - 1); ; slot = (slot + 1) & (this.#slots - 1)) {
      const at = slot * WORDS;
      const table = this.#table;
      if (table[at + 4] === 0) return at;
      if (table[at] === a && table[at + 1] === b && table[at + 2] === c && table[at + 3] === d) return at;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#slots *= 2;
    this.#table = new Uint32Array(this.#slots * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 4] === 0) continue;
      const entry = old.subarray(at, at + WORDS);
      this.#table.set(entry, this.#place(entry));
    }
  }
}
