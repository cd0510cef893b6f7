/** The HTTP service: a Nest application on Fastify around a writing runtime. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './access/identity/identity.js';
import { Admission } from './http/access/admission.js';
import { keyOf, limitRate } from './http/access/rate-limit.js';
import { REQUEST_ID } from './http/wire/request-id.js';
import { Metrics } from './http/metrics.js';
import { AppModule } from './app.module.js';
import { MAX_BODY_BYTES, readBody } from './http/wire/body.js';
import { BadConfiguration, type NamedHost } from './config/config.js';
import { THIS_MACHINE, type Listening } from './config/listening.js';
import type { Tls } from './config/tls.js';
import { messageOf } from './encoding/unknown-values.js';
import { Revealing } from './http/access/revealing.js';
import { visitorOf } from './http/access/visitor.js';
import { pageChanges } from './http/page-changes.js';
import { problem, type Problem } from './http/problem.js';
import { ProblemDetailsFilter, toProblem } from './http/problem-details.filter.js';
import { ReadModels } from './http/read-models.js';
import {
  answerBelowRouter,
  answeredBelowRouter,
  refuseExpectation,
  WIRE_LIMITS,
  wireOptions,
  type WireLimits,
} from './http/wire/below-router.js';
import { answerBytes } from './http/wire/answer-bytes.js';
import { boundTraffic, Traffic } from './http/wire/traffic.js';
import { guardedServer } from './http/wire/guarded-server.js';
import { renewCertificate } from './http/wire/tls-server.js';
import { keepNoPersonalData } from './http/personal-data-answers.js';
import { methodsOf } from './http/wire/methods.js';
import { refuseParameters } from './http/parameters.js';
import { compressAnswers } from './http/serving/codings.js';
import { tagBodies } from './http/serving/entity-tags.js';
import { sayWhatVaries } from './http/serving/vary.js';
import { sayWhenToRetry } from './http/wire/retry-after.js';
import { sayStale } from './http/stale-answers.js';
import { BATCH, JSON_BODY, NDJSON, SINGLE } from './intake/media-types.js';
import type { SignInClient } from './config/access.js';
import { Desk } from './pages/desk.js';
import type { Trouble } from './pages/door.js';
import { signInBy } from './pages/session/oidc.js';
import { servePages } from './pages/serve-pages.js';
import { signedInBy } from './pages/session/sessions.js';
import { PageTrouble } from './pages/trouble.js';
import { asReadDamage } from './read-models/read-damage.js';
import { droppedLines, PinoLogger } from './runtime/logger.js';
import type { Runtime } from './runtime/runtime.js';

export interface ServiceOptions {
  /** Names under which it is reached besides those of the loopback. */
  readonly hosts?: readonly NamedHost[];
  /** How long a client may take, and how a connection ends; a test gives smaller ones. */
  readonly limits?: WireLimits;
  /** Who comes in; absent = nobody is identified. */
  readonly access?: Access;
  /** Where it listens, and under what protection. */
  readonly listening?: Listening;
  /** Providers at which one signs in to the pages. */
  readonly signIn?: readonly SignInClient[];
}

