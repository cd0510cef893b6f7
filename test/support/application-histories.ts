/**
 * Histories of applications and of what follows them, 2014 to 2022, under both texts and with every kind of chain: for
 * tests of whole ledgers.
 */
import fc from 'fast-check';
import { RESULTS } from './application-results.js';
import { AGENCIES, setUpAgencies, type Step } from './histories.js';
import { hashOf, message, type Message } from './messages.js';

/** Years with acts; the year after them shows what is carried on. */
export const APPLICATION_YEARS = [2014, 2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022] as const;

const MINUTE = 60_000;
const DAY = 86_400_000;
const FIRST = Date.parse('2014-01-01T00:00:00+08:00');
const LAST = Date.parse('2022-12-31T23:59:59+08:00');
/** The chain of the agency `changing` is empty from then on. */
const EMPTIED = Date.parse('2016-06-30T18:00:00+08:00');

const time = (instant: number): string => new Date(instant).toISOString();

const agency = fc.constantFrom(...AGENCIES);
const number = fc.nat(14).map(String);
const gap = fc.oneof({ arbitrary: fc.integer({ min: 0, max: 12 }), weight: 3 }, fc.integer({ min: 0, max: 90 }));
/** Any hour, often around the turn of a year, where a year is easily lost. */
const moment = fc.oneof(
  { arbitrary: fc.integer({ min: FIRST, max: LAST }).map((at) => at - (at % MINUTE)), weight: 2 },
  fc
    .record({ year: fc.constantFrom(...APPLICATION_YEARS.slice(1)), hours: fc.integer({ min: -900, max: 30 }) })
    .map(({ year, hours }) => Date.parse(`${year}-01-01T00:00:00+08:00`) + hours * 60 * MINUTE),
);

const result = fc.constantFrom(...RESULTS);
const KINDS = ['natural-person', 'business', 'research', 'public-welfare', 'legal-service', 'other'];
const CHANNELS = ['in-person', 'fax', 'online', 'email', 'letter', 'other'];

interface Answer {
  readonly outcome: string;
  readonly ground?: string;
}

interface Where {
  readonly agency: string;
  readonly number: string;
}

function act({ agency: code, number: of }: Where, type: string, at: number, data: Record<string, unknown> = {}, actor = 'clerk'): Message {
  return message(`application.${type}`, `application/${of}`, time(at), actor, data, { agency: code });
}

/** An answer with whatever its agency's chain asks for before it. */
function answered(where: Where, at: number, answer: Answer, type = 'replied', more: Record<string, unknown> = {}): Message[] {
  const contentHash = hashOf(`${where.number} ${at} ${answer.outcome}`);
  const sent = act(where, type, at + 40 * MINUTE, { ...answer, contentHash, ...more }, 'editor');
  if (where.agency === 'unreviewing' || (where.agency === 'changing' && at + 40 * MINUTE >= EMPTIED)) return [sent];
  return [
    act(where, 'reply-drafted', at, { ...answer, contentHash }, 'drafter'),
    act(where, 'cleared', at + 10 * MINUTE, { step: 'office', verdict: 'passed', contentHash }, 'office'),
    act(where, 'cleared', at + 20 * MINUTE, { step: 'regulations', verdict: 'passed', contentHash }, 'lawyer'),
    act(where, 'approved', at + 30 * MINUTE, { contentHash }, 'leader'),
    sent,
  ];
}

type Course = (where: Where, at: number) => Message[];

/** What happens to an application on its way; pairs end some days later. */
const middle: fc.Arbitrary<Course> = fc.oneof(
  gap.map((days): Course => (where, at) => [act(where, 'supplement-requested', at), act(where, 'supplemented', at + days * DAY)]),
  fc.constant<Course>((where, at) => [act(where, 'supplement-requested', at)]),
  gap.map((days): Course => (where, at) => [
    act(where, 'third-party-consulted', at),
    act(where, 'third-party-answered', at + days * DAY, { answer: 'silent' }),
  ]),
  fc
    .integer({ min: 1, max: 21 })
    .map((days): Course => (where, at) => [act(where, 'extended', at, { days, reason: '案情复杂', approvedBy: 'leader' })]),
  fc.nat(1_000_000).map((amountFen): Course => (where, at) => [act(where, 'fee-charged', at, { amountFen, basis: '复印' })]),
  fc.nat(10_000).map((amountFen): Course => (where, at) => [act(where, 'fee-waived', at, { amountFen, reason: '低保' })]),
  fc.constant<Course>((where, at) => answered(where, at, { outcome: 'amend-supplement' })),
);

/** How it ends; a result of the other text is refused, and the application stays open. */
const ending: fc.Arbitrary<Course> = fc.oneof(
  {
    arbitrary: result.map(
      ({ outcome, ground }): Course =>
        (where, at) =>
          answered(where, at, { outcome, ...(ground === undefined ? {} : { ground }) }),
    ),
    weight: 8,
  },
  fc
    .constantFrom('not-supplemented', 'fee-unpaid', 'other')
    .map((reason): Course => (where, at) => [act(where, 'abandoned', at, { reason })]),
  fc.constant<Course>((where, at) => [act(where, 'withdrawn', at)]),
  fc.constant<Course>(() => []),
);

/**
 * A whole course; on a number that is taken the receipt is refused and the rest goes on with the application that has
 * it.
 */
