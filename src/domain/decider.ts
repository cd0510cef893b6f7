/**
 * The decider: a case decides on a command, and folds what was decided. Pure and total: a refusal is a value, nothing is thrown,
 * no clock is read (the time of the act comes in with the command).
 */
import type { RefusalCode } from './refusal-codes.js';

/** Why a message was not recorded. `code` is stable (the public contract), `message` says what, `hint` says what to do about it. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly hint: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * What a decision adds to the act before it is stored: the facts counting needs from earlier events (facts and dates, never verdicts, so
 * that a later counting policy can read old events anew).
 */
export type Derived = Readonly<Record<string, unknown>>;

export type Decision<D = Derived> = { readonly ok: true; readonly derived: D } | { readonly ok: false; readonly refusal: Refusal };

export function accept<D>(derived: D): Decision<D> {
  return { ok: true, derived };
}

export function refuse(
  code: RefusalCode,
  message: string,
  hint: string,
  details?: Record<string, unknown>,
): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: details === undefined ? { code, message, hint } : { code, message, hint, details } };
}
