/**
 * Who is let in, where callers are identified: a hook before path, parameters and body are looked at. 401 says only
 * that there is no good token; 403 names what is missing, alike whether what was asked for exists or not.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Identity } from '../../access/identity/identity.js';
import type { Rights, RightsReader } from '../../access/rights.js';
import { isSameCaller } from '../../domain/agency/permissions.js';
import type { Caller } from '../../domain/agency/acts.js';
import { ProblemException } from '../problem-details.filter.js';
import { problem } from '../problem.js';
import { headerValues } from '../wire/headers.js';
import { askerOf, type Asker } from './caller.js';
import type { Need } from './needs.js';

export interface AdmissionParts {
  readonly identity: Pick<Identity, 'check'>;
  readonly rights: Pick<RightsReader, 'of'>;
  /** Whether the read models have reached the end of the log since the start; waits a moment for it. */
  readonly started: () => Promise<boolean>;
  readonly operators: readonly Caller[];
  readonly publishedIsPublic: boolean;
  /** Told why a token was not taken, in a word. */
  readonly refused: (why: string) => void;
}

/** Asked without a token, and with a bad one too: what runs the service is not to need one. */
const HEALTH = /^\/health\//;
/** Addresses of the description, which no controller answers. */
const DESCRIPTION = /^\/(openapi\.json|docs)(\/|$)/;

/** Who came without a token where none is needed. */
const UNASKED: Asker = { identity: true, sender: { attestation: 'none', caller: null, identity: true }, rights: null };

function pathOf({ url }: FastifyRequest): string {
  return url.replace(/\?.*$/s, '');
}

function needOf(request: FastifyRequest): Need | undefined {
  return DESCRIPTION.test(pathOf(request)) ? 'nothing' : request.routeOptions.config.needs;
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
    request.asker = HEALTH.test(pathOf(request))
      ? UNASKED
      : await this.#identified(request, reply, this.#isPublic(needOf(request), request));
  }

  /** A hook of Fastify behind it: what may be asked. Errors: `ProblemException` 403. */
  async permit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const asker = askerOf(request);
    // What is at no address is at none for everybody.
    if (asker.rights === null || request.is404) return Promise.resolve();
    const need = needOf(request);
    const missing = this.#missing(need, asker, request);
    if (missing !== null) throw forbidden(missing);
    if (!this.#isPublic(need, request)) void reply.header('cache-control', 'private, no-cache');
  }

  #isPublic(need: Need | undefined, { query }: FastifyRequest): boolean {
    if (need === 'nothing') return true;
    if (!this.#parts.publishedIsPublic || need === undefined) return false;
    if (need === 'published') return true;
    const { view } = query as Readonly<Record<string, unknown>>;
    return typeof need === 'object' && 'agency' in need && need.published === true && view === 'published';
  }

  /** The asker of a good token; without rights where none came and none is needed. */
  async #identified(request: FastifyRequest, reply: FastifyReply, isPublic: boolean): Promise<Asker> {
    const { identity, operators, rights, refused } = this.#parts;
    // Addresses are written down on the way.
    if ('access_token' in queryOf(request)) {
      refused('in-query');
      throw unauthorized(reply, 'bad-token');
    }
    const verdict = await identity.check(headerValues(request.raw, 'authorization'));
    if (!verdict.ok) {
      if (verdict.code === 'no-token' && isPublic) return UNASKED;
      refused(verdict.why);
      throw unauthorized(reply, verdict.code);
    }
    // While they are built again a permission may be there, and its end not yet.
    if (!(await this.#parts.started())) throw notStarted();
    const { caller } = verdict;
    const operator = operators.some((one) => isSameCaller(one, caller));
    return { identity: true, sender: { attestation: 'none', caller, operator, identity: true }, rights: rights.of(caller) };
  }

  /** What the caller lacks for the route; null where it lacks nothing. */
  #missing(need: Need | undefined, { sender, rights }: Asker & { readonly rights: Rights | null }, request: FastifyRequest): string | null {
    const { operator = false } = sender;
    if (rights === null || need === undefined) return 'this address is answered to nobody';
    switch (need) {
      case 'nothing':
        return null;
      case 'published':
      case 'any':
        return rights.any || operator ? null : 'any permission';
      case 'send':
        return operator || rights.anywhere('emit') || rights.anywhere('act') ? null : 'emit or act in an agency';
      case 'operator':
        return operator ? null : 'to be an operator';
      case 'whole':
        return rights.whole ? null : 'audit with below on every agency that has no parent';
    }
    if ('anywhere' in need) return need.anywhere.some((one) => rights.anywhere(one)) ? null : `${need.anywhere.join(' or ')} in an agency`;
    const { agency } = request.params as Readonly<Record<string, string>>;
    if (operator && need.operator === true) return null;
    return need.agency.some((one) => rights.in(agency ?? '', one) !== null) ? null : `${need.agency.join(' or ')} in this agency`;
  }
}

const ABOUT = {
  'no-token': 'This address asks for a token.',
  'bad-token': 'The token is not taken.',
} as const;

function unauthorized(reply: FastifyReply, code: 'no-token' | 'bad-token'): ProblemException {
  void reply.header('www-authenticate', code === 'no-token' ? 'Bearer' : 'Bearer error="invalid_token"');
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
