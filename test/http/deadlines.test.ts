/** Deadlines over HTTP: exactly the fields of the contract, and what is asked wrongly. */
import type { Deadlines } from '../../src/read-models/deadlines/deadline-reader.js';
import { announced, application, received } from '../support/applications.js';
import { AGENCY, setUp } from '../support/messages.js';
import { expectProblem, startService, type TestService } from '../support/service.js';

let service: TestService;
const URL = `/v1/agencies/${AGENCY}/deadlines`;

beforeAll(async () => {
  service = await startService();
  await service.record(
    ...setUp(AGENCY, { chain: false }),
    received('甲〔2026〕1号', '2026-12-21'),
    application('supplement-requested', '甲〔2026〕1号', '2026-12-22'),
    received('2', '2026-12-21'),
  );
  await service.settled();
});
afterAll(() => service.finish());

async function deadlines(query: string): Promise<Deadlines> {
  const answer = await service.get(`${URL}?${query}`);
  expect([answer.status, answer.type]).toEqual([200, 'application/json']);
  return answer.json<Deadlines>();
}

test('the state at the end of a day', async () => {
  expect(await deadlines('on=2026-12-31')).toEqual({
    on: '2026-12-31',
    open: [
      {
        agency: AGENCY,
        case: 'application/2',
        receivedOn: '2026-12-21',
        ordinaryEnd: '2027-01-18',
        dueOn: '2027-01-18',
        provisional: true,
        daysLeft: 12,
      },
      {
        agency: AGENCY,
        case: 'application/甲〔2026〕1号',
        receivedOn: '2026-12-21',
        ordinaryEnd: null,
        dueOn: null,
        waitingFor: 'supplement',
        provisional: false,
        daysLeft: null,
      },
    ],
  });
  expect((await deadlines('on=2026-12-21')).open).toHaveLength(2);
  expect((await deadlines('on=2026-12-20')).open).toEqual([]);
  expect((await service.get(URL)).json<Deadlines>().on).toBe('2030-01-01');
});

test('one application day by day, up to date', async () => {
  // One application day by day, waiting for what was just recorded.
  const [receipt] = await service.record(announced(AGENCY, 2027, ['2027-01-01']));
  const query = `on=2026-12-31&case=${encodeURIComponent('application/2')}&after=${receipt?.position ?? ''}`;
  const { open } = await deadlines(query);
  expect(open).toMatchObject([{ case: 'application/2', dueOn: '2027-01-19', provisional: false }]);
  expect(open[0]?.redated).toMatchObject([{ by: receipt?.eventIds[0], year: 2027, dueOnBefore: '2027-01-18', dueOn: '2027-01-19' }]);
  expect(open[0]?.explanation?.[0]).toEqual({
    date: '2026-12-21',
    kind: 'working',
    counted: null,
    rule: 'received',
    notice: '《国务院办公厅关于2026年部分节假日安排的通知》',
  });
  expect(open[0]?.explanation?.at(-1)).toMatchObject({ date: '2027-01-19', counted: 20 });
});

test.each([
  ['on=2026-02-29', 400, 'bad-parameter'],
  ['on=9999-12-31', 400, 'bad-parameter'],
  ['on=', 400, 'bad-parameter'],
  ['on=2026-01-01&on=2026-01-02', 400, 'bad-parameter'],
  ['day=2026-01-01', 400, 'bad-parameter'],
  ['case=nothing', 404, 'unknown-case'],
  ['case=application/3', 404, 'unknown-case'],
  ['case=agency/test-agency', 404, 'unknown-case'],
  ['after=x', 400, 'bad-parameter'],
])('?%s: %i %s', async (query, status, code) => {
  expectProblem(await service.get(`${URL}?${query}`), status, code);
});

test('an agency nobody registered', async () => {
  expectProblem(await service.get('/v1/agencies/nobody/deadlines'), 404, 'unknown-agency');
});
