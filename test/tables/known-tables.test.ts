/** Of a table that was answered it is known without computing whether it is still the same. */
import fc from 'fast-check';
import { QueryProblem } from '../../src/read-models/query-problem.js';
import { KnownTables } from '../../src/tables/known-tables.js';
import type { Table, TableQuestion } from '../../src/tables/table.js';
import { budget } from '../support/budget.js';
import { AGENCIES, sendAll } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { at, hashOf, message, setUp, type Message } from '../support/messages.js';
import { mixedHistory, mixedMessages, MIXED_YEARS } from '../support/mixed-histories.js';
import { compiled, published } from '../support/reports.js';

const QUESTIONS: readonly TableQuestion[] = AGENCIES.flatMap((agency) =>
  MIXED_YEARS.flatMap((year) => [
    { agency, year },
    { agency, year, view: 'live' },
    { agency, year, rollup: true },
    { agency, year, view: 'published' },
    { agency, year, compare: year + 1 },
  ]),
);

async function answered(ledger: TestLedger, question: TableQuestion): Promise<Table | null> {
  try {
    return await ledger.tables.table(question);
  } catch (error) {
    if (error instanceof QueryProblem) return null;
    throw error;
  }
}

/** What moves tables beside their cases: a role that ended earlier, a report published, an erasure, a permission. */
async function besides(ledger: TestLedger, place: number): Promise<Message[]> {
  const year = MIXED_YEARS[place % MIXED_YEARS.length] ?? 2017;
  const agency = AGENCIES[place % AGENCIES.length] ?? '';
  const role = { actor: 'office', role: 'office-reviewer' };
  switch (place % 5) {
    case 0:
      return [
        message(`agency.role-${place % 2 === 0 ? 'ended' : 'assigned'}`, `agency/${agency}`, at(`${year}-03-01`), 'root', role, { agency }),
      ];
    case 1:
    case 2: {
      // Where nobody clears it goes out by itself.
      const of = { agency: 'unreviewing', year, day: '2023-01-20' };
      const table = await answered(ledger, of);
      return table === null ? [] : [compiled(table, of), published(table, of)];
    }
    case 3: {
      const said = { reason: '期满', approvedBy: agency === 'reviewing' ? 'leader' : 'second-root' };
      return [message('record.erased', `publication/${place % 4}`, at('2023-02-01'), 'auditor', said, { agency })];
    }
    default: {
      const said = { caller: { issuer: 'https://login', subject: `s${place}` }, permission: 'read' };
      return [message('agency.permission-granted', `agency/${agency}`, at('2023-02-01'), 'root', said, { agency })];
    }
  }
}

test('a change is never hidden', async () => {
  // After each message some tables are asked for: what is said to be unchanged is what computing it gives.
  const found = { asked: 0, unchanged: 0, changed: 0 };
  await fc.assert(
    fc.asyncProperty(mixedHistory, fc.nat(1000), async (steps, seed) => {
      const ledger = openTestLedger();
      const known = new KnownTables(ledger.store, ledger.staleness);
      const digests = new Map<TableQuestion, string>();
      let next = seed;
      // Few, so that each is asked again before much of what moves it is recorded.
      const some = Array.from({ length: 16 }, (_, place) => QUESTIONS[(seed + place * 67) % QUESTIONS.length] ?? { agency: '', year: 0 });
      const look = async (question: TableQuestion): Promise<void> => {
        const unchanged = await known.unchanged(question);
        const standpoint = known.standpoint();
        const table = await answered(ledger, question);
        if (table === null) return void expect(unchanged).toBeNull();
        const digest = known.remember(question, table, standpoint);
        found.asked += 1;
        if (unchanged !== null) found.unchanged += 1;
        if (digests.has(question) && digests.get(question) !== digest) found.changed += 1;
        if (unchanged !== null && unchanged !== digest) throw new Error(`${JSON.stringify(question)} changed at ${table.asOf.index}`);
        digests.set(question, digest);
      };
      try {
        for (const [place, one] of mixedMessages(steps).entries()) {
          await sendAll(ledger, [one, ...(place % 12 === 11 ? await besides(ledger, place + seed) : [])]);
          await ledger.settled();
          for (let times = 0; times < 4; times += 1) await look(some[(next += 1) % some.length] ?? { agency: '', year: 0 });
        }
        for (const question of some) await look(question);
      } finally {
        await ledger.discard();
      }
    }),
    { numRuns: budget(1, 8), endOnFailure: true },
  );
  expect(found.changed).toBeGreaterThan(20);
  // And most of what is asked again is known: else all of it would be computed.
  expect(found.unchanged / found.asked).toBeGreaterThan(0.2);
});

/** Each kind of change by itself: a table, what is recorded first, and what moves it. */
interface Moving {
  readonly question: TableQuestion;
  readonly first: readonly Message[];
  readonly then: readonly Message[];
}

const own = (type: string, subject: string, day: string, data: Record<string, unknown>, actor = 'clerk'): Message =>
  message(type, subject, at(day), actor, data, { agency: 'own' });
