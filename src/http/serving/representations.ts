/** Which representation of a table is asked for: `format=` goes before `Accept`. */
import Negotiator from 'negotiator';
import { NDJSON } from '../../intake/media-types.js';
import { frameworkProblem, ProblemException } from '../problem-details.filter.js';

/** Format → media type; the first is what anybody gets who does not say. */
export const TABLE_FORMATS = {
  json: 'application/json',
  csv: 'text/csv',
  'json-stat': 'application/vnd.json-stat+json',
} as const;

/** What differs is said in JSON alone. */
export const DIFFERENCE_FORMATS = { json: TABLE_FORMATS.json } as const;

/** Of many tables. */
export const STREAM_FORMATS = { ndjson: NDJSON, csv: 'text/csv' } as const;

export interface Wanted {
  readonly format?: string | undefined;
  readonly accept?: string | undefined;
}

/** Errors: `not-acceptable` (406). */
export function formatOf<F extends string>(formats: Readonly<Record<F, string>>, { format, accept = '*/*' }: Wanted): F {
  const names = Object.keys(formats).filter((name): name is F => name in formats);
  const type = new Negotiator({ headers: { accept: withoutParameters(accept) } }).mediaType(names.map((name) => formats[name]));
  const found = names.find((name) => (format === undefined ? formats[name] === type : name === format));
  if (found === undefined) throw new ProblemException(frameworkProblem(406));
  return found;
}

/** A charset or the like chooses nothing here: only the weight of a type counts. */
function withoutParameters(accept: string): string {
  return accept.replace(/;\s*(?!q\s*=)[^\s;,="]+\s*=\s*("[^"]*"|[^;,]*)/gi, '');
}

/** Of an answer that is one document. */
export const JSON_ANSWER = contentType(TABLE_FORMATS.json);

/** Of an answer. The other types are UTF-8 by their definition. */
export function contentType(type: string): string {
  return type === TABLE_FORMATS.json || type === TABLE_FORMATS.csv ? `${type}; charset=utf-8` : type;
}
