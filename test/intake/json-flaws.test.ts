/** Names given twice and numbers that a double rounds, at every depth and in every spelling. */
import fc from 'fast-check';
import { findFlaw, isExactNumber } from '../../src/intake/json/json-flaws.js';
import { budget } from '../support/budget.js';

const flawIn = (text: string): ReturnType<typeof findFlaw> => findFlaw(text, JSON.parse(text));

describe('a name given twice', () => {
  test.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a":1,"\\u0061":1}', 'a'],
    ['{"data":{"steps":[{"role":"x"},{"role":"x","rol\\u0065":"y"}]}}', 'data.steps[1].role'],
    ['[[],{"a":{"b":null,"b":null}}]', '[1].a.b'],
    ['{"":1,"":2}', '[""]'],
    ['{"a b":1,"a b":2}', '["a b"]'],
    ['{"a":{"\\u202e":1,"\\u202E":2}}', 'a["\\u202e"]'],
    ['{"\\ud83d\\ude00":1,"😀":2}', '["😀"]'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"1":1,"1":2}', '1'],
    ['{"a/b":1,"a\\/b":2}', '["a/b"]'],
    ['{"a\\"b":1,"a\\u0022b":2}', '["a\\"b"]'],
  ])('%s at %s', (text, path) => {
    expect(flawIn(text)).toEqual({ problem: 'name-twice', path, identityTwice: false });
  });

  test.each([
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"\\"a\\":1,","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":1,"A":1}',
    '{"é":1,"e\\u0301":1}',
    '{"a":"\\\\","b":1}',
    '{}',
    '[]',
    '"a"',
    ' { "a" : [ ] , "b" : ":" } ',
  ])('not in %s', (text) => {
    expect(flawIn(text)).toBeNull();
  });

  test.each([
    ['{"id":1,"i\\u0064":2}', true],
    ['{"source":"a","source":"a"}', true],
    ['{"data":{"id":1,"id":2}}', false],
    ['{"a":1,"a":2,"id":1,"id":2}', true],
    ['[{"id":1,"id":2}]', false],
  ])('%s: its message cannot be told: %s', (text, identityTwice) => {
    // Whose message it is cannot be told.
    expect(flawIn(text)?.identityTwice).toBe(identityTwice);
  });

  test('below any depth', () => {
    for (const depth of [15, 16, 17, 100_000]) {
      const text = `${'['.repeat(depth)}{"a":1,"a":2}${']'.repeat(depth)}`;
      expect(flawIn(text)).toMatchObject({ problem: 'name-twice' });
      expect(flawIn(text.replace('"a":2', '"b":2'))).toBeNull();
    }
  });
});

/** One spelling of a name: each character as itself or escaped. */
const spelling = (name: string): fc.Arbitrary<string> =>
  fc.infiniteStream(fc.nat(2)).map((choices) => {
    const written = [...Array(name.length).keys()].map((at) => {
      const hex = name.charCodeAt(at).toString(16).padStart(4, '0');
      switch (choices.next().value) {
        case 0:
          return `\\u${hex}`;
        case 1:
          return `\\u${hex.toUpperCase()}`;
        default:
          return JSON.stringify(name[at]).slice(1, -1);
      }
    });
    return `"${written.join('')}"`;
  });

/** The places of a JSON value where an object with at least one property stands, as paths. */
function objectsIn(value: unknown, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [];
  const inner = Object.entries(value).flatMap(([key, item]) => objectsIn(item, [...path, key]));
  return !Array.isArray(value) && Object.keys(value).length > 0 ? [[...path], ...inner] : inner;
}

/** JSON text of `value` with the property `extra` written behind those of the object at `path`. */
function withExtra(value: unknown, path: readonly string[], extra: string): string {
  const [step, ...rest] = path;
  if (Array.isArray(value))
    return `[${value.map((item, at) => (String(at) === step ? withExtra(item, rest, extra) : JSON.stringify(item))).join(',')}]`;
  const properties = Object.entries(value as object).map(
    ([key, item]) => `${JSON.stringify(key)}:${key === step ? withExtra(item, rest, extra) : JSON.stringify(item)}`,
  );
  return `{${[...properties, ...(step === undefined ? [extra] : [])].join(', ')}}`;
}

const name = fc.oneof(
  fc.constantFrom('a', 'id', 'data', '__proto__', 'constructor', '', 'a"b', 'a\\b', '\u0000', '名', '😀', '1', 'toString'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const tree = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 'x', 1, 0.1, '{"a":1,"a":2}', 1e21, -0),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
})).object;

