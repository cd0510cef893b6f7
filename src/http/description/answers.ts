/**
 * What a route answers, told once: the shape is the type that its handler gives, made into a schema by the build
 * (bin/answer-shapes.mjs), and its errors are codes. The compiler holds the type against the handler, where it gives
 * one.
 */
import type { QueryCode } from '../../read-models/query-problem.js';
import { QUERY_STATUS } from '../problem.js';
import { ApiExtension } from './describe.js';
import type { SaidHeader } from './said-headers.js';

/** Codes that no reader gives: of the door, of who is let in, of a message that cannot be read. */
const OTHER_STATUS = {
  'bad-request': 400,
  malformed: 400,
  'not-cloudevents': 400,
  'no-token': 401,
  'bad-token': 401,
  'foreign-origin': 403,
  'not-found': 404,
  'not-acceptable': 406,
  'too-large': 413,
  'unsupported-media-type': 415,
  'wrong-host': 421,
  'too-many-requests': 429,
  internal: 500,
  'store-unavailable': 503,
} as const;

export const PROBLEM_STATUS: Readonly<Record<ProblemCode, number>> = { ...QUERY_STATUS, ...OTHER_STATUS };
export type ProblemCode = QueryCode | keyof typeof OTHER_STATUS;

/** Of every route that reads what was recorded. */
export const READING = ['not-reached', 'read-model-stopped', 'read-damaged', 'ledger-differs', 'store-unavailable'] as const;
/** The same as of a moment. */
export const AS_OF = [...READING, 'bad-as-of'] as const;

export interface Answer {
  readonly status: number;
  readonly description: string;
  /** Whether the body in JSON has the type that the decorator names. */
  readonly shaped: boolean;
  /** Other media types it comes in, each with what stands in it. */
  readonly also: Readonly<Record<string, string>>;
}

export interface Told {
  readonly answers: Answer[];
  readonly codes: ProblemCode[];
  readonly headers: { readonly statuses: readonly number[]; readonly header: SaidHeader }[];
  /** What answers: what its hooks know of it hangs there. */
  readonly handler: object;
}

/** The operation of `/openapi.json` names here what answers it; taken out before it is handed out. */
export const ANSWERED_BY = 'x-answered-by';

const told = new Map<string, Told>();

export function toldOf(key: unknown): Told | undefined {
  return typeof key === 'string' ? told.get(key) : undefined;
}

function tell<D>(target: object, property: string | symbol, descriptor: TypedPropertyDescriptor<D>): Told {
  const key = `${target.constructor.name}.${String(property)}`;
  const { value } = descriptor;
  const handler = typeof value === 'function' ? value : target;
  const known = told.get(key);
  if (known?.handler === handler) return known;
  const begun = { answers: [], codes: [], headers: [], handler };
  told.set(key, begun);
  ApiExtension(ANSWERED_BY, key)(target, property, descriptor);
  return begun;
}

/** Of a handler that gives the type, or writes its answer itself. */
type OfHandler<T> = <D extends (...args: never[]) => T | Promise<T> | Promise<void>>(
  target: object,
  property: string | symbol,
  descriptor: TypedPropertyDescriptor<D>,
) => void;

/**
 * A body in JSON of the type `T`, which may be any that an import or an exported interface of the controller names.
 * `also`: the same in other media types.
 */
export function Answers<T>(status: number, description: string, also: Readonly<Record<string, string>> = {}): OfHandler<T> {
  return (target, property, descriptor) =>
    void tell(target, property, descriptor).answers.push({ status, description, shaped: true, also });
}

/** A body that is no JSON, by its media types; none where there is no body. */
export function AnswersText(status: number, description: string, also: Readonly<Record<string, string>>): OfHandler<void> {
  return (target, property, descriptor) =>
    void tell(target, property, descriptor).answers.push({ status, description, shaped: false, also });
}

/** A header of answers of these statuses, beside those that hooks set (said-headers.ts). */
export function Sends(header: SaidHeader, ...statuses: readonly number[]): MethodDecorator {
  return (target, property, descriptor) => void tell(target, property, descriptor).headers.push({ statuses, header });
}

/** Codes of problem documents, beside those that every address may answer with. */
export function Fails(...codes: readonly ProblemCode[]): MethodDecorator {
  return (target, property, descriptor) => void tell(target, property, descriptor).codes.push(...codes);
}
