/**
 * One request to the service and what its answer means. An answer that is not the service's own, such as a proxy's, is
 * never taken for a decision.
 */
import { retryAfterMs } from './backoff.js';
import type { Receipt } from './message.js';
import { codeOf, isObject, member, messageOf, parsed, text } from './values.js';

export type Token = string | (() => string | Promise<string>);

/** Why something is tried again later. */
export interface PutOff {
  /** Status of the answer; null where there was none that can be read. */
  readonly status: number | null;
  /** Code of the problem, of a receipt, or of the network, such as `ECONNREFUSED`. */
  readonly code: string;
  readonly message: string;
  /** What `Retry-After` said, ms. */
  readonly afterMs: number | null;
}

export type Outcome =
  /** Each message has its receipt, in order. */
  | { readonly kind: 'decided'; readonly receipts: readonly Receipt[] }
  | ({ readonly kind: 'put-off' } & PutOff)
  /** The request as such is refused by the service: one message of it may be why. */
  | { readonly kind: 'turned-away'; readonly status: number; readonly error: NonNullable<Receipt['error']> };

const BATCH = 'application/cloudevents-batch+json';
const PROBLEM = 'application/problem+json';
/** Of these a message can be the cause; of every other the caller, the address or the moment. */
const OF_THE_MESSAGE = new Set([400, 409, 413, 422]);

export class Exchange {
  readonly #address: URL;
  readonly #token: Token | undefined;
  readonly #timeoutMs: number;

  constructor(url: string, token: Token | undefined, timeoutMs: number) {
    this.#address = new URL('v1/events', url.endsWith('/') ? url : `${url}/`);
    this.#token = token;
    this.#timeoutMs = timeoutMs;
  }

  /** Sends messages in JSON. Errors: none; also one that was given up by `signal` is put off. */
  async send(messages: readonly string[], signal: AbortSignal): Promise<Outcome> {
    const outcome = await this.#once(messages, signal);
    // A token may have run out on the way: one that is asked for is asked again, once.
    const isStale = outcome.kind === 'put-off' && outcome.status === 401 && typeof this.#token === 'function';
    return isStale ? this.#once(messages, signal) : outcome;
  }

  async #once(messages: readonly string[], signal: AbortSignal): Promise<Outcome> {
    let token: string | undefined;
    try {
      token = typeof this.#token === 'function' ? await this.#token() : this.#token;
    } catch (error) {
      return putOff('token-failed', messageOf(error));
    }
    let answer: Response;
    let body: string;
    try {
      answer = await fetch(this.#address, {
        method: 'POST',
        headers: { 'content-type': BATCH, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        body: `[${messages.join(',')}]`,
        // A redirect would make a GET of it.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]),
      });
      body = await answer.text();
    } catch (error) {
      return putOff(networkCode(error), messageOf(error));
    }
    return readAnswer(answer, body, messages);
  }
}

/** The cause says more than "fetch failed". */
function networkCode(error: unknown): string {
  const name = text(error, 'name');
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  return codeOf(member(error, 'cause')) ?? codeOf(error) ?? 'no-answer';
}

function putOff(code: string, message: string, said: Partial<PutOff> = {}): Outcome {
  return { kind: 'put-off', status: null, afterMs: null, ...said, code, message };
}

function readAnswer({ status, headers }: Response, body: string, messages: readonly string[]): Outcome {
  const value = parsed(body);
  if (status === 200) {
    const receipts = Array.isArray(value) ? value.filter(isReceipt) : [];
    if (receipts.length === messages.length && receipts.every((receipt, at) => isOf(receipt, messages[at] ?? '')))
      return { kind: 'decided', receipts };
    return putOff('unreadable-answer', 'the answer does not have a receipt for each message', { status });
  }
  const code = text(value, 'code');
  const [detail = '', hint] = [text(value, 'detail'), text(value, 'hint')];
  if (OF_THE_MESSAGE.has(status) && code !== undefined && headers.get('content-type')?.startsWith(PROBLEM) === true)
    return { kind: 'turned-away', status, error: { code, message: detail, ...(hint === undefined ? {} : { hint }) } };
  return putOff(code ?? `http-${status}`, detail, { status, afterMs: retryAfterMs(headers.get('retry-after'), Date.now()) });
}

const STATUSES: readonly unknown[] = ['recorded', 'duplicate', 'refused'];

function isReceipt(value: unknown): value is Receipt {
  if (!isObject(value) || !STATUSES.includes(value['status'])) return false;
  return value['status'] !== 'refused' || text(value['error'], 'code') !== undefined;
}

/** What was taken is named by its receipt; what was refused may be named with stars, or not at all. */
function isOf(receipt: Receipt, json: string): boolean {
  if (receipt.status === 'refused') return true;
  const message = parsed(json);
  return receipt.id === text(message, 'id') && receipt.source === text(message, 'source');
}
