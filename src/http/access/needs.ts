/** What a caller must hold for a route: every route says it, and one that says nothing is answered to nobody. */
import type { Permission } from '../../domain/agency/acts.js';
import { withRouteConfig } from '../route-config.js';

/**
 * `nothing`: answered without a token. `published`: without a token where `DISCLOSURE_PUBLIC=published`, else as `any`.
 * `any`: some permission somewhere. `somebody`: the same, or an operator. `send`: `emit` or `act` somewhere, or an
 * operator; each message is decided by itself.
 * `operator`: one of `DISCLOSURE_OPERATORS`. `whole`: `audit` with `below` on every agency that has no parent.
 * `agency`: one of these in the agency of the address; or to be an operator, or an administrator of its permissions,
 * where the route says so; `published`: also without a token, as the public sees it. `anywhere`: one of these
 * somewhere; the answer holds what it covers.
 */
export type Need =
  | 'nothing'
  | 'published'
  | 'any'
  | 'somebody'
  | 'send'
  | 'operator'
  | 'whole'
  | { readonly agency: readonly Permission[]; readonly published?: Published; readonly operator?: true; readonly administrator?: true }
  | { readonly anywhere: readonly Permission[]; readonly published?: Published; readonly operator?: true };

/** Any of these shows the tables of an agency. */
export const READERS: readonly Permission[] = ['read', 'act', 'audit'];

/** `view`: in the view `published` alone; `always`: whatever is asked, the answer holds what was published. */
export type Published = 'view' | 'always';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: nobody is answered where callers are identified. */
    readonly needs?: Need;
    /** Of OPTIONS: what a read of the address needs. Where that is public, so is what may be asked there. */
    readonly reads?: Need | undefined;
  }
}

export const Needs = (needs: Need): MethodDecorator => withRouteConfig({ needs });
