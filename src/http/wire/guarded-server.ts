/**
 * The HTTP server: what is turned away by its head never comes as far as a route, and every answer has the same few
 * headers.
 */
import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import { isUnread } from './lingering-close.js';
import type { NamedHost } from '../../config/config.js';
import type { Listening } from '../../config/listening.js';
import { REQUEST_ID, requestIdOf } from './request-id.js';
import { turnedAway, type Door } from './origin-rules.js';
import { turnOf } from './pipelining.js';
import { RETRY_AFTER, RETRY_AFTER_S } from './retry-after.js';
import type { Traffic } from './traffic.js';
import { PROBLEM_JSON, type Problem } from '../problem.js';
import { saidOn } from '../description/said-headers.js';
import { newServer } from './tls-server.js';
import { protection } from './unprotected.js';

/**
 * On every answer: a browser takes it for what it says it is, shows it in no frame (the pages at /docs can send acts),
 * and gives it to no page of another origin, not even as a picture or a script.
 */
export const EVERY_ANSWER: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

for (const [name, value] of Object.entries(EVERY_ANSWER)) saidOn(name, `always ${value}`);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** Settings that Fastify leaves to whoever makes the server. */
type Settings = Partial<Pick<Server, 'keepAliveTimeout' | 'requestTimeout'>> & {
  readonly http?: ServerOptions;
  readonly connectionTimeout?: number;
  readonly maxRequestsPerSocket?: number;
};

export interface Guard {
  readonly hosts: readonly NamedHost[];
  /** Whether callers are identified. */
  readonly identified: boolean;
  readonly listening: Listening;
  readonly traffic: Traffic;
}

/**
 * A `serverFactory` of Fastify. The rules stand before Fastify, not in a hook of it: hooks are passed by for addresses
 * that are no URL and for methods that it does not know.
 */
export function guardedServer({ hosts, identified, listening, traffic }: Guard): (handle: Handler, settings: Settings) => Server {
  const unprotected = protection(listening);
  const scheme: Door['scheme'] = listening.tls === null ? 'http' : 'https';
  return (handle, { http = {}, keepAliveTimeout, requestTimeout, connectionTimeout = 0, maxRequestsPerSocket = 0 }) => {
    const server = newServer(http, listening.tls, (request, response) => {
      const turn = turnOf(request, response);
      if (turn === 'ignore') return;
      for (const [name, value] of Object.entries(EVERY_ANSWER)) response.setHeader(name, value);
      const requestId = requestIdOf(request);
      response.setHeader(REQUEST_ID, requestId);
      const { method = '', url = '', httpVersion, rawHeaders, socket } = request;
      // A connection that is gone already has no port any more: nobody hears the answer, and nothing is done for it.
      const door = { port: socket.localPort ?? 0, hosts, scheme };
      // A token says more than a browser's headers do: where callers are identified any of its hosts is taken.
      const head = { method, url, httpVersion, rawHeaders };
      const { remoteAddress, localAddress } = socket;
      const refusal =
        turn === 'refuse'
          ? traffic.shed().problem
          : (unprotected({ remoteAddress, localAddress, url, rawHeaders }) ?? (identified ? null : turnedAway(head, door)));
      if (refusal === null) return handle(request, response);
      traffic.unrouted({ requestId, status: refusal.status, code: refusal.code });
      answerProblem(request, response, refusal);
    });
    return Object.assign(server, {
      ...(keepAliveTimeout === undefined ? {} : { keepAliveTimeout }),
      ...(requestTimeout === undefined ? {} : { requestTimeout }),
      timeout: connectionTimeout,
      maxRequestsPerSocket,
    });
  };
}

/**
 * Answers without any framework; how the connection ends then says lingering-close.ts, so that whoever still sends a
 * body hears the answer.
 */
function answerProblem(request: IncomingMessage, response: ServerResponse, found: Problem): void {
  const body = JSON.stringify(found);
  const close = isUnread(request) || found.status === 503 ? { connection: 'close' } : {};
  if (found.status === 503) response.setHeader(RETRY_AFTER, RETRY_AFTER_S);
  response.writeHead(found.status, { 'content-type': PROBLEM_JSON, 'content-length': Buffer.byteLength(body), ...close }).end(body);
}
