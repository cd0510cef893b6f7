/**
 * A service that signs every second, killed with -9 at random moments of an import: every checkpoint that anybody ever
 * saw, over HTTP or in the log, is true of the one history in the end, and each goes on from the one before. A witness
 * looks on, and never has reason to refuse.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKPOINT_STREAM, COSIGNED_TYPE } from '../../src/events/catalog.js';
import { parseCheckpoint, verifyCheckpointNote } from '../../src/ledger/checkpoint.js';
import { readCosigned } from '../../src/ledger/cosigning.js';
import { leafText } from '../../src/ledger/leaf.js';
import { leafHash } from '../../src/ledger/merkle.js';
import { formatSignerKey, formatVerifierKey, generateSignerKey, parseNote, type VerifierKey } from '../../src/ledger/signed-note.js';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { mth } from '../ledger/c2sp.js';
import { fileOf, finishFolder, newFolder, serve, start, stop } from '../support/cli.js';
import { manyPublications, randomFrom } from '../support/kill-import.js';
import { asLines } from '../support/service.js';
import { startWitness } from '../support/witness.js';
import { until } from '../support/until.js';
import { budget } from '../support/budget.js';

const KILLS = budget(2, 12);
const SEED = Number(process.env['KILL_SEED'] ?? 20260302);
const key = generateSignerKey('ledger.example/disclosure');
const messages = manyPublications(budget(500, 2000));

/** What the log says in the end: its leaves, and every checkpoint and cosignature as (size, root). */
async function readLog(file: string): Promise<{ leaves: Buffer[]; heads: { size: number; root: Buffer; cosigned: boolean }[] }> {
  const log = new SqliteEventLog({ file, readonly: true });
  const leaves: Buffer[] = [];
  const heads: { size: number; root: Buffer; cosigned: boolean }[] = [];
  for (let after: string | null = null; ;) {
    const page = await log.readAll(after, 1000);
    for (const event of page) {
      if (event.stream !== CHECKPOINT_STREAM) leaves.push(leafHash(leafText(event)));
      else if (event.type === COSIGNED_TYPE) heads.push({ ...readCosigned(event.data), cosigned: true });
      else heads.push({ ...verifyCheckpointNote(String(event.data['note']), [key]).checkpoint, cosigned: false });
      // Each is of what stands before it.
      if (event.stream === CHECKPOINT_STREAM) expect(heads.at(-1)?.size).toBeLessThanOrEqual(leaves.length);
    }
    if (page.length < 1000) break;
    after = page.at(-1)?.position ?? null;
  }
  await log.close();
  return { leaves, heads };
}

test(`${KILLS} kills leave no contradicting checkpoints`, async () => {
  // KILLS kills of a signing service leave no two checkpoints that contradict one another.
  const random = randomFrom(SEED);
  process.stderr.write(`random moments from seed ${SEED} (set KILL_SEED for others)\n`);
  const folder = newFolder();
  const witness = await startWitness([key]);
  const env = {
    DISCLOSURE_LEDGER_KEY: formatSignerKey(key),
    DISCLOSURE_CHECKPOINT_SECONDS: '1',
    DISCLOSURE_WITNESSES: `${formatVerifierKey(witness.keys[0] as VerifierKey)} ${witness.url}`,
  };
  const seen = new Map<string, string>();
  /** Asks for the checkpoint until the service is gone. */
  const watch = async (url: string): Promise<void> => {
    for (;;) {
      try {
        const answer = await fetch(`${url}/v1/ledger/checkpoint`);
        const note = await answer.text();
        if (answer.status === 200) seen.set(parseNote(note).text, note);
      } catch {
        return;
      }
      await sleep(10);
    }
  };
  const share = Math.ceil(messages.length / KILLS);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const served = await serve({ folder, env });
    const watching = watch(served.url);
    // What was cut off is sent again with the next share.
    const file = fileOf(folder, 'all.ndjson', asLines(messages.slice(Math.max(0, kill - 1) * share, (kill + 1) * share)));
    const importing = start(['import', file, '--json'], { folder });
    // Two of three soon after it has signed again, which the new share makes it do; the others at any moment.
    if (kill % 3 < 2) {
      const before = seen.size;
      await until(() => seen.size > before);
      await sleep(random() * 300);
    } else await sleep(300 + random() * 1700);
    served.child.kill('SIGKILL');
    await importing.finished;
    await watching;
  }
  const served = await serve({ folder, env });
  const watching = watch(served.url);
  const { length: acts } = (await readLog(join(folder, 'data/log.db'))).leaves;
  // The read models may still be on their way to the end: what they have come to is signed and cosigned before.
  await until(async () => {
    const note = await (await fetch(`${served.url}/v1/ledger/checkpoint?witnessed=1`)).text();
    const all = (await (await fetch(`${served.url}/v1/ledger/witnesses`)).json()) as {
      checkpoint: { size: number };
      witnesses: { lagEvents: number }[];
    };
    return all.checkpoint.size === acts && all.witnesses[0]?.lagEvents === 0 && Number(note.split('\n')[1]) === all.checkpoint.size;
  }, 100);
  await stop(served);
  await watching;

  const { leaves, heads } = await readLog(join(folder, 'data/log.db'));
  for (const { size, root } of heads) expect([size, root.toString('hex')]).toEqual([size, mth(leaves.slice(0, size)).toString('hex')]);
  const signed = heads.filter(({ cosigned }) => !cosigned).map(({ size }) => size);
  expect(signed).toEqual([...new Set(signed)].sort((a, b) => a - b));
  expect(heads.at(-1)?.cosigned).toBe(true);
  // Nothing was handed out that is not in the log.
  for (const note of seen.values()) {
    const { checkpoint } = verifyCheckpointNote(note, [key, ...witness.keys]);
    expect(checkpoint.root.equals(mth(leaves.slice(0, checkpoint.size)))).toBe(true);
    expect(signed).toContain(checkpoint.size);
  }
  expect(witness.state.last(key.name)?.size).toBe(signed.at(-1));
  expect(parseCheckpoint(parseNote([...seen.values()].at(-1) as string).text).size).toBe(signed.at(-1));
  process.stderr.write(
    `events ${leaves.length}, checkpoints ${signed.length} (${seen.size} seen over HTTP), cosigned ${heads.length - signed.length}\n`,
  );
  expect(signed.length).toBeGreaterThan(KILLS / 2);
  await witness.remove();
  await finishFolder(folder);
  rmSync(folder, { recursive: true, force: true });
});
