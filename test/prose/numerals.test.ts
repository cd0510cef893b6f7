/** Numerals of reports: every kind of writing, and what counts nothing. */
import { chineseNumber, ONE } from '../../src/prose/numerals.js';
import { quantities } from '../../src/prose/quantities.js';
import { sentencesOf } from '../../src/prose/sentences.js';

interface Read {
  readonly text: string;
  readonly value: number;
  readonly between: readonly [number, number];
}

function read(text: string): Read[] {
  return sentencesOf(text).flatMap((sentence) =>
    quantities(sentence.plain, sentence.text).map(({ text: written, value, low, high }) => ({
      text: written,
      value: Number(value) / Number(ONE),
      between: [Number(low) / Number(ONE), Number(high) / Number(ONE)],
    })),
  );
}

const values = (text: string): number[] => read(text).map(({ value }) => value);

test.each([
  ['一百二十三', 123n],
  ['两千零五', 2005n],
  ['十', 10n],
  ['二十', 20n],
  ['一百零八', 108n],
  ['三万五千', 35_000n],
  ['一亿零二百万', 102_000_000n],
  ['二〇一七', 2017n],
  ['百十', null],
  ['二三十百', null],
])('%s', (text, number) => {
  expect(chineseNumber(text)).toBe(number);
});

test('one number in every writing', () => {
  for (const text of ['1234件', '1,234件', '１２３４件', '一千二百三十四件', '１，２３４件'.replace('，', ',')])
    expect([text, values(text)]).toEqual([text, [1234]]);
  expect(values('3.2万件')).toEqual([32_000]);
  expect(values('2.5万元')).toEqual([25_000]);
  expect(values('３７．８％')).toEqual([37.8]);
  expect(values('百分之六十二点二')).toEqual([62.2]);
  expect(values('1.08倍')).toEqual([1.08]);
});

test('about and somewhat more are a range', () => {
  const between = (text: string): (readonly [number, number])[] =>
    read(text).map((found) => found.between.map(Math.round) as unknown as [number, number]);
  expect(between('十余件')).toEqual([[10, 20]]);
  expect(between('120余件')).toEqual([[120, 130]]);
  expect(between('约750件')).toEqual([[713, 788]]);
  expect(between('近800件')).toEqual([[700, 800]]);
  expect(between('超过300件')).toEqual([[300, 400]]);
  expect(between('750件左右')).toEqual([[713, 788]]);
  expect(between('750件')).toEqual([[750, 750]]);
});

test('what counts nothing is no number', () => {
  const none = [
    '根据国务院令第711号和《2017年通知》(金政办发〔2017〕20号)第二十条第（一）项',
    '电话0537-8721234，1月1日至12月31日，20个工作日内',
    '深入学习贯彻党的十九大精神，落实“一把手”负责制和“三安全一稳定”要求',
    '作为一项重要内容，一批制度进一步完善，一次性告知',
    '提高5个百分点，3-5件，3至5件',
  ];
  expect(none.flatMap((text) => values(text))).toEqual([]);
});
