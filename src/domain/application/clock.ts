/**
 * The clock of an application (答复期限), reckoned anew from its standing acts whenever it is asked for: nothing is stored
 * that a calendar announced later could make wrong.
 *
 * Sources: 《政府信息公开条例》 2008 art. 24 (15 working days, at most 15 more; the time of consulting third parties is not
 * counted), art. 23; 2019 art. 33 (20, at most 20 more; third parties not counted), art. 30 (the period runs from the
 * receipt of the supplement; one supplement), art. 32. Day 1 is the first working day after the receipt. What neither
 * text says (a consultation begun too late, a reply while one is awaited) is decided in the public contract, section
 * "Clock". verifier/calculator/clock.ts reckons a close a second time, on purpose, and shares no code with this.
 */
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Instant } from '../../time/instant.js';
import {
  dateOfDay,
  dayNumber,
  isWorking,
  NotingCalendar,
  eachDay,
  type DayKind,
  type DayNumber,
  type WorkCalendar,
} from '../../time/working-days.js';

export const LAWS = ['2008', '2019'] as const;
export type Law = (typeof LAWS)[number];

/** Working days of the ordinary period, and at most of the one extension. */
export const PERIODS: Readonly<Record<Law, { readonly ordinary: number; readonly extension: number }>> = {
  '2008': { ordinary: 15, extension: 15 },
  '2019': { ordinary: 20, extension: 20 },
};

/** First day of the 2019 text (国务院令第711号). */
export const LAW_2019_FROM: CalendarDate = '2019-05-15';

/** The text in force on a day of receipt. */
export function lawOn(received: CalendarDate): Law {
  return received >= LAW_2019_FROM ? '2019' : '2008';
}

/** An act that moves the clock. `amend-supplement` is none: it neither stops nor restarts it. */
export type ClockAct = { readonly eventId: string; readonly on: CalendarDate; readonly instant: Instant } & (
  | { readonly type: 'received' }
  | { readonly type: 'supplement-requested' }
  | { readonly type: 'supplemented' }
  | { readonly type: 'consulted'; readonly party: string | null }
  /** `of`: event id of the consultation it answers, where its decision recorded that; without it the party decides. */
  | { readonly type: 'answered'; readonly party: string | null; readonly of?: string }
  | { readonly type: 'extended'; readonly days: number }
);

export type WaitingFor = 'supplement' | 'third-party';

export interface ClockReading {
  /** null where nothing was received by that day. */
  readonly receivedOn: CalendarDate | null;
  /** The day after which days are counted: of the receipt, or of the supplement that restarted the clock. */
  readonly countedFrom: CalendarDate | null;
  /** Last day of the ordinary period; null while something is awaited. */
  readonly ordinaryEnd: CalendarDate | null;
  /** Last lawful day: the ordinary end, or later by the extension; null while something is awaited. */
  readonly dueOn: CalendarDate | null;
  readonly waitingFor: WaitingFor | null;
  /** Working days of the extension; 0 without one. */
  readonly extension: number;
  /** The due date rests on a day of a year without a calendar. */
  readonly provisional: boolean;
}

/**
 * The open consultation that an answer closes: the earliest with that party, else the earliest without one; without a
 * party the only open one. null = none, or several and none named. `open` in the order of their times. A fold compares
 * parties as they are stored; a decision says how else.
 */
export function matchAnswer<C extends { readonly party: string | null }>(
  open: readonly C[],
  party: string | null,
  isSame: (one: string, other: string) => boolean = (one, other) => one === other,
): C | null {
  if (party === null) return open.length === 1 ? (open[0] ?? null) : null;
  const named = open.find((consultation) => consultation.party !== null && isSame(consultation.party, party));
  return named ?? open.find((consultation) => consultation.party === null) ?? null;
}

interface Consultation {
  readonly eventId: string;
  readonly party: string | null;
  readonly from: DayNumber;
  readonly to: DayNumber | null;
  /** Begun not after the due date then in force: only such a one stops the clock. */
  readonly effective: boolean;
}

