/** From a schema and one message of it: each rule of the schema broken once, by who knows nothing but the schema. */
import fc from 'fast-check';
import type { JsonSchema as Schema } from '../../src/intake/schemas/json-schema.js';

export interface Broken {
  /** Such as `data.steps.0.role: pattern`. */
  readonly rule: string;
  /** Name of the field that the refusal must speak of. */
  readonly field: string;
  readonly message: unknown;
}

type Path = readonly (string | number)[];

/** Some value of a schema; `seed` makes it the same each time. */
export function valueOf(schema: Schema, seed = 1): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const type = Array.isArray(schema.type) ? (schema.type as readonly string[])[0] : schema.type;
  switch (type ?? 'string') {
    case 'integer':
      return schema.minimum ?? 0;
    case 'boolean':
      return true;
    case 'array':
      return [valueOf(schema.items ?? {}, seed)];
    case 'object':
      return objectOf(schema, seed);
    default:
      return textOf(schema, seed);
  }
}

function objectOf({ properties = {}, required = [], additionalProperties, minProperties = 0 }: Schema, seed: number): unknown {
  const known = required.map((name) => [name, valueOf(properties[name] ?? {}, seed)] as const);
  const more =
    typeof additionalProperties === 'object' && minProperties > known.length ? [['1.1', valueOf(additionalProperties, seed)] as const] : [];
  return Object.fromEntries([...known, ...more]);
}

function textOf({ pattern, format, minLength = 0, maxLength = 200 }: Schema, seed: number): string {
  if (format === 'date') return '2017-03-01';
  if (format === 'date-time') return '2017-03-02T09:00:00+08:00';
  if (pattern === undefined) return 'text';
  const plain = ['说明', 'publication/1', 'text'].find((text) => new RegExp(pattern, 'u').test(text));
  if (plain !== undefined) return plain;
  const texts = fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 50, seed });
  const fitting = texts.find((text) => text.length >= minLength && text.length <= maxLength && new RegExp(pattern, 'u').test(text));
  if (fitting === undefined) throw new Error(`no text of ${pattern} was found`);
  return fitting;
}

/** Every rule of the schema, broken in a copy of the message. Rules whose breach cannot be written are left out. */
export function brokenMessages(schema: Schema, message: unknown): Broken[] {
  return [...brokenAt(schema, message, [], message), ...(schema.allOf ?? []).flatMap((condition) => conditionBroken(condition, message))];
}

const nameOf = (path: Path): string => String(path.filter((part) => typeof part === 'string').at(-1) ?? '');

function brokenAt(schema: Schema, value: unknown, path: Path, whole: unknown): Broken[] {
  const broken = wrongValues(schema, value).map(([keyword, wrong]): Broken => ({
    rule: `${path.join('.')}: ${keyword}`,
    field: nameOf(path),
    message: withAt(whole, path, wrong),
  }));
  return [...(path.length === 0 ? [] : broken), ...inside(schema, value, path, whole)];
}

function inside(schema: Schema, value: unknown, path: Path, whole: unknown): Broken[] {
  if (Array.isArray(value))
    return schema.items === undefined
      ? []
      : brokenAt(
          schema.items,
          value[0] ?? valueOf(schema.items),
          [...path, 0],
          value[0] === undefined ? withAt(whole, path, [valueOf(schema.items)]) : whole,
        );
  if (typeof value !== 'object' || value === null) return [];
  const { properties = {}, required = [], additionalProperties } = schema;
  const here = path.length === 0 ? '' : `${path.join('.')}.`;
  const missing = required.map((name) => ({
    rule: `${here}${name}: required`,
    field: name,
    message: withAt(whole, [...path, name], undefined),
  }));
  const unknown =
    additionalProperties === false
      ? [{ rule: `${here}: additionalProperties`, field: 'zzUnknown', message: withAt(whole, [...path, 'zzUnknown'], 'x') }]
      : [];
  const each = Object.entries(properties).flatMap(([name, inner]) => {
    const known = (value as Record<string, unknown>)[name];
    const there = known ?? valueOf(inner);
    return brokenAt(inner, there, [...path, name], known === undefined ? withAt(whole, [...path, name], there) : whole);
  });
  const others =
    typeof additionalProperties === 'object'
      ? brokenAt(additionalProperties, Object.values(value)[0], [...path, Object.keys(value)[0] ?? ''], whole).map((one) => ({
          ...one,
          field: nameOf(path),
        }))
      : [];
  return [...missing, ...unknown, ...each, ...others];
}

