/** The rows that single events leave in each read model. */
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, approvedItem, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;
let offset: number;

beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, setUp());
  offset = setUp().length;
});

afterEach(() => ledger.finish());

async function rows(sql: string, ...values: unknown[]): Promise<unknown[]> {
  await ledger.settled();
  return ledger.store.db.prepare(sql).all(...values);
}

/** Contributions of the event at this place behind the set-up. */
const contributions = (place: number): Promise<unknown[]> =>
  rows(
    'SELECT m.measure, m.dimensions, c.year, c.amount, c.first FROM contributions c JOIN measures m USING (key_id) WHERE idx = ? ORDER BY n',
    offset + place,
  );

const caseRow = (number: string, kind = 'publication'): Promise<unknown[]> =>
  rows('SELECT state, title, first_on, last_on, acts FROM cases WHERE kind = ? AND number = ?', kind, number);

const voidOf = (taken: Message): Message =>
  message('record.voided', taken.subject, at('2018-03-01'), 'auditor', { message: { id: taken.id }, reason: '错', approvedBy: 'leader' });

test('the journal has a row per event', async () => {
  // The journal: one row per event with its index, its place in its stream, its message.
  const meeting = message('meeting.held', 'meeting/1', at('2017-03-01'), 'clerk', { title: '会议' });
  await record(ledger, [meeting]);
  expect(
    await rows(
      `SELECT e.idx, e.revision, s.stream, s.subject, s.last_revision, t.name AS type, n.name AS source, e.message_id AS id, e.at
       FROM events e JOIN streams s USING (stream_id) JOIN names t ON t.name_id = e.type_id JOIN names n ON n.name_id = e.source_id WHERE e.idx = ?`,
      offset,
    ),
  ).toEqual([
    {
      idx: offset,
      revision: 0,
      stream: `meeting-${AGENCY}/1`,
      subject: 'meeting/1',
      last_revision: 0,
      type: 'meeting.held',
      source: meeting.source,
      id: meeting.id,
      at: meeting.time,
    },
  ]);
  expect(await rows('SELECT COUNT(*) AS events, MIN(idx) AS first, MAX(idx) AS last FROM events')).toEqual([
    { events: offset + 1, first: 0, last: offset },
  ]);
});

describe('contributions', () => {
  const dimensions = (value: object): string => JSON.stringify(value);

  test('a release, one dated earlier, and its void', async () => {
    const early = released('1', '2016-12-30', 'weibo');
    const acts = approvedItem('1', '2016-12-01', { normative: 'rules' });
    await record(ledger, [...acts, released('1', '2017-03-02', 'website'), early, voidOf(early)]);
    const item = { measure: 'item.first-released', dimensions: dimensions({ rank: 'rules' }), first: 1 };
    const on = (channel: string): object => ({ measure: 'item.released', dimensions: dimensions({ channel }), first: 0 });
    expect(await contributions(0)).toEqual([]);
    expect(await contributions(4)).toEqual([
      { ...on('website'), year: 2017, amount: 1 },
      { ...item, year: 2017, amount: 1 },
    ]);
    expect(await contributions(5)).toEqual([
      { ...on('weibo'), year: 2016, amount: 1 },
      { ...item, year: 2017, amount: -1 },
      { ...item, year: 2016, amount: 1 },
    ]);
    expect(await contributions(6)).toEqual([
      { ...item, year: 2016, amount: -1 },
      { ...item, year: 2017, amount: 1 },
      { ...on('weibo'), year: 2016, amount: -1 },
    ]);
  });

  test('a void takes trainings and deliveries back', async () => {
    // A training counts twice over, a delivery its items, a void takes both back.
    const training = message('training.held', 'training/1', at('2017-03-01'), 'clerk', { title: '培训', trainees: 12 });
    const delivery = message('delivery.made', 'delivery/1', at('2017-03-01'), 'clerk', { place: '馆', medium: 'paper', items: 7 });
    await record(ledger, [training, delivery, voidOf(training)]);
    const rowsOf = (sign: number): object[] => [
      { measure: 'training.held', dimensions: '{}', year: 2017, amount: sign, first: 0 },
      { measure: 'training.trainees', dimensions: '{}', year: 2017, amount: 12 * sign, first: 0 },
    ];
    expect(await contributions(0)).toEqual(rowsOf(1));
    expect(await contributions(1)).toEqual([
      { measure: 'delivery.items', dimensions: dimensions({ medium: 'paper' }), year: 2017, amount: 7, first: 0 },
    ]);
    expect(await contributions(2)).toEqual(rowsOf(-1));
  });

  test('sums are the contributions added up, per block', async () => {
    await record(ledger, [
      ...approvedItem('1', '2017-03-01'),
      released('1', '2017-03-02', 'website'),
      released('1', '2018-03-02', 'weibo'),
    ]);
    const added = await rows('SELECT agency_id, year, key_id, SUM(amount) AS amount FROM contributions GROUP BY 1, 2, 3 ORDER BY 1, 2, 3');
    expect(await rows('SELECT agency_id, year, key_id, SUM(amount) AS amount FROM sums GROUP BY 1, 2, 3 ORDER BY 1, 2, 3')).toEqual(added);
    expect(added.length).toBeGreaterThan(2);
  });

  test('a declaration holds until a void', async () => {
    // A declaration holds from its event on; its void leaves the one before.
    const declared = (value: string): Message =>
      message('agency.figure-declared', `agency/${AGENCY}`, at('2017-01-20'), 'clerk', {
        year: 2016,
        form: '2014-shandong',
        cell: '9.4',
        value,
        evidence: '文',
      });
    const second = declared('0.3');
    await record(ledger, [declared('0.2'), second, voidOf(second)]);
    expect(await rows('SELECT year, form, cell, idx, value FROM declarations ORDER BY idx')).toEqual(
      ['0.2', '0.3', '0.2'].map((value, place) => ({ year: 2016, form: '2014-shandong', cell: '9.4', idx: offset + place, value })),
    );
  });
});

