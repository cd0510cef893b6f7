/**
 * The real HTTP service for a test: the application of src/main.ts around a real writing runtime in a folder of its
 * own.
 */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WireLimits } from '../../src/http/wire/below-router.js';
import type { Access } from '../../src/access/identity/identity.js';
import * as eventStoreDb from '../../src/log/eventstoredb-event-log.js';
import { createApp, listen } from '../../src/main.js';
import type { SignInClient } from '../../src/config/access.js';
import type { NamedHost } from '../../src/config/config.js';
import type { Listening } from '../../src/config/listening.js';
import type { VerifierKey } from '../../src/ledger/signed-note.js';
import type { StoredEvent } from '../../src/log/event-log.js';
import type { Signing } from '../../src/runtime/signing-keys.js';
import { openWriter, type Runtime } from '../../src/runtime/runtime.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { checkLedger } from './check-ledger.js';
import { TEST_NOW, type TestLedgerOptions } from './ledger.js';
import { routesOf, type Route } from './routes.js';
import { THREAD } from './thread.js';
import { PATIENCE_MS } from './until.js';

export const SINGLE = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
export const NDJSON = 'application/x-ndjson';
export const PROBLEM = 'application/problem+json';

export type Method = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request without a network, as Fastify takes it. */
interface Request {
  readonly method: Method;
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string | Buffer;
}

type Injected = Awaited<ReturnType<NestFastifyApplication['inject']>>;

/** RFC 9457 with the stable code every problem of this service carries. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

export interface Answer {
  readonly status: number;
  /** Media type without parameters. */
  readonly type: string;
  readonly headers: Injected['headers'];
  readonly text: string;
  json<T>(): T;
  lines<T>(): T[];
}

export interface TestService {
  readonly folder: string;
  readonly runtime: Runtime;
  request(options: Request): Promise<Answer>;
  /** The answer as its bytes. */
  inject(options: Request): Promise<Injected>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(body: unknown, type?: string): Promise<Answer>;
  /** Posts one by one and insists that every one is recorded; gives the receipts. */
  record(...messages: readonly unknown[]): Promise<Receipt[]>;
  /** Waits until the read models are at the end of the log. */
  settled(): Promise<void>;
  /** Every event behind a position, refusals included. */
  eventsAfter(position: string | null): Promise<StoredEvent[]>;
  head(): Promise<string | null>;
  /** Every method and pattern of the router. */
  routes(): Route[];
  /** An address for real connections, on a free port. */
  listen(): Promise<string>;
  /** Closes without any check and leaves the folder, as when something else is to be found wrong with it. */
  stop(): Promise<void>;
  /** Checks the whole ledger, then closes and removes it. */
  finish(): Promise<void>;
}

