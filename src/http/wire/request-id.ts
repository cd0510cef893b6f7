/** The name of a request, taken or made, on every answer and in every line of the log about it. */
import { randomUUID } from 'node:crypto';
import { saidOn } from '../description/said-headers.js';
import { headerValues } from './headers.js';

export const REQUEST_ID = saidOn('x-request-id', 'that of the request, where it has a plain one; else one of the service');

/** What the client named it, where it names it once and plainly; else a name of our own. */
export function requestIdOf(raw: { readonly rawHeaders: string[] }): string {
  const [named = '', ...more] = headerValues(raw, REQUEST_ID);
  return more.length === 0 && /^[A-Za-z0-9._-]{1,128}$/.test(named) ? named : randomUUID();
}
