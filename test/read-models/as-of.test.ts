/**
 * A table as of an earlier event, position or time is the table that was live then, also across the blocks that sums
 * are kept in.
 */
import fc from 'fast-check';
import { BLOCK_BITS } from '../../src/read-models/figures/contributions.js';
import type { Table } from '../../src/tables/table.js';
import { AGENCIES, history, played, record, sendAll } from '../support/histories.js';
import { AGENCY, approvedItem, at, message, released, setUp, type Message } from '../support/messages.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
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

const ask = (agency: string, year: number, asOf?: string): Promise<Table> =>
  ledger.tables.table({ agency, year, form: '2014-shandong', ...(asOf === undefined ? {} : { asOf }) });

async function live(agency: string, year: number): Promise<Table> {
  await ledger.settled();
  return ask(agency, year);
}

/** The table asked for by index, by position and by time is, to the last byte, the one that was live. */
async function expectAgain(then: Table): Promise<void> {
  const { index, position, recordedAt } = then.asOf;
  for (const asOf of [`index:${index}`, position as string, recordedAt as string]) {
    expect({ asked: asOf, ...(await ask(then.agency, then.year, asOf)) }).toEqual({ asked: asOf, ...then });
  }
}

test('at every event of random histories', async () => {
  const [steps] = fc.sample(history, { seed: 5, numRuns: 1 });
  const moments: Table[] = [];
  for (const one of played(steps ?? [])) {
    const [receipt] = await sendAll(ledger, [one]);
    if (receipt?.status !== 'recorded' || one.type.startsWith('disclosure.agency')) continue;
    const year = 2014 + (moments.length % 5);
    if (AGENCIES.includes(one.agency as (typeof AGENCIES)[number])) moments.push(await live(one.agency, year));
  }
  expect(moments.length).toBeGreaterThan(40);
  const every = budget(4, 1);
  for (const then of moments.filter((_, nth) => nth % every === 0)) await expectAgain(then);
});

test('figures agree across the boundary of blocks', async () => {
  // Across the boundary of blocks, on both sides of it and far from it.
  const block = 2 ** BLOCK_BITS;
  const item: readonly Message[] = approvedItem('1', '2016-03-01');
  await record(ledger, [...setUp(), ...item, released('1', '2017-06-01', 'website')]);
  const moments: Table[] = [await live(AGENCY, 2017)];
  let sent = setUp().length + item.length + 1;
  const serial = (place: number): Message =>
    message('delivery.made', `delivery/${place % 20}`, at('2017-07-01'), 'clerk', {
      place: '馆',
      medium: place % 2 === 0 ? 'paper' : 'electronic',
      items: 1 + (place % 7),
    });
  const until = async (total: number): Promise<void> => {
    await record(
      ledger,
      Array.from({ length: total - sent }, (_, place) => serial(sent + place)),
    );
    sent = total;
    moments.push(await live(AGENCY, 2017));
  };
  for (const total of [1000, 5000, block - 3]) await until(total);
  for (let total = block - 2; total <= block + 3; total += 1) await until(total);
  // Behind the boundary: an earlier release moves the first one, a void takes an act of the first block back.
  await record(ledger, [released('1', '2016-06-01', 'weibo')]);
  moments.push(await live(AGENCY, 2017), await live(AGENCY, 2016));
  const first = serial(0);
  await record(ledger, [
    first,
    message('record.voided', first.subject, at('2018-01-01'), 'auditor', { message: { id: first.id }, reason: '错', approvedBy: 'leader' }),
  ]);
  moments.push(await live(AGENCY, 2017));
  const indexes = moments.map(({ asOf }) => asOf.index as number);
  expect(indexes.filter((index) => index < block).length).toBeGreaterThan(4);
  expect(indexes.filter((index) => index >= block).length).toBeGreaterThan(4);
  expect(indexes).toEqual(expect.arrayContaining([block - 2, block - 1, block, block + 1]));
  for (const then of moments) await expectAgain(then);
});

test('what stands beside is of the moment too', async () => {
  // What stands beside the figures is that of the moment too.
  const agency = (type: string, day: string, data: Record<string, unknown>): Message =>
    message(`agency.${type}`, `agency/${AGENCY}`, at(day), 'root', data);
  const same = { contentHash: 'sha256:'.padEnd(71, '0') };
  const second = released('2', '2017-04-02', 'gazette', same.contentHash);
  const declared = agency('figure-declared', '2018-01-10', {
    year: 2017,
    form: '2014-shandong',
    cell: '9.4',
    value: '0.2',
    evidence: '文',
  });
  const voidOf = (taken: Message): Message =>
    message('record.voided', taken.subject, at('2018-06-01'), 'auditor', { message: { id: taken.id }, reason: '错', approvedBy: 'leader' });
  await record(ledger, [...setUp(), ...approvedItem('1', '2017-04-01', same), ...approvedItem('2', '2017-04-01', same)]);
  const moments: Table[] = [await live(AGENCY, 2017)];
  for (const one of [
    released('1', '2017-04-02', 'gazette', same.contentHash),
    second,
    declared,
    agency('role-ended', '2017-03-15', { actor: 'lawyer', role: 'regulations-reviewer' }),
    voidOf(second),
    voidOf(declared),
    agency('role-assigned', '2017-03-16', { actor: 'lawyer', role: 'regulations-reviewer' }),
    agency('clearance-chain-set', '2017-09-01', { steps: [] }),
  ]) {
    await record(ledger, [one]);
    moments.push(await live(AGENCY, 2017));
  }
  expect(new Set(moments.map(({ findings }) => JSON.stringify(findings))).size).toBeGreaterThan(6);
  for (const then of moments) await expectAgain(then);
});

describe('moments between, before and behind the events', () => {
  beforeEach(async () => {
    await record(ledger, [...setUp(), message('meeting.held', 'meeting/1', at('2017-05-01'), 'clerk', { title: '会议' })]);
    await ledger.settled();
  });

  test('a time means the last event before it', async () => {
    // A time between two events is the earlier one; a time long after is now; a date is its end.
    const last = (await ask(AGENCY, 2017)).asOf;
    const between = new Date(Date.parse(last.recordedAt as string) - 1).toISOString();
    expect((await ask(AGENCY, 2017, between)).asOf.index).toBe((last.index as number) - 1);
    expect((await ask(AGENCY, 2017, '2031-01-01T00:00:00Z')).asOf).toEqual(last);
    expect((await ask(AGENCY, 2017, '2030-01-01')).asOf).toEqual(last);
  });

  test('before registration and beyond the end: none', async () => {
    // Before the agency was registered there is no table; an index not reached yet is none.
    await expect(ask(AGENCY, 2017, '2029-12-31')).rejects.toMatchObject({ code: 'unknown-agency' });
    await expect(ask(AGENCY, 2017, 'index:99')).rejects.toMatchObject({ code: 'not-reached' });
    await expect(ask(AGENCY, 2017, '999999')).rejects.toMatchObject({ code: 'not-reached' });
    await expect(ask(AGENCY, 2017, 'yesterday')).rejects.toMatchObject({ code: 'bad-as-of' });
  });

  test('the hash leaves the position out', async () => {
    // The hash names the figures, not the store: it leaves the position out.
    const { hash, asOf } = await ask(AGENCY, 2017);
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await ask(AGENCY, 2017, `index:${asOf.index}`)).hash).toBe(hash);
    expect((await ask(AGENCY, 2017, `index:${(asOf.index as number) - 1}`)).hash).not.toBe(hash);
  });
});
