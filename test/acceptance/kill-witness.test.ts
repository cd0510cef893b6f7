/**
 * A witness killed with -9 at random moments while ledgers show it checkpoint after checkpoint: after each kill it
 * knows at least the largest size of every cosignature it handed out, goes on from there, and still refuses every other
 * history.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatSignerKey, formatVerifierKey, generateSignerKey, type SignerKey } from '../../src/ledger/signed-note.js';
import { readVkey, verifies } from '../ledger/c2sp.js';
import { listening, newFolder, type Served } from '../support/cli.js';
import { randomFrom } from '../support/kill-import.js';
import { forkOf, leafOf, noteOf, requestOf } from '../witness/histories.js';
import { budget } from '../support/budget.js';
import { until } from '../support/until.js';

const KILLS = budget(4, 25);
const SEED = Number(process.env['KILL_SEED'] ?? 20260301);
const own = generateSignerKey('witness.example/w1', 'cosignature');
const vkey = readVkey(formatVerifierKey(own));
const LEAVES = 256;

/** A ledger as the test drives it: what it was given, and where it goes on. */
interface Ledger {
  readonly key: SignerKey;
  readonly leaves: readonly Buffer[];
  /** Largest size of a cosignature that arrived. */
  given: number;
  /** Where the witness stands, as far as the ledger knows. */
  known: number;
}

const ledgers: readonly Ledger[] = ['one.example', 'two.example', 'three.example'].map((name) => ({
  key: generateSignerKey(name),
  leaves: Array.from({ length: LEAVES }, (_, index) => leafOf(`${name} ${index}`)),
  given: 0,
  known: 0,
}));

/** Cosignatures that arrived, of all ledgers. */
let handedOut = 0;

interface YearView {
  readonly status: number;
  readonly body: string;
}

async function show(url: string, body: string): Promise<YearView> {
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
  return { status: response.status, body: await response.text() };
}

/** Shows checkpoints that grow by a little until the witness dies; then gives how many were signed. */
async function load(url: string, ledger: Ledger, random: () => number): Promise<number> {
  for (let signed = 0; ;) {
    // At the end of its leaves it shows the same checkpoint again: that is signed anew.
    const size = Math.min(LEAVES, ledger.known + Math.floor(random() * 3));
    let shown: YearView;
    try {
      shown = await show(url, requestOf(ledger.leaves, ledger.known, size, ledger.key));
    } catch {
      return signed;
    }
    if (shown.status === 409) {
      const known = Number(shown.body);
      // It is never behind what it handed out.
      expect([ledger.key.name, known >= ledger.given]).toEqual([ledger.key.name, true]);
      ledger.known = known;
      continue;
    }
    expect(shown.status).toBe(200);
    expect(verifies(noteOf(ledger.leaves, size, ledger.key) + shown.body, vkey)).toBe(true);
    ledger.given = Math.max(ledger.given, size);
    ledger.known = size;
    signed += 1;
    handedOut += 1;
  }
}

test(`${KILLS} kills: never behind a cosignature, never forked`, async () => {
  // KILLS kills of a witness: never behind a cosignature it handed out, never two histories.
  const random = randomFrom(SEED);
  process.stderr.write(`random moments from seed ${SEED} (set KILL_SEED for others)\n`);
  const folder = newFolder();
  writeFileSync(join(folder, 'logs'), ledgers.map(({ key }) => `${formatVerifierKey(key)}\n`).join(''));
  const env = {
    DISCLOSURE_WITNESS_KEY: formatSignerKey(own),
    DISCLOSURE_WITNESS_LOGS_FILE: join(folder, 'logs'),
    DISCLOSURE_WITNESS_DATA: join(folder, 'witness'),
  };
  const startOne = (): Promise<Served> => listening(['witness', '--port', '0'], { folder, env });
  let signed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const served = await startOne();
    // What was handed out before the last kill is known, and another history is not signed, also right behind a
    // restart.
    for (const { key, leaves, given } of ledgers) {
      if (given === 0) continue;
      const stale = await show(served.url, requestOf(leaves, 0, given, key));
      expect([stale.status, Number(stale.body) >= given]).toEqual([409, true]);
      const known = Number(stale.body);
      const forked = forkOf(leaves, Math.floor(random() * known), 'fork');
      expect((await show(served.url, requestOf(forked, known, LEAVES, key))).status).toBe(422);
    }
    const loads = ledgers.map((ledger) => load(served.url, ledger, random));
    // Every other one soon after some cosignatures were handed out, the others at any moment.
    const before = handedOut;
    if (kill % 2 === 0) await until(() => handedOut > before + 3);
    await sleep(random() * 150);
    served.child.kill('SIGKILL');
    signed += (await Promise.all(loads)).reduce((a, b) => a + b, 0);
    expect((await served.finished).signal).toBe('SIGKILL');
  }
  process.stderr.write(`cosignatures handed out: ${signed}; sizes reached: ${ledgers.map(({ given }) => given).join(', ')}\n`);
  expect(signed).toBeGreaterThan(KILLS);
  const last = await startOne();
  last.child.kill('SIGTERM');
  expect(await last.finished).toMatchObject({ code: 0, stdout: '' });
  rmSync(folder, { recursive: true });
});
