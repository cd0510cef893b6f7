/** The sheet of a printed yearly table as the message that declares it. */
import { DocumentProblem, tooLarge } from '../documents/problem.js';
import { openSheet } from '../documents/sheets/open-sheet.js';
import { shownText } from '../documents/sheets/shown.js';
import { canonicalJson, sha256 } from '../encoding/canonical-json.js';
import { publicType } from '../events/catalog.js';
import { readYear } from '../time/year.js';
import { bestForm, type Fit } from './form-in-grid.js';
import { GIVEN } from './given.js';
import type { MappedTable, Mapping } from './mapping.js';
import { MappingProblem } from './mapping-problem.js';
import type { SheetListener } from './mapped-rows.js';
import { filling, type Row } from './references.js';
import type { RowMessages } from './row-messages.js';
import type { FoundCells, Grid } from './table-cells.js';

/** Rows of a printed table at most: the longest form has 69. */
const MAX_LINES = 2000;
/** Labels that are named where a sheet lacks them. */
const NAMED = 5;

type Constants = Readonly<Record<string, string>>;

/** Errors: `DocumentProblem`, also of a sheet that lacks rows of its form; `MappingProblem`. */
export async function declaredTable(file: string, mapping: Mapping, listener: SheetListener): Promise<RowMessages> {
  const { constants = {}, table } = mapping;
  if (table === undefined) throw new MappingProblem('bad-mapping', 'it has no "table"', 'Rows become messages by "messages".');
  const grid = await gridOf(file, mapping, listener);
  const year = yearOf(grid, constants);
  const { form, found } = namedOrBest(grid, year, table.form);
  if (found.missing.length > 0) {
    const named = found.missing.slice(0, NAMED).join(', ');
    throw new DocumentProblem('no-such-head', `its table lacks ${found.missing.length} rows or columns of ${form.id}: ${named}`, LABELS);
  }
  return { ok: true, messages: [messageOf({ year, form: form.id, cells: found.cells }, table, constants)] };
}

const LABELS = 'Write the labels as the form prints them (docs/contract/forms.md), in its order.';

async function gridOf(file: string, mapping: Mapping, listener: SheetListener): Promise<Grid> {
  const grid: string[][] = [];
  for await (const { cells } of openSheet(file, { ...mapping, every: true }, listener.read)) {
    if (grid.length === MAX_LINES) throw tooLarge(`it has more than ${MAX_LINES} rows`, 'Give the table alone.');
    grid.push(cells.map(shownText));
  }
  return grid;
}

/** Said beside the mapping, or by the title over the table. */
function yearOf(grid: Grid, { year }: Constants): number {
  const given = year === undefined ? null : readYear(year);
  if (given !== null) return given;
  const printed = grid.flat().flatMap((text) => /(20\d\d)\s*年/.exec(text.normalize('NFKC'))?.[1] ?? []);
  const [first] = printed;
  if (first === undefined) throw new MappingProblem('no-value', 'the year is neither given nor printed over the table', 'Give --year.');
  return Number(first);
}

/** The form named, else the one of the year that fits. Errors: `MappingProblem`. */
function namedOrBest(grid: Grid, year: number, named: string | undefined): Fit {
  const best = bestForm(grid, year, named);
  if (best !== null) return best;
  throw new MappingProblem('bad-mapping', named === undefined ? `no form serves ${year}` : `there is no form ${named}`, LABELS);
}

const TYPE = 'table.declared';

function messageOf(
  data: { readonly year: number; readonly form: string; readonly cells: FoundCells['cells'] },
  table: MappedTable,
  constants: Constants,
): Record<string, unknown> {
  const { year, form, cells } = data;
  const own: Readonly<Record<string, string>> = { ...constants, year: String(year), form, rowHash: sha256(canonicalJson(cells)) };
  const known = [...Object.keys(own), ...GIVEN];
  const row: Row = (name) => own[name] ?? null;
  const fill = (field: string, text: string): string => {
    const filled = filling(text, known, `${TYPE}: ${field}`)(row);
    if (filled !== null) return String(filled);
    throw new MappingProblem(
      'no-value',
      `${field} is made of ${text}, and that has no value`,
      'Give it on the command line, or in "constants".',
    );
  };
  return {
    specversion: '1.0',
    id: fill('id', table.id),
    source: fill('source', '{source}'),
    type: publicType(TYPE),
    subject: `table/${year}`,
    time: fill('time', table.time),
    agency: fill('agency', '{agency}'),
    actor: fill('actor', '{actor}'),
    data: { ...data, evidence: fill('evidence', table.evidence) },
  };
}
