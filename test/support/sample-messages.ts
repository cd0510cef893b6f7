/**
 * A message of every type with every field that it may have, made from the classes that validate them: a field that is
 * added comes into every test that goes over these, and one with a validator that is not known here fails them.
 */
import { getMetadataStorage } from 'class-validator';
import { kindOf } from '../../src/events/catalog.js';
import type { ActType } from '../../src/domain/acts.js';
import { DATA_CLASSES } from '../../src/intake/messages/data-classes.js';
import { nestedIn, type Constructor } from '../../src/intake/messages/fields.js';
import { AGENCY, hashOf, message, type Message } from './messages.js';

export interface Field {
  /** Its place in a message, such as `data.steps.0.role`. */
  readonly path: string;
  /** Names of its validators. */
  readonly rules: ReadonlySet<string>;
}

interface Rule {
  readonly name: string;
  readonly constraints: readonly unknown[];
}

function rulesOf(type: Constructor): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const { propertyName, name, type: kind, constraints } of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false))
    found.set(propertyName, [...(found.get(propertyName) ?? []), { name: name ?? kind, constraints: (constraints ?? []) as unknown[] }]);
  return found;
}

const VALUES: Readonly<Record<string, (rule: Rule, property: string) => unknown>> = {
  text: () => '说明',
  word: () => '名称',
  hash: () => hashOf('sample'),
  date: () => '2017-03-01',
  case: (_rule, property) => `${property === 'orderedBy' ? 'reconsideration' : property === 'of' ? 'meeting' : property}/1`,
  agency: () => 'another',
  isIn: ({ constraints }) => (constraints[0] as readonly unknown[])[0],
  isInt: () => 2017,
  isBoolean: () => true,
  url: () => 'https://example.org/a',
  cells: () => ({ '1.1': '1' }),
  parts: () => ({ '1': '收到申请{3.1#}。' }),
  source: () => '/sample',
};

function sampleOf(type: Constructor): Record<string, unknown> {
  const nested = nestedIn(type);
  return Object.fromEntries(
    [...rulesOf(type)].map(([property, rules]) => {
      const inner = nested.get(property);
      const rule = rules.find(({ name }) => VALUES[name] !== undefined);
      if (inner === undefined && rule === undefined) throw new Error(`sample-messages.ts has no value for ${type.name}.${property}`);
      const value = inner === undefined ? VALUES[(rule as Rule).name]?.(rule as Rule, property) : sampleOf(inner);
      return [property, rules.some(({ name }) => name === 'isArray') ? [value] : value];
    }),
  );
}

const NUMBERS: Readonly<Record<string, string>> = { agency: AGENCY, report: '2017', table: '2017', calendar: '2017' };

export function sampleMessage(type: ActType): Message {
  const kind = type.startsWith('record.') ? 'publication' : kindOf(type);
  return message(type, `${kind}/${NUMBERS[kind] ?? '1'}`, '2017-03-02T09:00:00+08:00', 'clerk', sampleOf(DATA_CLASSES[type]));
}

/** Every field of the data of a type, nested ones and the first of each list too. */
export function dataFields(type: ActType): Field[] {
  return fieldsOf(DATA_CLASSES[type], 'data');
}

function fieldsOf(type: Constructor, path: string): Field[] {
  const nested = nestedIn(type);
  return [...rulesOf(type)].flatMap(([property, rules]) => {
    const names = new Set(rules.map(({ name }) => name));
    const here = `${path}.${property}${names.has('isArray') ? '.0' : ''}`;
    const inner = nested.get(property);
    return inner === undefined ? [{ path: here, rules: names }] : fieldsOf(inner, here);
  });
}

/** The message with another value at a path. */
export function withValue(sent: Message, path: string, value: unknown): Message {
  const copy = structuredClone(sent) as unknown as Record<string, unknown>;
  const parts = path.split('.');
  const last = parts.pop() as string;
  const holder = parts.reduce<Record<string, unknown>>((inner, part) => inner[part] as Record<string, unknown>, copy);
  holder[last] = value;
  return copy as unknown as Message;
}

export function valueAt(sent: Message, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, part) => (inner as Record<string, unknown>)[part], sent);
}
