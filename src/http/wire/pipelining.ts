/**
 * How many requests of one connection may wait for their answers. Node reads all that came at once: some thousands in
 * 64 KiB, which would hold up everybody beside them. No client of ours sends a second request before the first answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const MOST = 16;

interface Waiting {
  count: number;
  /** One was turned away: its answer is the last of the connection, and what comes behind it is not looked at. */
  ended: boolean;
}

const connections = new WeakMap<Socket, Waiting>();

/** `take` it, `refuse` it with the last answer of the connection, or `ignore` it: its answer would never be sent. */
export function turnOf({ socket }: IncomingMessage, response: ServerResponse): 'take' | 'refuse' | 'ignore' {
  const waiting = connections.get(socket) ?? { count: 0, ended: false };
  connections.set(socket, waiting);
  if (waiting.ended) return 'ignore';
  waiting.count += 1;
  response.once('close', () => (waiting.count -= 1));
  waiting.ended = waiting.count > MOST;
  return waiting.ended ? 'refuse' : 'take';
}
