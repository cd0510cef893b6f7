/**
 * What is kept of an event: only what a figure may rest on. An act that counts nothing and that nothing counted rests
 * on (a clearance, an approval, a check) leaves no trace here; a void that names one changes no figure.
 */
import type { ClockMove, Law, Term } from './clock.js';
import type { Moment } from './days.js';
import { dayOf } from './days.js';
import type { Edition } from './decimal.js';
import { optionalText, textOf, Uncountable, wholeNumber, type RawEvent } from './raw-event.js';

export type Rank = 'rules' | 'normative';

type Each<W extends string, T> = W extends string ? { readonly what: W } & T : never;

/** What an act says, by what it is. */
export type Saying =
  | { readonly what: 'drafted'; readonly rank: Rank }
  | { readonly what: 'released'; readonly channel: string }
  | { readonly what: 'topic'; readonly means: string }
  | Each<'issued' | 'repealed', { readonly rank: Rank }>
  | { readonly what: 'press'; readonly chief: boolean }
  | Each<'interpretation' | 'meeting' | 'withdrawn', unknown>
  | { readonly what: 'training'; readonly trainees: number }
  | { readonly what: 'delivery'; readonly medium: string; readonly items: number }
  | { readonly what: 'received'; readonly channel: string; readonly kind: string; readonly law: Law }
  | Each<ClockMove, { readonly days: number }>
  | { readonly what: 'replied'; readonly outcome: string; readonly ground: string | null }
  | { readonly what: 'abandoned'; readonly reason: string }
  | Each<'fee' | 'waived', { readonly fen: number }>
  | { readonly what: 'filed'; readonly route: string | null; readonly reviewer: boolean }
  | { readonly what: 'decided'; readonly result: string }
  | { readonly what: 'figure'; readonly year: number; readonly form: string; readonly cell: string; readonly value: string }
  | {
      readonly what: 'table';
      readonly year: number;
      readonly form: string;
      readonly edition: Edition;
      readonly cells: Readonly<Record<string, unknown>>;
    };

export type What = Saying['what'];

export type SayingOf<W extends What> = Extract<Saying, { readonly what: W }>;

/** An act of a case; a case is a chain of its acts. */
export class Act<S extends Saying = Saying> implements Moment {
  /** Index of the void that took it back; `STANDS` while none did. */
  until = STANDS;
  /** Of an act that closes an application: by the calendar known when it was recorded. */
  term: Term = 'ordinary';

  constructor(
    readonly index: number,
    readonly day: number,
    readonly ms: number,
    /** False where another case had used its id before: it stands in its case and counts nothing. */
    readonly counts: boolean,
    readonly said: S,
    /** The act of the case recorded before it. */
    readonly before: Act | null,
  ) {}
}

export type ActOf<W extends What> = Act<SayingOf<W>>;

export const STANDS = 2 ** 31 - 1;

/** Whether the act stood when event `at` was recorded. */
export function stood({ index, until }: Act, at: number): boolean {
  return index <= at && at < until;
}

export function says<W extends What>(act: Act, what: W): act is ActOf<W> {
  return act.said.what === what;
}

/** First day of the text of 2019. */
const TEXT_OF_2019 = dayOf('2019-05-15');

export type Reader = (event: RawEvent, moment: Moment) => Saying | null;

const rankOf = (value: unknown): Rank => (value === 'rules' ? 'rules' : 'normative');
const field =
  <T extends Saying>(name: string, make: (value: string) => T): Reader =>
  (event) =>
    make(textOf(event, event.data[name], `data.${name}`));
const amount =
  <T extends Saying>(name: string, make: (value: number) => T): Reader =>
  (event) =>
    make(wholeNumber(event, event.data[name], `data.${name}`));
const move =
  (what: ClockMove): Reader =>
  () => ({ what, days: 0 });
const filed: Reader = ({ data }) => ({
  what: 'filed',
  route: optionalText(data['route']),
  reviewer: data['role'] === 'co-defendant-reviewer',
});
const decided = field('result', (result) => ({ what: 'decided', result }));

