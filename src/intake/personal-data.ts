/**
 * Citizen identity numbers (公民身份号码, GB 11643-1999): identifiers are public and outlive every erasure, so they must not
 * hold one.
 */
import { sure } from '../encoding/unknown-values.js';
import { isCalendarDate } from '../time/calendar-date.js';

const LENGTH = 18;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/** What people write between the digits, or cannot see there. */
const BETWEEN = /^[\s\-._/:\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
const UUID = /(?<![0-9A-F])[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}(?![0-9A-F])/g;

/** A character of a text in NFKC and capitals, and where it stands in the text as it was. */
interface Read {
  readonly char: string;
  readonly from: number;
  readonly to: number;
}

/** Part of a text, in UTF-16 units. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * True when the text holds 18 characters with a birth date that exists and the right check digit, in any width and
 * case, however they are separated.
 */
export function holdsCitizenId(text: string): boolean {
  return spansOf(text).length > 0;
}

/** The text with a star for every character of an identity number; what lies around it stays. */
export function masked(text: string): string {
  return spansOf(text).reduceRight((shown, { from, to }) => shown.slice(0, from) + '*'.repeat(to - from) + shown.slice(to), text);
}

/** Where identity numbers stand, in order, those that overlap as one. */
function spansOf(text: string): Span[] {
  if (!mayHold(text)) return [];
  const read = withoutSeparators(readAll(text));
  const plain = read.map(({ char }) => char).join('');
  const spans: { from: number; to: number }[] = [];
  for (let start = 0; start + LENGTH <= plain.length; start += 1) {
    if (!isCitizenId(plain.slice(start, start + LENGTH))) continue;
    const [from, to] = [sure(read[start]).from, sure(read[start + LENGTH - 1]).to];
    const last = spans.at(-1);
    if (last !== undefined && from < last.to) last.to = Math.max(last.to, to);
    else spans.push({ from, to });
  }
  return spans;
}

/** Digits that one character may become at most: ⅒ is 1⁄10. */
const DIGITS_IN_ONE = 3;

/** Identifiers come with every message: nearly all of them have too few digits. */
function mayHold(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) digits += DIGITS_IN_ONE;
    else if (code >= 0x30 && code <= 0x39) digits += 1;
  }
  return digits >= LENGTH - 1;
}

function readAll(text: string): Read[] {
  const read: Read[] = [];
  let from = 0;
  for (const point of text) {
    const to = from + point.length;
    // One by one: what several units become stands where they stood. Half a pair stays what it is.
    for (const char of point.normalize('NFKC').toUpperCase().split('')) read.push({ char, from, to });
    from = to;
  }
  return read;
}

/**
 * Without what stands between digits; of a UUID, whose digits are nobody's, nothing is left that could be part of a
 * number.
 */
function withoutSeparators(read: readonly Read[]): Read[] {
  const plain = read.map(({ char }) => char).join('');
  const inUuid = [...plain.matchAll(UUID)].map((found) => ({ from: found.index, to: found.index + found[0].length }));
  return read
    .map((one, at) => (inUuid.some(({ from, to }) => from <= at && at < to) ? { ...one, char: '|' } : one))
    .filter(({ char }) => !BETWEEN.test(char));
}

function isCitizenId(candidate: string): boolean {
  return /^\d{17}[\dX]$/.test(candidate) && isBirthDate(candidate.slice(6, 14)) && checkDigit(candidate) === candidate[17];
}

function isBirthDate(digits: string): boolean {
  return /^(18|19|20)/.test(digits) && isCalendarDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
}

function checkDigit(candidate: string): string | undefined {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(candidate[index]), 0);
  return CHECK_DIGITS[sum % 11];
}
