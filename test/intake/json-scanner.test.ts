/** The scanner takes what JSON.parse takes, however it is cut into slices, and cuts bodies into the same values. */
import fc from 'fast-check';
import { cutArray, cutLines } from '../../src/intake/json/cut-messages.js';
import { JsonScanner } from '../../src/intake/json/json-scanner.js';
import { atOnce, SLICE_BYTES, type Sliced } from '../../src/intake/json/slices.js';
import { nameOf } from '../../src/intake/json/too-large.js';
import { budget } from '../support/budget.js';

const KIB = 1024;

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function scan(bytes: Uint8Array, slice: number): { json: boolean; children: unknown[] } {
  const children: unknown[] = [];
  const text = (start: number, end: number): string => Buffer.from(bytes.subarray(start, end)).toString();
  const scanner = new JsonScanner(bytes, ({ name, start, end }) => {
    children.push(name === null ? text(start, end) : [text(...name), text(start, end)]);
  });
  for (;;) {
    const read = scanner.read(slice);
    if (read !== 'more') return { json: read === 'json', children };
  }
}

function slicesOf<T>(work: Sliced<T>): { slices: number; result: T } {
  for (let slices = 1; ; slices += 1) {
    const step = work.next();
    if (step.done === true) return { slices, result: step.value };
  }
}

const BYTES = [...'{}[]":,\\/bfnrtu0123456789abcdefABCDEF+-.eE truefalsn\u0001\u0000\n\t'].map((character) => character.charCodeAt(0));
const piece = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\u0041"',
    '"\\"',
    '""',
    'true',
    'nul',
    'null',
    '0',
    '-1',
    '1.5e3',
    '01',
    '1.',
    '1e',
    '.5',
    ' ',
    '\n',
    '😀',
    '"😀"',
    '\u00a0',
    '\ufeff',
  ],
);

test.each([
  '',
  ' ',
  '\ufeff1',
  '1\ufeff',
  '\ufeff\ufeff1',
  '[1]',
  '[1]x',
  '-',
  '-0',
  '1 2',
  '{"a":1,}',
  '[1,]',
  '{,}',
  '"a',
  '"\\x"',
  '"\\u12g4"',
  '[}',
  '{"a"}',
  'tru',
  'truex',
  '"\t"',
  '"\u007f"',
  '[]]',
])('%j as JSON.parse takes it', (text) => {
  const bytes = Buffer.from(text);
  for (const slice of [1, 2, 3, 1000]) expect([text, slice, scan(bytes, slice).json]).toEqual([text, slice, isJson(bytes)]);
});

test('any bytes and slices scan as JSON.parse does', () => {
  // Any text of JSON pieces, any bytes, and any JSON with a byte
  // changed: as JSON.parse takes it, in slices of any size.
  const pieces = fc.array(piece, { maxLength: 12 }).map((all) => Buffer.from(all.join('')));
  const bytes = fc.uint8Array({ maxLength: 12 }).map((all) => Buffer.from(all));
  const changed = fc
    .record({
      value: fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
      at: fc.nat(),
      byte: fc.oneof(fc.constantFrom(...BYTES), fc.nat(255)),
      how: fc.nat(3),
      indent: fc.nat(2),
    })
    .map(({ value, at, byte, how, indent }) => {
      const text = Buffer.from(JSON.stringify(value, null, indent));
      const place = at % text.length;
      if (how === 0) return text;
      if (how === 1) return Buffer.concat([text.subarray(0, place), text.subarray(place + 1)]);
      if (how === 2) return Buffer.concat([text.subarray(0, place), Buffer.from([byte]), text.subarray(place)]);
      text[place] = byte;
      return text;
    });
  fc.assert(
    fc.property(
      fc.oneof({ weight: 2, arbitrary: pieces }, { weight: 1, arbitrary: bytes }, { weight: 3, arbitrary: changed }),
      fc.integer({ min: 1, max: 9 }),
      (text, slice) => {
        const { json, children } = scan(text, slice);
        expect([text.toString('latin1'), json]).toEqual([text.toString('latin1'), isJson(text)]);
        expect(scan(text, 1_000_000)).toEqual(json ? { json, children } : expect.objectContaining({ json: false }));
      },
    ),
    { numRuns: budget(700, 200_000) },
  );
});

