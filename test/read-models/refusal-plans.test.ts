/** How SQLite finds refusals: each filter, alone and within an agency, by an index, and nothing is sorted. */
import { refusalsSql } from '../../src/read-models/refusals/refusal-rows.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { queryPlan } from '../support/query-plan.js';

const store = new ReadStore(':memory:');
while (store.createNextIndex());
afterAll(() => store.close());

const BOUND = { since: 0, code: 'unknown-case', agency: 'a', issuer: 'i', subject: 's', index: 9, streamId: 9 };

const [code, agency] = ['unknown-case', 'some-agency'];
const ALL = { code: null, agency: null, onlyOwn: false };

test.each([
  [ALL, ['refusals_open (settled=? AND first_idx<?)']],
  [{ ...ALL, code }, ['refusals_by_code (settled=? AND code=? AND first_idx<?)']],
  // Of a refusal that names no registered agency it is known only when it is opened.
  [
    { ...ALL, agency },
    ['refusals_by_agency (settled=? AND agency=? AND first_idx<?)', 'refusals_by_agency (settled=? AND agency=? AND first_idx<?)'],
  ],
  [
    { ...ALL, agency, code },
    [
      'refusals_by_agency_code (settled=? AND agency=? AND code=? AND first_idx<?)',
      'refusals_by_agency_code (settled=? AND agency=? AND code=? AND first_idx<?)',
    ],
  ],
  [{ ...ALL, onlyOwn: true }, ['PRIMARY KEY (issuer=? AND subject=? AND stream_id<?)', 'INTEGER PRIMARY KEY (rowid=?)']],
])('%j is served by an index', (asked, indexes) => {
  const sql = refusalsSql(asked);
  const bound = Object.fromEntries(Object.entries(BOUND).filter(([name]) => new RegExp(`@${name}\\b`).test(sql)));
  const plan = queryPlan(store.db, sql, bound);
  expect(plan.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([]);
  // Whether the asker sent it is looked up row by row.
  const searches = plan.filter((step) => step.startsWith('SEARCH') && !/ s EXISTS|SEARCH s .*stream_id=\?/.test(step));
  expect(searches.map((step) => step.replace(/^SEARCH \w+ USING (COVERING )?(INDEX )?/, ''))).toEqual(indexes);
});
