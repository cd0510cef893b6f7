/** Sealed texts open with their key in their place, and nowhere else. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { keyedDigest, seal, unseal, type Sealed } from '../../src/sealing/seal.js';

const key = randomBytes(32);

test('a text reads back, whatever it says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => unseal(key, place, seal(key, place, text)) === text),
    { seed: 1, numRuns: 200 },
  );
});

test('it names its algorithm, shows no text', () => {
  // It names its algorithm and shows nothing of the text.
  const sealed = seal(key, 'stream', '张三的申请');
  expect(sealed).toEqual({
    alg: 'A256GCM',
    iv: expect.any(String) as string,
    tag: expect.any(String) as string,
    text: expect.any(String) as string,
  });
  expect(Buffer.from(sealed.iv, 'base64')).toHaveLength(12);
  expect(Buffer.from(sealed.tag, 'base64')).toHaveLength(16);
  expect(JSON.stringify(sealed)).not.toContain('张三');
  expect(Buffer.from(sealed.text, 'base64').toString('utf8')).not.toContain('张三');
});

test('the same text sealed twice looks different', () => {
  const [one, other] = [seal(key, 'stream', 'x'), seal(key, 'stream', 'x')];
  expect(one.iv).not.toBe(other.iv);
  expect(one.text).not.toBe(other.text);
});

test('in another place it does not open', () => {
  expect(unseal(key, 'another stream', seal(key, 'stream', 'x'))).toBeNull();
  expect(unseal(key, '', seal(key, 'stream', 'x'))).toBeNull();
});

test('with another key it does not open', () => {
  expect(unseal(randomBytes(32), 'stream', seal(key, 'stream', 'x'))).toBeNull();
  expect(unseal(randomBytes(16), 'stream', seal(key, 'stream', 'x'))).toBeNull();
});

test.each(['iv', 'tag', 'text'] as const)('a changed bit in its %s stays shut', (part) => {
  // Changed in one bit of its … it does not open.
  const sealed = seal(key, 'stream', 'some text');
  const bytes = Buffer.from(sealed[part], 'base64');
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    expect(unseal(key, 'stream', { ...sealed, [part]: changed.toString('base64') })).toBeNull();
  }
});

test('broken or mixed values do not open', () => {
  // A shortened tag, parts of another value, or no value at all do not open.
  const [one, other] = [seal(key, 'stream', 'one'), seal(key, 'stream', 'two')];
  expect(unseal(key, 'stream', { ...one, tag: Buffer.from(one.tag, 'base64').subarray(0, 4).toString('base64') })).toBeNull();
  expect(unseal(key, 'stream', { ...one, text: other.text })).toBeNull();
  expect(unseal(key, 'stream', {} as Sealed)).toBeNull();
});

test('a keyed digest matches under one key only', () => {
  // A keyed digest recognises equal texts under one key only.
  expect(keyedDigest(key, 'x')).toEqual(keyedDigest(key, 'x'));
  expect(keyedDigest(key, 'x')).not.toEqual(keyedDigest(key, 'y'));
  expect(keyedDigest(key, 'x')).not.toEqual(keyedDigest(randomBytes(32), 'x'));
});
