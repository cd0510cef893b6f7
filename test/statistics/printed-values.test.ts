/**
 * How a printed value is read, in both versions, by both readers; and what is said of each cell of a table by itself,
 * whatever somebody typed into it.
 */
import fc from 'fast-check';
import { printAmount, readAmount, readPrinted, UNREADABLE, type PrintedCell, type Reading } from '../../src/statistics/amount.js';
import type { Finding } from '../../src/statistics/checks.js';
import { cellsIn, mayBeNegative, type Form, type FormCell } from '../../src/statistics/form.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { blankTotals } from '../../src/statistics/checks.js';
import { checkPublished, publishedTable } from '../../src/statistics/published-table.js';
import { printed as printedByOther, readPrinted as readByOther, written } from '../../src/verifier/calculator/decimal.js';
import { budget } from '../support/budget.js';

const PIECES: PrintedCell = { unit: null, negative: false };
const CHANGE: PrintedCell = { unit: null, negative: true };
const YUAN: PrintedCell = { unit: '元', negative: false };
const WAN: PrintedCell = { unit: '万元', negative: false };

const shown = ({ amount, said }: Reading): string =>
  `${typeof amount === 'bigint' ? printAmount(amount) : amount === null ? 'blank' : 'no number'}${said === null ? '' : `, ${said}`}`;

describe('version 2', () => {
  test.each([
    ['+3', CHANGE, '3'],
    ['＋３', CHANGE, '3'],
    ['+3项', CHANGE, '3'],
    ['-3', CHANGE, '-3'],
    ['－3', CHANGE, '-3'],
    ['+3', PIECES, 'no number'],
    ['+22', PIECES, 'no number'],
    ['--253', CHANGE, 'no number'],
    ['+-3', CHANGE, 'no number'],
    ['++3', CHANGE, 'no number'],
    ['+', CHANGE, 'no number'],
    ['22（其中修订16件）', PIECES, '22, remark'],
    ['7件 (…)', PIECES, '7, remark'],
    ['7 件（含（部分）修订）', PIECES, '7, remark'],
    ['7\n（其中：修订2）', PIECES, '7, remark'],
    ['7[1]', PIECES, '7, remark'],
    ['7〔注〕', PIECES, '7, remark'],
    ['7【注】', PIECES, '7, remark'],
    ['+3（新增）', CHANGE, '3, remark'],
    ['-1.5（注）', PIECES, '-1.5, remark'],
    ['103.3879万元', YUAN, '1033879'],
    ['103.3879万元（含税）', YUAN, '1033879, remark'],
    ['1033879.123456', YUAN, '1033879.123456'],
    ['73802895.90元', WAN, '7380.28959'],
    ['7（注）（再注）', PIECES, 'no number'],
    ['7（注', PIECES, 'no number'],
    ['7注）', PIECES, 'no number'],
    ['7（）', PIECES, 'no number'],
    ['7（ ）', PIECES, 'no number'],
    ['（7）', PIECES, 'no number'],
    ['（约）7', PIECES, 'no number'],
    ['约7（注）', PIECES, 'no number'],
    ['7元（注）', PIECES, 'no number'],
    ['7件（注）', WAN, 'no number'],
    ['/（注）', PIECES, 'no number'],
    ['7件（注）件', PIECES, 'no number'],
    ['1,234', PIECES, 'no number'],
    ['7①', PIECES, 'no number'],
    ['7²', PIECES, 'no number'],
    ...['/', '／', '-', '—', '——', '－', '无', ' / '].map((text) => [text, PIECES, 'blank, not-applicable'] as const),
    ['———', PIECES, 'no number'],
    ['//', PIECES, 'no number'],
    ['没有', PIECES, 'no number'],
    ['5.0', PIECES, '5'],
    ['', PIECES, 'blank'],
    ['　', PIECES, 'blank'],
    [null, PIECES, 'blank'],
    [undefined, PIECES, 'blank'],
    [12, PIECES, '12'],
    [true, PIECES, 'no number'],
    [['1'], PIECES, 'no number'],
    [{}, PIECES, 'no number'],
  ] as const)('%j in %j: %s', (text, cell, expected) => {
    expect(shown(readPrinted(text, cell))).toBe(expected);
  });
});

