// What readers ask of a ledger, at random but the same for a seed.
import { eventBookmark, readEvents } from '../../dist/read-models/journal/event-reader.js';
import { idText } from '../../dist/read-models/journal/journal.js';
import { peakMemory } from '../measure.mjs';
import { keeperOf, signed } from './proving.mjs';
import { open, randomOf, reckoned, sample } from './reading.mjs';

/** Those the form of the agencies serves. */
const YEARS = [2014, 2015, 2016, 2017, 2018];
const PAGE = 100;
const ORDERS = ['asc', 'desc'];

/** Questions by name, each asked anew with every call. */
export async function questionsOf({ log, store, tables, proofs }, { agencies, seed }) {
  const random = randomOf(seed);
  const end = store.bookmarks()[0].index;
  // The agencies themselves are registered by the first events.
  const first = agencies * 10;
  const moment = () => first + random(end - first);
  const agency = () => `agency-${random(agencies)}`;
  const table = () => ({ agency: agency(), year: YEARS[random(YEARS.length)] });
  const { rows } = await tables.table({ agency: 'agency-0', year: 2017 });
  const filled = rows.filter(({ value }) => value !== null && value !== '0');
  // A small ledger may have nothing to explain: that is asked too.
  const cells = (filled.length > 0 ? filled : rows).map(({ code }) => code);
  const id = store.db.prepare('SELECT event_id FROM events WHERE idx = ?').pluck();
  const filter = anyFilter(store, { random, moment, agency });
  return {
    table: () => tables.table(table()),
    tableAsOf: () => tables.table({ ...table(), asOf: `index:${moment()}` }),
    explain: () => tables.explain({ ...table(), cell: cells[random(cells.length)] }),
    filter: () => readEvents({ log, store }, { after: eventBookmark(moment()), limit: PAGE, ...filter() }),
    proof: () => proofs.proof(idText(id.get(random(end)))),
  };
}

/** Any one filter, half of them within an agency, in either order. */
function anyFilter({ db }, { random, moment, agency }) {
  const subject = db.prepare('SELECT s.subject FROM events e JOIN streams s USING (stream_id) WHERE e.idx = ?').pluck();
  const day = () => `${2014 + random(10)}-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`;
  const filters = [
    () => ({ agency: agency() }),
    () => ({ type: 'publication.approved' }),
    () => ({ actor: 'leader' }),
    () => ({ case: subject.get(moment()) }),
    () => ({ from: day() }),
    () => ({ to: day() }),
    () => ({ recordedTo: day() }),
    () => ({ lateBy: `P${1 + random(4000)}D` }),
  ];
  return () => ({
    ...(random(2) === 0 ? {} : { agency: agency() }),
    ...filters[random(filters.length)](),
    order: ORDERS[random(ORDERS.length)],
  });
}

/** What anybody waits for who reads tables. */
export async function tables({ folder, agencies, times }) {
  const runtime = await open(folder);
  const { table, tableAsOf, explain } = await questionsOf(runtime, { agencies, seed: 2017 });
  const result = { table: await sample(times, table), tableAsOf: await sample(times, tableAsOf), explain: await sample(times, explain) };
  await runtime.close();
  return result;
}

/** One kind of question: of one answer `seconds` (the middle one) and `cpu` as a share of it, `p50` and `p99`, ms. */
export async function asked({ folder, agencies, seed, kind, times }) {
  const runtime = await open(folder);
  if (kind === 'proof') await signed(keeperOf(runtime), runtime);
  const questions = await questionsOf(runtime, { agencies, seed });
  const { p50, p99, processor } = await reckoned(times, questions[kind]);
  const peak = peakMemory();
  await runtime.close();
  return { count: 1, seconds: p50 / 1000, cpu: processor / p50, p50, p99, peak };
}
