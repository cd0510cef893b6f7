/**
 * What happens to a request that no route sees: Node's parser, its timeouts and the router's own errors answer with
 * problem documents like everybody else. Where the connection cannot go on behind an answer it closes as
 * lingering-close.ts says.
 */
import type { FastifyHttpOptions, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { EVERY_ANSWER } from './guarded-server.js';
import { isLingering, isUnread, linger, lingerOnClose, type LingerLimits } from './lingering-close.js';
import { frameworkProblem, ProblemException, toProblem } from '../problem-details.filter.js';
import { PROBLEM_JSON, problem, type Problem } from '../problem.js';
import { sayWhenToRetry } from './retry-after.js';
import { REQUEST_ID, requestIdOf } from './request-id.js';
import type { LoadLimits, Traffic } from './traffic.js';

export interface WireLimits {
  /** From the first byte of a request to the end of its head, ms. */
  readonly headMs: number;
  /** From the first byte of a request to the end of its body, ms. */
  readonly requestMs: number;
  /** How often is looked whether one of these is over, ms. */
  readonly checkMs: number;
  /** Without a byte taken, of a body by us or of an answer by the client, ms. */
  readonly stalledMs: number;
  /** Of a connection between two requests, ms. */
  readonly idleMs: number;
  readonly linger: LingerLimits;
  readonly load: LoadLimits;
}

/** 16 MiB in five minutes are 56 kB a second. */
export const WIRE_LIMITS: WireLimits = {
  headMs: 60_000,
  requestMs: 300_000,
  checkMs: 5_000,
  stalledMs: 60_000,
  idleMs: 72_000,
  linger: { silentMs: 5_000, allMs: 30_000, bytes: 256 * 1024 * 1024 },
  // One caller holds two bodies of the largest size.
  load: {
    requests: 512,
    bodyBytes: 128 * 1024 * 1024,
    caller: { requests: 128, bodyBytes: 32 * 1024 * 1024, feeds: 128 },
    connections: 1024,
    feeds: 512,
  },
};

/** Finds out who asks, before anything else is said of a request. Errors: `ProblemException`. */
export type Identify = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Options of the server that says nothing itself. */
export function wireOptions(
  { headMs, requestMs, checkMs, stalledMs, idleMs, linger: bounds }: WireLimits,
  { traffic, identify }: { readonly traffic: Traffic; readonly identify: Identify },
): FastifyHttpOptions<Server> {
  return {
    requestTimeout: requestMs,
    connectionTimeout: stalledMs,
    keepAliveTimeout: idleMs,
    // Fastify's own 503 while it closes is no problem document.
    return503OnClosing: false,
    // A missing Host is refused by a hook: Node would do it with an empty body.
    http: { headersTimeout: headMs, connectionsCheckingInterval: checkMs, requireHostHeader: false },
    clientErrorHandler: (error, socket) => void answerUnreadable(error, socket, { bounds, traffic }),
    frameworkErrors: (error, request, reply) => void answerUnroutable(identify(request, reply), error, { request, reply, traffic }),
  };
}

/** Everything else below the router; to be called before any route and any other hook is added. */
export function answerBelowRouter(fastify: FastifyInstance, { linger: bounds }: WireLimits, traffic: Traffic): void {
  const { server } = fastify;
  // By default Node drops what comes behind the first 2,000 headers, and nobody would know; their size is bounded.
  server.maxHeadersCount = 0;
  lingerOnClose(server, bounds);
  server.on('request', noteUnanswered);
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    unmet.add(request);
    server.emit('request', request, response);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => answerRaw(socket, NO_PROXY, { bounds, traffic, request }));
  server.on('timeout', (socket: Socket) => endStalled(socket, { bounds, traffic }));
  fastify.addHook('onRequest', (request, _reply, done) => done(request.raw.headers.host === undefined ? hostMissing(request) : undefined));
  fastify.addHook('onSend', async (request, reply) => closeUnlessRead(request, reply));
}

/** Requests that expect what this service does not do. */
const unmet = new WeakSet<IncomingMessage>();