test.each(['+3', '22（其中修订16件）', '7件 (…)', '/', '—', '无'])('version 1 reads "%s" as no number, silently', (text) => {
  // Version 1 reads "…" as no number, and says nothing of it.
  expect(readPrinted(text, CHANGE, 1)).toEqual({ amount: UNREADABLE, said: null });
});

test('version 1 takes every digit look-alike', () => {
  // Version 1 takes every digit that looks like one, as it did.
  expect(['7①', '7²', '１２'].map((text) => shown(readPrinted(text, PIECES, 1)))).toEqual(['71', '72', '12']);
});

// ---- two readers, written apart -------------------------------------------------------------------------------------

/** Pieces that printed values are made of, and anything else. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...fragments()), { maxLength: 7 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
);

function fragments(): string[] {
  const digits = ['0', '7', '22', '５', '①', '²', '.', '.5', '.000000000001', '．', '1234567890123456', '007'];
  const signs = ['+', '＋', '-', '－', '--', '—', '——', '/', '／', '无', ',', '−'];
  const units = ['件', '条', '人次', '元', '万元', '亿元', '分', '美元', '約'];
  const brackets = ['(', ')', '（', '）', '[', ']', '［', '〔', '〕', '【', '】', '注', '(注)', '（其中修订16件）', '()'];
  return [...digits, ...signs, ...units, ...brackets, ' ', '　', '\n', '\t', '\u00a0', '\u200b', '\ufeff'];
}

const numberOrNull = ({ amount }: Reading): string | null => (typeof amount === 'bigint' ? printAmount(amount) : null);

test.each([1, 2] as const)('version %d reads alike in both calculators', (version) => {
  // In version … the second calculator reads what the tables read.
  fc.assert(
    fc.property(text, fc.constantFrom<'元' | '万元' | null>('元', '万元', null), (value, unit) => {
      const other = readByOther(value, unit, version);
      expect([value, other === null ? null : written(other)]).toEqual([
        value,
        numberOrNull(readPrinted(value, { unit, negative: false }, version)),
      ]);
      // What is printed at all is so for both.
      const reading = readPrinted(value, { unit, negative: false }, version);
      expect([value, printedByOther(value) === null]).toEqual([value, reading.amount === null && reading.said === null]);
    }),
    { numRuns: budget(3000, 100_000) },
  );
});

test('no character is blank for one calculator only', () => {
  // No character alone is blank for one of them and printed for the other.
  const differing: number[] = [];
  for (let code = 0; code <= 0xffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const value = String.fromCharCode(code);
    const { amount, said } = readPrinted(value, PIECES);
    if ((printedByOther(value) === null) !== (amount === null && said === null)) differing.push(code);
  }
  expect(differing).toEqual([]);
});

test('plain decimals agree in versions 1 and 2', () => {
  // What a figure of version 1 may be, a plain decimal, is the same number in version 2.
  const plain = fc.tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{1,15}$/), fc.stringMatching(/^(\.\d{1,6})?$/));
  fc.assert(
    fc.property(plain, fc.constantFrom(PIECES, CHANGE, YUAN, WAN), (parts, cell) => {
      const value = parts.join('');
      expect(readPrinted(value, cell)).toEqual({ amount: readAmount(value, cell.unit), said: null });
    }),
    { numRuns: budget(500, 10_000) },
  );
});

// ---- tables that nobody could have counted --------------------------------------------------------------------------

type Kind = 'blank' | 'count' | 'not-a-number' | 'below-zero' | 'not-whole' | 'remark' | 'not-applicable';

interface Typed {
  readonly value: unknown;
  readonly kinds: readonly Kind[];
}

const typed = (values: readonly unknown[], ...kinds: Kind[]): Typed[] => values.map((value) => ({ value, kinds }));

/** Values by what they are in a cell of pieces that is never below zero. */
const IN_PIECES: readonly Typed[] = [
  ...typed([null, undefined, '', ' ', '\n'], 'blank'),
  ...typed(['0', '3', '17', '5.0', '12件', '１２', 4], 'count'),
  ...typed(['/', '—', '－', '无'], 'not-applicable'),
  ...typed(['x', '+3', '--3', '1,000', true, [], {}, '3元', '3（', NaN, 1e300, '①'], 'not-a-number'),
  ...typed(['-1', '-20件', -7], 'below-zero'),
  ...typed(['1.5', '0.000001', 2.25], 'not-whole'),
  ...typed(['-1.5'], 'below-zero', 'not-whole'),
  ...typed(['22（其中修订16件）', '7件 (…)'], 'remark'),
  ...typed(['-1（注）'], 'remark', 'below-zero'),
];

