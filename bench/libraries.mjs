// Other event-sourcing libraries for Node on SQLite, installed for the time of the run outside the project.
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { interleaved, measure, medianOf, perSecond } from './measure.mjs';
import { effort, line, rate, spread } from './report.mjs';

const COMMANDS = 5000;
const REBUILT = 20_000;
const FLIGHT = 64;
/** A consumer whose batch fails may wait for ever. */
const LIMIT_MS = 180_000;

/**
 * Versions that fit each other. emmett-sqlite is bound to its own driver; evtstore gets the build of SQLite that we
 * use.
 */
const RIVALS = [
  {
    name: 'evtstore',
    packages: ['evtstore@12.0.1', 'knex@3'],
    linked: ['better-sqlite3'],
    how: `evtstore 12.0.1 over knex and better-sqlite3: WAL, synchronous FULL (rebuild NORMAL), its cache of aggregates on, ${FLIGHT} in flight; rebuild in pages of 1,000, each written by two statements and its bookmark in one transaction`,
  },
  {
    name: 'emmett',
    packages: ['@event-driven-io/emmett@0.38.5', '@event-driven-io/emmett-sqlite@0.38.5', 'sqlite3@5.1.7'],
    linked: [],
    how: 'emmett-sqlite 0.38.5 over sqlite3: WAL, synchronous FULL (its defaults), one command at a time (side by side it shares transactions); rebuild in batches of 1,000 without pause, a transaction each, two statements an event as it hands over one at a time',
  },
];

async function install({ name, packages, linked }, temporary) {
  const folder = join(temporary, `installed-${name}`);
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { sqlite3: true } }));
  await promisify(execFile)('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', ...packages], {
    shell: process.platform === 'win32',
    timeout: 600_000,
  });
  const require = createRequire(import.meta.url);
  for (const dependency of linked)
    symlinkSync(dirname(require.resolve(`${dependency}/package.json`)), join(folder, 'node_modules', dependency), 'junction');
  return folder;
}

export async function libraries(context) {
  const installed = {};
  for (const rival of RIVALS) {
    try {
      installed[rival.name] = await install(rival, context.temporary);
    } catch (error) {
      console.log(
        `${rival.name}: not measured, it could not be installed: ${String(error.stderr || error.message)
          .trim()
          .split('\n')
          .slice(0, 2)
          .join(' ')}`,
      );
    }
  }
  const rivals = RIVALS.filter(({ name }) => name in installed);
  if (rivals.length === 0) return;
  await commands(context, rivals, installed);
  await rebuilds(context, rivals, installed);
  for (const { how } of rivals) console.log(`    ${how}`);
}

/** A rival that fails is left out of the comparison with a line, and does not take the others with it. */
async function leniently(name, run) {
  try {
    return await run();
  } catch (error) {
    console.log(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function compare(what, results, { rivals, ourBounds, judged = true }) {
  const mid = medianOf(results.ours, perSecond);
  const measured = rivals
    .map(({ name }) => ({ name, whole: results[name].filter((result) => result !== null) }))
    .filter(({ whole }) => whole.length > 0)
    .map(({ name, whole }) => ({ name, result: medianOf(whole, perSecond) }));
  if (measured.length === 0) return;
  const best = measured.reduce((a, b) => (perSecond(b.result) > perSecond(a.result) ? b : a));
  const ratio = perSecond(mid) / perSecond(best.result);
  line({
    what,
    ours: rate(perSecond(mid)),
    baseline: `${best.name} ${rate(perSecond(best.result))}`,
    ratio,
    target: judged ? '>= 5x the best' : '',
    met: judged ? ratio >= 5 : null,
    bounds: [
      `${spread(results.ours, perSecond)}; ${effort(mid)}; ${measured.map(({ name, result }) => `${name} ${rate(perSecond(result))} at ${effort(result)}${result.failed > 0 ? ` (${result.failed} failed and were sent again)` : ''}`).join(', ')}`,
      ourBounds,
    ],
  });
}

async function commands({ temporary, history, log, events, rounds }, rivals, installed) {
  const count = Math.min(COMMANDS, events);
  const args = (name) => ({
    installed: installed[name],
    folder: join(temporary, `rival-${name}`),
    log,
    count,
    flight: FLIGHT,
    file: history,
  });
  const runs = { ours: () => measure('rivals/ours', 'commands', args('ours')) };
  for (const { name } of rivals) runs[name] = () => leniently(name, () => measure(`rivals/${name}`, 'commands', args(name), LIMIT_MS));
  const alone = () => measure('rivals/ours', 'commands', { ...args('ours'), flight: 1, count: Math.min(count, 2000) });
  const results = await interleaved(rounds, { ...runs, alone });
  const single = medianOf(results.alone, perSecond);
  compare(`commands, ${FLIGHT} in flight, durable`, results, {
    rivals,
    ourBounds: `ours checks, hashes, seals, decides by the rules and fills its read models beside; one at a time, where every command waits for its own fsync: ${rate(perSecond(single))}`,
  });
}

/** Ours three times: everything we build, the same projection on our runner, and on our log alone. */
const OURS = {
  everything: {
    file: 'rebuilding',
    name: 'fromEmbedded',
    judged: false,
    what: 'rebuild of all our read models',
    bound: 'theirs is the projection of the next two lines; ours builds all its read models and the tree',
  },
  onRunner: {
    file: 'rivals/ours',
    name: 'onRunner',
    judged: true,
    what: '  the same projection on our runner',
    bound: 'counts by type and agency, a trail row an event, the bookmark; beside them our journal, by which events are found',
  },
  onLog: {
    file: 'rivals/ours',
    name: 'onLog',
    judged: true,
    what: '  on our log alone',
    bound: 'a subscription, and a transaction for each of its batches',
  },
};

async function rebuilds({ temporary, log, events, rounds }, rivals, installed) {
  const count = Math.min(REBUILT, events);
  const own = join(temporary, 'rebuild-ours');
  await measure('rivals/ours', 'fill', { folder: own, log, count });
  const runs = {};
  for (const [key, { file, name }] of Object.entries(OURS))
    runs[key] = () => measure(file, name, { log: join(own, 'log.db'), file: join(own, `${key}.db`), count });
  for (const { name } of rivals) {
    const args = { installed: installed[name], folder: join(temporary, `rebuild-${name}`), log, count };
    const filled = await leniently(name, () => measure(`rivals/${name}`, 'fill', args, LIMIT_MS));
    runs[name] = async (round) =>
      filled === null ? null : leniently(name, () => measure(`rivals/${name}`, 'project', { ...args, round }, LIMIT_MS));
  }
  const results = await interleaved(rounds, runs);
  for (const [key, { what, bound, judged }] of Object.entries(OURS))
    compare(`${what}, ${count.toLocaleString('en')}`, { ...results, ours: results[key] }, { rivals, ourBounds: bound, judged });
}
