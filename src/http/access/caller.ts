/** Who asks, as the hook of admission found out, and what it may: for the handlers behind it. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Permission } from '../../domain/agency/acts.js';
import { READERS } from './needs.js';
import type { Rights } from '../../access/rights.js';
import type { Standing } from '../../access/standing.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { NO_IDENTITY, type Sender } from '../../recording/sender.js';

export interface Asker {
  /** Whether callers are identified here at all. */
  readonly identity: boolean;
  readonly sender: Sender;
  /** null without identity, where everybody may everything, and for who came without a token. */
  readonly rights: Rights | null;
  /** What an answer that goes on asks again; null as `rights` is. */
  readonly standing: Standing | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    asker?: Asker;
  }
}

const EVERYBODY: Asker = { identity: false, sender: NO_IDENTITY, rights: null, standing: null };

export function askerOf(request: Pick<FastifyRequest, 'asker'>): Asker {
  return request.asker ?? EVERYBODY;
}

/**
 * Who may keep the answer on its way: `public` where it is what everybody is given without a token; undefined where
 * nobody is identified.
 */
export function keptBy({ identity, rights }: Asker): 'public' | 'private' | undefined {
  return identity ? (rights === null ? 'public' : 'private') : undefined;
}

/** Whether the asker holds one of these in the agency; everybody does where nobody is identified. */
export function holds({ identity, rights }: Asker, agency: string, permissions: readonly Permission[]): boolean {
  return !identity || permissions.some((permission) => rights?.in(agency, permission) != null);
}

/** The asker with what it may at this moment, for what is answered piece by piece. */
export function askedNow(asker: Asker): Asker {
  return asker.standing === null ? asker : { ...asker, rights: asker.standing.rights() };
}

/**
 * The name under which the asker acts in the agency, for what only its officers are shown; null where it acts under
 * none, undefined where nobody is identified.
 */
export function officerIn({ identity, rights }: Asker, agency: string): string | null | undefined {
  return identity ? (rights?.in(agency, 'act')?.actor ?? null) : undefined;
}

/**
 * Of an agency that it names the asker holds one of these, whether there is such an agency or not. Errors:
 * `not-permitted`.
 */
export function requireAny(asker: Asker, agency: string, permissions: readonly Permission[]): void {
  if (holds(asker, agency, permissions)) return;
  throw new QueryProblem(
    'not-permitted',
    `The caller lacks ${permissions.join(' or ')} in this agency.`,
    'An administrator of the agency, or an operator, grants permissions.',
  );
}

/**
 * What is told of the agencies below, such as a roll-up and its cases, is for who holds one of the permissions there
 * too. Errors: `not-permitted`.
 */
export function requireBelow({ identity, rights }: Asker, agency: string, permissions: readonly Permission[] = READERS): void {
  if (!identity || permissions.some((permission) => rights?.below(agency, permission) === true)) return;
  throw new QueryProblem(
    'not-permitted',
    `The caller lacks ${permissions.join(' or ')} with below in this agency.`,
    'Ask for the agency alone, or for a permission with below.',
  );
}

/** The asker of a request, as a parameter of a handler. */
export const Asking = createParamDecorator((_: unknown, context: ExecutionContext): Asker =>
  askerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