interface SupplementRequest {
  readonly eventId: string;
  readonly from: DayNumber;
  readonly effective: boolean;
}

/** The clock as its acts leave it. */
interface Running {
  readonly received: DayNumber | null;
  readonly start: DayNumber | null;
  readonly restarted: boolean;
  readonly extension: number;
  /** In the order of their times. */
  readonly consultations: readonly Consultation[];
  /** Asked for and not supplemented yet. */
  readonly requests: readonly SupplementRequest[];
}

const STILL: Running = { received: null, start: null, restarted: false, extension: 0, consultations: [], requests: [] };

function actsUpTo(acts: readonly ClockAct[], on: CalendarDate): ClockAct[] {
  return acts.filter((act) => act.on <= on).sort((a, b) => a.instant - b.instant);
}

function run(calendar: WorkCalendar, law: Law, acts: readonly ClockAct[]): Running {
  return acts.reduce((clock, act) => step(calendar, law, clock, act), STILL);
}

function step(calendar: WorkCalendar, law: Law, clock: Running, act: ClockAct): Running {
  const on = dayNumber(act.on);
  switch (act.type) {
    case 'received':
      return { ...clock, received: on, start: on };
    case 'extended':
      return { ...clock, extension: act.days };
    case 'supplement-requested': {
      const request = { eventId: act.eventId, from: on, effective: !isOverdue(calendar, law, clock, on) };
      return { ...clock, requests: [...clock.requests, request] };
    }
    case 'supplemented': {
      // Only the first supplement restarts the clock; after the second the date of the first restart holds again.
      const restarts = !clock.restarted && clock.requests.some(({ effective }) => effective);
      return { ...clock, requests: [], ...(restarts ? { start: on, restarted: true } : {}) };
    }
    case 'consulted': {
      const { eventId, party } = act;
      const consultation = { eventId, party, from: on, to: null, effective: !isOverdue(calendar, law, clock, on) };
      return { ...clock, consultations: [...clock.consultations, consultation] };
    }
    case 'answered': {
      const open = clock.consultations.filter(({ to }) => to === null);
      const answered = open.find(({ eventId }) => eventId === act.of) ?? matchAnswer(open, act.party);
      return { ...clock, consultations: clock.consultations.map((one) => (one === answered ? { ...one, to: on } : one)) };
    }
  }
}

const isOpen = ({ to, effective }: Consultation): boolean => to === null && effective;

/**
 * Whether the lawful end had passed before this day. A second supplement that is awaited hides the date, it does not
 * move it.
 */
function isOverdue(calendar: WorkCalendar, law: Law, clock: Running, day: DayNumber): boolean {
  if (awaitsRestart(clock) || clock.consultations.some(isOpen)) return false;
  const { due } = reckon(calendar, law, clock);
  return due !== null && due < day;
}

function awaitsRestart({ restarted, requests }: Running): boolean {
  return !restarted && requests.some(({ effective }) => effective);
}

interface Reckoned {
  readonly ordinary: DayNumber | null;
  readonly due: DayNumber | null;
  readonly provisional: boolean;
}

const NO_DATE: Reckoned = { ordinary: null, due: null, provisional: false };

/** Working days after the date of a consultation up to and including that of its answer. */
function isPaused(consultations: readonly Consultation[], day: DayNumber): boolean {
  return consultations.some(({ effective, from, to }) => effective && from < day && (to === null || day <= to));
}

/**
 * Both ends as they are with every open consultation left out. A calendar that never leaves enough working days gives
 * none.
 */
function reckon(calendar: WorkCalendar, law: Law, { start, extension, consultations }: Running): Reckoned {
  if (start === null) return NO_DATE;
  const closed = consultations.filter(({ to }) => to !== null);
  const period = PERIODS[law].ordinary;
  let counted = 0;
  let ordinary: DayNumber | null = null;
  let due: DayNumber | null = null;
  let provisional = false;
  eachDay(calendar, start, (day, kind, calendarYear) => {
    provisional ||= calendarYear === undefined;
    if (!isWorking(kind) || isPaused(closed, day)) return false;
    counted += 1;
    if (counted === period) ordinary = day;
    if (counted < period + extension) return false;
    due = day;
    return true;
  });
  return { ordinary, due, provisional };
}

