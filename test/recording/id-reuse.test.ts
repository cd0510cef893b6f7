/**
 * One message id in two cases. Within a process the index of messages refuses it; of two processes that write at the
 * same instant both may get through: then the later in the log counts nothing and is told. The second process here is a
 * recorder of its own with read models that lag.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { ReadStore } from '../../src/read-models/read-store.js';
import type { MessageRecorder } from '../../src/recording/message-recorder.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { checkExplained, figures, record, type Cells } from '../support/histories.js';
import { openTestLedger, recorderBeside, type TestLedger } from '../support/ledger.js';
import { AGENCY, approvedItem, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;
let folder: string;
let behind: ReadStore;
let second: MessageRecorder;

beforeEach(async () => {
  ledger = openTestLedger();
  folder = mkdtempSync(join(tmpdir(), 'disclosure-second-'));
  behind = new ReadStore(join(folder, 'read.db'));
  second = recorderBeside(ledger, behind);
  await record(ledger, [...setUp(), ...approvedItem('1', '2017-03-01'), ...approvedItem('2', '2017-03-01')]);
});

afterEach(async () => {
  await ledger.finish();
  behind.close();
  rmSync(folder, { recursive: true, force: true });
});

const first = released('1', '2017-03-02', 'website');
const reused = { ...released('2', '2017-03-02', 'website'), id: first.id };

async function bothThrough(): Promise<void> {
  await record(ledger, [first]);
  expect(await second.recordValue(reused, NO_IDENTITY)).toMatchObject({ status: 'recorded' });
  await ledger.settled();
}

/**
 * A case that the first process has folded before does not know what the second wrote; ask as a process that starts now
 * would.
 */
async function sendAsNew(one: Message): Promise<void> {
  const fresh = recorderBeside(ledger, ledger.store);
  expect(await fresh.recordValue(one, NO_IDENTITY)).toMatchObject({ status: 'recorded' });
}

async function expectTable(year: number, cells: Cells): Promise<void> {
  expect({ year, ...(await figures(ledger, AGENCY, year)) }).toEqual({ year, ...cells });
  await checkExplained(ledger, AGENCY, year);
}

test('one process refuses it before read models know', async () => {
  // Within one process it is refused, also while the read models do not know of the first.
  expect(await second.recordValue(first, NO_IDENTITY)).toMatchObject({ status: 'recorded' });
  expect(await second.recordValue(reused, NO_IDENTITY)).toMatchObject({ status: 'refused', error: { code: 'id-reused' } });
});

test('one process refuses it on any case', async () => {
  // Within one process it is refused, on the same case and on another; unchanged it is a duplicate.
  await record(ledger, [first]);
  const [changed, elsewhere, repeat] = await ledger.send({ ...first, actor: 'somebody else' }, reused, first);
  expect(changed).toMatchObject({ status: 'refused', error: { code: 'id-reused' } });
  expect(elsewhere).toMatchObject({ status: 'refused', error: { code: 'id-reused' } });
  expect(repeat).toMatchObject({ status: 'duplicate', revision: 4 });
  await expectTable(2017, { '1.1': '1', '1.2.1': '1' });
});

test('the later of two counts nothing, is named', async () => {
  // Of two that slip through the later counts nothing and is the finding id-reused-across-cases.
  await bothThrough();
  await expectTable(2017, { '1.1': '1', '1.2.1': '1' });
  const { findings } = await ledger.tables.table({ agency: AGENCY, year: 2017 });
  expect(findings.filter(({ rule }) => rule === 'id-reused-across-cases')).toMatchObject([
    { severity: 'warning', cases: ['publication/2'] },
  ]);
  const { entries } = ledger.trails.trail(AGENCY, { kind: 'publication', number: '2' });
  expect(entries.at(-1)?.remarks.map(({ code }) => code)).toContain('id-reused');
});

test('voiding what counted nothing takes nothing back', async () => {
  // What counted nothing takes nothing back when it is voided.
  await bothThrough();
  await sendAsNew(
    message('record.voided', 'publication/2', at('2018-05-01'), 'auditor', {
      message: { id: first.id },
      reason: '编号重复',
      approvedBy: 'leader',
    }),
  );
  await expectTable(2017, { '1.1': '1', '1.2.1': '1' });
  await expectTable(2018, {});
});

