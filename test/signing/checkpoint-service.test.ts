/**
 * No checkpoint ever contradicts an earlier one: replicas that sign at once, read stores thrown away, logs put back,
 * forged and tampered ones.
 */
import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKPOINT_STREAM, CHECKPOINT_TYPE } from '../../src/events/catalog.js';
import { openCheckpoint, signCheckpoint } from '../../src/ledger/checkpoint.js';
import { leafText } from '../../src/ledger/leaf.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { generateSignerKey, signNote } from '../../src/ledger/signed-note.js';
import type { StoredEvent } from '../../src/log/event-log.js';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { compareReadStores, ReadStore } from '../../src/read-models/read-store.js';
import { ProjectionRunner } from '../../src/read-models/runner.js';
import { lastSignedIn } from '../../src/runtime/signing-keys.js';
import { CheckpointService, type Cut, type LastSigned } from '../../src/signing/checkpoint-service.js';
import { MustNotSign } from '../../src/signing/must-not-sign.js';
import { mth } from '../ledger/c2sp.js';
import { appendForeign } from '../read-models/stored.js';
import { PATIENCE_MS } from '../support/until.js';

const ORIGIN = 'ledger.example/disclosure';
const key = generateSignerKey(ORIGIN);
const NOW = Date.parse('2026-03-01T09:00:00+08:00');

interface Replica {
  readonly store: ReadStore;
  readonly runner: ProjectionRunner;
  readonly keeper: CheckpointService;
  readonly folder: string;
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

let folder: string;
let log: SqliteEventLog;
let replicas: Replica[];

const openLog = (): SqliteEventLog => new SqliteEventLog({ file: join(folder, 'log.db'), now: () => NOW });

function open(name: string, lastSigned?: LastSigned): Replica {
  const store = new ReadStore(join(folder, `${name}.db`));
  const runner = new ProjectionRunner(log, store);
  runner.start();
  const signer = { origin: ORIGIN, keys: [key], lastSigned: lastSigned ?? lastSignedIn(folder) };
  const replica: Replica = {
    store,
    runner,
    keeper: new CheckpointService({ log, store, signer, now: () => NOW }),
    folder,
    caughtUp: async () => expect(await runner.caughtUp(PATIENCE_MS)).toBe(true),
    close: async () => {
      await runner.stop();
      store.close();
    },
  };
  replicas.push(replica);
  return replica;
}

/** Each remembers for itself, as on machines of their own. */
function remembering(): LastSigned {
  let kept: string | null = null;
  return { load: () => kept, save: (note) => void (kept = note) };
}

async function meet(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1)
    await appendForeign(log, { type: 'meeting.held', subject: `meeting/${randomUUID()}`, data: { title: '会议' } });
}

async function appendCheckpoint(note: string): Promise<void> {
  await log.append(CHECKPOINT_STREAM, 'any', [{ id: randomUUID(), type: CHECKPOINT_TYPE, version: 1, data: { note }, metadata: {} }]);
}

const stoppedWhy = ({ runner }: Replica): string | undefined =>
  runner.status().bookmarks.find(({ name }) => name === 'ledger')?.stopped?.why;

/**
 * Insists that every checkpoint in the log is true of the log, and that each goes on from the one before; gives their
 * sizes.
 */
async function expectTrueCheckpoints(): Promise<number[]> {
  const leaves: Buffer[] = [];
  const sizes: number[] = [];
  for (const event of (await log.readAll(null, 100_000)) as StoredEvent[]) {
    if (event.stream !== CHECKPOINT_STREAM) {
      leaves.push(leafHash(leafText(event)));
      continue;
    }
    const { checkpoint } = openCheckpoint(event.data['note'] as string, ORIGIN, [key]);
    expect(checkpoint.size).toBeLessThanOrEqual(leaves.length);
    expect(checkpoint.root).toEqual(mth(leaves.slice(0, checkpoint.size)));
    sizes.push(checkpoint.size);
  }
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  return sizes;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-keeper-'));
  log = openLog();
  replicas = [];
});

