/**
 * The acts of all cases, each behind the one of its case before it, as rows beside the heap: of a million events some
 * half a million are kept. They are objects only while somebody looks at their case; declared figures and tables, which
 * are few, stay objects too.
 */
import { Act, says, STANDS, type Saying } from './acts.js';
import { Rows } from './rows.js';

/** Columns. The id is told by its block, where it starts there, and its length in bytes. */
const INDEX = 0;
const DAY = 1;
const MS = 2;
const UNTIL = 3;
const BEFORE = 4;
const SAID = 5;
const SOURCE = 6;
const BLOCK = 7;
const START = 8;
const LENGTH = 9;
const COUNTS = 10;
const EXTENDED = 11;
const WIDTH = 12;

/** In the place of an act: none. */
export const NONE = -1;

/** Fees come in any amount; what else is said, in far fewer ways than this. */
const SAYINGS_KEPT = 10_000;
const BLOCK_BYTES = 1 << 18;

export class ActStore {
  readonly #rows = new Rows(Int32Array, WIDTH);
  /** Ids in UTF-8, which every id has that came through canonical JSON. */
  readonly #blocks: Buffer[] = [];
  #free = Infinity;
  /** One copy of what is said again and again, and of each source; by their numbers. */
  readonly #sayings: Saying[] = [];
  readonly #sayingNumbers = new Map<string, number>();
  readonly #sourceNumbers = new Map<string, number>();
  /** Acts that others hold too, by their rows. */
  readonly #kept = new Map<number, Act>();

  /**
   * Takes the act recorded last in its case, behind the one in row `before`, and the source and id of its message;
   * gives its row.
   */
  add(act: Act, before: number, { source, id }: { readonly source: string; readonly id: string }): number {
    const row = this.#rows.add();
    const set = (column: number, value: number): void => this.#rows.set(row, column, value);
    set(INDEX, act.index);
    set(DAY, act.day);
    set(MS, act.ms);
    set(UNTIL, STANDS);
    set(BEFORE, before);
    set(SAID, this.#sayingNumber(act.said));
    set(SOURCE, this.#sourceNumber(source));
    set(COUNTS, act.counts ? 1 : 0);
    set(EXTENDED, act.term === 'extended' ? 1 : 0);
    this.#keepId(row, id);
    if (says(act, 'figure') || says(act, 'table')) this.#kept.set(row, act);
    return row;
  }

  /** The acts of a case from the one in row `last` on, which leads to those before it; null for none. */
  chain(last: number): Act | null {
    const rows: number[] = [];
    for (let row = last; row !== NONE; row = this.#rows.get(row, BEFORE)) rows.push(row);
    let act: Act | null = null;
    for (let at = rows.length - 1; at >= 0; at -= 1) act = this.#read(rows[at] as number, act);
    return act;
  }

  /** Takes back, from event `index` on, what stands of a case under this id and source. */
  void(last: number, id: string, source: string | null, index: number): void {
    const number = source === null ? undefined : this.#sourceNumbers.get(source);
    const bytes = Buffer.from(id);
    for (let row = last; number !== undefined && row !== NONE; row = this.#rows.get(row, BEFORE)) {
      if (this.#rows.get(row, UNTIL) !== STANDS || this.#rows.get(row, SOURCE) !== number || !this.#hasId(row, bytes)) continue;
      this.#rows.set(row, UNTIL, index);
      const kept = this.#kept.get(row);
      if (kept !== undefined) kept.until = index;
    }
  }

  #read(row: number, before: Act | null): Act {
    const get = (column: number): number => this.#rows.get(row, column);
    const said = this.#sayings[get(SAID)] as Saying;
    const act = new Act(get(INDEX), get(DAY), get(MS), get(COUNTS) === 1, said, before);
    act.until = get(UNTIL);
    act.term = get(EXTENDED) === 1 ? 'extended' : 'ordinary';
    return act;
  }

  #keepId(row: number, id: string): void {
    const bytes = Buffer.byteLength(id);
    if (this.#free + bytes > (this.#blocks.at(-1)?.length ?? 0)) {
      this.#blocks.push(Buffer.alloc(Math.max(BLOCK_BYTES, bytes)));
      this.#free = 0;
    }
    (this.#blocks.at(-1) as Buffer).write(id, this.#free);
    this.#rows.set(row, BLOCK, this.#blocks.length - 1);
    this.#rows.set(row, START, this.#free);
    this.#rows.set(row, LENGTH, bytes);
    this.#free += bytes;
  }

  /** From the end on, where ids of one case differ. */
  #hasId(row: number, id: Buffer): boolean {
    if (this.#rows.get(row, LENGTH) !== id.length) return false;
    const block = this.#blocks[this.#rows.get(row, BLOCK)] as Buffer;
    const start = this.#rows.get(row, START);
    for (let at = id.length - 1; at >= 0; at -= 1) if (block[start + at] !== id[at]) return false;
    return true;
  }

  #sayingNumber(said: Saying): number {
    const isOwn = said.what === 'table' || said.what === 'figure';
    const name = isOwn ? '' : JSON.stringify(said);
    const known = isOwn ? undefined : this.#sayingNumbers.get(name);
    if (known !== undefined) return known;
    const number = this.#sayings.push(said) - 1;
    if (!isOwn && this.#sayingNumbers.size < SAYINGS_KEPT) this.#sayingNumbers.set(name, number);
    return number;
  }

  #sourceNumber(source: string): number {
    const known = this.#sourceNumbers.get(source);
    if (known !== undefined) return known;
    const number = this.#sourceNumbers.size;
    this.#sourceNumbers.set(source, number);
    return number;
  }
}
