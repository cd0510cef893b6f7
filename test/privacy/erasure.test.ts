/**
 * Sealed cases over a whole ledger: what is stored, how repeats are told, and what an erasure leaves: figures, roots
 * and proofs, and no text.
 */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { StoredEvent } from '../../src/log/event-log.js';
import { leafText } from '../../src/ledger/leaf.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { storedTiles } from '../../src/read-models/ledger/ledger.js';
import { rootOf } from '../../src/ledger/merkle.js';
import { readerOfTiles } from '../../src/ledger/tiles.js';
import { CaseKeys } from '../../src/sealing/case-keys.js';
import { SqliteKeyStore } from '../../src/sealing/key-store.js';
import { toAct } from '../../src/events/envelope.js';
import { CaseStore } from '../../src/recording/facts/case-store.js';
import type { MessageRecorder } from '../../src/recording/message-recorder.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { received } from '../support/applications.js';
import { figures, record } from '../support/histories.js';
import { openTestLedger, recorderBeside, type TestLedger } from '../support/ledger.js';
import { AGENCY, approvedItem, at, message, released, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, setUp());
});

afterEach(() => ledger.finish());

const NAME = '欧阳某某';
const opened = received('1', '2017-03-01', { applicant: { kind: 'natural-person', name: NAME }, request: '征地补偿明细' });
const closed = message('application.withdrawn', 'application/1', at('2017-03-05'), 'clerk', { note: '本人撤回' });
const erasure = (subject: string, day = '2018-01-02'): Message =>
  message('record.erased', subject, at(day), 'auditor', { reason: '保存期限已满', approvedBy: 'leader' });

async function events(): Promise<StoredEvent[]> {
  return [...(await ledger.log.readAll(null, 1000))];
}

async function ofCase(subject: string): Promise<StoredEvent[]> {
  return (await events()).filter(({ metadata }) => metadata['subject'] === subject);
}

async function restart(): Promise<void> {
  const { folder } = ledger;
  await ledger.settled();
  await ledger.stop();
  ledger = openTestLedger({ folder });
  await ledger.settled();
}

const inFile = (name: string, bytes: Buffer | string): boolean =>
  readdirSync(ledger.folder)
    .filter((file) => file.startsWith(name))
    .some((file) => readFileSync(join(ledger.folder, file)).includes(bytes));

function keyBytes(id: string): Buffer {
  const store = new SqliteKeyStore(join(ledger.folder, 'keys.db'));
  const key = store.get(`case-${id}`);
  store.close();
  if (key === null) throw new Error(`no key ${id}`);
  return key;
}

describe('what is stored', () => {
  test('seals one value under the case’s one key', async () => {
    // One sealed value, clear facts beside it, a keyed digest, the same key for every act of the case.
    await record(ledger, [opened, closed]);
    const [first, second] = (await ofCase('application/1')) as [StoredEvent, StoredEvent];
    const { sealed, derived, ...clear } = first.data;
    expect(clear).toEqual({ channel: 'online', applicant: { kind: 'natural-person' } });
    expect(Object.keys(sealed as object)).toEqual(['alg', 'iv', 'tag', 'text']);
    expect(derived).toMatchObject({ kind: 'natural-person', channel: 'online' });
    expect(first.version).toBe(2);
    for (const { metadata } of [first, second]) expect(metadata['digest']).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
    expect(first.metadata['sealKey']).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.metadata['sealKey']).toBe(first.metadata['sealKey']);
    const [meeting] = (await ofCase(`agency/${AGENCY}`)) as [StoredEvent];
    expect(meeting.metadata).not.toHaveProperty('sealKey');
    expect(meeting.metadata['digest']).toMatch(/^sha256:/);
  });

  test('a title is clear from its first release', async () => {
    // A title is clear from its first release on.
    await record(ledger, [...approvedItem('1', '2017-03-01'), released('1', '2017-03-02', 'website')]);
    const stored = await ofCase('publication/1');
    expect(stored.map(({ data }) => JSON.stringify(data).includes('信息 1'))).toEqual([false, false, false, false, true]);
    expect(stored.at(-1)?.data['derived']).toMatchObject({ document: { title: '信息 1' } });
  });

  test('equal cases have nothing in common', async () => {
    // Two cases with the same content have nothing in common.
    const other = { ...opened, id: 'other', subject: 'application/2' };
    await record(ledger, [opened, other]);
    const sealed = (await events()).flatMap(({ data, metadata }) =>
      data['sealed'] === undefined ? [] : [[data['sealed'], metadata['digest']]],
    );
    expect(sealed).toHaveLength(2);
    const [[a, x], [b, y]] = sealed as [[{ text: string; iv: string }, string], [{ text: string; iv: string }, string]];
    expect([a.text === b.text, a.iv === b.iv, x === y]).toEqual([false, false, false]);
  });
});

