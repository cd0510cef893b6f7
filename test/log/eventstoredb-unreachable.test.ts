/**
 * Servers that are not there, or are no EventStoreDB: what a service says of them, and what callers are told. No server
 * of EventStoreDB is needed. The password of the connection string is in nothing that is said.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailable } from '../../src/log/event-log.js';
import * as eventStoreDb from '../../src/log/eventstoredb-event-log.js';
import { createApp } from '../../src/main.js';
import { openWriter } from '../../src/runtime/runtime.js';
import { freePort } from '../support/log-eventstoredb-server.js';
import { newEvents, outcome } from '../support/log-events.js';
import { expectNothingUnhandled } from '../support/log-unhandled.js';
import { at, message } from '../support/messages.js';
import { SINGLE } from '../support/service.js';
import { until } from '../support/until.js';

const PASSWORD = 'geheim-4711';

interface Place {
  /** Host and port, and the parameters behind them. */
  readonly address: string;
  readonly parameters: string;
  readonly says: string;
  close(): Promise<void>;
}

async function listening(server: Server): Promise<{ address: string; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** A gRPC server that answers every call with one status. */
function answering(status: number): Server {
  const server = createHttp2Server();
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status) }, { endStream: true });
  });
  return server;
}

const nothing = async (): Promise<void> => undefined;
const SILENT = 'it takes connections, and gives no answer of EventStoreDB';

const PLACES: Readonly<Record<string, () => Promise<Place>>> = {
  'a port that nobody listens on': async () => ({
    address: `127.0.0.1:${await freePort(2500)}`,
    parameters: 'tls=false',
    says: 'the connection is refused (ECONNREFUSED)',
    close: nothing,
  }),
  'a name that nobody knows': async () => ({
    address: 'log.disclosure.invalid:2113',
    parameters: 'tls=false',
    says: 'the name log.disclosure.invalid is not known (',
    close: nothing,
  }),
  'a port without TLS, asked for TLS': async () => ({
    ...(await listening(createHttpServer((_, response) => response.end('no')))),
    parameters: 'tls=true',
    says: 'no TLS is possible there (',
  }),
  'a web server': async () => ({
    ...(await listening(createHttpServer((_, response) => response.end('no')))),
    parameters: 'tls=false',
    says: SILENT,
  }),
  'a port that takes connections and says nothing': async () => ({
    ...(await listening(createServer())),
    parameters: 'tls=false',
    says: SILENT,
  }),
  'a server that does not take the password': async () => ({
    ...(await listening(answering(16))),
    parameters: 'tls=false',
    says: 'user or password are not accepted',
  }),
};

describe('a server that cannot be reached', () => {
  expectNothingUnhandled();

  it.each(Object.keys(PLACES))('is named once, with address and cause: %s', async (name) => {
    // Is named with its address and the cause, once, by the log and to its callers.
    const place = await (PLACES[name] as () => Promise<Place>)();
    const said: string[] = [];
    const log = new eventStoreDb.EventStoreDbEventLog({
      url: `esdb://clerk:${PASSWORD}@${place.address}?${place.parameters}`,
      attemptTimeout: 500,
      retryFor: 500,
      lostAfter: 300,
      notice: (line) => said.push(line),
    });
    try {
      const why = await until(() => log.trouble);
      const sentence = `EventStoreDB at ${place.address} cannot be used: ${place.says}`;
      expect(why).toContain(sentence);
      const calls = [
        log.append('case', 'no-stream', newEvents(1)),
        log.readStream('case', 0, 1),
        log.head(),
        log.reachable(),
        log.writable(),
      ];
      for (const told of await Promise.all(calls.map(outcome<unknown>))) {
        expect(told).toBeInstanceOf(StoreUnavailable);
        expect((told as Error).message).toContain(sentence);
      }
      expect(said).toEqual([why]);
      expect(JSON.stringify(said)).not.toContain(PASSWORD);
    } finally {
      await log.close();
      await place.close();
    }
    // Closing is no answer.
    expect(said).toHaveLength(1);
  });

  it('several are named, each with its cause', async () => {
    // Of which several are given is named each with its own cause.
    const port = await freePort(2500);
    const log = new eventStoreDb.EventStoreDbEventLog({
      url: `esdb://127.0.0.1:${port},other.disclosure.invalid:2113?tls=false&maxDiscoverAttempts=1`,
      attemptTimeout: 500,
      lostAfter: 300,
      notice: () => undefined,
    });
    const why = await until(() => log.trouble);
    expect(why).toContain(`127.0.0.1:${port} the connection is refused (ECONNREFUSED); other.disclosure.invalid:2113 the name `);
    await log.close();
  });

  it('a bad connection string hides its password', () => {
    // Is no connection string: the error tells that without the password.
    const open = (): unknown => new eventStoreDb.EventStoreDbEventLog({ url: `esdb://clerk:${PASSWORD}@[bad` });
    expect(open).toThrow(eventStoreDb.BadUrl);
    expect(open).not.toThrow(PASSWORD);
  });

  it('leaves the service unready, with receipts saying why', async () => {
    // Leaves a service that says why: not ready, and messages get receipts that say so and are kept nowhere.
    const folder = mkdtempSync(join(tmpdir(), 'disclosure-unreachable-'));
    const address = `127.0.0.1:${await freePort(2500)}`;
    const said: string[] = [];
    const config = { data: folder, eventStoreDbUrl: `esdb://clerk:${PASSWORD}@${address}?tls=false`, keys: join(folder, 'keys.db') };
    const runtime = openWriter({ config, eventStoreDb, notice: (line) => said.push(line) });
    if (runtime === null) throw new Error('the folder is locked');
    const app = await createApp(runtime);
    const why = `EventStoreDB at ${address} cannot be used: the connection is refused (ECONNREFUSED)`;
    await until(() => said.includes(why));
    const ready = await app.inject({ method: 'GET', url: '/health/ready' });
    expect([ready.statusCode, JSON.parse(ready.payload)]).toMatchObject([503, { log: 'unreachable', refused: why, failing: why }]);
    const held = message('meeting.held', 'meeting/1', at('2018-02-01'), 'clerk', { title: '会议' });
    for (const body of [held, { ...(held as object), actor: '' }]) {
      const answer = await app.inject({
        method: 'POST',
        url: '/v1/events',
        headers: { 'content-type': SINGLE },
        payload: JSON.stringify(body),
      });
      expect([answer.statusCode, JSON.parse(answer.payload)]).toMatchObject([
        503,
        { status: 'refused', id: (held as { id: string }).id, error: { code: 'store-unavailable', message: why } },
      ]);
    }
    expect(runtime.refusals.list().refusals).toEqual([]);
    expect(JSON.stringify(said)).not.toContain(PASSWORD);
    await app.close();
    await runtime.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
