/** Files by address: named for who saves them, alike those of the command, refused as what they hold is. */
import { parse } from 'csv-parse/sync';
import { readReport } from '../../src/documents/report-text.js';
import { membersOf } from '../../src/encoding/unknown-values.js';
import { EXPORTS, FORMATS, type ExportKind } from '../../src/exports/exported.js';
import { application, received } from '../support/applications.js';
import { AGENCY, message } from '../support/messages.js';
import { expectProblem, startService, type TestService } from '../support/service.js';
import { firstSheet } from '../support/spreadsheets.js';
import { CHINESE_NUMBER, smallYear } from '../support/year.js';

const BASE = `/v1/agencies/${AGENCY}/exports`;
let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...smallYear());
  await service.settled();
});

afterAll(() => service.finish());

const TRAIL = `trails/publication/${encodeURIComponent(CHINESE_NUMBER)}`;
const PATHS: Readonly<Record<ExportKind, string>> = {
  table: 'tables/2017',
  report: 'reports/2017',
  catalogue: 'catalogue',
  register: 'register',
  cases: 'cases',
  trail: TRAIL,
};

const fetched = (kind: ExportKind, query: string) => service.inject({ method: 'GET', url: `${BASE}/${PATHS[kind]}?${query}` });

const FILES = Object.entries(PATHS).flatMap(([kind, path]) => EXPORTS[kind as ExportKind].map((format) => [path, format] as const));

test.each(FILES)('%s in %s', async (path, format) => {
  const { statusCode, headers, rawPayload } = await service.inject({ method: 'GET', url: `${BASE}/${path}?format=${format}` });
  expect([statusCode, headers['content-type']]).toEqual([200, FORMATS[format]]);
  expect(headers['content-disposition']).toMatch(new RegExp(`^attachment; filename=.*\\.${format}"?`));
  expect(rawPayload.length).toBeGreaterThan(100);
});

test('a Chinese name is told in UTF-8', async () => {
  const { headers } = await fetched('trail', 'format=csv');
  expect(headers['content-disposition']).toContain(
    `filename*=UTF-8''${AGENCY}-publication-${encodeURIComponent(CHINESE_NUMBER)}-trail.csv`,
  );
});

test('the table is that of its own address', async () => {
  const asked = `/v1/agencies/${AGENCY}/tables/2017?format=csv&bom=true`;
  expect((await fetched('table', 'format=csv')).payload).toBe((await service.get(asked)).text);
  const cells = firstSheet((await fetched('table', 'format=xlsx')).rawPayload);
  expect([...cells.values()].map(({ text }) => text)).toContain('(一)召开政府信息公开工作会议或专题会议数');
});

test('a report as of before its year is blank', async () => {
  const { text } = await readReport((await fetched('report', 'format=docx&asOf=index:8')).rawPayload);
  expect(text).toContain('未有主动公开的政府信息');
  const { text: now } = await readReport((await fetched('report', 'format=docx')).rawPayload);
  expect(now).not.toContain('未有主动公开的政府信息');
});

test('the catalogue names each item and channel', async () => {
  const lines = parse<Record<string, string>>((await fetched('catalogue', 'format=csv')).payload, { bom: true, columns: true });
  expect(lines.map((line) => [line['编号 number'], line['首次公开 first released'], line['公开渠道 channels']])).toEqual([
    ['plain', '2017-03-02', '政府网站 website'],
    [CHINESE_NUMBER, '2017-04-04', '政府网站 website, 政务微信 wechat'],
  ]);
});

test.each([
  ['catalogue', 'bad-parameter', 400],
  ['catalogue?format=odt', 'bad-parameter', 400],
  ['catalogue?format=pdf', 'bad-parameter', 400],
  ['tables/2017?format=xlsx&view=difference', 'bad-view', 400],
  ['tables/17?format=xlsx', 'bad-year', 400],
  ['tables/2017?format=xlsx&view=published', 'no-published-table', 404],
  ['trails/publication/none?format=csv', 'unknown-case', 404],
])('%s is %s', async (path, code, status) => {
  expectProblem(await service.get(`${BASE}/${path}`), status, code);
});

test('an unknown agency is told before a byte', async () => {
  expectProblem(await service.get('/v1/agencies/nobody/exports/cases?format=xlsx'), 404, 'unknown-agency');
});

test('the register says outcomes and no names', async () => {
  // Who applied and for what is sealed; a void takes an answer out again.
  await service.record(
    received('sealed', '2017-05-02', { applicant: { kind: 'business', name: '王某某', contact: '13800000000' }, request: '补贴名单' }),
    received('open', '2017-05-03'),
    application('abandoned', 'open', '2017-06-01', { reason: 'not-supplemented', note: '王某某未补正' }),
  );
  await service.settled();
  const { payload } = await fetched('register', 'format=csv');
  const lines = parse<Record<string, string>>(payload, { bom: true, columns: true });
  expect(
    lines.map((line) => [line['编号 number'], line['申请人类别 kind of applicant'], line['答复结果 outcome'], line['办结 closed']]),
  ).toEqual([
    ['sealed', '商业企业 business', '', ''],
    ['open', '自然人 natural-person', '不再处理 abandoned', '2017-06-01'],
  ]);
  expect(payload).not.toMatch(/王某某|13800000000|补贴名单/);
});

test('a case of more acts than a page is followed to its end', async () => {
  // The item is looked at day by day, and put out on another channel behind all that.
  const [count, item] = [1_000, 'publication/plain'];
  const looks = Array.from({ length: count }, (_, at) => ({
    ...message('publication.checked', item, '2017-05-01T09:00:00+08:00', 'office', { finding: 'ok' }),
    id: `look-${at}`,
  }));
  const { contentHash } = membersOf(
    smallYear().find(({ type, subject }) => type === 'disclosure.publication.released' && subject === item)?.data,
  );
  const released = message('publication.released', item, '2017-05-02T09:00:00+08:00', 'office', { channel: 'gazette', contentHash });
  for (let at = 0; at < count; at += 500) await service.record(...looks.slice(at, at + 500));
  const [receipt] = await service.record(released);
  expect(receipt).toMatchObject({ status: 'recorded' });
  await service.settled();
  const lines = parse<Record<string, string>>((await fetched('catalogue', 'format=csv')).payload, { bom: true, columns: true });
  const [plain] = lines.filter((line) => line['编号 number'] === 'plain');
  expect(plain?.['公开渠道 channels']).toContain('gazette');
});