/** Keyword → a value that breaks it. */
function wrongValues(schema: Schema, value: unknown): [keyword: string, wrong: unknown][] {
  const { maxItems, minimum, maximum, maxLength } = schema;
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const one = list[0] ?? (schema.items === undefined ? 'x' : valueOf(schema.items));
  const text = String(value);
  const found: (readonly [keyword: string, isRule: unknown, wrong: unknown])[] = [
    ['type', schema.type, schema.type === 'boolean' ? 'yes' : schema.type === 'object' || schema.type === 'array' ? 'text' : [1]],
    ['const', schema.const, 'other'],
    ['enum', schema.enum, 'other-than-these'],
    ['pattern', schema.pattern, 'a\u0000b'],
    ['pattern of the whole', schema.pattern, `\u202e${text}`],
    ['format', schema.format === 'date', '2017-02-30'],
    ['format', schema.format === 'date-time', '2017-02-30T09:00:00+08:00'],
    ['minLength', schema.minLength, ''],
    ['maxLength', maxLength, text.repeat(Math.ceil(((maxLength ?? 0) + 1) / Math.max(1, text.length)))],
    ['minimum', minimum !== undefined, (minimum ?? 0) - 1],
    ['maximum', maximum, (maximum ?? 0) + 1],
    ['minItems', schema.minItems, []],
    ['maxItems', maxItems, Array.from({ length: (maxItems ?? 0) + 1 }, () => one)],
    ['uniqueItems', schema.uniqueItems, [one, one]],
    ['minProperties', schema.minProperties, {}],
  ];
  return found.flatMap(([keyword, isRule, wrong]) =>
    isRule === undefined || isRule === false ? [] : [[keyword, wrong] as [string, unknown]],
  );
}

/** The message made one to which the condition applies, and then is broken. */
function conditionBroken({ if: when, then, else: otherwise, not, properties }: Schema, message: unknown): Broken[] {
  if (when === undefined) return not === undefined && properties?.['data'] === undefined ? [] : forced({ properties, not }, message);
  return [
    ...(then === undefined ? [] : forced(then, applied(when, message))),
    ...(otherwise === undefined ? [] : forced(otherwise, unapplied(when, message))),
  ];
}

const dataOf = (schema: Schema): Schema => schema.properties?.['data'] ?? {};

function applied(when: Schema, message: unknown): unknown {
  return Object.entries(dataOf(when).properties ?? {}).reduce((made, [name, inner]) => {
    return withAt(made, ['data', name], inner.maxItems === 0 ? [] : valueOf(inner));
  }, message);
}

/** Where the condition is of an enumeration the message has another value already, or a list that is not empty. */
const unapplied = (_when: Schema, message: unknown): unknown => message;

function forced(consequence: Schema, message: unknown): Broken[] {
  const { not, required = [], properties = {} } = dataOf(consequence);
  const tooMuch = not?.required ?? [];
  const given = tooMuch.reduce((made, name) => withAt(made, ['data', name], 'application/2017-1'), message);
  const many = tooMuch.length === 0 ? [] : [{ rule: `data: not ${tooMuch.join(' and ')}`, field: String(tooMuch.at(-1)), message: given }];
  const few = required.map((name) => ({
    rule: `data.${name}: then required`,
    field: name,
    message: withAt(message, ['data', name], undefined),
  }));
  const others = Object.entries(properties).flatMap(([name, inner]) =>
    inner.enum === undefined
      ? []
      : [{ rule: `data.${name}: then enum`, field: name, message: withAt(message, ['data', name], 'confirm-never') }],
  );
  return [...many, ...few, ...others];
}

/** A copy with another value at a path; undefined takes it away. */
export function withAt(value: unknown, path: Path, wrong: unknown): unknown {
  const copy: unknown = structuredClone(value);
  if (path.length === 0) return wrong;
  const holder = path
    .slice(0, -1)
    .reduce<Record<string | number, unknown>>(
      (inner, part) => (inner[part] ??= {}) as Record<string | number, unknown>,
      copy as Record<string | number, unknown>,
    );
  const last = path.at(-1) as string | number;
  if (wrong === undefined) delete holder[last];
  else holder[last] = wrong;
  return copy;
}
