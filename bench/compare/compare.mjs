// `--baseline` keeps what the jobs take as multiples of reference work, and `--compare` says what takes more of it now:
// another machine's speed drops out, as the reference ran on it in the same round.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JOBS } from '../jobs.mjs';
import { columns, megabytes } from '../report.mjs';
import { circumstances, describe, keepResult, numberOf, RESULTS, wantedParts } from '../setting.mjs';
import { judge } from './judge.mjs';
import { measureRounds } from './rounds.mjs';

const WIDTHS = [32, 12, 12, 12, 10, 12];
const BASELINE = 'baseline.json';
const EXIT = { same: 0, slower: 1, unusable: 2 };

/** `given`: the path of the option, or true where it had none. */
function fileOf(given, into) {
  return typeof given === 'string' ? given : join(into ?? RESULTS, BASELINE);
}

export async function baseline(temporary, { baseline: given, into, seed }) {
  const about = circumstances(seed);
  const size = { events: numberOf('BENCH_EVENTS', 20_000), rounds: numberOf('BENCH_ROUNDS', 5) };
  console.log(`${size.events.toLocaleString('en')} events; ${describe(about)}`);
  const { parts, failed } = await measureRounds(temporary, { ...size, seed, wanted: wantedParts(Object.keys(JOBS)) });
  for (const [part, why] of Object.entries(failed)) console.log(`${part}: not measured: ${why}`);
  await keepResult(fileOf(given, into), { kind: 'baseline', ...about, ...size, parts });
  return Object.keys(failed).length === 0 ? EXIT.same : EXIT.slower;
}

/** null where the file is no baseline. */
function readBaseline(file) {
  const read = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  return read?.kind === 'baseline' ? read : null;
}

const percent = (share) => `${share < 0 ? '−' : '+'}${Math.round(Math.abs(share) * 100)}%`;
const written = (figure, value) => (figure === 'memory' ? megabytes(value) : `${value.toFixed(2)}x`);

function printFigures({ figures }) {
  console.log(columns(['what', 'figure', 'before', 'now', 'change', 'noise', 'verdict'], WIDTHS));
  for (const { part, figure, before, now, change, noise, verdict } of figures)
    console.log(
      columns(
        [
          JOBS[part]?.what ?? part,
          figure,
          written(figure, before),
          written(figure, now),
          percent(change),
          `±${Math.round(noise * 100)}%`,
          verdict,
        ],
        WIDTHS,
      ),
    );
}

/** Ends with 1 where a figure is worse beyond noise, or a part of the baseline cannot be measured any more. */
export async function compare(temporary, { compare: given, into }) {
  const file = fileOf(given, into);
  const before = readBaseline(file);
  if (before === null) {
    console.error(`${file} is no baseline: --baseline makes one`);
    return EXIT.unusable;
  }
  const about = circumstances(before.seed);
  console.log(`before: ${describe(before)}\nnow:    ${describe(about)}`);
  const wanted = wantedParts(Object.keys(JOBS));
  const rounds = numberOf('BENCH_ROUNDS', 3);
  const { parts, failed } = await measureRounds(temporary, { events: before.events, seed: before.seed, rounds, wanted });
  const result = judge(before.parts, parts);
  printFigures(result);
  for (const part of result.missing) console.log(`${part}: missing: ${failed[part] ?? 'not asked for'}`);
  for (const part of result.added) console.log(`${part}: not in the baseline`);
  const { slower } = result;
  console.log(
    slower.length === 0
      ? 'nothing got slower beyond noise'
      : `slower: ${slower.map(({ part, figure, change }) => `${part} (${figure} ${percent(change)})`).join(', ')}`,
  );
  return slower.length === 0 && Object.keys(failed).length === 0 ? EXIT.same : EXIT.slower;
}
