/** `disclosure import --map` as a process: catalogues, registers and printed tables of past years, twice and mended. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { ImportResult } from '../../src/cli/import/record-files.js';
import { fileOf, finishFolder, newFolder, run, serve, start, stop, type Finished } from '../support/cli.js';
import { AGENCY, setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';
import { xlsxOf, type Cell } from '../support/sheets.js';
import { until } from '../support/until.js';

const FIXTURE = join(__dirname, '../fixtures/spreadsheets/catalogue-2016-gbk.csv');
const SAVED = join(__dirname, '../fixtures/spreadsheets/register-2018.xlsx');
const WHO = ['--agency', AGENCY, '--actor', '值班员'];

let folder: string;

beforeEach(async () => {
  folder = newFolder();
  expect((await run(['import', fileOf(folder, 'setup.ndjson', asLines(setUp(AGENCY, { chain: false })))], { folder })).code).toBe(0);
});

afterEach(() => finishFolder(folder));

function write(name: string, bytes: Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

const catalogue = (): string => write('目录2016.csv', readFileSync(FIXTURE));
const importing = (map: string, file: string, ...more: string[]): Promise<Finished> =>
  run(['import', '--map', map, file, ...WHO, '--json', ...more], { folder });

async function valueOf(cell: string, year = '2016'): Promise<string | null> {
  const table = (await run(['table', '--agency', AGENCY, '--year', year, '--json'], { folder })).json<{
    readonly rows: readonly { readonly code: string; readonly value: string | null }[];
  }>();
  return table.rows.find(({ code }) => code === cell)?.value ?? null;
}

test('a catalogue of a past year in GB 18030', async () => {
  const finished = await importing('catalogue', catalogue());
  const { recorded, duplicate, refused, refusals } = finished.json<ImportResult>();
  expect([finished.code, recorded, duplicate, refused]).toEqual([1, 7, 0, 2]);
  expect(Object.keys(finished.json<object>())).toEqual(['recorded', 'duplicate', 'refused', 'refusals']);
  // Row 5 has a line end in a cell: rows are numbered as a spreadsheet numbers them.
  expect(refusals.map(({ line, source, id, error }) => [line, source, id, error.code])).toEqual([
    [7, '/spreadsheets/catalogue', null, 'invalid-data'],
    [8, '/spreadsheets/catalogue', null, 'invalid-data'],
  ]);
  expect([await valueOf('1.1'), await valueOf('1.2.1'), await valueOf('1.2.3'), await valueOf('1.2.4')]).toEqual(['3', '2', '1', '1']);
  const again = (await importing('catalogue', catalogue())).json<ImportResult>();
  expect([again.recorded, again.duplicate, again.refused]).toEqual([0, 7, 2]);
});

test('refused rows are mended and imported', async () => {
  const file = catalogue();
  const first = await run(['import', '--map', 'catalogue', file, ...WHO], { folder });
  const refusedFile = join(folder, '目录2016.refused.csv');
  expect(first.stderr).toContain(`refused rows with their reasons 未录入的行及原因: ${refusedFile}`);
  expect(first.stderr).toMatch(/skipped 2 rows that are no acts 非记录行: 9 \(合计\), 10 \(填表人/);
  expect(first.stdout).toContain('recorded 7, duplicate 0, refused 2');
  const written = readFileSync(refusedFile, 'utf8');
  const rows: string[][] = parse(written, { bom: true });
  expect(rows.map((row) => [row[0], row.at(-1)?.split(':')[0]])).toEqual([
    ['索引号', '原因'],
    ['370828000000004', 'invalid-data'],
    ['370828000000005', 'invalid-data'],
  ]);
  expect(written.startsWith('\ufeff')).toBe(true);
  expect(written).toContain('公开渠道 is 抖音');
  // The clerk mends one of the two rows in the file of refused rows; what is left has one column of reasons again.
  const mended = write('改.csv', Buffer.from(written.replace('抖音', '其他')));
  const second = await importing('catalogue', mended);
  expect(second.json<ImportResult>()).toMatchObject({ recorded: 2, duplicate: 0, refused: 1 });
  const [heads = ''] = readFileSync(join(folder, '改.refused.csv'), 'utf8').split('\r\n');
  expect(heads.split(',').filter((head) => head === '原因')).toHaveLength(1);
  // What was mended is never written over.
  await importing('catalogue', file);
  expect(readFileSync(refusedFile, 'utf8')).toBe(written);
  expect(existsSync(join(folder, '目录2016.refused-2.csv'))).toBe(true);
  const asked = join(folder, 'asked.csv');
  await importing('catalogue', file, '--refused', asked);
  expect(existsSync(asked)).toBe(true);
  // What is there already is said before anything is recorded.
  const twice = await importing('catalogue', file, '--refused', asked);
  expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining('asked.csv is there already') as string]);
});

const REGISTER: Cell[][] = [
  ['2018年政府信息公开申请登记台账'],
  [
    '登记编号',
    '收到日期',
    '申请方式',
    '申请人类型',
    '申请人',
    '申请内容',
    '延期日期',
    '延期天数',
    '延期理由',
    '延期批准人',
    '答复日期',
    '答复结果',
    '不予公开理由',
    '收费金额',
  ],
  ['2018-0001', { day: 43163 }, '网络申请', '公民', '王某', '征地补偿标准', null, null, null, null, { day: 43171 }, '予以公开', null, 12.5],
  [
    '2018-0002',
    { day: 43164 },
    '信函',
    '企业',
    '某公司',
    '招标文件',
    { day: 43174 },
    10,
    '案情复杂',
    '分管领导',
    { day: 43192 },
    '不予公开',
    '商业秘密',
    null,
  ],
  ['2018-0003', { day: 43165 }, '当面', '个人', '李某', '会议纪要', null, null, null, null, { day: 43171 }, '撤回', null, null],
  ['2018-0004', { day: 43166 }, '传真', '个人', '赵某', '预算', null, null, null, null, { day: 43172 }, null, null, null],
  ['合计', null, null, null, null, null, null, null, null, null, null, null, null, { formula: 'SUM(N3:N6)', value: 12.5 }],
];

test('a register of applications as XLSX', async () => {
  const file = write('登记.xlsx', xlsxOf(REGISTER));
  const dry = await importing('register', file, '--dry-run');
  expect(dry.json()).toMatchObject({ wouldRecord: 9, wouldDuplicate: 0, wouldRefuse: 1 });
  const finished = await importing('register', file);
  const { recorded, refused, refusals } = finished.json<ImportResult>();
  expect([recorded, refused]).toEqual([9, 1]);
  // A row with a day of reply and no result is told, though its receipt is recorded.
  expect(refusals.map(({ line, id, error }) => [line, id, error.code])).toEqual([[6, '2018-0004-replied', 'invalid-data']]);
  const values = await Promise.all(['3.1', '3.1.3', '3.2.1', '3.2.2', '3.3.2', '3.3.4.of2', '8'].map((cell) => valueOf(cell, '2018')));
  expect(values).toEqual(['4', '1', '2', '1', '1', '1', '0.00125']);
  const trail = await run(['trail', '--agency', AGENCY, '--case', 'application/2018-0002'], { folder });
  expect(trail.stdout).toContain('2018-03-05T09:00:00+08:00  application.received');
});

test('a register as an office program saved it', async () => {
  const { recorded, refused } = (await importing('register', write('登记.xlsx', readFileSync(SAVED)))).json<ImportResult>();
  expect([recorded, refused]).toEqual([8, 0]);
  const values = await Promise.all(['3.1', '3.2.1', '3.2.2', '3.3.2', '3.3.4.of2', '8'].map((cell) => valueOf(cell, '2018')));
  expect(values).toEqual(['3', '2', '1', '1', '1', '0.00125']);
});

test('a dry run says what it would record', async () => {
  const dry = await run(['import', '--dry-run', '--map', 'catalogue', catalogue(), ...WHO], { folder });
  expect(dry.stdout).toContain('would record 7, duplicate 0, refuse 2; nothing was recorded');
  expect(dry.stderr).toContain('disclosure.publication.drafted 3, disclosure.publication.released 4');
  expect(await valueOf('1.1')).not.toBe('3');
});

test('rows are sent to a running service', async () => {
  const served = await serve({ folder });
  try {
    const sent = (await importing('catalogue', catalogue())).json<ImportResult>();
    expect([sent.recorded, sent.refused, sent.refusals.map(({ line }) => line)]).toEqual([7, 2, [7, 8]]);
    expect(existsSync(join(folder, '目录2016.refused.csv'))).toBe(true);
  } finally {
    await stop(served);
  }
});

/** A catalogue of many rows, every tenth of which is refused. */
function largeCatalogue(rows: number): string {
  const heads = '索引号,信息名称,公开日期,公开渠道\r\n';
  const lines = Array.from(
    { length: rows },
    (_none, at) => `2016-${at},第${at}号信息${'，公开'.repeat(120)},2016/3/2,${at % 10 === 0 ? '无' : '网站'}\r\n`,
  );
  return fileOf(folder, 'large.csv', heads + lines.join(''));
}

