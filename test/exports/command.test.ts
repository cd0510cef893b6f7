/** `disclosure export` of files, as an officer calls it: every kind in every format, the same bytes again. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readReport } from '../../src/documents/report-text.js';
import { EXPORTS, type ExportKind, type Format } from '../../src/exports/exported.js';
import type { WrittenFile } from '../../src/exports/write-file.js';
import { finishFolder, newFolder, run, runAlone, type Finished } from '../support/cli.js';
import { column, firstSheet } from '../support/spreadsheets.js';

const EXAMPLE = join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson');
const SEED = join(__dirname, '../fixtures/tables/jinxiang-commerce-2017.json');
const AGENCY = '370828-commerce';
const folder = newFolder();

beforeAll(async () => {
  expect((await run(['import', EXAMPLE], { folder })).code).toBe(0);
});

afterAll(() => finishFolder(folder));

/** What names the kind on the command line. */
const ASKED: Readonly<Record<ExportKind, readonly string[]>> = {
  table: ['--table', '--year', '2017'],
  report: ['--report', '--year', '2017'],
  catalogue: ['--catalogue'],
  register: ['--register'],
  cases: ['--cases'],
  trail: ['--trail', 'publication/2017-0034'],
};

const exported = (kind: ExportKind, ...more: readonly string[]): Promise<Finished> =>
  run(['export', ...ASKED[kind], '--agency', AGENCY, ...more], { folder });

/** The bytes of a kind in a format. */
async function fileIn(kind: ExportKind, format: Format): Promise<Buffer> {
  const out = join(folder, `one.${format}`);
  expect(await exported(kind, '--out', out)).toMatchObject({ code: 0, stderr: '' });
  return readFileSync(out);
}

test.each(Object.keys(EXPORTS) as ExportKind[])('%s: listed, and the same again', async (kind) => {
  // Written twice in every format it has: the same bytes, listed with their hash and the last event in them.
  const written: WrittenFile[][] = [];
  for (const name of ['first', 'second']) {
    const out = join(folder, `${kind}-${name}`);
    mkdirSync(out);
    const finished = await exported(kind, '--format', EXPORTS[kind].join(','), '--out', out, '--json');
    expect(finished.code).toBe(0);
    written.push([...finished.json<{ files: WrittenFile[] }>().files]);
    for (const { file, bytes, sha256 } of written.at(-1) ?? []) {
      const found = readFileSync(file);
      expect([bytes, sha256]).toEqual([found.length, `sha256:${createHash('sha256').update(found).digest('hex')}`]);
    }
    expect(readdirSync(out)).toHaveLength(EXPORTS[kind].length);
  }
  const [first, second] = written.map((files) => files.map(({ bytes, sha256, index }) => ({ bytes, sha256, index })));
  expect(first).toEqual(second);
  expect(first?.map(({ index }) => index)).toEqual(EXPORTS[kind].map(() => 449));
});

test('in another time zone the same bytes', async () => {
  const here = await run(['export', ...ASKED.table, '--agency', AGENCY, '--format', 'xlsx', '--json'], { folder, env: { TZ: 'UTC' } });
  const there = await run(['export', ...ASKED.table, '--agency', AGENCY, '--format', 'xlsx', '--json'], {
    folder,
    env: { TZ: 'Asia/Shanghai' },
  });
  expect(there.stdout).toBe(here.stdout);
});

interface Printed {
  readonly label: string;
  readonly unit: string | null;
  readonly value: string | null;
}

/** The 69 rows as the agency published them. */
const published = (): Printed[] => (JSON.parse(readFileSync(SEED, 'utf8')) as { rows: Printed[] }).rows;

test('XLSX of the table is the published one', async () => {
  const cells = firstSheet(await fileIn('table', 'xlsx'));
  // Under title and heads.
  const rows = Array.from({ length: 69 }, (_, at) => ['A', 'B', 'C'].map((name) => cells.get(`${name}${at + 3}`)?.text ?? ''));
  expect(rows).toEqual(published().map(({ label, unit, value }) => [label, unit ?? '', value ?? '']));
  expect(cells.get('C4')?.type).toBe('n');
});

test.each(['docx', 'html', 'pdf'] as const)('%s of the report holds text and annex', async (format) => {
  const { text } = await readReport(await fileIn('report', format));
  const dense = text.replace(/[\s|]/g, '');
  expect(dense).toContain('金乡县商务局2017年度政府信息公开工作年度报告');
  expect(dense).toContain('十一、需要说明的事项');
  let from = dense.indexOf('统计指标');
  for (const { label, unit, value } of published()) {
    const line = `${label}${unit ?? ''}${value ?? ''}`;
    // Page numbers and repeated heads stand between some.
    const at = dense.indexOf(line, from);
    expect([line, at >= 0]).toEqual([line, true]);
    from = at;
  }
});

test('the catalogue lists each published item', async () => {
  const lines = parse<Record<string, string>>(await fileIn('catalogue', 'csv'), { bom: true, columns: true });
  expect(lines).toHaveLength(72);
  const channels = lines.flatMap((line) => (line['公开渠道 channels'] ?? '').split(', '));
  expect(channels.filter((channel) => channel === 'website')).toHaveLength(37);
  const cells = firstSheet(await fileIn('catalogue', 'xlsx'));
  expect(column(cells, 'B')).toEqual(lines.map((line) => line['标题 title']));
});

test('standard output is the file alone', async () => {
  const { code, stdout, stderr } = await runAlone(['export', ...ASKED.cases, '--agency', AGENCY, '--format', 'csv', '--out', '-'], {
    folder,
  });
  expect([code, stdout]).toEqual([0, (await fileIn('cases', 'csv')).toString()]);
  expect(stderr).toMatch(/^文件 file -, \d+ bytes, sha256:[0-9a-f]{64}, index:449\n$/);
});

test.each([
  ['nothing named', 2, []],
  ['two named', 2, ['--table', '--report', '--agency', AGENCY, '--year', '2017', '--format', 'pdf']],
  ['a pack and a table', 2, ['--pack', 'x.pack', '--table']],
  ['no format', 2, ['--cases', '--agency', AGENCY]],
  ['an unknown format', 2, ['--cases', '--agency', AGENCY, '--format', 'odt']],
  ['a format of other kinds', 2, ['--cases', '--agency', AGENCY, '--format', 'pdf']],
  ['no agency', 2, ['--cases', '--format', 'csv']],
  ['no year', 2, ['--table', '--agency', AGENCY, '--format', 'csv']],
  ['an unknown agency', 1, ['--cases', '--agency', 'nobody', '--format', 'csv', '--out', 'nobody.csv']],
  ['an unknown case', 1, ['--trail', 'publication/none', '--agency', AGENCY, '--format', 'csv', '--out', 'none.csv']],
  ['several files on standard output', 2, ['--cases', '--agency', AGENCY, '--format', 'csv,xlsx', '--out', '-']],
  ['several files under one name', 2, ['--cases', '--agency', AGENCY, '--format', 'csv,xlsx', '--out', 'one.csv']],
  ['a folder that is not there', 2, ['--cases', '--agency', AGENCY, '--out', 'nowhere/x.csv']],
])('%s: exit %i, no stack', async (_, exit, args) => {
  const { code, stderr } = await run(['export', ...args], { folder });
  expect([code, stderr]).toEqual([exit, expect.not.stringContaining('    at ')]);
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  expect(existsSync(join(folder, 'nobody.csv')) || existsSync(join(folder, 'none.csv'))).toBe(false);
});
