/** A checked report for people: what differs with its sentence, then what was held against which cell. */
import type { CheckedReport, ReportNumber } from '../../prose/check-report.js';
import { shortCell } from './render-table.js';
import { MARK } from './severity.js';

export function renderCheckedReport(file: string, form: string | null, { numbers, findings }: CheckedReport): string[] {
  const held = numbers.filter(({ verdict }) => verdict !== 'not-held');
  const head = `${file}: 数字 ${numbers.length} 个 numbers, 与表核对 ${held.length} 个 held against cells, ${findings.length} 项 findings`;
  return [
    head,
    ...findings.flatMap(({ severity, rule, line, message, sentence }) => [
      `  ${MARK[severity]} ${rule}: 第 ${line} 行 line ${line}: ${message}`,
      `      ${shortened(sentence)}`,
    ]),
    ...held.map((number) => `  第 ${number.line} 行  ${number.text}  ${placeOf(number, form)}`),
  ];
}

function placeOf({ verdict, readings }: ReportNumber, form: string | null): string {
  const fitting = readings.filter(({ fits }) => fits);
  const shown = fitting.length > 0 ? fitting : readings;
  const names = shown.map(
    ({ says, cells }) => `${says} [${cells.map((cell) => (form === null ? cell : shortCell(form, cell))).join(' + ')}]`,
  );
  const word = { held: '= ', part: '⊂ ', differs: '≠ ', 'last-year': '= 上年度 last year ', 'not-held': '' }[verdict];
  return word + names.join(' / ');
}

/** Enough of it to be found in the report. */
function shortened(sentence: string): string {
  return sentence.length > 120 ? `${sentence.slice(0, 119)}…` : sentence;
}
