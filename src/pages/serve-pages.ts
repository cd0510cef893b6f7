/**
 * The pages on the service's own Fastify, in a context of their own: what they need of bodies, headers and errors is no
 * concern of the addresses under /v1. Until somebody asks for a page nothing that draws one is loaded.
 */
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SIGN_IN, withAsked } from './addresses.js';
import { paramsOf, queryOf, type Desk } from './desk.js';
import type { Door, Trouble } from './door.js';
import { PAGES, type PageRoute } from './routes.js';
import { addOpen, openConfig, openToAll } from './session/sign-in.js';
import { FormTrouble, NOT_SIGNED_IN, PageTrouble } from './trouble.js';

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
      return desk.send(request, reply, await show(visit));
    },
  });
}

/** What a page says of itself to the hooks of Fastify. */
function configOf({ method, needs, personalData, parameters }: PageRoute): FastifyContextConfig {
  return { needs, personalData, parameters: method === 'GET' ? [...parameters, 'lang'] : parameters, page: true };
}

/** Every address of the pages with what it says of itself. */
export function pageAddresses(desk: Desk): { readonly address: string; readonly says: FastifyContextConfig }[] {
  const all = [
    ...PAGES.map((page) => ({ ...page, says: configOf(page) })),
    ...openToAll(desk).map((one) => ({ ...one, says: openConfig(one) })),
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
