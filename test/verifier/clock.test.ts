/**
 * On time or extended: the walk over the days against the clock that the recorder judges closes by, on many short
 * histories of one application.
 */
import fc from 'fast-check';
import { clockOn, judgeClose, type Close, type ClockAct, type Law } from '../../src/domain/application/clock.js';
import { chinaCalendar } from '../../src/calendars/china.js';
import { dateOfDay } from '../../src/time/working-days.js';
import { Agencies } from '../../src/verifier/calculator/agencies.js';
import { termOf, type ClockStep, type Term } from '../../src/verifier/calculator/clock.js';
import { dayOf } from '../../src/verifier/calculator/days.js';
import { CALENDARS } from '../support/second-calculator.js';
import { budget } from '../support/budget.js';

const HOUR = 3_600_000;
/** Instant of an hour of a day in Asia/Shanghai. */
const instantOf = (day: number, hour: number): number => day * 24 * HOUR + (hour - 8) * HOUR;

interface Wish {
  readonly what: 'asked' | 'supplemented' | 'consulted' | 'answered' | 'extended';
  readonly days: number;
  readonly hours: number;
  readonly which: number;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  what: fc.constantFrom('asked', 'supplemented', 'consulted', 'consulted', 'answered', 'answered', 'extended'),
  days: fc.oneof({ arbitrary: fc.integer({ min: 0, max: 6 }), weight: 4 }, fc.integer({ min: 0, max: 45 })),
  hours: fc.integer({ min: 0, max: 9 }),
  which: fc.nat(3),
});

interface Played {
  readonly acts: ClockAct[];
  readonly steps: ClockStep[];
  /** In which something that both must tell apart came up. */
  readonly seen: Set<string>;
}

/**
 * What of the wishes a case would take, in both notations. Answers say which consultation they answer, as decisions
 * record it.
 */
function played(law: Law, received: number, wishes: readonly Wish[]): Played {
  const acts: ClockAct[] = [{ type: 'received', eventId: 'r', on: dateOfDay(received), instant: instantOf(received, 8) }];
  const steps: ClockStep[] = [];
  const seen = new Set<string>();
  let open: string[] = [];
  let asked = 0;
  let extended = false;
  let at = instantOf(received, 9);
  for (const [nth, { what, days, hours, which }] of wishes.entries()) {
    at += days * 24 * HOUR + hours * HOUR;
    const day = Math.floor((at + 8 * HOUR) / (24 * HOUR));
    const base = { eventId: `e${nth}`, on: dateOfDay(day), instant: at };
    const step = { what, day, ms: at + 8 * HOUR - day * 24 * HOUR, days: what === 'extended' ? 1 + which * 4 : 0 };
    if (what === 'asked') acts.push({ ...base, type: 'supplement-requested' });
    else if (what === 'supplemented' && asked > 0) acts.push({ ...base, type: 'supplemented' });
    else if (what === 'consulted' && open.length < 3) acts.push({ ...base, type: 'consulted', party: `p${nth}` });
    else if (what === 'answered' && open.length > 0)
      acts.push({ ...base, type: 'answered', party: null, of: open[which % open.length] as string });
    else if (what === 'extended' && !extended) {
      const { ordinaryEnd } = clockOn(chinaCalendar, law, acts, base.on);
      if (ordinaryEnd !== null && base.on > ordinaryEnd) continue;
      acts.push({ ...base, type: 'extended', days: step.days });
      extended = true;
    } else continue;
    steps.push(step);
    seen.add(what);
    if (what === 'asked') asked += 1;
    if (what === 'supplemented') asked = 0;
    if (what === 'consulted') open = [...open, base.eventId];
    if (what === 'answered') open = open.filter((_, place) => place !== which % open.length);
  }
  if (open.length > 0 || asked > 0) seen.add('awaited at the close');
  return { acts, steps, seen };
}

test('it agrees wherever a close falls', () => {
  const seen = new Map<string, number>();
  const terms = new Map<Term, number>();
  fc.assert(
    fc.property(
      fc.constantFrom<Law>('2008', '2019'),
      fc.integer({ min: dayOf('2014-01-01'), max: dayOf('2027-03-01') }),
      fc.array(wish, { maxLength: 9 }),
      fc.constantFrom<Close>('reply', 'reply', 'abandonment', 'withdrawal'),
      fc.integer({ min: 0, max: 60 }),
      (law, received, wishes, how, later) => {
        const { acts, steps, seen: features } = played(law, received, wishes);
        const day = (steps.at(-1)?.day ?? received) + later;
        const on = dateOfDay(day);
        const { ordinaryEnd } = judgeClose(chinaCalendar, law, acts, on, how);
        const expected: Term = ordinaryEnd === null || on <= ordinaryEnd ? 'ordinary' : 'extended';
        const agencies = new Agencies(CALENDARS);
        const walk = {
          law,
          received: { day: received, ms: 8 * HOUR },
          steps,
          closed: { day, ms: 23 * HOUR },
          isReply: how === 'reply',
          isWorked: agencies.workedAt('any', day),
        };
        for (const feature of features) seen.set(feature, (seen.get(feature) ?? 0) + 1);
        terms.set(expected, (terms.get(expected) ?? 0) + 1);
        expect(termOf(walk)).toBe(expected);
      },
    ),
    { seed: 20190403, numRuns: budget(800, 3000), endOnFailure: false },
  );
  for (const feature of ['asked', 'supplemented', 'consulted', 'answered', 'extended', 'awaited at the close'])
    expect([feature, (seen.get(feature) ?? 0) > budget(40, 250)]).toEqual([feature, true]);
  expect(terms.get('ordinary')).toBeGreaterThan(budget(100, 500));
  expect(terms.get('extended')).toBeGreaterThan(budget(100, 500));
});
