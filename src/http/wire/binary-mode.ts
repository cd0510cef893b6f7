/**
 * CloudEvents' binary content mode (HTTP protocol binding 1.0.2, section 3.1): attributes in `ce-` headers, the body is
 * `data`. It is turned into the structured text of the same event, so that every rule, digest and kept refusal is that
 * of one structured message.
 */
import type { IncomingMessage } from 'node:http';
import { headerFields } from './headers.js';
import { ProblemException } from '../problem-details.filter.js';
import { problem } from '../problem.js';

const PREFIX = 'ce-';

/** Whether the request says that it is an event in binary mode. */
export function hasEventId(request: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  return headerFields(request).some(([name]) => name === 'ce-id');
}

/**
 * The structured JSON text of the event; `body` is JSON, checked before. Throws `not-cloudevents` where the headers are
 * no attributes.
 */
export function structuredText(request: Pick<IncomingMessage, 'rawHeaders'>, body: string): string {
  const attributes = new Map<string, string>();
  for (const [field, value] of headerFields(request)) {
    if (field === 'content-type') add(attributes, 'datacontenttype', value.trim());
    else if (field.startsWith(PREFIX)) add(attributes, nameOf(field), decoded(field, value));
  }
  const members = [...attributes].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  // As it was sent: numbers and names are looked at in what the emitter wrote.
  return `{${[...members, ...(body === '' ? [] : [`"data":${body}`])].join(',')}}`;
}

function add(attributes: Map<string, string>, name: string, value: string): void {
  if (attributes.has(name)) throw notCloudEvents(`the attribute ${shown(name)} is given twice`);
  attributes.set(name, value);
}

function nameOf(field: string): string {
  const name = field.slice(PREFIX.length);
  // The body is data, and Content-Type is datacontenttype: the binding lets neither stand in a header of its own.
  if (name === 'data' || name === 'data_base64' || name === 'datacontenttype') throw notCloudEvents(`there is no header ${field}`);
  return name;
}

/** A value without its quotes, then percent-decoded once: exactly UTF-8, nothing guessed. */
function decoded(field: string, value: string): string {
  const plain = unquoted(value.trim());
  // Bytes outside ASCII come as Latin-1: some readers take them for UTF-8, others do not.
  if (plain === null || /[^\x20-\x7e]/.test(plain)) throw notCloudEvents(badEscape(field));
  try {
    return decodeURIComponent(plain);
  } catch {
    throw notCloudEvents(badEscape(field));
  }
}

/** A quoted string without quotes and backslashes; null where a quote stands anywhere else. */
function unquoted(value: string): string | null {
  if (!value.includes('"')) return value;
  return /^"(?:[^"\\]|\\.)*"$/.test(value) ? value.slice(1, -1).replace(/\\(.)/g, '$1') : null;
}

function badEscape(field: string): string {
  return `${shown(field)} holds a bad escape or a character that must be escaped`;
}

function shown(name: string): string {
  return name.slice(0, 60);
}

function notCloudEvents(what: string): ProblemException {
  return new ProblemException(
    problem(
      400,
      'not-cloudevents',
      `Not a CloudEvents 1.0 message in binary mode: ${what}.`,
      'Give each attribute once as ce-<name>, with space, double quote, percent and everything outside ASCII as %XX of its UTF-8.',
    ),
  );
}
