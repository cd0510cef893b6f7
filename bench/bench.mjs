// `npm run bench`: every target of the design as a ratio, measured in one run. Prints, asserts nothing.
//
// BENCH_EVENTS=1000000 size of the ledger (default 100,000) BENCH_ROUNDS=3 rounds of what is compared; the median
// counts BENCH_APPLICATIONS=100000 applications over ten years BENCH_PARTS=import,… only these (see PARTS)
// EVENTSTOREDB_URL for the parts of EventStoreDB BENCH_PROFILE=folder a processor profile of every measurement
// BENCH_FOLDER where the temporary folder is made: the disk measured
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { writeHistory } from './measures/events.mjs';
import { appending, importing, prepare, rebuilding, secondCalculator } from './embedded.mjs';
import { answering, applications, receiptToFigure, restarting } from './answers.mjs';
import { conditional } from './conditional.mjs';
import { eventStoreDb } from './eventstoredb.mjs';
import { libraries } from './libraries.mjs';
import { living } from './living.mjs';
import { killAll } from './measure.mjs';
import { proving } from './proofs.mjs';
import { packing } from './packs.mjs';
import { heading, tableHead } from './report.mjs';
import { verifying } from './verify.mjs';

/** In the order they run; the history is imported once before. */
const PARTS = {
  import: importing,
  append: appending,
  rebuild: rebuilding,
  'second-calculator': secondCalculator,
  tables: answering,
  figure: receiptToFigure,
  restart: restarting,
  living,
  conditional,
  applications,
  proofs: proving,
  pack: packing,
  verify: verifying,
  eventstoredb: eventStoreDb,
  libraries,
};

function numberOf(name, otherwise) {
  const value = Number(process.env[name] ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1`);
  return value;
}

const wanted = process.env.BENCH_PARTS?.split(',') ?? Object.keys(PARTS);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`BENCH_PARTS knows ${Object.keys(PARTS).join(', ')}, not ${unknown.join(', ')}`);

const temporary = mkdtempSync(join(process.env.BENCH_FOLDER ?? tmpdir(), 'disclosure-bench-'));
const removeAll = () => {
  killAll();
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
};
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
process.once('exit', removeAll);

const events = numberOf('BENCH_EVENTS', 100_000);
const agencies = 10;
const history = join(temporary, 'history.ndjson');
const context = {
  temporary,
  history,
  agencies,
  events: writeHistory(events, history, agencies),
  rounds: numberOf('BENCH_ROUNDS', 3),
  applications: numberOf('BENCH_APPLICATIONS', 100_000),
  /** The ledger that is asked and rebuilt. */
  folder: join(temporary, 'ledger'),
  log: join(temporary, 'ledger', 'log.db'),
  eventStoreDbUrl: process.env.EVENTSTOREDB_URL ?? null,
};

console.log(
  `${context.events.toLocaleString('en')} events of ${agencies} agencies, ${context.rounds} rounds; Node ${process.version}, ${cpus().length} cores, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB; ${new Date().toISOString().slice(0, 10)}`,
);
heading('Read the ratios: both sides of each were measured in turn, in this run, on this machine.');
tableHead();
await prepare(context);
for (const [name, part] of Object.entries(PARTS)) {
  if (!wanted.includes(name)) continue;
  try {
    await part(context);
  } catch (error) {
    // One part that cannot be measured must not hide the others.
    console.log(`${name}: not measured: ${error instanceof Error ? error.message : String(error)}`);
  }
}