describe('repeats', () => {
  test('repeats are told in flight and after restart', async () => {
    // The same message is a duplicate, another under its id is refused:
    // at once, when its commit is on its way, and after a restart.
    const other = { ...opened, data: { ...opened.data, request: '别的' } };
    const [first, again, changed] = await Promise.all([opened, opened, other].map((one) => ledger.recorder.recordValue(one, NO_IDENTITY)));
    expect([first?.status, again?.status, changed?.error?.code]).toEqual(['recorded', 'duplicate', 'id-reused']);
    await restart();
    const [later, refused, elsewhere] = await ledger.send(opened, other, { ...opened, subject: 'application/2' });
    expect(later).toMatchObject({ status: 'duplicate', revision: 0, eventIds: first?.eventIds });
    expect(refused?.error?.code).toBe('id-reused');
    expect(elsewhere?.error?.code).toBe('id-reused');
  });

  test('an erased case’s repeats are all duplicates', async () => {
    // Of an erased case every repeat is a duplicate, whatever it says: nobody can tell any more.
    const erased = erasure('application/1');
    const receipts = await record(ledger, [opened, closed, erased]);
    for (const restarted of [false, true]) {
      if (restarted) await restart();
      const answers = await ledger.send(opened, { ...opened, data: { ...opened.data, request: '猜' } }, { ...erased, actor: 'x' }, closed);
      expect(answers.map(({ status }) => status)).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate']);
      expect(answers[1]?.eventIds).toEqual(receipts[0]?.eventIds);
    }
    const [next] = await ledger.send({ ...closed, id: 'new' });
    expect(next?.error?.code).toBe('already-erased');
  });

  test('without its key a case’s acts wait', async () => {
    // Without the key of a case its acts wait: nothing is decided without what the case says.
    await record(ledger, [opened]);
    const sealKey = String((await ofCase('application/1'))[0]?.metadata['sealKey']);
    await ledger.settled();
    await ledger.stop();
    const keys = new SqliteKeyStore(join(ledger.folder, 'keys.db'));
    const key = keys.get(`case-${sealKey}`);
    keys.destroy([`case-${sealKey}`]);
    keys.close();
    ledger = openTestLedger({ folder: ledger.folder });
    const answers = await ledger.send(opened, closed);
    expect(answers.map(({ error }) => error?.code)).toEqual(['store-unavailable', 'store-unavailable']);
    await ledger.stop();
    const db = new Database(join(ledger.folder, 'keys.db'));
    db.prepare('INSERT INTO keys (name, key, created_at) VALUES (?, ?, 1)').run(`case-${sealKey}`, key);
    db.close();
    ledger = openTestLedger({ folder: ledger.folder });
    expect((await ledger.send(opened, closed)).map(({ status }) => status)).toEqual(['duplicate', 'recorded']);
  });
});

