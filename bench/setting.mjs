// What every mode of the bench stands on: its temporary folder, its environment variables, what machine this is, and
// where results are kept.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { killAll } from './measure.mjs';

export const RESULTS = fileURLToPath(new URL('./results', import.meta.url));
export const AGENCIES = 10;

/** A whole number from 1 out of the environment. */
export function numberOf(name, otherwise) {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1`);
  return value;
}

/** Those of `known` that BENCH_PARTS names; all of them where it is not set. */
export function wantedParts(known) {
  const wanted = process.env.BENCH_PARTS?.split(',') ?? known;
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`BENCH_PARTS knows ${known.join(', ')}, not ${unknown.join(', ')}`);
  return known.filter((name) => wanted.includes(name));
}

/** The folder goes with the process, whatever ends it; what still measures is killed before. */
export async function inTemporaryFolder(run) {
  const temporary = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'disclosure-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  process.once('exit', () => {
    killAll();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  });
  return run(temporary);
}

/** `commit` ends with + where files differ from it; unknown outside a clone. */
function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: RESULTS, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    mkdirSync(RESULTS, { recursive: true });
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no', ':/') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}

/** What a figure means nothing without. */
export function circumstances(seed) {
  const machine = {
    cores: cpus().length,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memory: totalmem(),
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
  return { date: new Date().toISOString().slice(0, 10), commit: commit(), seed, machine };
}

export function describe({ date, commit, seed, machine }) {
  return `${machine.cores} cores (${machine.processor}), ${Math.round(machine.memory / 2 ** 30)} GiB, Node ${machine.node}; ${date}, commit ${commit}, seed ${seed}`;
}

/** `…/<date>-<commit>-<seed><kind>.json` */
export function resultFile({ date, commit, seed }, { into, kind = '' }) {
  return join(into ?? RESULTS, `${date}-${commit}-${seed}${kind}.json`);
}

/** Laid out as the project's other files are, as results may be committed. */
export async function keepResult(file, result) {
  mkdirSync(join(file, '..'), { recursive: true });
  const layout = (await resolveConfig(fileURLToPath(import.meta.url))) ?? {};
  writeFileSync(file, await format(JSON.stringify(result), { ...layout, parser: 'json' }));
  console.log(`kept in ${file}`);
}
