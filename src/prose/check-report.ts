/** A report's text held against its table: what each number counts, the cells it was held against, what differs. */
import { printAmount } from '../statistics/amount.js';
import { figuresOf, type Counted, type Figures } from './figures.js';
import { plain, proseFinding, type ProseFinding } from './findings.js';
import { differing, isFigure, judge, type JudgedMention, type Tables, type Verdict } from './judge.js';
import { mentionsOf, type Mention } from './mentions.js';
import { nothingFindings } from './nothing.js';
import { ratioFindings } from './ratios.js';
import { sentencesOf, type Sentence } from './sentences.js';
import { partsOf, sumFindings, totalFindings } from './sums.js';
import { othersJudged } from './others.js';
import { simplified } from './rules/traditional.js';
import type { PublishedTable } from '../statistics/published-table.js';
import { GROWTH } from './years.js';

export interface ReportNumber {
  readonly line: number;
  /** The words before it, with the number: 自然人3493件. */
  readonly text: string;
  /** A decimal string, in pieces, 元 or per cent. */
  readonly value: string;
  readonly unit: string;
  /** What it counts; null where it is not known. */
  readonly counts: string | null;
  /** Columns of the applicants it counts; null for all. */
  readonly columns: readonly string[] | null;
  readonly verdict: Verdict;
  /** Every reading the words have in the table, with the one that fits. */
  readonly readings: readonly {
    readonly says: string;
    readonly cells: readonly string[];
    readonly value: string | null;
    readonly fits: boolean;
  }[];
}

export interface CheckedReport {
  readonly numbers: readonly ReportNumber[];
  readonly findings: readonly ProseFinding[];
}

export interface ReportTables {
  readonly table: PublishedTable | null;
  /** Of the year before. */
  readonly previous: PublishedTable | null;
  /** What the ledger of the tables counts in their years and no form prints; absent of tables of files. */
  readonly counted?: { readonly table: Counted; readonly previous: Counted };
}

export function checkReport(text: string, { table, previous, counted }: ReportTables): CheckedReport {
  const tables: Tables = {
    now: table === null ? null : figuresOf(table, counted?.table),
    before: previous === null ? null : figuresOf(previous, counted?.previous),
  };
  const sentences = sentencesOf(text);
  const checked = sentences.map((sentence) => checkSentence(sentence, tables));
  return {
    numbers: checked.flatMap(({ numbers }) => numbers),
    findings: [...yearFindings(sentences, tables.now), ...checked.flatMap(({ findings }) => findings)],
  };
}

function checkSentence(sentence: Sentence, tables: Tables): CheckedReport {
  const mentions = mentionsOf(sentence);
  const judged = othersJudged(
    mentions.map((mention) => (isFigure(mention) && !GROWTH.test(mention.near) ? judge(mention, tables) : unheld(mention))),
    tables,
  );
  const parted = partsOf(mentions.filter(({ near }) => !GROWTH.test(near)));
  return {
    numbers: judged.map(numberOf),
    findings: [
      ...judged.filter(({ verdict }) => verdict === 'differs' || verdict === 'last-year').map((one) => differing(one, tables)),
      ...mixedReadings(judged),
      ...sumFindings(parted),
      ...totalFindings(mentions),
      ...ratioFindings(mentions, parted, tables),
      ...nothingFindings(sentence, tables),
    ],
  };
}

function unheld(mention: Mention): JudgedMention {
  return { mention, readings: [], verdict: 'not-held' };
}

function numberOf({ mention: { sentence, quantity, near, rule, columns }, readings, verdict }: JudgedMention): ReportNumber {
  return {
    ...{ line: sentence.line, text: near + quantity.text, value: plain(quantity.value), unit: quantity.unit },
    ...{ counts: rule?.id ?? null, columns, verdict },
    readings: readings.map((reading) => ({ ...reading, value: reading.value === null ? null : printAmount(reading.value) })),
  };
}

/** A part that fits only where its whole does not: one of the two is of something else. */
function mixedReadings(judged: readonly JudgedMention[]): ProseFinding[] {
  return judged.flatMap(({ mention, readings, verdict }, at) => {
    if (mention.dimension !== 'kind' || verdict !== 'held') return [];
    const whole = judged.slice(0, at).findLast((other) => other.mention.rule === mention.rule && other.mention.dimension !== 'kind');
    if (whole === undefined || whole.verdict !== 'held') return [];
    const fitting = new Set(whole.readings.filter(({ fits }) => fits).map(({ says }) => says));
    if (readings.some(({ fits, says }) => fits && fitting.has(says))) return [];
    const own = readings.filter(({ fits }) => fits).map(({ says }) => says);
    const message = `${mention.near}${mention.quantity.text} 按 ${own.join('、')}, 而 ${whole.mention.quantity.text} 按 ${[...fitting].join('、')} (read in another way than its whole)`;
    const cells = readings.flatMap((reading) => reading.cells);
    return [
      proseFinding('mixed-readings', mention.sentence, {
        text: mention.quantity.text,
        cells,
        left: plain(mention.quantity.value),
        message,
      }),
    ];
  });
}

const TITLE = /^[^《，。]{0,40}?(20\d\d)年?度?[^《，。]{0,12}政府信息公开(?:工作)?(?:年度报告|年报|工作报告)[^，。]{0,6}$/;
const PERIOD = /(20\d\d)年1月1日[^，。；]{0,8}?(?:至|到|起|[-—－~～])[^，。；\d]{0,6}(?:(20\d\d)年)?12月31日/;

/** The year of the title and of the period that the report is about. */
function yearFindings(sentences: readonly Sentence[], now: Figures | null): ProseFinding[] {
  if (now === null) return [];
  return sentences.flatMap((sentence, at) => {
    const text = simplified(sentence.text);
    const title = at < 3 ? TITLE.exec(text) : null;
    const period = PERIOD.exec(text);
    const said = [title?.[1], period?.[1], period?.[2]].filter((year) => year !== undefined);
    const other = said.find((year) => Number(year) !== now.year);
    if (other === undefined) return [];
    const message = `所称年度 ${other}, 表为 ${now.year} 年度 (of another year than the table)`;
    return [proseFinding('other-year', sentence, { text: other, left: other, right: String(now.year), message })];
  });
}