test('any doubled name is found, no other', () => {
  // A doubled name in any object, in any spelling, is found; any other name is not.
  fc.assert(
    fc.property(
      tree
        .filter((value) => objectsIn(value).length > 0)
        .chain((value) =>
          fc
            .record({ value: fc.constant(value), path: fc.constantFrom(...objectsIn(value)), pick: fc.nat(), other: name })
            .chain((chosen) => {
              const holder = chosen.path.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], chosen.value);
              const names = Object.keys(holder as object);
              const twice = names[chosen.pick % names.length] as string;
              return fc.record({
                ...Object.fromEntries([['chosen', fc.constant(chosen)]]),
                names: fc.constant(names),
                twice: spelling(twice),
                other: spelling(chosen.other),
              });
            }),
        ),
      (sample) => {
        const { chosen, names, twice, other } = sample as unknown as {
          chosen: { value: unknown; path: string[]; other: string };
          names: string[];
          twice: string;
          other: string;
        };
        expect(findFlaw(JSON.stringify(chosen.value), chosen.value)).toBeNull();
        expect(flawIn(withExtra(chosen.value, chosen.path, `${twice}:null`))).toMatchObject({ problem: 'name-twice' });
        const found = flawIn(withExtra(chosen.value, chosen.path, `${other}:null`));
        if (names.includes(chosen.other)) expect(found).toMatchObject({ problem: 'name-twice' });
        else expect(found).toBeNull();
      },
    ),
    { numRuns: budget(300, 20_000) },
  );
});

describe('numbers', () => {
  test.each(
    '0 -0 0.0 -0.0e5 1 -1 0.1 1.0 1e2 1E+2 100 1e-2 0.3 123456789012345 9007199254740992 9007199254740991 1e21 1.5e300 5e-324 0e999999999999 4.35 100.10 1e22 1.7976931348623157e308 2.2250738585072014e-308 100000000000000000000000'.split(
      ' ',
    ),
  )('%s is the number of its double', (text) => {
    expect(isExactNumber(text)).toBe(true);
    expect(flawIn(`{"a":[${text}]}`)).toBeNull();
  });

  test.each(
    '9007199254740993 100.00000000000000001 1e400 -1e400 1e-400 0.1000000000000000055511151231257827 12345678901234567890e0 0.30000000000000004441 3e-324 1e999999999999 1e-999999999999 1.7976931348623159e308'.split(
      ' ',
    ),
  )('%s is not', (text) => {
    expect(isExactNumber(text)).toBe(false);
    expect(flawIn(`{"a":[0,${text}]}`)).toEqual({ problem: 'rounded-number', path: 'a[1]', identityTwice: false });
  });

  test('what a double prints is exact', () => {
    // What a double prints is exact, in each way it is written; a digit more is not.
    const double = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => value !== 0);
    fc.assert(
      fc.property(double, fc.nat(30), (value, zeros) => {
        const [mantissa = '', exponent = '0'] = String(value).split('e');
        const point = mantissa.includes('.') ? mantissa : `${mantissa}.`;
        const text = `${point}${'0'.repeat(zeros + 1)}e${exponent}`;
        expect([text, isExactNumber(text)]).toEqual([text, true]);
        const more = `${point}${'0'.repeat(20)}1e${exponent}`;
        expect([more, isExactNumber(more)]).toEqual([more, false]);
      }),
      { numRuns: budget(500, 50_000) },
    );
  });

  test('agrees with BigInt on whole numbers', () => {
    // Agrees with whole numbers of any length, told by BigInt.
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), (value) => {
        // The shortest text, written out: digits and zeros.
        const [digits = '', exponent = '0'] = String(Number(value)).replace('.', '').split('e');
        const places = String(Number(value)).match(/\.(\d+)/)?.[1]?.length ?? 0;
        const shown = BigInt(digits) * 10n ** BigInt(Number(exponent) - places);
        expect([value, isExactNumber(String(value))]).toEqual([value, shown === value]);
      }),
      { numRuns: budget(500, 50_000) },
    );
  });

  test('a message of zeros takes linear time', () => {
    // Of a message full of zeros it is told in time that grows with its length.
    for (const text of [
      `0.${'0'.repeat(250_000)}1`,
      `${'1'.repeat(250_000)}`,
      `1${'0'.repeat(250_000)}e-250000`,
      `0e${'9'.repeat(250_000)}`,
    ])
      expect(typeof isExactNumber(text)).toBe('boolean');
    expect(isExactNumber(`1${'0'.repeat(250_000)}e-250000`)).toBe(true);
    expect(isExactNumber(`0.${'0'.repeat(250_000)}1e250001`)).toBe(true);
  });
});
