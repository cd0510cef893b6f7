/**
 * A ledger in a database of others: what they write behind its end costs it nothing, and no ledger begins under a name
 * of which another's is the beginning. Runs where EVENTSTOREDB_URL names a server.
 */
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NamespaceOverlaps } from '../../src/log/event-log.js';
import { EventStoreDbEventLog } from '../../src/log/eventstoredb-event-log.js';
import { runAlone, serve, stop } from '../support/cli.js';
import { OwnServer } from '../support/log-eventstoredb-server.js';
import { everything, newEvents, outcome } from '../support/log-events.js';
import { AGENCY, setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';

const { EVENTSTOREDB_URL: url, EVENTSTOREDB_COMMAND: command } = process.env;
const newName = (): string => `test-disclosure-${randomBytes(6).toString('hex')}-`;
/** So many events of 200 kB are written by somebody else: 200 MB. */
const OTHERS = 1000;
const SHARED = 4;
/** What may come from the server for some questions, bytes: a thousandth of what the others wrote is much. */
const LITTLE = 1_000_000;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-neighbours-'));
  folders.push(folder);
  return folder;
}

/** Stands before the server and counts what comes from it. */
async function counting(target: URL): Promise<{ url: string; bytes: () => number; close: () => void }> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    far.on('data', (chunk) => (bytes += chunk.length));
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => [near, far].forEach((each) => each.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `esdb://127.0.0.1:${(proxy.address() as AddressInfo).port}${target.search}`, bytes: () => bytes, close };
}

async function writeOthers(server: string, stream: string): Promise<void> {
  const client = EventStoreDBClient.connectionString(server);
  const big = 'x'.repeat(200_000);
  const events = (): ReturnType<typeof jsonEvent>[] => Array.from({ length: SHARED }, () => jsonEvent({ type: 'Others', data: { big } }));
  for (let written = 0; written < OTHERS; written += SHARED) await client.appendToStream(stream, events());
  await client.dispose();
}

if (url === undefined || url === '') {
  // Without EVENTSTOREDB_URL nothing is claimed of ledgers beside others in a database.
  test('without EVENTSTOREDB_URL nothing is claimed', () => expect(url ?? '').toBe(''));
} else {
  test('a ledger with an overlapping namespace exits 3', async () => {
    // A ledger whose namespace is the beginning of another’s, or
    // begins with it, does not begin: exit 3, and nothing is written.
    const [name, another] = [newName(), newName()];
    for (const [first, second] of [
      [name, `${name}county-`],
      [`${another}county-`, another],
    ] as const) {
      // The first one: claimed by being served, without any act; the other by its acts.
      const held = { folder: newFolder(), env: { EVENTSTOREDB_URL: url, DISCLOSURE_NAMESPACE: first } };
      await stop(await serve(held));
      const late = { folder: newFolder(), env: { EVENTSTOREDB_URL: url, DISCLOSURE_NAMESPACE: second } };
      for (const args of [['serve', '--port', '0'], ['import', '-'], ['demo']]) {
        const refused = await runAlone(args, { ...late, input: asLines(setUp()) });
        expect([args[0], refused.code, refused.stderr]).toEqual([args[0], 3, expect.stringContaining(first)]);
      }
      const beside = new EventStoreDbEventLog({ url, namespace: second });
      expect((await everything(beside)).length).toBe(0);
      await beside.close();
    }
    // A ledger that was there goes on as before.
    const first = { folder: newFolder(), env: { EVENTSTOREDB_URL: url, DISCLOSURE_NAMESPACE: name } };
    const { code, stderr } = await runAlone(['import', '-'], { ...first, input: asLines(setUp()) });
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  });

  test('an older ledger is found and opens', async () => {
    // A ledger from before namespaces were claimed is found by its agencies; it opens, and nothing overlaps with it.
    const name = newName();
    // As it was written then: by the adapter alone, nothing claimed.
    const old = new EventStoreDbEventLog({ url, namespace: `${name}old-` });
    const metadata = { agency: '370828-commerce', subject: 'agency/370828-commerce' };
    await old.append('agency-370828-commerce/370828-commerce', 'no-stream', newEvents(1, { type: 'agency.registered', metadata }));
    for (const other of [name, `${name}old-er-`]) {
      const late = new EventStoreDbEventLog({ url, namespace: other, guarded: true });
      for (const call of [late.append('case', 'no-stream', newEvents(1)), late.head(), late.claim()])
        expect(await outcome<unknown>(call)).toBeInstanceOf(NamespaceOverlaps);
      await late.close();
    }
    const sibling = new EventStoreDbEventLog({ url, namespace: `${name}older-`, guarded: true });
    const opened = new EventStoreDbEventLog({ url, namespace: `${name}old-`, guarded: true });
    await sibling.append('case', 'no-stream', newEvents(1));
    await opened.append('case', 'no-stream', newEvents(1));
    expect(await opened.readAll(null, 10)).toHaveLength(2);
    for (const log of [old, sibling, opened]) await log.close();
  });

  test('of two overlapping at once, one begins', async () => {
    // Of two that begin at one instant, one name the beginning of the other, one begins.
    for (let round = 0; round < 5; round += 1) {
      const name = newName();
      const logs = [name, `${name}county-`].map((namespace) => new EventStoreDbEventLog({ url, namespace, guarded: true }));
      const outcomes = await Promise.all(logs.map((log) => outcome<unknown>(log.append('case', 'no-stream', newEvents(1)))));
      expect(outcomes.filter((one) => one instanceof NamespaceOverlaps)).toHaveLength(1);
      expect(outcomes.filter((one) => !(one instanceof Error))).toHaveLength(1);
      for (const log of logs) await log.close();
    }
  });
}

if (url === undefined || command === undefined) {
  // Without EVENTSTOREDB_COMMAND nothing is claimed of what others write behind a ledger.
  test('without EVENTSTOREDB_COMMAND nothing is claimed', () => expect(command ?? '').toBe(''));
} else {
  let own: OwnServer | null = null;
  afterAll(() => own?.remove());

  test('others’ large events behind it hold nothing up', async () => {
    // Behind 1,000 events of 200 kB of somebody else readiness, a table and a check are answered without any of them.
    const folder = newFolder();
    // A server of its own: in the shared one the other tests would have to look through them too.
    own = await OwnServer.start(command, 2613);
    const server = await counting(new URL(own.url));
    const env = { EVENTSTOREDB_URL: server.url, DISCLOSURE_NAMESPACE: newName() };
    expect((await runAlone(['import', '-'], { folder, env, input: asLines(setUp()) })).code).toBe(0);
    const served = await serve({ folder, env });
    await writeOthers(own.url, `others-${randomBytes(6).toString('hex')}`);
    const before = server.bytes();
    for (let round = 0; round < 5; round += 1) {
      const answer = await fetch(`${served.url}/health/ready`);
      expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'ready', log: 'reachable' }]);
    }
    const table = ['table', '--agency', AGENCY, '--year', '2018', '--json'];
    for (const args of [table, ['verify', '--json']]) {
      const { code, stderr } = await runAlone(args, { folder, env });
      expect([args[0], code, stderr]).toEqual([args[0], 0, '']);
    }
    process.stderr.write(`behind ${OTHERS} events of others: ${server.bytes() - before} bytes from the server\n`);
    expect(server.bytes() - before).toBeLessThan(LITTLE);
    await stop(served);
    server.close();
  });
}
