/**
 * Who is let in, where callers are identified: a hook before path, parameters and body are looked at. 401 says only
 * that there is no good token; 403 names what is missing, alike whether what was asked for exists or not.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '../../access/identity/identity.js';
import type { SignedIn } from '../../access/identity/verdict.js';
import type { Rights, RightsReader } from '../../access/rights.js';
import type { StandingWatch } from '../../access/standing.js';
import { isSameCaller } from '../../domain/agency/permissions.js';
import type { Caller } from '../../domain/agency/acts.js';
import { ProblemException } from '../problem-details.filter.js';
import { problem } from '../problem.js';
import { membersOf } from '../../encoding/unknown-values.js';
import { saidOn } from '../description/said-headers.js';
import { CACHE_CONTROL } from '../serving/caching.js';
import { allowEveryOrigin } from '../serving/cross-origin.js';
import { headerValues } from '../wire/headers.js';
import { isHealth, pathOf } from '../wire/path.js';
import { askerOf, keptBy, type Asker } from './caller.js';
import type { Need } from './needs.js';

export interface AdmissionParts {
  readonly identity: Pick<Identity, 'check'>;
  readonly rights: Pick<RightsReader, 'of'>;
  readonly standings: Pick<StandingWatch, 'of'>;
  /** Whether the read models have reached the end of the log since the start; waits a moment for it. */
  readonly started: () => Promise<boolean>;
  readonly operators: readonly Caller[];
  readonly publishedIsPublic: boolean;
  /** Of a page: whom the session of its reader stands for; it counts as the token. null = there is none. */
  readonly session?: (request: FastifyRequest) => SignedIn | null;
  /** Told why a token was not taken, in a word. */
  readonly refused: (why: string) => void;
}

const WWW_AUTHENTICATE = saidOn('WWW-Authenticate', 'Bearer, and what is wrong with a token that came', ({ status }) => status === 401);

/** Addresses of the description, which no controller answers. */
const DESCRIPTION = /^\/(openapi\.json|docs)(\/|$)/;

/** Who came without a token where none is needed. */
const UNASKED: Asker = {
  identity: true,
  sender: { attestation: 'none', caller: null, identity: true },
  rights: null,
  standing: null,
};

function needOf(request: FastifyRequest): Need | undefined {
  return DESCRIPTION.test(pathOf(request.url)) ? 'nothing' : request.routeOptions.config.needs;
}

/** As it stands in the address, where that is none that the router reads. */
function queryOf({ query, url }: FastifyRequest): object {
  return (query as object | null) ?? Object.fromEntries(new URLSearchParams(/\?.*$/s.exec(url)?.[0]));
}

export class Admission {
  readonly #parts: AdmissionParts;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** A hook of Fastify, the first: who asks. Errors: `ProblemException` 401. */
  async identify(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    void reply.header('vary', 'Authorization');
    const isPublic = this.#isPublic(request);
    if (!isPublic) void reply.header(CACHE_CONTROL, 'private, no-cache');
    // Also with a bad token: what runs the service is not to need one.
    request.asker = isHealth(pathOf(request.url)) ? UNASKED : await this.#identified(request, reply, isPublic);
    if (isPublic && keptBy(request.asker) === 'public') allowEveryOrigin(request, reply);
    // What everybody is given may be kept for everybody, but not what a token was shown for.
    if (isPublic && needOf(request) !== 'nothing') void reply.header(CACHE_CONTROL, `${keptBy(request.asker) ?? 'private'}, no-cache`);
  }

