/**
 * Lines as the bytes they are written as, while they come. Kept as texts until their member is full they would be taken
 * for lasting by the heap, thousands at a time.
 */
const LEAST = 64 * 1024;
/** Of UTF-8, for one unit of UTF-16. */
const MOST_BYTES = 3;

export interface TakenLines {
  readonly bytes: Buffer;
  readonly lines: number;
}

export class LineBytes {
  #bytes = Buffer.allocUnsafe(LEAST);
  /** What was taken last, on its way. */
  #taken = Buffer.allocUnsafe(LEAST);
  #length = 0;
  #lines = 0;

  get lines(): number {
    return this.#lines;
  }

  add(line: string): void {
    this.#reserve(line.length * MOST_BYTES + 1);
    this.#length += this.#bytes.write(line, this.#length);
    this.#length = this.#bytes.writeUInt8(0x0a, this.#length);
    this.#lines += 1;
  }

  /** All of them, until they are taken again: then their bytes are written over. */
  take(): TakenLines {
    const taken = { bytes: this.#bytes.subarray(0, this.#length), lines: this.#lines };
    [this.#bytes, this.#taken] = [this.#taken, this.#bytes];
    [this.#length, this.#lines] = [0, 0];
    return taken;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
