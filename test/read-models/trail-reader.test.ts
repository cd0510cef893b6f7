/** The trail of an application: who waited how long for what, what was recorded late, what went out without review. */
import { renderTrail } from '../../src/cli/render/render.js';
import { durationInSeconds } from '../../src/time/duration.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});
afterEach(() => ledger.finish());

const act = (type: string, day: string, data: Record<string, unknown> = {}, actor = 'clerk'): Message =>
  message(`application.${type}`, 'application/1', at(day), actor, data);

const received = act('received', '2017-03-06', { channel: 'letter', applicant: { kind: 'business' }, request: '公开文件' });
const version = (text: string): Record<string, unknown> => ({ outcome: 'granted', contentHash: hashOf(text) });

async function trail(): Promise<Trail> {
  await ledger.settled();
  return ledger.trails.trail(AGENCY, { kind: 'application', number: '1' });
}

const remarked = ({ entries }: Trail): [string, string[]][] =>
  entries.map(({ type, remarks }) => [type.replace('disclosure.application.', ''), remarks.map(({ code }) => code)]);

test('an act recorded late says so', async () => {
  // An act recorded after one that happened later says so; the later one does not.
  await record(ledger, [
    ...setUp(),
    received,
    act('reply-drafted', '2017-03-07', version('1'), 'drafter'),
    act('third-party-consulted', '2017-03-10'),
    act('third-party-answered', '2017-03-14', { answer: 'silent' }),
    act('reply-revised', '2017-03-09', version('2'), 'drafter'),
    act('fee-charged', '2017-03-15', { amountFen: 100, basis: '复印' }),
  ]);
  expect(remarked(await trail())).toEqual([
    ['received', []],
    ['reply-drafted', []],
    ['reply-revised', ['recorded-out-of-order']],
    ['third-party-consulted', []],
    ['third-party-answered', []],
    ['fee-charged', []],
  ]);
});

test('waiting counts from the latest basis, never negative', async () => {
  // Waited is since the latest act it rests on, and never below nothing.
  await record(ledger, [
    ...setUp(),
    received,
    act('reply-drafted', '2017-03-07', version('1'), 'drafter'),
    act('cleared', '2017-03-10', { step: 'office', verdict: 'returned', contentHash: hashOf('1'), opinion: '涉及第三方' }, 'office'),
    act('reply-revised', '2017-03-09', version('2'), 'drafter'),
  ]);
  const { entries, state } = await trail();
  expect(entries.map(({ type, waited }) => [type.replace('disclosure.application.', ''), waited])).toEqual([
    ['received', null],
    ['reply-drafted', 'P1D'],
    ['reply-revised', 'P2D'],
    ['cleared', 'P3D'],
  ]);
  expect(state).toBe('reply-drafted');
});

test('an answer without review says so', async () => {
  // An answer sent without review says so, the case too.
  await record(ledger, [...setUp(AGENCY, { chain: false }), received, act('replied', '2017-03-10', version('1'))]);
  const found = await trail();
  expect(remarked(found)).toEqual([
    ['received', []],
    ['replied', ['without-review']],
  ]);
  expect([found.state, found.remarks.map(({ code }) => code)]).toEqual(['replied', ['without-review']]);
});

test('every entry tells its recording delay', async () => {
  // Every entry says how long after the act it was recorded; text where that was another day in Shanghai.
  await ledger.discard();
  let now = Date.parse('2017-03-10T00:30:00+08:00');
  ledger = openTestLedger({ now: () => now });
  await record(ledger, [...setUp(), received, { ...act('third-party-consulted', '2017-03-10'), time: '2017-03-09T16:30:01Z' }]);
  now = Date.parse('2017-03-10T23:59:59.999+08:00');
  await record(ledger, [act('third-party-answered', '2017-03-10', { answer: 'agreed' })]);
  const found = await trail();
  // One of 0:30:01, which the clock of its sender was ahead by; never less than nothing.
  expect(found.entries.map(({ recordedAfter }) => recordedAfter)).toEqual(['P3DT15H30M', 'PT0S', 'PT14H59M59S']);
  const said = renderTrail(found).filter((line) => line.includes('记录于'));
  expect(said).toEqual(['      记录于 2017-03-10T00:30:00.000+08:00 (recorded P3DT15H30M after the act)']);
});

test.each([
  [-1, 'PT0S'],
  [0, 'PT0S'],
  [999, 'PT0S'],
  [1000, 'PT1S'],
  [60_000, 'PT1M'],
  [3_600_000, 'PT1H'],
  [86_399_999, 'PT23H59M59S'],
  [86_400_000, 'P1D'],
  [86_401_000, 'P1DT1S'],
  [400 * 86_400_000 + 3_723_000, 'P400DT1H2M3S'],
])('%i ms are %s', (ms, text) => {
  expect(durationInSeconds(ms)).toBe(text);
});

test('waits of a year are those of its trails', async () => {
  // Each step and the sign-off, for the latest act it rests on: of the year alone, and not of what was taken back.
  const item = (type: string, day: string, actor: string, data: Record<string, unknown> = {}): Message =>
    message(`publication.${type}`, 'publication/1', at(day), actor, { contentHash: hashOf('item'), ...data });
  const passed = (step: string): Record<string, unknown> => ({ step, verdict: 'passed' });
  const reviewed = act('cleared', '2018-03-11', { ...passed('office'), contentHash: hashOf('1') }, 'office');
  await record(ledger, [
    ...setUp(),
    item('drafted', '2017-12-29', 'drafter', { title: '信息' }),
    item('cleared', '2017-12-30', 'office', passed('office')),
    item('cleared', '2018-01-02', 'lawyer', passed('regulations')),
    item('approved', '2018-01-07', 'leader'),
    received,
    act('reply-drafted', '2018-03-07', version('1'), 'drafter'),
    reviewed,
  ]);
  const waited = async (year: number): Promise<unknown> => {
    await ledger.settled();
    return ledger.trails.waits(AGENCY, year).map(({ step, waits }) => [step, waits.map((wait) => wait / 86_400_000)]);
  };
  expect(await waited(2017)).toEqual([['office', [1]]]);
  expect(await waited(2018)).toEqual([
    ['regulations', [4]],
    ['office', [4]],
    [null, [5]],
  ]);
  const back = { message: { id: reviewed.id }, reason: '误录', approvedBy: 'leader' };
  await record(ledger, [message('record.voided', 'application/1', at('2018-03-12'), 'auditor', back)]);
  expect(await waited(2018)).toEqual([
    ['regulations', [4]],
    [null, [5]],
  ]);
});
