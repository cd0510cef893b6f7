/**
 * Whether a token is good, and whose it is. Signatures and times are jose's (`jwtVerify`); here stands what the
 * contract asks beyond it. Source: contract, "Access"; RFC 8725, best practices for JSON Web Tokens.
 */
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWSHeaderParameters, type JWTPayload } from 'jose';
import { isSubject, type Issuer } from '../../config/access.js';
import { bearerToken } from './bearer.js';
import type { KeySource } from './issuer-keys.js';
import { ALGORITHMS } from './public-keys.js';
import { badToken, type BadTokenReason, type TokenVerdict } from './verdict.js';

/** Seconds that clocks of issuer and service may differ. */
const LEEWAY = 60;

/** Of what can be written as a date. */
const LAST_INSTANT = 8.64e15;

/** An issuer with its keys. */
export interface KnownIssuer extends Issuer {
  readonly keys: KeySource;
}

export class TokenCheck {
  readonly #issuers: ReadonlyMap<string, KnownIssuer>;

  /** `now` gives ms since 1970. */
  constructor(
    issuers: readonly KnownIssuer[],
    private readonly now: () => number,
  ) {
    this.#issuers = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
  }

  /**
   * `authorization`: the values of all `Authorization` fields of a request as they came. Never throws: what nobody
   * thought of is a bad token too.
   */
  async check(authorization: readonly string[]): Promise<TokenVerdict> {
    try {
      const bearer = bearerToken(authorization);
      return bearer.ok ? await this.#judge(bearer.token) : bearer;
    } catch {
      return badToken('unexpected');
    }
  }

  async #judge(token: string): Promise<TokenVerdict> {
    const read = readUnverified(token);
    if (typeof read === 'string') return badToken(read);
    const issuer = this.#issuers.get(read.iss);
    if (issuer === undefined) return badToken('unknown-issuer');
    const key = await issuer.keys.find(read.header);
    if (key === null) return badToken('unknown-key');
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [...ALGORITHMS],
        issuer: issuer.issuer,
        audience: issuer.audience,
        clockTolerance: LEEWAY,
        currentDate: new Date(this.now()),
      });
      return this.#identify(payload, issuer);
    } catch (error) {
      return badToken(reasonOf(error));
    }
  }

  /** Of claims whose signature, issuer, audience and times are right. */
  #identify(payload: JWTPayload, { issuer, actorClaim }: Issuer): TokenVerdict {
    const { sub, exp, iat } = payload;
    if (exp === undefined || !isSubject(sub)) return badToken('claims');
    // jose compares `iat` only where a greatest age is set.
    if (iat !== undefined && iat > this.now() / 1000 + LEEWAY) return badToken('not-yet-valid');
    const actor = actorClaim === undefined ? undefined : payload[actorClaim];
    const caller = { issuer, subject: sub };
    return { ok: true, caller, ...(typeof actor === 'string' ? { actor } : {}), expiresAt: Math.min(exp * 1000, LAST_INSTANT) };
  }
}

interface Unverified {
  readonly header: JWSHeaderParameters;
  readonly iss: string;
}

/**
 * What must be known before the key is: nothing of it is believed yet. A word where the token is none to be verified
 * here.
 */
function readUnverified(token: string): Unverified | BadTokenReason {
  const parts = token.split('.');
  // A token has one spelling: decoders that pass over spare bits would let others be it too.
  if (parts.length !== 3 || !parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)) return 'malformed';
  try {
    const header = decodeProtectedHeader(token);
    const { alg, kid, crit } = header;
    if (crit !== undefined || (kid !== undefined && typeof kid !== 'string')) return 'malformed';
    if (alg === undefined || !ALGORITHMS.includes(alg)) return 'algorithm';
    const { iss } = decodeJwt(token);
    // Of the header only this goes on: `jku`, `x5u`, `jwk` and `x5c` would name the key they are signed with.
    return typeof iss === 'string' ? { header: { alg, ...(kid === undefined ? {} : { kid }) }, iss } : 'claims';
  } catch {
    return 'malformed';
  }
}

function reasonOf(error: unknown): BadTokenReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'aud' ? 'audience' : error.claim === 'nbf' ? notYet(error) : 'claims';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  // Of keys that do not do for the algorithm, such as an RSA key that is too short, Web Cryptography says a plain
  // TypeError.
  return error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid ? 'malformed' : 'unknown-key';
}

function notYet({ reason }: { readonly reason: string }): BadTokenReason {
  return reason === 'check_failed' ? 'not-yet-valid' : 'claims';
}
