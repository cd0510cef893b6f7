/**
 * Reads JSON text as bytes, a slice at a time: says whether it is JSON, and where the values within the outermost array
 * or object begin and end. Takes exactly what JSON.parse takes of the same bytes in UTF-8, a byte order mark at the
 * beginning included. Whatever it reads, it holds one byte a level of nesting, and nothing of the values.
 */

/** A value directly within the outermost array or object. */
export interface Child {
  /** Where its name stands, quotes included; null within an array. */
  readonly name: readonly [start: number, end: number] | null;
  readonly start: number;
  readonly end: number;
}

/** What is expected next. */
const VALUE = 0;
const FIRST_ITEM = 1;
const FIRST_NAME = 2;
const NAME = 3;
const NAME_END = 4;
const AFTER_VALUE = 5;
const IN_STRING = 6;
const ESCAPED = 7;
const HEX = 8;
const LITERAL = 9;
/** Behind a minus, a leading zero, further digits; a point, digits behind it; an e, its sign, its digits. */
const MINUS = 10;
const ZERO = 11;
const DIGITS = 12;
const POINT = 13;
const FRACTION = 14;
const EXPONENT = 15;
const EXPONENT_SIGN = 16;
const EXPONENT_DIGITS = 17;

const ARRAY = 0x5b;
const OBJECT = 0x7b;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
const isHex = (byte: number): boolean => isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);

/** What may follow a backslash, `u` aside. */
const ESCAPES: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((character) => character.charCodeAt(0)));
const WORDS = [...['true', 'false', 'null'].map((word) => [...word].map((character) => character.charCodeAt(0)))];

export class JsonScanner {
  readonly #bytes: Uint8Array;
  readonly #onChild: (child: Child) => void;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #at = 0;
  #state = VALUE;
  #open = new Uint8Array(64);
  #depth = 0;
  #root: 'array' | 'object' | 'scalar' | null = null;
  /** The string being read is a name. */
  #naming = false;
  #hexLeft = 0;
  #word: readonly number[] = [];
  #wordAt = 0;
  #name: [number, number] | null = null;
  #childAt = 0;

