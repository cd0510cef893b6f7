/**
 * What the service holds of requests at this moment, and what it has turned away. Beyond its bounds a request is
 * answered 503 before its body is read, so that memory is bounded by them and not by how much is sent.
 *
 * Requests are counted, not the delay of the event loop or the heap (as `@fastify/under-pressure` does): both are known
 * a moment too late, differ by machine, and one large table would turn away the callers beside it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { withRouteConfig } from '../route-config.js';
import { frameworkProblem, ProblemException } from '../problem-details.filter.js';
import { onConnection } from './tls-server.js';

export interface ShareLimits {
  /** Requests whose answer is not yet read, or whose handler still works. */
  readonly requests: number;
  /** Bytes of bodies, unpacked, that are held for these. */
  readonly bodyBytes: number;
}

export interface LoadLimits extends ShareLimits {
  /** What one caller may hold of these, where callers are identified. */
  readonly caller: ShareLimits & { readonly feeds: number };
  readonly connections: number;
  /** Answers that are kept open; they are none of the requests. */
  readonly feeds: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer goes on until one side ends it. */
    readonly keptOpen?: true;
  }
  interface FastifyRequest {
    /** Absent where the request is not counted, as those for health. */
    held?: HeldRequest;
  }
}

/** Of a route whose answers go on for hours: they have a bound of their own, and take no room from the others. */
export const KeptOpen = (): MethodDecorator => withRouteConfig({ keptOpen: true });

/** An answer that no route gave. */
export interface UnroutedAnswer {
  readonly requestId: string;
  readonly status: number;
  readonly code: string;
}

/** What is counted of answers and connections since the start. */
export interface TurnedAway {
  shed: number;
  droppedConnections: number;
  failedHandshakes: number;
  stalledBodies: number;
  stalledReaders: number;
}

/** Asked by whoever runs the service: these say how it is, most of all while it is overloaded. */
const ALWAYS_ANSWERED = /^\/(health\/|metrics$)/;

export class Traffic {
  readonly turnedAway: TurnedAway = { shed: 0, droppedConnections: 0, failedHandshakes: 0, stalledBodies: 0, stalledReaders: 0 };
  readonly #all: Share;
  readonly #feeds: Share;
  /** Of callers that have a request here at this moment; those of kept answers by themselves. */
  readonly #callers = new Map<string, Share>();
  #listener: (answer: UnroutedAnswer) => void = () => undefined;

  constructor(private readonly limits: LoadLimits) {
    this.#all = new Share(limits);
    this.#feeds = new Share({ ...limits, requests: limits.feeds });
  }

  get requests(): number {
    return this.#all.requests;
  }

  get bodyBytes(): number {
    return this.#all.bodyBytes;
  }

  get feeds(): number {
    return this.#feeds.requests;
  }

  /** Who is told of every answer that no route gives. */
  onUnrouted(listener: (answer: UnroutedAnswer) => void): void {
    this.#listener = listener;
  }

  unrouted(answer: UnroutedAnswer): void {
    this.#listener(answer);
  }

  /** Throws `overloaded` where no more is taken. */
  admit(request: FastifyRequest): HeldRequest | undefined {
    if (ALWAYS_ANSWERED.test(request.routeOptions.url ?? '')) return undefined;
    const share = isKeptOpen(request) ? this.#feeds : this.#all;
    if (share.isFull()) throw this.shed();
    const held = new HeldRequest(() => this.shed());
    held.join(share);
    held.enter();
    request.held = held;
    return held;
  }

  /** One caller is not to take the room of all others. Throws `overloaded` where it holds as much as one may. */
  assign(request: FastifyRequest, caller: string): void {
    const { held } = request;
    if (held === undefined) return;
    const { caller: limits } = this.limits;
    const [of, most] = isKeptOpen(request) ? [`feeds ${caller}`, { ...limits, requests: limits.feeds }] : [caller, limits];
    const share = this.#callers.get(of) ?? new Share(most, () => this.#callers.delete(of));
    if (share.isFull()) throw this.shed();
    this.#callers.set(of, share);
    held.join(share);
  }

