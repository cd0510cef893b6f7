/** Applications that a decision opened again: which of them are listed, until when, and by which indexes. */
import { ReadStore } from '../../src/read-models/read-store.js';
import { CLOSED, CORRECTED } from '../../src/read-models/cases/reopened.js';
import { application, received, replied, taken } from '../support/applications.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, setUp, type Message } from '../support/messages.js';
import { queryPlan } from '../support/query-plan.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
  await record(...setUp(AGENCY, { chain: false }), received('1', '2018-02-01'), replied('1', '2018-02-05'));
});

afterEach(() => ledger.finish());

/** Each is taken. */
async function record(...messages: readonly Message[]): Promise<void> {
  for (const { status } of await ledger.send(...messages)) expect(status).toBe('recorded');
}

async function listed(limit = 20): Promise<string[]> {
  await ledger.settled();
  return ledger.caseList.reopened(AGENCY, limit).map(({ case: name }) => name);
}

const filed = (number: string, day: string, of = '1', kind = 'reconsideration'): Message =>
  message(`${kind}.filed`, `${kind}/${number}`, at(day), 'clerk', {
    application: `application/${of}`,
    ...(kind === 'lawsuit' ? { route: 'direct' } : {}),
  });
const decided = (number: string, day: string, result = 'corrected', kind = 'reconsideration'): Message =>
  message(`${kind}.decided`, `${kind}/${number}`, at(day), 'clerk', { result });
const remade = (day: string, orderedBy = 'reconsideration/r'): Message =>
  application('reply-remade', '1', day, { outcome: 'granted', contentHash: hashOf('again'), orderedBy });

test.each(['reconsideration', 'lawsuit'])('a %s that corrects reopens', async (kind) => {
  await record(filed('r', '2018-03-01', '1', kind));
  expect(await listed()).toEqual([]);
  await record(decided('r', '2018-04-01', 'corrected', kind));
  await ledger.settled();
  expect(ledger.caseList.reopened(AGENCY, 20)).toEqual([
    {
      case: 'application/1',
      kind: 'application',
      number: '1',
      title: null,
      state: 'replied',
      since: '2018-02-05',
      waitsFor: [{ act: 'disclosure.application.reply-drafted', step: null, role: null, unit: null, holders: null }],
      dueOn: null,
    },
  ]);
  // As the list of cases says it.
  expect(ledger.caseList.list({ agency: AGENCY, kind: 'application' }).cases).toEqual(ledger.caseList.reopened(AGENCY, 20));
});

test.each(['upheld', 'other'])('one decided as %s stays closed', async (result) => {
  // A note is no result.
  const { data, ...said } = decided('r', '2018-04-01', result);
  await record(filed('r', '2018-03-01'), { ...said, data: { ...data, note: 'corrected' } });
  expect(await listed()).toEqual([]);
});

test('what is taken back reopens nothing', async () => {
  const [filing, decision] = [filed('r', '2018-03-01'), decided('r', '2018-04-01')];
  await record(filing, decision);
  expect(await listed()).toEqual(['application/1']);
  await record(taken(decision, '2018-04-02'));
  expect(await listed()).toEqual([]);
  await record(taken(filing, '2018-04-03'));
  expect(await listed()).toEqual([]);
  // Filed again about another application, of which the remedy now is.
  await record(received('2', '2018-02-02'), replied('2', '2018-02-06'), filed('r', '2018-03-01', '2'), decided('r', '2018-04-01'));
  expect(await listed()).toEqual(['application/2']);
});

test('a new answer closes until the next decision', async () => {
  const [again, second] = [remade('2018-05-01'), decided('s', '2018-06-01', 'corrected', 'lawsuit')];
  await record(filed('r', '2018-03-01'), decided('r', '2018-04-01'), again);
  expect(await listed()).toEqual([]);
  await record(filed('s', '2018-05-05', '1', 'lawsuit'), second);
  expect(await listed()).toEqual(['application/1']);
  await record(taken(second, '2018-06-02'));
  expect(await listed()).toEqual([]);
  await record(taken(again, '2018-06-03'));
  expect(await listed()).toEqual(['application/1']);
});

test('what is under way is listed by its state', async () => {
  await record(filed('r', '2018-03-01'), decided('r', '2018-04-01'));
  const draft = application('reply-drafted', '1', '2018-04-02', { outcome: 'granted', contentHash: hashOf('again') });
  await record(draft);
  expect(await listed()).toEqual([]);
  expect(ledger.caseList.list({ agency: AGENCY, state: 'being-answered-again' }).cases).toHaveLength(1);
});

test('a decision before the first answer reopens nothing', async () => {
  // It was about the silence of the agency.
  await record(received('2', '2018-02-02'), filed('r', '2018-03-01', '2'), decided('r', '2018-04-01'), replied('2', '2018-04-09'));
  expect(await listed()).toEqual([]);
});

test('what is erased takes no answer', async () => {
  await record(filed('r', '2018-03-01'), decided('r', '2018-04-01'));
  const erased = { reason: '保管期满', approvedBy: 'second-root' };
  await record(message('record.erased', 'application/1', at('2018-04-02'), 'root', erased));
  expect(await listed()).toEqual([]);
});

test('several are in the order of receipt', async () => {
  const others = ['2', '11'];
  for (const one of others) await record(received(one, '2018-02-02'), replied(one, '2018-02-06'));
  for (const one of ['2', '1', '11']) await record(filed(one, '2018-03-01', one), decided(one, '2018-04-01'));
  expect(await listed()).toEqual(['application/1', 'application/2', 'application/11']);
  expect(await listed(2)).toEqual(['application/1', 'application/2']);
});

test.each([
  ['CORRECTED', CORRECTED, { agency: 1 }],
  ['CLOSED', CLOSED, { stream: '' }],
] as const)('%s is served by an index', (_name, sql, bound) => {
  const store = new ReadStore(':memory:');
  while (store.createNextIndex());
  const plan = queryPlan(store.db, sql, bound);
  store.close();
  expect(plan).toHaveLength(2);
  for (const step of plan) expect(step).toMatch(/^SEARCH .* USING (COVERING INDEX|(INTEGER )?PRIMARY KEY)/);
});