  /** A hook of Fastify behind it: what may be asked. Errors: `ProblemException` 403. */
  async permit(request: FastifyRequest): Promise<void> {
    const asker = askerOf(request);
    // What is at no address is at none for everybody.
    if (asker.rights === null || request.is404 || this.#isPublic(request)) return Promise.resolve();
    const missing = missingOf(needOf(request), { ...asker, rights: asker.rights }, request);
    return missing === null ? Promise.resolve() : Promise.reject(forbidden(missing));
  }

  /** Whether everybody is given the answer, without a token too. */
  #isPublic(request: FastifyRequest): boolean {
    const need = request.routeOptions.config.reads ?? needOf(request);
    if (need === 'nothing') return true;
    if (!this.#parts.publishedIsPublic || need === undefined) return false;
    if (need === 'published') return true;
    if (typeof need !== 'object') return false;
    const { view } = membersOf(request.query);
    return need.published === 'always' || (need.published === 'view' && view === 'published');
  }

  /** The asker of a good token; without rights where none came and none is needed. */
  async #identified(request: FastifyRequest, reply: FastifyReply, isPublic: boolean): Promise<Asker> {
    const { identity, refused } = this.#parts;
    // Addresses are written down on the way.
    if ('access_token' in queryOf(request)) {
      refused('in-query');
      throw unauthorized(reply, 'bad-token');
    }
    const verdict = await identity.check(headerValues(request.raw, 'authorization'));
    if (verdict.ok) return this.#asker(verdict);
    const session = verdict.code === 'no-token' ? this.#parts.session?.(request) : null;
    if (session != null) return this.#asker(session);
    if (verdict.code === 'no-token' && isPublic) return UNASKED;
    refused(verdict.why);
    throw unauthorized(reply, verdict.code);
  }

  /** Errors: `ProblemException` 503 `not-reached`. */
  async #asker({ caller, expiresAt }: SignedIn): Promise<Asker> {
    const { operators, rights, standings, started } = this.#parts;
    // While they are built again a permission may be there, and its end not yet.
    if (!(await started())) throw notStarted();
    const operator = operators.some((one) => isSameCaller(one, caller));
    const sender = { attestation: 'none', caller, operator, identity: true } as const;
    return { identity: true, sender, rights: rights.of(caller), standing: standings.of(caller, expiresAt) };
  }
}

interface KnownAsker extends Asker {
  readonly rights: Rights;
}

/** What the caller lacks for the route; null where it lacks nothing. */
function missingOf(need: Need | undefined, { sender, rights }: KnownAsker, request: FastifyRequest): string | null {
  const { operator = false } = sender;
  switch (need) {
    case undefined:
      return 'this address is answered to nobody';
    case 'nothing':
      return null;
    case 'published':
    case 'any':
      return rights.any ? null : 'any permission';
    case 'somebody':
      return rights.any || operator ? null : 'any permission';
    case 'send':
      return operator || rights.anywhere('emit') || rights.anywhere('act') ? null : 'emit or act in an agency';
    case 'operator':
      return operator ? null : 'to be an operator';
    case 'whole':
      return rights.whole ? null : 'audit with below on every agency that has no parent';
  }
  if ('anywhere' in need) {
    const held = (operator && need.operator === true) || need.anywhere.some((one) => rights.anywhere(one));
    return held ? null : `${need.anywhere.join(' or ')} in an agency`;
  }
  const { agency = '' } = membersOf(request.params);
  const given =
    (operator && need.operator === true) ||
    need.agency.some((one) => rights.in(String(agency), one) !== null) ||
    (need.administrator === true && rights.administers(String(agency)));
  return given ? null : `${need.agency.join(' or ')} in this agency`;
}

const ABOUT = {
  'no-token': 'This address asks for a token.',
  'bad-token': 'The token is not taken.',
} as const;

function unauthorized(reply: FastifyReply, code: 'no-token' | 'bad-token'): ProblemException {
  void reply.header(WWW_AUTHENTICATE, code === 'no-token' ? 'Bearer' : 'Bearer error="invalid_token"');
  return new ProblemException(problem(401, code, ABOUT[code], 'Send Authorization: Bearer with a token of a configured issuer.'));
}

function notStarted(): ProblemException {
  return new ProblemException(
    problem(503, 'not-reached', 'The permissions are still being read from the log.', 'Ask again; /health/ready says how far it is.'),
  );
}

function forbidden(missing: string): ProblemException {
  return new ProblemException(
    problem(403, 'not-permitted', `The caller lacks ${missing}.`, 'An administrator of the agency, or an operator, grants permissions.'),
  );
}
