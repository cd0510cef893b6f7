/**
 * Where a form says something, as `src/statistics/forms/2014-fujian.ts:57`. A form stands in the file with its id and
 * in those that this one imports; a row is found by its code, of two rows of one code by its label too.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../../src/encoding/unknown-values.js';
import type { Form } from '../../src/statistics/form.js';

const ROOT = join(__dirname, '../..');
export const FORMS_FOLDER = 'src/statistics/forms';

interface Line {
  readonly file: string;
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** With the two lines behind it: a long row is written over several. */
  readonly more: string;
}

/** Texts that stand for files while a test holds a form with a fault. */
const instead = new Map<string, string>();

/** Looks into this text where the file was meant, until the next call. */
export function readInstead(file: string, text: string): void {
  instead.clear();
  instead.set(file, text);
}

export const textOf = (file: string): string => instead.get(file) ?? readFileSync(join(ROOT, file), 'utf8');

export function linesIn(file: string): Line[] {
  const lines = textOf(file).split('\n');
  return lines.map((text, at) => ({ file, number: at + 1, text, more: lines.slice(at, at + 3).join('\n') }));
}

/** Files under forms/ that hold a form of their own, by its id. A variant names its id in the same way. */
export function formFiles(): Map<string, string> {
  const files = readdirSync(join(ROOT, FORMS_FOLDER)).map((name) => `${FORMS_FOLDER}/${name}`);
  return new Map(files.flatMap((file) => [...textOf(file).matchAll(/^\s*id: '([^']+)'/gm)].map(([, id = '']) => [id, file] as const)));
}

/** The file of a form, then what it is made of, nearest first. */
function filesOf(id: string): string[] {
  const own = formFiles().get(id);
  const files = own === undefined ? [] : [own];
  for (const file of files)
    for (const [, from = ''] of textOf(file).matchAll(/from '(\.{1,2}\/[^']+)\.js'/g)) {
      const other = `${join(dirname(file), from)}.ts`;
      const holdsRows = other.startsWith(`${FORMS_FOLDER}/`) || other.endsWith('/heads.ts');
      if (holdsRows && !files.includes(other) && existsSync(join(ROOT, other))) files.push(other);
    }
  return files;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const placeIn = ({ file, number }: Line): string => `${file}:${number}`;

export type Sought = 'row' | 'total' | 'rule';

/**
 * By what is looked for, the lines that may say it, best first. `row('3.1', …`, `code: '3.1'`; `'3.1': [parts]`; any
 * other line with '3.1'.
 */
function looksFor(code: string, sought: Sought): RegExp[] {
  const name = `'${escaped(code)}(?::[\\w-]+)?'`;
  const row = new RegExp(`(?:^\\s*|\\(|code: )${name},`);
  const total = new RegExp(`^\\s*${name}: \\[`);
  const rule = new RegExp(`^(?!\\s*(?:row|line|byKind|documents|\\{ \\.\\.\\.line)\\().*${name}`);
  const any = new RegExp(name);
  return { row: [row, any], total: [total, row, any], rule: [rule, any] }[sought];
}

/** Where the form says this cell or row; where it says nothing of it, the line with its id. */
export function placeOf(form: Pick<Form, 'id' | 'rows'>, cell: string, sought: Sought = 'row'): string {
  const lines = filesOf(form.id).flatMap(linesIn);
  const code = cell.replace(/:.*/, '');
  const labels = form.rows.filter((row) => row.code === code).map(({ label }) => label);
  for (const looked of looksFor(code, sought)) {
    const found = lines.filter(({ text }) => looked.test(text));
    const best = found.find(({ more }) => labels.some((label) => more.includes(`'${label}'`))) ?? found[0];
    if (best !== undefined) return placeIn(best);
  }
  return placeOfText(form.id, `id: '${form.id}'`);
}

/** Where a column is said that a row has in common with others; undefined where the row says it itself. */
export function columnPlaceOf(form: Pick<Form, 'id'>, cell: string): string | undefined {
  const column = cell.split(':')[1];
  if (column === undefined) return undefined;
  const looked = new RegExp(`^\\s*'?${escaped(column)}'?: `);
  const line = filesOf(form.id)
    .filter((file) => !file.endsWith('/heads.ts'))
    .flatMap(linesIn)
    .find(({ text }) => looked.test(text));
  return line === undefined ? undefined : placeIn(line);
}

/** Where the form, or what it is made of, says this text. */
export function placeOfText(id: string, text: string): string {
  const lines = filesOf(id).flatMap(linesIn);
  const found = lines.find((line) => line.text.includes(text)) ?? lines.find((line) => line.text.includes(`id: '${id}'`));
  return found === undefined ? `${FORMS_FOLDER}/registry.ts:1` : placeIn(found);
}

/** An entry of a to-do list: a module that does not load, at the line with the module or the name that is not there. */
export function doesNotLoad(file: string, error: unknown): string {
  const message = messageOf(error).split('\n', 1)[0] ?? '';
  const [, wanted = ''] = /'(\.[^']+)'|^(\w+) is not defined/.exec(message)?.filter((found) => found !== undefined) ?? [];
  const line = linesIn(file).find(({ text }) => wanted !== '' && text.includes(wanted));
  return `${line === undefined ? file : placeIn(line)}: does not load: ${message}`;
}
