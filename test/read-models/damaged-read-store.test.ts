/**
 * Read models that are not whole are thrown away and built anew by whoever writes; readers say so and what to do. The
 * log and the keys are never touched.
 */
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openCaughtUp } from '../../src/runtime/open-caught-up.js';
import { WriterLock } from '../../src/runtime/writer-lock.js';
import { checkLedger } from '../support/check-ledger.js';
import { figures, record } from '../support/histories.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
import { until } from '../support/until.js';

let folder: string;
let file: string;
let ledger: OpenLedger | null;
const notices: string[] = [];

const meeting = (number: string): Message => message('meeting.held', `meeting/${number}`, at('2017-05-01'), 'clerk', { title: '会议' });
const open = (): OpenLedger => (ledger = openLedger(folder, undefined, (line) => notices.push(line)));

/** Writes the same bytes over every page from an offset on. */
function scribble(from: number): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(statSync(file).size - from, 0xa5), 0, undefined, from);
  closeSync(fd);
}

beforeEach(async () => {
  notices.length = 0;
  folder = newFolder();
  file = join(folder, 'read.db');
  const opened = open();
  await record(opened, [...setUp(), meeting('1')]);
  await opened.settled();
  await close();
});

async function close(): Promise<void> {
  await ledger?.close();
  ledger = null;
}

afterEach(async () => {
  await close();
  removeFolder(folder);
});

const DAMAGE: readonly (readonly [string, () => void])[] = [
  ['is no database', () => writeFileSync(file, 'this is no database at all'.repeat(1000))],
  ['begins with other bytes', () => writeFileSync(file, Buffer.concat([Buffer.alloc(100), readFileSync(file).subarray(100)]))],
  ['was cut in the middle', () => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ['was cut to its first bytes', () => truncateSync(file, 50)],
  ['is empty', () => truncateSync(file, 0)],
  ['holds garbage behind its head', () => scribble(100)],
];

test.each(DAMAGE)('a read.db that %s is rebuilt at start', async (what, damage) => {
  // A read.db that … is rebuilt at the start.
  damage();
  const opened = open();
  await opened.settled();
  expect(await figures(opened, AGENCY, 2017)).toEqual({ '10.1': '1' });
  await record(opened, [meeting('2')]);
  expect(await figures(opened, AGENCY, 2017)).toEqual({ '10.1': '2' });
  await checkLedger(opened.log, opened.store);
  if (what !== 'is empty') expect(notices).toEqual([expect.stringContaining('read.db is damaged')]);
});

test('late damage stops them, a restart rebuilds them', async () => {
  // Damage that shows only later stops the read models with a word, and the next start rebuilds them.
  // Everything but what is read at the start: the head, the schema, the bookmarks and the journal's end.
  const opened = open();
  await opened.settled();
  opened.store.db.pragma('writable_schema = ON');
  const page = opened.store.db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'trail'").pluck().get() as number;
  const size = opened.store.db.pragma('page_size', { simple: true }) as number;
  await close();
  const fd = openSync(file, 'r+');
  writeSync(fd, Buffer.alloc(size, 0xa5), 0, undefined, (page - 1) * size);
  closeSync(fd);
  const second = open();
  await record(second, [meeting('2')]);
  await until(() => second.runner.status().broken !== null);
  expect(second.runner.status().broken).toContain('read.db is damaged');
  await close();
  const third = open();
  await third.settled();
  expect(await figures(third, AGENCY, 2017)).toEqual({ '10.1': '2' });
  await checkLedger(third.log, third.store);
  await close();
  expect(existsSync(`${file}.damaged`)).toBe(false);
});

test('a reader beside another process leaves damage alone', async () => {
  // A reader beside another process says that it is damaged and what to do, and leaves it alone.
  writeFileSync(file, 'this is no database at all'.repeat(1000));
  const before = readFileSync(file);
  const lock = WriterLock.take(folder);
  try {
    await expect(openCaughtUp({ config: { data: folder, eventStoreDbUrl: null } })).rejects.toMatchObject({
      name: 'DamagedFile',
      message: expect.stringContaining('read.db is damaged') as unknown,
      hint: expect.stringContaining('Restart') as unknown,
    });
  } finally {
    lock?.release();
  }
  expect(readFileSync(file).equals(before)).toBe(true);
});

test.each(['log.db', 'keys.db'])('%s is kept, and named as damaged', (name) => {
  // … is never thrown away: opening it says that it is damaged.
  const other = join(folder, name);
  for (const suffix of ['-wal', '-shm']) rmSync(other + suffix, { force: true });
  writeFileSync(other, 'this is no database at all'.repeat(1000));
  const before = readFileSync(other);
  expect(open).toThrow(expect.objectContaining({ name: 'DamagedFile', hint: expect.stringContaining('backup') as unknown }) as Error);
  expect(readFileSync(other).equals(before)).toBe(true);
});

test('a figure is explained only by matching events', async () => {
  const opened = open();
  await opened.settled();
  const question = { agency: AGENCY, year: 2017, cell: '10.1' };
  expect(await opened.tables.explain(question)).toMatchObject({ value: '1', events: [{ amount: '1' }] });
  opened.store.db.exec("DELETE FROM contributions WHERE key_id = (SELECT key_id FROM measures WHERE measure = 'meeting.held')");
  await expect(opened.tables.explain(question)).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' });
});