function waitingFor({ requests, consultations }: Running): WaitingFor | null {
  if (requests.some(({ effective }) => effective)) return 'supplement';
  return consultations.some(isOpen) ? 'third-party' : null;
}

const asDate = (day: DayNumber | null): CalendarDate | null => (day === null ? null : dateOfDay(day));

function read(calendar: WorkCalendar, law: Law, clock: Running): ClockReading {
  const waiting = waitingFor(clock);
  const { ordinary, due, provisional } = waiting === null ? reckon(calendar, law, clock) : NO_DATE;
  return {
    receivedOn: asDate(clock.received),
    countedFrom: asDate(clock.start),
    ordinaryEnd: asDate(ordinary),
    dueOn: asDate(due),
    waitingFor: waiting,
    extension: clock.extension,
    provisional,
  };
}

/**
 * The clock at the end of a day, from the standing acts of one application in any order; acts after `on` are left out.
 */
export function clockOn(calendar: WorkCalendar, law: Law, acts: readonly ClockAct[], on: CalendarDate): ClockReading {
  return read(calendar, law, run(calendar, law, actsUpTo(acts, on)));
}

export type Close = 'reply' | 'abandonment' | 'withdrawal';

/** Ends by which a close is judged; both null = on time whatever its date. */
export interface Judged {
  readonly ordinaryEnd: CalendarDate | null;
  readonly lawfulEnd: CalendarDate | null;
  readonly provisional: boolean;
}

/**
 * The dates a close on `on` is judged by, from the acts before it. A reply while something is awaited is judged as if
 * the open consultations were answered that day and no supplement asked for; an abandonment or a withdrawal then is on
 * time.
 */
export function judgeClose(calendar: WorkCalendar, law: Law, acts: readonly ClockAct[], on: CalendarDate, how: Close): Judged {
  const before = actsUpTo(acts, on);
  const clock = run(calendar, law, before);
  const { ordinaryEnd, dueOn, provisional } =
    waitingFor(clock) !== null && how === 'reply'
      ? read(calendar, law, asIfAnswered(calendar, law, before, clock, on))
      : read(calendar, law, clock);
  return { ordinaryEnd, lawfulEnd: dueOn, provisional };
}

/**
 * Working days an answer on `on` took: the days that count behind the receipt, or the supplement that restarted the
 * clock, up to and including it. What is awaited then is taken as `judgeClose` takes it.
 */
export function countedDays(calendar: WorkCalendar, law: Law, acts: readonly ClockAct[], on: CalendarDate): number {
  const before = actsUpTo(acts, on);
  const clock = run(calendar, law, before);
  const { start, consultations } = waitingFor(clock) === null ? clock : asIfAnswered(calendar, law, before, clock, on);
  if (start === null) return 0;
  const closed = consultations.filter(({ to }) => to !== null);
  const last = dayNumber(on);
  let counted = 0;
  eachDay(calendar, start, (day, kind) => {
    if (day <= last && isWorking(kind) && !isPaused(closed, day)) counted += 1;
    return day >= last;
  });
  return counted;
}

/** What a close counts as: by the ordinary end (按时), after it (延期), after the lawful one (逾期). */
export type Verdict = 'ordinary' | 'extended' | 'late';

/** The verdict on a close by the ends it is judged by. An end of null passes never. */
export function verdictOn({ ordinaryEnd, lawfulEnd }: Pick<Judged, 'ordinaryEnd' | 'lawfulEnd'>, on: CalendarDate): Verdict {
  if (lawfulEnd !== null && on > lawfulEnd) return 'late';
  return ordinaryEnd !== null && on > ordinaryEnd ? 'extended' : 'ordinary';
}

