/** Reads the file of a mapping: JSON whose fields are all known. What it refers to is looked at in references.ts. */
import { validateSync, type ValidationError } from 'class-validator';
import { ACT_TYPES, bareType, isActType } from '../events/catalog.js';
import { isObject, messageOf } from '../encoding/unknown-values.js';
import { instantiate, unknownFields } from '../intake/messages/fields.js';
import { nearest } from '../intake/nearest.js';
import { Mapping, type MappedColumn, type MappedMessage } from './mapping.js';
import { MappingProblem } from './mapping-problem.js';

const HINT = 'docs/spreadsheets.md describes the file of a mapping; examples/mappings/ has one of each kind.';

/** Names that every mapping may refer to besides its columns and constants. */
export const OF_THE_ROW = ['rowHash'] as const;

/** `given`: constants that take the place of those of the file. Errors: `MappingProblem`. */
export function readMapping(text: string, given: Readonly<Record<string, string>>): Mapping {
  const mapping = sound(parsed(text));
  if ((mapping.table === undefined) === (mapping.messages === undefined))
    throw bad('it has neither "messages" nor "table", or both', 'Rows become messages; the sheet of a printed table is one "table".');
  if (mapping.messages !== undefined && mapping.columns === undefined) throw bad('it has no "columns"', HINT);
  for (const column of mapping.columns ?? []) checkColumn(column);
  for (const message of mapping.messages ?? []) checkMessage(message, mapping.columns ?? []);
  mapping.constants = { ...mapping.constants, ...given };
  return mapping;
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw bad(`it is no JSON: ${messageOf(error)}`, HINT);
  }
  if (!isObject(value)) throw bad('it is no JSON object', HINT);
  return value;
}

function sound(plain: Record<string, unknown>): Mapping {
  const [unknown] = unknownFields(Mapping, plain, 'mapping');
  if (unknown !== undefined) {
    const near = unknown.nearest === null ? HINT : `The nearest is ${unknown.nearest}.`;
    throw bad(`it has no field ${unknown.path}`, near);
  }
  const mapping = instantiate(Mapping, plain);
  const problems = validateSync(mapping, { forbidUnknownValues: false }).flatMap((error) => problemsOf(error, 'mapping'));
  if (problems.length > 0) throw bad(problems.slice(0, 5).join('; '), HINT);
  return mapping;
}

function problemsOf({ property, constraints = {}, children = [] }: ValidationError, path: string): string[] {
  const field = `${path}.${property}`;
  const own = Object.values(constraints).map((problem) => problem.replace(property, () => field));
  return [...own, ...children.flatMap((child) => problemsOf(child, field))];
}

function checkColumn({ name, clock }: MappedColumn): void {
  if (!/^[A-Za-z]\w*$/.test(name)) throw bad(`column ${name}: a name is Latin letters and digits`, 'Its heads may be any text.');
  if (clock !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(clock)) throw bad(`column ${name}: clock must be like 09:00`, HINT);
}

function checkMessage({ type, each, when }: MappedMessage, columns: readonly MappedColumn[]): void {
  // A mapping may leave out `disclosure.`.
  const bare = bareType(type);
  if (!isActType(bare)) {
    const near = nearest(bare, ACT_TYPES);
    throw bad(`there is no type ${type}`, near === null ? 'docs/contract/messages.md lists the types.' : `The nearest is ${near}.`);
  }
  const names = columns.map(({ name }) => name);
  for (const name of [...(each === undefined ? [] : [each]), ...Object.keys(when ?? {})]) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    throw bad(`${type}: there is no column ${name}`, near === null ? `There are: ${names.join(', ')}.` : `The nearest is ${near}.`);
  }
  for (const [name, wanted] of Object.entries(when ?? {}))
    if (wanted !== 'filled' && wanted !== 'blank' && !Array.isArray(wanted))
      throw bad(`${type}: when.${name} must be "filled", "blank" or a list of values`, HINT);
}

function bad(message: string, hint: string): MappingProblem {
  return new MappingProblem('bad-mapping', message, hint);
}
