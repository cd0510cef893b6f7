/**
 * What witnesses sign comes into the log once and under the checkpoint again; one that is down, slow, wrong or ahead
 * changes nothing else.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKPOINT_STREAM, COSIGNED_TYPE } from '../../src/events/catalog.js';
import { parseCheckpoint, verifyCheckpointNote } from '../../src/ledger/checkpoint.js';
import { cosignedData, readCosigned } from '../../src/ledger/cosigning.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { addSignature, formatVerifierKey, generateSignerKey, parseNote, type SignerKey } from '../../src/ledger/signed-note.js';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { compareReadStores, ReadStore } from '../../src/read-models/read-store.js';
import { ProjectionRunner } from '../../src/read-models/runner.js';
import { CheckpointService } from '../../src/signing/checkpoint-service.js';
import { ProofReader } from '../../src/signing/proof-reader.js';
import { WitnessService, type WitnessAddress } from '../../src/signing/witness-service.js';
import { readVkey, verifies } from '../ledger/c2sp.js';
import { appendForeign } from '../read-models/stored.js';
import { startWitness, type RunningWitness } from '../support/witness.js';
import { forkOf, leafOf, requestOf } from '../witness/histories.js';
import { PATIENCE_MS, until } from '../support/until.js';

const ORIGIN = 'ledger.example/disclosure';
const key = generateSignerKey(ORIGIN);
const NOW = Date.parse('2026-03-01T09:00:00+08:00');

let folder: string;
let log: SqliteEventLog;
let witness: RunningWitness;
let said: string[];
let toClose: (() => Promise<void> | void)[];

interface Replica {
  readonly store: ReadStore;
  readonly runner: ProjectionRunner;
  readonly keeper: CheckpointService;
  readonly proofs: ProofReader;
  readonly desk: WitnessService;
}

function open(name: string, witnesses: readonly WitnessAddress[] = [witness], signedBy: SignerKey = key, deadline = PATIENCE_MS): Replica {
  const store = new ReadStore(join(folder, `${name}.db`));
  const runner = new ProjectionRunner(log, store);
  runner.start();
  toClose.push(async () => {
    await runner.stop();
    store.close();
  });
  let kept: string | null = null;
  const lastSigned = { load: () => kept, save: (note: string) => void (kept = note) };
  const caughtUp = (timeout: number): Promise<boolean> => runner.caughtUp(timeout);
  const parts = { log, store, now: () => NOW, caughtUp };
  return {
    store,
    runner,
    keeper: new CheckpointService({ ...parts, signer: { origin: ORIGIN, keys: [signedBy], lastSigned } }),
    proofs: new ProofReader(
      log,
      store,
      witnesses.flatMap(({ keys }) => keys),
    ),
    desk: new WitnessService({ ...parts, witnesses, notice: (line) => said.push(line), deadline, retry: 10 }),
  };
}

async function meet(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1)
    await appendForeign(log, { type: 'meeting.held', subject: `meeting/${randomUUID()}`, data: { title: '会议' } });
}

/** Records so much, signs it, and gives the size. */
async function cut({ keeper, store, runner }: Replica, count = 2): Promise<number> {
  await meet(count);
  expect(await keeper.cutNow()).toBe('signed');
  await runner.caughtUp(PATIENCE_MS);
  return store.checkpoints.last()?.size as number;
}

async function cosigned(): Promise<{ readonly size: number; readonly lines: readonly string[] }[]> {
  const events = await log.readStream(CHECKPOINT_STREAM, 0, 1000);
  return events
    .filter(({ type }) => type === COSIGNED_TYPE)
    .map(({ data }) => readCosigned(data))
    .map(({ size, cosignatures }) => ({ size, lines: cosignatures }));
}

/** A witness that answers as it likes. */
async function impostor(
  answer: (response: ServerResponse) => void,
  own = generateSignerKey('witness.example/x', 'cosignature'),
): Promise<WitnessAddress> {
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  toClose.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys: [own] };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-desk-'));
  log = new SqliteEventLog({ file: join(folder, 'log.db'), now: () => NOW });
  said = [];
  toClose = [];
  witness = await startWitness([key]);
});

