/** How far the name of an actor can be trusted, and which acts ask for a token of the actor's own. */
import type { ActType, Command } from '../acts.js';
import { refuse, type Refused } from '../decider.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { Instant } from '../../time/instant.js';
import type { Caller } from './acts.js';
import { administratorRole, chainAt, holdsRole, type Agency } from './state.js';

/** `own-token`: by the token; `emitter`: by the system that sent it; `none`: by nobody. */
export type Attestation = 'own-token' | 'emitter' | 'none';

/** Who hands an act in, as far as it is known. */
export interface SenderFacts {
  readonly attestation: Attestation;
  /** null where nobody is identified. */
  readonly caller: Caller | null;
  /** Registers agencies and grants permissions, for any actor. */
  readonly operator: boolean;
  /** Whether callers are identified here at all. */
  readonly identity: boolean;
  /** The day by the clock, in Asia/Shanghai. */
  readonly today: CalendarDate;
  /** Whether the caller acts under this name in that agency today; absent = nobody is held to a name. */
  readonly actsAs?: (agency: string, actor: string) => boolean;
  /** By the clock, ms: the chain in force at recording is that of this instant. */
  readonly now: Instant;
}

/**
 * Whether the actor administers the agency on the day of the act. Where callers are identified he does today as well:
 * who was an administrator once gains nothing by dating back.
 */
export function administers(agency: Agency, { actor, on }: Pick<Command, 'actor' | 'on'>, sender: SenderFacts | undefined): boolean {
  const days = sender?.identity === true ? [on, sender.today] : [on];
  return days.every((day) => holdsRole(agency, actor, administratorRole, day));
}

/**
 * The acts of review, and those that take something back: `*.cleared` with any verdict, `*.approved`, `*.rejected`,
 * voids and erasures.
 */
function isAttested(type: ActType): boolean {
  return /\.(cleared|approved|rejected)$/.test(type) || type === 'record.voided' || type === 'record.erased';
}

/**
 * Where a chain is attested its acts ask for a token of the actor's own. The chain in force when the act was done and
 * the one in force now both ask: an act that is dated back escapes neither.
 */
export function refuseUnattested(command: Command, agency: Agency | null, sender: SenderFacts | undefined): Refused | null {
  if (agency === null || !isAttested(command.type) || sender?.attestation === 'own-token') return null;
  const chains = [chainAt(agency, command.instant), ...(sender === undefined ? [] : [chainAt(agency, sender.now)])];
  return chains.some((chain) => chain?.attested === true) ? attestationRequired(command.type) : null;
}

export function attestationRequired(type: ActType): Refused {
  return refuse(
    'attestation-required',
    `${type} is taken only with a token of the actor's own.`,
    'Send it with the token of the officer who acts, under the name bound to that token.',
  );
}