async function closeAll(): Promise<void> {
  await log.close();
  for (const replica of replicas.splice(0)) await replica.close();
}

afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

test('something recorded gives a checkpoint, nothing none', async () => {
  // One checkpoint for what was recorded, none for nothing.
  const replica = open('a');
  await replica.caughtUp();
  expect(await replica.keeper.cut()).toBe('unchanged');
  await meet(3);
  await replica.caughtUp();
  expect(await replica.keeper.cut()).toBe('signed');
  await replica.caughtUp();
  expect(await replica.keeper.cut()).toBe('unchanged');
  await meet(2);
  await replica.caughtUp();
  expect(await replica.keeper.cut()).toBe('signed');
  expect(await expectTrueCheckpoints()).toEqual([3, 5]);
});

test('checkpoints have no index', async () => {
  // Checkpoints have no index: they stand between events and move none of them.
  const replica = open('a');
  await meet(2);
  await replica.caughtUp();
  await replica.keeper.cut();
  await meet(2);
  await replica.caughtUp();
  expect(replica.store.db.prepare('SELECT idx FROM events ORDER BY idx').pluck().all()).toEqual([0, 1, 2, 3]);
  expect(replica.runner.status().bookmarks.map(({ index }) => index)).toEqual(replica.runner.status().bookmarks.map(() => 3));
  const rebuilt = open('b');
  await rebuilt.caughtUp();
  expect(compareReadStores(replica.store, rebuilt.store).difference).toBeNull();
});

test('after a last checkpoint read models are current', async () => {
  // Where a checkpoint is the last of the log, the read models are at its end, also after a restart.
  const replica = open('a');
  await meet(1);
  await replica.caughtUp();
  await replica.keeper.cut();
  await replica.caughtUp();
  const head = await log.head();
  expect(replica.store.bookmarks().map(({ position }) => position)).toEqual(replica.store.bookmarks().map(() => head));
  await replica.close();
  replicas.pop();
  const again = open('a');
  await again.caughtUp();
  expect(await again.keeper.cut()).toBe('unchanged');
  await meet(1);
  await again.caughtUp();
  expect(await again.keeper.cut()).toBe('signed');
  expect(await expectTrueCheckpoints()).toEqual([1, 2]);
});

test('of simultaneous replicas one signs', async () => {
  // Of replicas that cut at once one signs, the others adopt.
  const all = ['a', 'b', 'c'].map((name) => open(name, remembering()));
  for (let round = 0; round < 10; round += 1) {
    await meet(1 + (round % 3));
    for (const replica of all) await replica.caughtUp();
    const cuts = await Promise.all(all.map(({ keeper }) => keeper.cut()));
    expect(cuts.filter((cut) => cut === 'signed')).toHaveLength(1);
    expect(cuts.filter((cut) => cut === 'adopted')).toHaveLength(2);
  }
  expect(await expectTrueCheckpoints()).toHaveLength(10);
  for (const replica of all) await replica.caughtUp();
  expect(new Set(all.map(({ store }) => store.checkpoints.last()?.note)).size).toBe(1);
});

test('checkpoints may be cut at any moment', async () => {
  // Cut at any moment while the log grows, also with a read store just deleted.
  const seen: Cut[] = [];
  const steady = open('a', remembering());
  for (let round = 0; round < 30; round += 1) {
    const fresh = open(`fresh-${round}`, remembering());
    const growing = meet(3);
    for (const { keeper } of [fresh, steady, fresh]) seen.push(await keeper.cut());
    await growing;
    seen.push(...(await Promise.all([fresh.keeper.cut(), steady.keeper.cut()])));
    await fresh.close();
    replicas.splice(replicas.indexOf(fresh), 1);
  }
  await expectTrueCheckpoints();
  expect(seen).toContain('signed');
  expect(seen).toContain('behind');
});

test('a replica that lags does not sign', async () => {
  // A replica that has not read the last checkpoint does not sign.
  const replica = open('a', remembering());
  await meet(2);
  await replica.caughtUp();
  await replica.runner.stop();
  const other = open('b', remembering());
  await other.caughtUp();
  await meet(1);
  await other.caughtUp();
  expect(await other.keeper.cut()).toBe('signed');
  expect(await replica.keeper.cut()).toBe('behind');
});

