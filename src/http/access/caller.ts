/** Who asks, as the hook of admission found out, and what it may: for the handlers behind it. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Permission } from '../../domain/agency/acts.js';
import type { Rights } from '../../access/rights.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import { NO_IDENTITY, type Sender } from '../../recording/sender.js';

export interface Asker {
  /** Whether callers are identified here at all. */
  readonly identity: boolean;
  readonly sender: Sender;
  /** null without identity, where everybody may everything, and for who came without a token. */
  readonly rights: Rights | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    asker?: Asker;
  }
}

const EVERYBODY: Asker = { identity: false, sender: NO_IDENTITY, rights: null };

export function askerOf(request: Pick<FastifyRequest, 'asker'>): Asker {
  return request.asker ?? EVERYBODY;
}

/** Whether the asker holds one of these in the agency; everybody does where nobody is identified. */
export function holds({ identity, rights }: Asker, agency: string, permissions: readonly Permission[]): boolean {
  return !identity || permissions.some((permission) => rights?.in(agency, permission) != null);
}

/**
 * What is told of the agencies below, such as a roll-up and its cases, is for who holds one of the permissions there
 * too. Errors: `not-permitted`.
 */
export function requireBelow(
  { identity, rights }: Asker,
  agency: string,
  permissions: readonly Permission[] = ['read', 'act', 'audit'],
): void {
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
