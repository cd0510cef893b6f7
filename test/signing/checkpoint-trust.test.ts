/** Every checkpoint of the log is verified, once, however many there are; those of another log are verified anew. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKPOINT_STREAM, CHECKPOINT_TYPE } from '../../src/events/catalog.js';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { generateSignerKey, type SignerKey } from '../../src/ledger/signed-note.js';
import { CheckpointWriter } from '../../src/read-models/ledger/checkpoints.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { CheckpointTrust, signaturesOf } from '../../src/signing/checkpoint-trust.js';
import { MustNotSign } from '../../src/signing/must-not-sign.js';

const ORIGIN = 'ledger.example/disclosure';
const [key, old, stranger] = [generateSignerKey(ORIGIN), generateSignerKey(ORIGIN), generateSignerKey(ORIGIN)];

let folder: string;
let store: ReadStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-trust-'));
  store = new ReadStore(join(folder, 'read.db'));
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** So many checkpoints more, each of one event more, as the journal would note them. */
function add(count: number, by: SignerKey, history = ''): void {
  const writer = new CheckpointWriter(store.db);
  for (let number = 0; number < count; number += 1) {
    const revision = writer.last() + 1;
    const note = signCheckpoint({ origin: by.name, size: revision + 1, root: leafHash(`${history}${revision}`) }, [by], 0);
    const event = { id: randomUUID(), type: CHECKPOINT_TYPE, version: 1, data: { note }, metadata: {} };
    const stored = {
      ...event,
      stream: CHECKPOINT_STREAM,
      revision,
      position: String(revision + 1),
      recordedAt: '2026-03-01T09:00:00.000+08:00',
    };
    writer.add(stored, Buffer.from(event.id.replaceAll('-', ''), 'hex'));
  }
}

test('all verify, earlier keys and later ones too', async () => {
  // All of them, also those of an earlier key, and what comes later.
  const trust = new CheckpointTrust(store.checkpoints, ORIGIN, [key, old]);
  await trust.verify();
  expect(trust.covers(null)).toBe(true);
  add(130, old);
  const first = store.checkpoints.last();
  expect(trust.covers(first)).toBe(false);
  await trust.verify();
  expect(trust.covers(first)).toBe(true);
  add(60, key);
  expect(trust.covers(store.checkpoints.last())).toBe(false);
  expect(await signaturesOf(trust)).toEqual({ status: 'verified', why: null });
  expect(trust.covers(store.checkpoints.last())).toBe(true);
});

test.each([0, 49, 50, 51, 99, 120])('a stranger’s behind %d others stays found', async (before) => {
  // One of a stranger behind … others is found, and goes on being found.
  add(before, key);
  add(1, stranger);
  add(20, key);
  const trust = new CheckpointTrust(store.checkpoints, ORIGIN, [key]);
  for (let turn = 0; turn < 2; turn += 1) {
    await expect(trust.verify()).rejects.toThrow(MustNotSign);
    await expect(trust.verify()).rejects.toThrow(`checkpoint ${before} of ${before + 1} events`);
  }
  expect(trust.covers(store.checkpoints.last())).toBe(false);
});

test('rebuilt read models are verified from the beginning', async () => {
  // Read models rebuilt from another log are verified from their beginning.
  const trust = new CheckpointTrust(store.checkpoints, ORIGIN, [key]);
  add(10, key);
  await trust.verify();
  store.clear();
  add(1, stranger, 'another');
  add(20, key, 'another');
  await expect(trust.verify()).rejects.toThrow('checkpoint 0 of 1 events');
  store.clear();
  await trust.verify();
  expect(trust.covers(null)).toBe(true);
});

test('of another ledger is said to be that', async () => {
  add(1, generateSignerKey('another.example'));
  await expect(new CheckpointTrust(store.checkpoints, ORIGIN, [key]).verify()).rejects.toThrow(/named another\.example/);
});