export async function startService(
  options: {
    readonly now?: () => number;
    readonly folder?: string;
    readonly thread?: TestLedgerOptions['thread'];
    readonly signing?: (folder: string) => Signing;
    readonly trusted?: readonly VerifierKey[];
    readonly hosts?: readonly NamedHost[];
    readonly limits?: WireLimits;
    readonly listening?: Listening;
    readonly access?: (folder: string) => Promise<Access>;
    readonly signIn?: readonly SignInClient[];
    /** A server, a namespace on it, and the key store that its replicas share; absent = the embedded log. */
    readonly server?: TestLedgerOptions['server'];
  } = {},
): Promise<TestService> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'disclosure-http-'));
  const { url = null, namespace, keys } = options.server ?? {};
  const runtime = openWriter({
    config: { data: folder, eventStoreDbUrl: url, namespace, keys },
    eventStoreDb,
    now: options.now ?? (() => TEST_NOW),
    signing: options.signing?.(folder),
    trusted: options.trusted,
    thread: options.thread ?? THREAD,
  });
  if (runtime?.writer == null) throw new Error('the folder of the test service is locked');
  const { runner } = runtime.writer;
  const app = await createApp(runtime, {
    ...(options.hosts && { hosts: options.hosts }),
    ...(options.limits && { limits: options.limits }),
    ...(options.listening && { listening: options.listening }),
    ...(options.signIn && { signIn: options.signIn }),
    ...(options.access && { access: await options.access(folder) }),
  });
  const request = async (asked: Request): Promise<Answer> => toAnswer(await app.inject(asked));
  const post = (body: unknown, type = SINGLE): Promise<Answer> =>
    request({ method: 'POST', url: '/v1/events', headers: { 'content-type': type }, payload: toPayload(body) });
  const settled = async (): Promise<void> => {
    if (!(await runner.caughtUp(PATIENCE_MS))) throw new Error(`the read models did not catch up: ${JSON.stringify(runner.status())}`);
  };
  const stop = async (): Promise<void> => {
    await app.close();
    await runtime.close();
  };
  return {
    folder,
    runtime,
    request,
    inject: (asked) => app.inject(asked),
    get: (path, headers = {}) => request({ method: 'GET', url: path, headers }),
    post,
    record: async (...messages) => {
      const receipts: Receipt[] = [];
      for (const message of messages) {
        const answer = await post(message);
        if (answer.status !== 201) throw new Error(`not recorded: ${answer.text} for ${JSON.stringify(message)}`);
        receipts.push(answer.json<Receipt>());
      }
      return receipts;
    },
    settled,
    eventsAfter: async (position) => {
      const events: StoredEvent[] = [];
      for (let after = position; ;) {
        const page = await runtime.log.readAll(after, 1000);
        events.push(...page);
        if (page.length < 1000) return events;
        after = (page.at(-1) as StoredEvent).position;
      }
    },
    head: () => runtime.log.head(),
    routes: () => routesOf(app.getHttpAdapter().getInstance()),
    listen: () => listen(app, 0, options.listening),
    stop,
    finish: async () => {
      try {
        await settled();
        await checkLedger(runtime.log, runtime.store);
      } finally {
        await stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function toPayload(body: unknown): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

function toAnswer(response: Injected): Answer {
  return {
    status: response.statusCode,
    type: String(response.headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim() as string,
    headers: response.headers,
    text: response.payload,
    json: <T>() => JSON.parse(response.payload) as T,
    lines: <T>() =>
      response.payload
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as T),
  };
}

/** Messages as NDJSON, one a line. */
export function asLines(messages: readonly unknown[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}

/** A problem document as RFC 9457 wants it, with a code; gives it back. */
export function expectProblem(answer: Answer, status: number, code: string): ProblemDocument {
  expect({ status: answer.status, type: answer.type, text: answer.text }).toMatchObject({ status, type: PROBLEM });
  const problem = answer.json<ProblemDocument>();
  expect(problem).toMatchObject({ status, code });
  expect(problem.type).toMatch(/\S/);
  expect(problem.title).toMatch(/\S/);
  expect(problem.detail).toMatch(/\S/);
  expect(answer.text).not.toMatch(/node_modules|\.[jt]s:\d+/);
  if (status === 503) expectRetryAfter(answer);
  return problem;
}

/** Every 503 says when to ask again, in whole seconds. */
export function expectRetryAfter({ headers }: Answer): void {
  expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
}

/** A receipt of a refusal exactly as the contract says; gives its error. */
export function expectRefusal(receipt: Receipt): NonNullable<Receipt['error']> {
  const { error, ...rest } = receipt;
  expect(Object.keys(rest).sort()).toEqual(['eventIds', 'id', 'position', 'revision', 'source', 'status', 'stream']);
  expect(rest).toMatchObject({ status: 'refused', stream: null, revision: null, position: null, eventIds: [] });
  if (error === undefined) throw new Error('a refusal without an error');
  expect(Object.keys(error).filter((key) => !['code', 'message', 'hint', 'details'].includes(key))).toEqual([]);
  expect(error.message).toMatch(/\S/);
  expect(error.hint).toMatch(/\S/);
  return error;
}
