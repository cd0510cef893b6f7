// The embedded log: import, appends, rebuild.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { interleaved, measure, medianOf, perSecond } from './measure.mjs';
import { writeHistory } from './measures/events.mjs';
import { effort, line, megabytes, rate, spread } from './report.mjs';

/** Rounds of what is compared run at this size at most; a larger ledger is imported and rebuilt as a whole besides. */
const ROUND_EVENTS = 100_000;
const MB = 1024 * 1024;
/** Messages and events a second, and what either may take of memory. */
const IMPORTED = 12_000;
const REBUILT = 40_000;
const MEMORY = 300 * MB;

/** A folder for one round, gone before the next. */
async function inFolder(temporary, run) {
  const folder = join(temporary, 'round');
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Imports the whole history once: the ledger of all other parts. */
export async function prepare(context) {
  context.imported = await measure('import', 'throughTheCommand', { file: context.history, folder: context.folder });
  context.events = context.imported.count;
}

export async function importing({ temporary, agencies, events, rounds, log, imported }) {
  const size = Math.min(events, ROUND_EVENTS);
  const file = join(temporary, 'round.ndjson');
  writeHistory(size, file, agencies);
  const run = (name, args) => () => inFolder(temporary, (folder) => measure('import', name, { ...args, folder }));
  const { ours, alone, bare } = await interleaved(rounds, {
    ours: run('throughTheCommand', { file }),
    alone: run('withoutReadModels', { file }),
    bare: run('bare', { log, count: size }),
  });
  const [mid, midAlone, base] = [ours, alone, bare].map((results) => medianOf(results, perSecond));
  const ratio = perSecond(mid) / perSecond(base);
  line({
    what: `import of ${size.toLocaleString('en')} messages (NDJSON)`,
    ours: rate(perSecond(mid)),
    baseline: `read-decide-append ${rate(perSecond(base))}`,
    ratio,
    target: `>= ${IMPORTED.toLocaleString('en')}/s`,
    met: perSecond(mid) >= IMPORTED,
    bounds: [
      `${spread(ours, perSecond)}; ${effort(mid)}, the bare one ${effort(base)}; read models behind the end by ${mid.rest.toFixed(1)} s of work`,
    ],
  });
  line({
    what: '  the same, read models not running',
    ours: rate(perSecond(midAlone)),
    baseline: `read-decide-append ${rate(perSecond(base))}`,
    ratio: perSecond(midAlone) / perSecond(base),
    bounds: [
      `${spread(alone, perSecond)}; ${effort(midAlone)}: one thread reads, checks, hashes, decides and commits; the read models take ${Math.round(100 - (100 * midAlone.seconds) / mid.seconds)}% of the import`,
    ],
  });
  if (events > size * 1.1) {
    line({
      what: `  the whole history once, ${events.toLocaleString('en')}`,
      ours: rate(perSecond(imported)),
      target: `>= ${IMPORTED.toLocaleString('en')}/s`,
      met: perSecond(imported) >= IMPORTED,
      bounds: [`${effort(imported)}; read models behind the end by ${imported.rest.toFixed(1)} s of work`],
    });
  }
  const largest = medianOf([imported, ...ours], ({ peak }) => -peak);
  line({
    what: '  its resident memory',
    ours: `peak ${megabytes(largest.peak)}`,
    target: `< ${megabytes(MEMORY)} at any size`,
    met: largest.peak < MEMORY,
    bounds: [`at ${largest.count.toLocaleString('en')} messages: the heap of the thread that decides, SQLite's pages, Node itself`],
  });
}

export async function appending({ temporary, events, rounds, log }) {
  const run = (name, count) => () => inFolder(temporary, (folder) => measure('appending', name, { log, folder, count, appenders: 64 }));
  const { ours, bare } = await interleaved(rounds, {
    ours: run('embedded', Math.min(events, 50_000)),
    bare: run('oneCommitEach', Math.min(events, 10_000)),
  });
  const [mid, base] = [ours, bare].map((results) => medianOf(results, perSecond));
  const ratio = perSecond(mid) / perSecond(base);
  line({
    what: 'embedded log, 64 appenders in flight, durable',
    ours: rate(perSecond(mid)),
    baseline: `a commit each ${rate(perSecond(base))}`,
    ratio,
    target: '>= 8x',
    met: ratio >= 8,
    bounds: [
      `${spread(ours, perSecond)}; ${effort(mid)}: at 64 an fsync is shared by 64, then JSON and two B-trees; the bare one waits for its fsyncs (${effort(base)})`,
    ],
  });
}

export async function rebuilding({ temporary, events, rounds, log }) {
  const file = join(temporary, 'rebuilt.db');
  const run = (name) => () => measure('rebuilding', name, { log, file, count: events });
  const { ours, bare } = await interleaved(rounds, { ours: run('fromEmbedded'), bare: run('bare') });
  const [mid, base] = [ours, bare].map((results) => medianOf(results, perSecond));
  line({
    what: `rebuild of every read model, ${events.toLocaleString('en')} events`,
    ours: rate(perSecond(mid)),
    baseline: `two tables, a bookmark ${rate(perSecond(base))}`,
    ratio: perSecond(mid) / perSecond(base),
    target: `>= ${REBUILT.toLocaleString('en')}/s at 1,000,000`,
    met: perSecond(mid) >= REBUILT,
    bounds: [
      `${spread(ours, perSecond)}; ${effort(mid)}, the bare one ${effort(base)}: one thread parses each event and writes its rows into the B-trees of all read models, an event some 3.7 rows; another hashes the leaves of the ledger`,
    ],
  });
  const largest = medianOf(ours, ({ peak }) => -peak);
  // Up to half of the way caches fill and code is compiled.
  const [half, last] = [mid.quarters[1], mid.quarters.at(-1)];
  line({
    what: '  its resident memory',
    ours: `peak ${megabytes(largest.peak)}`,
    baseline: `two tables ${megabytes(base.peak)}`,
    ratio: largest.peak / base.peak,
    target: `< ${megabytes(MEMORY)} and flat`,
    met: largest.peak < MEMORY && last - half < 30 * MB,
    bounds: [
      `at 25, 50, 75 and 100%: ${mid.quarters.map(megabytes).join(', ')}; names of streams remembered, SQLite's pages, the collector's slack`,
    ],
  });
}

export async function secondCalculator({ events, rounds, log }) {
  const run = (name) => () => measure('second-calculator', name, { log });
  const { ours, bare } = await interleaved(rounds, { ours: run('calculated'), bare: run('read') });
  const [mid, base] = [ours, bare].map((results) => medianOf(results, perSecond));
  const own = mid.seconds - base.seconds;
  line({
    what: `second calculator, ${events.toLocaleString('en')} events`,
    ours: rate(perSecond(mid)),
    baseline: `reading and parsing them ${rate(perSecond(base))}`,
    ratio: perSecond(mid) / perSecond(base),
    target: '< 25 s and 300 MB per million',
    met: (own / events) * 1e6 < 25 && mid.held / Math.max(1, events / 1e6) < 300 * MB,
    bounds: [
      `${spread(ours, perSecond)}; ${effort(mid)}, reading alone ${effort(base)}; ${own.toFixed(1)} s beside reading, ${mid.tables} tables included; holds ${megabytes(mid.held)}, peak ${megabytes(mid.peak)}`,
    ],
  });
}
