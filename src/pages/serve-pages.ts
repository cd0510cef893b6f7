/**
 * The pages on the service's own Fastify, in a context of their own: what they need of bodies, headers and errors is no
 * concern of the addresses under /v1. Until somebody asks for a page nothing that draws one is loaded.
 */
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { streamOf } from '../domain/identifiers.js';
import { readCaseRef } from '../read-models/cases/case-ref.js';
import { livePage, SIGN_IN, withAsked } from './addresses.js';
import { paramsOf, queryOf, type Desk } from './desk.js';
import type { Door, Trouble } from './door.js';
import { LIVE, PAGES, type PageRoute } from './routes.js';
import { addOpen, openConfig, openToAll } from './session/sign-in.js';
import { FormTrouble, NOT_SIGNED_IN, PageTrouble } from './trouble.js';
import type { Live } from './views/with-script/live.js';

/** Bytes of a form: a proof file has a few KiB. */
const FORM_BYTES = 128 * 1024;

/** To be called behind every hook that is for pages too. */
export async function servePages(fastify: FastifyInstance, desk: Desk, door: Door): Promise<void> {
  await fastify.register(async (inner) => {
    inner.removeAllContentTypeParsers();
    inner.addContentTypeParser<string>(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_BYTES },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body))),
    );
    inner.setErrorHandler((error, request, reply) => answerTrouble(desk, door, { error, request, reply }));
    addOpen(inner, desk);
    for (const route of PAGES) addPage(inner, { desk, door, route });
    addLive(inner, desk, door);
  });
}

interface Place {
  readonly desk: Desk;
  readonly door: Door;
  readonly route: PageRoute;
}

function addPage(inner: FastifyInstance, { desk, door, route }: Place): void {
  const { method, url, show } = route;
  inner.route({
    method,
    url,
    config: configOf(route),
    onRequest: async (request) => requireSomebody(desk, door, request),
    handler: async (request, reply) => {
      // Before anything is asked for: what is recorded meanwhile is newer than the page.
      const live = liveOf(door, route, request);
      const visit = {
        door,
        visitor: door.visitorOf(request),
        session: desk.sessionOf(request),
        words: desk.wordsFor(request, reply),
        params: paramsOf(request),
        query: queryOf(request),
        body: method === 'POST' ? desk.formOf(request) : {},
        formToken: desk.formToken(request, reply),
      };
      return desk.send(request, reply, await show(visit), live);
    },
  });
}

/** Of an earlier moment there is nothing newer. */
function liveOf(door: Door, { live }: PageRoute, request: FastifyRequest): Live | null {
  if (live === undefined || queryOf(request)['asOf'] !== undefined) return null;
  const { agency = '', kind, number } = paramsOf(request);
  const name = kind === undefined || number === undefined ? undefined : `${kind}/${number}`;
  return { address: livePage(agency, name), after: door.changes.place(), replaced: live === 'replaced' };
}

/** Some proxies hold an answer back until it is large. */
const STREAM_HEADERS = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };

function addLive(inner: FastifyInstance, desk: Desk, door: Door): void {
  inner.route({
    method: LIVE.method,
    url: LIVE.url,
    config: LIVE_CONFIG,
    onRequest: async (request) => requireSomebody(desk, door, request),
    handler: async (request, reply) => {
      const { case: name, after } = queryOf(request);
      const { agency = '' } = paramsOf(request);
      const watched = name === undefined ? { agency } : { agency, stream: streamOf(agency, readCaseRef(name)) };
      await door.readModels.caughtUp();
      const told = door.changes.follow(request, watched, after);
      return reply.headers(STREAM_HEADERS).send(desk.endWithSession(request, told));
    },
  });
}

/** It says that something was recorded, and not what; but its address may name a case. */
const LIVE_CONFIG: FastifyContextConfig = {
  needs: LIVE.needs,
  personalData: true,
  parameters: LIVE.parameters,
  page: true,
  keptOpen: true,
};

/** What a page says of itself to the hooks of Fastify. */
function configOf({ method, needs, personalData, parameters }: PageRoute): FastifyContextConfig {
  return { needs, personalData, parameters: method === 'GET' ? [...parameters, 'lang'] : parameters, page: true };
}

/** Every address of the pages with what it says of itself. */
export function pageAddresses(desk: Desk): { readonly address: string; readonly says: FastifyContextConfig }[] {
  const all = [
    ...PAGES.map((page) => ({ ...page, says: configOf(page) })),
    ...openToAll(desk).map((one) => ({ ...one, says: openConfig(one) })),
    { ...LIVE, says: LIVE_CONFIG },
  ];
  return all.map(({ method, url, says }) => ({ address: `${method} ${url}`, says }));
}

/** Where callers are identified admission has looked; else somebody chose as whom he looks. Errors: `PageTrouble`. */
function requireSomebody(desk: Desk, door: Door, request: FastifyRequest): void {
  if (!door.visitorOf(request).identified && desk.sessionOf(request) === null) throw new PageTrouble(NOT_SIGNED_IN);
}

interface Failed {
  readonly error: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A browser is shown a page, who is not signed in signs in; a program is told the problem as everywhere. */
async function answerTrouble(desk: Desk, door: Door, { error, request, reply }: Failed): Promise<FastifyReply> {
  const { cause, again } = error instanceof FormTrouble ? error : { cause: error, again: null };
  const trouble = door.troubleOf(request, cause);
  if (trouble.code === 'no-token' && request.method !== 'POST') return reply.redirect(withAsked(SIGN_IN, { return: request.url }), 303);
  if (request.headers.accept?.includes('text/html') !== true) return asProblem(reply, trouble);
  if (again !== null) return desk.send(request, reply, { ...again(trouble), status: trouble.status });
  const { troublePage } = await import('./views/trouble.js');
  return desk.send(request, reply, troublePage(trouble, desk.wordsFor(request, reply)));
}

function asProblem(reply: FastifyReply, trouble: Trouble): FastifyReply {
  return reply.status(trouble.status).header('content-type', 'application/problem+json; charset=utf-8').send(JSON.stringify(trouble));
}
