/**
 * An older log put back under newer read models: they are built anew; nothing recorded since is skipped, and nothing
 * lost is called a duplicate.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCaughtUp } from '../../src/runtime/open-caught-up.js';
import { WriterLock } from '../../src/runtime/writer-lock.js';
import { checkLedger } from '../support/check-ledger.js';
import { figures, record, sendAll } from '../support/histories.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';

let folder: string;
let ledger: OpenLedger;
const notices: string[] = [];

const meeting = (number: string, title = '会议'): Message =>
  message('meeting.held', `meeting/${number}`, at('2017-05-01'), 'clerk', { title }, { id: `meeting-${number}` });

const open = (now?: () => number): OpenLedger => openLedger(folder, now, (line) => notices.push(line));

/** Two meetings recorded, a backup of the log, two more; then the backup stands in the place of the log. */
beforeEach(async () => {
  notices.length = 0;
  folder = newFolder();
  const log = join(folder, 'log.db');
  ledger = open();
  await record(ledger, [...setUp(), meeting('1'), meeting('2')]);
  await ledger.close();
  copyFileSync(log, `${log}.backup`);
  ledger = open();
  await record(ledger, [meeting('3'), meeting('4')]);
  await ledger.settled();
  await ledger.close();
  copyFileSync(`${log}.backup`, log);
});

afterEach(async () => {
  await ledger.close();
  removeFolder(folder);
});

test('they follow the restored log, and say so', async () => {
  // The read models are those of the restored log, and one line says so.
  ledger = open();
  await ledger.settled();
  expect(await figures(ledger, AGENCY, 2017)).toEqual({ '10.1': '2' });
  await checkLedger(ledger.log, ledger.store);
  expect(notices).toEqual([expect.stringContaining('not built from this log')]);
});

test('lost messages sent again are recorded and counted', async () => {
  // What was lost with the old log is recorded when it is sent again, and counted.
  ledger = open();
  await ledger.settled();
  const receipts = await sendAll(ledger, [meeting('2'), meeting('3')]);
  expect(receipts.map(({ status }) => status)).toEqual(['duplicate', 'recorded']);
  expect(await figures(ledger, AGENCY, 2017)).toEqual({ '10.1': '3' });
  await checkLedger(ledger.log, ledger.store);
});

test('also a log grown back to equal length', async () => {
  // Also where the log has grown again to the same length, even by the same messages at another time.
  const away = newFolder();
  copyFileSync(join(folder, 'log.db'), join(away, 'log.db'));
  const elsewhere = openLedger(away, () => Date.parse('2031-01-01T00:00:00+08:00'));
  await record(elsewhere, [meeting('3', '另一次会议'), meeting('4')]);
  await elsewhere.close();
  copyFileSync(join(away, 'log.db'), join(folder, 'log.db'));
  removeFolder(away);
  ledger = open();
  await ledger.settled();
  expect(notices).toHaveLength(1);
  expect(ledger.trails.case(AGENCY, { kind: 'meeting', number: '3' }).title).toBe('另一次会议');
  await checkLedger(ledger.log, ledger.store);
});

test('of the same log nothing is built anew', async () => {
  ledger = open();
  await ledger.settled();
  await ledger.close();
  notices.length = 0;
  ledger = open();
  await ledger.settled();
  expect(notices).toEqual([]);
});

test('a reader beside does not answer from them', async () => {
  // A reader beside another process does not answer from them.
  const lock = WriterLock.take(folder);
  try {
    await expect(openCaughtUp({ config: { data: folder, eventStoreDbUrl: null } })).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringContaining('not built from this log') as unknown,
    });
  } finally {
    lock?.release();
  }
  ledger = open();
});
