/** Signing in and out: what is shown to who is not signed in. */
import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { AGENCIES, ownPage, SIGN_IN, SIGN_OUT, withAsked } from '../addresses.js';
import { paramsOf, queryOf, type Desk } from '../desk.js';
import { SCRIPT_POLICY } from '../security.js';
import { PageTrouble } from '../trouble.js';
import type { LeftFrom } from '../views/sign-in.js';
import { PERSONS, type Who } from './sessions.js';

/** What a provider may send back with. Source: RFC 6749, section 4.1.2; RFC 9207; OpenID Connect Session Management. */
const SENT_BACK = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'session_state'];

const CALLBACK = `${SIGN_IN}/callback`;

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

interface Open {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly parameters?: readonly string[];
  /** Its answer may be kept. */
  readonly kept?: boolean;
  readonly handler: Handler;
}

/** The addresses that need nothing. */
export function openToAll(desk: Desk): readonly Open[] {
  const { provider } = desk.parts;
  const own: readonly Open[] = [
    { method: 'GET', url: '/', kept: true, handler: async (_request, reply) => reply.redirect(AGENCIES, 303) },
    { method: 'GET', url: '/assets/:name', kept: true, handler: async (request, reply) => asset(desk, request, reply) },
    {
      method: 'GET',
      url: SIGN_IN,
      parameters: ['lang', 'return', 'failed', 'left', 'state'],
      handler: (request, reply) => signInPage(desk, request, reply),
    },
    { method: 'POST', url: SIGN_IN, handler: (request, reply) => signIn(desk, request, reply) },
    { method: 'POST', url: SIGN_OUT, handler: (request, reply) => signOut(desk, request, reply) },
  ];
  if (provider === null) return own;
  return [
    ...own,
    { method: 'GET', url: `${SIGN_IN}/provider`, parameters: ['issuer', 'return'], handler: (...asked) => toProvider(desk, ...asked) },
    { method: 'GET', url: CALLBACK, parameters: SENT_BACK, handler: (...asked) => fromProvider(desk, ...asked) },
  ];
}

/** What such an address says of itself to the hooks of Fastify: what signs in is kept by nobody. */
export function openConfig({ parameters = [], kept = false }: Open): FastifyContextConfig {
  return { needs: 'nothing', personalData: !kept, parameters, page: true };
}

export function addOpen(fastify: FastifyInstance, desk: Desk): void {
  for (const open of openToAll(desk)) {
    const { method, url, handler } = open;
    fastify.route({ method, url, handler, config: openConfig(open) });
  }
}

/** For ever: another build has another name. */
const KEPT = 'public, max-age=31536000, immutable';

function asset(desk: Desk, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const found = desk.assets.find(paramsOf(request)['name'] ?? '');
  if (found === undefined) throw new PageTrouble({ status: 404, code: 'not-found', detail: 'There is nothing at this address.' });
  return reply.headers({ 'content-type': found.type, 'cache-control': KEPT, 'content-security-policy': SCRIPT_POLICY }).send(found.bytes);
}

async function signInPage(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { signInForm } = await import('../views/sign-in.js');
  const { return: back, failed } = queryOf(request);
  const left = leftBy(desk, request);
  if (left === 'everywhere') desk.cookies.clear(reply, 'left');
  const { provider, identified } = desk.parts;
  const shown = signInForm({
    words: desk.wordsFor(request, reply),
    token: desk.formToken(request, reply),
    back: ownPage(back),
    failed: failed !== undefined,
    left,
    persons: identified ? [] : PERSONS,
    issuers: provider?.issuers ?? [],
  });
  return desk.send(request, reply, shown);
}

async function signIn(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { return: back, person, bearer } = desk.formOf(request);
  const who = await whoIs(desk, { person, bearer });
  if (who === null) return reply.redirect(withAsked(SIGN_IN, { failed: 'true', return: ownPage(back) }), 303);
  return begun(desk, request, reply, who).redirect(ownPage(back), 303);
}

async function whoIs({ parts }: Desk, given: { readonly person?: string; readonly bearer?: string }): Promise<Who | null> {
  if (parts.identified) {
    const signedIn = await parts.holderOf(given.bearer?.trim() ?? '');
    return signedIn === null ? null : { signedIn };
  }
  const person = PERSONS.find((one) => one === given.person);
  return person === undefined ? null : { person };
}

/** Under a new name, whatever name the browser came with. */
function begun(desk: Desk, request: FastifyRequest, reply: FastifyReply, who: Who): FastifyReply {
  desk.sessions.end(desk.cookies.read(request, 'session'));
  desk.cookies.set(reply, 'session', desk.sessions.start(who));
  desk.cookies.clear(reply, 'form');
  return reply;
}

/** From where somebody signed out just now. A provider brings back the state that went with him, and nobody else. */
function leftBy({ cookies }: Desk, request: FastifyRequest): LeftFrom | null {
  const { left, state } = queryOf(request);
  if (left === 'here') return 'here';
  return state !== undefined && state === cookies.read(request, 'left') ? 'everywhere' : null;
}

/**
 * The own session ends first, whatever the provider does. The browser goes on to the provider from a page of its own:
 * browsers hold a redirect after a form to the addresses that the form may be sent to, and those are this service's.
 */
async function signOut(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  // Nobody else's form signs him out.
  desk.formOf(request);
  const session = desk.endSession(request, reply);
  if (session === null || !('signedIn' in session) || session.idToken === undefined) return reply.redirect(SIGN_IN, 303);
  const { issuer } = session.signedIn.caller;
  const state = randomBytes(16).toString('base64url');
  const left = { issuer, idToken: session.idToken, after: `${desk.baseOf(request)}${SIGN_IN}`, state };
  const url = await desk.parts.provider?.end(left).catch(() => null);
  if (url == null) return reply.redirect(withAsked(SIGN_IN, { left: 'here' }), 303);
  desk.cookies.set(reply, 'left', state);
  const { onToProvider } = await import('../views/sign-in.js');
  return desk.send(request, reply, onToProvider({ words: desk.wordsFor(request, reply), issuer, url }));
}

async function toProvider(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { provider } = desk.parts;
  const { issuer, return: back } = queryOf(request);
  const chosen = issuer === undefined ? provider?.issuers[0] : provider?.issuers.find((one) => one === issuer);
  const asked = { back: ownPage(back), callback: `${desk.baseOf(request)}${CALLBACK}` };
  const away = chosen === undefined ? null : await provider?.begin({ issuer: chosen, ...asked }).catch(() => null);
  if (away == null) return reply.redirect(withAsked(SIGN_IN, { failed: 'true' }), 303);
  desk.cookies.set(reply, 'away', away.kept);
  return reply.redirect(away.url, 303);
}

async function fromProvider(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const kept = desk.cookies.read(request, 'away');
  const address = new URL(`${desk.baseOf(request)}${request.url}`);
  const found = kept === undefined ? null : await desk.parts.provider?.finish(kept, address).catch(() => null);
  desk.cookies.clear(reply, 'away');
  if (found == null) return reply.redirect(withAsked(SIGN_IN, { failed: 'true' }), 303);
  const { signedIn, idToken, back } = found;
  return begun(desk, request, reply, { signedIn, idToken }).redirect(ownPage(back), 303);
}
