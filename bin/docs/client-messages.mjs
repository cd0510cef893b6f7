// src/client/messages.ts: the types of all messages for those who import `disclosure/client`. Made from the classes
// that validate them, as the client imports nothing of the rest.
import 'reflect-metadata';
import { getMetadataStorage } from 'class-validator';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ACTS } from '../../dist/domain/acts.js';
import { ACT_TYPES, publicType } from '../../dist/events/catalog.js';
import { DATA_CLASSES } from '../../dist/intake/messages/data-classes.js';
import { nestedIn } from '../../dist/intake/messages/fields.js';

const FILE = 'src/client/messages.ts';

const HEAD = `/**
 * What each type of message says. Written by \`npm run docs\` out of the classes that validate messages: never by hand.
 * The rules of each field stand in docs/contract/messages.md.
 */`;

/** Path → text, of the files that the client has from here. */
export async function clientFiles(root) {
  const types = ACT_TYPES.map((type) => `/** ${ACTS[type].means} */\n'${publicType(type)}': ${objectOf(DATA_CLASSES[type])};`);
  const references = ACT_TYPES.flatMap((type) => {
    const fields = referencesOf(DATA_CLASSES[type]);
    return fields.length === 0 ? [] : [`'${publicType(type)}': [${fields.map((field) => `'${field}'`).join(', ')}],`];
  });
  const text = [
    HEAD,
    `export interface DataByType {\n${types.join('\n')}\n}`,
    '',
    '/** Type → the fields of its data that name another case of the agency. */',
    `export const REFERENCES: Readonly<Record<string, readonly string[]>> = {\n${references.join('\n')}\n};`,
  ].join('\n');
  const path = join(root, FILE);
  return new Map([[FILE, await format(text, { ...(await resolveConfig(path)), filepath: path })]]);
}

/** Field → its rules, with the names of their validators. */
function rulesOf(type) {
  const found = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return Map.groupBy(
    found.map((rule) => ({ field: rule.propertyName, name: rule.name ?? rule.type, constraints: rule.constraints ?? [] })),
    ({ field }) => field,
  );
}

function objectOf(type) {
  const fields = [...rulesOf(type)].map(([field, rules]) => {
    const inner = nestedIn(type).get(field);
    const has = (name) => rules.some((rule) => rule.name === name);
    const one = inner === undefined ? valueOf(rules, `${type.name}.${field}`) : objectOf(inner);
    return `${field}${has('conditionalValidation') ? '?' : ''}: ${has('isArray') ? `readonly (${one})[]` : one};`;
  });
  return fields.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${fields.join(' ')} }`;
}

const VALUES = {
  text: () => 'string',
  word: () => 'string',
  hash: () => 'string',
  date: () => 'string',
  case: () => 'string',
  agency: () => 'string',
  url: () => 'string',
  source: () => 'string',
  isIn: ([values]) => values.map((value) => `'${value}'`).join(' | '),
  isInt: () => 'number',
  isBoolean: () => 'boolean',
  cells: () => 'Readonly<Record<string, string | null>>',
  parts: () => 'Readonly<Record<string, string>>',
};

function valueOf(rules, where) {
  const rule = rules.find(({ name }) => VALUES[name] !== undefined);
  if (rule === undefined) throw new Error(`bin/docs/client-messages.mjs knows no type of ${where}: add its validator to VALUES`);
  return VALUES[rule.name](rule.constraints);
}

function referencesOf(type) {
  return [...rulesOf(type)].flatMap(([field, rules]) => (rules.some(({ name }) => name === 'case') ? [field] : []));
}