test('sent again under its own id, it counts', async () => {
  // Sent again under an id of its own after the void, it counts.
  await bothThrough();
  await sendAsNew(
    message('record.voided', 'publication/2', at('2018-05-01'), 'auditor', {
      message: { id: first.id },
      reason: '编号重复',
      approvedBy: 'leader',
    }),
  );
  await sendAsNew(released('2', '2017-03-02', 'website'));
  await expectTable(2017, { '1.1': '2', '1.2.1': '2' });
});

test('a release that counts makes it count once', async () => {
  // A release of the second item that does count makes it count once.
  await bothThrough();
  await sendAsNew(released('2', '2018-03-02', 'weibo'));
  await expectTable(2017, { '1.1': '1', '1.2.1': '1' });
  await expectTable(2018, { '1.1': '1', '1.2.2': '1' });
});

test('voiding the first takes its own figures only', async () => {
  // A void of the first act takes back its own figures only.
  await bothThrough();
  await sendAsNew(
    message('record.voided', 'publication/1', at('2018-05-01'), 'auditor', {
      message: { id: first.id },
      reason: '错',
      approvedBy: 'leader',
    }),
  );
  await expectTable(2017, {});
});

describe('a void whose id was used before', () => {
  const voidOf = (taken: Message): Message =>
    message(
      'record.voided',
      taken.subject,
      at('2018-05-01'),
      'auditor',
      { message: { id: taken.id }, reason: '错', approvedBy: 'leader' },
      { id: first.id },
    );

  async function slipThrough(one: Message): Promise<void> {
    expect(await second.recordValue(one, NO_IDENTITY)).toMatchObject({ status: 'recorded' });
    await ledger.settled();
  }

  test('takes its act back, and is found', async () => {
    // Takes its act back in the figures as in its case, and is the finding; released again, the item counts once.
    const taken = released('2', '2017-03-02', 'website');
    await record(ledger, [first, taken]);
    await expectTable(2017, { '1.1': '2', '1.2.1': '2' });
    await slipThrough(voidOf(taken));
    await expectTable(2017, { '1.1': '1', '1.2.1': '1' });
    const { findings } = await ledger.tables.table({ agency: AGENCY, year: 2018 });
    expect(findings.filter(({ rule }) => rule === 'id-reused-across-cases')).toMatchObject([{ cases: ['publication/2'] }]);
    const { entries } = ledger.trails.trail(AGENCY, { kind: 'publication', number: '2' });
    expect(entries.at(-1)?.remarks.map(({ code }) => code)).toEqual(expect.arrayContaining(['void', 'id-reused']));
    await sendAsNew(released('2', '2017-03-02', 'website'));
    await expectTable(2017, { '1.1': '2', '1.2.1': '2' });
  });

  test('moves the first release to the standing one', async () => {
    // Moves the first release to the one that stands.
    const taken = released('2', '2016-03-02', 'website');
    const drafted = approvedItem('3', '2016-03-01');
    const early = { ...taken, subject: 'publication/3', data: { ...taken.data, contentHash: hashOf('3') } };
    await record(ledger, [first, ...drafted, early, released('3', '2017-04-02', 'weibo')]);
    await expectTable(2016, { '1.1': '1', '1.2.1': '1' });
    await expectTable(2017, { '1.1': '1', '1.2.1': '1', '1.2.2': '1' });
    await slipThrough(voidOf(early));
    await expectTable(2016, {});
    await expectTable(2017, { '1.1': '2', '1.2.1': '1', '1.2.2': '1' });
  });

  test('of an uncounted act it takes nothing back', async () => {
    // Of an act that counted nothing for the same reason takes nothing back.
    await bothThrough();
    const other = released('1', '2017-05-02', 'wechat');
    await record(ledger, [other]);
    await slipThrough({ ...voidOf(reused), id: other.id });
    await expectTable(2017, { '1.1': '1', '1.2.1': '1', '1.2.3': '1' });
  });

  test('a meeting so voided and repeated counts once', async () => {
    // A meeting taken back so and held again counts once.
    const meeting = message('meeting.held', 'meeting/1', at('2017-05-01'), 'clerk', { title: '会议' });
    await record(ledger, [first, meeting]);
    await slipThrough(voidOf(meeting));
    await sendAsNew({ ...meeting, id: 'held-again' });
    await expectTable(2017, { '1.1': '1', '1.2.1': '1', '10.1': '1' });
  });
});