  /** What a request is answered with that is one too many; counts it. */
  shed(): ProblemException {
    this.turnedAway.shed += 1;
    return new ProblemException(frameworkProblem(503));
  }
}

/** A request for the head alone is over at once. */
function isKeptOpen({ routeOptions, method }: FastifyRequest): boolean {
  return routeOptions.config.keptOpen === true && method === 'GET';
}

/** What is held of some requests, and how much may be. */
class Share {
  requests = 0;
  bodyBytes = 0;

  constructor(
    private readonly limits: ShareLimits,
    private readonly empty: () => void = () => undefined,
  ) {}

  isFull(): boolean {
    return this.requests >= this.limits.requests || this.bodyBytes >= this.limits.bodyBytes;
  }

  hasRoom(bytes: number): boolean {
    return this.bodyBytes + bytes <= this.limits.bodyBytes;
  }

  add(requests: 1 | 0 | -1, bytes: number): void {
    this.requests += requests;
    this.bodyBytes += bytes;
    if (this.requests === 0) this.empty();
  }
}

/**
 * A request as long as anything of it is in memory: until its answer was read or its connection is gone, and its
 * handler has ended too. A client that goes away does not end the handler.
 */
export class HeldRequest {
  readonly #shares: Share[] = [];
  #holds = 0;
  #bytes = 0;
  #bodyBytes = 0;

  constructor(private readonly shed: () => ProblemException) {}

  /** Of its body, as far as it was read and unpacked. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  join(share: Share): void {
    this.#shares.push(share);
    if (this.#holds > 0) share.add(1, this.#bytes);
  }

  enter(): void {
    this.#holds += 1;
    if (this.#holds === 1) for (const share of this.#shares) share.add(1, 0);
  }

  leave(): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    for (const share of this.#shares) share.add(-1, -this.#bytes);
    this.#bytes = 0;
  }

  /** A part of its body came. Throws `overloaded` where bodies are then too large. */
  keep(bytes: number): void {
    if (!this.#shares.every((share) => share.hasRoom(bytes))) throw this.shed();
    for (const share of this.#shares) share.add(0, bytes);
    this.#bytes += bytes;
    this.#bodyBytes += bytes;
  }
}

/** Bounds what is taken at once; to be called before any route and any other hook is added. */
export function boundTraffic(fastify: FastifyInstance, traffic: Traffic, { connections }: LoadLimits): void {
  const { server } = fastify;
  const leaves = endsOfAnswers(server);
  fastify.addHook('onRequest', async (request, { raw }) => {
    const held = traffic.admit(request);
    if (held !== undefined) leaves(raw, () => held.leave());
  });
  fastify.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = async function (request, reply): Promise<unknown> {
      request.held?.enter();
      try {
        return await handler.call(this, request, reply);
      } finally {
        request.held?.leave();
      }
    };
  });
  boundConnections(server, traffic, connections);
}

/**
 * Tells once when an answer is over: it was read, or its connection is gone. Of answers that wait behind others of
 * their connection Node says nothing when that goes.
 */
function endsOfAnswers(server: Server): (response: ServerResponse, over: () => void) => void {
  const open = new WeakMap<Socket, Set<() => void>>();
  onConnection(server, (socket) => {
    const those = new Set<() => void>();
    open.set(socket, those);
    socket.once('close', () => those.forEach((over) => over()));
  });
  return (response, over) => {
    const those = open.get(response.req.socket);
    const once = (): void => {
      if (those?.delete(once) !== false) over();
    };
    those?.add(once);
    response.once('close', once);
  };
}

function boundConnections(server: Server, { turnedAway }: Traffic, most: number): void {
  server.maxConnections = most;
  server.on('drop', () => {
    turnedAway.droppedConnections += 1;
    // Whoever asks nothing at the moment makes room for the next.
    server.closeIdleConnections();
  });
  server.on('tlsClientError', () => (turnedAway.failedHandshakes += 1));
}
