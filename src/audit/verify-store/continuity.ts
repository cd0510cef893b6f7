/**
 * Whether events, as they come, can be streams without a gap and without a repeat. A healthy log is told so in a few
 * bytes an event; of any other the scratch file is asked what is wrong (sequence.ts). So this may doubt a sound log.
 */

const LEAST = 1 << 16;
/** Of an id the first bytes are kept, as a number that is exact. */
const ID_BYTES = 6;
const FNV_PRIME = 0x01000193;

const seed = (): number => Math.floor(Math.random() * 2 ** 32);

export class Continuity {
  /**
   * Streams by two hashes of their name, each with a factor drawn for this run: nobody can choose names that meet. That
   * two meet by chance, and their revisions fit each other, is less likely than that two ids do.
   */
  #first = new Uint32Array(LEAST);
  #second = new Uint32Array(LEAST);
  /** Events seen of the stream in this slot; 0 = free. */
  #counts = new Uint32Array(LEAST);
  #streams = 0;
  readonly #seeds = [seed(), seed()] as const;
  /** The beginnings of all ids. */
  #ids = new Float64Array(LEAST);
  #size = 0;
  #doubtful = false;
  /** Events of one stream often follow one another. */
  #last: { readonly stream: string | null; readonly slot: number } = { stream: null, slot: 0 };

  /** `id` in bytes; none of an event that cannot be read, which is known already. */
  take(stream: string, revision: number, id: Buffer): void {
    if (this.#doubtful) return;
    const slot = stream === this.#last.stream ? this.#last.slot : this.#slotOf(stream);
    this.#last = { stream, slot };
    const count = this.#counts[slot] ?? 0;
    this.#counts[slot] = count + 1;
    this.#doubtful = revision !== count || id.length < ID_BYTES;
    if (!this.#doubtful) this.#keep(id.readUIntLE(0, ID_BYTES));
    if (count === 0) this.#added();
  }

  /** False where a revision is not the next of its stream, or two events may have one id. To be asked at the end. */
  isSound(): boolean {
    const ids = this.#ids.subarray(0, this.#size).sort();
    return !this.#doubtful && ids.every((id, at) => at === 0 || id !== ids[at - 1]);
  }

  #keep(id: number): void {
    if (this.#size === this.#ids.length) {
      const longer = new Float64Array(this.#size * 2);
      longer.set(this.#ids);
      this.#ids = longer;
    }
    this.#ids[this.#size] = id;
    this.#size += 1;
  }

  /** The slot of a stream, or a free one for it. */
  #slotOf(stream: string): number {
    let [first, second] = this.#seeds;
    for (let at = 0; at < stream.length; at += 1) {
      const code = stream.charCodeAt(at);
      first = Math.imul(first ^ code, FNV_PRIME);
      second = Math.imul(second + code, 0x9e3779b1) ^ (second >>> 15);
    }
    const slot = this.#find(first >>> 0, second >>> 0);
    this.#first[slot] = first;
    this.#second[slot] = second;
    return slot;
  }

  #find(first: number, second: number): number {
    const mask = this.#counts.length - 1;
    let slot = first & mask;
    while (this.#counts[slot] !== 0 && (this.#first[slot] !== first || this.#second[slot] !== second)) slot = (slot + 1) & mask;
    return slot;
  }

  /** Half of the slots stay free. */
  #added(): void {
    this.#streams += 1;
    if (this.#streams * 2 < this.#counts.length) return;
    const [firsts, seconds, counts] = [this.#first, this.#second, this.#counts];
    this.#first = new Uint32Array(counts.length * 2);
    this.#second = new Uint32Array(counts.length * 2);
    this.#counts = new Uint32Array(counts.length * 2);
    this.#last = { stream: null, slot: 0 };
    counts.forEach((count, at) => {
      if (count === 0) return;
      const [first, second] = [firsts[at] ?? 0, seconds[at] ?? 0];
      const slot = this.#find(first, second);
      this.#first[slot] = first;
      this.#second[slot] = second;
      this.#counts[slot] = count;
    });
  }
}
