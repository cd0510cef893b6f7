/** Against Node's own, over keys and texts of every length around the blocks. */
import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { hkdf, Hmac } from '../../src/sealing/hmac.js';
import { budget } from '../support/budget.js';

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
    { seed: 5, numRuns: budget(60, 300) },
  );
});

test('texts around the block length and beyond', () => {
  // Texts around the length that has a block of its own, and beyond it.
  const mine = new Hmac(Buffer.alloc(32, 7));
  for (const unit of ['a', '征', '𠮷'])
    for (const length of [1300, 2709, 2710, 8127, 8128, 8129, 50_000]) {
      const text = unit.repeat(length);
      for (const data of [text, Buffer.from(text)])
        expect(mine.hex(data)).toBe(createHmac('sha256', Buffer.alloc(32, 7)).update(data).digest('hex'));
    }
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
    { seed: 5, numRuns: budget(60, 200) },
  );
});
