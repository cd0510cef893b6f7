/** A printed block as the places of its grid. */
import type { LayoutBlock, LayoutCell } from '../../src/statistics/layout/layout.js';

/** By row and column the cell that covers the place. A cell on a covered place is an error. */
export function gridOf({ rows }: LayoutBlock): LayoutCell[][] {
  const grid: LayoutCell[][] = rows.map(() => []);
  rows.forEach((row, at) => {
    let column = 0;
    for (const cell of row) {
      while (grid[at]?.[column] !== undefined) column++;
      cover(grid, cell, { row: at, column });
    }
  });
  return grid;
}

function cover(grid: LayoutCell[][], cell: LayoutCell, from: { readonly row: number; readonly column: number }): void {
  for (let row = from.row; row < from.row + cell.rowspan; row++)
    for (let column = from.column; column < from.column + cell.colspan; column++) {
      const line = grid[row];
      if (line === undefined || line[column] !== undefined) throw new Error(`row ${row}, column ${column} is covered twice, or none`);
      line[column] = cell;
    }
}
