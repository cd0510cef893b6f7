/** What stands in a browser for `node:crypto` says what Node's own says. */
import * as node from 'node:crypto';
import fc from 'fast-check';
import * as browsers from '../../src/pages/script/node/crypto.js';

/** The order of the group, as little-endian bytes (RFC 8032, section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const bytes = fc.uint8Array({ maxLength: 300 });

test('digests are those of Node', () => {
  fc.assert(
    fc.property(bytes, fc.string({ unit: 'grapheme', maxLength: 100 }), (data, text) => {
      expect(browsers.hash('sha256', data, 'hex')).toBe(node.hash('sha256', data, 'hex'));
      expect(browsers.hash('sha256', text, 'base64')).toBe(node.hash('sha256', text, 'base64'));
      const [mine, its] = [browsers.createHash('sha256'), node.createHash('sha256')].map((hash) => hash.update(text).update(data).digest());
      expect(mine).toEqual(its);
    }),
  );
  expect(() => browsers.createHash('md5')).toThrow('no such algorithm');
});

test('signatures hold where Node says so', () => {
  // As they were made; with a bit turned over in text, key or signature; with the order added, which is another one.
  const changes = fc.record({ place: fc.constantFrom('none', 'data', 'key', 'signature', 'order'), bit: fc.nat(255) });
  let held = 0;
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), changes, (given, { place, bit }) => {
      const { privateKey, publicKey } = node.generateKeyPairSync('ed25519');
      const signed = {
        data: Buffer.from(given),
        key: publicKey.export({ format: 'der', type: 'spki' }),
        signature: node.sign(null, given, privateKey),
      };
      if (place === 'data') flip(signed.data, bit);
      if (place === 'key') flip(signed.key.subarray(-32), bit);
      if (place === 'signature') flip(signed.signature, bit);
      if (place === 'order') addOrder(signed.signature);
      const { data, key, signature } = signed;
      const expected = node.verify(null, data, node.createPublicKey({ key, format: 'der', type: 'spki' }), signature);
      expect(browsers.verify(null, data, browsers.createPublicKey({ key }), signature)).toBe(expected);
      held += expected ? 1 : 0;
    }),
  );
  expect(held).toBeGreaterThan(5);
});

function flip(bytes: Buffer, bit: number): void {
  const at = Math.floor(bit / 8) % bytes.length;
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit % 8)), at);
}

/** S + L: the same equation, and no signature by RFC 8032. */
function addOrder(signature: Buffer): void {
  const half = signature.subarray(32);
  const sum = BigInt(`0x${Buffer.from(half).reverse().toString('hex')}`) + ORDER;
  Buffer.from(sum.toString(16).padStart(64, '0'), 'hex').reverse().copy(half);
}
