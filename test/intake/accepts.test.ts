/** The rules that are gathered once against class-validator itself, over good and broken data of every type. */
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { ACT_TYPES } from '../../src/events/catalog.js';
import { accepts } from '../../src/intake/messages/accepts.js';
import { DATA_CLASSES } from '../../src/intake/messages/data-classes.js';
import { instantiate, unknownFields, type Constructor } from '../../src/intake/messages/fields.js';
import { messageSchema } from '../../src/intake/schemas/message-schema.js';
import { brokenMessages } from '../support/broken-messages.js';
import { budget } from '../support/budget.js';
import { dataFields, sampleMessage, withValue } from '../support/sample-messages.js';

type Plain = Record<string, unknown>;

const dataOf = (message: unknown): unknown => (JSON.parse(JSON.stringify(message)) as { readonly data?: unknown }).data;
const isPlain = (data: unknown): data is Plain => typeof data === 'object' && data !== null && !Array.isArray(data);

function classValidatorTakes(type: Constructor, data: Plain): boolean {
  const errors = validateSync(instantiate(type, data), { forbidUnknownValues: false });
  return errors.length === 0 && unknownFields(type, data, 'data').length === 0;
}

test('every rule of every class is gathered', () => {
  // A rule of a kind that is not known takes nothing: then no message of its type would be taken here.
  expect(ACT_TYPES.filter((type) => !accepts(DATA_CLASSES[type], dataOf(sampleMessage(type)) as Plain))).toEqual([]);
});

test('each rule broken is seen', () => {
  const differing = ACT_TYPES.flatMap((type) =>
    brokenMessages(messageSchema(type), sampleMessage(type)).filter(({ message }) => {
      const data = dataOf(message);
      return isPlain(data) && accepts(DATA_CLASSES[type], data) !== classValidatorTakes(DATA_CLASSES[type], data);
    }),
  );
  expect(differing.map(({ rule }) => rule)).toEqual([]);
});

const VALUE = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    ' ',
    '王某',
    'a\nb',
    'x'.repeat(101),
    '2017-02-29',
    '2017-03-01',
    'publication/1',
    `sha256:${'0'.repeat(64)}`,
  ),
  fc.constantFrom<unknown>(
    'website',
    'passed',
    'natural-person',
    'https://example.org/',
    ' a',
    'a\u0000b',
    0,
    1,
    2017,
    1.5,
    -1,
    1e13,
    true,
  ),
  fc.constantFrom<unknown>(null, undefined, [], [[]], [{}], ['website', 'website'], ['website'], {}, { '1.1': '1' }, { role: 1 }, [null]),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Data of a type with some places changed or taken away, or one that nobody knows. */
const DATA = fc.constantFrom(...ACT_TYPES).chain((type) => {
  const paths = dataFields(type).flatMap(({ path }) => [path, path.replace(/\.0(\..*)?$/, ''), path.replace(/\.[^.]*$/, '')]);
  const place = fc.constantFrom(...paths.filter((path) => path !== 'data'), 'data.unknown', 'data.constructor', 'data.toString');
  const change = fc.tuple(place, VALUE);
  return fc.record({ type: fc.constant(type), changes: fc.array(change, { maxLength: 3 }) });
});

test('taken where class-validator finds nothing', () => {
  let taken = 0;
  let broken = 0;
  fc.assert(
    fc.property(DATA, ({ type, changes }) => {
      const changed = changes.reduce((message, [path, value]) => {
        try {
          return withValue(message, path, value);
        } catch {
          // An earlier change took the place away.
          return message;
        }
      }, sampleMessage(type));
      const data = dataOf(changed) ?? {};
      if (!isPlain(data)) return;
      const takes = classValidatorTakes(DATA_CLASSES[type], data);
      if (takes) taken += 1;
      else broken += 1;
      expect([accepts(DATA_CLASSES[type], data), data]).toEqual([takes, data]);
    }),
    { numRuns: budget(4000, 100_000), endOnFailure: true },
  );
  expect(Math.min(taken, broken)).toBeGreaterThan(200);
});
