/**
 * An answer about an earlier moment never changes: what was answered when the log ended at an event is, byte for byte,
 * what is answered later as of that event, whatever was recorded since. Trails, cases, summaries, deadlines, cells and
 * tables, over random histories of items and of applications.
 */
import fc from 'fast-check';
import { parseCaseName, type CaseRef } from '../../src/domain/identifiers.js';
import { caseAsOf } from '../../src/read-models/cases/case-as-of.js';
import { QueryProblem } from '../../src/read-models/query-problem.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
import { applicationHistory, applicationMessages } from '../support/application-histories.js';
import { announced } from '../support/applications.js';
import { AGENCIES, history, played, sendAll } from '../support/histories.js';
import { message, type Message } from '../support/messages.js';
import { budget } from '../support/budget.js';

let ledger: OpenLedger;
let clock: number;

beforeEach(() => {
  clock = Date.parse('2030-01-01T00:00:00+08:00');
  // Every look at the clock is a millisecond later: no two events are recorded at the same time.
  ledger = openLedger(newFolder(), () => (clock += 1));
});

afterEach(async () => {
  await ledger.close();
  removeFolder(ledger.folder);
});

/** One question; without `asOf` it is asked of now. */
type Question = (asOf?: string) => Promise<unknown>;

/** The answer as text; a question that has none answers by its code. */
async function answer(question: Question, asOf?: string): Promise<string> {
  try {
    return JSON.stringify(await question(asOf));
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    return error.code;
  }
}

const stood = (agency: string, ref: CaseRef, asOf: string | undefined): ReturnType<typeof caseAsOf> | undefined =>
  asOf === undefined ? undefined : caseAsOf(ledger.log, ledger.store, agency, ref, asOf);

const trailOf =
  (agency: string, ref: CaseRef): Question =>
  async (asOf) =>
    ledger.trails.trail(agency, ref, await stood(agency, ref, asOf));

const caseOf =
  (agency: string, ref: CaseRef): Question =>
  async (asOf) =>
    ledger.trails.case(agency, ref, await stood(agency, ref, asOf));

const summaryOf =
  (agency: string, year: number): Question =>
  async (asOf) =>
    ledger.trails.year(agency, year, asOf);

const deadlinesOf =
  (agency: string, on: string, ref?: CaseRef): Question =>
  async (asOf) =>
    ledger.deadlines.deadlines({ agency, on, asOf, ...(ref === undefined ? {} : { case: ref }) });

const tableOf =
  (agency: string, year: number): Question =>
  (asOf) =>
    ledger.tables.table({ agency, year, asOf });

const cellOf =
  (agency: string, year: number, cell: string): Question =>
  (asOf) =>
    ledger.tables.explain({ agency, year, cell, form: '2014-shandong', asOf });

interface Answered {
  readonly index: number;
  readonly position: string;
  readonly recordedAt: string;
  readonly question: Question;
  readonly text: string;
}

/**
 * Sends one by one, and after each so many asks about its case, about one that was touched before, and about its
 * agency.
 */
async function askedAlong(messages: readonly Message[], seed: number, every = budget(4, 1)): Promise<Answered[]> {
  const answers: Answered[] = [];
  const random = fc.sample(fc.nat(1_000_000), { seed, numRuns: messages.length });
  const { recordedAt: _, ...none } = { recordedAt: '', index: -1, position: '' };
  let end: { index: number; position: string; recordedAt: string } = { ...none, recordedAt: '' };
  for (const [at, one] of messages.entries()) {
    await sendAll(ledger, [one]);
    if (at % every !== 0) continue;
    await ledger.settled();
    const dice = random[at] as number;
    for (const event of await ledger.log.readAll(end.position === '' ? null : end.position, 100))
      end = { index: end.index + 1, position: event.position, recordedAt: event.recordedAt };
    const other = messages[dice % (at + 1)] as Message;
    const [ref, earlier] = [parseCaseName(one.subject) as CaseRef, parseCaseName(other.subject) as CaseRef];
    const year = Number(one.time.slice(0, 4));
    const day = `${year + (dice % 2)}-${String(1 + (dice % 12)).padStart(2, '0')}-${String(1 + (dice % 28)).padStart(2, '0')}`;
    const questions = [
      trailOf(one.agency, ref),
      caseOf(one.agency, ref),
      trailOf(other.agency, earlier),
      caseOf(other.agency, earlier),
      deadlinesOf(one.agency, day),
      deadlinesOf(other.agency, other.time.slice(0, 10)),
      deadlinesOf(one.agency, day, ref),
      ...(at % 7 === 0 ? [summaryOf(one.agency, year), tableOf(one.agency, Math.max(2014, year)), cellOf(one.agency, 2017, '1.1')] : []),
    ];
    for (const question of questions) answers.push({ ...end, question, text: await answer(question) });
  }
  return answers;
}