  constructor(bytes: Uint8Array, onChild: (child: Child) => void) {
    this.#bytes = bytes;
    this.#onChild = onChild;
    if (BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte)) this.#at = BYTE_ORDER_MARK.length;
  }

  /** What the text holds outermost, as soon as it has begun. */
  get root(): 'array' | 'object' | 'scalar' | null {
    return this.#root;
  }

  /** Reads on, at most so many bytes. */
  read(most: number): 'more' | 'json' | 'malformed' {
    const stop = Math.min(this.#bytes.length, this.#at + most);
    const last = stop === this.#bytes.length;
    try {
      this.#decoder.decode(this.#bytes.subarray(this.#at, stop), { stream: !last });
    } catch {
      return 'malformed';
    }
    while (this.#at < stop) {
      if (!this.#step(this.#bytes[this.#at] as number, stop)) return 'malformed';
    }
    if (!last) return 'more';
    if (this.#inNumber()) this.#endValue(this.#at);
    return this.#state === AFTER_VALUE && this.#depth === 0 ? 'json' : 'malformed';
  }

  /** One byte, within a string as many as are plain. False where it cannot stand. */
  #step(byte: number, stop: number): boolean {
    const state = this.#state;
    if (state === IN_STRING) return this.#string(stop);
    if (state >= MINUS) return this.#number(byte);
    if (state < IN_STRING && isBlank(byte)) {
      this.#at += 1;
      return true;
    }
    switch (state) {
      case VALUE:
        return this.#value(byte);
      case FIRST_ITEM:
        return byte === 0x5d ? this.#close(ARRAY) : this.#value(byte);
      case FIRST_NAME:
        return byte === 0x7d ? this.#close(OBJECT) : this.#beginName(byte);
      case NAME:
        return this.#beginName(byte);
      case NAME_END:
        return byte === 0x3a && this.#go(VALUE);
      case AFTER_VALUE:
        return this.#afterValue(byte);
      case ESCAPED:
        return this.#escaped(byte);
      case HEX:
        return isHex(byte) && this.#go((this.#hexLeft -= 1) === 0 ? IN_STRING : HEX);
      default:
        return this.#literal(byte);
    }
  }

  #go(state: number): true {
    this.#state = state;
    this.#at += 1;
    return true;
  }

  #value(byte: number): boolean {
    if (this.#depth === 1) this.#childAt = this.#at;
    if (this.#root === null) this.#root = byte === ARRAY ? 'array' : byte === OBJECT ? 'object' : 'scalar';
    if (byte === 0x22) {
      this.#naming = false;
      return this.#go(IN_STRING);
    }
    if (byte === OBJECT || byte === ARRAY) return this.#push(byte);
    if (byte === 0x2d) return this.#go(MINUS);
    if (isDigit(byte)) return this.#go(byte === 0x30 ? ZERO : DIGITS);
    const word = WORDS.find(([first]) => first === byte);
    if (word === undefined) return false;
    this.#word = word;
    this.#wordAt = 1;
    return this.#go(LITERAL);
  }

  #push(kind: number): true {
    if (this.#depth === this.#open.length) {
      const larger = new Uint8Array(this.#open.length * 2);
      larger.set(this.#open);
      this.#open = larger;
    }
    this.#open[this.#depth] = kind;
    this.#depth += 1;
    return this.#go(kind === ARRAY ? FIRST_ITEM : FIRST_NAME);
  }

  #close(kind: number): boolean {
    if (this.#open[this.#depth - 1] !== kind) return false;
    this.#depth -= 1;
    this.#at += 1;
    this.#endValue(this.#at);
    return true;
  }

  /** A value ends before `end`. */
  #endValue(end: number): void {
    this.#state = AFTER_VALUE;
    if (this.#depth === 1) this.#onChild({ name: this.#name, start: this.#childAt, end });
  }

  #afterValue(byte: number): boolean {
    if (this.#depth === 0) return false;
    const kind = this.#open[this.#depth - 1] as number;
    if (byte === 0x2c) return this.#go(kind === ARRAY ? VALUE : NAME);
    if (byte === 0x5d) return this.#close(ARRAY);
    return byte === 0x7d && this.#close(OBJECT);
  }

  #beginName(byte: number): boolean {
    if (byte !== 0x22) return false;
    this.#naming = true;
    if (this.#depth === 1) this.#name = [this.#at, this.#at];
    return this.#go(IN_STRING);
  }

  #string(stop: number): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at] as number;
    while (byte !== 0x22 && byte !== 0x5c && byte >= 0x20) {
      at += 1;
      if (at === stop) break;
      byte = bytes[at] as number;
    }
    this.#at = at;
    if (at === stop) return true;
    if (byte === 0x5c) return this.#go(ESCAPED);
    return byte === 0x22 && this.#endString();
  }

  #endString(): true {
    this.#at += 1;
    if (!this.#naming) this.#endValue(this.#at);
    else {
      this.#state = NAME_END;
      if (this.#depth === 1 && this.#name !== null) this.#name[1] = this.#at;
    }
    return true;
  }

  #escaped(byte: number): boolean {
    if (byte !== 0x75) return ESCAPES.has(byte) && this.#go(IN_STRING);
    this.#hexLeft = 4;
    return this.#go(HEX);
  }

  #literal(byte: number): boolean {
    if (byte !== this.#word[this.#wordAt]) return false;
    this.#wordAt += 1;
    this.#at += 1;
    if (this.#wordAt === this.#word.length) this.#endValue(this.#at);
    return true;
  }

  #number(byte: number): boolean {
    const state = this.#state;
    if (isDigit(byte)) {
      if (state === ZERO) return false;
      if (state === MINUS) return this.#go(byte === 0x30 ? ZERO : DIGITS);
      if (state === POINT) return this.#go(FRACTION);
      return this.#go(state >= EXPONENT ? EXPONENT_DIGITS : state);
    }
    if (byte === 0x2e && (state === ZERO || state === DIGITS)) return this.#go(POINT);
    if ((byte | 0x20) === 0x65 && (state === ZERO || state === DIGITS || state === FRACTION)) return this.#go(EXPONENT);
    if ((byte === 0x2b || byte === 0x2d) && state === EXPONENT) return this.#go(EXPONENT_SIGN);
    if (!this.#inNumber()) return false;
    // The byte behind a number belongs to what follows it.
    this.#endValue(this.#at);
    return true;
  }

  /** In a number that may end here. */
  #inNumber(): boolean {
    const state = this.#state;
    return state === ZERO || state === DIGITS || state === FRACTION || state === EXPONENT_DIGITS;
  }
}
