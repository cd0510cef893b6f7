/**
 * Rows of numbers beside the heap of objects: what is known of each of hundreds of thousands of streams, acts or ids,
 * in a fraction of the space of objects.
 */
interface Values {
  readonly length: number;
  [at: number]: number;
  set(from: this, at?: number): void;
}

const LEAST_ROWS = 1024;

/** `Type` is the typed array the numbers fit in: whatever does not fit is cut off by it. */
export class Rows<V extends Values> {
  readonly #type: new (length: number) => V;
  readonly #width: number;
  #values: V;
  #count = 0;

  constructor(type: new (length: number) => V, width: number) {
    this.#type = type;
    this.#width = width;
    this.#values = new type(LEAST_ROWS * width);
  }

  get count(): number {
    return this.#count;
  }

  /** A row of zeros behind the last; gives its number. */
  add(): number {
    const row = this.#count;
    this.#count += 1;
    if (this.#count * this.#width > this.#values.length) {
      const more = new this.#type(this.#values.length * 2);
      more.set(this.#values);
      this.#values = more;
    }
    return row;
  }

  get(row: number, column: number): number {
    return this.#values[row * this.#width + column] as number;
  }

  set(row: number, column: number, value: number): void {
    this.#values[row * this.#width + column] = value;
  }
}
