/** Schemas of messages against the classes that validate them: neither says what the other denies. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { parseCaseName } from '../../src/domain/identifiers.js';
import type { ActType } from '../../src/domain/acts.js';
import { ACT_TYPES, publicType } from '../../src/events/catalog.js';
import { readMessageValue } from '../../src/intake/message-reader.js';
import { CASE_PATTERN } from '../../src/intake/messages/patterns.js';
import { actTypeOf } from '../../src/intake/schemas/addresses.js';
import { listSchemas, messageSchema } from '../../src/intake/schemas/message-schema.js';
import { budget } from '../support/budget.js';
import { brokenMessages } from '../support/broken-messages.js';
import { problemsOf, schemaReader } from '../support/json-schemas.js';
import { TEST_NOW } from '../support/ledger.js';
import type { Message } from '../support/messages.js';
import { dataFields, sampleMessage, withValue } from '../support/sample-messages.js';

const EXAMPLES = readFileSync(join(__dirname, '../../examples/messages.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Message);

const ajv = schemaReader();
const validators = new Map<ActType, ValidateFunction>(ACT_TYPES.map((type) => [type, ajv.compile(messageSchema(type))]));
const validatorOf = (type: ActType): ValidateFunction => validators.get(type) as ValidateFunction;
/** Conditions are the domain's: what reads a message does not know them. */
const isCondition = ({ schemaPath }: { readonly schemaPath: string }): boolean => schemaPath.startsWith('#/allOf/');

/** What the reader refuses a message for; null where it takes it. */
function refusalOf(message: unknown): { readonly code: string; readonly message: string } | null {
  const read = readMessageValue(message, TEST_NOW);
  return read.ok ? read.refusedUnlessRepeat : read.refusal;
}

test('every type has a schema', () => {
  expect(listSchemas().map(({ type }) => type)).toEqual(ACT_TYPES.map(publicType));
  for (const { type, version, url } of listSchemas()) {
    const schema = messageSchema(actTypeOf(type) as ActType);
    expect(schema).toMatchObject({ $id: url, additionalProperties: false, title: type });
    expect(url).toBe(`/v1/schemas/${type}/v${version}.json`);
  }
});

test('examples are of their schema', () => {
  for (const message of EXAMPLES)
    expect([message.id, problemsOf(validatorOf(actTypeOf(message.type) as ActType), message)]).toEqual([message.id, []]);
});

const TEXTS = [
  '',
  ' ',
  '　',
  'a',
  ' a',
  'a  b',
  'a\tb',
  'a\nb',
  'a\u0000b',
  'a\u0085',
  'a\u00a0b',
  'a\u200bb',
  'a\u202eb',
  'ﬁ',
  '—',
  '。',
  '王某',
  // At the bounds of what a field takes, and behind them.
  ...[40, 60, 100, 200, 255, 500, 512, 1000, 2000].flatMap((length) => ['x'.repeat(length), 'x'.repeat(length + 1)]),
  '𠀀'.repeat(300),
];
const SPECIAL = [
  'sha256:00',
  `sha256:${'0'.repeat(64)}`,
  `sha256:${'A'.repeat(64)}`,
  ...[
    '2017-02-29',
    '2017-3-1',
    '0000-01-01',
    '2017-03-02T09:00:00',
    '2017-03-02t09:00:00z',
    '2017-03-02T23:59:60Z',
    '2017-03-02T09:00:00.1234567890Z',
  ],
  ...['2017-03-02T09:00:00+24:00', '2017-03-02T09:00:00+0800', '2017-03-02 09:00:00Z', '1899-01-01T00:00:00Z', '2999-01-01T00:00:00Z'],
  ...[
    'publication/1',
    'agency/test-agency',
    'calendar/2017',
    'nothing/1',
    'publication/',
    'publication/.1',
    'publication/a b',
    'publication/１',
    'table/2017',
  ],
  ...['application/json', 'APPLICATION/JSON; charset=utf-8', 'text/plain', 'application/jsonx', '1.0', '/v1', ':2', '/v9', '/v01', '#1'],
  ...[
    '/v1/schemas/disclosure.meeting.held/v1.json',
    'https://example.org/',
    'http://a b',
    'ftp://a',
    'website',
    'wechat',
    'granted',
    'refused',
    'passed',
  ],
  ...['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'rojo=00f067aa0ba902b7', 'a=b'],
];
const VALUES: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>(...TEXTS, ...SPECIAL) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      1,
      -1,
      1.5,
      2017,
      1999,
      2101,
      1e12,
      1e12 + 1,
      [],
      {},
      [[]],
      [{}],
      ['x'],
      ['website', 'website'],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom<unknown>(...TEXTS, ...SPECIAL, 1, null), { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(
      fc.constantFrom('1.1', 'a', 'id', 'step', ''),
      fc.constantFrom<unknown>('1', null, 1, 'x'.repeat(2001), 'a\u0000'),
    ),
  },
);
const ATTRIBUTES = [
  'specversion',
  'id',
  'source',
  'subject',
  'time',
  'agency',
  'actor',
  'data',
  'datacontenttype',
  'dataschema',
  'traceparent',
  'tracestate',
];

