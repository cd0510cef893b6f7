/** `disclosure check-report` as a process: exit codes, JSON, text for people, tables of files and of the ledger. */
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileOf, finishFolder, newFolder, run } from '../support/cli.js';
import { docxOf, pdfOf, wordXml } from '../support/documents.js';
import { AGENCY } from '../support/messages.js';
import { asLines } from '../support/service.js';
import { FIXTURES } from '../support/tables.js';
import { smallYear } from '../support/year.js';

const folder = newFolder();
afterAll(() => finishFolder(folder));

const JINHU = join(FIXTURES, '../cases/published/jinhu-2023.json');
const GOOD = '全年共收到政府信息公开申请143件，按期办结143件。';
const BAD = '全年共收到政府信息公开申请134件，按期办结143件。';

interface Answer {
  readonly kind: string;
  readonly table: { readonly year: number } | null;
  readonly previous: { readonly year: number } | null;
  readonly numbers: readonly { readonly text: string; readonly verdict: string }[];
  readonly findings: readonly { readonly rule: string; readonly cells: readonly string[]; readonly left: string; readonly right: string }[];
  readonly error?: { readonly code: string; readonly hint: string };
}

interface Checked {
  readonly code: number | null;
  readonly answer: Answer;
  readonly stdout: string;
  readonly stderr: string;
}

async function check(...args: string[]): Promise<Checked> {
  const { code, stdout, stderr } = await run(['check-report', ...args], { folder });
  return { code, stdout, stderr, answer: (stdout.startsWith('{') ? JSON.parse(stdout) : {}) as Answer };
}

