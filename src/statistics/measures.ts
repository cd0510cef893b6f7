/**
 * From one stored event to what it contributes to the figures: computed from that event alone. Only a void needs more: it names the event
 * whose contributions are negated, and carries in `derived` what then counts first.
 *
 * Counting policy, with its source where there is one (the labels of the form are the only published counting rules of 2014–2018):
 * - an item counts once, in the year of its first release on any channel (form 2014, row 一(一): 不同渠道和方式公开相同信息计1条);
 * - and once per channel, in the year of that channel's release; withdrawal and correction change no figure;
 * - a hot topic counts once (row 二(一): 不同方式回应同一热点或舆情计1次) and once per means, each in the year of its first answer;
 * - an application counts as received by the day of its receipt, as closed and by its one result on the day of the close, as open in between;
 *   every answer counts as a reply on its day, an answer made again never;
 * - reconsiderations, lawsuits and complaints count by the day of decision, until then as pending; a reviewer's case as co-defendant never;
 * - meetings, trainings, press conferences, interpretations, deliveries and documents count by their own acts.
 */
import type { CalendarDate } from '../domain/values.js';
import type { FirstChange } from '../domain/case.js';
import type { Means } from '../domain/hotspot.js';
import type { Channel, Rank } from '../domain/publication/rules.js';
import type { PrintedVersion } from './amount.js';

/** Version of the counting policy; every table names it. A change of any rule here or in the forms' selectors is a new version. */
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
  /** The one final result: outcome of the closing reply, or `abandoned`, `withdrawn`; ground, law, kind, reason (of an abandonment). */
  | 'application.result'
  /** Received and not closed, kind: +1 on the day of receipt, −1 on the day of the close. Read as a balance, never as a year's figure. */
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

/** What counting reads of an event, in today's shape. `type` has no prefix; `derived` is what the decision added. */
export interface CountableEvent {
  readonly type: string;
  /** Time of the act, as handed in. */
  readonly at: string;
  readonly on: CalendarDate;
  readonly data: Readonly<Record<string, unknown>>;
  readonly derived: Readonly<Record<string, unknown>>;
}

const NOTHING: Counted = { contributions: [], firsts: [], reverses: null, declaration: null, paper: null };

/** Types that change no figure and no finding: listed so that a new type is never left uncounted by mistake. */
export const UNCOUNTED_TYPES: readonly string[] = [
  'agency.registered',
  'agency.changed',
  'agency.role-assigned',
  'agency.role-ended',
  'publication.drafted',
  'publication.revised',
  'publication.cleared',
  'publication.approved',
  'publication.rejected',
  'publication.checked',
  'publication.withdrawn',
  'application.supplement-requested',
  'application.supplemented',
  'application.third-party-consulted',
  'application.third-party-answered',
  'application.extended',
  'application.reply-drafted',
  'application.reply-revised',
  'application.cleared',
  'application.approved',
  'complaint.received',
  'site.checked',
  'calendar.announced',
  'report.compiled',
  'report.cleared',
  'report.approved',
  'record.erased',
  'access.granted',
  'access.refused',
  'refusal.kept',
  'refusal.repeated',
  'refusal.settled',
];

interface Chain {
  readonly steps: readonly { readonly step: string; readonly role: string; readonly unit: string }[];
  readonly approver: { readonly role: string; readonly unit: string } | null;
}

const written = ({ steps, approver }: Chain): string =>
  JSON.stringify([steps.map(({ step, role, unit }) => [step, role, unit]), approver === null ? null : [approver.role, approver.unit]]);

/** The first chain of an agency changes nothing, and neither does the same chain again. */
function isChange(previous: Chain | null, next: Chain): boolean {
  return previous !== null && written(previous) !== written(next);
}

type Counter = (event: CountableEvent) => Partial<Counted>;

function one(measure: Measure, event: CountableEvent, dimensions: Record<string, string> = {}, amount = 1): Contribution {
  return { measure, on: event.on, amount, dimensions };
}

function each(...contributions: Contribution[]): Partial<Counted> {
  return { contributions };
}

const rankOf = (event: CountableEvent): string => (event.derived['rank'] as Rank | null | undefined) ?? 'none';

function unreviewed(event: CountableEvent): Contribution[] {
  return event.derived['approval'] === null ? [one('act.without-review', event)] : [];
}

