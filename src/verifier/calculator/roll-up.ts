/**
 * The table of an agency with those of the agencies below it, added up a second time: members are those of 31 December
 * of the year, nothing below one that reports in its own system. docs/counting.md, Roll-ups, is the specification.
 */
import type { Calculator } from './calculator.js';
import { printed, readPrinted, written, type Decimal, type Edition, type Unit } from './decimal.js';
import { specOf, type Recipes } from './forms.js';

export interface RollUpQuery {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  /** Index of the last event that counts. */
  readonly at: number;
  /** In which unit the form prints a cell: of money. */
  readonly unitOf: (cell: string) => Unit;
}

export interface Member {
  readonly agency: string;
  readonly status: 'included' | 'missing' | 'vertical';
}

export interface RolledUp {
  readonly members: readonly Member[];
  readonly cells: Readonly<Record<string, string | null>>;
  /** Cells that some member prints on paper: not those of totals. */
  readonly onPaper: ReadonlySet<string>;
}

/** What a member adds. */
interface Part {
  readonly cells: Readonly<Record<string, string | null>>;
  /** In which edition its paper is read; null where its acts are counted. */
  readonly edition: Edition | null;
}

/** Errors: as `Calculator.table`. */
export function rollUp(calculator: Calculator, { agency, year, form, at, unitOf }: RollUpQuery): RolledUp {
  const all = [{ agency, vertical: false }, ...calculator.below(agency, year, at)];
  const members = all.map(({ agency: code, vertical }): Member => {
    const status = vertical ? 'vertical' : calculator.isMissing(code, year, at) ? 'missing' : 'included';
    return { agency: code, status };
  });
  const parts = members
    .filter(({ status }) => status === 'included')
    .map(({ agency: code }): Part => calculator.table({ agency: code, year, form, at }));
  const recipes = specOf(form).recipes(year);
  const read = ({ cells, edition }: Part, cell: string): Decimal | null => amountIn(cells[cell], cell, unitOf(cell), edition ?? 2);
  const cells = [...recipes.keys()].map((cell) => {
    const values = parts.flatMap((part) => leavesOf(recipes, cell).map((leaf) => read(part, leaf))).filter((value) => value !== null);
    return [cell, values.length === 0 ? null : written(values.reduce((sum, value) => sum + value, 0n))] as const;
  });
  return { members, cells: Object.fromEntries(cells), onPaper: new Set(parts.flatMap((part) => paperIn(part, recipes))) };
}

/** What is added up for a cell: itself, or of a total its parts. A heading has none. */
function leavesOf(recipes: Recipes, cell: string): readonly string[] {
  const recipe = recipes.get(cell);
  if (recipe === undefined || recipe.how === 'heading') return [];
  return recipe.how === 'total' ? recipe.of.flatMap((part) => leavesOf(recipes, part)) : [cell];
}

/** Changes alone may be below zero, and so have a plus; version 1 was read without one. */
function amountIn(value: string | null | undefined, cell: string, unit: Unit, edition: Edition): Decimal | null {
  if (value === null || value === undefined) return null;
  const signed = edition === 2 && cell.endsWith(':change') ? value.replace(/^\s*[+＋]/u, '') : value;
  return readPrinted(signed, unit, edition);
}

/** On paper these alone are a blank, since the second edition. */
const NOT_APPLICABLE: ReadonlySet<string> = new Set(['/', '／', '-', '—', '——', '－', '无']);

function paperIn({ cells, edition }: Part, recipes: Recipes): string[] {
  if (edition === null) return [];
  const isBlank = (value: string | null): boolean => printed(value) === null || (edition === 2 && NOT_APPLICABLE.has((value ?? '').trim()));
  return Object.entries(cells).flatMap(([cell, value]) => (isBlank(value) || recipes.get(cell)?.how === 'total' ? [] : [cell]));
}
