/**
 * Tokens of forms, against requests that a page of somebody else has a browser send. One belongs to what the browser
 * holds in a cookie that no script reads, and to this run of the service.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export class FormTokens {
  readonly #key = randomBytes(32);

  /** For a form that is shown to who holds `secret`. */
  of(secret: string): string {
    return createHmac('sha256', this.#key).update(secret).digest('base64url');
  }

  /** Whether a form that came with this token was shown to who holds `secret`. */
  fits(secret: string | undefined, token: string | undefined): boolean {
    if (secret === undefined || token === undefined) return false;
    const [wanted, given] = [Buffer.from(this.of(secret)), Buffer.from(token)];
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }
}
