/** How SQLite runs the searches of the log: each filter, alone or within an agency, by an index and without sorting. */
import { EVENT_INDEXES } from '../../src/read-models/journal/event-indexes.js';
import { readFilters, type EventFilters } from '../../src/read-models/journal/event-filter.js';
import { EventSearch } from '../../src/read-models/journal/event-search.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, setUp } from '../support/messages.js';
import { queryPlan } from '../support/query-plan.js';

const FILTERS: readonly EventFilters[] = [
  {},
  { type: 'disclosure.meeting.held' },
  { actor: 'clerk' },
  { case: 'publication/2017-1' },
  { from: '2017-01-01' },
  { to: '2017-01-01' },
  { from: '2017-01-01', to: '2018-01-01T10:00:00+08:00' },
  { recordedFrom: '2017-01-01' },
  { recordedFrom: '2017-01-01', recordedTo: '2018-01-01' },
  { lateBy: 'P30D' },
];

let ledger: TestLedger;

beforeAll(async () => {
  ledger = openTestLedger();
  await ledger.send(...setUp());
  await ledger.settled();
});

afterAll(() => ledger.finish());

/** The steps of every statement that a search runs. */
function plansOf(filters: EventFilters, order: 'asc' | 'desc'): string[] {
  const { db } = ledger.store;
  const search = new EventSearch(db, (name) => ledger.store.hasIndex(name));
  const bound = {
    agency: 1,
    type: 1,
    actor: 1,
    case: '',
    from: 0,
    to: 0,
    late: 0,
    low: 0,
    high: 9,
    key: 1,
    after: 0,
    count: 9,
    keyFrom: 0,
    keyTo: 9,
  };
  return search.statements(readFilters(db, filters), order).flatMap((sql) => queryPlan(db, sql, bound));
}

/** What is read whole: the keys that were found by leaps, and a single row that stands for itself. */
const HARMLESS = /^SCAN (keys|CONSTANT ROW|\(subquery-\d+\))$/;

test.each(FILTERS.flatMap((filters) => [filters, { ...filters, agency: AGENCY }]))('%j is served by an index', (filters) => {
  for (const order of ['asc', 'desc'] as const) {
    const plans = plansOf(filters, order);
    expect(plans.some((step) => step.startsWith('SEARCH'))).toBe(true);
    expect(plans.filter((step) => /TEMP B-TREE/.test(step) || (step.startsWith('SCAN') && !HARMLESS.test(step)))).toEqual([]);
  }
});

test('indexes are made where the log was read', () => {
  // A store that was just made has the tables alone: its rows are written first.
  const fresh = new ReadStore(':memory:');
  try {
    const late = Object.keys(ReadStore.indexes());
    expect(late).toEqual(expect.arrayContaining(Object.keys(EVENT_INDEXES)));
    expect(late.filter((name) => fresh.hasIndex(name))).toEqual([]);
    expect(late.filter((name) => !ledger.store.hasIndex(name))).toEqual([]);
    while (fresh.createNextIndex());
    fresh.clear();
    expect(late.filter((name) => fresh.hasIndex(name))).toEqual([]);
  } finally {
    fresh.close();
  }
});
