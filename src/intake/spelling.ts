/**
 * The rules of names, texts, identifiers and traces. They came after the first messages: what they refuse may have been
 * recorded before there were any, and is then told as a repeat. So they are asked last, of a message that nothing else
 * refuses.
 */
import { refuse, type Refusal } from '../domain/decider.js';
import { nameProblem } from '../domain/names.js';
import { membersOf } from '../encoding/unknown-values.js';
import { visible } from '../encoding/visible-text.js';
import { holdsCitizenId } from './personal-data.js';
import { NOT_IN_IDENTIFIERS, NOT_IN_TEXTS } from './messages/patterns.js';
import { isTraceparent, isTracestate } from './trace-context.js';

export interface Problem {
  /** Path in the message. */
  readonly field: string;
  readonly problem: string;
}

/** A message whose envelope and data are of the right shape. */
export interface Shaped {
  readonly id: string;
  readonly source: string;
  readonly actor: string;
  /** Number of the case. */
  readonly number: string;
  readonly message: Readonly<Record<string, unknown>>;
  /** Names in the data that are not spelled as names are. */
  readonly names: readonly Problem[];
}

const NO_IDENTIFIER = new RegExp(`[${NOT_IN_IDENTIFIERS}]`);
const NO_TEXT = new RegExp(`[${NOT_IN_TEXTS}]`);

/** What these rules say of a message; null where they take it. */
export function refuseSpelling(shaped: Shaped, invalid: (problems: readonly Problem[]) => Refusal): Refusal | null {
  return refuseIdentifiers(shaped) ?? refusePersonalData(shaped) ?? refuseTexts(shaped, invalid);
}

function refuseIdentifiers({ id, source }: Shaped): Refusal | null {
  const wrong = NO_IDENTIFIER.test(id) ? 'id' : NO_IDENTIFIER.test(source) ? 'source' : null;
  if (wrong === null) return null;
  return refuse(
    'not-cloudevents',
    `Not a CloudEvents 1.0 message: ${wrong} must hold no control, line-end or bidirectional character.`,
    'Send an id and a source of characters that can be seen.',
  ).refusal;
}

function refusePersonalData({ id, source, actor, number }: Shaped): Refusal | null {
  if (!holdsCitizenId(id) && !holdsCitizenId(source) && !holdsCitizenId(actor) && !holdsCitizenId(number)) return null;
  const fields = Object.entries({ id, subject: number, source, actor }).filter(([, text]) => holdsCitizenId(text));
  const names = fields.map(([field]) => field);
  return refuse(
    'personal-data-in-identifier',
    `${names.join(', ')} ${names.length === 1 ? 'holds' : 'hold'} what reads as a citizen identity number.`,
    'Use a number or name of your own; these are public and can never be erased.',
    { fields: names },
  ).refusal;
}

function refuseTexts({ message, names, actor }: Shaped, invalid: (problems: readonly Problem[]) => Refusal): Refusal | null {
  const ofActor = nameProblem(actor, 'person');
  const problems = [...(ofActor === null ? [] : [{ field: 'actor', problem: `actor ${ofActor}` }]), ...names, ...ofTrace(message)];
  const told = new Set(problems.map(({ field }) => field));
  for (const field of Object.keys(message))
    if (field !== 'id' && field !== 'source' && misleads(message[field]))
      look(message[field], field, (path) => told.has(path) || problems.push(inText(path)));
  return problems.length === 0 ? null : invalid(problems);
}

function inText(field: string): Problem {
  return { field, problem: `${field} must hold no control or bidirectional characters (a tab and line ends may stand in it)` };
}

function ofTrace({ traceparent, tracestate }: Shaped['message']): Problem[] {
  const problems: Problem[] = [];
  if (typeof traceparent === 'string' && !isTraceparent(traceparent))
    problems.push({
      field: 'traceparent',
      problem: 'traceparent must be version-traceid-parentid-flags in lower-case hexadecimal, such as 00-<32 digits>-<16 digits>-01',
    });
  if (typeof tracestate === 'string' && !isTracestate(tracestate))
    problems.push({ field: 'tracestate', problem: 'tracestate must be a list of at most 32 key=value, separated by commas' });
  return problems;
}

/**
 * Whether a text that stands in the value at any depth, or names something in it (a cell of a printed table), holds
 * such a character.
 */
function misleads(value: unknown): boolean {
  if (typeof value === 'string') return NO_TEXT.test(value);
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(misleads);
  const object = membersOf(value);
  return Object.keys(object).some((key) => NO_TEXT.test(key) || misleads(object[key]));
}

/** Where they are. */
function look(value: unknown, path: string, found: (path: string) => void): void {
  if (typeof value === 'string') {
    if (NO_TEXT.test(value)) found(path);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    const here = `${path}.${visible(key)}`;
    if (NO_TEXT.test(key)) found(here);
    look(inner, here, found);
  }
}
