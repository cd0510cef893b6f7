/**
 * What the pages need of the edge beside them, which they may not import: who asks, what that caller may, and how a
 * problem is told. src/main.ts hands it in.
 */
import type { QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { Permission } from '../domain/agency/acts.js';
import type { Asking, PersonalData } from '../privacy/personal-data-service.js';
import type { RefusalSight } from '../recording/refusal-list.js';

/** Who looks at a page, and what he may. */
export interface Visitor {
  /** Whether callers are identified here at all; where they are not everybody sees everything. */
  readonly identified: boolean;
  readonly operator: boolean;
  /** Whether he holds one of these in the agency. */
  readonly holds: (agency: string, permissions: readonly Permission[]) => boolean;
  /** The name under which he acts in the agency; null where he does not, undefined where nobody is identified. */
  readonly officerIn: (agency: string) => string | null | undefined;
  /** Which refusals he sees; undefined = all. */
  readonly refusals: () => RefusalSight | undefined;
  /** Whether the proof of this event is for him: who audits its agency, and for what is of none the whole ledger. */
  readonly seesProof: (eventId: string) => boolean;
  /**
   * Sealed texts of a case, given to him after the access was recorded. Errors: those of `PersonalDataService.reveal`;
   * `not-permitted` where he does not act under that name.
   */
  readonly reveal: (asked: Omit<Asking, 'caller'>) => Promise<PersonalData>;
}

/** A problem as RFC 9457 has it. */
export interface Trouble {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

/** Waiting for the read models. Errors: `QueryProblem` `not-reached`. */
export interface Waits {
  readonly caughtUp: () => Promise<void>;
  readonly waitForMoment: (asOf: string | undefined) => Promise<void>;
}

/** That something newer was recorded, as it comes; a place is a bookmark of the feed. */
export interface Changes {
  /** Where a page stands that is drawn now. */
  readonly place: () => string;
  /**
   * An event stream of what comes behind a place and is for who asks; it ends with a permission of his, or his token.
   * `stream`: of one case alone. Errors: `QueryProblem` `unknown-agency`, `bad-parameter`.
   */
  readonly follow: (
    request: FastifyRequest,
    watched: { readonly agency: string; readonly stream?: string },
    after: string | undefined,
  ) => Readable;
}

export interface Door {
  readonly queries: Pick<QueryBus, 'execute'>;
  readonly readModels: Waits;
  readonly changes: Changes;
  readonly visitorOf: (request: FastifyRequest) => Visitor;
  /** Notes the problem for log and metrics, and gives it. */
  readonly troubleOf: (request: FastifyRequest, error: unknown) => Trouble;
}