/** A message with one place changed, or without it, or with one that nobody knows. */
const CHANGED = fc.constantFrom(...ACT_TYPES).chain((type) =>
  fc
    .record({
      path: fc.constantFrom(...ATTRIBUTES, ...dataFields(type).map(({ path }) => path), 'unknown', 'data.unknown'),
      value: fc.oneof({ weight: 9, arbitrary: VALUES }, { weight: 1, arbitrary: fc.constant(undefined) }),
    })
    .map(({ path, value }) => ({
      type,
      path,
      message: JSON.parse(JSON.stringify(withValue(sampleMessage(type), path, value))) as unknown,
    })),
);

test('what a schema refuses is refused', () => {
  fc.assert(
    fc.property(CHANGED, ({ type, message }) => {
      const problems = problemsOf(validatorOf(type), message).filter((problem) => !isCondition(problem) && problem.keyword !== 'if');
      if (problems.length > 0 && refusalOf(message) === null) throw new Error(`taken, against ${JSON.stringify(problems)}`);
    }),
    { numRuns: budget(4000, 100_000) },
  );
});

test('each rule broken by a hair is refused', () => {
  // One character, one item, one less: a bound of a schema is that of its class.
  const taken = ACT_TYPES.flatMap((type) => {
    const validate = validatorOf(type);
    const broken = brokenMessages(messageSchema(type), sampleMessage(type));
    expect(broken.length).toBeGreaterThan(40);
    return broken.filter(({ message }) => {
      const problems = problemsOf(validate, message).filter((problem) => !isCondition(problem) && problem.keyword !== 'if');
      return problems.length > 0 && refusalOf(message) === null;
    });
  });
  expect(taken.map(({ rule }) => rule)).toEqual([]);
});

/** What a message must be beyond its schema, by code and words of the refusal: docs/contract/messages.md says each. */
const BEYOND: readonly (readonly [code: string, words: RegExp])[] = [
  ['in-the-future', /future/],
  ['bad-time', /before 1900|exists/],
  ['bad-subject', /NFKC form|are on agency\/<its own code>/],
  ['personal-data-in-identifier', /identity number/],
  ['malformed', /nested|rounds/],
  ['not-cloudevents', /1 to 512 characters/],
  ['invalid-data', /must (hold no|have a letter|be in Unicode|be version-traceid|be a list of at most 32)/],
  ['invalid-data', /must be a text of 1 to \d+ characters|1 to \d+ characters/],
  ['invalid-data', /must be a case of the same agency/],
];

test('what is refused beyond a schema is listed', () => {
  const seen = new Set<string>();
  const future = { ...sampleMessage('meeting.held'), time: '2199-01-01T00:00:00+08:00' };
  fc.assert(
    fc.property(CHANGED, ({ type, message }) => {
      const refusal = refusalOf(message);
      if (refusal === null || problemsOf(validatorOf(type), message).length > 0) return;
      const listed = BEYOND.findIndex(([code, words]) => code === refusal.code && words.test(refusal.message));
      if (listed < 0) throw new Error(`of its schema, and refused: ${refusal.code}: ${refusal.message}`);
      seen.add(refusal.code);
    }),
    { numRuns: budget(4000, 100_000), examples: [[{ type: 'meeting.held', path: 'time', message: future }]] },
  );
  expect(seen.has('in-the-future')).toBe(true);
});

test('patterns take every number of a case', () => {
  // Each character that a number may hold, of the whole first plane.
  const pattern = new RegExp(CASE_PATTERN, 'u');
  const wrong: string[] = [];
  for (let code = 0; code < 0x20000; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const name = `publication/1${String.fromCodePoint(code)}`;
    if (parseCaseName(name) !== null && !pattern.test(name)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});
