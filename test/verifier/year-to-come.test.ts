/**
 * A pack has the table of every year that something was recorded of, also of one that has not begun: what was taken
 * before the rule was there stays.
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp } from '../support/messages.js';
import { errorsOf, makePack, membersOf, packFile, verify } from '../support/packs.js';

const file = packFile();
let ledger: TestLedger;
afterAll(async () => {
  await ledger.finish();
  rmSync(dirname(file), { recursive: true, force: true });
});

test('a figure of 2029 fits a 2026 pack', async () => {
  // A figure of 2029 is in the pack made in 2026, and the pack holds.
  const later = openTestLedger({ now: () => Date.parse('2029-06-01T00:00:00+08:00') });
  await record(later, [
    ...setUp(),
    message('agency.figure-declared', `agency/${AGENCY}`, at('2026-11-01'), 'clerk', {
      year: 2029,
      form: '2021',
      cell: '2.8.1:amount',
      value: '1',
      evidence: '预算',
    }),
  ]);
  await later.settled();
  await later.stop();
  ledger = openTestLedger({ folder: later.folder, now: () => Date.parse('2026-11-28T00:00:00+08:00') });
  await ledger.settled();
  await expect(ledger.tables.table({ agency: AGENCY, year: 2029 })).rejects.toMatchObject({ code: 'bad-year' });
  await makePack(ledger, file, { toEnd: true });
  expect(membersOf(file).map(({ name }) => name)).toContain(`tables/${AGENCY}/2029/live.json`);
  expect(errorsOf(await verify(file))).toEqual([]);
});
