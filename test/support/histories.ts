/**
 * Histories of many cases for tests that look at whole ledgers: what they are made of, how they are sent, and what is
 * read of the tables.
 */
import fc from 'fast-check';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import type { MessageRecorder } from '../../src/recording/message-recorder.js';
import type { Receipt } from '../../src/recording/receipts.js';
import type { Table } from '../../src/tables/table.js';
import type { TableReader } from '../../src/tables/table-reader.js';
import { valuesOf } from '../../src/statistics/table.js';
import { approvedItem, hashOf, message, setUp, type Message } from './messages.js';

/** What these helpers need of a ledger. */
export interface Recording {
  readonly recorder: MessageRecorder;
}

export interface Reading {
  readonly tables: TableReader;
  settled(): Promise<void>;
}

/** Records in order without waiting for each: commits are shared, as when a file is imported. */
export async function sendAll(ledger: Recording, messages: readonly unknown[]): Promise<Receipt[]> {
  return Promise.all(messages.map((one) => ledger.recorder.recordValue(one, NO_IDENTITY)));
}

/** Records, and fails unless everything was recorded. */
export async function record(ledger: Recording, messages: readonly unknown[]): Promise<Receipt[]> {
  const receipts = await sendAll(ledger, messages);
  const others = receipts.filter(({ status }) => status !== 'recorded');
  if (others.length > 0) throw new Error(`not recorded: ${JSON.stringify(others)}`);
  return receipts;
}

export type Cells = Readonly<Record<string, string>>;

/** The cells of a table that are neither blank nor zero. */
export function figuresOf(table: Table): Cells {
  return Object.fromEntries([...valuesOf(table.rows)].flatMap(([cell, value]) => (value === null || value === '0' ? [] : [[cell, value]])));
}

export async function figures(ledger: Reading, agency: string, year: number, form = '2014-shandong'): Promise<Cells> {
  await ledger.settled();
  return figuresOf(await ledger.tables.table({ agency, year, form }));
}

/** A printed number in units of 10^-6. */
function micros(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(6, '0')) * (text.startsWith('-') ? -1n : 1n);
}

/**
 * Throws unless the events that explain each cell (or each of these) add up to its value, and a blank cell has none.
 */
export async function checkExplained(
  ledger: Reading,
  agency: string,
  year: number,
  cells?: readonly string[],
  form = '2014-shandong',
): Promise<void> {
  const question = { agency, year, form };
  const table = await ledger.tables.table(question);
  for (const [code, value] of valuesOf(table.rows)) {
    if (cells?.includes(code) === false) continue;
    const { events, value: explained } = await ledger.tables.explain({ ...question, cell: code });
    const sum = events.reduce((total, { amount }) => total + micros(amount), 0n);
    if (explained !== value) throw new Error(`${agency} ${year} ${code}: the table says ${value}, the explanation ${explained}`);
    if (value === null ? events.length > 0 : sum !== micros(value)) {
      throw new Error(`${agency} ${year} ${code}: ${value} is explained by ${JSON.stringify(events)}`);
    }
  }
}

// ---- random histories -----------------------------------------------------------------------------------------------

export const YEARS = [2014, 2015, 2016, 2017, 2018];

/** One reviews, one never does, one stops reviewing in the middle of 2016. */
export const AGENCIES = ['reviewing', 'unreviewing', 'changing'] as const;

export function setUpAgencies(): Message[] {
  const emptied = message(
    'agency.clearance-chain-set',
    'agency/changing',
    '2016-06-30T18:00:00+08:00',
    'root',
    { steps: [] },
    { agency: 'changing' },
  );
  return [...setUp('reviewing'), ...setUp('unreviewing', { chain: false }), ...setUp('changing'), emptied];
}

/** Moments around the turn of the year in several notations come often: they are where a year is easily lost. */
const TURNS = [
  '2014-12-31T15:59:59Z',
  '2014-12-31T16:00:00Z',
  '2015-12-31T23:30:00+08:00',
  '2016-01-01T00:30:00+09:00',
  '2016-12-31T11:00:00-05:00',
  '2017-12-31T15:30:00.999Z',
];