const drafted = (number: string): Message =>
  own('publication.drafted', `publication/${number}`, '2016-01-05', { title: '信息', contentHash: hashOf('same') }, 'drafter');
const released = (number: string, day: string, channel = 'website'): Message =>
  own('publication.released', `publication/${number}`, day, { channel, contentHash: hashOf('same') }, 'editor');
const received = (day: string): Message =>
  own('application.received', 'application/1', day, {
    channel: 'letter',
    applicant: { kind: 'natural-person' },
    request: '申请',
    law: '2008',
  });
const replied = (day: string): Message =>
  own('application.replied', 'application/1', day, { outcome: 'granted', contentHash: hashOf('r') });
const held = own('meeting.held', 'meeting/1', '2017-05-01', { title: 'm' });
const base = (value: string): Message =>
  own('agency.figure-declared', 'agency/own', '2020-01-05', {
    year: 2018,
    form: '2019',
    cell: '2.1.2:total-public',
    value,
    evidence: '台账',
  });
/** Weekends that are worked on: what was on time no longer is. */
const WORKED = ['2017-03-04', '2017-03-05', '2017-03-11', '2017-03-12', '2017-03-18', '2017-03-19'];
const county = (type: string, subject: string, day: string, data: Record<string, unknown>): Message =>
  message(type, subject, at(day), 'root', data, { agency: 'county' });

const OWN = { agency: 'own', year: 2017 };
const MOVES: Readonly<Record<string, Moving>> = {
  'a void': {
    question: OWN,
    first: [held],
    then: [
      own(
        'record.voided',
        'meeting/1',
        '2023-02-01',
        { message: { id: held.id, source: held.source }, reason: '错', approvedBy: 'second-root' },
        'auditor',
      ),
    ],
  },
  'a late act': { question: OWN, first: [drafted('1'), released('1', '2018-03-01')], then: [released('1', '2017-03-01', 'weibo')] },
  'a late act in a later year': {
    question: { agency: 'own', year: 2018 },
    first: [drafted('1'), released('1', '2018-03-01')],
    then: [released('1', '2017-03-01', 'weibo')],
  },
  'the year before': { question: { agency: 'own', year: 2020 }, first: [], then: [received('2019-03-01')] },
  'a declared base': { question: { agency: 'own', year: 2020 }, first: [base('3')], then: [base('4')] },
  'the same item of a later year': {
    question: OWN,
    first: [drafted('1'), released('1', '2017-03-01'), drafted('2')],
    then: [released('2', '2018-03-01')],
  },
  'a calendar above': {
    question: OWN,
    first: [
      own('agency.changed', 'agency/own', '2012-01-01', { parent: 'county', from: '2012-01-01' }, 'root'),
      received('2017-03-01'),
      replied('2017-03-21'),
    ],
    then: [county('calendar.announced', 'calendar/2017', '2018-01-05', { year: 2017, off: [], worked: WORKED, notice: '通知' })],
  },
  'a place': {
    question: { agency: 'county', year: 2017, rollup: true },
    first: [held],
    then: [own('agency.changed', 'agency/own', '2012-01-01', { parent: 'county', from: '2012-01-01' }, 'root')],
  },
  'a place above': {
    // The calendar of the new parent's parent holds below it.
    question: OWN,
    first: [
      message('agency.registered', 'agency/bureau', at('2011-01-01'), 'root', { name: '局', administrator: 'root' }, { agency: 'bureau' }),
      own('agency.changed', 'agency/own', '2012-01-01', { parent: 'bureau', from: '2012-01-01' }, 'root'),
      received('2017-03-01'),
      replied('2017-03-21'),
      county('calendar.announced', 'calendar/2017', '2018-01-05', { year: 2017, off: [], worked: WORKED, notice: '通知' }),
    ],
    then: [
      message('agency.changed', 'agency/bureau', at('2012-01-01'), 'root', { parent: 'county', from: '2012-01-01' }, { agency: 'bureau' }),
    ],
  },
  'a member of a roll-up': {
    question: { agency: 'county', year: 2017, rollup: true },
    first: [own('agency.changed', 'agency/own', '2012-01-01', { parent: 'county', from: '2012-01-01' }, 'root')],
    then: [held],
  },
};

test.each(Object.entries(MOVES))('%s moves', async (_, { question, first, then }) => {
  const ledger = openTestLedger();
  try {
    const known = new KnownTables(ledger.store, ledger.staleness);
    const send = async (...messages: readonly Message[]): Promise<void> => {
      for (const receipt of await ledger.send(...messages)) expect(receipt).toMatchObject({ status: 'recorded' });
      await ledger.settled();
    };
    await send(...setUp('county', { chain: false }), ...setUp('own', { chain: false }), ...first);
    const standpoint = known.standpoint();
    const digest = known.remember(question, await ledger.tables.table(question), standpoint);
    expect(await known.unchanged(question)).toBe(digest);
    await send(...then);
    expect(await known.unchanged(question)).toBeNull();
    expect(known.remember(question, await ledger.tables.table(question), standpoint)).not.toBe(digest);
  } finally {
    await ledger.finish();
  }
});
