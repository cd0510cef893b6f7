/** A person's browser without a browser: keeps cookies, sends forms with their tokens. */
import { HOME } from './pages-service.js';
import type { Answer, TestService } from './service.js';

const HTML = { accept: 'text/html' };
const FORM = 'application/x-www-form-urlencoded';

/** A browser's jar, and what it sends. */
export class PageClient {
  readonly #cookies = new Map<string, string>();

  constructor(readonly service: TestService) {}

  async get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#kept(await this.service.request({ method: 'GET', url, headers: { ...HTML, ...this.#sent(), ...headers } }));
  }

  async post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const payload = new URLSearchParams(fields).toString();
    const all = { ...HTML, 'content-type': FORM, ...this.#sent(), ...headers };
    return this.#kept(await this.service.request({ method: 'POST', url, headers: all, payload }));
  }

  /** The value of a cookie, by the end of its name. */
  cookie(name: string): string | undefined {
    return [...this.#cookies].find(([one]) => one.endsWith(name))?.[1];
  }

  plant(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async signIn(fields: Record<string, string>, back = HOME): Promise<Answer> {
    const token = tokenIn(await this.get('/sign-in'));
    return this.post('/sign-in', { token, return: back, ...fields });
  }

  #sent(): Record<string, string> {
    return this.#cookies.size === 0 ? {} : { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  #kept(answer: Answer): Answer {
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}

export const tokenIn = ({ text }: Answer): string => /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';
