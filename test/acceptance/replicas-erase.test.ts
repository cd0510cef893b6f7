/**
 * Two services as processes over a real EventStoreDB with one key store: what one erases the other closes too. It
 * forgets what it had folded (looked for in its heap), tells repeats as repeats, and takes nothing but voids. Runs
 * where EVENTSTOREDB_URL names a server; says so where it does not.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteKeyStore } from '../../src/sealing/key-store.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { received } from '../support/applications.js';
import { newFolder, serve, stop, type Served } from '../support/cli.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';
import { asLines, NDJSON } from '../support/service.js';

const url = process.env['EVENTSTOREDB_URL'] ?? '';
const NAME = `heap-mark-${randomBytes(8).toString('hex')}`;
const opened = received('1', '2017-03-01', { applicant: { kind: 'natural-person', name: NAME } });
const closed = message('application.withdrawn', 'application/1', at('2017-03-05'), 'clerk', {});
const erasure = message('record.erased', 'application/1', at('2018-01-02'), 'auditor', { reason: '期满', approvedBy: 'leader' });
const fee = message('application.fee-charged', 'application/1', at('2018-01-03'), 'clerk', { amountFen: 100, basis: '收费办法' });
const undo = message('record.voided', 'application/1', at('2018-02-01'), 'auditor', {
  message: { id: closed.id },
  reason: '错',
  approvedBy: 'leader',
});

async function send(service: Served, ...messages: readonly Message[]): Promise<string[]> {
  const body = asLines(messages);
  const answer = await fetch(`${service.url}/v1/events`, { method: 'POST', headers: { 'content-type': NDJSON }, body });
  const lines = (await answer.text()).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Receipt).map(({ status, error }) => error?.code ?? status);
}

/** Whether the text is in the heap of the process, after a collection: it writes a snapshot when it is told to. */
async function heapHolds(service: Served, folder: string, text: string): Promise<boolean> {
  const snapshots = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.heapsnapshot'));
  for (const old of snapshots()) rmSync(join(folder, old));
  service.child.kill('SIGUSR2');
  for (let size = -1; ; await sleep(300)) {
    const [name] = snapshots();
    const now = name === undefined ? -1 : statSync(join(folder, name)).size;
    if (name !== undefined && now > 0 && now === size) {
      const bytes = readFileSync(join(folder, name));
      // Complete: a JSON object.
      if (bytes.subarray(-16).toString().trimEnd().endsWith('}')) return bytes.includes(text);
    }
    size = now;
  }
}

if (url === '') {
  test('without EVENTSTOREDB_URL nothing is claimed', () => {
    // Without EVENTSTOREDB_URL nothing is claimed of replicas that share a key store.
    process.stderr.write('EventStoreDB: EVENTSTOREDB_URL is not set, nothing was erased beside another replica\n');
    expect(url).toBe('');
  });
} else {
  test('an erasure reaches the other replica', async () => {
    // What one erases the other forgets, and takes voids alone.
    const folders = [newFolder(), newFolder()] as const;
    const keys = join(folders[0], 'shared-keys.db');
    const env = { EVENTSTOREDB_URL: url, DISCLOSURE_NAMESPACE: `test-erase-${randomBytes(6).toString('hex')}-`, DISCLOSURE_KEYS: keys };
    const first = await serve({ folder: folders[0], env });
    const second = await serve({ folder: folders[1], env: { ...env, NODE_OPTIONS: '--heapsnapshot-signal=SIGUSR2' } });
    expect(new Set(await send(first, ...setUp(), opened, closed))).toEqual(new Set(['recorded']));
    // Folded by the second: it needs the key that the first made.
    expect(await send(second, { ...opened, actor: 'another' }, closed)).toEqual(['id-reused', 'duplicate']);
    expect(await heapHolds(second, folders[1], NAME)).toBe(true);

    expect(await send(first, erasure)).toEqual(['recorded']);
    const events = (await (await fetch(`${first.url}/v1/events?limit=1000`)).json()) as { events: { type: string; metadata: object }[] };
    const sealKey = (events.events.find(({ type }) => type.endsWith('application.received'))?.metadata as { sealKey: string }).sealKey;
    const store = new SqliteKeyStore(keys);
    expect(store.get(`case-${sealKey}`)).toBeNull();
    store.close();
    const trail = (): Promise<{ entries: unknown[] }> =>
      fetch(`${second.url}/v1/agencies/${AGENCY}/cases/application/1/trail`).then(
        (answer) => answer.json() as Promise<{ entries: unknown[] }>,
      );
    while ((await trail()).entries.length < 3) await sleep(50);

    expect(await heapHolds(second, folders[1], NAME)).toBe(false);
    expect(await send(second, { ...opened, actor: 'x' }, closed, erasure, fee)).toEqual([
      'duplicate',
      'duplicate',
      'duplicate',
      'already-erased',
    ]);
    expect(await send(second, undo, undo)).toEqual(['recorded', 'duplicate']);
    expect(await send(first, undo, fee)).toEqual(['duplicate', 'already-erased']);
    for (const service of [first, second]) {
      const asked = await fetch(`${service.url}/v1/agencies/${AGENCY}/cases/application/1/personal-data`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ actor: 'leader', reason: '核对' }),
      });
      expect(asked.status).toBe(410);
      expect((await stop(service)).code).toBe(0);
    }
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
}