/** The same values in another cell. */
function expectedIn(cell: FormCell, { value, kinds }: Typed): readonly Kind[] {
  if (cell.scale !== 0) {
    // In money no unit of pieces is one, and a fraction is no fault.
    if (
      typeof value === 'string' &&
      /件/.test(value) &&
      kinds.some((kind) => kind === 'count' || kind === 'remark' || kind === 'below-zero')
    )
      return /（/.test(value) ? kinds : ['not-a-number'];
    return value === '3元' ? ['count'] : kinds.filter((kind) => kind !== 'not-whole');
  }
  if (!mayBeNegative(cell)) return kinds;
  return value === '+3' ? ['count'] : kinds.filter((kind) => kind !== 'below-zero');
}

const CELL_RULES: readonly string[] = ['not-a-number', 'below-zero', 'not-whole', 'remark', 'not-applicable'];

/** Some cells of a form typed at random, the others blank. */
function tables(form: Form): fc.Arbitrary<Readonly<Record<string, Typed>>> {
  const names = cellsIn(form, form.firstYear).map(({ cell }) => cell);
  return fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...IN_PIECES), { maxKeys: 40, noNullPrototype: true });
}

const valuesOf = (cells: Readonly<Record<string, Typed>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(cells).map(([cell, { value }]) => [cell, value]));

test.each(FORMS.map((form) => [form.id, form] as const))('%s: each impossible value is named by cell', (_, form) => {
  // Every impossible value of a random table is named, of its cell alone.
  const year = form.firstYear;
  const places = new Map(cellsIn(form, year).map((cell) => [cell.cell, cell]));
  fc.assert(
    fc.property(tables(form), tables(form), (cells, before) => {
      const table = publishedTable({ form, year, cells: valuesOf(cells) });
      const findings = checkPublished(table, publishedTable({ form, year: year - 1, cells: valuesOf(before) }));
      const said = findings.filter(({ rule }) => CELL_RULES.includes(rule)).map(({ rule, cells: named }) => `${rule} ${named.join(' ')}`);
      const expected = Object.entries(cells).flatMap(([cell, one]) =>
        expectedIn(places.get(cell) as FormCell, one).flatMap((kind) => (CELL_RULES.includes(kind) ? [`${kind} ${cell}`] : [])),
      );
      expect(said.sort()).toEqual(expected.sort());
      for (const found of findings) expectSound(found, places);
      const blank = blankTotals(form.rules, table.amounts);
      const named = findings.filter((found) => found.rule !== 'blank' && ofThisTable(form, found).some((cell) => blank.has(cell)));
      // A cell that is blank by a stroke says so itself.
      expect(named.filter(({ rule }) => rule !== 'not-applicable')).toEqual([]);
    }),
    { numRuns: budget(60, 2000) },
  );
});

/** The cells of a finding that are this table's: a chain also names those of last year that it goes on from. */
function ofThisTable({ rules }: Form, { rule, cells }: Finding): readonly string[] {
  if (rule !== 'roll-forward') return cells;
  return rules.flatMap((one) => (one.rule === rule && one.cell === cells[0] ? [one.cell, ...(one.plus ?? []), ...(one.minus ?? [])] : []));
}

function expectSound({ cells, left, right, message, severity }: Finding, places: ReadonlyMap<string, FormCell>): void {
  expect(cells.filter((cell) => !places.has(cell))).toEqual([]);
  expect(message).not.toMatch(/[\r\n]/);
  expect(['error', 'warning', 'info']).toContain(severity);
  for (const side of [left, right]) expect(side === null || typeof side === 'string').toBe(true);
}
