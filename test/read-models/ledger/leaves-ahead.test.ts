/** Leaves from the thread that hashes ahead are those of the events, whoever of both is faster. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { leafText } from '../../../src/ledger/leaf.js';
import { leafHash } from '../../../src/ledger/merkle.js';
import { CHECKPOINT_STREAM } from '../../../src/events/catalog.js';
import type { StoredEvent } from '../../../src/log/event-log.js';
import { SqliteEventLog } from '../../../src/log/sqlite-event-log.js';
import { LeavesAhead } from '../../../src/read-models/ledger/leaves-ahead.js';

const EVENTS = 9000;
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

let folder: string;
let log: SqliteEventLog;
let ahead: LeavesAhead;

/** With checkpoints between them, which have no leaf. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-leaves-'));
  log = new SqliteEventLog({ file: join(folder, 'log.db') });
  for (let from = 0; from < EVENTS; from += 1000) {
    const events = Array.from({ length: 1000 }, (_, n) => ({
      id: id(from + n),
      type: 'refusal.kept',
      version: 1,
      data: { n, text: '字'.repeat(n % 7) },
      metadata: { at: '2017-01-01' },
    }));
    await log.append(`refusal-${from}`, 'no-stream', events);
    const note = { id: id(EVENTS + from), type: 'ledger.checkpoint-signed', version: 1, data: { note: '' }, metadata: {} };
    await log.append(CHECKPOINT_STREAM, 'any', [note]);
  }
});

beforeEach(() => {
  ahead = new LeavesAhead(log.file);
});

afterEach(() => ahead.end());

afterAll(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

async function events(): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (let page = await log.readAll(null, 1000); page.length > 0; page = await log.readAll(page.at(-1)?.position ?? null, 1000))
    all.push(...page);
  return all.filter(({ stream }) => stream !== CHECKPOINT_STREAM);
}

test('leaves known ahead are those hashed here', async () => {
  const all = await events();
  expect(all).toHaveLength(EVENTS);
  let known = 0;
  for (const [index, stored] of all.entries()) {
    let leaf = ahead.of({ index, stored });
    // The thread has begun: it is waited for, as long as it takes, but for the last events, which are too few to tell.
    for (; leaf === null && index >= 4100 && index < 8000; leaf = ahead.of({ index, stored })) await sleep(1);
    if (leaf === null) continue;
    known += 1;
    expect(Buffer.from(leaf).equals(leafHash(leafText(stored)))).toBe(true);
  }
  expect(known).toBeGreaterThan(3800);
});

test('an event of another place is refused', async () => {
  // The index of one event beside the position of another: a leaf would stand at a wrong place.
  const all = await events();
  const ask = (index: number, stored: StoredEvent | undefined): Uint8Array | null =>
    stored === undefined ? null : ahead.of({ index, stored });
  for (let index = 0; index < 4100; index += 1) ask(index, all[index]);
  for (let tries = 0; ask(4200, all[4200]) === null && tries < 5000; tries += 1) await sleep(1);
  const last = 3999 + 1024;
  expect(() => ask(last, all[last + 1])).toThrow('was hashed of the event at');
});

test('events before and behind what is known are not', async () => {
  const all = await events();
  for (const [index, stored] of all.slice(0, 4500).entries()) ahead.of({ index, stored });
  const [first, late] = [all[10], all[8999]];
  if (first === undefined || late === undefined) throw new Error('the log is shorter');
  expect(ahead.of({ index: 10, stored: first })).toBeNull();
  expect(ahead.of({ index: 8999, stored: late })).toBeNull();
  ahead.end();
  expect(ahead.of({ index: 4600, stored: first })).toBeNull();
});
