/** Citizen identity numbers (公民身份号码, GB 11643-1999): identifiers are public and outlive every erasure, so they must not hold one. */
import { isCalendarDate } from '../domain/values.js';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

/** True when the text holds 18 characters with a birth date that exists and the right check digit, in any width and case. */
export function holdsCitizenId(text: string): boolean {
  const plain = text.normalize('NFKC').toUpperCase();
  for (let start = 0; start + 18 <= plain.length; start += 1) {
    const candidate = plain.slice(start, start + 18);
    if (/^\d{17}[\dX]$/.test(candidate) && isBirthDate(candidate.slice(6, 14)) && checkDigit(candidate) === candidate[17]) return true;
  }
  return false;
}

function isBirthDate(digits: string): boolean {
  return /^(18|19|20)/.test(digits) && isCalendarDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`);
}

function checkDigit(candidate: string): string | undefined {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(candidate[index]), 0);
  return CHECK_DIGITS[sum % 11];
}
