/** How the lists are answered: each filter by an index, in the order of the list; nothing is sorted or scanned. */
import { BY_NUMBER, BY_STATE, BY_WAIT, NEXT_KEY } from '../../src/read-models/cases/case-list.js';
import { MAYBE_DUE, OPEN_STILL, OPEN_THEN } from '../../src/read-models/deadlines/due-dates.js';
import { ACTED_IN, BY_ACTOR } from '../../src/read-models/officers/officer-cases.js';
import { BY_NAME, BY_PLACE, DONE, ONE_OFFICER } from '../../src/read-models/officers/officer-reader.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { queryPlan } from '../support/query-plan.js';

const store = new ReadStore(':memory:');
while (store.createNextIndex());
afterAll(() => store.close());

const BOUND = {
  agency: 1,
  kind: 'publication',
  state: 'drafted',
  key: '',
  last: '',
  number: '',
  officer: 1,
  block: 0,
  after: 0,
  count: 9,
  name: '',
  index: 0,
  nth: 0,
  on: '',
  from: '',
  span: 0,
  day: '',
};

test.each(
  Object.entries({
    BY_STATE,
    BY_WAIT,
    NEXT_KEY,
    BY_NUMBER,
    BY_ACTOR,
    ACTED_IN,
    OPEN_STILL,
    OPEN_THEN,
    MAYBE_DUE,
    BY_NAME,
    BY_PLACE,
    DONE,
    ONE_OFFICER,
  }),
)('%s is served by an index', (_name, sql) => {
  const bound = Object.fromEntries(Object.entries(BOUND).filter(([name]) => new RegExp(`@${name}\\b`).test(sql)));
  const plan = queryPlan(store.db, sql, bound);
  expect(plan.length).toBeGreaterThan(0);
  for (const step of plan) expect(step).toMatch(/^SEARCH .* USING (COVERING )?(INDEX|PRIMARY KEY)/);
});
