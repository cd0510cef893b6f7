/**
 * Which stream used an event id first. Ids are UUIDs made from a message's source and id, so their bits are spread evenly; a table of a million takes
 * some 50 MB, a Map of strings three times that.
 */
const LEAST = 1 << 16;

export class SeenIds {
  /** Four words of an id, and the stream's number + 1; 0 = free. */
  #words = new Uint32Array(LEAST * 4);
  #streams = new Uint32Array(LEAST);
  #size = 0;
  readonly #id = new Uint32Array(4);

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
    if (this.#size * 2 >= this.#streams.length) this.#grow();
    const slot = this.#slotOf(this.#words, this.#streams, id, 0);
    const known = this.#streams[slot] as number;
    if (known !== 0) return known - 1;
    this.#words.set(id, slot * 4);
    this.#streams[slot] = stream + 1;
    this.#size += 1;
    return stream;
  }

  #slotOf(words: Uint32Array, streams: Uint32Array, id: Uint32Array, at: number): number {
    const mask = streams.length - 1;
    for (let slot = (id[at] as number) & mask; ; slot = (slot + 1) & mask) {
      if (streams[slot] === 0) return slot;
      const place = slot * 4;
      if (words[place] === id[at] && words[place + 1] === id[at + 1] && words[place + 2] === id[at + 2] && words[place + 3] === id[at + 3])
        return slot;
    }
  }

  #grow(): void {
    const [words, streams] = [new Uint32Array(this.#words.length * 2), new Uint32Array(this.#streams.length * 2)];
    for (let from = 0; from < this.#streams.length; from += 1) {
      if (this.#streams[from] === 0) continue;
      const slot = this.#slotOf(words, streams, this.#words, from * 4);
      words.set(this.#words.subarray(from * 4, from * 4 + 4), slot * 4);
      streams[slot] = this.#streams[from] as number;
    }
    [this.#words, this.#streams] = [words, streams];
  }
}

const DASH = 16;

/** The value of a hexadecimal digit, `DASH`, or below zero. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  return code === 45 ? DASH : -1;
}
