// The jobs that curves and baselines measure, all with the same figures: `count` things done, `seconds` and processor
// `cpuSeconds` for all of them, `peak` resident bytes of the process, `disk` bytes it wrote at most; questions have
// `p50` and `p99` of one answer too, ms, and write nothing.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { measure } from './measure.mjs';
import { writeHistory } from './measures/events.mjs';
import { AGENCIES } from './setting.mjs';

const TIMES = 500;
const WATCHED_EVERY_MS = 100;

/** The ledger of `events` messages that the jobs are about; the first import makes it. */
export function ledgerOf(temporary, { events, seed }) {
  mkdirSync(temporary, { recursive: true });
  const history = join(temporary, 'history.ndjson');
  const folder = join(temporary, 'ledger');
  const count = writeHistory(events, history, AGENCIES);
  return { temporary, history, folder, log: join(folder, 'log.db'), count, seed, agencies: AGENCIES };
}

function sizeOf(folder) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  // A file may go between the two looks.
  return names.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Runs with a folder of its own, removed afterwards unless it is to be kept; `disk` is the most that was in it. */
async function inFolder(folder, run, { keep = false } = {}) {
  let disk = 0;
  const look = () => (disk = Math.max(disk, sizeOf(folder)));
  const timer = setInterval(look, WATCHED_EVERY_MS);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    const result = await run(folder);
    look();
    // What is made and removed between two looks is told by what made it.
    return { ...result, disk: Math.max(disk, result.disk ?? 0) };
  } finally {
    clearInterval(timer);
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

const work = (ledger) => join(ledger.temporary, 'work');

async function importing(ledger) {
  const first = !existsSync(ledger.folder);
  const args = (folder) => ({ file: ledger.history, folder });
  return inFolder(
    first ? ledger.folder : work(ledger),
    async (folder) => {
      const { rest, restCpu, ...taken } = await measure('import', 'throughTheCommand', args(folder));
      // What the read models still lack belongs to the import that wrote it.
      return { ...taken, seconds: taken.seconds + rest, cpu: (taken.seconds * taken.cpu + restCpu) / (taken.seconds + rest) };
    },
    { keep: first },
  );
}

const rebuilding = (ledger) =>
  inFolder(work(ledger), (folder) =>
    measure('rebuilding', 'fromEmbedded', { log: ledger.log, file: join(folder, 'read.db'), count: ledger.count }),
  );

const verifying = (ledger) =>
  inFolder(work(ledger), (folder) => measure('verifying', 'verified', { folder: ledger.folder, temporary: folder, count: ledger.count }));

const exporting = (ledger) =>
  inFolder(work(ledger), (folder) => measure('packing', 'exporting', { folder: ledger.folder, file: join(folder, 'ledger.pack') }));

const asking = (kind) => (ledger) => {
  const { folder, agencies, seed } = ledger;
  return measure('questions', 'asked', { folder, agencies, seed, kind, times: TIMES });
};

/** On a copy: the ledger of the other jobs stays without checkpoints, and each round signs with a key of its own. */
async function proving(ledger) {
  const folder = work(ledger);
  try {
    cpSync(ledger.folder, folder, { recursive: true });
    return await asking('proof')({ ...ledger, folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `reference`: which work of reference.mjs a job is compared with: what mostly writes, or what mostly computes. */
export const JOBS = {
  import: { what: 'import, read models at the end', kind: 'whole', reference: 'store', run: importing },
  rebuild: { what: 'rebuild of the read models', kind: 'whole', reference: 'store', run: rebuilding },
  verify: { what: 'verify of the live store', kind: 'whole', reference: 'store', run: verifying },
  export: { what: 'export --pack', kind: 'whole', reference: 'store', run: exporting },
  table: { what: 'a table', kind: 'question', reference: 'loop', run: asking('table') },
  explain: { what: 'events behind a cell', kind: 'question', reference: 'loop', run: asking('explain') },
  filter: { what: '100 events by any filter', kind: 'question', reference: 'loop', run: asking('filter') },
  proof: { what: 'proof of an event', kind: 'question', reference: 'loop', run: proving },
};

/** Runs one job. */
export async function run(name, ledger) {
  const { cpu, ...taken } = await JOBS[name].run(ledger);
  return {
    count: taken.count,
    seconds: taken.seconds,
    cpuSeconds: cpu * taken.seconds,
    peak: taken.peak,
    disk: taken.disk ?? 0,
    ...(taken.p50 === undefined ? {} : { p50: taken.p50, p99: taken.p99 }),
  };
}
