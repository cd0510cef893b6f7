/** What is to be said of each cell of a table by itself, whatever stands in the others. */
import { fitsScale, printAmount, UNREADABLE, type Reading } from './amount.js';
import { finding, type Finding, type RuleName } from './checks.js';
import type { Severity } from './finding-rules.js';
import { cellsIn, mayBeNegative, type Form, type FormCell } from './form.js';

/** Values that are no numbers, that no count can have, or that say more than a number. Left is the text itself. */
export function cellFindings(
  form: Form,
  year: number,
  values: ReadonlyMap<string, unknown>,
  readings: ReadonlyMap<string, Reading>,
): Finding[] {
  return cellsIn(form, year).flatMap((cell): Finding[] => {
    const { amount, said } = readings.get(cell.cell) ?? { amount: null, said: null };
    if (said === null && typeof amount !== 'bigint' && amount !== UNREADABLE) return [];
    const printed = values.get(cell.cell);
    const text = typeof printed === 'string' ? printed : JSON.stringify(printed);
    const of = (rule: RuleName, severity: Severity, why: string): Finding =>
      finding(rule, severity, [cell.cell], text, null, `${cell.cell} ${why}: ${onOneLine(text)}`);
    if (amount === UNREADABLE) return [of('not-a-number', 'error', '不是数值 (not a number)')];
    if (amount === null) return [of('not-applicable', 'info', '填为不适用, 按空白计 (read as blank)')];
    const remark = said === null ? [] : [of('remark', 'info', '数后有附注, 按其数计 (a number with a remark, read as the number)')];
    return [...remark, ...impossible(cell, amount)];
  });
}

/** Characters of a printed value in a message at most. */
const SHOWN = 60;

function onOneLine(text: string): string {
  const line = text.replace(/\s+/gu, ' ');
  return line.length <= SHOWN ? line : `${line.slice(0, SHOWN)}…`;
}

/** What no count comes to. */
function impossible(cell: FormCell, amount: bigint): Finding[] {
  const { cell: name, scale } = cell;
  const below = amount < 0n && !mayBeNegative(cell);
  const parted = scale === 0 && !fitsScale(amount, 0);
  const printed = printAmount(amount);
  return [
    ...(below ? [finding('below-zero', 'error', [name], printed, null, `${name} 为负数 (below zero): ${printed}`)] : []),
    ...(parted ? [finding('not-whole', 'error', [name], printed, null, `${name} 不是整数 (a fraction of pieces): ${printed}`)] : []),
  ];
}
