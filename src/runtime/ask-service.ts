/**
 * Requests to the service that holds a data folder, from its own machine. Its certificate is known from the folder, and
 * no other is taken: it need name no address of this machine, nor be anybody's but its own.
 */
import { X509Certificate } from 'node:crypto';
import { request as plain } from 'node:http';
import { request as secured } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { StoreUnavailable } from '../log/event-log.js';
import { messageOf } from '../encoding/unknown-values.js';
import type { ServiceAddress } from './writer-lock.js';

export interface Asked {
  /** Behind the address of the service. */
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** ms without a byte after which it is given up. */
  readonly patienceMs?: number;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** As long as the service itself gives a request. */
const PATIENCE_MS = 300_000;

/** Errors: `StoreUnavailable` where nothing came, or not to its end. */
export async function askService({ url, certificate }: ServiceAddress, asked: Asked): Promise<Answered> {
  try {
    return await answerOf(url, asked, certificate === null ? {} : pinned(certificate));
  } catch (cause) {
    throw new StoreUnavailable(`the service at ${url} did not answer: ${messageOf(cause)}`, { cause });
  }
}

function answerOf(url: string, { path, method = 'GET', headers, body, patienceMs }: Asked, tls: ConnectionOptions): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? secured : plain;
    // A connection of its own: one that was kept may be closed at this moment.
    const sent = send(`${url}${path}`, { ...tls, method, headers, agent: false, timeout: patienceMs ?? PATIENCE_MS }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('timeout', () => sent.destroy(new Error('nothing came for too long')));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The first certificate is the service's own; behind it may stand those of its authorities. */
function pinned(pem: string): ConnectionOptions {
  const own = new X509Certificate(pem);
  return {
    ca: own.toString(),
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, { raw }) => (own.raw.equals(raw) ? undefined : new Error('it shows another certificate')),
  };
}
