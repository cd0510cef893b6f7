/**
 * How a connection ends that the service does not go on with (RFC 9112, section 9.6). Closed at once while the client
 * still sends, it would be reset, and the reset overtakes the answer: whoever sends a body that is too large would see
 * a broken connection and no 413. So the answer is sent with its end, and what still comes is read and thrown away,
 * within bounds.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { onConnection } from './tls-server.js';

export interface LingerLimits {
  /** Without a byte from the client, ms. */
  readonly silentMs: number;
  readonly allMs: number;
  readonly bytes: number;
}

/** How often is looked whether a bound is reached, for the shorter of the two times. */
const LOOKS = 10;

const lingering = new WeakSet<Socket>();

/** Lets every connection that the server ends linger; Node calls `destroySoon` behind the last answer of one. */
export function lingerOnClose(server: Server, limits: LingerLimits): void {
  onConnection(server, (socket) => {
    socket.destroySoon = () => linger(socket, limits);
  });
}

/** Whether a body is still to come: an answer is then the last of its connection. */
export function isUnread({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);
}

export function isLingering(socket: Socket): boolean {
  return lingering.has(socket);
}

/** Ends our side behind what was written; the client's is read to its end, or to a bound. */
export function linger(socket: Socket, limits: LingerLimits): void {
  if (lingering.has(socket)) return;
  lingering.add(socket);
  socket.end();
  if (!socket.isPaused()) return throwAway(socket, limits);
  // A body that nobody took has stopped the connection. Only with the parser's own listeners in place does it start
  // again.
  socket.once('resume', () => throwAway(socket, limits));
  socket.resume();
}

function throwAway(socket: Socket, { silentMs, allMs, bytes }: LingerLimits): void {
  // A listener of our own takes the connection away from the parser: no request in what still comes is looked at.
  socket.removeAllListeners('data');
  let left = bytes;
  let heardAt = Date.now();
  socket.on('data', (chunk: Buffer) => {
    heardAt = Date.now();
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  const end = Date.now() + allMs;
  const look = (): void => {
    if (Date.now() >= end || Date.now() - heardAt >= silentMs) socket.destroy();
  };
  const timer = setInterval(look, Math.ceil(Math.min(silentMs, allMs) / LOOKS));
  socket.once('close', () => clearInterval(timer));
}