test('a log put back is not signed', async () => {
  // A log put back to before what was signed is not signed again, and its read models are its own.
  const replica = open('a');
  await meet(2);
  await replica.caughtUp();
  await replica.keeper.cut();
  await closeAll();
  copyFileSync(join(folder, 'log.db'), join(folder, 'backup.db'));
  log = openLog();
  const later = open('a');
  await meet(2);
  await later.caughtUp();
  expect(await later.keeper.cut()).toBe('signed');
  await later.caughtUp();
  await closeAll();
  copyFileSync(join(folder, 'backup.db'), join(folder, 'log.db'));
  log = openLog();
  const restored = open('a');
  await meet(3);
  await restored.caughtUp();
  expect(restored.runner.status().bookmarks.map(({ index }) => index)).toEqual(restored.runner.status().bookmarks.map(() => 4));
  await expect(restored.keeper.cut()).rejects.toThrow(/of 4 events was signed here, and the log lacks it/);
  await expect(restored.keeper.cut()).rejects.toThrow(MustNotSign);
  expect(await expectTrueCheckpoints()).toEqual([2]);
});

test('nor a log that lost only its checkpoint', async () => {
  // Also where the log lost nothing but the checkpoint itself.
  await meet(2);
  await closeAll();
  copyFileSync(join(folder, 'log.db'), join(folder, 'backup.db'));
  log = openLog();
  const replica = open('a');
  await replica.caughtUp();
  await replica.keeper.cut();
  await replica.caughtUp();
  await closeAll();
  copyFileSync(join(folder, 'backup.db'), join(folder, 'log.db'));
  log = openLog();
  const restored = open('a');
  // It takes the very position that the lost checkpoint had.
  await meet(1);
  await restored.caughtUp();
  expect(restored.store.db.prepare('SELECT COUNT(*) FROM events').pluck().get()).toBe(3);
  expect(restored.store.checkpoints.last()).toBeNull();
  await expect(restored.keeper.cut()).rejects.toThrow(MustNotSign);
});

test('what another replica signed is remembered too', async () => {
  const own = remembering();
  const [replica, other] = [open('a', own), open('b', remembering())];
  await meet(1);
  await other.caughtUp();
  await other.keeper.cut();
  await replica.caughtUp();
  expect(await replica.keeper.cut()).toBe('unchanged');
  expect(own.load()).toBe(other.store.checkpoints.last()?.note);
});

test('an event changed under a checkpoint stops signing', async () => {
  // An event changed under a checkpoint is found when the read models are rebuilt; nothing is signed from then on.
  const replica = open('a');
  await meet(5);
  await replica.caughtUp();
  await replica.keeper.cut();
  await replica.caughtUp();
  await closeAll();
  const db = new Database(join(folder, 'log.db'));
  db.prepare(`UPDATE events SET data = json_set(data, '$.title', '改') WHERE position = 3`).run();
  db.close();
  log = openLog();
  const rebuilt = open('b');
  await meet(1);
  await rebuilt.caughtUp();
  expect(stoppedWhy(rebuilt)).toMatch(/^checkpoint 0 says that the root of 5 events is/);
  await expect(rebuilt.keeper.cut()).rejects.toThrow(MustNotSign);
  expect(
    rebuilt.runner
      .status()
      .bookmarks.filter(({ stopped }) => stopped !== null)
      .map(({ name }) => name),
  ).toEqual(['ledger']);
});

