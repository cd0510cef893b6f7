/** The language of report texts: what it takes, what it refuses, and the words it writes. */
import { cellOf } from '../../../src/statistics/form.js';
import { findForm } from '../../../src/statistics/forms/registry.js';
import { COUNTED_FIGURES, isProseCode } from '../../../src/statistics/prose/figures.js';
import { REPORT_TEMPLATES } from '../../../src/statistics/prose/report-templates.js';
import { parseTemplate, termsOf, type Template } from '../../../src/statistics/prose/template.js';
import { writeTemplate, type Printed, type Written } from '../../../src/statistics/prose/words.js';

const NOW: Readonly<Record<string, string | null>> = {
  a: '72',
  none: '0',
  one: '1',
  money: '0.2',
  blank: null,
  odd: '22（其中修订16件）',
  '3.1:total': '7',
};
const LAST: Readonly<Record<string, string | null>> = { a: '37', none: '4', one: '0', money: '0.2', blank: '3' };

function written(text: string): Written {
  const { template, flaws } = parseTemplate(text);
  expect(flaws).toEqual([]);
  return writeTemplate(template, {
    printed: ({ code, last }): Printed | null => {
      const value = (last ? LAST : NOW)[code];
      return value === undefined ? null : { value, unit: code === 'money' ? '万元' : '件' };
    },
    named: { year: '2017', 'last-year': '2016', period: '2017年1月1日起至2017年12月31日', agency: '商务局' },
  });
}

test.each([
  ['{agency}{year}年({last-year})至{period}', '商务局2017年(2016)至2017年1月1日起至2017年12月31日'],
  ['公开{a}条, {a#}, {money#}, {3.1:total#}', '公开72条, 72件, 0.2万元, 7件'],
  ['{a@last}, {a+one}, {a+a@last#}', '37, 73, 109件'],
  ['{difference a}; {difference none}; {difference money}', '较上年增加35件; 较上年减少4件; 与上年持平'],
  ['{growth a}; {growth none}; {growth money}; {growth one}', '同比增长94.59%; 同比下降100%; 与上年持平; 上年无可比数据'],
  ['{share one of a}; {share a of none}', '1.39%; 〔未填报〕'],
  ['{none|没有|有{none}件}{one|没有|有}{one|没有|只有一件|有}{a|没有|只有一件|有{a#}}', '没有有只有一件有72件'],
  ['{none||有}{a||有{one||{one}件}}', '有1件'],
  ['{blank}, {blank#}, {blank|没有|有}, {blank+a}, {growth blank}', '〔未填报〕, 〔未填报〕, 〔未填报〕, 〔未填报〕, 〔未填报〕'],
  ['{odd}, {odd|没有|有}, {odd+a}', '22（其中修订16件）, 〔未填报〕, 〔未填报〕'],
  ['《关于2017年工作的通知》(金政办发〔2017〕20号)'.replace('20号', '{a}号'), '《关于2017年工作的通知》(金政办发〔2017〕72号)'],
])('%s', (text, expected) => {
  expect(written(text)).toEqual({ text: expected, unknown: [] });
});

test('a code that there is not is told', () => {
  expect(written('{a}{nothing}{none|{other}|{more}}').unknown).toEqual(['nothing', 'other']);
});

test.each([
  ['公开72条', 2, /digit/],
  ['公开７条', 2, /digit/],
  ['{a', 2, /end/],
  ['a}', 1, /brace/],
  ['a|b', 1, /bar/],
  ['{}', 1, /no reference/],
  ['{a b}', 1, /no reference/],
  ['{a@first}', 1, /no reference/],
  ['{share a}', 1, /no reference/],
  ['{growth a@last}', 1, /no reference/],
  ['{a|only}', 0, /chosen/],
  ['{a|1|2|3|4}', 0, /chosen/],
  ['{year|a|b}', 0, /chosen/],
  ['{a||{b||{c||{d||{e||{f||{g||{h||{i||j}}}}}}}}}', 32, /deep/],
])('%s is refused', (text, at, why) => {
  const flaw = parseTemplate(text).flaws.find((found) => why.test(found.why));
  expect([flaw?.at, flaw?.why]).toEqual([at, expect.stringMatching(why)]);
});

const words = (template: Template): string[] =>
  template.flatMap((node) => (node.is === 'words' ? [node.text] : (node.choices ?? []).flatMap(words)));

test.each(Object.entries(REPORT_TEMPLATES))('the text of %s types no number', (id, { opening, parts }) => {
  // Neither a digit nor a Chinese numeral stands outside references: a number could disagree with the table. Where the
  // agency writes itself is not of the program.
  const all = [...opening, ...parts.flatMap(({ sections }) => sections.flatMap(({ paragraphs }) => paragraphs))];
  const said = [
    ...all.flatMap(words),
    ...parts.flatMap(({ title, sections }) => [title, ...sections.flatMap(({ heading }) => heading ?? [])]),
  ];
  const own = /《[^》]*》|〔[^〕]*〕/gu;
  expect(said.filter((text) => /[\p{Nd}〇零一二两三四五六七八九十百千万亿]/u.test(text.replaceAll(own, '')))).toEqual([]);
  // Every cell is one of the form, every code one that a year always has.
  const form = findForm(id);
  const codes = new Set([...COUNTED_FIGURES.items, ...COUNTED_FIGURES.others].map(({ code }) => code));
  for (const code of ['s.answers', 's.answers-in-time', 's.share-in-time', 's.median-days']) codes.add(code);
  const terms = all.flatMap(termsOf);
  expect(terms.length).toBeGreaterThan(10);
  for (const { code } of terms)
    expect([code, isProseCode(code) ? codes.has(code) : form !== undefined && cellOf(form, code) !== undefined]).toEqual([code, true]);
});