/** Written by the decision; what lacks it was not decided by this program, and counting stops rather than guess. */
function text(value: string | undefined): string {
  if (value === undefined) throw new Error('a fact that counting needs is missing in the stored event');
  return value;
}

/** The one result of an application; 按时 up to the ordinary end, 延期 after it, late after the lawful one. An end of null passes never. */
function closed(event: CountableEvent, result: Record<string, string>): Contribution[] {
  const { ordinaryEnd, lawfulEnd, kind } = event.derived as { ordinaryEnd: string | null; lawfulEnd: string | null; kind: string };
  const term = ordinaryEnd === null || event.on <= ordinaryEnd ? 'ordinary' : 'extended';
  return [
    one('application.closed', event, { term }),
    one('application.result', event, result),
    one('application.open', event, { kind }, -1),
    ...(lawfulEnd === null || event.on <= lawfulEnd ? [] : [one('application.late', event)]),
  ];
}

/** The case of a reviewing organ as co-defendant counts for the original agency only (国办公开办函〔2019〕60号, 〔2021〕30号). */
function asDefendant(event: CountableEvent, count: (route: string) => Contribution[]): Contribution[] {
  const { route, courtRole } = event.derived as { route: string; courtRole: string };
  return courtRole === 'defendant' ? count(route) : [];
}

const COUNTERS: Readonly<Record<string, Counter>> = {
  'agency.clearance-chain-set': (event) => {
    const set = { steps: event.data['steps'], approver: event.data['approver'] ?? null } as Chain;
    const { previous, next } = event.derived as { previous: Chain | null; next: (Chain & { at: string; on: string }) | null };
    const own = isChange(previous, set) ? [one('chain.changed', event, { at: event.at })] : [];
    if (next == null) return each(...own);
    // What the chain set after it changes, it now changes from this one.
    const amount = Number(isChange(set, next)) - Number(isChange(previous, next));
    return each(...own, ...(amount === 0 ? [] : [{ measure: 'chain.changed' as const, on: next.on, amount, dimensions: { at: next.at } }]));
  },
  'agency.figure-declared': (event) => declared(event),
  'publication.released': (event) => ({
    contributions: [one('item.released', event, { channel: event.data['channel'] as Channel }), ...unreviewed(event)],
    firsts: firstsOf(event),
  }),
  'publication.corrected': (event) => ({ contributions: unreviewed(event) }),
  'application.received': (event) => {
    const { channel, kind, law } = event.derived as Record<string, string>;
    return each(
      one('application.received', event, { channel: text(channel), kind: text(kind), law: text(law) }),
      one('application.open', event, { kind: text(kind) }),
    );
  },
  'application.replied': (event) => {
    const { outcome, ground } = event.data as Record<string, string>;
    const { kind, law } = event.derived as Record<string, string>;
    const answer = { outcome: text(outcome), law: text(law), ...(ground === undefined ? {} : { ground }) };
    const replied = one('application.replied', event, answer);
    if (outcome === 'amend-supplement') return each(replied, ...unreviewed(event));
    return each(replied, ...closed(event, { ...answer, kind: text(kind) }), ...unreviewed(event));
  },
  'application.reply-remade': (event) => each(...unreviewed(event)),
  'application.abandoned': (event) => {
    const { kind, law } = event.derived as Record<string, string>;
    return each(...closed(event, { outcome: 'abandoned', law: text(law), kind: text(kind), reason: event.data['reason'] as string }));
  },
  'application.withdrawn': (event) => {
    const { kind, law } = event.derived as Record<string, string>;
    return each(...closed(event, { outcome: 'withdrawn', law: text(law), kind: text(kind) }));
  },
  'application.fee-charged': (event) => each(one('application.fee', event, {}, event.data['amountFen'] as number)),
  'application.fee-waived': (event) => each(one('application.fee-waived', event, {}, event.data['amountFen'] as number)),
  'reconsideration.filed': (event) => each(one('reconsideration.pending', event)),
  'reconsideration.decided': (event) =>
    each(one('reconsideration.decided', event, { result: event.data['result'] as string }), one('reconsideration.pending', event, {}, -1)),
  'lawsuit.filed': (event) => each(...asDefendant(event, (route) => [one('lawsuit.pending', event, { route })])),
  'lawsuit.decided': (event) =>
    each(
      ...asDefendant(event, (route) => [
        one('lawsuit.decided', event, { result: event.data['result'] as string, route }),
        one('lawsuit.pending', event, { route }, -1),
      ]),
    ),
  'complaint.decided': (event) => each(one('complaint.decided', event, { result: event.data['result'] as string })),
  'normative-document.issued': (event) => each(one('normative-document.issued', event, { rank: rankOf(event) })),
  'normative-document.repealed': (event) => each(one('normative-document.repealed', event, { rank: rankOf(event) })),
  'hotspot.answered': (event) => ({ firsts: firstsOf(event) }),
  'press-conference.held': (event) =>
    each(one('press-conference.held', event, { chief: event.data['chiefAttended'] === true ? 'yes' : 'no' })),
  'interpretation.published': (event) => each(one('interpretation.published', event)),
  'delivery.made': (event) => each(one('delivery.items', event, { medium: event.data['medium'] as string }, event.data['items'] as number)),
  'meeting.held': (event) => each(one('meeting.held', event)),
  'training.held': (event) => each(one('training.held', event), one('training.trainees', event, {}, event.data['trainees'] as number)),
  'table.declared': (event) => onPaper(event),
  // Counts nothing: where it went out without review, the table of the year it is about says so.
  'report.published': (event) => {
    const { year } = event.derived as { year: number };
    return each(...unreviewed({ ...event, on: `${year}-12-31` }));
  },
  'record.voided': (event) => ({
    reverses: (event.derived['voided'] as { eventId: string }).eventId,
    firsts: firstsOf(event),
    ...(event.derived['figure'] === undefined ? {} : declared(event)),
    ...(event.derived['table'] === undefined ? {} : onPaper(event)),
  }),
};