const usualMoment = fc
  .record({
    year: fc.constantFrom(...YEARS),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    hour: fc.integer({ min: 0, max: 23 }),
  })
  .map(({ year, month, day, hour }) => `${year}-${two(month)}-${two(day)}T${two(hour)}:00:00+08:00`);
const moment = fc.oneof({ arbitrary: usualMoment, weight: 4 }, fc.constantFrom(...TURNS));
const two = (value: number): string => String(value).padStart(2, '0');

const agency = fc.constantFrom(...AGENCIES);
const number = fc.nat(3).map(String);
const channel = fc.constantFrom('website', 'weibo', 'wechat', 'gazette', 'bulletin-board', 'press-conference', 'other');

/** Given what was sent before, what is sent now. */
export type Step = (sent: readonly Message[]) => readonly Message[];

function single(type: string, kind: string, data: fc.Arbitrary<Record<string, unknown>>, actor = 'clerk'): fc.Arbitrary<Step> {
  return fc
    .record({ agency, number, moment, data, source: fc.constantFrom('/test', '/test/other') })
    .map(({ agency: code, number: of, moment: at, data: said, source }) => () => [
      message(type, `${kind}/${kind === 'agency' ? code : of}`, at, actor, said, { agency: code, source }),
    ]);
}

/** An item through the whole chain of its agency, early enough that most releases come after it. */
const item: fc.Arbitrary<Step> = fc
  .record({
    agency,
    number,
    month: fc.integer({ min: 1, max: 12 }),
    normative: fc.constantFrom(undefined, undefined, 'rules', 'normative'),
    shared: fc.nat(4),
  })
  .map(({ agency: code, number: of, month, normative, shared }) => () => {
    const draft = { ...(normative === undefined ? {} : { normative }), ...(shared === 0 ? { documentNumber: '一号' } : {}) };
    const acts = approvedItem(of, `2014-${two(month)}-05`, draft).map((act) => ({ ...act, agency: code }));
    return code === 'unreviewing' ? acts.slice(0, 1) : acts;
  });

const secondRound: fc.Arbitrary<Step> = fc
  .record({ agency, number, month: fc.integer({ min: 1, max: 12 }) })
  .map(({ agency: code, number: of, month }) => () => {
    const [, ...clearing] = approvedItem(of, `2015-${two(month)}-06`, { contentHash: hashOf(`${of} second`) });
    const revised = message('publication.revised', `publication/${of}`, `2015-${two(month)}-06T09:00:00+08:00`, 'drafter', {
      contentHash: hashOf(`${of} second`),
    });
    const acts = [revised, ...clearing].map((act) => ({ ...act, agency: code }));
    return code === 'unreviewing' ? acts.slice(0, 1) : acts;
  });

const release: fc.Arbitrary<Step> = fc
  .record({ agency, number, channel, moment, second: fc.boolean() })
  .map(({ agency: code, number: of, channel: by, moment: at, second }) => (sent) => {
    const revised = sent.some(
      (act) => act.type === 'disclosure.publication.revised' && act.agency === code && act.subject === `publication/${of}`,
    );
    return [
      message(
        'publication.released',
        `publication/${of}`,
        at,
        'editor',
        { channel: by, contentHash: hashOf(revised && second ? `${of} second` : of) },
        { agency: code },
      ),
    ];
  });

const pick = fc.nat(1_000_000);

/** Takes back something sent before, mostly with an approver who may and after everything else. */
const voiding: fc.Arbitrary<Step> = fc
  .record({
    pick,
    moment: fc.oneof({ arbitrary: fc.constant('2019-01-15T09:00:00+08:00'), weight: 4 }, moment),
    approvedBy: fc.constantFrom('root', 'leader', 'leader', 'office'),
  })
  .map(({ pick: place, moment: at, approvedBy }) => (sent) => {
    const voidable = sent.filter(({ type }) => !/agency.(registered|changed|role|clearance)|record/.test(type));
    const from = place % 10 === 0 || voidable.length === 0 ? sent : voidable;
    const target = from[place % from.length] as Message;
    const approver = target.agency === 'reviewing' && approvedBy === 'root' ? 'leader' : approvedBy;
    const data = {
      message: { id: target.id, source: target.source },
      reason: '录入错误',
      approvedBy: target.agency === 'reviewing' ? approver : 'second-root',
    };
    return [message('record.voided', target.subject, at, 'auditor', data, { agency: target.agency })];
  });

