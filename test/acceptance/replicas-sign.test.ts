/**
 * Two replicas that sign over a real EventStoreDB, each with a key, read models and witnesses' answers of its own,
 * while messages are recorded: one log of checkpoints that never contradict one another, one cosignature for each; a
 * replica whose read models are deleted adopts what is there. Runs where EVENTSTOREDB_URL names a server; says so where
 * it does not.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKPOINT_STREAM, COSIGNED_TYPE } from '../../src/events/catalog.js';
import { verifyCheckpointNote } from '../../src/ledger/checkpoint.js';
import { readCosigned } from '../../src/ledger/cosigning.js';
import { leafText } from '../../src/ledger/leaf.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { generateSignerKey, type SignerKey } from '../../src/ledger/signed-note.js';
import * as eventStoreDb from '../../src/log/eventstoredb-event-log.js';
import type { StoredEvent } from '../../src/log/event-log.js';
import { removeReadStore } from '../../src/read-models/read-store.js';
import { openWriter, type Runtime } from '../../src/runtime/runtime.js';
import { lastSignedIn } from '../../src/runtime/signing-keys.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { mth } from '../ledger/c2sp.js';
import { at, message, setUp } from '../support/messages.js';
import { startWitness, type RunningWitness } from '../support/witness.js';
import { PATIENCE_MS, until } from '../support/until.js';

const url = process.env['EVENTSTOREDB_URL'];
const ORIGIN = 'ledger.example/disclosure';
const keys = [generateSignerKey(ORIGIN), generateSignerKey(ORIGIN)] as const;

if (url === undefined || url === '') {
  test('without EVENTSTOREDB_URL nothing is claimed', () => {
    // Without EVENTSTOREDB_URL nothing is claimed of replicas that sign.
    process.stderr.write('EventStoreDB: EVENTSTOREDB_URL is not set, replicas signed on the embedded log only\n');
    expect(url ?? '').toBe('');
  });
} else {
  const namespace = `test-disclosure-${randomBytes(6).toString('hex')}-`;
  let folders: string[];
  let witness: RunningWitness;
  let said: string[];

  const open = (folder: string, key: SignerKey, interval: number): Runtime => {
    const runtime = openWriter({
      config: { data: folder, eventStoreDbUrl: url, namespace },
      eventStoreDb,
      notice: (line) => said.push(line),
      signing: {
        signer: { origin: ORIGIN, keys: [key], trusted: keys, lastSigned: lastSignedIn(folder) },
        interval,
        witnesses: [witness],
      },
    });
    if (runtime === null) throw new Error('the folder is locked');
    return runtime;
  };

  /**
   * The log from its beginning: leaves, signed sizes with the key that signed, cosigned sizes; each checked as it is
   * read.
   */
  const readAll = async (log: Runtime['log']): Promise<{ signed: { size: number; by: string }[]; cosigned: number[]; leaves: number }> => {
    const leaves: Buffer[] = [];
    const signed: { size: number; by: string }[] = [];
    const cosigned: number[] = [];
    for (let after: string | null = null; ;) {
      const page: readonly StoredEvent[] = await log.readAll(after, 1000);
      for (const event of page) {
        if (event.stream !== CHECKPOINT_STREAM) {
          leaves.push(leafHash(leafText(event)));
          continue;
        }
        const found = event.type === COSIGNED_TYPE ? null : verifyCheckpointNote(String(event.data['note']), keys);
        const { size, root } = found?.checkpoint ?? readCosigned(event.data);
        expect([size, root.equals(mth(leaves.slice(0, size)))]).toEqual([size, true]);
        if (found === null) cosigned.push(size);
        else signed.push({ size, by: found.by[0]?.key.id ?? '' });
      }
      if (page.length < 1000) return { signed, cosigned, leaves: leaves.length };
      after = page.at(-1)?.position ?? null;
    }
  };

  beforeAll(async () => {
    folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'disclosure-replica-')));
    witness = await startWitness(keys);
    said = [];
  });

  afterAll(async () => {
    await witness.remove();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  test('replicas signing at once never contradict each other', async () => {
    // Two that sign at once never contradict one another, and one whose read models were deleted adopts.
    const [first, second] = folders as [string, string];
    const replicas = [open(first, keys[0], 40), open(second, keys[1], 40)] as [Runtime, Runtime];
    for (const one of setUp()) await replicas[0].writer?.recorder.recordValue(one, NO_IDENTITY);
    for (const { writer } of replicas) await writer?.runner.caughtUp(PATIENCE_MS);
    for (let round = 0; round < 40; round += 1) {
      const recorder = replicas[round % 2]?.writer?.recorder;
      const meeting = message('meeting.held', `meeting/${round}`, at('2018-02-01'), 'clerk', { title: '会议' });
      expect((await recorder?.recordValue(meeting, NO_IDENTITY))?.status).toBe('recorded');
      await sleep(25);
    }
    // One loses its read models and what it signed last; the other goes on meanwhile.
    await replicas[1].close();
    removeReadStore(join(second, 'read.db'));
    rmSync(join(second, 'last-checkpoint'), { force: true });
    for (let round = 0; round < 10; round += 1)
      await replicas[0].writer?.recorder.recordValue(
        message('meeting.held', `meeting/m-${round}`, at('2018-02-01'), 'clerk', { title: '会议' }),
        NO_IDENTITY,
      );
    replicas[1] = open(second, keys[1], 40);
    await replicas[1].writer?.runner.caughtUp(PATIENCE_MS);
    for (let round = 0; round < 10; round += 1) {
      await replicas[1].writer?.recorder.recordValue(
        message('meeting.held', `meeting/n-${round}`, at('2018-02-01'), 'clerk', { title: '会议' }),
        NO_IDENTITY,
      );
      await sleep(25);
    }
    const total = setUp().length + 60;
    for (const { writer } of replicas) {
      await writer?.runner.caughtUp(PATIENCE_MS);
      await writer?.checkpoints?.cutNow();
    }
    await until(() => witness.state.last(ORIGIN)?.size === total);
    for (const { writer } of replicas) await writer?.runner.caughtUp(PATIENCE_MS);
    await until(() => replicas.every(({ writer }) => writer?.witnesses?.status()[0]?.size === total));

    const { signed, cosigned, leaves } = await readAll(replicas[0].log);
    expect(leaves).toBe(total);
    const sizes = signed.map(({ size }) => size);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
    expect(sizes.at(-1)).toBe(total);
    // Both signed some, and each cosigned size is one of them, once.
    expect(new Set(signed.map(({ by }) => by)).size).toBe(2);
    expect(cosigned).toEqual([...new Set(cosigned)].sort((a, b) => a - b));
    expect(cosigned.filter((size) => !sizes.includes(size))).toEqual([]);
    const notes = replicas.map(({ proofs }) => proofs.checkpoint(1));
    expect(notes[0]).toBe(notes[1]);
    process.stderr.write(
      `replicas: ${signed.length} checkpoints, ${cosigned.length} cosigned, ${leaves} events; said: ${said.join('; ') || 'nothing'}\n`,
    );
    for (const { store } of replicas) expect(store.bookmarks().filter(({ stopped }) => stopped !== null)).toEqual([]);
    for (const replica of replicas) await replica.close();
  });

  test('a replica does not sign on untrusted checkpoints', async () => {
    // One that was not told of the other’s key does not sign on its checkpoints.
    const folder = mkdtempSync(join(tmpdir(), 'disclosure-replica-'));
    folders.push(folder);
    const stranger = generateSignerKey(ORIGIN);
    const runtime = openWriter({
      config: { data: folder, eventStoreDbUrl: url, namespace },
      eventStoreDb,
      notice: (line) => said.push(line),
      signing: { signer: { origin: ORIGIN, keys: [stranger], lastSigned: lastSignedIn(folder) }, interval: 86_400_000 },
    });
    await runtime?.writer?.runner.caughtUp(PATIENCE_MS);
    await expect(runtime?.writer?.checkpoints?.cut()).rejects.toThrow(/not signed by a key that is trusted/);
    await runtime?.close();
  });
}
