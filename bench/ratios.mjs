// Every target of the design as a ratio, measured in one run. Prints, asserts nothing.
import { join } from 'node:path';
import { writeHistory } from './measures/events.mjs';
import { appending, importing, prepare, rebuilding, secondCalculator } from './embedded.mjs';
import { answering, applications, lists, receiptToFigure, restarting } from './answers.mjs';
import { conditional } from './conditional.mjs';
import { eventStoreDb } from './eventstoredb.mjs';
import { overHttp } from './http.mjs';
import { libraries } from './libraries.mjs';
import { living } from './living.mjs';
import { proving } from './proofs.mjs';
import { packing } from './packs.mjs';
import { showing } from './pages.mjs';
import { heading, tableHead } from './report.mjs';
import { AGENCIES, circumstances, describe, numberOf, wantedParts } from './setting.mjs';
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
  http: overHttp,
  pages: showing,
  living,
  conditional,
  applications,
  lists,
  proofs: proving,
  pack: packing,
  verify: verifying,
  eventstoredb: eventStoreDb,
  libraries,
};

function contextOf(temporary) {
  const history = join(temporary, 'history.ndjson');
  return {
    temporary,
    history,
    agencies: AGENCIES,
    events: writeHistory(numberOf('BENCH_EVENTS', 100_000), history, AGENCIES),
    rounds: numberOf('BENCH_ROUNDS', 3),
    applications: numberOf('BENCH_APPLICATIONS', 100_000),
    /** The ledger that is asked and rebuilt. */
    folder: join(temporary, 'ledger'),
    log: join(temporary, 'ledger', 'log.db'),
    eventStoreDbUrl: process.env.EVENTSTOREDB_URL ?? null,
  };
}

export async function ratios(temporary) {
  const wanted = wantedParts(Object.keys(PARTS));
  const context = contextOf(temporary);
  console.log(
    `${context.events.toLocaleString('en')} events of ${AGENCIES} agencies, ${context.rounds} rounds; ${describe(circumstances(2017))}`,
  );
  heading('Read the ratios: both sides of each were measured in turn, in this run, on this machine.');
  tableHead();
  await prepare(context);
  for (const name of wanted) {
    try {
      await PARTS[name](context);
    } catch (error) {
      // One part that cannot be measured must not hide the others.
      console.log(`${name}: not measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return 0;
}
