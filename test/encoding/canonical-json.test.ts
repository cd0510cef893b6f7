/** RFC 8785 (JSON Canonicalization Scheme): its own examples, and the same text as another implementation. */
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, sha256 } from '../../src/encoding/canonical-json.js';
import { budget } from '../support/budget.js';

test('section 3.2.2: literals, strings and numbers', () => {
  const input = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`) as unknown;
  expect(canonicalJson(input)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('section 3.2.3: properties sort by UTF-16 units', () => {
  // Section 3.2.3: properties are sorted by UTF-16 code units.
  const input = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  const sorted = [
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ];
  expect(Object.values(JSON.parse(canonicalJson(input)) as object).length).toBe(7);
  const text = canonicalJson(input);
  expect(sorted.map((value) => text.indexOf(value))).toEqual(sorted.map((value) => text.indexOf(value)).sort((a, b) => a - b));
});

test.each([
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
])('appendix B: the number %s is written %s', (bits, text) => {
  expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
});

test.each([
  ['not a number', NaN],
  ['infinity', Infinity],
  ['nothing', undefined],
  ['a function', () => 1],
  ['a BigInt', 1n],
])('%s has no canonical text', (_name, value) => {
  expect(() => canonicalJson(value)).toThrow();
});

test('a circle has none', () => {
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  expect(() => canonicalJson(circle)).toThrow();
});

test('section 3.2.2.2: half a surrogate has none', () => {
  expect(() => canonicalJson('\ud800')).toThrow();
  expect(() => canonicalJson({ '\udead': 1 })).toThrow();
});

test('one text per value, in any order', () => {
  // One text per value: the order of writing does not matter, reading back gives the value.
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      const shuffled = JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
        inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).reverse()) : inner,
      ) as unknown;
      return canonicalJson(shuffled) === text && canonicalJson(JSON.parse(text)) === text;
    }),
    { seed: 3, numRuns: budget(100, 300) },
  );
});

test('any value is as another implementation writes', () => {
  // Any value has the text that another implementation gives it.
  const key = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.nat(20).map(String));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(null, true, false, -0),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(key, tie('value'), { maxKeys: 40 }),
    ),
  }));
  fc.assert(
    fc.property(value, (one) => canonicalJson(one) === canonicalize(one)),
    { seed: 5, numRuns: budget(250, 1000) },
  );
});

test('a property that is undefined is left out', () => {
  expect(canonicalJson({ b: 1, a: undefined })).toBe('{"b":1}');
});

test('more names than remembered are still written', () => {
  // More names than are remembered are written all the same.
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`name "${index}"`, index]));
  expect(canonicalJson(many)).toBe(canonicalize(many));
});

test('the digest is SHA-256 of the UTF-8', () => {
  expect(sha256('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256('公开')).not.toBe(sha256('公開'));
});
