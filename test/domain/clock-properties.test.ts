/** Whatever happens to an application and whatever is announced, the clock keeps its promises. */
import fc from 'fast-check';
import { chinaCalendar } from '../../src/calendars/china.js';
import { clockOn, explainClock, judgeClose, PERIODS, type ClockAct, type Law } from '../../src/domain/application/clock.js';
import { dateOfDay, dayKind, dayNumber, workingDaysBetween, type WorkCalendar } from '../../src/time/working-days.js';

const NEVER = '2040-01-01';

/** Days from 2007 to 2029: before the built-in years, in them and after them. */
const date = fc.integer({ min: dayNumber('2007-06-01'), max: dayNumber('2029-12-31') }).map(dateOfDay);
const law = fc.constantFrom<Law>('2008', '2019');

const announced = fc
  .record({
    off: fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { maxLength: 30 }),
    worked: fc.uniqueArray(fc.integer({ min: 0, max: 364 })),
  })
  .map(({ off, worked }): WorkCalendar => {
    const days = (offsets: number[]): Set<string> => new Set(offsets.map((offset) => dateOfDay(dayNumber('2027-01-01') + offset)));
    return new Map(chinaCalendar).set(2027, { year: 2027, off: days(off), worked: days(worked), notice: '通知' });
  });
const calendar = fc.oneof(fc.constant(chinaCalendar), announced);

interface Step {
  readonly type: 'supplement-requested' | 'supplemented' | 'consulted' | 'answered' | 'extended';
  readonly after: number;
  readonly party: string | null;
  readonly days: number;
}
const step = fc.record({
  type: fc.constantFrom<Step['type'][]>('supplement-requested', 'supplemented', 'consulted', 'answered', 'extended'),
  after: fc.integer({ min: 0, max: 25 }),
  party: fc.constantFrom(null, '甲', '乙'),
  days: fc.integer({ min: 1, max: 20 }),
});

/** Acts in the order of their times, some days apart. */
function history(receivedOn: string, steps: readonly Step[]): ClockAct[] {
  let day = dayNumber(receivedOn);
  const acts: ClockAct[] = [{ eventId: 'received', on: receivedOn, instant: 0, type: 'received' }];
  steps.forEach(({ type, after, party, days }, at) => {
    day += after;
    const common = { eventId: `act-${at}`, on: dateOfDay(day), instant: at + 1 };
    if (type === 'consulted' || type === 'answered') acts.push({ ...common, type, party });
    else if (type === 'extended') acts.push({ ...common, type, days });
    else acts.push({ ...common, type });
  });
  return acts;
}
const acts = fc.tuple(date, fc.array(step, { maxLength: 8 })).map(([on, steps]) => history(on, steps));

test('working days agree with counting day by day', () => {
  // Working days between two dates are those found day by day, and the way back is their negative.
  fc.assert(
    fc.property(calendar, date, fc.integer({ min: 0, max: 800 }), (years, from, length) => {
      const to = dateOfDay(dayNumber(from) + length);
      const days = Array.from({ length }, (_, day) => dayKind(years, dateOfDay(dayNumber(from) + day + 1)).kind);
      const expected = days.filter((kind) => kind === 'working' || kind === 'make-up').length;
      expect(workingDaysBetween(years, from, to)).toBe(expected);
      expect(workingDaysBetween(years, to, from) + expected).toBe(0);
    }),
  );
});

test('the explanation numbers days to the due date', () => {
  // The explanation ends on the due date, with every counted day numbered in turn.
  fc.assert(
    fc.property(calendar, law, acts, date, (years, text, all, on) => {
      const reading = clockOn(years, text, all, on);
      const days = explainClock(years, text, all, on);
      const counted = days.filter((day) => day.counted !== null);
      expect(counted.map((day) => day.counted)).toEqual(counted.map((_, at) => at + 1));
      for (const { kind } of counted) expect(['working', 'make-up']).toContain(kind);
      if (reading.dueOn === null) return;
      expect(days.at(-1)).toMatchObject({ date: reading.dueOn, counted: PERIODS[text].ordinary + reading.extension });
      expect(counted[PERIODS[text].ordinary - 1]?.date).toBe(reading.ordinaryEnd);
    }),
  );
});

test('either something is awaited or a date stands', () => {
  // Something is awaited or there is a due date, never both; the due date is a working day not before the ordinary end.
  fc.assert(
    fc.property(calendar, law, acts, date, (years, text, all, on) => {
      const { receivedOn, dueOn, ordinaryEnd, waitingFor, provisional } = clockOn(years, text, all, on);
      if (receivedOn === null) return;
      expect(dueOn === null).toBe(waitingFor !== null);
      if (dueOn === null) return expect({ ordinaryEnd, provisional }).toEqual({ ordinaryEnd: null, provisional: false });
      expect(ordinaryEnd !== null && ordinaryEnd <= dueOn).toBe(true);
      expect(['working', 'make-up']).toContain(dayKind(years, dueOn).kind);
    }),
  );
});

test('order of recording and later acts change nothing', () => {
  // The order in which acts were recorded changes nothing, and acts after the day asked about neither.
  fc.assert(
    fc.property(law, acts, date, fc.infiniteStream(fc.nat()), (text, all, on, keys) => {
      const shuffled = all
        .map((act) => [keys.next().value, act] as const)
        .sort(([a], [b]) => a - b)
        .map(([, act]) => act);
      expect(clockOn(chinaCalendar, text, shuffled, on)).toEqual(clockOn(chinaCalendar, text, all, on));
      const then = all.filter((act) => act.on <= on);
      expect(clockOn(chinaCalendar, text, then, NEVER)).toEqual(clockOn(chinaCalendar, text, all, on));
    }),
  );
});

test('consultation never makes the date earlier', () => {
  // Consulting a third party never makes the due date earlier.
  fc.assert(
    fc.property(calendar, law, acts, (years, text, all) => {
      const apart = all.filter(({ type }) => type !== 'consulted' && type !== 'answered');
      const [withOthers, alone] = [clockOn(years, text, all, NEVER).dueOn, clockOn(years, text, apart, NEVER).dueOn];
      if (withOthers !== null && alone !== null) expect(withOthers >= alone).toBe(true);
    }),
  );
});

test('a same-day reply is judged alike', () => {
  // A reply is judged by the same dates the day it is given, whatever
  // is awaited; only a wait can make another close timeless.
  fc.assert(
    fc.property(calendar, law, acts, date, (years, text, all, on) => {
      const reading = clockOn(years, text, all, on);
      const reply = judgeClose(years, text, all, on, 'reply');
      const withdrawal = judgeClose(years, text, all, on, 'withdrawal');
      if (reading.receivedOn === null) return;
      expect(reply.lawfulEnd).not.toBeNull();
      expect(withdrawal.lawfulEnd).toBe(reading.dueOn);
      if (reading.waitingFor === null) expect(reply).toEqual(withdrawal);
    }),
  );
});

test('no working days: no date, no endless search', () => {
  // A calendar that leaves no day to work on ends in no date, not in an endless search.
  const idle = new Map(
    Array.from({ length: 60 }, (_, at) => {
      const first = dayNumber(`${2027 + at}-01-01`);
      return [
        2027 + at,
        {
          year: 2027 + at,
          off: new Set(Array.from({ length: 366 }, (_day, day) => dateOfDay(first + day))),
          worked: new Set<string>(),
          notice: '',
        },
      ];
    }),
  );
  const [received] = history('2027-01-01', []);
  expect(clockOn(idle, '2019', [received as ClockAct], NEVER)).toMatchObject({ dueOn: null, waitingFor: null });
});