afterEach(async () => {
  await log.close();
  for (const close of toClose.reverse()) await close();
  await witness.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('a witnessed checkpoint is served with its line', async () => {
  // A checkpoint is signed by the witness, kept, and served with its line.
  const replica = open('a');
  for (const expected of [2, 5, 6]) {
    const size = await cut(replica, expected - (replica.store.checkpoints.last()?.size ?? 0));
    expect(await replica.desk.ask(witness)).toBe(true);
    await replica.runner.caughtUp(PATIENCE_MS);
    expect(size).toBe(expected);
    const note = replica.proofs.checkpoint();
    expect(verifies(note, readVkey(formatVerifierKey(key)))).toBe(true);
    expect(verifies(note, readVkey(formatVerifierKey(witness.keys[0] as SignerKey)))).toBe(true);
    expect(parseCheckpoint(parseNote(note).text).size).toBe(expected);
    expect(await replica.desk.ask(witness)).toBe(true);
  }
  expect((await cosigned()).map(({ size }) => size)).toEqual([2, 5, 6]);
  expect(replica.desk.status()).toEqual([
    {
      name: 'witness.example/w1',
      url: witness.url,
      keys: witness.keys.map(formatVerifierKey),
      size: 6,
      signedAt: NOW,
      lagEvents: 0,
      lagSeconds: 0,
      failing: null,
    },
  ]);
  expect(said).toEqual([]);
});

test('cosignatures have no index and no leaf', async () => {
  // Cosignatures have no index and no leaf; a rebuild gives the same rows.
  const replica = open('a');
  await cut(replica, 3);
  await replica.desk.ask(witness);
  await cut(replica, 2);
  await replica.desk.ask(witness);
  await replica.runner.caughtUp(PATIENCE_MS);
  const rebuilt = open('b');
  await rebuilt.runner.caughtUp(PATIENCE_MS);
  expect(compareReadStores(replica.store, rebuilt.store).difference).toBeNull();
  expect(rebuilt.store.bookmarks().map(({ index, stopped }) => [index, stopped])).toEqual(rebuilt.store.bookmarks().map(() => [4, null]));
});

test('replicas at once leave one cosignature', async () => {
  // Replicas that ask at once leave one cosignature for a size.
  const replicas = ['a', 'b', 'c'].map((name) => open(name));
  for (let round = 0; round < 5; round += 1) {
    await cut(replicas[round % 3] as Replica);
    for (const { runner } of replicas) await runner.caughtUp(PATIENCE_MS);
    expect(await Promise.all(replicas.map(({ desk }) => desk.ask(witness)))).toEqual([true, true, true]);
  }
  expect((await cosigned()).map(({ size }) => size)).toEqual([2, 4, 6, 8, 10]);
  // And the next checkpoint stands behind them.
  for (const { runner } of replicas) await runner.caughtUp(PATIENCE_MS);
  expect(await cut(replicas[0] as Replica)).toBe(12);
});

test('several witnesses’ lines are all served', async () => {
  // Several witnesses append at once, and each line is served.
  const others = await Promise.all(
    ['w2', 'w3', 'w4'].map((name) => startWitness([key], generateSignerKey(`witness.example/${name}`, 'cosignature'))),
  );
  toClose.push(...others.map((other) => () => other.remove()));
  const all = [witness, ...others];
  const replica = open('a', all);
  await cut(replica);
  expect(await Promise.all(all.map((one) => replica.desk.ask(one)))).toEqual([true, true, true, true]);
  await replica.runner.caughtUp(PATIENCE_MS);
  const { by } = verifyCheckpointNote(replica.proofs.checkpoint(4), [key, ...all.flatMap(({ keys }) => keys)]);
  expect(by).toHaveLength(5);
  expect(() => replica.proofs.checkpoint(5)).toThrow(/signed by 5 witnesses/);
  expect(() => replica.proofs.checkpoint(17)).toThrow(/no number of witnesses/);
});

test('a witness that is down is asked again', async () => {
  // A witness that is down is asked again until it is back; meanwhile
  // everything goes on, and the last witnessed checkpoint is known.
  const replica = open('a');
  const end = new AbortController();
  const running = replica.desk.run(end.signal);
  await cut(replica);
  replica.desk.wake();
  await until(async () => (await cosigned()).length === 1);
  await witness.stop();
  const unwitnessed = await cut(replica);
  replica.desk.wake();
  await until(() => said.length === 1);
  expect(said[0]).toMatch(/^witness witness\.example\/w1 did not sign: it cannot be reached: ECONNREFUSED/);
  expect(await cut(replica)).toBe(unwitnessed + 2);
  expect(replica.desk.status()[0]).toMatchObject({
    size: 2,
    lagEvents: 4,
    lagSeconds: 0,
    failing: expect.stringContaining('ECONNREFUSED') as string,
  });
  expect(parseCheckpoint(parseNote(replica.proofs.checkpoint(1)).text).size).toBe(2);
  expect(parseNote(replica.proofs.checkpoint()).signatures).toHaveLength(1);
  await witness.resume();
  await until(async () => (await cosigned()).length === 2);
  expect((await cosigned()).map(({ size }) => size)).toEqual([2, 6]);
  await until(() => said.length === 2);
  expect(said[1]).toBe('witness witness.example/w1 signs again');
  end.abort();
  await running;
});

test('a lost cosignature is signed again', async () => {
  // A witness that signed what the log does not know, because of a crash before the append, signs it again.
  const replica = open('a');
  const size = await cut(replica);
  const note = replica.store.checkpoints.last()?.note as string;
  expect(witness.witness.addCheckpoint(Buffer.from(`old 0\n\n${note}`)).status).toBe(200);
  expect(await replica.desk.ask(witness)).toBe(true);
  expect((await cosigned()).map((one) => one.size)).toEqual([size]);
});

test('a forked history is not signed', async () => {
  // A forked history is shown to the witness: it signs nothing, and says so.
  // The ledger it knows has other events under the same name and key.
  const other = forkOf(Array.from({ length: 9 }, (_, index) => leafOf(`${index}`)), 0, 'fork'); // prettier-ignore
  expect(witness.witness.addCheckpoint(Buffer.from(requestOf(other, 0, 2, key))).status).toBe(200);
  const replica = open('a');
  await cut(replica, 2);
  expect(await replica.desk.ask(witness)).toBe(false);
  await cut(replica, 2);
  expect(await replica.desk.ask(witness)).toBe(false);
  expect(said.join('\n')).toMatch(/it answered 422: this witness was not shown that 2 entries continue the 2 it signed/);
  expect(witness.state.last(ORIGIN)?.size).toBe(2);
  expect(await cosigned()).toEqual([]);
});

test('a log put back is found by witnesses', async () => {
  // A log put back to before what was witnessed is found by the witness, whatever the folder forgot.
  const replica = open('a');
  await cut(replica, 5);
  await replica.desk.ask(witness);
  await log.close();
  log = new SqliteEventLog({ file: join(folder, 'older.db'), now: () => NOW });
  const restored = open('b');
  await cut(restored, 3);
  expect(await restored.desk.ask(witness)).toBe(false);
  expect(said.join('\n')).toMatch(/it has signed a checkpoint of 5 events, and the last one here is of 3: was an older log put back\?/);
});

test.each<[string, (response: ServerResponse) => void, RegExp]>([
  ['signs with another key', (response) => response.end(addedLine(generateSignerKey('witness.example/x', 'cosignature'))), /no known key/],
  ['answers something else', (response) => response.end('<html>'), /not its signature/],
  ['answers nothing', (response) => response.end(), /not its signature/],
  ['answers without an end', (response) => void response.write('— '.repeat(100_000)), /more than \d+ bytes/],
  ['does not answer', () => undefined, /in time/],
  ['hangs up', (response) => response.destroy(), /cannot be reached/],
  ['sends elsewhere', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(), /it answered 307/],
  ['does not know the ledger', (response) => response.writeHead(404).end('who?'), /it answered 404: who\?/],
  ['says no size', (response) => response.writeHead(409).end('many'), /not in digits/],
  ['says the size it was asked with', (response) => response.writeHead(409).end('0\n'), /another ledger of 0 events/],
  [
    'says one size after the other',
    (
      (turn) => (response: ServerResponse) =>
        response.writeHead(409).end(`${1 + (turn++ % 2)}\n`)
    )(0),
    /another size each time/,
  ],
])('a witness that %s is not believed', async (_what, answer, why) => {
  // A witness that … is not believed, and hinders no other.
  const bad = await impostor(answer);
  // Only who does not answer needs a deadline; a good one that is slow may then miss it too, and is asked again.
  const silent = why.source === 'in time';
  const replica = open('a', [bad, witness], key, silent ? 500 : PATIENCE_MS);
  await cut(replica);
  const good = silent ? until(() => replica.desk.ask(witness)) : replica.desk.ask(witness);
  expect(await Promise.all([replica.desk.ask(bad), good])).toEqual([false, true]);
  expect(said.join('\n')).toMatch(why);
  expect(await cosigned()).toHaveLength(1);
  expect(await cut(replica)).toBe(4);
});

function addedLine(other: SignerKey): string {
  const text = `${ORIGIN}\n2\n${leafHash('x').toString('base64')}\n`;
  const note = `${text}\n${'— x AAAAAAA='}\n`;
  return addSignature(note, other, NOW).slice(note.length);
}

test('a cosignature of another root stops the ledger', async () => {
  // A cosignature of another root than the log has stops the ledger, as a checkpoint does.
  const replica = open('a');
  await cut(replica);
  const data = cosignedData({ size: 2, root: leafHash('x'), cosignatures: ['— witness.example/w1 AAAAAAA='] });
  await log.append(CHECKPOINT_STREAM, 'any', [{ id: randomUUID(), type: COSIGNED_TYPE, version: 1, data, metadata: {} }]);
  await meet(1);
  await replica.runner.caughtUp(PATIENCE_MS);
  expect(replica.store.bookmarks().find(({ name }) => name === 'ledger')?.stopped?.why).toMatch(/checkpoint 1 says that the root of 2/);
  await expect(replica.keeper.cut()).rejects.toThrow(/stands still/);
});

test('an unverifiable line is not served', async () => {
  // A line put there by hand that does not verify is not served.
  const replica = open('a');
  await cut(replica);
  const { size, root } = parseCheckpoint(parseNote(replica.proofs.checkpoint()).text);
  const own = witness.keys[0] as SignerKey;
  const forged = addedLine({ ...generateSignerKey(own.name, 'cosignature'), id: own.id }).slice(0, -1);
  const data = cosignedData({ size, root, cosignatures: [forged] });
  await log.append(CHECKPOINT_STREAM, 'any', [{ id: randomUUID(), type: COSIGNED_TYPE, version: 1, data, metadata: {} }]);
  await replica.runner.caughtUp(PATIENCE_MS);
  expect(parseNote(replica.proofs.checkpoint()).signatures).toHaveLength(1);
  expect(() => replica.proofs.checkpoint(1)).toThrow(/signed by 1 witnesses/);
  // Nor does it count as witnessed: what metrics and auditors are told.
  expect(replica.desk.status()).toMatchObject([{ size: 0, signedAt: null, lagEvents: 2 }]);
  const later = await cut(replica);
  expect(await replica.desk.ask(witness)).toBe(true);
  await replica.runner.caughtUp(PATIENCE_MS);
  expect(replica.desk.status()).toMatchObject([{ size: later, signedAt: NOW, lagEvents: 0 }]);
});

test('a forged larger line hides no true one', async () => {
  // A forged line of a larger size than the witness signed does not hide the one it did.
  const replica = open('a');
  const size = await cut(replica);
  await replica.desk.ask(witness);
  await cut(replica);
  await replica.runner.caughtUp(PATIENCE_MS);
  const checkpoint = parseCheckpoint(parseNote(replica.proofs.checkpoint()).text);
  const own = witness.keys[0] as SignerKey;
  const forged = addedLine({ ...generateSignerKey(own.name, 'cosignature'), id: own.id }).slice(0, -1);
  const data = cosignedData({ ...checkpoint, cosignatures: [forged] });
  await log.append(CHECKPOINT_STREAM, 'any', [{ id: randomUUID(), type: COSIGNED_TYPE, version: 1, data, metadata: {} }]);
  await replica.runner.caughtUp(PATIENCE_MS);
  expect(replica.desk.status()).toMatchObject([{ size, lagEvents: 2 }]);
});

test('a checkpoint signed meanwhile is witnessed as well', async () => {
  // A checkpoint that is signed while a witness is asked about the one before is not left until the next.
  let cuts = 0;
  const slow = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void (async () => {
        const { status, type, body } = witness.witness.addCheckpoint(Buffer.concat(parts));
        // Signed, and told of, before this one is answered.
        if ((cuts += 1) === 1) {
          await cut(replica);
          replica.desk.wake();
        }
        response.writeHead(status, { 'content-type': type }).end(body);
      })();
    });
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  toClose.push(() => {
    slow.closeAllConnections();
    slow.close();
  });
  const replica = open('slow', [{ keys: witness.keys, url: `http://127.0.0.1:${(slow.address() as AddressInfo).port}` }]);
  await cut(replica);
  const end = new AbortController();
  const running = replica.desk.run(end.signal);
  await until(async () => (await cosigned()).length >= 2);
  end.abort();
  await running;
  expect((await cosigned()).map(({ size }) => size)).toEqual([2, 4]);
});
