/** The rows that were refused, as a CSV that a clerk mends and imports again: heads, cells, and why. */
import Papa from 'papaparse';
import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { guard } from '../encoding/spreadsheet-guard.js';
import { codeOf } from '../encoding/unknown-values.js';

/** The head of the column that says why. */
export const REASON = '原因';

const BOM = '\uFEFF';
const LINE_END = '\r\n';
/** Names that are tried before it is given up. */
const MOST = 1000;

interface Begun {
  readonly file: string;
  readonly descriptor: number;
  /** Columns that are written. */
  readonly places: readonly number[];
}

/** A file of its own for each import: what a clerk has begun to mend is never written over. */
export class RefusedRows {
  readonly #source: string;
  readonly #asked: string | undefined;
  readonly #heads: readonly (readonly string[])[];
  #open: Begun | null = null;

  /** `asked`: where it is to stand; else beside `source`, the spreadsheet. */
  constructor(source: string, asked: string | undefined, heads: readonly (readonly string[])[]) {
    this.#source = source;
    this.#asked = asked;
    this.#heads = heads;
  }

  /** null where no row was refused. */
  get file(): string | null {
    return this.#open?.file ?? null;
  }

  add(cells: readonly string[], reason: string): void {
    const { descriptor, places } = (this.#open ??= this.#begun());
    writeSync(descriptor, lineOf(cells, places, reason));
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.descriptor);
  }

  #begun(): Begun {
    const last = this.#heads.length - 1;
    // What was refused before has said why in a column of its own.
    const before = this.#heads[last]?.indexOf(REASON) ?? -1;
    const width = Math.max(0, ...this.#heads.map(({ length }) => length));
    const places = Array.from({ length: width }, (_none, at) => at).filter((at) => at !== before);
    const { file, descriptor } = newFile(this.#source, this.#asked);
    writeSync(descriptor, BOM + this.#heads.map((heads, at) => lineOf(heads, places, at === last ? REASON : '')).join(''));
    return { file, descriptor, places };
  }
}

/** Cells of a row in the columns of the heads; those behind them stand under no head and are left out. */
function lineOf(cells: readonly string[], places: readonly number[], reason: string): string {
  const texts = [...places.map((at) => cells[at] ?? ''), reason];
  return Papa.unparse([texts.map(guard)], { newline: LINE_END }) + LINE_END;
}

/** Errors: those of the file system. */
function newFile(source: string, asked: string | undefined): { readonly file: string; readonly descriptor: number } {
  if (asked !== undefined) return { file: asked, descriptor: openSync(asked, 'wx') };
  const name = basename(source).replace(/\.(?:csv|xlsx|txt)$/i, '');
  for (let number = 1; number <= MOST; number += 1) {
    const file = join(dirname(source), `${name}.refused${number === 1 ? '' : `-${number}`}.csv`);
    try {
      return { file, descriptor: openSync(file, 'wx') };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  throw new Error(`there are ${MOST} files of refused rows beside ${source}`);
}
