/**
 * The connection to the server, and another in its place where it says nothing. A network that swallows what is sent
 * closes no connection: TCP sends again later and later, and the client's keepalive notices after 20 s. So nobody waits
 * for a silent connection: another is tried beside it, and takes its place once the server answers there.
 */
import { EventStoreDBClient } from '@eventstore/db-client';
import { parseConnectionString } from '@eventstore/db-client/dist/Client/parseConnectionString.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailable } from './event-log.js';

/** What waited for an answer of the connection that was given up: it may be asked again at once. */
export class ConnectionRenewed extends StoreUnavailable {
  constructor() {
    super('the connection gave no answer, and another took its place');
  }
}

export interface Attempt {
  /** Asks something of the server that costs nothing. */
  readonly ask: (client: EventStoreDBClient, signal: AbortSignal) => Promise<unknown>;
  /** How long its answer is waited for, ms. */
  readonly patience: number;
  /** Whether the other connection is still wanted once it has answered. */
  readonly wanted: () => boolean;
}

const KEEPALIVE_TIMEOUT_MS = 10_000;

export class Connection {
  readonly #url: string;
  readonly #renewed: () => void;
  #client: EventStoreDBClient;
  #tried = 0;

  /** `renewed` is told when another connection has taken the place of the one at hand. */
  constructor(url: string, renewed: () => void) {
    this.#url = url;
    this.#renewed = renewed;
    this.#client = clientOf(url);
  }

  get client(): EventStoreDBClient {
    return this.#client;
  }

  /** Whether another connection was taken. Never rejects. */
  async tryAnother({ ask, patience, wanted }: Attempt): Promise<boolean> {
    this.#tried += 1;
    const client = clientOf(withOwnSocket(this.#url, this.#tried));
    const given = new AbortController();
    const late = sleep(patience, false, { signal: given.signal, ref: false });
    const answered = ask(client, given.signal).then(
      () => true,
      () => false,
    );
    const taken = (await Promise.race([answered, late])) && wanted();
    given.abort();
    late.catch(() => undefined);
    if (!taken) {
      discard(client);
      return false;
    }
    const old = this.#client;
    this.#client = client;
    this.#renewed();
    discard(old);
    return true;
  }

  async close(): Promise<void> {
    await this.#client.dispose().catch(() => undefined);
  }
}

function clientOf(url: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(url);
  if (Reflect.get(client, 'throwOnAppendFailure') !== true)
    throw new Error('throwOnAppendFailure=false reports wrong revisions; take it out of EVENTSTOREDB_URL');
  // Asked only whether the server knows the long append stream, which stays in a thread of its own: append-thread/.
  Reflect.set(client, 'supports', async () => false);
  return client;
}

/** Below the clients gRPC shares one socket among those whose options are the same: these differ by a millisecond. */
function withOwnSocket(url: string, nth: number): string {
  const { keepAliveTimeout = KEEPALIVE_TIMEOUT_MS } = parseConnectionString(url);
  const timeout = (keepAliveTimeout < 0 ? KEEPALIVE_TIMEOUT_MS : keepAliveTimeout) + nth;
  return `${url}${url.includes('?') ? '&' : '?'}keepAliveTimeout=${timeout}`;
}

interface Channelled {
  readonly getChannel: () => Promise<{ close(): void }>;
}

function showsChannel(client: object): client is Channelled {
  return 'getChannel' in client;
}

/** Ends its streams, and its socket: the client's own `dispose` leaves that open. */
function discard(client: object & Pick<EventStoreDBClient, 'dispose'>): void {
  client.dispose().catch(() => undefined);
  if (!showsChannel(client)) return;
  client.getChannel().then(
    (channel) => channel.close(),
    () => undefined,
  );
}