test('a killed import goes on where it was', async () => {
  const file = largeCatalogue(1500);
  const running = start(['import', '--map', 'catalogue', file, ...WHO, '--json'], { folder });
  await until(() => existsSync(join(folder, 'large.refused.csv')) && readFileSync(join(folder, 'large.refused.csv')).length > 40_000);
  running.child.kill('SIGKILL');
  await running.finished;
  const again = (await importing('catalogue', file)).json<ImportResult>();
  expect([again.recorded + again.duplicate, again.refused]).toEqual([2700, 150]);
  expect(again.duplicate).toBeGreaterThan(0);
  expect(again.recorded).toBeGreaterThan(0);
  expect(readFileSync(join(folder, 'large.refused-2.csv'), 'utf8').split('\r\n')).toHaveLength(152);
});

test('what does not go together is wrong usage', async () => {
  const file = catalogue();
  const code = async (...args: string[]): Promise<number | null> => (await run(['import', ...args], { folder })).code;
  expect(await code(file, '--agency', AGENCY)).toBe(2);
  expect(await code('-', '--map', 'catalogue')).toBe(2);
  expect(await code(file, file, '--map', 'catalogue', '--refused', join(folder, 'x.csv'))).toBe(2);
  expect(await code(file, '--map', 'katalog')).toBe(2);
  expect(await code(file, '--map', 'catalogue')).toBe(2);
  expect(await code(file, '--map', fileOf(folder, 'own.json', '{"title":"x","mesages":[]}'))).toBe(2);
  expect(readdirSync(folder).filter((name) => name.includes(basename('refused')))).toEqual([]);
});

test('a hostile file is refused by its code', async () => {
  const macros = write('macros.xlsx', xlsxOf(REGISTER, { more: [{ name: 'xl/vbaProject.bin', data: Buffer.from('x') }] }));
  const finished = await importing('register', macros);
  expect([finished.code, finished.json<{ error: { code: string } }>().error.code]).toEqual([1, 'unsafe-document']);
  expect(finished.stderr).toContain('macros.xlsx');
});
