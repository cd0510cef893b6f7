/** Reports in traditional print: every rule reads them as it reads simplified characters. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Converter } from 'opencc-js/cn2t';
import { checkReport } from '../../src/prose/check-report.js';
import { mentionsOf, RULES } from '../../src/prose/mentions.js';
import { NOTHING, nothingIn } from '../../src/prose/nothing.js';
import { sentencesOf } from '../../src/prose/sentences.js';
import { agencyOfReport, yearOfReport } from '../../src/prose/table-in-file.js';
import { simplified } from '../../src/prose/rules/traditional.js';
import { fixture, published } from '../support/tables.js';

/** Character by character, as a printer sets them: words stay what they are. */
const setter = Converter({ from: 'cn', to: 't' });
const traditional = (text: string): string => [...text].map((character) => setter(character)).join('');

const FIXTURES = join(__dirname, '../fixtures');
const SEED = readFileSync(join(FIXTURES, 'annual-report-2017.txt'), 'utf8');
const CASES = JSON.parse(readFileSync(join(FIXTURES, 'cases/prose.json'), 'utf8')) as readonly { readonly sentence: string }[];

const rulesIn = (text: string): (string | null)[] =>
  sentencesOf(text).flatMap((sentence) => mentionsOf(sentence).map(({ rule }) => rule?.id ?? null));

test('every example counts the same in both', () => {
  const examples = RULES.flatMap((rule) => rule.examples.map((example) => example.replace(/[〔〕]/g, '')));
  const changed = examples.filter((example) => traditional(example) !== example);
  expect(changed.length).toBeGreaterThan(100);
  expect(changed.filter((example) => String(rulesIn(traditional(example))) !== String(rulesIn(example)))).toEqual([]);
  const none = (text: string): string[] => sentencesOf(text).flatMap((sentence) => nothingIn(sentence).map(({ rule }) => rule.id));
  const said = NOTHING.flatMap((rule) => rule.examples);
  expect(said.filter((example) => String(none(traditional(example))) !== String(none(example)))).toEqual([]);
});

test('a traditional report is held as written', () => {
  const table = published(fixture('jinxiang-commerce-2017'));
  const text = traditional(SEED);
  expect([yearOfReport(text), agencyOfReport(text)]).toEqual([2017, '金乡县商务局']);
  const { numbers, findings } = checkReport(text, { table, previous: null });
  expect([findings, numbers.filter(({ verdict }) => verdict === 'held').length]).toEqual([[], 5]);
  const changed = checkReport(text.replace('72條', '七十三條'), { table, previous: null });
  expect(changed.findings).toMatchObject([{ rule: 'cell-differs', text: '七十三條', left: '73', right: '72' }]);
  expect(changed.findings[0]?.sentence).toContain('主動公開政府信息');
  const other = checkReport(text.replace('2017年度政府信息公開工作年度報告', '2016年度政府信息公開工作年度報告'), {
    table,
    previous: null,
  });
  expect(other.findings.map(({ rule }) => rule)).toEqual(['other-year']);
});

test('money and rounded numbers in traditional print', () => {
  const [mention] = sentencesOf('收取依申請公開信息處理費二萬餘元').flatMap(mentionsOf);
  expect(mention).toMatchObject({ quantity: { text: '二萬餘元', kind: 'money', exact: false } });
});

test('simplified texts stay as they are', () => {
  for (const text of [SEED, ...CASES.map(({ sentence }) => sentence)]) expect(simplified(text)).toBe(text);
  // One character for one, also those of two code units.
  for (const text of ['條件萬元衆綫', '𠀀條', traditional(SEED)]) expect(simplified(text)).toHaveLength(text.length);
});
