/**
 * The cookies of the pages. Where the service is reached over TLS their names begin with `__Host-`: a browser then
 * takes them from this host alone, for the whole of it, and never over plain HTTP. On the loopback without TLS not
 * every browser keeps a `Secure` cookie, so there they have plain names.
 */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LANGUAGES, type Language } from '../words/words.js';

/**
 * `form`: what the token of a form belongs to before anybody signed in. `away`: who signs in at a provider; `left`: who
 * signs out there.
 */
export type CookieName = 'session' | 'form' | 'away' | 'left' | 'language';

const A_YEAR_S = 365 * 86_400;

export class Cookies {
  readonly #secure: boolean;

  constructor(secure: boolean) {
    this.#secure = secure;
  }

  read({ headers }: Pick<FastifyRequest, 'headers'>, name: CookieName): string | undefined {
    return headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[this.#named(name)];
  }

  language(request: Pick<FastifyRequest, 'headers'>): Language {
    const kept = this.read(request, 'language');
    return LANGUAGES.find((language) => language === kept) ?? 'zh';
  }

  /** Until the browser closes; the language for a year. */
  set(reply: FastifyReply, name: CookieName, value: string): void {
    this.#send(reply, name, value, name === 'language' ? A_YEAR_S : undefined);
  }

  clear(reply: FastifyReply, name: CookieName): void {
    this.#send(reply, name, '', 0);
  }

  #named(name: CookieName): string {
    return this.#secure ? `__Host-disclosure-${name}` : `disclosure-${name}`;
  }

  #send(reply: FastifyReply, name: CookieName, value: string, maxAge: number | undefined): void {
    const life = maxAge === undefined ? {} : { maxAge };
    // Lax: a link from a letter or another page of the agency finds its reader signed in; no foreign form does.
    const cookie = { name: this.#named(name), value, path: '/', httpOnly: true, sameSite: 'lax' as const, secure: this.#secure, ...life };
    const before = [reply.getHeader('set-cookie') ?? []].flat().map(String);
    reply.removeHeader('set-cookie');
    void reply.header('set-cookie', [...before, stringifySetCookie(cookie)]);
  }
}