test.each<[string, () => string, RegExp]>([
  [
    'of more events than there are',
    () => signCheckpoint({ origin: ORIGIN, size: 9, root: leafHash('x') }, [key], NOW),
    /do not all stand before it/,
  ],
  ['with another root', () => signCheckpoint({ origin: ORIGIN, size: 2, root: leafHash('x') }, [key], NOW), /says that the root of 2/],
  ['that is no note', () => 'nonsense', /does not end with a newline/],
])('a checkpoint %s stops the ledger alone', async (_what, note, why) => {
  // A checkpoint … stops the ledger, and nothing else.
  const replica = open('a');
  await meet(3);
  await appendCheckpoint(note());
  await meet(1);
  await replica.caughtUp();
  expect(stoppedWhy(replica)).toMatch(why);
  expect(replica.runner.status().bookmarks.filter(({ stopped }) => stopped !== null)).toHaveLength(1);
  await expect(replica.keeper.cut()).rejects.toThrow();
});

test('another ledger’s name is not continued', async () => {
  // A ledger of another name is not gone on with.
  const replica = open('a', remembering());
  await meet(1);
  await replica.caughtUp();
  await replica.keeper.cut();
  await meet(1);
  await replica.caughtUp();
  const renamed = generateSignerKey('another.example');
  const signer = { origin: renamed.name, keys: [renamed], lastSigned: remembering() };
  const keeper = new CheckpointService({ log, store: replica.store, signer, now: () => NOW });
  await expect(keeper.cut()).rejects.toThrow(/named ledger.example/);
});

test('an untrusted checkpoint is not signed on', async () => {
  // A checkpoint by a key that nobody was told to trust is not signed on; told, it is.
  const replica = open('a', remembering());
  await meet(1);
  await replica.caughtUp();
  const stranger = generateSignerKey(ORIGIN);
  const other = { origin: ORIGIN, keys: [stranger], lastSigned: remembering() };
  expect(await new CheckpointService({ log, store: replica.store, signer: other, now: () => NOW }).cut()).toBe('signed');
  await meet(1);
  await replica.caughtUp();
  await expect(replica.keeper.cut()).rejects.toThrow(MustNotSign);
  await expect(replica.keeper.cut()).rejects.toThrow(
    /checkpoint 0 of 1 events is not signed by a key that is trusted .*DISCLOSURE_LEDGER_VKEYS/,
  );
  const told = { origin: ORIGIN, keys: [key], trusted: [stranger], lastSigned: remembering() };
  expect(await new CheckpointService({ log, store: replica.store, signer: told, now: () => NOW }).cut()).toBe('signed');
});

test('a false checkpoint of a trusted key blocks', async () => {
  // A checkpoint of a trusted key that does not verify is not signed on, though the tree agrees.
  const replica = open('a', remembering());
  await meet(2);
  await replica.caughtUp();
  await replica.keeper.cut();
  const [first] = await log.readStream(CHECKPOINT_STREAM, 0, 1);
  const note = String(first?.data['note']);
  // Text and root are true; the signature is another's.
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  const forged = generateSignerKey(ORIGIN);
  const line = signNote(text, [{ ...forged, id: key.id }], NOW).slice(text.length + 1);
  await appendCheckpoint(`${text}\n${line}`);
  await meet(1);
  await replica.caughtUp();
  expect(stoppedWhy(replica)).toBeUndefined();
  await expect(replica.keeper.cut()).rejects.toThrow(/checkpoint 1 of 2 events is not signed .*does not verify/);
});

test('rotation: two keys sign, then the new one', async () => {
  // Rotation: two keys sign, then the new one alone.
  const next = generateSignerKey(ORIGIN);
  const replica = open('a', remembering());
  const cutBy = async (keys: readonly (typeof key)[]): Promise<string> => {
    await meet(1);
    await replica.caughtUp();
    const signer = { origin: ORIGIN, keys, trusted: [key], lastSigned: remembering() };
    expect(await new CheckpointService({ log, store: replica.store, signer, now: () => NOW }).cut()).toBe('signed');
    await replica.caughtUp();
    return replica.store.checkpoints.last()?.note as string;
  };
  expect(openCheckpoint(await cutBy([key]), ORIGIN, [key, next]).by).toHaveLength(1);
  expect(openCheckpoint(await cutBy([key, next]), ORIGIN, [key, next]).by).toHaveLength(2);
  expect(openCheckpoint(await cutBy([next]), ORIGIN, [key, next]).by.map(({ key: { id } }) => id)).toEqual([next.id]);
});
