// Every type of message: what it says, each field with its rule, and one message that is taken. Out of the classes that
// validate them.
import 'reflect-metadata';
import { getMetadataStorage } from 'class-validator';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTS, SEALED_FIELDS } from '../../dist/domain/acts.js';
import { ACT_TYPES, kindOf, publicType } from '../../dist/events/catalog.js';
import { schemaAddress } from '../../dist/intake/schemas/addresses.js';
import { DATA_CLASSES } from '../../dist/intake/messages/data-classes.js';
import { nestedIn } from '../../dist/intake/messages/fields.js';
import { code, fence, paragraph, table } from './markdown.mjs';

/** `messages index`, then a part per kind of case, `messages KIND`, in the order of the catalogue. */
export function messageParts(root) {
  const examples = readFileSync(join(root, 'examples/messages.ndjson'), 'utf8').trim().split('\n');
  const kinds = Map.groupBy(ACT_TYPES, (type) => type.slice(0, type.indexOf('.')));
  const index = ACT_TYPES.map((type) => [linkTo(publicType(type)), ACTS[type].means, ACTS[type].counted ? 'yes' : '']);
  const parts = [...kinds].map(([kind, types]) => [`messages ${kind}`, types.map((type) => messageOf(type, examples)).join('\n\n')]);
  return [['messages index', table(['type', 'what happened', 'counts'], index)], ...parts];
}

/** To the heading of this text, on the same page. */
function linkTo(heading) {
  return `[${code(heading)}](#${heading.toLowerCase().replaceAll(/[^a-z0-9-]/g, '')})`;
}

function messageOf(type, examples) {
  const kind = kindOf(type);
  const example = examples.find((line) => JSON.parse(line).type === publicType(type)) ?? sampleOf(type, kind);
  const fields = fieldsOf(DATA_CLASSES[type], '', SEALED_FIELDS[type] ?? []);
  return [
    `### ${publicType(type)}`,
    paragraph(`${ACTS[type].means} On ${kind === '*' ? 'a case of any kind' : code(`${kind}/…`)}; schema ${code(schemaAddress(type))}.`),
    fields.length === 0 ? 'No data: absent or `{}`.' : table(['field', 'type', 'rule', 'required', 'sealed'], fields),
    fence('json', folded(example)),
  ].join('\n\n');
}

/** The envelope on one line, the data on the next. */
function folded(line) {
  const { data, ...envelope } = JSON.parse(line);
  const head = JSON.stringify(envelope).slice(0, -1).replace(',"subject"', ',\n "subject"');
  return data === undefined ? `${head}}` : `${head},\n "data":${JSON.stringify(data)}}`;
}

/** A row for each field; those of a nested object behind it. */
function fieldsOf(type, above, sealed) {
  const byField = Map.groupBy(
    getMetadataStorage().getTargetValidationMetadatas(type, '', false, false),
    ({ propertyName }) => propertyName,
  );
  return [...byField].flatMap(([field, found]) => {
    const rules = found.map((rule) => ({ rule, name: rule.name ?? rule.type }));
    const isList = rules.some(({ name }) => name === 'isArray');
    const inner = nestedIn(type).get(field);
    const path = `${above}${field}`;
    const required = rules.some(({ name }) => name === 'conditionalValidation') ? '' : 'yes';
    const one = inner === undefined ? typeOf(rules, `${type.name}.${field}`) : 'object';
    const row = [
      code(path),
      isList ? `list of ${one}` : one,
      rules.flatMap(textOf).join('; '),
      required,
      sealed.includes(path) ? 'yes' : '',
    ];
    return [row, ...(inner === undefined ? [] : fieldsOf(inner, `${path}${isList ? '[]' : ''}.`, sealed))];
  });
}

const TYPES = {
  text: 'text',
  word: 'text',
  hash: 'text',
  date: 'date',
  case: 'case',
  agency: 'text',
  isIn: 'text',
  isInt: 'number',
  isBoolean: 'boolean',
  url: 'text',
  source: 'text',
  cells: 'object',
  parts: 'object',
};

function typeOf(rules, where) {
  const found = rules.map(({ name }) => TYPES[name]).find((type) => type !== undefined);
  if (found === undefined) throw new Error(`bin/docs/messages.mjs knows no type of ${where}: add its validator to TYPES`);
  return found;
}

/** What a field's validator says of it; null where its type or another column has said it. */
const RULES = {
  conditionalValidation: () => null,
  isArray: () => null,
  object: () => null,
  nestedValidation: () => null,
  arrayNotEmpty: () => 'not empty',
  arrayMaxSize: ([most]) => `at most ${most}`,
  arrayUnique: () => 'each once',
  isIn: ([values]) => values.map(code).join(' '),
  isInt: () => 'whole',
  min: ([least]) => `at least ${least}`,
  max: ([most]) => `at most ${most}`,
  isBoolean: () => null,
  person: () => 'a [name](#names) of a person',
  office: () => 'a [name](#names)',
};

function textOf({ rule, name }) {
  const own = RULES[name];
  const said = own === undefined ? messageFrom(rule) : own(rule.constraints ?? []);
  return said === null ? [] : [said];
}

/** The words in which a validator of ours refuses, without their subject. */
function messageFrom(rule) {
  const [constraint] = getMetadataStorage().getTargetValidatorConstraints(rule.constraintCls);
  return constraint.instance.defaultMessage().replace(/^\$property must be (an? )?(text of )?/, '');
}

/** A plain message of a type that examples/messages.ndjson does not have: what is required, each with some value. */
function sampleOf(type, kind) {
  const data = valuesOf(DATA_CLASSES[type]);
  const envelope = { specversion: '1.0', id: `${type}-1`, source: '/example/office', type: publicType(type), subject: `${kind}/2017-0001` };
  return JSON.stringify({ ...envelope, time: '2017-03-02T09:00:00+08:00', agency: '370828-example', actor: '统计员', data });
}

const VALUES = {
  text: () => '说明',
  word: () => '名称',
  hash: () => `sha256:${'0'.repeat(64)}`,
  date: () => '2017-03-01',
  case: () => 'publication/2017-0001',
  agency: () => '370828-example',
  isIn: ([values]) => values[0],
  isInt: () => 2017,
  isBoolean: () => true,
  url: () => 'https://www.example.gov.cn/a',
  source: () => '/commerce/website',
  cells: () => ({ 1.1: '1' }),
  parts: () => ({ 1: '收到申请{3.1#}。' }),
};

function valuesOf(type) {
  const byField = Map.groupBy(
    getMetadataStorage().getTargetValidationMetadatas(type, '', false, false),
    ({ propertyName }) => propertyName,
  );
  const required = [...byField].filter(([, rules]) => rules.every((rule) => rule.type !== 'conditionalValidation'));
  return Object.fromEntries(
    required.map(([field, rules]) => {
      const inner = nestedIn(type).get(field);
      const rule = rules.find(({ name, type: kind }) => VALUES[name ?? kind] !== undefined);
      const value = inner === undefined ? VALUES[rule.name ?? rule.type](rule.constraints ?? []) : valuesOf(inner);
      return [field, rules.some(({ name, type: kind }) => (name ?? kind) === 'isArray') ? [value] : value];
    }),
  );
}
