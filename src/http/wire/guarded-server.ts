/**
 * The HTTP server: what is turned away by its head never comes as far as a route, and every answer has the same few
 * headers.
 */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { isUnread } from './lingering-close.js';
import type { NamedHost } from '../../config/config.js';
import { REQUEST_ID, requestIdOf } from './request-id.js';
import { turnOf } from './pipelining.js';
import { RETRY_AFTER_S } from './retry-after.js';
import { turnedAway } from './origin-rules.js';
import type { Traffic } from './traffic.js';
import { PROBLEM_JSON, type Problem } from '../problem.js';

/**
 * On every answer: a browser takes it for what it says it is, shows it in no frame (the pages at /docs can send acts),
 * and gives it to no page of another origin, not even as a picture or a script.
 */
export const EVERY_ANSWER: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** Settings that Fastify leaves to whoever makes the server. */
type Settings = Partial<Pick<Server, 'keepAliveTimeout' | 'requestTimeout'>> & {
  readonly http?: ServerOptions;
  readonly connectionTimeout?: number;
  readonly maxRequestsPerSocket?: number;
};

/**
 * A `serverFactory` of Fastify. The rules stand before Fastify, not in a hook of it: hooks are passed by for addresses
 * that are no URL and for methods that it does not know.
 */
export function guardedServer(
  hosts: readonly NamedHost[],
  traffic: Traffic,
  identified = false,
): (handle: Handler, settings: Settings) => Server {
  return (handle, { http = {}, keepAliveTimeout, requestTimeout, connectionTimeout = 0, maxRequestsPerSocket = 0 }) => {
    const server = createServer(http, (request, response) => {
      const turn = turnOf(request, response);
      if (turn === 'ignore') return;
      for (const [name, value] of Object.entries(EVERY_ANSWER)) response.setHeader(name, value);
      const requestId = requestIdOf(request);
      response.setHeader(REQUEST_ID, requestId);
      const { method = '', url = '', httpVersion, rawHeaders } = request;
      // A connection that is gone already has no port any more: nobody hears the answer, and nothing is done for it.
      const door = { port: request.socket.localPort ?? 0, hosts };
      // A token says more than a browser's headers do: where callers are identified any of its hosts is taken.
      const refusal =
        turn === 'refuse' ? traffic.shed().problem : identified ? null : turnedAway({ method, url, httpVersion, rawHeaders }, door);
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
  if (found.status === 503) response.setHeader('retry-after', RETRY_AFTER_S);
  response.writeHead(found.status, { 'content-type': PROBLEM_JSON, 'content-length': Buffer.byteLength(body), ...close }).end(body);
}
