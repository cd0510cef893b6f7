/**
 * The tampering table on EventStoreDB, done through the server's own API: deletion, tombstones, limits, truncation with
 * the server's clean-up, strange events under the ledger's names. Runs where EVENTSTOREDB_URL names a server; says so
 * where it does not.
 */
import { ANY, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDbEventLog } from '../../src/log/eventstoredb-event-log.js';
import { CheckpointService } from '../../src/signing/checkpoint-service.js';
import type { Verification } from '../../src/audit/verify-store/verify-store.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { OwnServer } from '../support/log-eventstoredb-server.js';
import { AGENCY, approvedItem, at, message, released, setUp } from '../support/messages.js';
import { LEDGER_KEY, signingIn, verifyFolder } from '../support/verify.js';

const shared = process.env['EVENTSTOREDB_URL'] ?? '';
const command = process.env['EVENTSTOREDB_COMMAND'] ?? '';
const A_POSITION: unknown = expect.any(String);
const AN_INDEX: unknown = expect.any(Number);
const stream = (number: string): string => `publication-${AGENCY}/${number}`;
/** The item that is dealt with stands before the checkpoint; its first event and how many it has. */
const ITEM = { number: 'i-4', first: 6 + 4 * 5, events: 5 };

interface Tampered {
  readonly ledger: TestLedger;
  readonly namespace: string;
  readonly client: EventStoreDBClient;
  verify(): Promise<Verification>;
}

/**
 * Two replicas that record at the same time, a checkpoint of the first, more events, a refusal and a void behind it.
 */
async function clean(url = shared): Promise<Tampered & { close(): Promise<void> }> {
  const namespace = `test-disclosure-${randomBytes(6).toString('hex')}-`;
  const server = { url, namespace };
  const [ledger, other] = [openTestLedger({ server, now: Date.now }), openTestLedger({ server, now: Date.now })];
  const keeper = (of: TestLedger): CheckpointService =>
    new CheckpointService({ log: of.log, store: of.store, signer: signingIn(of.folder).signer, now: Date.now });
  await ledger.send(...setUp());
  for (let index = 0; index < 10; index += 1)
    await ledger.send(...approvedItem(`i-${index}`, '2017-03-01'), released(`i-${index}`, '2017-03-02', 'website'));
  await ledger.settled();
  await other.settled();
  expect((await Promise.all([keeper(ledger).cut(), keeper(other).cut()])).sort()).toEqual(['adopted', 'signed']);
  await Promise.all(
    [ledger, other].map((replica, which) =>
      replica.send(
        ...Array.from({ length: 10 }, (_, index) =>
          message('meeting.held', `meeting/${which}-${index}`, at('2017-05-01'), 'clerk', { title: '会' }),
        ),
      ),
    ),
  );
  const meeting = message('meeting.held', 'meeting/taken', at('2017-05-01'), 'clerk', { title: '会' });
  const back = { message: { id: meeting.id }, reason: '错', approvedBy: 'leader' };
  await other.send(meeting, message('record.voided', meeting.subject, at('2017-05-03'), 'auditor', back), {
    ...meeting,
    id: 'x',
    agency: 'nobody',
  });
  await ledger.settled();
  await other.settled();
  await other.discard();
  const client = EventStoreDBClient.connectionString(url);
  const log = new EventStoreDbEventLog({ url, namespace });
  return {
    ledger,
    namespace,
    client,
    verify: () => verifyFolder({ folder: ledger.folder, log, keys: [LEDGER_KEY] }),
    close: async () => {
      await log.close();
      await client.dispose();
      await ledger.discard();
    },
  };
}

const short = ({ findings }: Verification): unknown[] => findings.map(({ rule, where }) => [rule, where]);

const AUTHORIZED = { authorization: `Basic ${btoa('admin:changeit')}` };

/** Has the server clean up, and waits until it is done. */
async function scavenged(server: string): Promise<void> {
  const address = `${server.replace(/^esdb:/, 'http:').replace(/\?.*$/, '')}/admin/scavenge`;
  const started = await fetch(`${address}?threads=1`, { method: 'POST', headers: AUTHORIZED });
  const [id] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(await started.text()) ?? [];
  if (id === undefined) throw new Error(`the server does not clean up: ${started.status}`);
  for (let tries = 0; tries < 600; tries += 1) {
    const current = await fetch(`${address}/current`, { headers: AUTHORIZED });
    if (!(await current.text()).includes(id)) return;
    await sleep(100);
  }
  throw new Error('the server did not finish cleaning up');
}

