/** A small HTTP server that answers a client as a test says, and remembers what it was sent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** A message as it came. */
export interface Came {
  readonly id: string;
  readonly source: string;
  readonly subject: string;
}

export interface Asked {
  readonly messages: readonly Came[];
  readonly request: IncomingMessage;
}

/** Answers one request; what was asked before is there, too. */
export type Answering = (asked: Asked, response: ServerResponse) => void;

export interface SmallServer {
  readonly url: string;
  readonly asked: Asked[];
  /** From now on. */
  answer(how: Answering): void;
  close(): Promise<void>;
}

/** A receipt as the service gives it. */
export function receiptOf({ id, source }: Came, status: 'recorded' | 'duplicate' = 'recorded'): object {
  return { source, id, status, stream: 's', revision: 0, position: '1', eventIds: ['e'] };
}

export function refusalOf({ id, source }: Came, code: string): object {
  const error = { code, message: `this is ${code}`, hint: 'mend it' };
  return { source, id, status: 'refused', stream: null, revision: null, position: null, eventIds: [], error };
}

export const takesAll: Answering = ({ messages }, response) =>
  sendJson(
    response,
    200,
    messages.map((one) => receiptOf(one)),
  );

export function sendJson(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(value));
}

export const problem =
  (status: number, code: string, headers: Record<string, string> = {}): Answering =>
  (_asked, response) =>
    sendJson(response, status, { type: 'about:blank', title: code, status, code, detail: `this is ${code}` }, headers);

export async function smallServer(first: Answering = takesAll): Promise<SmallServer> {
  let how = first;
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { messages: JSON.parse(Buffer.concat(chunks).toString()) as Came[], request };
      asked.push(one);
      how(one, response);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    answer: (next) => {
      how = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers one after the other; the last for all that follow. */
export function inTurn(...answers: readonly [Answering, ...Answering[]]): Answering {
  let next = 0;
  return (asked, response) => {
    const how = answers[Math.min(next, answers.length - 1)] ?? answers[0];
    next += 1;
    how(asked, response);
  };
}
