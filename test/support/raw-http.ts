/** HTTP as bytes: what no client library would send, and exactly what comes back. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface RawConnection {
  readonly socket: Socket;
  /** All answers, when the service has ended the connection; rejects where it was reset. */
  readonly answers: Promise<readonly RawAnswer[]>;
}

/** Opens a connection to the service; unless it is to stay half open it ends its own side when the service does. */
export async function rawConnection(url: string, { halfOpen = false }: { readonly halfOpen?: boolean } = {}): Promise<RawConnection> {
  const { hostname, port, protocol } = new URL(url);
  const to = { port: Number(port), host: hostname, allowHalfOpen: halfOpen };
  const socket = protocol === 'https:' ? tlsConnect({ ...to, rejectUnauthorized: false }) : connect(to);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const answers = new Promise<readonly RawAnswer[]>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve(answersIn(Buffer.concat(chunks).toString())));
  });
  // Whoever does not ask for them, as a test that ends before, must not fail by it.
  answers.catch(() => undefined);
  await once(socket, protocol === 'https:' ? 'secureConnect' : 'connect');
  return { socket, answers };
}

/** Where a request names the service it is sent to. */
export const HOST = '<host>';

/** The bytes with the name and port of the service in the place of `HOST`. */
export function addressed(url: string, bytes: string | Buffer): string | Buffer {
  return typeof bytes === 'string'
    ? bytes.replaceAll(HOST, new URL(url).host)
    : Buffer.from(bytes.toString('latin1').replaceAll(HOST, new URL(url).host), 'latin1');
}

/** Sends bytes and gives what the service answered before it ended the connection. */
export async function sendBytes(url: string, bytes: string | Buffer): Promise<readonly RawAnswer[]> {
  const { socket, answers } = await rawConnection(url);
  socket.write(addressed(url, bytes));
  return answers;
}

/** Reads answers with `Content-Length`, one behind the other. */
function answersIn(text: string): RawAnswer[] {
  const found: RawAnswer[] = [];
  for (let rest = text; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) throw new Error(`no whole head of an answer: ${rest}`);
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    // 100 Continue has no body.
    const length = status < 200 ? 0 : Number(headers.get('content-length') ?? 0);
    const body = Buffer.from(rest.slice(end + 4))
      .subarray(0, length)
      .toString();
    found.push({ status, headers, body });
    rest = Buffer.from(rest.slice(end + 4))
      .subarray(length)
      .toString();
  }
  return found;
}
