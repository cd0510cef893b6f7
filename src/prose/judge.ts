/** Numbers held against the cells of the table, in every reading their words have. */
import { headOf } from '../statistics/prose/figures.js';
import type { Figures } from './figures.js';
import { plain, proseFinding, type ProseFinding } from './findings.js';
import type { Mention } from './mentions.js';
import { categoryIn } from './rules/figure-places.js';
import { placeIn } from './places.js';
import type { Reading } from './rule.js';

/** One reading of a number in a table. */
export interface Judged {
  readonly says: string;
  readonly cells: readonly string[];
  /** null where the table prints nothing to hold it against. */
  readonly value: bigint | null;
  readonly fits: boolean;
}

/**
 * `held`: a reading fits. `part`: at most the cell, of which it names a part. `differs`: none does. `last-year`: none
 * does, and it is last year's figure. `not-held`: the table has nothing to hold it against, or it is not known what it
 * counts.
 */
export type Verdict = 'held' | 'part' | 'differs' | 'last-year' | 'not-held';

export interface JudgedMention {
  readonly mention: Mention;
  readonly readings: readonly Judged[];
  readonly verdict: Verdict;
}

export interface Tables {
  readonly now: Figures | null;
  readonly before: Figures | null;
}

/** A reading in a table; null where neither its form prints it nor its ledger counts it. */
export function valueIn(figures: Figures, reading: Reading, columns: readonly string[] | null): Omit<Judged, 'fits'> | null {
  if (reading.without !== undefined && placeIn(figures, reading.without, columns) !== null) return null;
  const plus = reading.plus.map((place) => placeIn(figures, place, columns));
  const minus = (reading.minus ?? []).map((place) => placeIn(figures, place, columns));
  if ([...plus, ...minus].some((cells) => cells === null)) return null;
  const [added, taken] = [plus.flatMap((cells) => cells ?? []), minus.flatMap((cells) => cells ?? [])];
  const [more, less] = [sumOf(figures, added), sumOf(figures, taken)];
  return { says: reading.says, cells: [...added, ...taken], value: more === null ? null : more - (less ?? 0n) };
}

/** Blanks beside a number are none; all of them blank are no figure. */
function sumOf(figures: Figures, cells: readonly string[]): bigint | null {
  const values = cells.map((cell) => figures.valueOf(cell)).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0n);
}

export function judge(mention: Mention, { now, before }: Tables): JudgedMention {
  const figures = tableOf(mention, { now, before });
  if (figures === null || mention.foreign || (mention.office && isGovernment(figures)))
    return { mention, readings: [], verdict: 'not-held' };
  const readings = [...judgedIn(figures, mention), ...categoryJudged(figures, mention)];
  if (readings.every(({ value }) => value === null)) return { mention, readings, verdict: 'not-held' };
  if (readings.some(({ fits }) => fits)) return { mention, readings, verdict: 'held' };
  const isLast = figures === now && before !== null && judgedIn(before, mention).some(({ fits, value }) => fits && value !== 0n);
  return { mention, readings, verdict: isLast ? 'last-year' : 'differs' };
}

/** Whose offices are others: a bureau that names one means itself. */
function isGovernment({ agency }: Figures): boolean {
  return agency !== null && !/(?:局|委|委员会|办|办公室|厅|中心)$/.test(agency.replace(/\s*[(（].*$/, ''));
}

function judgedIn(figures: Figures, { quantity: { low, high }, readings, columns }: Mention): Judged[] {
  return readings.flatMap((reading) => {
    const judged = valueIn(figures, reading, columns);
    if (judged === null) return [];
    return [{ ...judged, fits: judged.value !== null && judged.value >= low && judged.value <= high }];
  });
}

/** 安全生产类信息9条: items of a category that the ledger has. */
function categoryJudged(figures: Figures, { rule, near, quantity: { kind, low, high } }: Mention): Judged[] {
  const code = rule === null && kind === 'pieces' ? categoryIn(near, figures) : null;
  const value = code === null ? null : figures.valueOf(code);
  return code === null || value === null
    ? []
    : [{ says: headOf(code)?.label ?? code, cells: [code], value, fits: value >= low && value <= high }];
}

/** The table of the year spoken of. Without a table at hand no year is known. */
function tableOf({ year }: Mention, { now, before }: Tables): Figures | null {
  if (year === 'part') return null;
  if (year === 'this' || year === now?.year) return now;
  return year === 'last' || (now !== null && year === now.year - 1) ? before : null;
}

/** How a number that is compared counts: a growth or a difference is none of the year's figures. */
export function isFigure({ quantity: { kind } }: Mention): boolean {
  return kind === 'pieces' || kind === 'money';
}

export function differing({ mention, readings, verdict }: JudgedMention, tables: Tables): ProseFinding {
  const { sentence, quantity, rule } = mention;
  const known = readings.filter(({ value }) => value !== null);
  const [first] = known;
  const says = known.map(({ says: name, value }) => `${name} ${plain(value ?? 0n)}`).join('; ');
  const elsewhere =
    tables.now === null
      ? ''
      : foundIn(
          tables.now,
          quantity.value,
          known.flatMap(({ cells }) => cells),
        );
  const name = verdict === 'last-year' ? 'last-years-figure' : rule === null || rule.loose === true ? 'loosely-differs' : 'cell-differs';
  const what = verdict === 'last-year' ? '为上年度数 (is last year’s figure)' : '与表不符 (differs from the table)';
  return proseFinding(name, sentence, {
    text: quantity.text,
    cells: [...new Set(known.flatMap(({ cells }) => cells))],
    left: plain(quantity.value),
    right: first?.value == null ? null : plain(first.value),
    message: `${mention.near}${quantity.text} ${what}: ${says}${elsewhere}`,
  });
}

/** Beside the cell, in the rows of the same section: a slip of a row shows. */
function foundIn(figures: Figures, value: bigint, cells: readonly string[]): string {
  const section = cells[0]?.split('.')[0] ?? '';
  const near = ['a', 'b', 'c', 'd', 'e', '1', '2', '3', '4', '5'].map((row) => `${section.split(':')[0] ?? ''}.${row}:year`);
  const found = near.filter((cell) => !cells.includes(cell) && value !== 0n && figures.valueOf(cell) === value);
  return found.length === 0 ? '' : ` (表中 ${found.join(', ')} 为此数: printed there)`;
}
