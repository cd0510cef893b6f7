/**
 * Header fields as they came. Node joins or drops fields that come twice: which of two was meant must be asked of the
 * raw ones.
 */
import type { IncomingMessage } from 'node:http';

type Raw = Pick<IncomingMessage, 'rawHeaders'>;

/** Name in lower case and value of every field, in order. */
export function headerFields({ rawHeaders }: Raw): readonly (readonly [name: string, value: string])[] {
  const fields: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    fields.push([(rawHeaders[at] as string).toLowerCase(), rawHeaders[at + 1] as string]);
  return fields;
}

export function headerValues(raw: Raw, name: string): string[] {
  return headerFields(raw).flatMap(([field, value]) => (field === name ? [value] : []));
}