test('a meeting under a used id counts nothing', async () => {
  // Other acts: a meeting whose id was used before is no meeting more.
  const meeting = message('meeting.held', 'meeting/1', at('2017-05-01'), 'clerk', { title: '会议' });
  await record(ledger, [meeting]);
  expect(await second.recordValue({ ...meeting, subject: 'meeting/2' }, NO_IDENTITY)).toMatchObject({ status: 'recorded' });
  await expectTable(2017, { '10.1': '1' });
  expect(hashOf('1')).toBe(first.data?.['contentHash']);
});

test('an uncounted answer does not come first', async () => {
  // A hot topic: an answer that counts nothing does not come first.
  const answer = (number: string, day: string, id?: string): Message =>
    message('hotspot.answered', `hotspot/${number}`, at(day), 'clerk', { topic: '物价', means: 'other' }, id === undefined ? {} : { id });
  const original = answer('1', '2017-05-01');
  await record(ledger, [original]);
  expect(await second.recordValue(answer('2', '2016-05-01', original.id), NO_IDENTITY)).toMatchObject({ status: 'recorded' });
  await ledger.settled();
  const counted = answer('2', '2018-05-01');
  await sendAsNew(counted);
  await expectTable(2016, {});
  await expectTable(2017, { '2.1': '1', '2.2.4': '1' });
  await expectTable(2018, { '2.1': '1', '2.2.4': '1' });
  await sendAsNew(
    message('record.voided', 'hotspot/2', at('2019-01-05'), 'auditor', { message: { id: counted.id }, reason: '错', approvedBy: 'leader' }),
  );
  await expectTable(2018, {});
});

test('an uncounted release leaves the item its count', async () => {
  // An item that was counted before keeps its count when a release that counts nothing comes first by its date.
  const counted = released('2', '2018-03-02', 'weibo');
  await record(ledger, [first, counted]);
  expect(await second.recordValue(reused, NO_IDENTITY)).toMatchObject({ status: 'recorded' });
  await expectTable(2017, { '1.1': '1', '1.2.1': '1' });
  await expectTable(2018, { '1.1': '1', '1.2.2': '1' });
  await sendAsNew(
    message('record.voided', 'publication/2', at('2019-01-05'), 'auditor', {
      message: { id: counted.id },
      reason: '错',
      approvedBy: 'leader',
    }),
  );
  await expectTable(2017, { '1.1': '1', '1.2.1': '1' });
  await expectTable(2018, {});
});

describe('a case whose opening counts nothing', () => {
  const applied = (number: string, more: Partial<Message> = {}): Message =>
    message(
      'application.received',
      `application/${number}`,
      at('2021-03-01'),
      'clerk',
      { channel: 'letter', applicant: { kind: 'business' }, request: '公开文件' },
      more,
    );
  const known = applied('known');
  const withdrawn = message('application.withdrawn', 'application/other', at('2021-03-05'), 'clerk');
  const open = { '3.1:business': '1', '3.1:total': '1', '3.4:business': '1', '3.4:total': '1' };

  async function expectAnnual(cells: Cells): Promise<void> {
    expect(await figures(ledger, AGENCY, 2021, '2021')).toEqual(cells);
    await checkExplained(ledger, AGENCY, 2021, undefined, '2021');
    const { findings } = await ledger.tables.table({ agency: AGENCY, year: 2021 });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  }

  beforeEach(async () => {
    await record(ledger, [known]);
    expect(await second.recordValue(applied('other', { id: known.id }), NO_IDENTITY)).toMatchObject({ status: 'recorded' });
    await ledger.settled();
    await sendAsNew(withdrawn);
  });

  test('ends without counting: what is open stays open', () => expectAnnual(open));

  test('counts when sent again under own ids', async () => {
    // Counts when it is taken back and sent again under ids of its own.
    const back = (id: string): Message =>
      message('record.voided', 'application/other', at('2022-05-01'), 'auditor', {
        message: { id },
        reason: '编号重复',
        approvedBy: 'leader',
      });
    await sendAsNew(back(withdrawn.id));
    await ledger.settled();
    await expectAnnual(open);
    await sendAsNew(back(known.id));
    await ledger.settled();
    await sendAsNew(applied('other'));
    await sendAsNew({ ...withdrawn, id: 'withdrawn-again' });
    await expectAnnual({
      '3.1:business': '2',
      '3.1:total': '2',
      '3.3.6.3:business': '1',
      '3.3.6.3:total': '1',
      '3.3.7:business': '1',
      '3.3.7:total': '1',
      '3.4:business': '1',
      '3.4:total': '1',
    });
  });
});
