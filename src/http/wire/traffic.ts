/**
 * What the service holds of requests at this moment, and what it has turned away. Beyond its bounds a request is
 * answered 503 before its body is read, so that memory is bounded by them and not by how much is sent.
 *
 * Requests are counted, not the delay of the event loop or the heap (as `@fastify/under-pressure` does): both are known
 * a moment too late, differ by machine, and one large table would turn away the callers beside it.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import { frameworkProblem, ProblemException } from '../problem-details.filter.js';

export interface LoadLimits {
  /** Requests whose answer is not yet read, or whose handler still works. */
  readonly requests: number;
  /** Bytes of bodies, unpacked, that are held for these. */
  readonly bodyBytes: number;
  readonly connections: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Absent where the request is not counted, as those for health. */
    held?: HeldRequest;
  }
}

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
  #requests = 0;
  #bodyBytes = 0;
  #listener: (answer: UnroutedAnswer) => void = () => undefined;

  constructor(private readonly limits: LoadLimits) {}

  get requests(): number {
    return this.#requests;
  }

  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  /** Who is told of every answer that no route gives. */
  onUnrouted(listener: (answer: UnroutedAnswer) => void): void {
    this.#listener = listener;
  }

  unrouted(answer: UnroutedAnswer): void {
    this.#listener(answer);
  }

  /** Throws `overloaded` where no more is taken. A hook of Fastify, the first. */
  admit(request: FastifyRequest, closed: (listener: () => void) => void): void {
    if (ALWAYS_ANSWERED.test(request.routeOptions.url ?? '')) return;
    if (this.#requests >= this.limits.requests || this.#bodyBytes >= this.limits.bodyBytes) throw this.#overloaded();
    const held = new HeldRequest(
      (count) => (this.#requests += count),
      (bytes) => this.#hold(bytes),
    );
    request.held = held;
    held.enter();
    closed(() => held.leave());
  }

  #hold(bytes: number): void {
    if (bytes > 0 && this.#bodyBytes + bytes > this.limits.bodyBytes) throw this.#overloaded();
    this.#bodyBytes += bytes;
  }

  #overloaded(): ProblemException {
    this.turnedAway.shed += 1;
    return new ProblemException(frameworkProblem(503));
  }
}

/**
 * A request as long as anything of it is in memory: until its answer was read or its connection is gone, and its
 * handler has ended too. A client that goes away does not end the handler.
 */
export class HeldRequest {
  #holds = 0;
  #bytes = 0;
  #bodyBytes = 0;

  constructor(
    private readonly count: (requests: 1 | -1) => void,
    private readonly hold: (bytes: number) => void,
  ) {}

  /** Of its body, as far as it was read and unpacked. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  enter(): void {
    this.#holds += 1;
    if (this.#holds === 1) this.count(1);
  }

  leave(): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    this.count(-1);
    this.hold(-this.#bytes);
    this.#bytes = 0;
  }

  /** A part of its body came. Throws `overloaded` where bodies of all requests are then too large. */
  keep(bytes: number): void {
    this.hold(bytes);
    this.#bytes += bytes;
    this.#bodyBytes += bytes;
  }
}

/** Bounds what is taken at once; to be called before any route and any other hook is added. */
export function boundTraffic(fastify: FastifyInstance, traffic: Traffic, { connections }: LoadLimits): void {
  const { server } = fastify;
  fastify.addHook('onRequest', async (request, { raw }) => traffic.admit(request, (listener) => raw.once('close', listener)));
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

function boundConnections(server: Server, { turnedAway }: Traffic, most: number): void {
  server.maxConnections = most;
  server.on('drop', () => {
    turnedAway.droppedConnections += 1;
    // Whoever asks nothing at the moment makes room for the next.
    server.closeIdleConnections();
  });
  server.on('tlsClientError', () => (turnedAway.failedHandshakes += 1));
}
