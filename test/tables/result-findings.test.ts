/** What is said of results that count in a row which is not theirs, or in none, and of late closes. */
import type { Finding } from '../../src/statistics/checks.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { contributing, type Contribute } from '../support/contributions.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp } from '../support/messages.js';

let ledger: TestLedger;
let add: Contribute;

beforeEach(async () => {
  ledger = openTestLedger();
  await ledger.send(
    ...setUp(),
    ...['a', 'b', 'c'].map((number) => message('meeting.held', `meeting/${number}`, at('2019-03-01'), 'office', { title: number })),
  );
  await ledger.settled();
  add = contributing(ledger, 'meeting.held');
});
afterEach(() => ledger.discard());

async function found(year: number, form: string, asOf?: string): Promise<Pick<Finding, 'rule' | 'severity' | 'cells' | 'cases'>[]> {
  const { findings } = await ledger.tables.table({ agency: AGENCY, year, form, asOf });
  return findings
    .filter(({ rule }) => ['other-law-result', 'no-row-for-result', 'late-reply'].includes(rule))
    .map(({ rule, severity, cells, cases }) => ({ rule, severity, cells, cases }));
}

const result = (more: Record<string, string>): Record<string, string> => ({
  law: '2008',
  outcome: 'granted',
  ground: '',
  kind: 'natural-person',
  reason: '',
  ...more,
});

test('other-law-result names cells of the other text', async () => {
  // other-law-result names the cells in which results of the other text count.
  add(0, 2019, 'application.result', result({ outcome: 'refused', ground: 'privacy' }), 1);
  add(1, 2019, 'application.result', result({ outcome: 'other-channel', kind: 'business' }), 1);
  add(2, 2019, 'application.result', result({ law: '2019' }), 1);
  add(2, 2020, 'application.result', result({ outcome: 'abandoned', reason: 'other' }), 1);
  const said = {
    rule: 'other-law-result',
    severity: 'info',
    cells: ['3.3.3.4:natural-person', '3.3.6:business'],
    cases: undefined,
  };
  expect(await found(2019, '2019')).toEqual([said]);
  expect(await found(2019, '2021')).toEqual([{ ...said, cells: ['3.3.3.4:natural-person', '3.3.6.3:business'] }]);
  expect(await found(2019, '2014-shandong')).toEqual([]);
  expect(await found(2020, '2019')).toEqual([]);
});

test('a result taken back is not named', async () => {
  add(0, 2019, 'application.result', result({}), 1);
  add(0, 2019, 'application.result', result({}), -1);
  expect(await found(2019, '2019')).toEqual([]);
});

test('no-row-for-result names 2019 answers in 2014 forms', async () => {
  // no-row-for-result names answers of 2019 that the forms of 2014 have no row for.
  const reply = (outcome: string, ground = '', law = '2019'): Record<string, string> => ({ outcome, ground, law });
  add(0, 2018, 'application.replied', reply('granted'), 1);
  add(1, 2018, 'application.replied', reply('refused', 'state-secret', '2008'), 1);
  expect(await found(2018, '2014-shandong')).toEqual([]);
  add(2, 2018, 'application.replied', reply('refused', 'state-secret'), 1);
  const said = [{ rule: 'no-row-for-result', severity: 'warning', cells: [], cases: ['meeting/c'] }];
  expect(await found(2018, '2014-shandong')).toEqual(said);
  expect(await found(2018, '2014-fujian')).toEqual(said);
  expect(await found(2018, '2019')).toEqual([]);
});

test('late-reply names its cases on any form', async () => {
  // late-reply names its cases on any form, as of then too.
  add(0, 2019, 'application.late', {}, 1);
  add(1, 2019, 'application.late', {}, 1);
  const said = (cases: string[]): unknown => [{ rule: 'late-reply', severity: 'warning', cells: [], cases }];
  for (const { id: form } of FORMS) expect(await found(2019, form)).toEqual(said(['meeting/a', 'meeting/b']));
  const last = (await ledger.tables.table({ agency: AGENCY, year: 2019 })).asOf.index ?? 0;
  expect(await found(2019, '2019', `index:${last - 2}`)).toEqual(said(['meeting/a']));
  expect(await found(2018, '2019')).toEqual([]);
});
