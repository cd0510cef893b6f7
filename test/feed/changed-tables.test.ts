/** Changed tables against every table computed anew, over random histories. */
import fc from 'fast-check';
import { ChangedTables } from '../../src/feed/changed-tables.js';
import { QueryProblem } from '../../src/read-models/query-problem.js';
import { contentHash } from '../../src/tables/table-hash.js';
import { budget } from '../support/budget.js';
import { AGENCIES, sendAll } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { MIXED_YEARS, mixedHistory, mixedMessages } from '../support/mixed-histories.js';

type Contents = ReadonlyMap<string, string>;

/** Of every table that there is. */
function contents({ tables }: TestLedger, index: number): Contents {
  const found = new Map<string, string>();
  for (const agency of AGENCIES)
    for (const year of MIXED_YEARS) {
      try {
        const { table } = tables.plain({ agency, year, asOf: `index:${index}` });
        found.set(`${agency} ${year}`, contentHash(table));
      } catch (error) {
        if (!(error instanceof QueryProblem)) throw error;
      }
    }
  return found;
}

/** What is told of: tables of years with acts. */
function hasActs({ store }: TestLedger, table: string): boolean {
  const years = store.db.prepare('SELECT 1 FROM agency_years y JOIN names n ON n.name_id = y.agency_id WHERE n.name = ? AND y.year = ?');
  return years.get(...table.split(' ')) !== undefined;
}

test('every table that changed is told, no other', async () => {
  await fc.assert(
    fc.asyncProperty(mixedHistory, fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 3, maxLength: 6 }), async (steps, sizes) => {
      const acts = mixedMessages(steps);
      const ledger = openTestLedger();
      const changed = new ChangedTables(ledger.store, ledger.tables, 0);
      let last = -1;
      let before: Contents = new Map();
      for (let at = 0, n = 0; at < acts.length; n += 1) {
        const size = n === 0 ? Math.ceil(acts.length / 2) : (sizes[n % sizes.length] ?? 1);
        await sendAll(ledger, acts.slice(at, at + size));
        at += size;
        await ledger.settled();
        const index = ledger.tables.lastIndex();
        const now = contents(ledger, index);
        const told = await changed.between(last, index);
        const expected = [...now].filter(([of, hash]) => before.get(of) !== hash && hasActs(ledger, of)).map(([of]) => of);
        expect(told.map(({ agency, year }) => `${agency} ${year}`)).toEqual(expect.arrayContaining(expected));
        expect(told.filter(({ agency, year, contentHash: hash }) => before.get(`${agency} ${year}`) === hash)).toEqual([]);
        [before, last] = [now, index];
      }
      await ledger.discard();
    }),
    { numRuns: budget(2, 12), endOnFailure: true },
  );
});
