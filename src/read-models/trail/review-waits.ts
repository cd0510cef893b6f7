/** How long reviews and sign-offs waited: each for the latest act that it rests on, as a trail gives it. */
import { sure } from '../../encoding/unknown-values.js';
import type { StandingAct } from './standing-acts.js';

/** Kinds of cases that go through the chain. */
export const REVIEWED = ['publication', 'application', 'report'] as const;

/** The step of the chain by its name; null = the sign-off behind the last. */
export interface StepWaits {
  readonly step: string | null;
  /** ms, each of one act, in the order of cases and times; none below 0. */
  readonly waits: readonly number[];
}

/** Of the acts of a year, by step in the order in which steps came first; the sign-off last. */
export function waitsOf(acts: readonly StandingAct[], year: number): readonly StepWaits[] {
  const instants = new Map(acts.map(({ eventId, instant }) => [eventId, instant]));
  const waits = acts.flatMap(({ type, on, instant, detail: { step, basis = [] } }) => {
    const since = basis.flatMap((id) => instants.get(id) ?? []);
    if (!/\.(cleared|approved|rejected)$/.test(type) || !on.startsWith(`${year}-`) || since.length === 0) return [];
    return [{ step: step ?? null, waited: Math.max(0, instant - Math.max(...since)) }];
  });
  const steps = [...new Set(waits.map(({ step }) => step))].sort((a, b) => Number(a === null) - Number(b === null));
  return steps.map((step) => ({ step, waits: waits.filter((one) => one.step === step).map(({ waited }) => waited) }));
}

/** One decimal; null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const value = sorted.length % 2 === 1 ? sure(sorted[Math.floor(middle)]) : (sure(sorted[middle - 1]) + sure(sorted[middle])) / 2;
  return Math.round(value * 10) / 10;
}
