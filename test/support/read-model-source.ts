/** Where a read model stands, as `src/read-models/cases/caseload.ts:118`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FOLDER = 'src/read-models';

export interface ReadModelFile {
  readonly file: string;
  /** What it is exported as. */
  readonly exported: string;
  readonly name: string;
  readonly text: string;
}

/** Every file that says `export const … : Projection = { name: '…'`, whether the read store knows it or not. */
export function readModelFiles(): ReadModelFile[] {
  const files = (readdirSync(join(ROOT, FOLDER), { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));
  return files.sort().flatMap((path) => {
    const file = `${FOLDER}/${path.replaceAll('\\', '/')}`;
    const text = readFileSync(join(ROOT, file), 'utf8');
    const found = /export const (\w+): Projection = \{\s*name: '([^']+)'/.exec(text);
    return found === null ? [] : [{ file, exported: found[1] ?? '', name: found[2] ?? '', text }];
  });
}

/**
 * `file:line` of the first line of the read model that holds one of these texts, in their order; the file alone where
 * none does.
 */
export function placeIn({ file, text }: Pick<ReadModelFile, 'file' | 'text'>, ...sought: readonly string[]): string {
  const lines = text.split('\n');
  const at = sought.map((one) => lines.findIndex((line) => line.includes(one))).find((line) => line >= 0);
  return at === undefined ? file : `${file}:${at + 1}`;
}

export function placeOfReadModel(name: string, ...sought: readonly string[]): string {
  const found = readModelFiles().find((model) => model.name === name);
  return found === undefined ? `${FOLDER}/read-store.ts (${name})` : placeIn(found, ...sought);
}