/** A hook, behind those that find out who asks. Errors: `ProblemException` 417. */
export function refuseExpectation({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (!unmet.has(raw)) return;
  // Whether a body follows is known to the client alone.
  void reply.header('connection', 'close');
  throw new ProblemException(frameworkProblem(417));
}

/** What an answer below the router needs. */
interface Below {
  readonly bounds: LingerLimits;
  readonly traffic: Traffic;
  /** Where its head was read. */
  readonly request?: IncomingMessage;
}

const NO_PROXY = problem(400, 'bad-request', 'This is no proxy.', 'Ask for an address of this service.');

function hostMissing({ raw }: FastifyRequest): ProblemException | undefined {
  if (raw.httpVersion !== '1.1') return undefined;
  return new ProblemException(
    problem(400, 'bad-request', 'The Host header is missing.', 'Send the name and port the service is reached by.'),
  );
}

/**
 * An answer before the end of the body is the last of its connection: the rest of the body is none of the next request.
 */
function closeUnlessRead({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (isUnread(raw)) void reply.header('connection', 'close');
}

interface Unroutable {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly traffic: Traffic;
}

/**
 * Errors of the router, before any hook: an address that is no URL, or has a part that is too long. Who may not ask is
 * told no more of it than of any other address.
 */
async function answerUnroutable(identified: Promise<void>, error: Error, { request, reply, traffic }: Unroutable): Promise<void> {
  const found = toProblem(
    await identified.then(
      () => error,
      (refused: unknown) => refused,
    ),
  );
  traffic.unrouted({ requestId: String(reply.raw.getHeader(REQUEST_ID)), status: found.status, code: found.code });
  void reply.status(found.status).header('content-type', PROBLEM_JSON);
  closeUnlessRead(request, reply);
  await sayWhenToRetry(request, reply);
  void reply.send(JSON.stringify(found));
}

/** Answers that are still to be given, by connection, in the order of their requests. */
const unanswered = new WeakMap<Socket, Set<ServerResponse>>();

function noteUnanswered({ socket }: IncomingMessage, response: ServerResponse): void {
  const those = unanswered.get(socket) ?? new Set();
  unanswered.set(socket, those.add(response));
  response.once('close', () => those.delete(response));
}

const PARSER_STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

function parserProblem(code: string): Problem {
  if (code === 'HPE_INVALID_URL')
    return problem(400, 'bad-request', 'The address of the request is no URL.', 'Encode it: UTF-8, percent-encoded.');
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return problem(413, 'too-large', 'The extensions of a chunk are larger than 16 KiB.', 'Send chunks without extensions.');
  return frameworkProblem(PARSER_STATUS[code] ?? 400);
}

/**
 * The parser cannot go on, or the time of a request is over. Earlier requests of the connection are answered first: a
 * problem written before them would be taken for their answer. A request whose answer has begun gets no second one.
 */
async function answerUnreadable({ code = '' }: { readonly code?: string }, socket: Socket, below: Below): Promise<void> {
  if (isLingering(socket)) return;
  // What never became HTTP, such as a handshake that failed, is not answered in HTTP either.
  if (!isOfParser(code) || !socket.writable) {
    socket.destroy();
    return;
  }
  const those = [...(unanswered.get(socket) ?? [])];
  const broken = those.find(({ req }) => !req.complete);
  await Promise.all(those.filter((response) => response !== broken).map(closed));
  if (broken?.headersSent === true) socket.destroy();
  else if (broken === undefined) answerRaw(socket, parserProblem(code), below);
  else answerBroken(broken, parserProblem(code), below);
}

const answeredBelow = new WeakMap<ServerResponse, Problem>();

/** The problem that a request of a route was answered with below the router; undefined where it was not. */
export function answeredBelowRouter(response: ServerResponse): Problem | undefined {
  return answeredBelow.get(response);
}

function answerBroken(response: ServerResponse, found: Problem, { bounds }: Below): void {
  answeredBelow.set(response, found);
  writeRaw(response.req.socket, { found, requestId: String(response.getHeader(REQUEST_ID)) }, bounds);
}

/** Of a connection on which nothing moved for a time, in either direction. */
function endStalled(socket: Socket, below: Below): void {
  const those = unanswered.get(socket);
  // Before its first request the time of the head is what counts; behind its end, that of lingering.
  if (those === undefined || isLingering(socket)) return;
  const { turnedAway } = below.traffic;
  if (those.size === 0) socket.destroy();
  else if (socket.writableLength > 0) {
    turnedAway.stalledReaders += 1;
    socket.destroy();
  } else if (!socket.isPaused() && [...those].some(({ req, headersSent }) => !headersSent && isUnread(req))) {
    turnedAway.stalledBodies += 1;
    void answerUnreadable({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket, below);
  }
}

function isOfParser(code: string): boolean {
  return code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
}

function closed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('close', resolve));
}

/** Writes an answer past Node's, which has no response object for it. */
function answerRaw(socket: Socket, found: Problem, { bounds, traffic, request }: Below): void {
  if (!isLingering(socket) && socket.writable) writeRaw(socket, { found, requestId: told(traffic, found, request) }, bounds);
}

function writeRaw(socket: Socket, { found, requestId }: { found: Problem; requestId: string }, bounds: LingerLimits): void {
  if (isLingering(socket) || !socket.writable) return;
  const { status, ...headers } = asHeaders(found, requestId);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${JSON.stringify(found)}`);
  linger(socket, bounds);
}

/** Gives the id of the request: its own, where its head was read. */
function told(traffic: Traffic, { status, code }: Problem, request: Pick<IncomingMessage, 'rawHeaders'> = { rawHeaders: [] }): string {
  const requestId = requestIdOf(request);
  traffic.unrouted({ requestId, status, code });
  return requestId;
}

function asHeaders(found: Problem, requestId: string): { readonly status: number } & Readonly<Record<string, string | number>> {
  return {
    status: found.status,
    'content-type': PROBLEM_JSON,
    'content-length': Buffer.byteLength(JSON.stringify(found)),
    ...EVERY_ANSWER,
    [REQUEST_ID]: requestId,
    date: new Date().toUTCString(),
    connection: 'close',
  };
}
