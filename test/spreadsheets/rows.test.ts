/** Spreadsheets as bureaus have them: titles above, sums below, two rows of heads, cells of several values. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocumentProblem } from '../../src/documents/problem.js';
import { mappedSheet, type MappedRow } from '../../src/spreadsheets/mapped-rows.js';
import { readMapping } from '../../src/spreadsheets/read-mapping.js';
import type { Message } from '../../src/spreadsheets/row-messages.js';
import { xlsxOf, type Cell } from '../support/sheets.js';

const folder = mkdtempSync(join(tmpdir(), 'disclosure-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MAPPING = {
  title: 'items',
  constants: { agency: '370828-commerce', actor: '值班员', source: '/sheet' },
  columns: [
    { name: 'number', heads: ['编号'], is: 'case-number', required: true },
    { name: 'title', heads: ['名称'], required: true },
    { name: 'day', heads: ['日期'], is: 'time', required: true },
    { name: 'channel', heads: ['渠道'], split: '、', values: { 网站: 'website', 微信: 'wechat' } },
    { name: 'officer', heads: ['经办人'], is: 'name' },
    { name: 'items', heads: ['件数'], is: 'whole' },
  ],
  skip: ['填表人'],
  messages: [
    {
      type: 'publication.drafted',
      id: '{number}-d',
      subject: 'publication/{number}',
      time: '{day.day}T00:00:00+08:00',
      actor: '{officer|actor}',
      data: {
        title: '{title}',
        contentHash: '{rowHash}',
        category: '{channel.day}',
        more: { deep: '{officer}' },
        count: '{items}',
        fixed: true,
      },
    },
    {
      type: 'publication.released',
      id: '{number}-{channel}',
      each: 'channel',
      when: { items: 'filled' },
      subject: 'publication/{number}',
      time: '{day}',
      data: { channel: "{channel|'other'}" },
    },
  ],
} as const;

const HEADS = ['编号', '名称', '日期', '渠道', '经办人', '件数'];

interface Read {
  readonly rows: readonly MappedRow[];
  readonly heads: readonly (readonly string[])[];
  readonly skipped: readonly (readonly [number, string])[];
}

async function read(rows: readonly (readonly Cell[])[], mapping: object = MAPPING): Promise<Read> {
  const file = join(folder, 'sheet.xlsx');
  writeFileSync(file, xlsxOf(rows));
  const skipped: [number, string][] = [];
  const sheet = await mappedSheet(file, readMapping(JSON.stringify(mapping), {}), {
    read: () => undefined,
    skipped: (line, text) => skipped.push([line, text]),
  });
  const found: MappedRow[] = [];
  for await (const row of sheet.rows) found.push(row);
  return { rows: found, heads: sheet.heads, skipped };
}

const messagesOf = (row: MappedRow | undefined): readonly Message[] => (row?.made.ok === true ? row.made.messages : []);
const refusalOf = (row: MappedRow | undefined): string =>
  row?.made.ok === false ? `${row.made.refusal.code} ${row.made.refusal.message}` : '';

test('a row becomes its messages', async () => {
  const { rows } = await read([HEADS, ['1', '甲', { day: 42796 }, '网站、微信', '张　三', 2]]);
  const [drafted, website, wechat, more] = messagesOf(rows[0]);
  expect(drafted).toEqual({
    specversion: '1.0',
    type: 'disclosure.publication.drafted',
    id: '1-d',
    source: '/sheet',
    subject: 'publication/1',
    time: '2017-03-02T00:00:00+08:00',
    agency: '370828-commerce',
    actor: '张三',
    data: {
      title: '甲',
      contentHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
      more: { deep: '张三' },
      count: 2,
      fixed: true,
    },
  });
  expect([website, wechat].map((message) => [message?.['id'], message?.['data'], message?.['actor']])).toEqual([
    ['1-website', { channel: 'website' }, '值班员'],
    ['1-wechat', { channel: 'wechat' }, '值班员'],
  ]);
  expect(more).toBeUndefined();
});

test('title, blanks, sums, notes and repeated heads', async () => {
  const { rows, heads, skipped } = await read([
    ['2017年主动公开信息目录'],
    [],
    ['单位：件'],
    HEADS,
    ['1', '甲', '2017/3/2', null, null, null],
    HEADS,
    ['2', '合计：甲', '2017/3/3'],
    [null, ' '],
    ['合 计', null, null, null, null, 3],
    ['填表人：张三', '审核人：李四'],
    [],
  ]);
  expect(rows.map(({ line, cells }) => [line, cells[0]])).toEqual([
    [5, '1'],
    [7, '2'],
  ]);
  expect(heads).toEqual([HEADS]);
  expect(skipped).toEqual([
    [6, '编号'],
    [9, '合计'],
    [10, '填表人:张三'],
  ]);
});

test('a row means the same wherever it stands', async () => {
  const row: Cell[] = ['1', '甲', '2017/3/2', '网站', null, null];
  const [one] = (await read([HEADS, row])).rows;
  const [, other] = (await read([['标题'], HEADS, ['0', '乙', '2017/3/1'], row])).rows;
  // Also in other columns, and its day in another notation.
  const turned = [HEADS.toReversed(), [null, null, '网站', '2017年3月2日', '甲', '1']];
  const [third] = (await read(turned)).rows;
  expect(messagesOf(other)).toEqual(messagesOf(one));
  expect(messagesOf(third)).toEqual(messagesOf(one));
});

test('what is wrong in a row is said at once', async () => {
  const { rows } = await read([
    HEADS,
    ['1', null, '昨天', '抖音', null, '三'],
    ['2', '乙', '2017/3/2', null, null, null],
    [370828000000000000, '丙', '2017/3/2'],
  ]);
  expect(refusalOf(rows[0])).toMatch(/^invalid-data 名称 is blank; 日期 is 昨天.*; 渠道 is 抖音.*; 件数 is 三/);
  expect(rows[1]?.made.ok).toBe(true);
  expect(refusalOf(rows[2])).toMatch(/编号 is 370828000000000000: of a number 15 digits are kept/);
});

test('heads in two rows, one merged over several', async () => {
  const mapping = {
    ...MAPPING,
    header: { rows: 2 },
    columns: MAPPING.columns.map((column) => (column.name === 'title' ? { ...column, heads: ['信息/名称'] } : column)),
  };
  const { rows, heads } = await read(
    [['目录'], ['编号', '信息', null, '渠道'], [null, '名称', '日期', null], ['1', '甲', '2017/3/2', '网站']],
    mapping,
  );
  expect(heads.length).toBe(2);
  expect(messagesOf(rows[0])[0]).toMatchObject({ id: '1-d', data: { title: '甲' } });
});

test('a row of heads may be named', async () => {
  const mapping = { ...MAPPING, header: { row: 3 } };
  const decoy = [HEADS, ['说明', '名称', '日期'], HEADS, ['1', '甲', '2017/3/2']];
  expect((await read(decoy, mapping)).rows.map(({ line }) => line)).toEqual([4]);
  // A file of refused rows has no title above: the heads are found all the same.
  expect((await read([HEADS, ['1', '甲', '2017/3/2']], mapping)).rows.map(({ line }) => line)).toEqual([2]);
});

test('missing and doubled heads are named', async () => {
  const code = async (rows: Cell[][]): Promise<string> =>
    read(rows).then(
      () => '',
      (error: unknown) => (error instanceof DocumentProblem ? `${error.code} ${error.message}` : ''),
    );
  expect(await code([['编号', '标题', '日期']])).toMatch(/^no-such-head row 1 lacks the heads 名称$/);
  expect(await code([['a']])).toMatch(/^no-such-head no row has the heads/);
  expect(await code([[...HEADS, '名称']])).toMatch(/^no-such-head 名称 stands over 2 columns/);
  expect(await code([])).toMatch(/^no-such-head/);
});
