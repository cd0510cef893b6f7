/** Lines of cells as columns, each as wide as its widest cell. */
import { pad, padLeft, print, widthOf } from './output.js';

/** A line of text, or its cells: texts begin at the left of their column, numbers end at its right. */
export type Line = string | readonly (string | number)[];

/** Lines of cells are indented under the text before them; one with fewer cells than others ends earlier. */
export function inColumns(lines: readonly Line[]): string[] {
  const rows = lines.filter((line) => typeof line !== 'string');
  const widths = rows.reduce<number[]>((widest, row) => {
    row.forEach((cell, at) => (widest[at] = Math.max(widest[at] ?? 0, widthOf(String(cell)))));
    return widest;
  }, []);
  return lines.map((line) => {
    if (typeof line === 'string') return line;
    const cells = line.map((cell, at) => (typeof cell === 'number' ? padLeft : pad)(String(cell), widths[at] ?? 0));
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

export function printLines(lines: readonly Line[]): void {
  for (const line of inColumns(lines)) print(line);
}
