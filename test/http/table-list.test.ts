/** The years of an agency, cells over time and two years side by side, over HTTP. */
import type { History, Table } from '../../src/tables/table.js';
import type { TableList } from '../../src/tables/table-list.js';
import type { HistoryValue } from '../../src/tables/cell-history.js';
import { AGENCY, approvedItem, message, at, released, setUp } from '../support/messages.js';
import { reportOf } from '../support/reports.js';
import { expectProblem, startService, type TestService } from '../support/service.js';

let service: TestService;
const BASE = `/v1/agencies/${AGENCY}/tables`;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp(), ...approvedItem('2016-1', '2016-03-01'), released('2016-1', '2016-03-08', 'website'));
  await service.record(...approvedItem('2017-1', '2017-03-01'), released('2017-1', '2017-03-08', 'website'));
  await service.settled();
});
afterAll(() => service.finish());

const list = async (): Promise<TableList> => (await service.get(BASE)).json<TableList>();

test('a year before and after its publication', async () => {
  expect(await list()).toMatchObject({
    agency: AGENCY,
    tables: [
      { year: 2016, form: '2014-shandong', views: ['live'], published: null, restated: false, differsSince: null, stale: null },
      { year: 2017, links: { live: `${BASE}/2017?view=live` } },
    ],
  });
  const live = (await service.get(`${BASE}/2017`)).json<Table>();
  expect((await list()).tables[1]?.hash).toBe(live.hash);

  await service.record(...reportOf(live));
  await service.settled();
  expect((await list()).tables[1]).toMatchObject({
    views: ['live', 'published'],
    published: { differs: false },
    differsSince: null,
  });
  expect((await list()).tables.map(({ year }) => year)).toEqual([2016, 2017]);

  await service.record(...approvedItem('2017-2', '2017-05-01'), released('2017-2', '2017-05-08', 'website'));
  await service.settled();
  const found = (await list()).tables[1];
  expect(found).toMatchObject({ published: { differs: true }, restated: false });
  const history = (await service.get(`${BASE}/2017/history?cells=1.1`)).json<History>();
  expect(found?.differsSince).toBe((history.cells[0]?.values.at(-1) as HistoryValue).recordedAt);
});

test('what a cell printed over time', async () => {
  const { form, cells } = (await service.get(`${BASE}/2017/history?cells=1.1,3.1`)).json<History>();
  expect(form).toBe('2014-shandong');
  expect(cells.map(({ cell, values }) => [cell, values.map(({ value }) => value)])).toEqual([
    ['1.1', ['0', '1', '2']],
    ['3.1', ['0']],
  ]);
  const [before] = cells[0]?.values as HistoryValue[];
  expect(before).toMatchObject({ recordedAt: null, eventId: null });
  const daily = (await service.get(`${BASE}/2017/history?cells=1.1&by=day`)).json<History>();
  expect(daily.cells[0]?.values).toEqual([
    { on: null, value: '0' },
    { on: '2030-01-01', value: '2' },
  ]);
});

test('two years side by side', async () => {
  await service.record(
    message('table.declared', 'table/2015', at('2016-01-05'), 'clerk', {
      year: 2015,
      form: '2014-shandong',
      cells: { '1.1': '72' },
      evidence: '盖章件',
    }),
  );
  await service.settled();
  const alone = (await service.get(`${BASE}/2016`)).json<Table>();
  const table = (await service.get(`${BASE}/2016?compare=2015`)).json<Table>();
  expect(table.compared).toEqual({ year: 2015, form: '2014-shandong', view: 'paper' });
  const row = (code: string) => table.rows.find((one) => one.code === code);
  expect(row('1.1')).toMatchObject({ value: '1', previous: '72' });
  expect(row('1.2.1')).toMatchObject({ value: '1', previous: null });
  expect(row('1')).not.toHaveProperty('previous');
  // The comparison is no part of the table.
  expect([table.hash, table.contentHash]).toEqual([alone.hash, alone.contentHash]);
});

test('wrong questions are refused', async () => {
  expectProblem(await service.get(`${BASE}/2017/history`), 400, 'bad-parameter');
  expectProblem(await service.get(`${BASE}/2017/history?cells=1.1,1.1`), 400, 'bad-parameter');
  expectProblem(await service.get(`${BASE}/2017/history?cells=99`), 404, 'unknown-cell');
  expectProblem(await service.get(`${BASE}/2017/history?cells=1.1&by=week`), 400, 'bad-parameter');
  expectProblem(await service.get(`${BASE}/2017?compare=x`), 400, 'bad-year');
  expectProblem(await service.get('/v1/agencies/nowhere/tables'), 404, 'unknown-agency');
});