if (shared === '') {
  test('without EVENTSTOREDB_URL nothing is claimed of EventStoreDB', () => {
    process.stderr.write('EventStoreDB: EVENTSTOREDB_URL is not set, tampering was tried on the embedded log only\n');
    expect(shared).toBe('');
  });
} else {
  let made: Awaited<ReturnType<typeof clean>>;
  beforeEach(async () => {
    made = await clean();
  });
  afterEach(() => made.close());

  const withheld = (number = ITEM.number): unknown => ['stream-withheld', { stream: stream(number), position: A_POSITION }];

  test('a clean ledger of two replicas holds', async () => {
    // A clean ledger of two replicas gives no finding.
    expect(await made.verify()).toMatchObject({ holds: true, checkpoints: 1, findings: [], unchecked: [] });
  });

  test('a stream deleted', async () => {
    await made.client.deleteStream(made.namespace + stream(ITEM.number));
    expect(short(await made.verify())).toEqual([withheld()]);
  });

  test('a stream deleted for ever', async () => {
    await made.client.tombstoneStream(made.namespace + stream(ITEM.number));
    expect(short(await made.verify())).toEqual([withheld()]);
  });

  test('a stream limited to its last events', async () => {
    await made.client.setStreamMetadata(made.namespace + stream(ITEM.number), { maxCount: 2 });
    const found = await made.verify();
    expect(short(found)).toEqual([withheld()]);
    expect(found.findings[0]?.message).toContain('$maxCount 2');
  });

  test('the stream of checkpoints deleted', async () => {
    await made.client.deleteStream(`${made.namespace}checkpoints`);
    expect(short(await made.verify())).toEqual([['stream-withheld', { stream: 'checkpoints', position: A_POSITION }]]);
  });

  test('another access list takes nothing away', async () => {
    // Another access list of a stream takes nothing away.
    await made.client.setStreamMetadata(made.namespace + stream(ITEM.number), { acl: { readRoles: ['$all'] } });
    expect((await made.verify()).findings).toEqual([]);
  });

  test('a foreign event under our names is found', async () => {
    // An event that is none of ours under our names.
    await made.client.appendToStream(
      `${made.namespace}meeting-${AGENCY}/strange`,
      [jsonEvent({ id: randomUUID(), type: 'strange', data: {} })],
      {
        expectedRevision: ANY,
      },
    );
    // The read models stand before it; what was recorded since is behind it.
    expect(short(await made.verify())).toContainEqual([
      'event-unreadable',
      { index: AN_INDEX, stream: `meeting-${AGENCY}/strange`, revision: 0, position: A_POSITION },
    ]);
  });

  test('a restored earlier state is found', async () => {
    // An earlier state of the whole ledger, as after a restore: the tail is missing under a newer read store.
    // Another ledger, shorter, under the read store and the last checkpoint of this one.
    const shorter = await clean();
    try {
      const log = new EventStoreDbEventLog({ url: shared, namespace: shorter.namespace });
      const found = await verifyFolder({ folder: made.ledger.folder, log, keys: [LEDGER_KEY] });
      await log.close();
      const shown = found.findings.flatMap(({ rule, also = [] }) => [rule, ...also.map((one) => one.rule)]);
      expect(shown).toEqual(expect.arrayContaining(['checkpoint-changed', 'checkpoint-contradicted']));
    } finally {
      await shorter.close();
    }
  });
}

// It writes a quarter of a gigabyte and cleans up everything: on a server of its own.
const ownServer = command === '' ? test.skip : test;

ownServer('a stream deleted and scavenged is found', async () => {
  // A stream deleted, and cleaned up by the server, which keeps the last event: those that are gone are named.
  const server = await OwnServer.start(command, 2713);
  try {
    const made = await clean(server.url);
    await made.client.deleteStream(made.namespace + stream(ITEM.number));
    await fillChunk(made.client);
    await scavenged(server.url);
    const gone = { stream: stream(ITEM.number), index: ITEM.first, revision: 0 };
    const found = await made.verify();
    expect(short(found)).toEqual([['stream-withheld', { stream: stream(ITEM.number), position: A_POSITION }]]);
    expect(found.findings[0]?.also?.map(({ rule, where }) => [rule, where])).toEqual([
      ['event-removed', { ...gone, eventId: A_POSITION, to: ITEM.first + ITEM.events - 2 }],
      ['checkpoint-contradicted', { checkpoint: 0, index: 0, to: 55 }],
    ]);
    await made.close();
  } finally {
    await server.remove();
  }
});

/** The server cleans up whole chunks only, of 256 MB. */
async function fillChunk(client: EventStoreDBClient): Promise<void> {
  const filler = 'x'.repeat(900_000);
  for (let written = 0; written < 320; written += 8) {
    await Promise.all(
      Array.from({ length: 8 }, () =>
        client.appendToStream('filler', [jsonEvent({ id: randomUUID(), type: 'filler', data: { filler } })], { expectedRevision: ANY }),
      ),
    );
  }
}
