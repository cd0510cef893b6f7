// Every address, from the OpenAPI document of the running service, and the shapes that answers refer to.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../dist/main.js';
import { openWriter } from '../../dist/runtime/runtime.js';
import { code, paragraph, table } from './markdown.mjs';

export async function addressParts() {
  const { paths, components } = await openApi();
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, said]) => ({ path, method: method.toUpperCase(), said })),
  );
  const byTag = Map.groupBy(routes, ({ said }) => said.tags[0]);
  return [
    ...[...byTag].map(([tag, those]) => [`addresses ${tag}`, those.map(addressOf).join('\n\n')]),
    ['shapes', shapesOf(components.schemas)],
  ];
}

/** Of answers; those of messages stand in messages.md. */
function shapesOf(schemas) {
  const messages = Object.values(schemas.DisclosureEvent.discriminator.mapping).map((ref) => ref.split('/').at(-1));
  const shown = Object.entries(schemas).filter(([name]) => name !== 'DisclosureEvent' && !messages.includes(name));
  return shown.map(shapeOf).join('\n\n');
}

async function openApi() {
  const data = mkdtempSync(join(tmpdir(), 'disclosure-docs-'));
  const runtime = openWriter({ config: { data, eventStoreDbUrl: null } });
  try {
    const app = await createApp(runtime);
    const { payload } = await app.inject({ method: 'GET', url: '/openapi.json' });
    await app.close();
    return JSON.parse(payload);
  } finally {
    await runtime.close();
    rmSync(data, { recursive: true });
  }
}

function addressOf({ path, method, said }) {
  const parameters = said.parameters.map(({ name, in: place, required, description = '', schema }) => [
    code(name),
    place,
    required ? 'yes' : '',
    [description, valuesOf(schema), exampleOf(schema)].filter((text) => text !== '').join('; '),
  ]);
  const body = said.requestBody === undefined ? [] : [paragraph(`Body: ${contentOf(said.requestBody.content)}.`)];
  const answers = Object.entries(said.responses).map(([status, { description, content = {} }]) => [
    status,
    description.startsWith('{') ? code(description) : description,
    contentOf(content),
  ]);
  return [
    `### ${method} ${path}`,
    paragraph(said.description === undefined ? asSentence(said.summary) : `${asSentence(said.summary)} ${asSentence(said.description)}`),
    ...(parameters.length === 0 ? [] : [table(['parameter', 'in', 'required', 'means'], parameters)]),
    ...body,
    table(['status', 'means', 'content'], answers),
  ].join('\n\n');
}

function asSentence(text) {
  return /[.。]$/.test(text) ? text : `${text}.`;
}

/** Problems are of one shape everywhere: their codes stand before. */
function contentOf(content) {
  const shaped = Object.entries(content).filter(([type]) => type !== 'application/problem+json');
  const byShape = Map.groupBy(shaped, ([, { schema }]) => nameOf(schema));
  return [...byShape].map(([shape, types]) => types.map(([type]) => code(type)).join(', ') + (shape === '' ? '' : `: ${shape}`)).join('; ');
}

/** With a link to each shape that is in it. */
function nameOf(schema = {}) {
  const { $ref, anyOf, oneOf, items } = schema;
  const name = $ref?.split('/').at(-1);
  if (name === 'DisclosureEvent') return '[a message](messages.md)';
  if (name !== undefined) return `[${name}](#${name.toLowerCase()})`;
  const several = (anyOf ?? oneOf ?? []).map(nameOf).filter((text) => text !== '');
  if (several.length > 0) return several.join(' or ');
  return items === undefined || nameOf(items) === '' ? '' : `list of ${nameOf(items)}`;
}

const valuesOf = ({ enum: values } = {}) => (values === undefined ? '' : values.map((value) => code(value)).join(' '));
const exampleOf = ({ example } = {}) => (example === undefined ? '' : `such as ${code(example)}`);

function shapeOf([name, schema]) {
  const { description, properties } = schema;
  return [
    `### ${name}`,
    ...(description === undefined ? [] : [paragraph(asSentence(description.replaceAll(/:?\s+- /g, '. ')))]),
    properties === undefined
      ? paragraph(asSentence(upper([typeOf(schema), manyValues(schema)].filter((text) => text !== '').join(': '))))
      : table(['field', 'type', 'means'], fieldsOf(schema, '')),
  ].join('\n\n');
}

const upper = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** A row for each field; those of what it holds behind it. */
function fieldsOf({ properties = {} }, above) {
  return Object.entries(properties).flatMap(([field, schema]) => {
    const inner = partsOf(schema).find((part) => part.properties !== undefined || part.items?.properties !== undefined) ?? {};
    const path = `${above}${field}`;
    const means = [
      oneLine(schema.description ?? ''),
      schema.pattern === undefined ? '' : code(schema.pattern),
      manyValues(schema),
      exampleOf(schema),
    ];
    const row = [code(path), typeOf(schema), means.filter((text) => text !== '').join('; ')];
    return [row, ...fieldsOf(inner.items ?? inner, `${path}${inner.items === undefined ? '' : '[]'}.`)];
  });
}

const oneLine = (text) => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
const partsOf = (schema) => schema.anyOf ?? schema.oneOf ?? [schema];

/** Codes of refusal have a page of their own. */
function manyValues(schema) {
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  return values.length < 20 ? valuesOf({ enum: values.length === 0 ? undefined : values }) : 'a code of [refusals.md](refusals.md)';
}

function typeOf(schema) {
  const { type, format, items, $ref, anyOf, oneOf } = schema;
  if ($ref !== undefined) return nameOf(schema);
  if (anyOf !== undefined || oneOf !== undefined) return [...new Set((anyOf ?? oneOf).map(typeOf))].join(' or ');
  if (Array.isArray(type)) return type.join(' or ');
  return items !== undefined ? `list of ${typeOf(items)}` : (format ?? type ?? '');
}