const repeating: fc.Arbitrary<Step> = pick.map((place) => (sent) => [sent[place % sent.length] as Message]);

/** The id of something sent before, for something else: on the same case or on another. */
const reusing: fc.Arbitrary<Step> = fc.record({ pick, elsewhere: fc.boolean() }).map(({ pick: place, elsewhere }) => (sent) => {
  const first = sent[place % sent.length] as Message;
  return [
    elsewhere ? { ...first, agency: first.agency === 'reviewing' ? 'unreviewing' : 'reviewing' } : { ...first, actor: 'somebody else' },
  ];
});

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: item, weight: 6 },
  { arbitrary: release, weight: 12 },
  { arbitrary: secondRound, weight: 2 },
  { arbitrary: voiding, weight: 8 },
  { arbitrary: repeating, weight: 2 },
  { arbitrary: reusing, weight: 1 },
  {
    arbitrary: single(
      'publication.corrected',
      'publication',
      fc.record({ contentHash: number.map((of) => hashOf(`${of} second`)), reason: fc.constant('错字') }),
      'editor',
    ),
    weight: 1,
  },
  {
    arbitrary: single(
      'publication.withdrawn',
      'publication',
      fc.oneof(
        fc.constant({ reason: '失效' }),
        channel.map((by) => ({ reason: '失效', channel: by })),
      ),
      'editor',
    ),
    weight: 1,
  },
  { arbitrary: single('publication.checked', 'publication', fc.constant({ finding: 'ok' })), weight: 1 },
  {
    arbitrary: single(
      'hotspot.answered',
      'hotspot',
      fc.record({ topic: fc.constant('物价'), means: fc.constantFrom('press-conference', 'interpretation', 'weibo-wechat', 'other') }),
    ),
    weight: 6,
  },
  {
    arbitrary: single(
      'press-conference.held',
      'press-conference',
      fc.record({ title: fc.constant('发布会'), chiefAttended: fc.boolean() }),
    ),
    weight: 3,
  },
  { arbitrary: single('interpretation.published', 'interpretation', fc.record({ title: fc.constant('解读') })), weight: 2 },
  {
    arbitrary: single(
      'delivery.made',
      'delivery',
      fc.record({ place: fc.constant('档案馆'), medium: fc.constantFrom('paper', 'electronic'), items: fc.integer({ min: 1, max: 500 }) }),
    ),
    weight: 3,
  },
  { arbitrary: single('meeting.held', 'meeting', fc.constant({ title: '会议' })), weight: 2 },
  { arbitrary: single('training.held', 'training', fc.record({ title: fc.constant('培训'), trainees: fc.nat(90) })), weight: 3 },
  {
    arbitrary: single(
      'normative-document.issued',
      'normative-document',
      fc.record({ documentNumber: fc.constant('一号'), title: fc.constant('办法') }),
    ),
    weight: 3,
  },
  {
    arbitrary: single(
      'normative-document.repealed',
      'normative-document',
      fc.record({ documentNumber: fc.constant('一号'), title: fc.constant('办法') }),
    ),
    weight: 1,
  },
  {
    arbitrary: single(
      'agency.figure-declared',
      'agency',
      fc.record({
        year: fc.constantFrom(...YEARS),
        form: fc.constant('2014-shandong'),
        cell: fc.constantFrom('9.1', '9.2', '9.3.1', '9.3.2', '9.4'),
        value: fc.oneof(fc.nat(30).map(String), fc.constantFrom('0.2', '24252.311082')),
        evidence: fc.constant('编制文件'),
      }),
    ),
    weight: 4,
  },
);

/** Some items first, so that releases find something to release. */
export const history: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.array(item, { minLength: 10, maxLength: 16 }), fc.array(anyStep, { minLength: 60, maxLength: 110 }))
  .map(([items, steps]) => [...items, ...steps]);

/** The messages of a history, set-up first. */
export function played(steps: readonly Step[]): Message[] {
  return steps.reduce<Message[]>((sent, step) => [...sent, ...step(sent)], setUpAgencies());
}