test('children are the outermost array’s or object’s values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue({ maxDepth: 3 })),
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 })),
      fc.integer({ min: 1, max: 9 }),
      (list, object, slice) => {
        const items = scan(Buffer.from(JSON.stringify(list, null, 1)), slice).children as string[];
        expect(items.map((item) => JSON.parse(item) as unknown)).toEqual(JSON.parse(JSON.stringify(list)));
        const members = scan(Buffer.from(JSON.stringify(object)), slice).children as [string, string][];
        expect(Object.fromEntries(members.map(([name, value]) => [JSON.parse(name), JSON.parse(value)]))).toEqual(
          JSON.parse(JSON.stringify(object)),
        );
      },
    ),
    { numRuns: budget(200, 5_000) },
  );
});

describe('slices', () => {
  const MIB16 = 16 * KIB * KIB;
  const FULL = MIB16 / SLICE_BYTES;

  test.each([
    ['of [', Buffer.alloc(MIB16, '['), { ok: false, why: 'malformed' }],
    ['of {"":', Buffer.alloc(MIB16, '{"":'), { ok: false, why: 'malformed' }],
    ['of blanks in an array', Buffer.from(`[${' '.repeat(MIB16 - 2)}]`), { ok: true, elements: [], count: 0 }],
    ['in one text', Buffer.from(`"${'x'.repeat(MIB16 - 2)}"`), { ok: false, why: 'no-array' }],
  ])('16 MiB %s are read in 64', (_what, body, result) => {
    expect(slicesOf(cutArray(body, 500))).toEqual({ slices: FULL, result });
  });

  test('16 MiB of nested lists are one element', () => {
    // 16 MiB of lists in each other, closed again, are one element.
    const deep = Buffer.concat([Buffer.alloc(MIB16 / 2, '['), Buffer.alloc(MIB16 / 2, ']')]);
    expect(slicesOf(cutArray(deep, 500))).toMatchObject({ slices: FULL, result: { ok: true, count: 1 } });
  });

  test('lines of any kind come in few slices', () => {
    // Of lines: 100,000 lines of x in one, blanks and line ends of 16 MiB in 64.
    const lines = slicesOf(cutLines(Buffer.alloc(200_000, 'x\n'), 100_000));
    expect([lines.slices, lines.result?.length]).toEqual([1, 100_000]);
    expect(atOnce(cutLines(Buffer.alloc(200_002, 'x\n'), 100_000))).toBeNull();
    for (const filling of [' ', '\n', '\r\n']) {
      const blank = slicesOf(cutLines(Buffer.alloc(MIB16, filling), 100_000));
      expect([blank.slices, blank.result]).toEqual([FULL, []]);
    }
  });

  test('a message of 16 MiB tells its name', () => {
    // Of a message of 16 MiB: its name, wherever it stands.
    const padding = JSON.stringify('x'.repeat(MIB16 / 4));
    const text = `{"a":${padding},"i\\u0064":"m1","b":${padding},"source":"/s","type":"t","c":${padding}}`;
    const { slices, result } = slicesOf(nameOf(Buffer.from(text)));
    expect(result).toEqual({ source: '/s', id: 'm1', type: 't' });
    expect(slices).toBeGreaterThan(40);
  });
});

describe('lines', () => {
  test('split at line feeds across slices', () => {
    // As split at line feeds, whatever slice they begin in.
    const unit = fc.constantFrom('\n', '\r\n', ' ', 'x', '{"a":1}', 'y'.repeat(100), ' '.repeat(SLICE_BYTES - 3), '\t');
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (parts) => {
        const body = Buffer.from(parts.join(''));
        const wanted = body
          .toString()
          .split('\n')
          .filter((line) => /[^ \t\r]/.test(line));
        expect(atOnce(cutLines(body, 1000))?.map((line) => Buffer.from(line).toString())).toEqual(wanted);
      }),
      { numRuns: budget(60, 2_000) },
    );
  });
});

// The name of a message too large to read.
describe('the name of a message too large', () => {
  test.each<[string, unknown]>([
    ['{"source":"/s","id":"a","id":"b","type":"t"}', { source: null, id: null, type: 't' }],
    ['{"source":"/s","id":"a","\\u0073ource":"/s"}', { source: null, id: null, type: null }],
    ['{"data":{"id":"x","source":"y"},"id":"a"}', { source: null, id: 'a', type: null }],
    ['{"source":7,"id":["a"],"type":null}', { source: null, id: null, type: null }],
    ['{"source":"/s","id":"a"', { source: null, id: null, type: null }],
    ['["source","id"]', { source: null, id: null, type: null }],
  ])('%s', (text, name) => {
    expect(atOnce(nameOf(Buffer.from(text)))).toEqual(name);
  });
});
