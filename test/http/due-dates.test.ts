/** Due dates to come, of agencies below too, as a calendar file, and of a receipt that nobody recorded. */
import ICAL from 'ical.js';
import type { Deadlines } from '../../src/read-models/deadlines/deadline-reader.js';
import type { ReckonedDeadline } from '../../src/read-models/deadlines/reckoned.query.js';
import { application, received } from '../support/applications.js';
import { AGENCY, message, setUp, at } from '../support/messages.js';
import { expectProblem, startService, type TestService } from '../support/service.js';

let service: TestService;
const URL = `/v1/agencies/${AGENCY}/deadlines`;

const registered = (code: string, parent: string, reporting?: string) =>
  message(
    'agency.registered',
    `agency/${code}`,
    at('2020-01-01'),
    'root',
    { name: code, administrator: 'head', parent, ...(reporting === undefined ? {} : { reporting }) },
    { agency: code },
  );

const receivedBy = (agency: string, number: string, day: string) => ({ ...received(number, day), agency });

beforeAll(async () => {
  service = await startService();
  await service.record(
    ...setUp(AGENCY, { chain: false }),
    registered('below', AGENCY),
    registered('taxes', AGENCY, 'vertical'),
    received('甲〔2021〕1号', '2021-03-01'),
    received('2021-2', '2021-03-08'),
    received('2021-3', '2021-03-08'),
    application('supplement-requested', '2021-3', '2021-03-09'),
    receivedBy('below', '2021-2', '2021-03-08'),
    receivedBy('below', '2021-0', '2021-02-25'),
    receivedBy('taxes', '2021-9', '2021-03-01'),
  );
  await service.settled();
});
afterAll(() => service.finish());

async function due(query: string): Promise<string[]> {
  const answer = await service.get(`${URL}?${query}`);
  expect(answer.status).toBe(200);
  return answer.json<Deadlines>().open.map(({ agency, case: of, dueOn }) => `${dueOn ?? '-'} ${agency} ${of}`);
}

test('within so many days, overdue included', async () => {
  // 20 working days after 1 March 2021 end on 29 March, after 8 March on 6 April (5 April is 清明节).
  expect(await due('on=2021-03-24&within=P5D')).toEqual([`2021-03-29 ${AGENCY} application/甲〔2021〕1号`]);
  expect(await due('on=2021-03-24&within=P4D')).toEqual([]);
  expect(await due('on=2021-04-01&within=P0D')).toEqual([`2021-03-29 ${AGENCY} application/甲〔2021〕1号`]);
  expect(await due('on=2021-03-24&within=P2W')).toHaveLength(2);
  expect(await due('on=2021-03-24')).toHaveLength(3);
});

test('below adds agencies, no vertical ones', async () => {
  // By due date, then agency, then case; what awaits something stands last.
  expect(await due('on=2021-03-24&below=true')).toEqual([
    '2021-03-25 below application/2021-0',
    `2021-03-29 ${AGENCY} application/甲〔2021〕1号`,
    '2021-04-06 below application/2021-2',
    `2021-04-06 ${AGENCY} application/2021-2`,
    `- ${AGENCY} application/2021-3`,
  ]);
});

test('a calendar file', async () => {
  const answer = await service.get(`${URL}.ics?on=2021-03-24&below=true`);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
  const events = new ICAL.Component(ICAL.parse(answer.text) as unknown[]).getAllSubcomponents('vevent').map((one) => new ICAL.Event(one));
  expect(events.map(({ uid, startDate }) => `${startDate.toString()} ${String(startDate.isDate)} ${uid}`)).toEqual([
    '2021-03-25 true application/2021-0.below@disclosure',
    `2021-03-29 true application/甲〔2021〕1号.${AGENCY}@disclosure`,
    '2021-04-06 true application/2021-2.below@disclosure',
    `2021-04-06 true application/2021-2.${AGENCY}@disclosure`,
  ]);
});

test('a receipt that nobody recorded', async () => {
  const reckoned = async (query: string): Promise<ReckonedDeadline> =>
    (await service.get(`/v1/deadline?${query}`)).json<ReckonedDeadline>();
  const found = await reckoned('received=2021-03-08');
  expect(found).toMatchObject({
    receivedOn: '2021-03-08',
    law: '2019',
    ordinaryEnd: '2021-04-06',
    dueOn: '2021-04-06',
    provisional: false,
  });
  expect(found.explanation.at(-1)).toMatchObject({ date: '2021-04-06', counted: 20, rule: 'counted' });
  expect(found.explanation.find(({ date }) => date === '2021-04-05')).toMatchObject({ kind: 'holiday', counted: null, rule: 'holiday' });
  expect(await reckoned('received=2019-05-14')).toMatchObject({ law: '2008' });
  expect(await reckoned('received=2021-03-08&law=2008')).toMatchObject({ law: '2008', dueOn: '2021-03-29' });
  expect(await reckoned('received=2090-03-08')).toMatchObject({ provisional: true });
});

test('wrong questions are refused', async () => {
  for (const query of ['on=2021-03-24&within=10', 'within=P-1D', 'within=P1M', 'within=P9999D', 'below=yes'])
    expectProblem(await service.get(`${URL}?${query}`), 400, 'bad-parameter');
  for (const query of ['', 'received=2021-02-30', 'received=1066-10-14', 'received=2021-03-08&law=1999'])
    expectProblem(await service.get(`/v1/deadline?${query}`), 400, 'bad-parameter');
  expectProblem(await service.get('/v1/agencies/nowhere/deadlines.ics'), 404, 'unknown-agency');
});
