/** UUIDs of version 5 (RFC 9562): the same name in the same namespace has the same one, whoever makes it. */
import { hash } from 'node:crypto';

const NAMESPACE_BYTES = 16;
/** Where a short name is laid behind its namespace: hashing is synchronous, so one is enough. */
const SCRATCH = Buffer.allocUnsafe(4096);

/** `namespace` is a UUID. */
export function uuidV5(name: string, namespace: string): string {
  // A UTF-16 unit takes at most three bytes.
  const most = NAMESPACE_BYTES + name.length * 3;
  const bytes = most <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafe(most);
  bytes.write(namespace.replaceAll('-', ''), 0, 'hex');
  const length = NAMESPACE_BYTES + bytes.write(name, NAMESPACE_BYTES, 'utf8');
  const hex = hash('sha1', bytes.subarray(0, length), 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
