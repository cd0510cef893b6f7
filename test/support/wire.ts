/** Requests whose head is written as the test says, on real connections. */
import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly target: string;
  /** Names and values in turn, as they go out; nothing is added. */
  readonly headers: readonly string[];
  readonly body?: string;
}

export interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Connections that are kept, at most so many at once. */
export function connections(most: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: most });
}

export function ask(port: number, { method, target, headers, body }: Asked, agent?: Agent): Promise<Heard> {
  const all = body === undefined ? [...headers] : [...headers, 'Content-Length', String(Buffer.byteLength(body))];
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, method, path: target, headers: all }, (answer) =>
      heard(answer, resolve, reject),
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function heard(answer: IncomingMessage, resolve: (heard: Heard) => void, reject: (error: Error) => void): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('error', reject);
  answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() }));
}

export interface AskedAt extends Pick<RequestOptions, 'localAddress' | 'method'> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The certificate to trust; absent = any. */
  readonly ca?: string;
}

/** Asks an address over http or https, from an address of this machine. */
export function askUrl(url: string, { headers, body, ca, ...options }: AskedAt = {}): Promise<Heard> {
  const trusted = ca === undefined ? { rejectUnauthorized: false } : { ca };
  return new Promise((resolve, reject) => {
    const all = { ...options, headers, agent: false, ...trusted };
    const answered = (answer: IncomingMessage): void => heard(answer, resolve, reject);
    const sent = url.startsWith('https:') ? tlsRequest(url, all, answered) : request(url, all, answered);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends these bytes and gives everything that came until the other side closed. */
export function askRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
    socket.write(text);
  });
}
