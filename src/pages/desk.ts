/** What every page shares: who is signed in, in which language, and the frame around what is shown. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { SignedIn } from '../access/identity/verdict.js';
import { withAsked } from './addresses.js';
import { Assets } from './assets.js';
import { PAGE_HEADERS } from './security.js';
import { Cookies } from './session/cookies.js';
import { FormTokens } from './session/form-token.js';
import type { ProviderSignIn } from './session/provider.js';
import { Sessions, type Session } from './session/sessions.js';
import { FOREIGN_FORM, PageTrouble } from './trouble.js';
import type { Script, Shown } from './views/layout.js';
import type { Live } from './views/with-script/live.js';
import { LANGUAGES, wordsIn, type Words } from './words/words.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a page: who is signed in by a cookie; undefined before it was looked up. */
    session?: Session | null;
  }
  interface FastifyContextConfig {
    /** A page, or what pages load: a session counts as the token there. */
    readonly page?: true;
  }
}

export interface DeskParts {
  /** Whether a browser reaches the service over TLS. */
  readonly secure: boolean;
  /** The origin under which it is reached through a proxy; null where a browser's own host says it. */
  readonly url: string | null;
  /** ms since 1970. */
  readonly now: () => number;
  /** Whether callers are identified; where they are not anybody chooses as whom he looks. */
  readonly identified: boolean;
  /** Signs in at a provider; null where none is configured. */
  readonly provider: ProviderSignIn | null;
  /** Whose token this is; null where it is a bad one. */
  readonly holderOf: (token: string) => Promise<SignedIn | null>;
}

/** Sent by a page that asks for itself anew while nobody does anything. */
const UNATTENDED = 'disclosure-unattended';
/** ms between two looks: an answer that goes on ends within 2 s of its session, on a busy machine too. */
const LOOK_MS = 500;

export class Desk {
  readonly parts: DeskParts;
  readonly cookies: Cookies;
  readonly sessions: Sessions;
  readonly tokens = new FormTokens();
  #assets: Assets | null = null;

  constructor(parts: DeskParts) {
    this.parts = parts;
    this.cookies = new Cookies(parts.secure);
    this.sessions = new Sessions(parts.now);
  }

  get assets(): Assets {
    return (this.#assets ??= new Assets());
  }

  /** Who is signed in by a cookie; of a page only. */
  sessionOf(request: FastifyRequest): Session | null {
    if (request.routeOptions.config.page !== true) return null;
    if (request.session === undefined) request.session = this.#found(request);
    return request.session;
  }

  /** A session of a provider says nothing where nobody is identified, and the other way about. */
  #found(request: FastifyRequest): Session | null {
    const unattended = request.headers[UNATTENDED] !== undefined || request.routeOptions.config.keptOpen === true;
    const session = this.sessions.find(this.cookies.read(request, 'session'), { unattended });
    return session !== null && 'signedIn' in session === this.parts.identified ? session : null;
  }

  /** Nobody is signed in by this browser from now on. Gives who was. */
  endSession(request: FastifyRequest, reply: FastifyReply): Session | null {
    const session = this.sessionOf(request);
    this.sessions.end(this.cookies.read(request, 'session'));
    this.cookies.clear(reply, 'session');
    request.session = null;
    return session;
  }

  /** Ends an answer that goes on with the session it was asked in; what came with a token ends by itself. */
  endWithSession(request: FastifyRequest, answer: Readable): Readable {
    if (this.sessionOf(request) === null) return answer;
    const name = this.cookies.read(request, 'session');
    const timer = setInterval(() => {
      if (this.sessions.find(name, { unattended: true }) === null) answer.destroy();
    }, LOOK_MS).unref();
    return answer.once('close', () => clearInterval(timer));
  }

  /**
   * The origin that the browser has in its line. A provider sends nobody to one that it does not know: a host that was
   * made up comes to nothing there.
   */
  baseOf({ headers }: FastifyRequest): string {
    const { secure, url } = this.parts;
    return url ?? `${secure ? 'https' : 'http'}://${headers.host ?? ''}`;
  }

  /** By the parameter, which is remembered; else as remembered; else Chinese. */
  wordsFor(request: FastifyRequest, reply: FastifyReply): Words {
    const asked = LANGUAGES.find((language) => language === queryOf(request)['lang']);
    if (asked !== undefined) this.cookies.set(reply, 'language', asked);
    return wordsIn(asked ?? this.cookies.language(request));
  }

  /** What the forms on a page that is sent now must bring back. */
  formToken(request: FastifyRequest, reply: FastifyReply): string {
    const session = this.sessionOf(request);
    if (session !== null) return this.tokens.of(session.secret);
    const held = this.cookies.read(request, 'form');
    const secret = held !== undefined && held !== '' ? held : randomBytes(32).toString('base64url');
    if (secret !== held) this.cookies.set(reply, 'form', secret);
    return this.tokens.of(secret);
  }

  /** The fields of a form that this service showed to this browser. Errors: `PageTrouble` for any other. */
  formOf(request: FastifyRequest): Record<string, string> {
    const fields = Object.fromEntries(textsOf(request.body));
    const secret = this.sessionOf(request)?.secret ?? this.cookies.read(request, 'form');
    if (!isFromHere(request) || !this.tokens.fits(secret, fields['token'])) throw new PageTrouble(FOREIGN_FORM);
    return fields;
  }

  /** `live`: what tells of anything newer than is shown. */
  async send(request: FastifyRequest, reply: FastifyReply, shown: Shown, live: Live | null = null): Promise<FastifyReply> {
    const { documentOf } = await import('./views/layout.js');
    const words = this.wordsFor(request, reply);
    const session = this.sessionOf(request);
    const [path = '/'] = request.url.split('?');
    const otherLanguage = withAsked(path, { ...queryOf(request), lang: words.language === 'zh' ? 'en' : 'zh' });
    const around = {
      words,
      style: this.assets.addressOf('style'),
      icon: this.assets.addressOf('icon'),
      addressOf: (script: Script) => this.assets.addressOf(script),
      otherLanguage: shown.onTo === undefined ? otherLanguage : null,
      path,
      url: withAsked(path, queryOf(request)),
      live,
      tryOut: !this.parts.identified,
      as: session === null ? null : { label: nameOf(session, words), formToken: this.formToken(request, reply) },
    };
    return reply
      .status(shown.status ?? 200)
      .headers(PAGE_HEADERS)
      .send(documentOf(shown, around));
  }
}

/** As the head of a page names who is signed in. */
function nameOf(session: Session, words: Words): string {
  return 'person' in session ? `${words(session.person)} (${words('tryOut')})` : session.signedIn.caller.subject;
}

/** A browser says where a form was sent from; what says nothing is judged by the token of the form alone. */
function isFromHere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** Each once, as the hook of parameters has looked; an empty field of a form is not given. */
export function queryOf({ query }: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(textsOf(query).filter(([, value]) => value !== ''));
}

export function paramsOf({ params }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(textsOf(params));
}

function textsOf(given: unknown): [string, string][] {
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given).flatMap(([name, value]: [string, unknown]) => (typeof value === 'string' ? [[name, value]] : []));
}
