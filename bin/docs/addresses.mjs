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
    ['shapes', Object.entries(components.schemas).map(shapeOf).join('\n\n')],
  ];
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

function contentOf(content) {
  const byShape = Map.groupBy(Object.entries(content), ([, { schema }]) => nameOf(schema));
  return [...byShape].map(([shape, types]) => types.map(([type]) => code(type)).join(', ') + (shape === '' ? '' : `: ${shape}`)).join('; ');
}

function nameOf(schema) {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? '' : `[${name}](#${name.toLowerCase()})`;
}

const valuesOf = ({ enum: values } = {}) => (values === undefined ? '' : values.map((value) => code(value)).join(' '));
const exampleOf = ({ example } = {}) => (example === undefined ? '' : `such as ${code(example)}`);

function shapeOf([name, schema]) {
  return [
    `### ${name}`,
    ...(schema.description === undefined ? [] : [paragraph(asSentence(schema.description))]),
    table(['field', 'type', 'means'], fieldsOf(schema, '')),
  ].join('\n\n');
}

/** A row for each field; those of what it holds behind it. */
function fieldsOf({ properties = {} }, above) {
  return Object.entries(properties).flatMap(([field, schema]) => {
    const { items } = schema;
    const path = `${above}${field}`;
    const means = [
      schema.description ?? '',
      schema.pattern === undefined ? '' : code(schema.pattern),
      manyValues(schema),
      exampleOf(schema),
    ];
    const row = [code(path), typeOf(schema), means.filter((text) => text !== '').join('; ')];
    return [row, ...fieldsOf(items ?? schema, `${path}${items === undefined ? '' : '[]'}.`)];
  });
}

/** Types and codes of refusal have pages of their own. */
function manyValues(schema) {
  const { enum: values = [] } = schema;
  if (values.length < 20) return valuesOf(schema);
  return String(values[0]).startsWith('disclosure.') ? 'a type of [messages.md](messages.md)' : 'a code of [refusals.md](refusals.md)';
}

function typeOf({ type, format, items, nullable, $ref }) {
  const one = $ref !== undefined ? nameOf({ $ref }) : items !== undefined ? `list of ${typeOf(items)}` : (format ?? type ?? '');
  return nullable ? `${one} or null` : one;
}
