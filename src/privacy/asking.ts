/** Who asks for sealed texts, and why: one check for the body of a request and for the options of a command. */
import { isObject } from '../encoding/unknown-values.js';
import { ValidateBy, validateSync } from 'class-validator';
import { nameProblem } from '../domain/names.js';
import { findFlaw } from '../intake/json/json-flaws.js';
import { instantiate, isText, unknownFields } from '../intake/messages/fields.js';
import type { JsonSchema } from '../intake/schemas/json-schema.js';
import { holdsCitizenId } from '../intake/personal-data.js';
import { QueryProblem } from '../read-models/query-problem.js';

/** Both stay in the log, clear and for ever: neither may hold an identity number. */
export class AskingWords {
  @Checked(actorProblem, 100)
  readonly actor!: string;

  @Checked(reasonProblem, 1000)
  readonly reason!: string;
}

type Problem = (value: unknown, whole: object | undefined) => string | null;

function Checked(problem: Problem, maxLength: number): PropertyDecorator {
  return ValidateBy({
    name: 'said',
    constraints: [{ type: 'string', minLength: 1, maxLength } satisfies JsonSchema],
    validator: {
      validate: (value, args) => problem(value, args?.object) === null,
      defaultMessage: (args) => problem(args?.value, args?.object) ?? '',
    },
  });
}

function actorProblem(actor: unknown): string | null {
  if (!isLine(actor, 100)) return 'actor must name the officer who asks, 1 to 100 characters on one line.';
  const misspelled = nameProblem(actor, 'person');
  return misspelled === null ? null : `actor ${misspelled}.`;
}

function reasonProblem(reason: unknown, whole: object | undefined): string | null {
  if (!isLine(reason, 1000)) return 'reason must say why, 1 to 1000 characters on one line.';
  const told = holdsCitizenId(reason) || (whole instanceof AskingWords && isLine(whole.actor, 100) && holdsCitizenId(whole.actor));
  return told ? 'actor or reason holds what reads as a citizen identity number.' : null;
}

/**
 * What would show as another line of the list of accesses, turn its text around or steer a terminal: control, line and
 * direction characters.
 */
const MISLEADING = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

function isLine(value: unknown, max: number): value is string {
  return isText(value, max) && value.isWellFormed() && !MISLEADING.test(value);
}

/** From the bytes of a JSON object, or a value. Throws `bad-parameter`. */
export function readAsking(body: Uint8Array | Readonly<Record<string, unknown>>): AskingWords {
  const said = body instanceof Uint8Array ? parsed(body) : body;
  const [unknown] = unknownFields(AskingWords, said, '');
  if (unknown !== undefined) throw badAsking(`There is no field ${unknown.path.slice(1, 101)}.`);
  const words = instantiate(AskingWords, said);
  const [refused] = validateSync(words);
  if (refused !== undefined) throw badAsking(Object.values(refused.constraints ?? {}).join(' '));
  return words;
}

function parsed(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    // An actor given twice: who asks must be beyond doubt.
    if (findFlaw(text, value) === null && isObject(value)) return value;
  } catch {
    // said below
  }
  throw badAsking('The body is no JSON object in UTF-8 that gives each name once.');
}

function badAsking(problem: string): QueryProblem {
  return new QueryProblem('bad-parameter', problem, 'Give actor and reason; both are kept in the ledger for ever.');
}