const course: fc.Arbitrary<Step> = fc
  .record({
    agency,
    number,
    at: moment,
    law: fc.constantFrom(undefined, undefined, undefined, '2008', '2019'),
    kind: fc.constantFrom(...KINDS),
    channel: fc.constantFrom(...CHANNELS),
    acts: fc.array(fc.tuple(gap, middle), { maxLength: 3 }),
    end: fc.tuple(gap, ending),
  })
  .map(({ agency: code, number: of, at, law, kind, channel, acts, end }) => () => {
    const where = { agency: code, number: of };
    const data = { channel, applicant: { kind }, request: '公开文件', ...(law === undefined ? {} : { law }) };
    const sent = [act(where, 'received', at, data)];
    let now = at;
    for (const [days, then] of [...acts, end]) {
      now += days * DAY + 60 * MINUTE;
      sent.push(...then(where, now));
    }
    return sent;
  });

/** Something at any time to any application: much of it late or out of place. */
const stray: fc.Arbitrary<Step> = fc.record({ agency, number, at: moment, what: fc.oneof(middle, ending) }).map(
  ({ what, at, ...where }) =>
    () =>
      what(where, at),
);

const remedy: fc.Arbitrary<Step> = fc
  .record({
    agency,
    number: fc.nat(5).map(String),
    kind: fc.constantFrom('reconsideration', 'lawsuit', 'complaint'),
    application: fc.option(number),
    route: fc.constantFrom('direct', 'after-reconsideration'),
    role: fc.constantFrom({}, {}, { role: 'defendant' }, { role: 'co-defendant-reviewer' }),
    at: moment,
    decision: fc.option(fc.record({ days: fc.integer({ min: 0, max: 500 }), result: fc.constantFrom('upheld', 'corrected', 'other') })),
  })
  .map(({ agency: code, number: of, kind, application, route, role, at, decision }) => () => {
    const send = (type: string, when: number, data: Record<string, unknown>): Message =>
      message(`${kind}.${type}`, `${kind}/${of}`, time(when), 'clerk', data, { agency: code });
    const about = application === null ? {} : { application: `application/${application}` };
    const opened =
      kind === 'complaint'
        ? send('received', at, { topic: '未按时答复', ...about })
        : send('filed', at, { ...about, ...(kind === 'lawsuit' ? { route, ...role } : {}) });
    return decision === null ? [opened] : [opened, send('decided', at + decision.days * DAY, { result: decision.result })];
  });

const place = fc.nat(1_000_000);
const orderable = /^disclosure\.(reconsideration|lawsuit|complaint)\.decided$/;
const opens = /^disclosure\.(reconsideration\.filed|lawsuit\.filed|complaint\.received)$/;

/** An answer made again to the application that a decided case names. */
const remade: fc.Arbitrary<Step> = fc
  .record({ place, days: gap, result })
  .map(({ place: at, days, result: { outcome, ground } }) => (sent) => {
    const decisions = sent.filter(({ type }) => orderable.test(type));
    const decision = decisions[at % (decisions.length || 1)];
    const filing = sent.find((one) => one.agency === decision?.agency && one.subject === decision.subject && opens.test(one.type));
    const application = (filing?.data as { application?: string } | undefined)?.application;
    if (decision === undefined || application === undefined) return [];
    const where = { agency: decision.agency, number: application.slice('application/'.length) };
    const answer = { outcome, ...(ground === undefined ? {} : { ground }) };
    return answered(where, Date.parse(decision.time) + days * DAY, answer, 'reply-remade', { orderedBy: decision.subject });
  });

const COUNTED = /\.(replied|abandoned|withdrawn|decided|received|filed|fee-charged|fee-waived)$/;

/** Takes back something sent before: mostly a close or a decision, mostly after everything else. */
const voiding: fc.Arbitrary<Step> = fc
  .record({ place, at: fc.oneof({ arbitrary: fc.constant(LAST + 30 * DAY), weight: 4 }, moment), any: fc.nat(3) })
  .map(({ place: index, at, any }) => (sent) => {
    const acts = sent.filter(({ type }) => !/disclosure\.(agency|record)\./.test(type));
    const wanted = any === 0 ? acts : acts.filter(({ type }) => COUNTED.test(type));
    const target = wanted[index % (wanted.length || 1)];
    if (target === undefined) return [];
    const approvedBy = target.agency === 'reviewing' ? 'leader' : 'second-root';
    const data = { message: { id: target.id, source: target.source }, reason: '录入错误', approvedBy };
    return [message('record.voided', target.subject, time(at), 'auditor', data, { agency: target.agency })];
  });

const repeating: fc.Arbitrary<Step> = place.map((index) => (sent) => [sent[index % sent.length] as Message]);

/** Some courses first, so that what follows finds applications. */
export const applicationHistory: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.array(course, { minLength: 20, maxLength: 30 }),
    fc.array(
      fc.oneof(
        { arbitrary: course, weight: 6 },
        { arbitrary: stray, weight: 3 },
        { arbitrary: remedy, weight: 4 },
        { arbitrary: remade, weight: 3 },
        { arbitrary: voiding, weight: 8 },
        { arbitrary: repeating, weight: 1 },
      ),
      { minLength: 50, maxLength: 90 },
    ),
  )
  .map(([courses, steps]) => [...courses, ...steps]);

/** The messages of a history, set-up first. */
export function applicationMessages(steps: readonly Step[]): Message[] {
  return steps.reduce<Message[]>((sent, step) => [...sent, ...step(sent)], setUpAgencies());
}
