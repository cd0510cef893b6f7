/** An exercise: something added to the project, kept as a patch, with how many files that may take. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(__dirname, '../..');

export interface Exercise {
  readonly name: string;
  /** Its first sentence. */
  readonly sentence: string;
  /** Files it may touch at most, and touched before adding was made short. */
  readonly limit: number;
  readonly before: number;
  /** Tests that pass with it. */
  readonly tests: readonly string[];
  readonly touched: readonly string[];
  /** Of these the ones that a script writes: they are not counted. */
  readonly generated: readonly string[];
  /** The whole patch, its head too, which git passes over. */
  readonly patch: string;
}

export function exercises(): Exercise[] {
  const names = readdirSync(__dirname).filter((name) => name.endsWith('.patch'));
  return names.map((name) => readExercise(name.replace(/\.patch$/, ''), readFileSync(join(__dirname, name), 'utf8')));
}

/** Throws for a patch without a head. */
export function readExercise(name: string, patch: string): Exercise {
  const start = patch.search(/^diff --git /m);
  const head = patch.slice(0, start);
  const said = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(head)?.[1] ?? '';
  const list = (key: string): string[] =>
    said(key)
      .split(/[\s,]+/)
      .filter((word) => word !== '');
  const [limit, before] = [Number(said('limit')), Number(said('before'))];
  const sentence = head.split('\n').find((line) => line !== '' && !/^\w+: /.test(line)) ?? '';
  if (start < 0 || !(limit > 0) || !(before > 0) || sentence === '' || list('tests').length === 0)
    throw new Error(`test/exercises/${name}.patch needs a sentence, limit:, before: and tests: over its first diff`);
  if (/^(deleted file|rename)/m.test(patch)) throw new Error(`test/exercises/${name}.patch may add and change files, not take one away`);
  const touched = [...patch.slice(start).matchAll(/^diff --git a\/(\S+) b\/\S+$/gm)].map(([, file = '']) => file);
  return { name, sentence, limit, before, tests: list('tests'), touched, generated: list('generated'), patch };
}

/** Files of the project as git knows them, changed and new ones too. */
function projectFiles(): string[] {
  const list = (...args: string[]): string[] =>
    execFileSync('git', ['ls-files', '-z', ...args], { cwd: ROOT, encoding: 'utf8' })
      .split('\0')
      .filter((name) => name !== '');
  // In a copy the link to node_modules is no folder, which .gitignore names.
  const left = new Set([...list('--deleted'), 'node_modules']);
  return list('--cached', '--others', '--exclude-standard').filter((name) => !left.has(name));
}

/** A copy of the project in a temporary folder, to be removed by the caller; node_modules is linked. */
export function copyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-exercise-'));
  for (const name of projectFiles()) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(ROOT, name), join(folder, name));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Applies the patch to a copy; gives what git says of hunks that do not apply, null where all do. */
export function applyTo(folder: string, { patch }: Exercise): string | null {
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) };
  const apply = (...more: string[]) =>
    spawnSync('git', ['apply', ...more, '-'], { cwd: folder, input: patch, encoding: 'utf8', env: { ...env, LC_ALL: 'C' } });
  if (apply().status === 0) return null;
  return apply('--reject').stderr;
}
