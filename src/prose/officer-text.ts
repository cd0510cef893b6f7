/**
 * What officers may write into the text of a yearly report: prose around references. Whatever the table, or a figure of
 * statistics/prose/figures.ts, could say is a reference, so that no text disagrees with its table. These numbers are of
 * no table and may stand in it:
 *
 * - what is within `《》` or `〔〕`, a document number `〔2019〕60号`, an ordinal (第十四条, 第711号);
 * - years and days (2017年, 2017年3月2日, 3月份), times of day;
 * - the number of a heading or of an item at the beginning of a line: 一、 (二) 3.;
 * - telephone numbers and addresses of pages and mailboxes.
 *
 * Any other digit is a flaw. A Chinese numeral is one before a unit that a report counts in (十二件, 百分之三十): 进一步 and
 * 三项制度 are words. Traditional print is read as the check of reports reads it.
 */
import { cellOf } from '../statistics/form.js';
import { findForm } from '../statistics/forms/registry.js';
import { headOf, isProseCode } from '../statistics/prose/figures.js';
import { REPORT_TEMPLATES } from '../statistics/prose/report-templates.js';
import { parseTemplate, termsOf, type Parsed, type Template } from '../statistics/prose/template.js';
import { BLANK, blankedOut, narrow } from './numerals.js';
import { quantities } from './quantities.js';
import { simplified } from './rules/traditional.js';

/** What is wrong in a part, by the number of the part as it was sent. */
export interface PartFlaw {
  readonly part: string;
  readonly problem: string;
}

/** Each is bounded: no text, however it is written, takes more than a look at each of its characters. */
const NUMBERS_OF_NO_TABLE: readonly RegExp[] = [
  /《[^《》]*》/gu,
  /〔[^〔〕]*〕(?:第?\d{1,6}号)?/gu,
  /第[\d零〇一二两三四五六七八九十百千]{1,8}(?![件篇])/gu,
  /(?<!\d)(?:19|20)\d{2}年度?(?:\d{1,2}月)?(?:\d{1,2}[日号])?/gu,
  /(?<!\d)\d{1,2}月(?:份|\d{1,2}[日号])?/gu,
  /^[^\S\n]{0,4}(?:[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[、.．](?!\d))/gmu,
  /https?:\/\/[^\s，。；）)]{1,2000}|\b[\w-]{1,63}(?:\.[\w-]{1,63}){2,8}|[\w.+-]{1,64}@[\w.-]{1,255}/gu,
  /(?<!\d)0\d{2,3}[-—－]\d{7,8}(?!\d)|(?<!\d)\d{1,2}[:：]\d{2}(?!\d)/gu,
];

/** Pieces that reports count. 项, 个, 家 are words in most prose: 三项制度. */
const COUNTED_IN: ReadonlySet<string> = new Set([
  ...['件', '条', '篇', '次', '份', '期', '场', '起', '宗', '例', '人', '部'],
  ...['人次', '件次', '条次', '篇次', '场次'],
]);

/** The template of officers' words, with what of the language is wrong in it; numbers are looked at by `flawsOf`. */
export function parseOfficerText(text: string): Parsed {
  return parseTemplate(text, 'words');
}

/** Flaws of the parts of a text for a form; empty where it may be written. */
export function flawsOf(form: string, parts: Readonly<Record<string, string>>): PartFlaw[] {
  const count = REPORT_TEMPLATES[form]?.parts.length ?? 0;
  return Object.entries(parts).flatMap(([part, text]): PartFlaw[] => {
    if (!/^[1-9]\d?$/.test(part) || Number(part) > count)
      return [
        {
          part,
          problem: count === 0 ? `is of no text: form ${form} has none` : `is no part of form ${form}, whose parts are 1 to ${count}`,
        },
      ];
    return [...new Set(flawsOfText(form, text))].map((problem) => ({ part, problem }));
  });
}

function flawsOfText(form: string, text: string): string[] {
  const { template, flaws } = parseOfficerText(text);
  if (flaws.length > 0) return flaws.map(({ at, why }) => `holds at character ${at + 1} ${why}`);
  const unknown = termsOf(template).filter(({ code }) => !isReferable(form, code));
  return [
    ...unknown.map(({ code }) => `refers to ${code}, which form ${form} has not`),
    ...numbersIn(wordsOf(template)).map((number) => `holds the number ${number} outside a reference`),
  ];
}

function isReferable(form: string, code: string): boolean {
  if (isProseCode(code)) return headOf(code) !== null;
  const found = findForm(form);
  return found !== undefined && cellOf(found, code) !== undefined;
}

/** The words alone, each reference a blank: a number is not cut in two by one. */
function wordsOf(template: Template): string {
  return template
    .map((node) =>
      node.is === 'words' ? node.text : `${BLANK}${(node.choices ?? []).map((choice) => `${wordsOf(choice)}${BLANK}`).join('')}`,
    )
    .join('');
}

/** Characters looked at together: a number within a sentence. */
const STRETCH = 400;

/** Numbers that a table could say, in simplified characters and narrow digits. */
function numbersIn(words: string): string[] {
  const plain = blankedOut(narrow(simplified(words)), NUMBERS_OF_NO_TABLE);
  const digits = [...plain.matchAll(/\p{Nd}[\p{Nd}.,]*/gu)].map(({ 0: number }) => number);
  const stretches = plain.match(new RegExp(`[^。；！？\\n]{1,${STRETCH}}`, 'gu')) ?? [];
  return [...digits, ...stretches.flatMap(inWords)];
}

/** Chinese numerals that count something; 万元 behind a reference is a unit. */
function inWords(plain: string): string[] {
  const counted = quantities(plain, plain).filter(({ kind, unit, text }) => {
    if (/^\p{Nd}/u.test(text) || /^[百千万亿](?!分之)/u.test(text)) return false;
    return kind !== 'pieces' || COUNTED_IN.has(unit);
  });
  return counted.map(({ text }) => text);
}
