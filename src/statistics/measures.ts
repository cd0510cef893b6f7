/**
 * From one stored event to what it contributes to the figures: computed from that event alone. Only a void needs more:
 * it names the event whose contributions are negated, and carries in `derived` what then counts first.
 *
 * Counting policy, with its source where there is one (the labels of the form are the only published counting rules of
 * 2014–2018):
 * - an item counts once, in the year of its first release on any channel (form 2014, row 一(一): 不同渠道和方式公开相同信息计1条);
 * - and once per channel, in the year of that channel's release; withdrawal and correction change no figure;
 * - a hot topic counts once (row 二(一): 不同方式回应同一热点或舆情计1次) and once per means, each in the year of its first answer;
 * - an application counts as received by the day of its receipt, as closed and by its one result on the day of the
 *   close, as open in between; every answer counts as a reply on its day, an answer made again never;
 * - reconsiderations, lawsuits and complaints count by the day of decision, until then as pending; a reviewer's case as
 *   co-defendant never;
 * - meetings, trainings, press conferences, interpretations, deliveries and documents count by their own acts.
 */
import { ACTS, type ActOf, type ActType, type AnyFacts, type CountedType } from '../domain/acts.js';
import type { ClearanceChain, FigureChange } from '../domain/agency/acts.js';
import type { CloseFacts } from '../domain/application/acts.js';
import type { TableChange } from '../domain/small-kinds/acts.js';
import type { Rank } from '../domain/publication/acts.js';
import type { CalendarDate } from '../time/calendar-date.js';
import type { PrintedVersion } from './amount.js';

/**
 * Version of the counting policy; every table names it. A change of any rule here or in the forms' selectors is a new
 * version.
 */
export const POLICY = 'disclosure-counting/1';

