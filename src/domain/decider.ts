/**
 * The decider: a case decides on a command, and folds what was decided. Pure and total: a refusal is a value, nothing
 * is thrown, no clock is read (the time of the act comes in with the command).
 */
import type { RefusalCode } from './refusal-codes.js';

/**
 * Why a message was not recorded. `code` is stable (the public contract), `message` says what, `hint` says what to do
 * about it.
 */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly hint: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a decision adds to an act, whatever its type; by type in `FactsByType` (acts.ts). */
export type Derived = Readonly<Record<string, unknown>>;

/** The one shape of a refusal inside the domain. */
export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
}

export type Decision<D = Derived> = { readonly ok: true; readonly derived: D } | Refused;

/** What a rule looked for, or why there is none. */
export type Found<V> = { readonly ok: true; readonly value: V } | Refused;

export function accept<D>(derived: D): { readonly ok: true; readonly derived: D } {
  return { ok: true, derived };
}

export function found<V>(value: V): { readonly ok: true; readonly value: V } {
  return { ok: true, value };
}

export function refuse(code: RefusalCode, message: string, hint: string, details?: Readonly<Record<string, unknown>>): Refused {
  return { ok: false, refusal: details === undefined ? { code, message, hint } : { code, message, hint, details } };
}