const received: Reader = (event, { day }) => {
  const { channel, applicant, law } = event.data as { channel?: unknown; applicant?: { kind?: unknown }; law?: unknown };
  if (law !== undefined && law !== '2008' && law !== '2019') throw new Uncountable(event.index, event.type, 'data.law is neither text');
  return {
    what: 'received',
    channel: textOf(event, channel, 'data.channel'),
    kind: textOf(event, applicant?.kind, 'data.applicant.kind'),
    law: law ?? (day >= TEXT_OF_2019 ? '2019' : '2008'),
  };
};

const replied: Reader = (event) => ({
  what: 'replied',
  outcome: textOf(event, event.data['outcome'], 'data.outcome'),
  ground: optionalText(event.data['ground']),
});

const figure: Reader = (event) => ({
  what: 'figure',
  year: wholeNumber(event, event.data['year'], 'data.year'),
  form: textOf(event, event.data['form'], 'data.form'),
  cell: textOf(event, event.data['cell'], 'data.cell'),
  value: textOf(event, event.data['value'], 'data.value'),
});

const table: Reader = (event) => {
  const { cells } = event.data;
  if (typeof cells !== 'object' || cells === null) throw new Uncountable(event.index, event.type, 'data.cells is missing');
  return {
    what: 'table',
    year: wholeNumber(event, event.data['year'], 'data.year'),
    form: textOf(event, event.data['form'], 'data.form'),
    edition: event.version === 1 ? 1 : 2,
    cells: cells as Readonly<Record<string, unknown>>,
  };
};

/** By type. Every other known type counts nothing. */
export const READERS: Readonly<Record<string, Reader>> = {
  'publication.drafted': ({ data }) => (data['normative'] === undefined ? null : { what: 'drafted', rank: rankOf(data['normative']) }),
  'publication.released': field('channel', (channel) => ({ what: 'released', channel })),
  'hotspot.answered': field('means', (means) => ({ what: 'topic', means })),
  'normative-document.issued': ({ data }) => ({ what: 'issued', rank: rankOf(data['rank']) }),
  'normative-document.repealed': ({ data }) => ({ what: 'repealed', rank: rankOf(data['rank']) }),
  'press-conference.held': ({ data }) => ({ what: 'press', chief: data['chiefAttended'] === true }),
  'interpretation.published': () => ({ what: 'interpretation' }),
  'meeting.held': () => ({ what: 'meeting' }),
  'training.held': amount('trainees', (trainees) => ({ what: 'training', trainees })),
  'delivery.made': (event) => ({
    what: 'delivery',
    medium: textOf(event, event.data['medium'], 'data.medium'),
    items: wholeNumber(event, event.data['items'], 'data.items'),
  }),
  'application.received': received,
  'application.supplement-requested': move('asked'),
  'application.supplemented': move('supplemented'),
  'application.third-party-consulted': move('consulted'),
  'application.third-party-answered': move('answered'),
  'application.extended': amount('days', (days) => ({ what: 'extended', days })),
  'application.replied': replied,
  'application.abandoned': field('reason', (reason) => ({ what: 'abandoned', reason })),
  'application.withdrawn': () => ({ what: 'withdrawn' }),
  'application.fee-charged': amount('amountFen', (fen) => ({ what: 'fee', fen })),
  'application.fee-waived': amount('amountFen', (fen) => ({ what: 'waived', fen })),
  'reconsideration.filed': filed,
  'reconsideration.decided': decided,
  'lawsuit.filed': filed,
  'lawsuit.decided': decided,
  'complaint.decided': decided,
  'agency.figure-declared': figure,
  'table.declared': table,
};

/** 告知作出更改补充 leaves an application open; every other answer closes it. */
export function closesApplication(said: Saying): boolean {
  return said.what === 'abandoned' || said.what === 'withdrawn' || (said.what === 'replied' && said.outcome !== 'amend-supplement');
}

/** In the order in which things happened; of two at the same instant the one recorded first. */
export function inTime(a: Moment & { readonly index: number }, b: Moment & { readonly index: number }): number {
  return a.day - b.day || a.ms - b.ms || a.index - b.index;
}