export interface Contribution {
  readonly measure: Measure;
  /** The day it counts on; its year is the statistics year. */
  readonly on: CalendarDate;
  /** Whole number: pieces, or fen where the measure is money. Negative where it takes back. */
  readonly amount: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

export type Measure =
  | 'item.first-released'
  | 'item.released'
  | 'normative-document.issued'
  | 'normative-document.repealed'
  | 'topic.first-answered'
  | 'topic.first-answered-by'
  | 'press-conference.held'
  | 'interpretation.published'
  | 'delivery.items'
  | 'meeting.held'
  | 'training.held'
  | 'training.trainees'
  // applications and what follows them
  /** channel, kind (of applicant), law. */
  | 'application.received'
  /** 办结 of the 2014 forms: term `ordinary` | `extended`. */
  | 'application.closed'
  /** Every answer, `amend-supplement` too: outcome, ground, law. */
  | 'application.replied'
  /**
   * The one final result: outcome of the closing reply, or `abandoned`, `withdrawn`; ground, law, kind, reason (of an
   * abandonment).
   */
  | 'application.result'
  /**
   * Received and not closed, kind: +1 on the day of receipt, −1 on the day of the close. Read as a balance, never as a
   * year's figure.
   */
  | 'application.open'
  /** Closed after its lawful end; no figure, a finding. */
  | 'application.late'
  /** Fen. */
  | 'application.fee'
  /** Fen. */
  | 'application.fee-waived'
  /** result. */
  | 'reconsideration.decided'
  /** Filed and undecided: +1, −1 as for `application.open`. */
  | 'reconsideration.pending'
  /** result, route. A co-defendant reviewer's case counts nowhere. */
  | 'lawsuit.decided'
  /** route. */
  | 'lawsuit.pending'
  /** result. */
  | 'complaint.decided'
  // no figures: what the table's findings name
  | 'act.without-review'
  | 'chain.changed';

/** Read as balances: an act adds 1 where it opens a case, and −1 where it ends one. */
export const BALANCES: ReadonlySet<Measure> = new Set<Measure>(['application.open', 'reconsideration.pending', 'lawsuit.pending']);

/** A figure declared for a year: what holds from this event on, null where a void leaves none. */
export interface Declaration {
  readonly year: number;
  readonly form: string;
  readonly cell: string;
  /** As declared, in the unit of the cell. */
  readonly value: string | null;
  /** The event whose declaration holds. */
  readonly eventId: string | null;
}

/** The declaration of a whole table that stands for a year from this event on; null where a void leaves none. */
export interface PaperDeclaration {
  readonly year: number;
  readonly eventId: string | null;
  /** Which reader its printed values are read by; null of a void, which declares none itself. */
  readonly printed: PrintedVersion | null;
}

export interface Counted {
  readonly contributions: readonly Contribution[];
  /** Counts once on the earliest of several acts: never negated by a void, which says itself what is first now. */
  readonly firsts: readonly Contribution[];
  /** The event whose contributions (not its firsts) this event takes back. */
  readonly reverses: string | null;
  readonly declaration: Declaration | null;
  readonly paper: PaperDeclaration | null;
}

/** What counting reads of an act, in today's shape. */
type Countable<T extends ActType> = { [K in T]: { readonly type: K } & Pick<ActOf<K>, 'at' | 'on' | 'data' | 'derived'> }[T];
export type CountableEvent = Countable<ActType>;

/** Of an act that counts nothing, and of what is no act. */
export const NOTHING: Counted = { contributions: [], firsts: [], reverses: null, declaration: null, paper: null };

/**
 * Types that change no figure and no finding: acts whose row says so (domain/acts.ts), and what the service itself
 * keeps.
 */
export const UNCOUNTED_TYPES: readonly string[] = [
  ...Object.entries(ACTS).flatMap(([type, { counted }]) => (counted ? [] : [type])),
  ...['access.granted', 'access.refused', 'refusal.kept', 'refusal.repeated', 'refusal.settled'],
];

const UNCOUNTED: ReadonlySet<string> = new Set(UNCOUNTED_TYPES);

const written = ({ steps, approver }: ClearanceChain): string =>
  JSON.stringify([steps.map(({ step, role, unit }) => [step, role, unit]), approver === null ? null : [approver.role, approver.unit]]);

/** The first chain of an agency changes nothing, and neither does the same chain again. */
function isChange(previous: ClearanceChain | null, next: ClearanceChain): boolean {
  return previous !== null && written(previous) !== written(next);
}

/** A moment an act counts at; its own day unless the count says another. */
type At = Pick<CountableEvent, 'on'>;

function one(measure: Measure, { on }: At, dimensions: Record<string, string> = {}, amount = 1): Contribution {
  return { measure, on, amount, dimensions };
}

function each(...contributions: Contribution[]): Partial<Counted> {
  return { contributions };
}

function rankOf({ derived }: CountableEvent): Rank | 'none' {
  const { rank }: AnyFacts = derived;
  return rank ?? 'none';
}

function unreviewed(event: At & { readonly derived: { readonly approval: string | null } }): Contribution[] {
  return event.derived.approval === null ? [one('act.without-review', event)] : [];
}

/** Written by the decision; what lacks it was not decided by this program, and counting stops rather than guess. */
function text<T extends string>(value: T | undefined): T {
  if (value === undefined) throw missing();
  return value;
}

function missing(): Error {
  return new Error('a fact that counting needs is missing in the stored event');
}

/**
 * The one result of an application; 按时 up to the ordinary end, 延期 after it, late after the lawful one. An end of null
 * passes never.
 */
function closed(event: At & { readonly derived: CloseFacts }, result: Record<string, string>): Contribution[] {
  const { ordinaryEnd, lawfulEnd, kind } = event.derived;
  const term = ordinaryEnd === null || event.on <= ordinaryEnd ? 'ordinary' : 'extended';
  return [
    one('application.closed', event, { term }),
    one('application.result', event, result),
    one('application.open', event, { kind }, -1),
    ...(lawfulEnd === null || event.on <= lawfulEnd ? [] : [one('application.late', event)]),
  ];
}

/** The case of a reviewing organ as co-defendant counts for the original agency only (国办公开办函〔2019〕60号, 〔2021〕30号). */
function asDefendant(event: Countable<'lawsuit.filed' | 'lawsuit.decided'>, count: (route: string) => Contribution[]): Contribution[] {
  const { route, courtRole } = event.derived;
  return courtRole === 'defendant' ? count(text(route)) : [];
}

function countChain(event: Countable<'agency.clearance-chain-set'>): Partial<Counted> {
  const set = { steps: event.data.steps, approver: event.data.approver ?? null };
  const { previous, next } = event.derived;
  const own = isChange(previous, set) ? [one('chain.changed', event, { at: event.at })] : [];
  if (next == null) return each(...own);
  // What the chain set after it changes, it now changes from this one.
  const amount = Number(isChange(set, next)) - Number(isChange(previous, next));
  return each(...own, ...(amount === 0 ? [] : [one('chain.changed', next, { at: next.at }, amount)]));
}

function countReply(event: Countable<'application.replied'>): Partial<Counted> {
  const { outcome, ground } = event.data;
  const { derived } = event;
  const answer = { outcome: text(outcome), law: text(derived.law), ...(ground === undefined ? {} : { ground }) };
  const replied = one('application.replied', event, answer);
  if (outcome === 'amend-supplement') return each(replied, ...unreviewed(event));
  if (!('ordinaryEnd' in derived)) throw missing();
  return each(replied, ...closed({ ...event, derived }, { ...answer, kind: text(derived.kind) }), ...unreviewed(event));
}

type Counters<T extends ActType> = { readonly [K in T]?: (event: Countable<K>) => Partial<Counted> };

/** Of each type that counts, how. */
const COUNTERS: Required<Counters<CountedType>> = {
  'agency.clearance-chain-set': countChain,
  'agency.figure-declared': ({ derived }) => declared(derived.figure),
  'publication.released': (event) => ({
    contributions: [one('item.released', event, { channel: event.data.channel }), ...unreviewed(event)],
    firsts: firstsOf(event),
  }),
  'publication.corrected': (event) => ({ contributions: unreviewed(event) }),
  'application.received': (event) => {
    const { channel, kind, law } = event.derived;
    return each(
      one('application.received', event, { channel: text(channel), kind: text(kind), law: text(law) }),
      one('application.open', event, { kind: text(kind) }),
    );
  },
  'application.replied': countReply,
  'application.reply-remade': (event) => each(...unreviewed(event)),
  'application.abandoned': (event) => {
    const { kind, law } = event.derived;
    return each(...closed(event, { outcome: 'abandoned', law: text(law), kind: text(kind), reason: event.data.reason }));
  },
  'application.withdrawn': (event) => {
    const { kind, law } = event.derived;
    return each(...closed(event, { outcome: 'withdrawn', law: text(law), kind: text(kind) }));
  },
  'application.fee-charged': (event) => each(one('application.fee', event, {}, event.data.amountFen)),
  'application.fee-waived': (event) => each(one('application.fee-waived', event, {}, event.data.amountFen)),
  'reconsideration.filed': (event) => each(one('reconsideration.pending', event)),
  'reconsideration.decided': (event) =>
    each(one('reconsideration.decided', event, { result: event.data.result }), one('reconsideration.pending', event, {}, -1)),
  'lawsuit.filed': (event) => each(...asDefendant(event, (route) => [one('lawsuit.pending', event, { route })])),
  'lawsuit.decided': (event) =>
    each(
      ...asDefendant(event, (route) => [
        one('lawsuit.decided', event, { result: event.data.result, route }),
        one('lawsuit.pending', event, { route }, -1),
      ]),
    ),
  'complaint.decided': (event) => each(one('complaint.decided', event, { result: event.data.result })),
  'normative-document.issued': (event) => each(one('normative-document.issued', event, { rank: rankOf(event) })),
  'normative-document.repealed': (event) => each(one('normative-document.repealed', event, { rank: rankOf(event) })),
  'hotspot.answered': (event) => ({ firsts: firstsOf(event) }),
  'press-conference.held': (event) => each(one('press-conference.held', event, { chief: event.data.chiefAttended ? 'yes' : 'no' })),
  'interpretation.published': (event) => each(one('interpretation.published', event)),
  'delivery.made': (event) => each(one('delivery.items', event, { medium: event.data.medium }, event.data.items)),
  'meeting.held': (event) => each(one('meeting.held', event)),
  'training.held': (event) => each(one('training.held', event), one('training.trainees', event, {}, event.data.trainees)),
  'table.declared': ({ derived }) => onPaper(derived.table, derived.printed),
  // Counts nothing: where it went out without review, the table of the year it is about says so.
  'report.published': (event) => each(...unreviewed({ ...event, on: `${event.derived.year}-12-31` })),
  'record.voided': (event) => ({
    reverses: event.derived.voided.eventId,
    firsts: firstsOf(event),
    ...(event.derived.figure === undefined ? {} : declared(event.derived.figure)),
    ...(event.derived.table === undefined ? {} : onPaper(event.derived.table, null)),
  }),
};

export const COUNTED_TYPES: readonly string[] = Object.keys(COUNTERS);

/** What an event counts. A type that counts and says not how throws: an event must never go silently uncounted. */
export function count<T extends ActType>(event: Countable<T>): Counted {
  const all: Counters<ActType> = COUNTERS;
  const counters: Counters<T> = all;
  const counter = counters[event.type];
  if (counter !== undefined) return { ...NOTHING, ...counter(event) };
  if (UNCOUNTED.has(event.type)) return NOTHING;
  throw new Error(`no rule says how ${event.type} counts`);
}

function declared({ year, form, cell, is }: FigureChange): Partial<Counted> {
  return { declaration: { year, form, cell, value: is?.value ?? null, eventId: is?.eventId ?? null } };
}

function onPaper({ year, is }: TableChange, printed: PrintedVersion | null): Partial<Counted> {
  return { paper: { year, eventId: is, printed } };
}

function firstsOf(event: CountableEvent): Contribution[] {
  const { firsts: changes = [] }: AnyFacts = event.derived;
  return changes.flatMap(({ slot, was, is }) => {
    const { measure, dimensions } = slotMeasure(slot, event);
    const rows: Contribution[] = [];
    if (was !== null) rows.push({ measure, dimensions, on: was, amount: -1 });
    if (is !== null) rows.push({ measure, dimensions, on: is, amount: 1 });
    return rows;
  });
}

/** Slots an act competes for: each counts once, on the earliest standing act of its case. */
export function slotsOf(event: CountableEvent): string[] {
  if (event.type === 'publication.released') return ['release'];
  if (event.type === 'hotspot.answered') return ['answer', `answer:${event.data.means}`];
  return [];
}

/** What a slot counts as. */
export function slotMeasure(slot: string, event: CountableEvent): Pick<Contribution, 'measure' | 'dimensions'> {
  if (slot === 'release') return { measure: 'item.first-released', dimensions: { rank: rankOf(event) } };
  if (slot === 'answer') return { measure: 'topic.first-answered', dimensions: {} };
  if (slot.startsWith('answer:')) return { measure: 'topic.first-answered-by', dimensions: { means: slot.slice('answer:'.length) } };
  throw new Error(`no measure for the slot ${slot}`);
}