async function expectUnchanged(answers: readonly Answered[]): Promise<void> {
  for (const { index, position, recordedAt, question, text } of answers) {
    if (index < 0) continue;
    expect([index, await answer(question, `index:${index}`)]).toEqual([index, text]);
    if (index % 5 === 0) expect(await answer(question, position)).toBe(text);
    if (index % 5 === 1) expect(await answer(question, recordedAt)).toBe(text);
  }
}

/** Calendars of several levels, and roles that end with an earlier date, here and there among the others. */
function disturbed(messages: readonly Message[]): Message[] {
  const others = [
    announced(AGENCIES[0], 2016, ['2016-03-07', '2016-03-08']),
    announced(AGENCIES[1], 2021, ['2021-04-05'], ['2021-04-10']),
    announced(AGENCIES[0], 2016, ['2016-03-07'], ['2016-03-12']),
    ...AGENCIES.map((agency) =>
      message(
        'agency.role-ended',
        `agency/${agency}`,
        '2014-06-01T09:00:00+08:00',
        'root',
        { actor: 'lawyer', role: 'regulations-reviewer' },
        { agency },
      ),
    ),
    message(
      'agency.changed',
      `agency/${AGENCIES[1]}`,
      '2016-01-01T09:00:00+08:00',
      'root',
      { parent: AGENCIES[0] },
      { agency: AGENCIES[1] },
    ),
  ];
  const gap = Math.floor(messages.length / (others.length + 1));
  return messages.flatMap((one, at) => (at % gap === gap - 1 ? [one, ...others.splice(0, 1)] : [one]));
}

test.each([3, 11])('applications, calendars and voids (history %i)', async (seed) => {
  // Applications, with calendars announced and acts taken back (history …).
  const [steps = []] = fc.sample(applicationHistory, { seed, numRuns: 1 });
  const answers = await askedAlong(disturbed(applicationMessages(steps)), seed, budget(8, 1));
  expect(answers.filter(({ text }) => text.includes('"open":[{')).length).toBeGreaterThan(budget(10, 100));
  expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(budget(50, 400));
  await expectUnchanged(answers);
});

test('items, released, withdrawn, taken back', async () => {
  const [steps = []] = fc.sample(history, { seed: 5, numRuns: 1 });
  const answers = await askedAlong(disturbed(played(steps)), 5);
  const remarks = ['"voided"', '"role-ended-earlier"', '"recorded-out-of-order"', '"without-review"'];
  expect(remarks.filter((remark) => !answers.some(({ text }) => text.includes(remark)))).toEqual([]);
  await expectUnchanged(answers);
});

test('moments outside the log and impossible ones', async () => {
  // A moment before the agency, before the case, behind the end, and one that is none.
  const messages = applicationMessages([]);
  await sendAll(ledger, messages);
  await ledger.settled();
  const ref: CaseRef = { kind: 'application', number: 'none' };
  for (const question of [
    trailOf(AGENCIES[1], ref),
    caseOf(AGENCIES[1], ref),
    deadlinesOf(AGENCIES[1], '2020-01-01'),
    summaryOf(AGENCIES[1], 2017),
  ]) {
    expect(await answer(question, 'index:1')).toBe('unknown-agency');
    expect(await answer(question, 'index:9999')).toBe('not-reached');
    expect(await answer(question, 'yesterday')).toBe('bad-as-of');
  }
  expect(await answer(trailOf(AGENCIES[1], ref), `index:${messages.length - 1}`)).toBe('unknown-case');
  expect(await answer(deadlinesOf(AGENCIES[1], '2020-01-01', ref), `index:${messages.length - 1}`)).toBe('unknown-case');
});