describe('an erasure', () => {
  test('destroys key and memory, and says so', async () => {
    // Destroys the key and its bytes, drops what memory held, and says what it did.
    await record(ledger, [opened, closed]);
    const [{ metadata }] = (await ofCase('application/1')) as [StoredEvent];
    const sealKey = String(metadata['sealKey']);
    const key = keyBytes(sealKey);
    expect(inFile('keys.db', key)).toBe(true);
    const [receipt] = await record(ledger, [erasure('application/1')]);
    expect(receipt).toMatchObject({ status: 'recorded', revision: 2 });
    expect(inFile('keys.db', key)).toBe(false);
    expect(ledger.keys.find(sealKey)).toBeNull();
    expect(await ledger.texts.open(AGENCY, { kind: 'application', number: '1' })).toEqual({
      events: 3,
      erased: true,
      unreadable: false,
      texts: [],
    });
    await ledger.settled();
    const trail = await ledger.texts.withOpinions(AGENCY, ledger.trails.trail(AGENCY, { kind: 'application', number: '1' }));
    expect(trail.entries.map(({ opinion, sealed }) => [opinion, sealed])).toEqual([
      [null, true],
      [null, true],
      ['保存期限已满', undefined],
    ]);
    expect(trail.remarks.map(({ code }) => code)).toContain('erased');
    expect(trail.entries.at(-1)).toMatchObject({ actor: 'auditor', approvedBy: { actor: 'leader' } });
  });

  test('changes no figure, entry or root', async () => {
    // Changes no figure, no earlier entry of the ledger and no earlier root.
    await record(ledger, [
      opened,
      closed,
      ...approvedItem('1', '2017-03-01'),
      released('1', '2017-03-02', 'website'),
      message('complaint.received', 'complaint/1', at('2017-04-01'), 'clerk', { topic: NAME }),
    ]);
    const before = await figures(ledger, AGENCY, 2017);
    const entries = (await events()).map(leafText);
    const root = (size: number): string => rootOf(size, readerOfTiles(storedTiles(ledger.store.db))).toString('hex');
    const rootBefore = root(entries.length);
    await record(ledger, [erasure('application/1'), erasure('publication/1'), erasure('complaint/1')]);
    expect(await figures(ledger, AGENCY, 2017)).toEqual(before);
    const after = (await events()).map(leafText);
    expect(after.slice(0, entries.length)).toEqual(entries);
    expect(after).toHaveLength(entries.length + 3);
    expect(root(entries.length)).toBe(rootBefore);
    expect(Object.keys(await figures(ledger, AGENCY, 2018))).not.toContain('1.1');
  });

  test('a void still works, its reason unreadable', async () => {
    // A void still takes an act back; why, nobody can read: what a void says of an erased case is sealed under no key.
    await record(ledger, [opened, closed, erasure('application/1')]);
    const undo = message('record.voided', 'application/1', at('2018-02-01'), 'auditor', {
      message: { id: closed.id },
      reason: NAME,
      approvedBy: 'leader',
    });
    const before = await figures(ledger, AGENCY, 2017);
    expect((await ledger.send(undo, undo)).map(({ status }) => status)).toEqual(['recorded', 'duplicate']);
    expect(await figures(ledger, AGENCY, 2017)).not.toEqual(before);
    await restart();
    expect((await ledger.send(undo))[0]).toMatchObject({ status: 'duplicate', revision: 3 });
    expect(ledger.trails.case(AGENCY, { kind: 'application', number: '1' }).state).toBe('received');
    for (const name of ['log.db', 'read.db', 'keys.db']) expect([name, inFile(name, NAME)]).toEqual([name, false]);
  });

  test('acts behind an uncommitted erasure end alike', async () => {
    // Acts sent behind it before its commit are refused or recorded as if it had been committed.
    const undo = message('record.voided', 'application/1', at('2018-02-01'), 'auditor', {
      message: { id: closed.id },
      reason: '错',
      approvedBy: 'leader',
    });
    const receipts = await Promise.all(
      [opened, closed, erasure('application/1'), { ...closed, id: 'late' }, undo, undo].map((one) =>
        ledger.recorder.recordValue(one, NO_IDENTITY),
      ),
    );
    expect(receipts.map(({ status, error }) => error?.code ?? status)).toEqual([
      'recorded',
      'recorded',
      'recorded',
      'already-erased',
      'recorded',
      'duplicate',
    ]);
    expect(receipts[5]).toMatchObject({ revision: 3, position: receipts[4]?.position });
  });

  test('is repeated at every start, restored stores included', async () => {
    // Is done again at every start, before anything is served, also to a key store that was restored.
    await record(ledger, [opened, closed]);
    await ledger.settled();
    const sealKey = String((await ofCase('application/1'))[0]?.metadata['sealKey']);
    const key = keyBytes(sealKey);
    const backup = mkdtempSync(join(tmpdir(), 'disclosure-keys-backup-'));
    await ledger.stop();
    copyFileSync(join(ledger.folder, 'keys.db'), join(backup, 'keys.db'));
    ledger = openTestLedger({ folder: ledger.folder });
    await record(ledger, [erasure('application/1')]);
    for (const lost of ['nothing', 'read.db']) {
      await ledger.settled();
      await ledger.stop();
      copyFileSync(join(backup, 'keys.db'), join(ledger.folder, 'keys.db'));
      if (lost === 'read.db') for (const suffix of ['', '-wal', '-shm']) rmSync(join(ledger.folder, `read.db${suffix}`), { force: true });
      expect(inFile('keys.db', key)).toBe(true);
      ledger = openTestLedger({ folder: ledger.folder });
      if (lost === 'nothing') expect(ledger.keys.find(sealKey)).toBeNull();
      // Even where the key is still there: the log says that it is erased.
      expect((await ledger.texts.open(AGENCY, { kind: 'application', number: '1' })).texts).toEqual([]);
      await ledger.settled();
      expect(inFile('keys.db', key)).toBe(false);
    }
    rmSync(backup, { recursive: true });
  });

  test('the next start finishes it after a crash', async () => {
    // A process that dies between the event and the destruction leaves it to the next start.
    await record(ledger, [opened, closed]);
    await ledger.settled();
    const sealKey = String((await ofCase('application/1'))[0]?.metadata['sealKey']);
    const key = keyBytes(sealKey);
    // What such a process leaves: the event in the log, read models behind it, the key in its file.
    const crash = jest.spyOn(CaseKeys.prototype, 'destroy').mockImplementation(() => {
      throw new Error('killed');
    });
    const [receipt] = await ledger.send(erasure('application/1'));
    expect(receipt?.error?.code).toBe('store-unavailable');
    await ledger.stop();
    crash.mockRestore();
    expect(inFile('keys.db', key)).toBe(true);
    ledger = openTestLedger({ folder: ledger.folder });
    await ledger.settled();
    expect(inFile('keys.db', key)).toBe(false);
    expect((await ledger.send(erasure('application/1'), closed)).map(({ error, status }) => error?.code ?? status)).toEqual([
      'already-erased',
      'duplicate',
    ]);
  });
});

