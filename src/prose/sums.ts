/** Parts and wholes inside a sentence: what is listed under a number adds up to it, or stays below it. */
import { plain, proseFinding, type ProseFinding } from './findings.js';
import { residue, type Mention } from './mentions.js';
import { ONE } from './numerals.js';

/** A number with the numbers of its unit that are named as its parts. */
export interface Parted {
  readonly whole: Mention;
  readonly parts: readonly Mention[];
  /** The parts are all there are. */
  readonly complete: boolean;
}

/** What begins a list of parts, at the beginning of the words between a whole and its first part. */
const OPENS = /^[^，。；]{0,8}?[，,]?\s*(?:其中|包括|包含|含|：|:|（|\(|分别|即|由)/;
const ALL_OF_THEM = /^[^，。；]{0,12}?(?:[：:]|分别)/;
const ENDS = /[；;]/;

/** The wholes of a sentence, each with its parts of one dimension. */
export function partsOf(mentions: readonly Mention[]): Parted[] {
  const figures = mentions.filter(({ quantity: { kind } }) => kind === 'pieces' || kind === 'money');
  return figures.flatMap((whole, at) => {
    const behind = figures.slice(at + 1);
    const listed = listUnder(whole, behind, figures.slice(0, at));
    return [...(listed === null ? applicantsOf(whole, behind) : listed), ...sharesOf(whole, behind, mentions)];
  });
}

function between({ sentence, quantity }: Mention, next: Mention): string {
  return sentence.plain.slice(quantity.end, next.quantity.at);
}

/** The list that a colon, 其中 or a bracket begins; null where none does. */
function listUnder(whole: Mention, behind: readonly Mention[], before: readonly Mention[]): Parted[] | null {
  const [first] = behind;
  if (first === undefined) return null;
  const opening = between(whole, first);
  if (!OPENS.test(opening)) return null;
  const closing = /[（(]/.test(opening) ? /[）)]/ : ENDS;
  const run = untilEnd(whole, behind, closing);
  const alike = run.filter((part) => isAlike(part, whole));
  const groups = [...Map.groupBy(alike, ({ dimension }) => dimension ?? 'unknown')];
  const colon = ALL_OF_THEM.test(opening) && !/等/.test(run.map(({ near, after }) => near + after).join(''));
  const own = groups.map(([dimension, parts]) => ({ whole, parts, complete: (colon && groups.length === 1) || isAll(dimension, parts) }));
  return [...own, ...(colon ? pairedWith(whole, run, before) : [])];
}

/** 25件 … 2950元：1件420元、2件290元: the pieces beside the money are parts of the pieces before the colon. */
function pairedWith(whole: Mention, run: readonly Mention[], before: readonly Mention[]): Parted[] {
  const other = before.findLast((earlier) => !isAlike(earlier, whole));
  const parts = other === undefined ? [] : run.filter((part) => isAlike(part, other));
  return other === undefined || parts.length < 2 ? [] : [{ whole: other, parts, complete: true }];
}

function isAlike({ quantity: one }: Mention, { quantity: other }: Mention): boolean {
  return one.unit === other.unit && one.kind === other.kind;
}

/** Up to the end of the list, or to the next number that stands beside the whole. */
function untilEnd(whole: Mention, behind: readonly Mention[], closing: RegExp): Mention[] {
  const run: Mention[] = [];
  let previous = whole;
  for (const next of behind) {
    const gap = between(previous, next);
    if ((run.length > 0 && closing.test(gap)) || (run.length > 0 && isBeside(whole, next))) break;
    run.push(next);
    previous = next;
  }
  return run;
}

/** A flow beside a flow, a remedy beside anything: no part. */
function isBeside({ rule }: Mention, next: Mention): boolean {
  if (next.dimension === 'flow') return true;
  if (next.rule === null || rule === null) return false;
  return next.rule.topic !== rule.topic;
}

function isAll(dimension: string, parts: readonly Mention[]): boolean {
  if (dimension === 'kind') return isEveryApplicant(parts);
  return (dimension === 'result' || dimension === 'way') && parts.some(({ rule }) => rule?.id === 'others' || rule?.id === 'other-way');
}

function isEveryApplicant(parts: readonly Mention[]): boolean {
  const columns = new Set(parts.flatMap((part) => part.columns ?? []));
  return columns.has('natural-person') && columns.has('business') && columns.has('other');
}

/** 收办3607件，自然人3493件，法人或其他组织114件: applicants directly behind a number are of it. */
function applicantsOf(whole: Mention, behind: readonly Mention[]): Parted[] {
  if (whole.rule?.topic !== 'applications' || whole.dimension === 'kind') return [];
  const run = behind.slice(
    0,
    Math.max(
      0,
      behind.findIndex((next) => next.dimension !== 'kind'),
    ),
  );
  const parts = behind.every((next) => next.dimension === 'kind') ? behind : run;
  if (parts.length < 2) return [];
  return [{ whole, parts, complete: isEveryApplicant(parts) }];
}

/** 2026条，县直2475条占62.2%，乡镇1503条占37.8%: parts with shares that make a hundred are all parts. */
function sharesOf(whole: Mention, behind: readonly Mention[], mentions: readonly Mention[]): Parted[] {
  const shares = behind.flatMap((part) => {
    const next = mentions[mentions.indexOf(part) + 1];
    const isShare = next?.quantity.kind === 'percent' && /占/.test(next.near);
    return isShare && part.quantity.unit === whole.quantity.unit ? [{ part, share: next.quantity.value }] : [];
  });
  const parts = behind.slice(0, shares.length);
  const inARow = shares.length >= 2 && shares.every(({ part }, at) => part === parts[at]);
  const sum = shares.reduce((total, { share }) => total + share, 0n);
  const hundred = 100n * ONE;
  const slack = ONE / 2n;
  return inARow && sum >= hundred - slack && sum <= hundred + slack
    ? [{ whole, parts: shares.map(({ part }) => part), complete: true }]
    : [];
}

/** 予以公开294件、部分公开101件，合计395件: a total behind its parts, which are some of the numbers before it. */
export function totalFindings(mentions: readonly Mention[]): ProseFinding[] {
  return mentions.flatMap((whole, at) => {
    if (!/(?:合计|总计|共计|总共|一共)$/.test(whole.near) || whole.rule !== null || residue(whole.near) !== '') return [];
    const before = mentions.slice(0, at).filter((other) => isAlike(other, whole));
    const sums = before.map((_, from) => before.slice(from).reduce((sum, { quantity }) => sum + quantity.value, 0n)).slice(0, -1);
    const { low, high } = whole.quantity;
    if (sums.length === 0 || sums.some((sum) => sum >= low && sum <= high)) return [];
    const message = `${before.map(({ quantity }) => quantity.text).join(' + ')} 与 ${whole.near}${whole.quantity.text} 不符 (the parts do not add up)`;
    return [
      proseFinding('sum-differs', whole.sentence, {
        text: whole.quantity.text,
        left: plain(whole.quantity.value),
        right: plain(sums[0] ?? 0n),
        message,
      }),
    ];
  });
}

/** One finding a whole at most. */
export function sumFindings(parted: readonly Parted[]): ProseFinding[] {
  const found = new Map<Mention, ProseFinding>();
  for (const one of parted) {
    const finding = differs(one);
    if (finding !== null && !found.has(one.whole)) found.set(one.whole, finding);
  }
  return [...found.values()];
}

function differs({ whole, parts, complete }: Parted): ProseFinding | null {
  const sum = total(parts, ({ value }) => value);
  const exact = [whole, ...parts].every(({ quantity }) => quantity.exact);
  const [low, high] = exact ? [sum, sum] : [total(parts, (part) => part.low), total(parts, (part) => part.high)];
  const [least, most] = exact ? [whole.quantity.value, whole.quantity.value] : [whole.quantity.low, whole.quantity.high];
  const tooMuch = low > most;
  const tooLittle = complete && high < least;
  if (!tooMuch && !tooLittle) return null;
  // One item is published through several channels, and counted once.
  if (tooMuch && parts.every(({ dimension }) => dimension === 'channel')) return null;
  if (eachTimes(whole, parts)) return null;
  return proseFinding('sum-differs', whole.sentence, {
    text: whole.quantity.text,
    left: plain(whole.quantity.value),
    right: plain(sum),
    message: `${parts.map(({ quantity }) => quantity.text).join(' + ')} = ${plain(sum)}, 与 ${whole.quantity.text} 不符 (the parts do not add up)`,
  });
}

function total(parts: readonly Mention[], of: (quantity: Mention['quantity']) => bigint): bigint {
  return parts.reduce((sum, { quantity }) => sum + of(quantity), 0n);
}

/** Of money a list may give the price of one: 6件每件100元. */
function eachTimes(whole: Mention, parts: readonly Mention[]): boolean {
  if (whole.quantity.kind !== 'money' || !parts.some(({ near }) => /每[件条份]|各/.test(near))) return false;
  const counts = parts.map(
    ({ sentence, quantity }) => /(\d+)\s*[件条份][^\d]{0,6}$/.exec(sentence.plain.slice(0, quantity.at))?.[1] ?? '1',
  );
  const sum = parts.reduce((all, { quantity }, at) => all + quantity.value * BigInt(counts[at] ?? '1'), 0n);
  return sum === whole.quantity.value;
}
