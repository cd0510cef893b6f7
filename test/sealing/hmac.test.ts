/** Against Node's own, over keys and texts of every length around the blocks. */
import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { hkdf, Hmac } from '../../src/sealing/hmac.js';

const key = fc.uint8Array({ minLength: 0, maxLength: 64 });

test('HMAC-SHA256 of texts and of bytes is Node’s', () => {
  fc.assert(
    fc.property(key, fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.uint8Array({ maxLength: 200 })), (secret, data) => {
      const mine = new Hmac(secret);
      const expected = createHmac('sha256', secret).update(data).digest();
      expect(mine.digest(data)).toEqual(expected);
      // The same object again: nothing is left of the text before.
      expect(mine.hex(data)).toBe(expected.toString('hex'));
    }),
    { seed: 5, numRuns: 300 },
  );
});

test('HKDF-SHA256 without salt is Node’s', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.string({ maxLength: 40 }),
      fc.integer({ min: 1, max: 8 }),
      (secret, info, count) => {
        expect(Buffer.concat(hkdf(secret, info, count))).toEqual(Buffer.from(hkdfSync('sha256', secret, '', info, 32 * count)));
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});
