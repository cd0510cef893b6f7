/** What a cell says: days, amounts, numbers of cases and names as officers write them. */
import fc from 'fast-check';
import type { SheetCell } from '../../src/documents/sheets/cell.js';
import type { MappedColumn } from '../../src/spreadsheets/mapping.js';
import { readCell, type Read } from '../../src/spreadsheets/values.js';

const text = (of: string): SheetCell => ({ kind: 'text', text: of });
const number = (of: string, asDay = false): SheetCell => ({ kind: 'number', text: of, days: 1900, asDay });
const column = (of: Partial<MappedColumn>): MappedColumn => ({ name: 'a', heads: ['甲'], ...of });
const said = (cell: SheetCell, of: Partial<MappedColumn>): unknown => {
  const read: Read = readCell(cell, column(of));
  return 'value' in read ? read.value : undefined;
};

test.each([
  ['2017-03-02', '2017-03-02'],
  ['2017/3/2', '2017-03-02'],
  ['2017.3.2', '2017-03-02'],
  ['2017年3月2日', '2017-03-02'],
  ['２０１７年３月２日', '2017-03-02'],
  ['2017 年 3 月 2 日', '2017-03-02'],
  ['20170302', '2017-03-02'],
  ['2017/3/2 9:05', '2017-03-02'],
  ['2017-02-29', undefined],
  ['3/2/2017', undefined],
  ['17-3-2', undefined],
  ['2017年3月', undefined],
  ['2017-03-02至2017-03-05', undefined],
  ['不详', undefined],
])('the day %s', (written, day) => {
  expect(said(text(written), { is: 'day' })).toBe(day);
});

test('days of other orders where they are told', () => {
  expect(said(text('3/2/2017'), { is: 'day', order: 'mdy' })).toBe('2017-03-02');
  expect(said(text('2/3/2017'), { is: 'day', order: 'dmy' })).toBe('2017-03-02');
  expect(said(text('2017/3/2'), { is: 'day', order: 'dmy' })).toBe('2017-03-02');
});

test('days that a spreadsheet counts', () => {
  expect(said(number('42796', true), { is: 'day' })).toBe('2017-03-02');
  // Also where the format of the cell does not show a day, and eight digits are one as they are.
  expect(said(number('42796'), { is: 'day' })).toBe('2017-03-02');
  expect(said(number('20170302'), { is: 'day' })).toBe('2017-03-02');
  expect(said({ kind: 'number', text: '41334', days: 1904, asDay: true }, { is: 'day' })).toBe('2017-03-02');
  expect(said(number('60', true), { is: 'day' })).toBeUndefined();
});

test('times keep their clock, days get one', () => {
  expect(said(text('2017/3/2 9:05'), { is: 'time' })).toBe('2017-03-02T09:05:00+08:00');
  expect(said(text('2017年3月2日 下午3时20分'), { is: 'time' })).toBe('2017-03-02T15:20:00+08:00');
  expect(said(number('42796.378472222', true), { is: 'time' })).toBe('2017-03-02T09:05:00+08:00');
  expect(said(text('2017-03-02'), { is: 'time', clock: '17:00' })).toBe('2017-03-02T17:00:00+08:00');
  expect(said(text('2017-03-02 25:00'), { is: 'time' })).toBeUndefined();
});

test('numbers of cases as they may be named', () => {
  expect(said(text(' ２０１７－０００１ '), { is: 'case-number' })).toBe('2017-0001');
  expect(said(text('金商公开[2017] 3号'), { is: 'case-number' })).toBe('金商公开〔2017〕3号');
  expect(said(text('370828/2017/1'), { is: 'case-number' })).toBe('370828-2017-1');
  expect(said(text('000042'), { is: 'case-number' })).toBe('000042');
  expect(said(number('370828000000001'), { is: 'case-number' })).toBe('370828000000001');
});

test('lost digits are refused, texts keep theirs', () => {
  expect(said(text('370828000000000001'), { is: 'case-number' })).toBe('370828000000000001');
  expect(said(number('370828000000000000'), { is: 'case-number' })).toBeUndefined();
  expect(said(number('370828000000000000'), { is: 'text' })).toBeUndefined();
  expect(said(text('3.70828E+17'), { is: 'case-number' })).toBeUndefined();
});

test('amounts, names and hashes', () => {
  expect(said(text('１，２３４ 元'), { is: 'yuan' })).toBe(123_400);
  expect(said(text('12.5'), { is: 'yuan' })).toBe(1250);
  expect(said(text('12.345'), { is: 'yuan' })).toBeUndefined();
  expect(said(text('15个工作日'), { is: 'whole' })).toBe(15);
  expect(said(text('1 5'), { is: 'whole' })).toBe(15);
  expect(said(text('张　三'), { is: 'name' })).toBe('张三');
  expect(said(text(' Li  Si '), { is: 'name' })).toBe('Li Si');
  expect(said(text('AB'.repeat(32)), { is: 'hash' })).toBe(`sha256:${'ab'.repeat(32)}`);
  expect(said(text('abc'), { is: 'hash' })).toBeUndefined();
});

test('what is meant by what is written', () => {
  const values = { 网站: 'website', 微信: 'wechat', 否: null };
  expect(said(text('网 站'), { values })).toBe('website');
  expect(said(text('否'), { values })).toBeNull();
  expect(readCell(text('网站台'), column({ values }))).toEqual({
    problem: 'is 网站台, which the mapping does not know (the nearest is 网站)',
  });
  expect(said(text('抖音'), { values, otherwise: 'other' })).toBe('other');
  expect(said(text('网站、微信；网站'), { values, split: '、;' })).toEqual(['website', 'wechat']);
  expect(said(text('网站、抖音'), { values, split: '、' })).toBeUndefined();
  expect(said({ kind: 'error', text: '#REF!' }, {})).toBeUndefined();
  for (const blank of [null, text(' 　'), text('')]) expect(readCell(blank, column({}))).toEqual({ value: null });
});

test('no cell makes a reader fail', () => {
  const kinds = ['text', 'name', 'case-number', 'day', 'time', 'whole', 'yuan', 'hash'] as const;
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...kinds), fc.boolean(), (written, is, split) => {
      const cell = text(written);
      expect(readCell(cell, column({ is, ...(split ? { split: '、, ' } : {}) }))).toBeDefined();
    }),
    { endOnFailure: true },
  );
});
