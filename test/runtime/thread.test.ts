/**
 * The read models in a thread of their own, with real threads of the built project: what they hold, what they tell, and
 * how they end.
 */
import { closeSync, existsSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { checkLedger } from '../support/check-ledger.js';
import { received } from '../support/applications.js';
import { figures, record } from '../support/histories.js';
import { manyPublications } from '../support/kill-import.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { nicenessOf } from '../support/niceness.js';
import { startService } from '../support/service.js';
import { smallYear, TABLE } from '../support/year.js';
import { until } from '../support/until.js';
import { appendForeign } from '../read-models/stored.js';

let ledger: TestLedger;
let folder: string;

const open = (): TestLedger => (ledger = openTestLedger({ ...(folder === '' ? {} : { folder }), thread: true }));

beforeEach(() => {
  folder = '';
  folder = open().folder;
});

afterEach(async () => {
  await ledger.stop();
  rmSync(folder, { recursive: true, force: true });
});

const meeting = (number: string): Message => message('meeting.held', `meeting/${number}`, at('2017-05-01'), 'clerk', { title: '会议' });
const index = (): number => Math.min(...ledger.runner.status().bookmarks.map((bookmark) => bookmark.index));

test('the thread writes the rows of a rebuild', async () => {
  // Live and caught up at once: byte for byte those of a runner in this thread.
  const messages = [...manyPublications(600), received('1', '2017-03-01')];
  await record(ledger, messages);
  await ledger.settled();
  expect(index()).toBe(messages.length - 1);
  await checkLedger(ledger.log, ledger.store);
});

if (process.platform === 'linux') {
  test('the thread alone gives way', async () => {
    await ledger.settled();
    const nice = nicenessOf('self');
    expect(nice.filter((each) => each !== getPriority())).toEqual([getPriority() + 10]);
  });
}

test('who records cannot write read models', async () => {
  // One thread writes: another that did would hold it up, or be held up.
  expect(() => ledger.store.db.exec('DELETE FROM names')).toThrow(/readonly/);
});

test('one piece of code reads one state', async () => {
  // Rows that the thread commits meanwhile are seen in the next turn of the event loop, and not before.
  await ledger.settled();
  const count = ledger.store.db.prepare('SELECT COUNT(*) FROM names').pluck();
  const before = count.get();
  const writer = new Database(ledger.store.file);
  writer.prepare("INSERT INTO names (name) VALUES ('meanwhile')").run();
  expect(count.get()).toBe(before);
  expect(ledger.store.db.transaction(() => count.get())()).toBe(before);
  await new Promise((resolve) => setImmediate(resolve));
  expect(count.get()).toBe(Number(before) + 1);
  writer.prepare("DELETE FROM names WHERE name = 'meanwhile'").run();
  writer.close();
});

test('an answer waits for what its receipt names', async () => {
  const service = await startService({ thread: true });
  await service.record(...smallYear());
  const [receipt] = await service.record(meeting('9'));
  const answer = await service.get(`${TABLE}?after=${receipt?.position}`);
  expect(answer.json<{ rows: { code: string; value: string }[] }>().rows.find(({ code }) => code === '10.1')?.value).not.toBe('0');
  const metrics = (await service.get('/metrics')).text;
  expect(metrics).toContain('disclosure_read_model_thread_restarts_total 0');
  await service.finish();
});

test('damage that a question finds stops the thread', async () => {
  // Nothing is applied to a file that is not whole, whoever found it.
  await record(ledger, setUp());
  await ledger.settled();
  const before = index();
  ledger.store.markDamaged('a test says so');
  await appendForeign(ledger.log, { type: 'meeting.held', subject: 'meeting/1', data: { title: '会议' } });
  await until(() => ledger.runner.status().broken);
  await sleep(100);
  expect(ledger.store.bookmarks().every((bookmark) => bookmark.index <= before)).toBe(true);
  expect(await ledger.runner.caughtUp(1000)).toBe(false);
});

test('damage that the thread finds is known here', async () => {
  // A page that only applying reads: what is asked is refused too, and the next start builds all of it again.
  await record(ledger, [...setUp(), meeting('1')]);
  await ledger.stop();
  const file = join(folder, 'read.db');
  const db = new Database(file, { readonly: true });
  const page = Number(db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'trail'").pluck().get());
  const size = Number(db.pragma('page_size', { simple: true }));
  db.close();
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(size, 0xa5), 0, undefined, (page - 1) * size);
  closeSync(fd);
  open();
  await ledger.runner.started(60_000);
  await ledger.send(meeting('2'));
  await until(() => ledger.store.damage);
  expect(ledger.runner.status().broken).toContain('read.db is damaged');
  expect(existsSync(`${file}.damaged`)).toBe(true);
  await ledger.stop();
  open();
  expect(await figures(ledger, AGENCY, 2017)).toEqual({ '10.1': '2' });
  await checkLedger(ledger.log, ledger.store);
});

test('a rebuild is stopped between two chunks', async () => {
  // What was committed stays, and the next start goes on behind it.
  const messages = manyPublications(1500);
  await record(ledger, messages);
  await ledger.stop();
  rmSync(join(folder, 'read.db'));
  open();
  await until(() => index() >= 0);
  await ledger.stop();
  const stoppedAt = index();
  expect(stoppedAt).toBeLessThan(messages.length - 1);
  open();
  expect(index()).toBeGreaterThanOrEqual(stoppedAt);
  await ledger.settled();
  expect(index()).toBe(messages.length - 1);
  await checkLedger(ledger.log, ledger.store);
});

test('nothing is left beside the files', async () => {
  await record(ledger, setUp());
  await ledger.stop();
  for (const name of ['log.db', 'read.db', 'keys.db']) {
    expect(statSync(join(folder, name)).size).toBeGreaterThan(0);
    expect(existsSync(join(folder, `${name}-wal`))).toBe(false);
  }
});

test('keys of erasures found in the log are destroyed', async () => {
  // As of another replica: this process did not record it, its read models come to it.
  const opened = received('1', '2017-03-01');
  const closed = message('application.withdrawn', 'application/1', at('2017-03-05'), 'clerk', { note: '本人撤回' });
  await record(ledger, [...setUp(), opened, closed]);
  await ledger.settled();
  await ledger.stop();
  const keys = new Database(join(folder, 'keys.db'));
  const before = keys.prepare('SELECT * FROM keys').all();
  keys.close();
  open();
  const erasure = message('record.erased', 'application/1', at('2018-01-02'), 'auditor', { reason: '期满', approvedBy: 'leader' });
  await record(ledger, [erasure]);
  await ledger.settled();
  await ledger.stop();
  const restored = new Database(join(folder, 'keys.db'));
  const count = restored.prepare('SELECT COUNT(*) FROM keys').pluck();
  const after = Number(count.get());
  expect(after).toBeLessThan(before.length);
  const columns = Object.keys(before[0] as object);
  const put = restored.prepare(`INSERT OR IGNORE INTO keys (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  for (const row of before) put.run(...Object.values(row as Record<string, unknown>));
  expect(count.get()).toBe(before.length);
  // Without read models the start knows of no erasure: the thread comes to it.
  rmSync(join(folder, 'read.db'));
  open();
  await ledger.settled();
  await until(() => count.get() === after);
  restored.close();
});
