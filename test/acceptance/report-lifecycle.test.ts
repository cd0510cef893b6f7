/**
 * The example year of 金乡县商务局 published through the real service that signs checkpoints, then late events of that year:
 * the published table stays byte for byte, the difference lists exactly cells and events, the live table is right, a
 * restatement follows; a rebuild gives the same.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatVerifierKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import { lastSignedIn, type Signing } from '../../src/runtime/signing-keys.js';
import { valuesOf } from '../../src/statistics/table.js';
import type { EventProof } from '../../src/signing/proof-reader.js';
import type { Receipt } from '../../src/recording/receipts.js';
import type { YearlyReport } from '../../src/tables/report-reader.js';
import type { Difference, Table } from '../../src/tables/table.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';
import { readVkey, verifies } from '../ledger/c2sp.js';
import { hashOf, message, type Message } from '../support/messages.js';
import { expectProblem, NDJSON, startService, type TestService } from '../support/service.js';
import { asPublished } from '../support/reports.js';

const AGENCY = '370828-commerce';
const TABLE = `/v1/agencies/${AGENCY}/tables/2017`;
const REPORT = `/v1/agencies/${AGENCY}/reports/2017`;
const ORIGIN = 'ledger.example/disclosure';
const key = generateSignerKey(ORIGIN);
/** The timer never comes: what is signed here is signed because of an approval. */
const signing = (folder: string): Signing => ({
  signer: { origin: ORIGIN, keys: [key], lastSigned: lastSignedIn(folder) },
  interval: 3_600_000,
});
const history = readFileSync(join(__dirname, '../../examples/jinxiang-commerce-2017.ndjson'), 'utf8');

let service: TestService;
let frozen: Table;
let first: { readonly approved: Receipt; readonly published: Receipt };

const act = (type: string, subject: string, time: string, actor: string, data: Record<string, unknown>): Message =>
  message(type, subject, time, actor, data, { agency: AGENCY });

