/**
 * Which ledgers share a database. Streams of a ledger are found by the prefix of their names, so no namespace may be
 * the beginning of another: the shorter ledger would take in the events of the longer one, and could never be used
 * again. Namespaces are claimed in a stream of the database's own before the first event, each claim with the exact
 * revision: of two that begin at once the second sees the first. Ledgers from before there were claims are known by
 * their agencies, and are claimed by whoever finds them; everything is looked through once, then only what came since
 * the last claim.
 */
import {
  BACKWARDS,
  END,
  ErrorType,
  jsonEvent,
  NO_STREAM,
  type AllStreamResolvedEvent,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import { parseCaseName, streamOf } from '../domain/identifiers.js';
import { membersOf } from '../encoding/unknown-values.js';
import { NamespaceOverlaps } from './event-log.js';
import { toStored } from './eventstoredb-events.js';
import { readFiltered } from './eventstoredb-filtered.js';
import { errorType } from './eventstoredb-server.js';

/** No namespace is the beginning of it: every one ends with a hyphen. */
const CLAIMS = 'disclosure.namespaces';
const CLAIMED = 'namespace.claimed';
/** What every ledger holds that recorded anything for an agency. */
const FIRST_ACT = 'agency.registered';
const NAMESPACE = /^[a-z][a-z0-9-]*-$/;

interface Claim {
  readonly namespace: string;
  /** Commit position up to which older ledgers were looked for. */
  readonly lookedUpTo: string;
}

interface Claims {
  readonly names: ReadonlySet<string>;
  /** null where there is no claim yet. */
  readonly revision: bigint | null;
  readonly lookedUpTo: Position | null;
}

interface Neighbours extends Claims {
  /** Ledgers without a claim. */
  readonly found: ReadonlySet<string>;
  readonly end: string;
}

export interface GuardOptions {
  /** The client at hand. */
  readonly client: () => EventStoreDBClient;
  readonly namespace: string;
  /** Gives what a call gives, for as long as the server answers at all. */
  readonly patiently: <T>(call: () => Promise<T>) => Promise<T>;
}

export class NamespaceGuard {
  readonly #options: GuardOptions;
  #free: Promise<void> | null = null;
  #claimed: Promise<void> | null = null;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /**
   * Resolves where nothing of another ledger can be met under this namespace. Writes nothing. Errors:
   * `NamespaceOverlaps`, and those of the calls.
   */
  free(): Promise<void> {
    this.#free ??= this.#options
      .patiently(() => this.#neighbours())
      .then(
        () => undefined,
        (error: unknown) => {
          this.#free = null;
          throw error;
        },
      );
    return this.#free;
  }

  /** Resolves once the namespace is this ledger's own. Errors: as `free`. */
  claimed(): Promise<void> {
    this.#claimed ??= this.#options
      .patiently(() => this.#claim())
      .catch((error: unknown) => {
        this.#claimed = null;
        throw error;
      });
    return this.#claimed;
  }

  async #claim(): Promise<void> {
    const { client, namespace } = this.#options;
    for (;;) {
      const neighbours = await this.#neighbours();
      if (neighbours === 'own') return;
      const { found, end, revision } = neighbours;
      const names = [...new Set([...found, namespace])];
      const events = names.map((name) => jsonEvent({ type: CLAIMED, data: { namespace: name, lookedUpTo: end } satisfies Claim }));
      try {
        await client().appendToStream(CLAIMS, events, { expectedRevision: revision ?? NO_STREAM });
        return;
      } catch (error) {
        // Somebody else claimed meanwhile: maybe the beginning of this one.
        if (errorType(error) !== ErrorType.WRONG_EXPECTED_VERSION) throw error;
      }
    }
  }

  /** `own` where the namespace is claimed already. */
  async #neighbours(): Promise<Neighbours | 'own'> {
    const { client, namespace } = this.#options;
    const claims = await readClaims(client());
    if (claims.names.has(namespace)) return 'own';
    const end = await endOf(client());
    const found = await ledgersSince(client(), claims);
    // A ledger that is there opens; one that begins must not touch it.
    const other = found.has(namespace) ? undefined : [...claims.names, ...found].find((name) => overlap(name, namespace));
    if (other !== undefined) throw new NamespaceOverlaps(namespace, other);
    return { ...claims, found, end };
  }
}

function overlap(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

/** Others may write to the stream of claims too. Errors: throws where the data are no claim. */
function readClaim(data: unknown): Claim {
  const { namespace, lookedUpTo } = membersOf(data);
  if (typeof namespace !== 'string' || typeof lookedUpTo !== 'string') throw new Error(`${CLAIMS} holds an event that is no claim`);
  return { namespace, lookedUpTo };
}

async function readClaims(client: EventStoreDBClient): Promise<Claims> {
  const names = new Set<string>();
  let last: { readonly revision: bigint; readonly lookedUpTo: string } | null = null;
  try {
    for await (const { event } of client.readStream(CLAIMS)) {
      if (event === undefined) continue;
      const { namespace, lookedUpTo } = readClaim(event.data);
      names.add(namespace);
      last = { revision: event.revision, lookedUpTo };
    }
  } catch (error) {
    if (errorType(error) !== ErrorType.STREAM_NOT_FOUND) throw error;
  }
  const position = last === null ? null : BigInt(last.lookedUpTo);
  return { names, revision: last?.revision ?? null, lookedUpTo: position === null ? null : { commit: position, prepare: position } };
}

async function endOf(client: EventStoreDBClient): Promise<string> {
  let end = '0';
  // To its end: a read that is left before keeps the client from being closed.
  for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }))
    if (event?.position !== undefined) end = String(event.position.commit);
  return end;
}

/** Namespaces of ledgers that registered an agency since older ones were last looked for. */
async function ledgersSince(client: EventStoreDBClient, { lookedUpTo }: Claims): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for await (const { event } of readFiltered(client, { prefix: { type: FIRST_ACT }, range: { from: lookedUpTo } })) {
    const name = event === undefined ? null : namespaceOf(event);
    if (name !== null) found.add(name);
  }
  return found;
}

/** What stands before the name that its own case gives the stream; null for an event of another program. */
function namespaceOf(event: NonNullable<AllStreamResolvedEvent['event']>): string | null {
  let metadata: { readonly agency?: unknown; readonly subject?: unknown };
  try {
    ({ metadata } = toStored(event, ''));
  } catch {
    return null;
  }
  const ref = parseCaseName(metadata.subject);
  if (typeof metadata.agency !== 'string' || ref === null) return null;
  const stream = streamOf(metadata.agency, ref);
  const namespace = event.streamId.slice(0, -stream.length);
  return event.streamId.endsWith(stream) && NAMESPACE.test(namespace) ? namespace : null;
}