describe('two processes with one key store', () => {
  function other(): { recorder: MessageRecorder; store: ReadStore; keyStore: SqliteKeyStore; close(): void } {
    const folder = mkdtempSync(join(tmpdir(), 'disclosure-second-'));
    const store = new ReadStore(join(folder, 'read.db'));
    const keyStore = new SqliteKeyStore(join(ledger.folder, 'keys.db'));
    const keys = new CaseKeys(keyStore);
    const { log } = ledger;
    // As over a shared log: this process does not count on being alone.
    const shared = new Proxy(log, {
      get: (target, name) => {
        const value: unknown = name === 'ordered' ? false : Reflect.get(target, name, target);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    });
    const recorder = recorderBeside(ledger, store, { log: shared, keys });
    return {
      recorder,
      store,
      keyStore,
      close: () => {
        store.close();
        keyStore.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }

  test('the second takes the key the log names', async () => {
    // The second takes the key that the log names, and tells repeats by it.
    const second = other();
    await record(ledger, [opened]);
    expect(await second.recorder.recordValue(opened, NO_IDENTITY)).toMatchObject({ status: 'duplicate' });
    expect(await second.recorder.recordValue(closed, NO_IDENTITY)).toMatchObject({ status: 'recorded', revision: 1 });
    const [first, last] = (await ofCase('application/1')) as [StoredEvent, StoredEvent];
    expect(last.metadata['sealKey']).toBe(first.metadata['sealKey']);
    second.close();
  });

  test('an erasure by one binds the other', async () => {
    // What one erased the other neither opens nor continues, though it had folded the case before.
    const second = other();
    await record(ledger, [opened, closed]);
    expect(await second.recorder.recordValue(closed, NO_IDENTITY)).toMatchObject({ status: 'duplicate' });
    await record(ledger, [erasure('application/1')]);
    expect(await second.recorder.recordValue({ ...opened, actor: 'x' }, NO_IDENTITY)).toMatchObject({ status: 'duplicate' });
    expect(await second.recorder.recordValue({ ...closed, id: 'more' }, NO_IDENTITY)).toMatchObject({ error: { code: 'already-erased' } });
    second.close();
  });
});

test('nothing in memory keeps an erased case’s texts', async () => {
  // From its erasure on nothing in memory holds what a case said.
  await record(ledger, [opened, closed]);
  const cases = new CaseStore(ledger.log, ledger.keys);
  const held = async (): Promise<string> => JSON.stringify((await cases.load(AGENCY, { kind: 'application', number: '1' })).state.acts);
  expect(await held()).toContain(NAME);
  const before = await cases.load(AGENCY, { kind: 'application', number: '1' });
  await record(ledger, [erasure('application/1')]);
  const erased = (await ofCase('application/1')).at(-1) as StoredEvent;
  cases.recorded(before, toAct(erased));
  expect(await held()).toContain('record.erased');
  expect(await held()).not.toContain(NAME);
});