function write(name: string, bytes: Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

test('each kind of file gives the same verdict', async () => {
  for (const [kind, bytes] of [
    ['text', Buffer.from(BAD)],
    ['html', Buffer.from(`<html><body><p>${BAD}</p></body></html>`)],
    ['docx', docxOf(wordXml([BAD]))],
    ['pdf', pdfOf([BAD])],
  ] as const) {
    const { code, answer } = await check(write(`bad.${kind}`, bytes), '--table', JINHU, '--json');
    expect([code, answer.kind]).toEqual([1, kind]);
    expect(answer.findings).toMatchObject([{ rule: 'cell-differs', left: '134', right: '143' }]);
    expect(answer.findings[0]?.cells).toContain('3.1:total');
  }
});

test('what matches exits 0 and is told', async () => {
  const file = fileOf(folder, 'good.txt', GOOD);
  const { code, answer } = await check(file, '--table', JINHU, '--json');
  expect([code, answer.findings, answer.numbers.map(({ verdict }) => verdict)]).toEqual([0, [], ['held', 'held']]);
  expect((await check(file, '--table', JINHU)).stdout).toContain('按期办结143件  = 按时办结');
});

test('last year’s figure is named with --previous', async () => {
  // A table of the year before in which the number left in the text stands.
  const before = fileOf(
    folder,
    '2022.json',
    JSON.stringify({ agency: '金湖县', year: 2022, form: '2021', cells: { '3.1:total': '134', '3.2:total': '0' } }),
  );
  const { code, answer } = await check(fileOf(folder, 'bad.txt', BAD), '--table', JINHU, '--previous', before, '--json');
  expect([code, answer.previous?.year, answer.findings.map(({ rule }) => rule)]).toEqual([1, 2022, ['last-years-figure']]);
});

test('without a table the sentence itself is checked', async () => {
  const { code, answer } = await check(fileOf(folder, 'sum.txt', '收到117件，其中自然人100件、法人7件。'), '--json');
  expect([code, answer.table, answer.findings.map(({ rule }) => rule)]).toEqual([1, null, ['sum-differs']]);
});

test('the table that the report prints itself', async () => {
  const report = readFileSync(join(FIXTURES, '../annual-report-2017.txt'), 'utf8');
  const own = await check(fileOf(folder, 'own.txt', report), '--json');
  expect([own.code, own.answer.table, own.answer.findings]).toEqual([0, { agency: '金乡县商务局', year: 2017, form: '2014-shandong' }, []]);
  expect(own.stderr).toContain('own.txt: 与报告自带的 2014-shandong 表核对');
  const changed = await check(fileOf(folder, 'own.txt', report.replace('公开37条', '公开38条')), '--json');
  expect([changed.code, changed.answer.findings]).toMatchObject([1, [{ rule: 'cell-differs', cells: ['1.2.1'], left: '38', right: '37' }]]);
  // What is wrong in its table itself, and rows that it calls otherwise, are said and are no errors of the prose.
  const wrong = report.replace('1.当面申请数 | 件 | 0', '1.当面申请数 | 件 | 1').replace('(二)举办各类培训班数', '(二)其他活动');
  const noted = await check(fileOf(folder, 'own.txt', wrong), '--json');
  expect([noted.code, noted.stderr]).toEqual([0, expect.stringMatching(/表中未见 \(二\)举办各类培训班数[^]*表内有 1 项错误/)]);
  // A table that is named comes before it.
  const named = await check(fileOf(folder, 'own.txt', report), '--table', JINHU, '--json');
  expect([named.answer.table?.year, named.stderr.includes('自带')]).toEqual([2023, false]);
});

test('a scan is refused with what would be right', async () => {
  const scan = await check(write('scan.pdf', pdfOf(['1/5'], { picture: true })), '--json');
  expect([scan.code, scan.answer.error?.code]).toEqual([1, 'no-text']);
  expect(scan.answer.error?.hint).toContain('OCR');
});

test('the table of the ledger', async () => {
  expect((await run(['import', fileOf(folder, 'year.ndjson', asLines(smallYear()))], { folder })).code).toBe(0);
  const table = JSON.parse((await run(['table', '--agency', AGENCY, '--year', '2017', '--json'], { folder })).stdout) as {
    readonly rows: readonly { readonly code: string; readonly value?: string | null }[];
  };
  const released = Number(table.rows.find(({ code }) => code === '1.1')?.value);
  const say = (number: number): string => fileOf(folder, 'ledger.txt', `2017年，我局主动公开政府信息${number}条。`);
  const ledger = ['--agency', AGENCY, '--year', '2017', '--json'];
  const right = await check(say(released), ...ledger);
  expect([right.code, right.answer.table?.year, right.answer.previous, right.answer.numbers[0]?.verdict]).toEqual([0, 2017, null, 'held']);
  expect((await check(say(released + 1), ...ledger)).code).toBe(1);
  // What no cell holds is held against what the ledger counts.
  const board = await check(fileOf(folder, 'ledger.txt', '主动公开政府信息，公告栏公开999条。'), ...ledger);
  expect(board.answer.findings).toMatchObject([{ rule: 'cell-differs', cells: ['s.items-by-channel:bulletin-board'], left: '999' }]);
  // What `table --json` prints is a table in a file, too.
  const file = fileOf(folder, 'table.json', JSON.stringify(table));
  expect((await check(say(released + 1), '--table', file, '--json')).answer.findings).toMatchObject([{ right: String(released) }]);
});

test('what cannot be read is refused by code', async () => {
  const refused = await check(write('bytes.docx', Buffer.from('PK\u0003\u0004')), '--table', JINHU, '--json');
  expect([refused.code, refused.answer.error?.code]).toEqual([1, 'not-a-document']);
  expect((await check(join(folder, 'none.docx'), '--json')).code).toBe(2);
  expect((await check(fileOf(folder, 'good.txt', GOOD), '--year', '2017')).code).toBe(2);
  expect(
    (await check(fileOf(folder, 'good.txt', GOOD), '--table', fileOf(folder, 'no.json', '{"rows":[{"label":"x"}]}'), '--json')).code,
  ).toBe(1);
});
