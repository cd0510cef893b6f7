/** The description as its readers' tools take it: a linter of others, and clients generated and compiled strictly. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { Identity } from '../../src/access/identity/identity.js';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER } from '../../src/config/access.js';
import { TEST_NOW } from '../support/ledger.js';
import { startService, type TestService } from '../support/service.js';

const ROOT = join(__dirname, '../..');

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly schema?: { readonly type?: string } }[];
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>>;
}

let service: TestService;
let text: string;
let operations: readonly (readonly [address: string, operation: Operation])[];

beforeAll(async () => {
  service = await startService();
  ({ text } = await service.get('/openapi.json'));
  const { paths } = JSON.parse(text) as { paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
});
afterAll(() => service.finish());

test('a linter finds nothing in it', async () => {
  // Its own reading of an example is that allOf closes what stands beside it, which JSON Schema does not say.
  const config = await createConfig({
    extends: ['recommended'],
    rules: { 'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true } },
  });
  const found = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
  expect(found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
});

test('every operation says its name, answer and errors', () => {
  // A route that lacks one is listed with what to write at its controller.
  const left = operations.flatMap(([address, { operationId, summary, parameters = [], responses = {} }]) => {
    const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'));
    const isShaped = answers.some(([, { content = {} }]) =>
      Object.values(content).some(({ schema }) => schema !== undefined && Object.keys(schema).length > 0),
    );
    const problems = Object.values(responses).filter(({ content = {} }) => content['application/problem+json'] !== undefined);
    return [
      ...(operationId === undefined || /controller/i.test(operationId) ? [`${address}: @ApiOperation({ operationId: … })`] : []),
      ...(summary === undefined || summary === '' ? [`${address}: @ApiOperation({ summary: … })`] : []),
      ...(isShaped ? [] : [`${address}: @Answers<Type>(200, …), or @AnswersText where it is no JSON`]),
      ...(problems.length > 1 ? [] : [`${address}: @Fails(…codes)`]),
      ...parameters.filter(({ schema }) => schema?.type === undefined).map(({ name }) => `${address}: @Parameter of ${name} with a type`),
    ];
  });
  expect(left).toEqual([]);
  const names = operations.map(([, { operationId }]) => operationId);
  expect(new Set(names).size).toBe(names.length);
});

test('codes of errors are among those described', async () => {
  // Each address with parts that name nothing, and with values that are none.
  const undescribed: unknown[] = [];
  for (const [address, { parameters = [], responses = {} }] of operations) {
    const [method = '', path = ''] = address.split(' ');
    if (method !== 'get') continue;
    const bare = path.replaceAll(/\{year\}/g, '2017').replaceAll(/\{\w+\}/g, 'nothing');
    const queries = ['', '?unknown=1', ...parameters.map(({ name }) => `?${name}=nothing`)];
    // A feed that is not refused does not end.
    for (const query of path === '/v1/feed' ? ['?unknown=1', '?after=nothing'] : queries) {
      const answer = await service.get(`${bare}${query}`);
      if (answer.type !== 'application/problem+json') continue;
      const { code } = answer.json<{ code: string }>();
      const described = JSON.stringify(responses[String(answer.status)]?.content?.['application/problem+json'] ?? null);
      if (!described.includes(`"${code}"`)) undescribed.push([`${bare}${query}`, answer.status, code]);
    }
  }
  expect(undescribed).toEqual([]);
});

/** What a sender writes around the client that is generated: a message of every type, in the order of the document. */
const SENDER = `
import createClient from 'openapi-fetch';
import type { components, paths } from './description.js';
type Event = components['schemas']['DisclosureEvent'];
const [url = '', token = '', only = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: token === '' ? {} : { authorization: \`Bearer \${token}\` } });
const history: Event[] = HISTORY;
const told: { id: string; type: string; status: number }[] = [];
let compiled: { hash: string; index: number } | undefined;
let after = 'index:0';
async function tableOf(agency: string): Promise<{ hash: string; index: number }> {
  const { data, error } = await client.GET('/v1/agencies/{agency}/tables/{year}', { params: { path: { agency, year: 2017 }, query: { after } } });
  if (data === undefined) throw new Error(error.code);
  if (typeof data === 'string' || !('hash' in data)) throw new Error('no table');
  return { hash: data.hash, index: Number(data.asOf.index) };
}
for (const body of history) {
  const isPermission = body.type === 'disclosure.agency.permission-granted' || body.type === 'disclosure.agency.permission-ended';
  if (only === '' ? isPermission : !isPermission && body !== history[0]) continue;
  if (body.type === 'disclosure.report.compiled') {
    compiled = await tableOf(body.agency);
    body.data.tableHash = compiled.hash;
    body.data.index = compiled.index;
    delete body.data.accepted;
  }
  if (body.type === 'disclosure.report.cleared' || body.type === 'disclosure.report.approved' || body.type === 'disclosure.report.published')
    body.data.tableHash = compiled?.hash ?? '';
  const { data, error, response } = await client.POST('/v1/events', { body, headers: { 'content-type': 'application/cloudevents+json' } });
  if (typeof data === 'object' && 'position' in data && typeof data.position === 'string') after = data.position;
  if (error !== undefined) console.error(JSON.stringify(error));
  told.push({ id: body.id, type: body.type, status: response.status });
}
console.log(JSON.stringify(told));
`;

