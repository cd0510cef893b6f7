// `disclosure verify` over a ledger at size, and what an auditor asks about an earlier moment of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseCaseName } from '../../dist/domain/identifiers.js';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';
import { ReadStore } from '../../dist/read-models/read-store.js';
import { caseAsOf } from '../../dist/read-models/cases/case-as-of.js';
import { eventBookmark, readEvents } from '../../dist/read-models/journal/event-reader.js';
import { openScratch, verifyStore } from '../../dist/audit/verify-store/verify-store.js';
import { workInThreads } from '../../dist/cli/verify/threads.js';
import { timed } from '../measure.mjs';
import { questionsOf } from './questions.mjs';
import { open, randomOf, sample } from './reading.mjs';

const PAGE = 100;

/** Resident memory at each quarter of a step, as far as the step says how far it is. */
function memoryByQuarter(count) {
  const quarters = { reading: [], rebuilding: [] };
  return {
    quarters,
    seen: (step, events) => {
      const taken = quarters[step];
      while (taken !== undefined && taken.length < 4 && events >= Math.floor((count * (taken.length + 1)) / 4) - 1)
        taken.push(process.memoryUsage.rss());
    },
  };
}

export async function verified({ folder, temporary, count }) {
  const away = mkdtempSync(join(temporary, 'verify-'));
  const log = new SqliteEventLog({ file: join(folder, 'log.db'), readonly: true });
  const store = new ReadStore(join(folder, 'read.db'), { readonly: true });
  const scratch = openScratch(join(away, 'scratch.db'));
  const work = workInThreads({ config: { data: folder, keys: null, eventStoreDbUrl: null }, scratch: join(away, 'scratch.db') });
  const { quarters, seen } = memoryByQuarter(count);
  const steps = { reading: 0, rebuilding: 0, comparing: 0 };
  const begun = performance.now();
  const progress = (step, events) => {
    seen(step, events);
    steps[step] = (performance.now() - begun) / 1000;
  };
  const { value, seconds, cpu } = await timed(() =>
    verifyStore({ log, store, scratch, copy: join(away, 'read.db'), kept: [], keys: [], witnesses: [], work, progress }),
  );
  seen('rebuilding', value.events);
  scratch.close();
  store.close();
  await log.close();
  rmSync(away, { recursive: true, force: true });
  if (!value.holds) throw new Error(`the ledger does not hold: ${JSON.stringify(value.findings)}`);
  return { count: value.events, rows: value.rows, seconds, cpu, steps, quarters, peak: process.resourceUsage().maxRSS * 1024 };
}

/** Trail, table and page of events as of random moments. */
export async function earlier({ folder, agencies, times }) {
  const runtime = await open(folder);
  const { log, store, trails } = runtime;
  const random = randomOf(1966);
  const end = store.bookmarks()[0].index;
  // The agencies themselves are registered by the first events.
  const first = agencies * 10;
  const moment = () => first + random(end - first);
  const eventAt = store.db.prepare(
    'SELECT CAST(e.position AS TEXT) AS position, s.subject, n.name AS agency FROM events e JOIN streams s USING (stream_id) JOIN names n ON n.name_id = s.agency_id WHERE e.idx = ?',
  );
  const questions = await questionsOf(runtime, { agencies, seed: 1966 });
  const trail = async () => {
    const index = moment();
    const { subject, agency } = eventAt.get(index);
    const ref = parseCaseName(subject);
    const then = await caseAsOf(log, store, agency, ref, `index:${index}`);
    return trails.trail(agency, ref, then);
  };
  const page = (filters) => () => readEvents({ log, store }, { after: eventBookmark(moment()), limit: PAGE, ...filters() });
  const result = {
    end,
    trail: await sample(times, trail),
    table: await sample(times, questions.tableAsOf),
    page: await sample(
      times,
      page(() => ({})),
    ),
    filtered: await sample(times, questions.filter),
    // Two that meet nowhere: all that the narrower one gives is looked at.
    fruitless: await sample(
      times / 5,
      page(() => ({ type: 'publication.approved', actor: 'drafter' })),
    ),
  };
  await runtime.close();
  return result;
}

/** Open applications of any day, as was known at any event. */
export async function deadlines({ folder, times }) {
  const runtime = await open(folder);
  const random = randomOf(2008);
  const end = runtime.store.bookmarks()[0].index;
  const day = () => `${2014 + random(10)}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`;
  const asked = await sample(times, () =>
    runtime.deadlines.deadlines({ agency: 'agency-0', on: day(), asOf: `index:${10 + random(end - 10)}` }),
  );
  await runtime.close();
  return { end, asked };
}
