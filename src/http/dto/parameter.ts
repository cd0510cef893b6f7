/**
 * What a route takes, told once: a class of a question says each of its parameters, and of that follow the names that
 * the hook lets through (parameters.ts), what /openapi.json describes, and what the pipe reads and checks
 * (validation.pipe.ts).
 */
import type { ValidationOptions } from 'class-validator';
import type { QueryCode } from '../../read-models/query-problem.js';

export interface Description {
  /** Absent: a text. */
  readonly type?: 'string' | 'integer' | 'boolean';
  readonly required?: true;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly example?: string | number;
}

export interface ParameterOf {
  readonly name: string;
  readonly description: Description;
  /**
   * The value a text stands for; a text that stands for none is given back as it is, for the property's validators to
   * refuse.
   */
  readonly read: (text: string) => unknown;
}

/** A class of parameters: made empty, then given what it says. */
export type Question<T extends object = object> = new () => T;

const told = new WeakMap<object, readonly ParameterOf[]>();

/**
 * A parameter of the route, or a part of its address. Absent where it is not given, unless a default stands at the
 * property.
 */
export function Parameter(description: Description = {}, read: ParameterOf['read'] = (text) => text): PropertyDecorator {
  return (target, property) => {
    told.set(target.constructor, [...(told.get(target.constructor) ?? []), { name: String(property), description, read }]);
  };
}

/**
 * Those of the class it extends first, each in the order of its class; undefined for a class that is none of
 * parameters.
 */
export function parametersOf(type: object): readonly ParameterOf[] | undefined {
  const above: unknown = Object.getPrototypeOf(type);
  const inherited = typeof above === 'function' ? parametersOf(above) : undefined;
  const own = told.get(type);
  return own === undefined ? inherited : [...(inherited ?? []), ...own];
}

/** How the pipe says that a value is none: `code` and `hint` of the problem beside its message. */
export interface Refusal {
  readonly code: QueryCode;
  readonly hint: string;
}

/** Options of a validator of class-validator: what is said of a value that it refuses. */
export function refusedAs(message: string | ((value: unknown) => string), refusal: Refusal): ValidationOptions {
  return { message: typeof message === 'string' ? message : ({ value }) => message(value), context: refusal };
}

/** Digits alone, at most `digits` of them: no sign, no exponent, no other base. */
export function wholeNumber(digits: number): (text: string) => unknown {
  const pattern = new RegExp(`^\\d{1,${digits}}$`);
  return (text) => (pattern.test(text) ? Number(text) : text);
}
