/** What messages a row becomes. The same row becomes the same messages wherever it stands, so it counts once. */
import type { SheetCell, SheetRow } from '../documents/sheets/cell.js';
import { refuse, type Refusal } from '../domain/decider.js';
import { canonicalJson, sha256 } from '../encoding/canonical-json.js';
import { isObject } from '../encoding/unknown-values.js';
import { bareType, publicType } from '../events/catalog.js';
import type { Mapping, MappedColumn, MappedMessage } from './mapping.js';
import { MappingProblem } from './mapping-problem.js';
import { GIVEN } from './given.js';
import { OF_THE_ROW } from './read-mapping.js';
import { filling, type Filled, type Row } from './references.js';
import { readCell, type Value } from './values.js';

/** A CloudEvents message, as it is sent. */
export type Message = Readonly<Record<string, unknown>>;

export type RowMessages =
  | { readonly ok: true; readonly messages: readonly Message[] }
  | { readonly ok: false; readonly source: string | null; readonly refusal: Refusal };

/** Gives the messages of a row, by the places of its columns. */
export type RowReader = (row: SheetRow, places: ReadonlyMap<string, number>) => RowMessages;

interface Problem {
  readonly field: string;
  readonly problem: string;
}

type Shaped = (row: Row) => readonly Message[] | Problem;

/** Errors: `MappingProblem`. */
export function rowReader(mapping: Mapping): RowReader {
  const { columns = [], messages = [], constants = {} } = mapping;
  const known = [...columns.map(({ name }) => name), ...Object.keys(constants), ...GIVEN, ...OF_THE_ROW];
  const shapes = messages.map((message) => shapeOf(message, constants, known));
  const hashed = mapping.hashed ?? columns.map(({ name }) => name);
  return (row, places) => {
    const { values, problems } = valuesOf(row.cells, columns, places);
    if (problems.length > 0) return refusedRow(problems, constants);
    const rowHash = sha256(canonicalJson(hashed.map((name) => values.get(name) ?? null)));
    const look: Row = (name) => (name === 'rowHash' ? rowHash : (values.get(name) ?? constants[name] ?? null));
    const made = shapes.map((shape) => shape(look));
    const wrong = made.filter((one) => 'problem' in one);
    if (wrong.length > 0) return refusedRow(wrong, constants);
    const all = made.flatMap((one) => ('problem' in one ? [] : one));
    return all.length === 0 ? refusedRow([NOTHING], constants) : { ok: true, messages: all };
  };
}

const NOTHING: Problem = { field: '', problem: 'the row becomes no message: what would make one is blank' };

function valuesOf(
  cells: readonly (SheetCell | null)[],
  columns: readonly MappedColumn[],
  places: ReadonlyMap<string, number>,
): { readonly values: ReadonlyMap<string, Value>; readonly problems: readonly Problem[] } {
  const values = new Map<string, Value>();
  const problems: Problem[] = [];
  for (const column of columns) {
    const place = places.get(column.name);
    const read = readCell(place === undefined ? null : cells[place], column);
    const field = column.heads[0] ?? column.name;
    if ('problem' in read) problems.push({ field, problem: `${field} ${read.problem}` });
    else if (read.value === null && column.required === true) problems.push({ field, problem: `${field} is blank` });
    else values.set(column.name, read.value);
  }
  return { values, problems };
}

function refusedRow(problems: readonly Problem[], constants: Readonly<Record<string, string>>): RowMessages {
  const message = `${[...new Set(problems.map(({ problem }) => problem))].join('; ')}.`;
  const { refusal } = refuse('invalid-data', message, 'Mend the row and import it again.', { problems });
  return { ok: false, source: constants['source'] ?? null, refusal };
}

/** Attributes that each message has, and what fills them unless it says otherwise. */
const ATTRIBUTES = ['id', 'source', 'subject', 'time', 'agency', 'actor'] as const;

function shapeOf(message: MappedMessage, constants: Readonly<Record<string, string>>, known: readonly string[]): Shaped {
  const type = bareType(message.type);
  const fill = (text: string, field: string): Filled => filling(text, known, `${type}: ${field}`);
  const attributes = ATTRIBUTES.map((name) => [name, fill(message[name] ?? constantFor(name, constants), name)] as const);
  const data = message.data === undefined ? null : dataOf(message.data, (text) => fill(text, 'data'));
  const { each, when = {} } = message;
  return (row) => {
    if (!Object.entries(when).every(([name, wanted]) => holds(row(name), wanted))) return [];
    const made: Message[] = [];
    for (const value of each === undefined ? [null] : valuesIn(row(each))) {
      const own: Row = (name) => (name === each ? value : row(name));
      const filled = attributes.map(([name, attribute]) => [name, attribute(own)] as const);
      const blank = filled.find(([, text]) => text === null);
      if (blank !== undefined) return { field: blank[0], problem: `${type} has no ${blank[0]}: what it is made of is blank` };
      made.push({ specversion: '1.0', type: publicType(type), ...textsOf(filled), ...(data === null ? {} : { data: data(own) ?? {} }) });
    }
    return made;
  };
}

function textsOf(filled: readonly (readonly [string, Value])[]): Record<string, string> {
  return Object.fromEntries(filled.map(([name, value]) => [name, String(value)]));
}

function constantFor(name: string, constants: Readonly<Record<string, string>>): string {
  if (constants[name] === undefined)
    throw new MappingProblem(
      'no-value',
      `it is not said which ${name}`,
      `Give --${name}, or "constants": {"${name}": "…"} in the mapping.`,
    );
  return `{${name}}`;
}

function valuesIn(value: Value): readonly Value[] {
  if (value === null) return [];
  return typeof value === 'object' ? value : [value];
}

function holds(value: Value, wanted: unknown): boolean {
  if (wanted === 'filled') return value !== null;
  if (wanted === 'blank') return value === null;
  return Array.isArray(wanted) && valuesIn(value).some((one) => wanted.includes(one));
}

type FilledData = (row: Row) => unknown;

/** What is blank is left out, and so is an object of which nothing is left. */
function dataOf(shape: unknown, fill: (text: string) => Filled): FilledData {
  if (typeof shape === 'string') {
    const filled = fill(shape);
    return (row) => filled(row) ?? undefined;
  }
  if (Array.isArray(shape)) {
    const items = shape.map((item: unknown) => dataOf(item, fill));
    return (row) => items.map((item) => item(row)).filter((item) => item !== undefined);
  }
  if (!isObject(shape)) return () => shape;
  const members = Object.entries(shape).map(([name, member]) => [name, dataOf(member, fill)] as const);
  return (row) => {
    const left = members.map(([name, member]) => [name, member(row)] as const).filter(([, value]) => value !== undefined);
    return left.length === 0 ? undefined : Object.fromEntries(left);
  };
}
