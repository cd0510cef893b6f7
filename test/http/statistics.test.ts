/** Figures that only the prose of a report has, and what stands behind one, over HTTP and on the command line. */
import type { Explanation } from '../../src/tables/table.js';
import type { Statistics } from '../../src/tables/statistics-reader.js';
import { fileOf, finishFolder, newFolder, run } from '../support/cli.js';
import { AGENCY, approvedItem, released, setUp } from '../support/messages.js';
import { asLines, expectProblem, startService, type TestService } from '../support/service.js';

const BASE = `/v1/agencies/${AGENCY}`;
const YEAR = [
  ...setUp(),
  ...approvedItem('1', '2017-03-01', { category: '财政: 预算' }),
  released('1', '2017-03-08', 'bulletin-board'),
  ...approvedItem('2', '2017-03-02'),
  released('2', '2017-03-09', 'website'),
];

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...YEAR);
  await service.settled();
});
afterAll(() => service.finish());

const of = async (query = ''): Promise<Statistics> => (await service.get(`${BASE}/statistics/2017${query}`)).json<Statistics>();

const valueOf = ({ statistics }: Statistics, code: string): string | null | undefined =>
  statistics.find((figure) => figure.code === code)?.value;

test('figures of a year and of a moment', async () => {
  const now = await of();
  expect(now).toMatchObject({ agency: AGENCY, year: 2017, policy: 'disclosure-counting/1', stale: null });
  expect(valueOf(now, 's.items-by-channel:bulletin-board')).toBe('1');
  expect(valueOf(await of(`?asOf=index:${Number(now.asOf.index) - 1}`), 's.items')).toBe('1');
  // Asked twice it is the same, byte for byte, and with a tag.
  const [one, two] = [await service.get(`${BASE}/statistics/2017`), await service.get(`${BASE}/statistics/2017`)];
  expect([two.text, two.headers['etag']]).toEqual([one.text, expect.stringMatching(/\S/)]);
  expect(two.headers['etag']).toBe(one.headers['etag']);
});

test('a figure is explained like a cell', async () => {
  const cell = encodeURIComponent('s.items-by-category:财政: 预算');
  const explained = (await service.get(`${BASE}/tables/2017/cells/${cell}`)).json<Explanation>();
  expect(explained).toMatchObject({
    cell: 's.items-by-category:财政: 预算',
    value: '1',
    events: [{ case: 'publication/1', type: 'disclosure.publication.released', amount: '1' }],
  });
});

test('what is none is refused', async () => {
  expectProblem(await service.get(`${BASE}/tables/2017/cells/s.none`), 404, 'unknown-cell');
  expectProblem(await service.get(`${BASE}/tables/2017/cells/s.items?view=paper`), 400, 'bad-view');
  expectProblem(await service.get(`${BASE}/tables/2017/cells/s.items?rollup=true`), 400, 'bad-parameter');
  expectProblem(await service.get(`${BASE}/statistics/2031`), 400, 'bad-year');
  expectProblem(await service.get(`${BASE}/statistics/2017?form=2021`), 400, 'bad-parameter');
  expectProblem(await service.get(`/v1/agencies/nobody/statistics/2017`), 404, 'unknown-agency');
});

test('the command says the same', async () => {
  const folder = newFolder();
  await run(['import', fileOf(folder, 'year.ndjson', asLines(YEAR))], { folder });
  const asked = ['--agency', AGENCY, '--year', '2017'];
  const printed = JSON.parse((await run(['statistics', ...asked, '--json'], { folder })).stdout) as Statistics;
  expect(printed.statistics).toEqual((await of()).statistics);
  const text = (await run(['statistics', ...asked], { folder })).stdout;
  expect(text).toMatch(/s\.items-by-unit:办公室 +办公室审查审批公开政府信息数 +2条/);
  expect(text).toMatch(/s\.share-in-time +按期答复率 +—/);
  const explained = await run(['explain', ...asked, '--cell', 's.items-by-month:03'], { folder });
  expect([explained.code, explained.stdout]).toEqual([0, expect.stringMatching(/^s\.items-by-month:03 = 2\n.*publication\/1/)]);
  await finishFolder(folder);
});
