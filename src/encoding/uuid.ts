/** UUIDs of version 5 (RFC 9562): the same name in the same namespace has the same one, whoever makes it. */
import { hash } from 'node:crypto';

/** `namespace` is a UUID. */
export function uuidV5(name: string, namespace: string): string {
  const bytes = Buffer.allocUnsafe(16 + Buffer.byteLength(name));
  bytes.write(namespace.replaceAll('-', ''), 0, 'hex');
  bytes.write(name, 16, 'utf8');
  const hex = hash('sha1', bytes, 'hex');
  const variant = ((Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(18, 20)}-${hex.slice(20, 32)}`;
}
