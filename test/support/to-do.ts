/**
 * To-do lists of what is added: what is there in one place, and not yet in another, is said file by file, in the order
 * in which it is done.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** A file of the project, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Paths, from the root, of the files under a folder. */
export function filesUnder(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length + 1));
}

/** One thing to do for what is added, in one file. */
export interface Step {
  readonly file: string;
  /** What to write there, as a command. */
  readonly write: string;
}

/** A step, or null where there is nothing to do. */
export function unless(done: boolean, file: string, write: string): Step | null {
  return done ? null : { file, write };
}

/** Throws with the whole list where anything is left to do. */
export function expectDone(names: Iterable<string>, stepsOf: (name: string) => readonly (Step | null)[]): void {
  const lists = [...new Set(names)].sort().flatMap((name) => {
    const steps = stepsOf(name).filter((step) => step !== null);
    return steps.length === 0 ? [] : [[`${name}: to do, in this order`, ...steps.map(written)].join('\n')];
  });
  if (lists.length > 0) throw new Error(`\n${lists.join('\n')}\n`);
}

function written({ file, write }: Step, place: number): string {
  return `  ${place + 1}. ${file}: ${write}`;
}
