/**
 * A program that was told nothing but /openapi.json: it sends a message of every type, and is taught by refusals. What
 * cases there are, and who is who, it has from the examples of the document.
 */
import { Identity } from '../../src/access/identity/identity.js';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER } from '../../src/config/access.js';
import type { Receipt } from '../../src/recording/receipts.js';
import type { DryReceipt } from '../../src/recording/trial/trial.js';
import type { JsonSchema as Schema } from '../../src/intake/schemas/json-schema.js';
import { brokenMessages, valueOf, withAt } from '../support/broken-messages.js';
import { problemsOf, schemaReader } from '../support/json-schemas.js';
import { TEST_NOW } from '../support/ledger.js';
import type { Message } from '../support/messages.js';
import { BATCH, SINGLE, startService, type Answer, type TestService } from '../support/service.js';

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: string }>> } }>>
    >
  >;
  readonly components: {
    readonly schemas: Readonly<
      Record<string, Schema & { readonly discriminator?: { readonly mapping: Readonly<Record<string, string>> } }>
    >;
  };
}

let service: TestService;
let identity: Identity;
let withIssuer: TestService;
let operator: Record<string, string>;
let document: Document;
let history: readonly Message[];

beforeAll(async () => {
  service = await startService();
  withIssuer = await startService({
    access: async (folder) => {
      identity = await Identity.open({
        issuers: [{ issuer: LOCAL_ISSUER, audience: LOCAL_AUDIENCE }],
        folder,
        now: () => TEST_NOW,
        notice: () => undefined,
      });
      return { identity, operators: [{ issuer: LOCAL_ISSUER, subject: 'operator' }], publishedIsPublic: false, rate: 0 };
    },
  });
  const { token } = await issueToken({ folder: withIssuer.folder, subject: 'operator', minutes: 60, now: TEST_NOW });
  operator = { authorization: `Bearer ${token}` };
  document = (await service.get('/openapi.json')).json<Document>();
  const { example = '' } = document.paths['/v1/events']?.['post']?.requestBody?.content['application/x-ndjson'] ?? {};
  history = example
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Message);
});
afterAll(async () => {
  identity.stop();
  await Promise.all([service.finish(), withIssuer.finish()]);
});

function mapping(): Readonly<Record<string, string>> {
  return document.components.schemas['DisclosureEvent']?.discriminator?.mapping ?? {};
}
const schemaOf = (type: string): Schema => document.components.schemas[mapping()[type]?.split('/').at(-1) ?? ''] ?? {};
const isPermission = ({ type }: Message): boolean => type.startsWith('disclosure.agency.permission-');

function send(
  message: unknown,
  query = '',
  [to, headers]: readonly [TestService, Record<string, string>] = [service, {}],
): Promise<Answer> {
  return to.request({
    method: 'POST',
    url: `/v1/events${query}`,
    headers: { 'content-type': SINGLE, ...headers },
    payload: JSON.stringify(message),
  });
}

/** Each is refused, so none of them is seen by the others. */
async function tried(
  messages: readonly unknown[],
  [to, headers]: readonly [TestService, Record<string, string>] = [service, {}],
): Promise<DryReceipt[]> {
  const answer = await to.request({
    method: 'POST',
    url: '/v1/events?dryRun=true',
    headers: { 'content-type': BATCH, ...headers },
    payload: JSON.stringify(messages),
  });
  return answer.json<DryReceipt[]>();
}

/** The hash of a table, and the index it was taken at, are asked for: the schema says where they come from. */
async function filled(message: Message): Promise<Message> {
  if (!message.type.startsWith('disclosure.report.')) return message;
  await service.settled();
  const { subject, agency } = message;
  const table = (await service.get(`/v1/agencies/${agency}/tables/${subject.split('/')[1]}`)).json<{
    hash: string;
    asOf: { index: number };
    findings: readonly { rule: string; cells: readonly string[]; severity: string }[];
  }>();
  compiled ??= {
    tableHash: table.hash,
    index: table.asOf.index,
    accepted: table.findings.slice(0, 1).map(({ rule, cells }) => ({ rule, cells, reason: '按实际情况填报' })),
  };
  const data = Object.entries(message.data ?? {}).map(([name, value]) => [name, compiled?.[name] ?? value]);
  return { ...message, data: Object.fromEntries(data) as Record<string, unknown> };
}
let compiled: Record<string, unknown> | undefined;

test('there is a schema and an example of every type', async () => {
  const { schemas } = (await service.get('/v1/schemas')).json<{ schemas: readonly { type: string; url: string }[] }>();
  expect(Object.keys(mapping())).toEqual(schemas.map(({ type }) => type));
  expect(new Set(history.map(({ type }) => type))).toEqual(new Set(Object.keys(mapping())));
  for (const { url } of schemas) expect((await service.get(url)).json()).toMatchObject({ $id: url });
});

test('each rule that is broken is named', async () => {
  // In the state of the ledger in which the example is taken, so that rules of the ledger are not met before.
  const ajv = schemaReader();
  ajv.addKeyword('externalDocs');
  const seen = new Set<string>();
  const wrong: string[] = [];
  let broken = 0;
  await send(history[0], '', [withIssuer, operator]);
  await withIssuer.settled();
  for (const example of [...history.filter((one) => !isPermission(one)), ...history.filter(isPermission)]) {
    const door = isPermission(example) ? ([withIssuer, operator] as const) : undefined;
    const message = await filled(example);
    if (!seen.has(message.type)) {
      seen.add(message.type);
      const schema = schemaOf(message.type);
      const validate = ajv.compile(schema);
      expect([message.id, problemsOf(validate, message)]).toEqual([message.id, []]);
      const those = brokenMessages(schema, message).filter((one) => !validate(one.message));
      broken += those.length;
      const receipts = await tried(
        those.map((one) => one.message),
        door,
      );
      those.forEach(({ rule, field }, at) => {
        const { status, error } = receipts[at] ?? {};
        const named = status === 'would-refuse' && new RegExp(`\\b${field}\\b`).test(error?.message ?? '');
        if (!named) wrong.push(`${message.type} ${rule}: ${JSON.stringify([status, error])}`);
      });
    }
    const answer = await send(message, '', door);
    expect([message.id, answer.status, answer.text]).toEqual([message.id, 201, expect.anything()]);
    expect(answer.json<Receipt>().status).toBe('recorded');
  }
  expect(wrong.slice(0, 40)).toEqual([]);
  expect(broken).toBeGreaterThan(2000);
  expect(seen.size).toBe(Object.keys(mapping()).length);
});

test('a message built from its schema is read', async () => {
  // What is refused of it is a rule of the whole ledger: nobody holds a role there, and no case is known.
  const shape = ['malformed', 'not-cloudevents', 'unknown-type', 'unknown-field', 'bad-time'];
  for (const type of Object.keys(mapping())) {
    const schema = schemaOf(type);
    const made = withAt(valueOf(schema, 7), ['id'], `built-${type}`);
    const { status, error } = (await send(made, '?dryRun=true')).json<DryReceipt>();
    const code = status === 'would-record' ? '' : String(error?.code);
    expect([type, shape.includes(code), error]).toEqual([type, false, error]);
  }
});
