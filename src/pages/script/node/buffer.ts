/**
 * What the verifier's sources ask of `node:buffer`, for a browser. Texts are read and written by the browser itself,
 * which is faster than the package and has Node's rule for what is no UTF-8: the number of marks for it is the same.
 */
import { Buffer } from 'buffer';

const strict = new TextDecoder('utf-8', { fatal: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access --
   a prototype has no type of its own */
/* eslint-disable @typescript-eslint/no-unsafe-return, @typescript-eslint/no-unsafe-call -- and its methods neither */
const byPackage = Buffer.prototype.toString;

Buffer.prototype.toString = function (this: Buffer, encoding?: BufferEncoding, start?: number, end?: number): string {
  return encoding === undefined || encoding === 'utf8' || encoding === 'utf-8'
    ? lenient.decode(this.subarray(start, end))
    : byPackage.call(this, encoding, start, end);
};
/* eslint-enable */

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

export { Buffer };
