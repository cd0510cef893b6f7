/**
 * Which ids may have been seen, in little more than a byte for each: one that was added is always told, of those that
 * were not one in a hundred is (a Bloom filter). Ids are UUIDs, whose bits fall evenly: they are their own hashes.
 */

/** Bits of one part, and ids until the next one is begun: about ten bits an id. */
const BITS = 2 ** 23;
const IDS = 800_000;
const PART_MASK = BITS - 1;

type Places = readonly [number, number, number, number];

export class KnownIds {
  readonly #parts: Uint32Array[] = [];
  /** Ids in the last part. */
  #count = IDS;

  /** As text in lower case, or as its 16 bytes. */
  add(id: string | Buffer): void {
    if (this.#count === IDS) {
      this.#parts.push(new Uint32Array(BITS / 32));
      this.#count = 0;
    }
    const part = this.#parts[this.#parts.length - 1] as Uint32Array;
    for (const place of placesOf(id)) part[place >>> 5] = (part[place >>> 5] as number) | (1 << (place & 31));
    this.#count += 1;
  }

  mayHold(id: string | Buffer): boolean {
    const places = placesOf(id);
    return this.#parts.some((part) => places.every((place) => ((part[place >>> 5] as number) & (1 << (place & 31))) !== 0));
  }
}

/** Four places of a UUID, out of all of its 122 bits that vary. */
function placesOf(id: string | Buffer): Places {
  const [a, b, c, d] = typeof id === 'string' ? wordsOfText(id) : wordsOfBytes(id);
  return [a & PART_MASK, d & PART_MASK, (rotated(a, 13) ^ b) & PART_MASK, (rotated(d, 17) ^ rotated(b, 7) ^ (c << 8)) & PART_MASK];
}

/** Its first 64 bits, the 16 behind them, and its last 32. */
type Words = readonly [number, number, number, number];

function wordsOfText(id: string): Words {
  return [wordAt(id, 0, 8), (wordAt(id, 9, 13) << 16) | wordAt(id, 14, 18), wordAt(id, 19, 23), wordAt(id, 24, 36)];
}

function wordsOfBytes(id: Buffer): Words {
  return [id.readInt32BE(0), id.readInt32BE(4), id.readUInt16BE(8), id.readInt32BE(12)];
}

/** The last 32 bits of what the digits say. */
function wordAt(id: string, from: number, to: number): number {
  let word = 0;
  for (let at = from; at < to; at += 1) {
    const code = id.charCodeAt(at);
    word = (word << 4) | (code <= 0x39 ? code - 0x30 : code - 0x57);
  }
  return word;
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
