/** A rebuild that is killed at any moment goes on when it is begun again, and leaves the same rows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { compareReadStores, ReadStore } from '../../src/read-models/read-store.js';
import { ProjectionRunner } from '../../src/read-models/runner.js';
import { record } from '../support/histories.js';
import { startScript } from '../support/kill-writer.js';
import { approvedItem, message, at, released, setUp } from '../support/messages.js';
import { newFolder, openLedger, removeFolder, type OpenLedger } from './open-ledger.js';
import { PATIENCE_MS } from '../support/until.js';

let ledger: OpenLedger;
let copies: string;

beforeAll(async () => {
  ledger = openLedger(newFolder());
  copies = mkdtempSync(join(tmpdir(), 'disclosure-copies-'));
  const items = Array.from({ length: 150 }, (_, n) => {
    const out = released(`${n}`, '2017-03-02', 'website');
    const about = { message: { id: out.id }, reason: '错', approvedBy: 'leader' };
    const taken = n % 5 === 0 ? [message('record.voided', `publication/${n}`, at('2018-06-01'), 'auditor', about)] : [];
    return [...approvedItem(`${n}`, '2017-03-01'), out, ...taken];
  });
  await record(ledger, [...setUp(), ...items.flat()]);
  await ledger.settled();
}, PATIENCE_MS);

afterAll(async () => {
  await ledger.close();
  removeFolder(ledger.folder);
  rmSync(copies, { recursive: true, force: true });
});

/** Until so many commits and a moment more. Gives whether it was at the end. */
async function killedAfter(file: string, commits: number, ms: number): Promise<boolean> {
  let seen = 0;
  let done = false;
  let enough: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (enough = resolve));
  const args = [join(ledger.folder, 'log.db'), file, '100'];
  const { child, ended } = startScript('rebuild.mjs', args, (line) => {
    seen += 1;
    done ||= line === 'done';
    if (done || seen >= commits) enough();
  });
  const early = await Promise.race([reached.then(() => null), ended]);
  if (early !== null) throw new Error(`the rebuild ended by itself: ${early.complaints}`);
  await sleep(ms);
  child.kill('SIGKILL');
  await ended;
  return done;
}

test(
  'the same rows after a kill at random',
  async () => {
    let inTheMiddle = 0;
    for (let round = 0; round < 6; round += 1) {
      const file = join(copies, `${round}.db`);
      if (!(await killedAfter(file, 1 + Math.floor(Math.random() * 5), Math.random() * 10))) inTheMiddle += 1;
      const store = new ReadStore(file);
      const log = new SqliteEventLog({ file: join(ledger.folder, 'log.db'), readonly: true });
      const runner = new ProjectionRunner(log, store);
      try {
        runner.start();
        expect(await runner.started(PATIENCE_MS)).toBe(true);
        expect(compareReadStores(store, ledger.store).difference).toBeNull();
        expect(Object.keys(ReadStore.indexes()).filter((name) => !store.hasIndex(name))).toEqual([]);
        expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
      } finally {
        await log.close();
        await runner.stop();
        store.close();
      }
    }
    expect(inTheMiddle).toBeGreaterThan(0);
  },
  3 * PATIENCE_MS,
);