test('the caseload follows an item through its life', async () => {
  const acts = approvedItem('1', '2017-03-01');
  const release = released('1', '2017-03-02', 'website');
  const states = [];
  for (const act of [...acts, release, voidOf(release)]) {
    await record(ledger, [act]);
    states.push(...(await caseRow('1')));
  }
  // A title is sealed until it is released.
  const row = (state: string, acts_: number, last_on = '2017-03-01'): object => ({
    state,
    title: state === 'released' ? '信息 1' : null,
    first_on: '2017-03-01',
    last_on,
    acts: acts_,
  });
  expect(states).toEqual([
    row('drafted', 1),
    row('in-clearance', 2),
    row('in-clearance', 3),
    row('approved', 4),
    row('released', 5, '2017-03-02'),
    row('approved', 6, '2018-03-01'),
  ]);
});

test('a long case keeps its acts sixteen a row', async () => {
  // Of the first sixteen events of a case one row, of the next another; what is taken back leaves row and officer.
  const checks = Array.from({ length: 18 }, (_, n) =>
    message('publication.checked', 'publication/1', at('2017-03-03'), `checker-${n}`, { finding: 'ok' }),
  );
  await record(ledger, [...approvedItem('1', '2017-03-01'), released('1', '2017-03-02', 'website'), ...checks]);
  const pieces = (): Promise<unknown[]> =>
    rows(`SELECT piece, json_array_length(a.acts) AS acts FROM case_acts a JOIN cases c USING (stream_id)
      WHERE c.kind = 'publication' ORDER BY piece`);
  const checkedBy = (actor: string): number => ledger.caseList.list({ agency: AGENCY, actor }).cases.length;
  expect(await pieces()).toEqual([
    { piece: 0, acts: 16 },
    { piece: 1, acts: 7 },
  ]);
  expect([checkedBy('checker-0'), checkedBy('checker-17')]).toEqual([1, 1]);
  for (const check of [...checks.slice(0, 1), ...checks.slice(11)]) await record(ledger, [voidOf(check)]);
  expect(await pieces()).toEqual([{ piece: 0, acts: 15 }]);
  expect([checkedBy('checker-0'), checkedBy('checker-1'), checkedBy('checker-17')]).toEqual([0, 1, 0]);
});

test('the trail has actor, role and content', async () => {
  // The trail: who, in which role, on which content; signatures are marked.
  await record(ledger, [...approvedItem('1', '2017-03-01'), released('1', '2017-03-02', 'website')]);
  const found = await rows(
    `SELECT tr.actor, tr.role, tr.signs, tr.on_day AS day, json_extract(tr.detail, '$.contentHash') AS hash, json_extract(tr.detail, '$.attestation') AS attestation
     FROM trail tr JOIN streams s USING (stream_id) WHERE s.subject = 'publication/1' ORDER BY idx`,
  );
  const entry = { hash: hashOf('1'), attestation: 'none', day: '2017-03-01', role: null, signs: 0 };
  expect(found).toEqual([
    { ...entry, actor: 'drafter' },
    { ...entry, actor: 'office', role: 'office-reviewer', signs: 1 },
    { ...entry, actor: 'lawyer', role: 'regulations-reviewer', signs: 1 },
    { ...entry, actor: 'leader', role: 'deputy-leader', signs: 1 },
    { ...entry, actor: 'editor', day: '2017-03-02' },
  ]);
  expect(await rows("SELECT actor, role, kind, on_day FROM role_changes WHERE actor = 'root'")).toEqual([
    { actor: 'root', role: 'administrator', kind: 'assigned', on_day: '2010-01-01' },
  ]);
});

test('refusals are kept once, counted, and settled', async () => {
  // Refusals: kept once with a count, settled when they leave the list.
  const early = released('9', '2017-03-02', 'website');
  await ledger.send(early, early);
  expect(await rows('SELECT code, count, settled FROM refusals')).toEqual([{ code: 'unknown-case', count: 2, settled: 0 }]);
  const [kept] = ledger.refusals.list().refusals;
  expect(kept).toMatchObject({ source: early.source, id: early.id, count: 2, error: { code: 'unknown-case' } });
  expect(JSON.parse(ledger.refusals.message(kept?.refusalId ?? '') ?? '')).toEqual(early);
  await ledger.refusals.settle(kept?.refusalId ?? '');
  expect(await rows('SELECT settled FROM refusals')).toEqual([{ settled: 1 }]);
  expect(ledger.refusals.list().refusals).toEqual([]);
  const [{ sealed }] = (await rows('SELECT sealed FROM refusals')) as [{ sealed: string }];
  expect(sealed).not.toContain(early.id);
  expect(JSON.parse(sealed)).toMatchObject({ alg: 'A256GCM' });
});