interface Told {
  readonly type: string;
  readonly status: number;
}

/** Compiles in a folder from which packages are found; gives the program. */
async function compiledClient(folder: string): Promise<string> {
  const document = JSON.parse(text) as OpenAPI3 & {
    readonly paths: {
      readonly '/v1/events': {
        readonly post: { readonly requestBody: { readonly content: Record<string, { readonly example: string }> } };
      };
    };
  };
  const { example = '' } = document.paths['/v1/events'].post.requestBody.content['application/x-ndjson'] ?? {};
  writeFileSync(join(folder, 'description.ts'), astToString(await openapiTS(document)));
  writeFileSync(
    join(folder, 'sender.ts'),
    SENDER.replace('HISTORY', () => `[${example.trim().split('\n').join(',\n')}]`),
  );
  const program = ts.createProgram([join(folder, 'sender.ts')], {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: ['node'],
    skipLibCheck: true,
  });
  program.emit();
  const problems = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText, file, start }) => [file?.fileName, start, ts.flattenDiagnosticMessageText(messageText, '\n')]);
  expect(problems).toEqual([]);
  return join(folder, 'sender.js');
}

test('a generated client sends every type', async () => {
  const folder = mkdtempSync(join(ROOT, 'dist/client-'));
  let identity: Identity | undefined;
  const withIssuer = await startService({
    access: async (data) => {
      identity = await Identity.open({
        issuers: [{ issuer: LOCAL_ISSUER, audience: LOCAL_AUDIENCE }],
        folder: data,
        now: () => TEST_NOW,
        notice: () => undefined,
      });
      return { identity, operators: [{ issuer: LOCAL_ISSUER, subject: 'operator' }], publishedIsPublic: false, rate: 0 };
    },
  });
  try {
    const client = await compiledClient(folder);
    const run = async (...args: string[]): Promise<Told[]> => {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [client, ...args]);
      expect(stderr).toBe('');
      return JSON.parse(stdout) as Told[];
    };
    const { token } = await issueToken({ folder: withIssuer.folder, subject: 'operator', minutes: 60, now: TEST_NOW });
    const sent = [...(await run(await service.listen())), ...(await run(await withIssuer.listen(), token, 'permissions'))];
    expect(sent.filter(({ status }) => status !== 201)).toEqual([]);
    const { schemas } = (await service.get('/v1/schemas')).json<{ schemas: readonly { type: string }[] }>();
    expect(new Set(sent.map(({ type }) => type))).toEqual(new Set(schemas.map(({ type }) => type)));
  } finally {
    rmSync(folder, { recursive: true });
    identity?.stop();
    await withIssuer.finish();
  }
});