export async function createApp(runtime: Runtime, options: ServiceOptions = {}): Promise<NestFastifyApplication> {
  const { hosts = [], limits = WIRE_LIMITS, access, listening = THIS_MACHINE } = options;
  const traffic = new Traffic(limits.load);
  const logger = new PinoLogger();
  const desk = deskOf(options, logger);
  let admission: Admission | null = null;
  const adapter = new FastifyAdapter({
    serverFactory: guardedServer({ hosts, identified: access !== undefined, listening, traffic }),
    ...wireOptions(limits, { traffic, identify: async (request, reply) => admission?.identify(request, reply) }),
    bodyLimit: MAX_BODY_BYTES,
    // A number of 64 characters outside the basic plane takes 768 when percent-encoded.
    routerOptions: { maxParamLength: 1024 },
    forceCloseConnections: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.around(runtime), adapter, { bodyParser: false, logger });
  const fastify = adapter.getInstance();
  answerBelowRouter(fastify, limits, traffic);
  // Before anything else is said of a request, also that there is nothing at its address.
  const metrics = app.get(Metrics, { strict: false });
  metrics.watch(fastify.server, traffic, droppedLines);
  noteAnswers(fastify, logger, metrics);
  boundTraffic(fastify, traffic, limits.load);
  traffic.onUnrouted((answer) => {
    metrics.unroutedAnswered(answer);
    logger.answered({ ...answer });
  });
  if (access !== undefined) {
    const letIn = new Admission({
      ...access,
      rights: runtime.rights,
      standings: runtime.standings,
      started: () => startedIn(runtime),
      session: (request) => signedInBy(desk.sessionOf(request)),
      refused: (why) => metrics.tokenRefused(why),
    });
    admission = letIn;
    fastify.addHook('onRequest', (request, reply) => letIn.identify(request, reply));
    await limitRate(fastify, access.rate);
    fastify.addHook('onRequest', async (request) => traffic.assign(request, keyOf(request)));
    fastify.addHook('onRequest', (request) => letIn.permit(request));
  }
  const methods = methodsOf(fastify);
  fastify.addHook('onRequest', async (request, reply) => refuseExpectation(request, reply));
  fastify.addHook('onRequest', async (request) => refuseParameters(request));
  fastify.addHook('onSend', sayWhenToRetry);
  fastify.addHook('onSend', sayStale(runtime.freshness));
  fastify.addHook('onSend', tagBodies);
  await compressAnswers(fastify);
  sayWhatVaries(fastify);
  fastify.removeAllContentTypeParsers();
  // Bodies stay bytes: what is not UTF-8 or not JSON is refused by the reader, message by message.
  fastify.addContentTypeParser([SINGLE, BATCH, NDJSON, JSON_BODY], readBody);
  fastify.addHook('onRequest', keepNoPersonalData);
  // Their context takes the hooks that are there by now; routes added before it would be closed with it.
  await addPages(app, { desk, runtime, logger });
  describeWhenAsked(app, fastify, listening.url);
  await app.init();
  methods.completed();
  await fastify.ready();
  return app;
}

function deskOf({ access, listening: { tls, url } = THIS_MACHINE, signIn = [] }: ServiceOptions, logger: PinoLogger): Desk {
  return new Desk({
    url,
    secure: tls !== null || url?.startsWith('https:') === true,
    now: Date.now,
    identified: access !== undefined,
    provider: signIn.length === 0 ? null : signInBy(signIn, { now: Date.now, notice: (line) => logger.warn(line) }),
    holderOf: async (token) => {
      const verdict = await access?.identity.check([`Bearer ${token}`]);
      return verdict?.ok === true ? { caller: verdict.caller, expiresAt: verdict.expiresAt } : null;
    },
  });
}

interface PagesParts {
  readonly desk: Desk;
  readonly runtime: Runtime;
  readonly logger: PinoLogger;
}

/** The pages, with what they need of the edge beside them. */
async function addPages(app: NestFastifyApplication, { desk, runtime: { store, feed }, logger }: PagesParts): Promise<void> {
  const revealing = app.get(Revealing, { strict: false });
  await servePages(app.getHttpAdapter().getInstance(), desk, {
    queries: app.get(QueryBus, { strict: false }),
    readModels: app.get(ReadModels, { strict: false }),
    changes: pageChanges(feed),
    visitorOf: (request) => visitorOf(request, { store, revealing }),
    troubleOf: (request, error) => {
      const found = error instanceof PageTrouble ? problemOf(error.trouble) : toProblem(asReadDamage(store, error));
      if (found.status === 500) logger.error(error instanceof Error ? error.stack : String(error));
      request.problem = found;
      return found;
    },
  });
}

function problemOf({ status, code, detail, hint }: Trouble): Problem {
  return problem(status, code, detail, hint);
}

/** The status in log and metrics of an answer that nobody read to its end; it is never sent. */
const CLIENT_GONE = 499;

/**
 * A line and a measure for each request: the pattern of its address, not the address, which may name a person's case.
 */
function noteAnswers(fastify: FastifyInstance, logger: PinoLogger, metrics: Metrics): void {
  const bytes = answerBytes(fastify);
  const note = (request: FastifyRequest, reply: FastifyReply): void => {
    const { method, routeOptions, held } = request;
    const problem = answeredBelowRouter(reply.raw) ?? request.problem;
    const status = reply.raw.writableFinished ? reply.statusCode : CLIENT_GONE;
    const answered = {
      method,
      route: routeOptions.url ?? null,
      status: problem?.status ?? status,
      code: problem?.code,
      ms: Math.round(reply.elapsedTime),
    };
    metrics.requestAnswered({ ...answered, needs: routeOptions.config.needs, bodyBytes: held?.bodyBytes ?? 0, answerBytes: bytes(reply) });
    logger.answered({ requestId: reply.raw.getHeader(REQUEST_ID), ...answered });
  };
  // Fastify's own hook is for answers that were sent to their end.
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => note(request, reply));
    done();
  });
}

