/** What a cell shows, as text. */
import type { SheetCell } from './cell.js';
import { dayOfSerial } from './serial-days.js';

/** Empty of a blank cell. */
export function shownText(cell: SheetCell | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (cell.kind !== 'number' || !cell.asDay) return cell.text;
  return dayOfSerial(Number(cell.text), cell.days)?.replace('T', ' ') ?? cell.text;
}

/** Digits that a spreadsheet keeps of a number. */
const KEPT_DIGITS = 15;

/** A number as a spreadsheet prints it in full: 24252.311082000002 is 24252.311082 there. */
export function printedNumber(value: number): string {
  const text = String(Number(value.toPrecision(KEPT_DIGITS)));
  if (!/e-/.test(text)) return text;
  return value.toFixed(20).replace(/0+$/, '');
}
