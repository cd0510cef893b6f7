/** The version of this program: package.json says it, and nothing else does. */
import { readFileSync } from 'node:fs';
import { membersOf } from '../encoding/unknown-values.js';

/** Such as `0.1.0`. Errors: throws where package.json stands not beside src/ or dist/, or names none. */
export function programVersion(): string {
  const { version } = membersOf(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
  if (typeof version !== 'string') throw new Error('package.json names no version');
  return version;
}
