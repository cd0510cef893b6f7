/**
 * The witness over HTTP: a plain server, for whoever has a checkpoint to show; the signature on it is the only thing
 * that counts.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { TEXT, type Answer, type Witness } from './witness.js';

/** A note with as many signatures as there may be, and a proof. */
export const MAX_BODY_BYTES = 256 * 1024;
/** How long a request may take to arrive, ms. */
const REQUEST_MS = 10_000;
/** How often requests that take too long are looked for, ms. */
const LOOK_MS = 2000;
const IDLE_MS = 65_000;
const MAX_CONNECTIONS = 256;
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

const text = (status: number, body: string): Answer => ({ status, type: TEXT, body: `${body}\n` });

/** `notice` hears what an operator should know. */
export function createWitnessServer(witness: Witness, notice: (line: string) => void): Server {
  const counts = new Map<number, number>();
  const server = createServer({ connectionsCheckingInterval: LOOK_MS }, (request, response) => {
    void answer(witness, request)
      .catch((error: unknown) => {
        notice(`nothing was signed: ${error instanceof Error ? error.message : String(error)}`);
        return text(503, 'the state of this witness cannot be written; nothing was signed');
      })
      .then((found) => {
        const { method, path } = asked(request);
        if (method === 'POST' && path === '/add-checkpoint') counts.set(found.status, (counts.get(found.status) ?? 0) + 1);
        send(response, found);
      });
  });
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  server.keepAliveTimeout = IDLE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  return server;

  async function answer(of: Witness, request: IncomingMessage): Promise<Answer> {
    const { path, method } = asked(request);
    const resource = resourceOf(of, path);
    if (resource !== null && resource.allow.includes(method)) {
      if (resource.allow === ADDING) {
        const body = await read(request);
        return body === null ? text(413, `at most ${MAX_BODY_BYTES} bytes`) : of.addCheckpoint(body);
      }
      request.resume();
      return resource.read();
    }
    request.resume();
    return resource === null ? text(404, 'not found') : { ...text(405, `only ${resource.allow.join(', ')}`), allow: resource.allow };
  }

  function resourceOf(of: Witness, path: string): Resource | null {
    if (path === '/add-checkpoint') return { allow: ADDING, read: () => text(405, 'only POST') };
    const reading = (type: string, body: () => string): Resource => ({ allow: READING, read: () => ({ status: 200, type, body: body() }) });
    if (path === '/health') return reading(JSON_TYPE, () => '{"status":"ready"}\n');
    if (path === '/checkpoints') return reading(JSON_TYPE, () => `${JSON.stringify({ checkpoints: of.known() })}\n`);
    if (path === '/metrics') return reading(METRICS_TYPE, () => metrics(of, counts));
    const [, originHash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path) ?? [];
    const note = originHash === undefined ? null : of.checkpoint(originHash);
    return note === null ? null : reading(TEXT, () => note);
  }
}

/** An address that there is, and what may be done with it. */
interface Resource {
  readonly allow: readonly string[];
  readonly read: () => Answer;
}

const ADDING: readonly string[] = ['POST'];
const READING: readonly string[] = ['GET', 'HEAD'];

/** Method, and path without any query. */
function asked({ method, url }: IncomingMessage): { readonly method: string; readonly path: string } {
  return { method: method ?? '', path: (url ?? '').replace(/\?.*$/s, '') };
}

/** The body; null where it is too long: the rest is taken, so that whoever sends it hears the answer, and dropped. */
async function read(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      request.resume();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Of an answer to HEAD Node sends the head alone. */
function send(response: ServerResponse, { status, type, body, allow }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(status === 413 ? { connection: 'close' } : {}),
    ...(allow === undefined ? {} : { allow: allow.join(', ') }),
  });
  response.end(body);
}

function metrics(witness: Witness, counts: ReadonlyMap<number, number>): string {
  const label = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  const lines = [
    '# HELP witness_requests_total Checkpoints shown, by status of the answer',
    '# TYPE witness_requests_total counter',
    ...[...counts].map(([status, count]) => `witness_requests_total{status="${status}"} ${count}`),
    '# HELP witness_size Number of entries of the checkpoint signed last',
    '# TYPE witness_size gauge',
    ...witness.known().map(({ origin, size }) => `witness_size{origin="${label(origin)}"} ${size ?? 0}`),
    '# HELP witness_time_seconds Time of the last cosignature',
    '# TYPE witness_time_seconds gauge',
    ...witness.known().map(({ origin, time }) => `witness_time_seconds{origin="${label(origin)}"} ${time ?? 0}`),
  ];
  return `${lines.join('\n')}\n`;
}