/** An application's close, as far as it is judged. */
export interface CloseAct {
  readonly law: Law;
  readonly on: CalendarDate;
  readonly how: Close;
}

/**
 * The verdict on a close by a calendar, and whether any part of the reckoning, also whether a consultation began in
 * time, looked at a year without one.
 */
export function judgeAgain(
  calendar: WorkCalendar,
  { law, on, how }: CloseAct,
  acts: readonly ClockAct[],
): { readonly verdict: Verdict; readonly provisional: boolean } {
  const noting = new NotingCalendar(calendar);
  const verdict = verdictOn(judgeClose(noting, law, acts, on, how), on);
  return { verdict, provisional: noting.touchedMissing };
}

function asIfAnswered(calendar: WorkCalendar, law: Law, acts: readonly ClockAct[], clock: Running, on: CalendarDate): Running {
  const unanswered = new Set(clock.requests.map(({ eventId }) => eventId));
  // Without the request a consultation may turn out to have begun too late, so the acts are run again.
  const again = run(
    calendar,
    law,
    acts.filter(({ eventId }) => !unanswered.has(eventId)),
  );
  const day = dayNumber(on);
  return { ...again, consultations: again.consultations.map((one) => (one.to === null ? { ...one, to: day } : one)) };
}

/**
 * Why a day counts or does not:
 * - `received` the day of receipt itself; `counted` of the ordinary period; `extension` of the extension;
 * - `weekend`, `holiday` no working day;
 * - `third-party` a consultation was open; `supplement` the supplement is awaited; `restarted` before the supplement
 *   that restarted the clock.
 */
export type ClockRule = 'received' | 'counted' | 'extension' | 'weekend' | 'holiday' | 'third-party' | 'supplement' | 'restarted';

export interface ExplainedDay {
  readonly date: CalendarDate;
  readonly kind: DayKind;
  /** Its number among the counted days; null where it does not count. */
  readonly counted: number | null;
  readonly why: ClockRule;
  /** The notice that makes it what it is; null where its year has no calendar. */
  readonly notice: string | null;
}

/**
 * Every day from the receipt to the due date; while something is awaited, to `on`. Empty where nothing was received by
 * then.
 */
export function explainClock(calendar: WorkCalendar, law: Law, acts: readonly ClockAct[], on: CalendarDate): readonly ExplainedDay[] {
  const clock = run(calendar, law, actsUpTo(acts, on));
  const { received, start } = clock;
  if (received === null || start === null) return [];
  const last = lastExplained(calendar, law, clock, dayNumber(on));
  const period = PERIODS[law].ordinary;
  const days: ExplainedDay[] = [];
  let counted = 0;
  eachDay(calendar, received - 1, (day, kind, calendarYear) => {
    if (day > last) return true;
    const why = whyOf(clock, received, start, day, kind) ?? (counted < period ? 'counted' : 'extension');
    const counts = why === 'counted' || why === 'extension';
    if (counts) counted += 1;
    days.push({ date: dateOfDay(day), kind, counted: counts ? counted : null, why, notice: calendarYear?.notice ?? null });
    return day === last;
  });
  return days;
}

/**
 * The due date; while something is awaited, the day asked about, though not beyond the date that a second supplement
 * only hides.
 */
function lastExplained(calendar: WorkCalendar, law: Law, clock: Running, on: DayNumber): DayNumber {
  if (awaitsRestart(clock) || clock.consultations.some(isOpen)) return on;
  const due = reckon(calendar, law, clock).due ?? on;
  return waitingFor(clock) === null ? due : Math.min(due, on);
}

/** Why a day does not count; null where it does. */
function whyOf(clock: Running, received: DayNumber, start: DayNumber, day: DayNumber, kind: DayKind): ClockRule | null {
  if (day === received) return 'received';
  if (kind === 'weekend' || kind === 'holiday') return kind;
  if (day <= start) return 'restarted';
  if (awaitsRestart(clock) && clock.requests.some(({ effective, from }) => effective && from < day)) return 'supplement';
  return isPaused(clock.consultations, day) ? 'third-party' : null;
}
