/**
 * Whether an application was closed within its ordinary period (按时) or after it (延期), by walking the days from its
 * receipt to its close and counting those that count. 《政府信息公开条例》 2008 art. 24, 2019 art. 30, 33; docs/counting.md, "The
 * clock". On purpose a second telling of domain/application/clock.ts.
 */
import type { Moment } from './days.js';

export type Law = '2008' | '2019';

/** Working days of the ordinary period. */
const PERIOD: Readonly<Record<Law, number>> = { '2008': 15, '2019': 20 };

export type ClockMove = 'asked' | 'supplemented' | 'consulted' | 'answered' | 'extended';

/** Something that moves the clock. `days`: working days of an extension, 0 otherwise. */
export interface ClockStep extends Moment {
  readonly what: ClockMove;
  readonly days: number;
}

export interface ClockCase {
  readonly law: Law;
  readonly received: Moment;
  /** In the order of their times, none after the close. */
  readonly steps: readonly ClockStep[];
  readonly closed: Moment;
  /** An answer, as against an application given up or withdrawn. */
  readonly isReply: boolean;
  readonly isWorked: (day: number) => boolean;
}

export type Term = 'ordinary' | 'extended';

/** Where the walk has come to. */
interface State {
  /** The day behind which days count: of the receipt, or of the supplement that restarted the clock. */
  from: number;
  /** Days that counted before today. */
  counted: number;
  /** Open consultations that stop the clock, and open ones begun too late to. */
  stopping: number;
  late: number;
  extension: number;
  /** A supplement that was asked for in time is awaited. */
  awaited: boolean;
  /** A supplement has restarted the clock: it does so once. */
  restarted: boolean;
}

export function termOf(of: ClockCase): Term {
  const state = reckon(of, of.steps);
  const waiting = state.awaited || state.stopping > 0;
  if (!waiting) return within(of.law, state);
  if (!of.isReply) return 'ordinary';
  // As if the supplement had never been asked for; days of an open consultation count no more than if it were answered
  // today.
  return state.awaited ? within(of.law, reckon(of, unasked(of.steps))) : within(of.law, state);
}

/** Today is in time while the period was not used up by the days before it. */
function within(law: Law, { counted }: State): Term {
  return counted < PERIOD[law] ? 'ordinary' : 'extended';
}

/** The steps without the requests that no supplement followed. */
function unasked(steps: readonly ClockStep[]): ClockStep[] {
  const last = steps.findLastIndex(({ what }) => what === 'supplemented');
  return steps.filter(({ what }, place) => what !== 'asked' || place < last);
}

function reckon({ law, received, closed, isWorked }: ClockCase, steps: readonly ClockStep[]): State {
  const state: State = { from: received.day, counted: 0, stopping: 0, late: 0, extension: 0, awaited: false, restarted: false };
  let next = 0;
  for (let day = received.day; ; day += 1) {
    // A consultation stops the clock from the day after it up to the day of its answer, so the morning says whether the
    // day is stopped.
    const stopped = state.stopping > 0;
    for (let step = steps[next]; step !== undefined && step.day <= day; step = steps[next]) {
      take(law, state, step);
      next += 1;
    }
    if (day >= closed.day) return state;
    if (day > state.from && !stopped && isWorked(day)) state.counted += 1;
  }
}

function take(law: Law, state: State, { what, day, days }: ClockStep): void {
  // Awaited before a restart, or with the clock stopped, there is no end that could have passed; a second supplement
  // moves none.
  const open = (state.awaited && !state.restarted) || state.stopping > 0;
  const overdue = !open && state.counted >= PERIOD[law] + state.extension;
  switch (what) {
    case 'asked':
      if (!overdue) state.awaited = true;
      return;
    case 'supplemented':
      if (state.awaited && !state.restarted) {
        state.restarted = true;
        state.from = day;
        state.counted = 0;
      }
      state.awaited = false;
      return;
    case 'consulted':
      if (overdue) state.late += 1;
      else state.stopping += 1;
      return;
    case 'answered':
      if (state.stopping > 0) state.stopping -= 1;
      else if (state.late > 0) state.late -= 1;
      return;
    case 'extended':
      state.extension = days;
  }
}