export const COUNTED_TYPES: readonly string[] = Object.keys(COUNTERS);

/** What an event counts. A type in neither list throws: an event must never go silently uncounted. */
export function count(event: CountableEvent): Counted {
  const counter = COUNTERS[event.type];
  if (counter !== undefined) return { ...NOTHING, ...counter(event) };
  if (UNCOUNTED_TYPES.includes(event.type)) return NOTHING;
  throw new Error(`no rule says how ${event.type} counts`);
}

function declared(event: CountableEvent): Partial<Counted> {
  const { year, form, cell, is } = event.derived['figure'] as {
    year: number;
    form: string;
    cell: string;
    is: { eventId: string; value: string } | null;
  };
  return { declaration: { year, form, cell, value: is?.value ?? null, eventId: is?.eventId ?? null } };
}

function onPaper(event: CountableEvent): Partial<Counted> {
  const { year, is } = event.derived['table'] as { year: number; is: string | null };
  return { paper: { year, eventId: is, printed: (event.derived['printed'] as PrintedVersion | undefined) ?? null } };
}

function firstsOf(event: CountableEvent): Contribution[] {
  const changes = (event.derived['firsts'] as readonly FirstChange[] | undefined) ?? [];
  return changes.flatMap(({ slot, was, is }) => {
    const { measure, dimensions } = slotMeasure(slot, event);
    const rows: Contribution[] = [];
    if (was !== null) rows.push({ measure, dimensions, on: was, amount: -1 });
    if (is !== null) rows.push({ measure, dimensions, on: is, amount: 1 });
    return rows;
  });
}

/** Slots an act competes for: each counts once, on the earliest standing act of its case. */
export function slotsOf(event: Pick<CountableEvent, 'type' | 'data'>): string[] {
  if (event.type === 'publication.released') return ['release'];
  if (event.type === 'hotspot.answered') return ['answer', `answer:${event.data['means'] as Means}`];
  return [];
}

/** What a slot counts as. */
export function slotMeasure(slot: string, event: CountableEvent): Pick<Contribution, 'measure' | 'dimensions'> {
  if (slot === 'release') return { measure: 'item.first-released', dimensions: { rank: rankOf(event) } };
  if (slot === 'answer') return { measure: 'topic.first-answered', dimensions: {} };
  if (slot.startsWith('answer:')) return { measure: 'topic.first-answered-by', dimensions: { means: slot.slice('answer:'.length) } };
  throw new Error(`no measure for the slot ${slot}`);
}