async function get<T>(path: string): Promise<T> {
  await service.settled();
  const answer = await service.get(path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  return answer.json<T>();
}

/** Compiles what the table says now and takes it through the chain, a day later each. */
async function publish(month: string, url?: string): Promise<{ table: Table; approved: Receipt; published: Receipt }> {
  const table = await get<Table>(TABLE);
  const tableHash = table.hash;
  const on = (day: number): string => `${month}-0${day}T09:00:00+08:00`;
  const report = (name: string, day: number, actor: string, data: Record<string, unknown>): Message =>
    act(`report.${name}`, 'report/2017', on(day), actor, { tableHash, ...data });
  const [, , , approved, published] = await service.record(
    report('compiled', 1, 'statistician', { year: 2017, form: table.form, index: table.asOf.index }),
    report('cleared', 2, 'office-reviewer-1', { step: 'office', verdict: 'passed' }),
    report('cleared', 3, 'regulations-reviewer-1', { step: 'regulations', verdict: 'passed', opinion: '数据无误' }),
    report('approved', 4, 'deputy-leader-1', {}),
    report('published', 5, 'office-director', url === undefined ? {} : { url }),
  );
  return { table, approved: approved as Receipt, published: published as Receipt };
}

beforeAll(async () => {
  service = await startService({ signing });
  const receipts = (await service.post(history, NDJSON)).lines<Receipt>();
  expect(receipts.filter(({ status }) => status !== 'recorded')).toEqual([]);
  const { table, ...receipt } = await publish('2018-02', 'http://www.jinxiang.gov.cn/report/2017');
  frozen = table;
  first = receipt;
});

afterAll(() => service.finish());

const eventId = ({ eventIds: [id] }: Receipt): string => id as string;

test('the published table is the example year’s', async () => {
  // What is published is the table of the example year, and nothing differs.
  expect(JSON.stringify(await get<Table>(`${TABLE}?view=published`))).toBe(JSON.stringify(asPublished(frozen)));
  expect(await get<Difference>(`${TABLE}?view=difference`)).toEqual({ changes: [] });
});

test('the publication names its approval’s checkpoint', async () => {
  // The publication names the checkpoint cut at the approval, which has the approval under it.
  const { rounds } = await get<YearlyReport>(REPORT);
  const { publication, approval, index, tableHash, clearances } = rounds[0] as YearlyReport['rounds'][number];
  expect([rounds.length, index, tableHash, clearances.map(({ step, actor }) => [step, actor])]).toEqual([
    1,
    frozen.asOf.index,
    frozen.hash,
    [
      ['office', 'office-reviewer-1'],
      ['regulations', 'regulations-reviewer-1'],
    ],
  ]);
  expect(approval?.eventId).toBe(eventId(first.approved));
  expect(publication).toMatchObject({
    actor: 'office-director',
    url: 'http://www.jinxiang.gov.cn/report/2017',
    withoutReview: false,
    changes: null,
  });
  const checkpoint = publication?.checkpoint;
  expect(verifies(checkpoint?.note ?? '', readVkey(formatVerifierKey(key)))).toBe(true);
  const [origin, size, root] = (checkpoint?.note ?? '').split('\n');
  expect(checkpoint).toMatchObject({ origin, size: Number(size), root });
  const proof = await get<EventProof>(`/v1/ledger/events/${eventId(first.approved)}/proof`);
  expect(proof.index).toBeLessThan(checkpoint?.size ?? 0);
  // It is a size of the very ledger that stands now.
  expect((await service.get(`/v1/ledger/consistency?from=${size}`)).status).toBe(200);
});

test('the trail shows chain and signed hash', async () => {
  // The trail of the report shows the chain, and the hash of the table as what was signed.
  const trail = await get<Trail>(`/v1/agencies/${AGENCY}/cases/report/2017/trail`);
  expect([trail.state, trail.title, trail.remarks]).toEqual(['published', '2017', []]);
  expect(trail.entries.map(({ type, role, contentHash, waited }) => [type, role, contentHash === frozen.hash, waited])).toEqual([
    ['disclosure.report.compiled', null, true, null],
    ['disclosure.report.cleared', 'office-reviewer', true, 'P1D'],
    ['disclosure.report.cleared', 'regulations-reviewer', true, 'P2D'],
    ['disclosure.report.approved', 'deputy-leader', true, 'P1D'],
    ['disclosure.report.published', null, true, 'P1D'],
  ]);
});

describe('late events of the year', () => {
  const contentHash = hashOf('late item');
  const late = [
    act('publication.drafted', 'publication/2017-late', '2017-12-28T09:00:00+08:00', 'clerk-9', { title: '迟报信息', contentHash }),
    act('publication.cleared', 'publication/2017-late', '2017-12-28T10:00:00+08:00', 'office-reviewer-1', {
      step: 'office',
      verdict: 'passed',
      contentHash,
    }),
    act('publication.cleared', 'publication/2017-late', '2017-12-28T11:00:00+08:00', 'regulations-reviewer-1', {
      step: 'regulations',
      verdict: 'passed',
      contentHash,
    }),
    act('publication.approved', 'publication/2017-late', '2017-12-28T14:00:00+08:00', 'deputy-leader-1', { contentHash }),
    act('publication.released', 'publication/2017-late', '2017-12-29T09:00:00+08:00', 'editor-9', { channel: 'website', contentHash }),
  ];
  const training = act('training.held', 'training/2017-late', '2017-11-01T09:00:00+08:00', 'clerk-9', { title: '补登培训', trainees: 30 });
  const redeclared = act('agency.figure-declared', `agency/${AGENCY}`, '2018-03-01T09:00:00+08:00', 'office-director', {
    year: 2017,
    form: '2014-shandong',
    cell: '9.3.2',
    value: '2',
    evidence: '更正',
  });
  let taken: { readonly source: string; readonly id: string; readonly subject: string };
  let undone: Message;
  const release = late.at(-1) as Message;

  beforeAll(async () => {
    taken = history
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Message)
      .find(({ type, data }) => type === 'disclosure.publication.released' && data?.['channel'] === 'bulletin-board') as Message;
    undone = act('record.voided', taken.subject, '2018-03-02T09:00:00+08:00', 'auditor', {
      message: { source: taken.source, id: taken.id },
      reason: '重复登记',
      approvedBy: 'deputy-leader-1',
    });
    await service.record(...late, training, redeclared, undone);
    // Of other years: no part of any difference.
    await service.record(act('meeting.held', 'meeting/2018-1', '2018-03-01T09:00:00+08:00', 'clerk-9', { title: '会议' }));
  });

  test('the published table stays the same', async () => {
    // The published table is the same byte for byte.
    expect((await service.get(`${TABLE}?view=published`)).text).toBe(JSON.stringify(asPublished(frozen)));
  });

  test('the difference lists exactly cells and events', async () => {
    // The difference lists exactly the cells and the events, and the live table has them.
    const { changes } = await get<Difference>(`${TABLE}?view=difference`);
    const live = valuesOf((await get<Table>(TABLE)).rows);
    const before = valuesOf(frozen.rows);
    expect(new Map(changes.map(({ cell, live: now }) => [cell, now]))).toEqual(
      new Map([...live].filter(([cell, value]) => value !== before.get(cell))),
    );
    const plus = (cell: string, by: number): string => String(Number(before.get(cell)) + by);
    const wanted: [string, number, [Message, string][]][] = [
      ['1.2.1', 1, [[release, '1']]],
      ['1.2.4', -1, [[undone, '-1']]],
      ['9.3', 1, [[redeclared, '1']]],
      ['9.3.2', 1, [[redeclared, '1']]],
      ['10.2', 1, [[training, '1']]],
      ['10.3', 30, [[training, '30']]],
    ];
    const said = new Map(changes.map(({ cell, published, live: now, events }) => [cell, { published, live: now, events }]));
    for (const [cell, by, events] of wanted) {
      expect([cell, said.get(cell)?.published, said.get(cell)?.live]).toEqual([cell, before.get(cell), plus(cell, by)]);
      expect(said.get(cell)?.events.map(({ id, source, amount }) => [id, source, amount])).toEqual(
        events.map(([{ id, source }, amount]) => [id, source, amount]),
      );
    }
    // 1.1 has one item more and one less: it has not changed.
    expect([...said.keys()]).toEqual(wanted.map(([cell]) => cell));
    expect(live.get('1.1')).toBe(before.get('1.1'));
  });

  test('published and live cells name their own events', async () => {
    // A published cell is explained by the events of then, a live one by those of now.
    const cell = async (view: string): Promise<{ value: string; events: { id: string }[] }> => get(`${TABLE}/cells/1.2.1?view=${view}`);
    const [then, now] = [await cell('published'), await cell('live')];
    expect(then.value).toBe(valuesOf(frozen.rows).get('1.2.1'));
    expect(now.events.map(({ id }) => id).filter((id) => !then.events.some((event) => event.id === id))).toEqual([release.id]);
  });

  test('a publication and its basis cannot be voided', async () => {
    // Neither the publication nor what it rests on can be taken back.
    const { rounds } = await get<YearlyReport>(REPORT);
    const ids = (await service.eventsAfter(null))
      .filter(({ stream }) => stream === `report-${AGENCY}/2017`)
      .map(({ metadata }) => metadata['id'] as string);
    const codes: unknown[] = [];
    for (const id of ids) {
      const undo = act('record.voided', 'report/2017', '2018-03-03T09:00:00+08:00', 'auditor', {
        message: { id },
        reason: '误',
        approvedBy: 'deputy-leader-1',
      });
      codes.push((await service.post(undo)).json<Receipt>().error?.code);
    }
    expect(codes).toEqual([...Array.from({ length: 4 }, () => 'depended-upon'), 'not-voidable']);
    expect(await get<YearlyReport>(REPORT)).toEqual({ agency: AGENCY, year: 2017, case: 'report/2017', rounds });
  });

  describe('restated', () => {
    let restated: Table;
    let differed: Difference;

    beforeAll(async () => {
      differed = await get<Difference>(`${TABLE}?view=difference`);
      ({ table: restated } = await publish('2018-04'));
    });

    test('the restatement is published, the first still read', async () => {
      // The restatement is what is published now, the first is still read as of its time.
      expect(await get<Table>(`${TABLE}?view=published`)).toEqual(asPublished(restated));
      expect(await get<Difference>(`${TABLE}?view=difference`)).toEqual({ changes: [] });
      const then = `${TABLE}?view=published&asOf=${first.published.position}`;
      expect((await service.get(then)).text).toBe(JSON.stringify(asPublished(frozen)));
      expectProblem(await service.get(`${TABLE}?view=published&asOf=${first.approved.position}`), 404, 'no-published-table');
    });

    test('the restatement names its changes and their events', async () => {
      // It names what it changed against the first, and by which events.
      const { rounds } = await get<YearlyReport>(REPORT);
      expect(rounds.map(({ publication }) => publication?.changes)).toEqual([null, differed.changes]);
      const [one, two] = rounds.map(({ publication }) => publication?.checkpoint?.size ?? 0) as [number, number];
      expect(two).toBeGreaterThan(one);
      const before = await get<YearlyReport>(`${REPORT}?asOf=${first.published.position}`);
      expect(before.rounds).toEqual(rounds.slice(0, 1));
    });
  });
});

test.each([
  ['a year nothing was compiled for', `/v1/agencies/${AGENCY}/reports/2016`, 404, 'unknown-case'],
  ['an unknown agency', '/v1/agencies/nobody/reports/2017', 404, 'unknown-agency'],
  ['no year', `/v1/agencies/${AGENCY}/reports/last`, 400, 'bad-year'],
  ['a parameter it does not have', `${REPORT}?view=published`, 400, 'bad-parameter'],
  ['a moment that is none', `${REPORT}?asOf=yesterday`, 400, 'bad-as-of'],
])('a report asked for by %s', async (_what, path, status, code) => {
  expect(expectProblem(await service.get(path), status, code).hint).toMatch(/\S/);
});