/** How long a request waits for the read models after a start, ms. */
const STARTED_MS = 5000;

function startedIn({ writer }: Runtime): Promise<boolean> {
  return writer?.runner.started(STARTED_MS) ?? Promise.resolve(true);
}

interface Made {
  readonly type: unknown;
  readonly bytes: Buffer;
}

/** More than there are; one file has many spellings. */
const KEPT_FILES = 64;

@Module({})
class DescriptionModule {}

/**
 * Most starts are never asked for the description: it is made, by an application of its own, for the first who asks.
 */
function describeWhenAsked(app: NestFastifyApplication, fastify: FastifyInstance, url: string | null): void {
  const describe = async (): Promise<NestFastifyApplication> => {
    const { describeApi } = await import('./http/description/openapi.js');
    const pages = await NestFactory.create<NestFastifyApplication>(DescriptionModule, new FastifyAdapter(), { logger: new PinoLogger() });
    describeApi({ app, pages, url });
    pages.useGlobalFilters(new ProblemDetailsFilter());
    await pages.init();
    return pages;
  };
  let described: Promise<NestFastifyApplication> | null = null;
  // Anybody may ask, as often as he likes: what never changes is made once, and every answer shares its bytes.
  const made = new Map<string, Made>();
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    // No address here takes parameters.
    const [path = ''] = request.url.split('?');
    const known = made.get(path);
    if (known !== undefined) return reply.header('content-type', known.type).send(known.bytes);
    described ??= describe();
    // A description that failed is tried again by the next who asks.
    described.catch(() => (described = null));
    const { statusCode, headers, rawPayload } = await (await described).inject({ method: 'GET', url: path });
    if (statusCode === 200 && made.size < KEPT_FILES) made.set(path, { type: headers['content-type'], bytes: rawPayload });
    await reply.status(statusCode).header('content-type', headers['content-type']).send(rawPayload);
  };
  for (const address of ['/openapi.json', '/docs', '/docs/*']) fastify.get(address, answer);
}

/**
 * Listens; gives the address under which this machine reaches it. Errors: `BadConfiguration` where it cannot be
 * listened on.
 */
export async function listen(app: NestFastifyApplication, port: number, { host, tls }: Listening = THIS_MACHINE): Promise<string> {
  // A name may be two addresses, of which a server has one.
  const address = host === 'localhost' ? THIS_MACHINE.host : host;
  await app.listen(port, address).catch((cause: unknown) => {
    throw new BadConfiguration(`cannot listen on ${host}, port ${port}: ${messageOf(cause)}`, { cause });
  });
  const { port: taken } = new URL(await app.getUrl());
  return `${tls === null ? 'http' : 'https'}://${reached(address)}:${taken}`;
}

/** The host of an address for who is on this machine: those for all its addresses are none themselves. */
function reached(address: string): string {
  const own: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
  const host = own[address] ?? address;
  return host.includes(':') ? `[${host}]` : host;
}

/** Connections from now on are shown this certificate. */
export function renew(app: NestFastifyApplication, tls: Tls): void {
  renewCertificate(app.getHttpServer(), tls);
}
