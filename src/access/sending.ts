/** Whether a caller may send a message, and how far the name of its actor can then be trusted. */
import type { Caller } from '../domain/agency/acts.js';
import { attestationRequired, type Attestation } from '../domain/agency/attestation.js';
import type { ActType, Command } from '../domain/acts.js';
import { isPermissionType } from '../domain/agency/permissions.js';
import { refuse, type Refused } from '../domain/decider.js';
import type { Rights } from './rights.js';

/** Who sends: as its token names it. */
export interface SendingCaller {
  readonly caller: Caller;
  readonly operator: boolean;
}

/** What is asked of a message before anything else. */
export interface SentMessage {
  readonly source: string;
  readonly type: ActType;
  readonly agency: string;
  readonly actor: string;
  /** Of `agency.registered`: the agency above it. */
  readonly parent?: string | undefined;
}

export type Sending = { readonly ok: true; readonly attestation: Attestation } | Refused;

/** Acts an operator sends, for any actor, and no others. */
function isOperators(type: ActType): boolean {
  return type === 'agency.registered' || isPermissionType(type);
}

/** What the permission `emit` never covers: who the agency is, its calendar, what is erased. */
function isEmitted(type: ActType): boolean {
  return type === 'agency.figure-declared' || !(type.startsWith('agency.') || type === 'calendar.announced' || type === 'record.erased');
}

/**
 * The decision before any other: of a message nobody may send nothing is looked up. `own-token` where the actor is the
 * name that is bound to the caller there, else `emitter` where it may send for others from this source.
 */
export function decideSending(message: SentMessage, { operator }: SendingCaller, rights: Rights): Sending {
  const { type, agency, actor, parent, source } = message;
  if (operator) return isOperators(type) ? { ok: true, attestation: 'emitter' } : notPermitted(message, 'no operator sends it');
  // An agency that is not there yet is entered in the one above it.
  const entered = type === 'agency.registered' ? parent : agency;
  if (entered === undefined) return notPermitted(message, 'only an operator registers an agency without parent');
  if (rights.in(entered, 'act')?.actor === actor) return { ok: true, attestation: 'own-token' };
  const emit = isEmitted(type) ? rights.in(entered, 'emit') : null;
  if (emit !== null && (emit.sources === null || emit.sources.includes(source))) return { ok: true, attestation: 'emitter' };
  return notPermitted(message, `act as ${actor}, or emit from this source`);
}

/** Where callers are identified a command of this machine sets up nothing: it bears nobody's token. */
export function refuseLocal({ type }: Command): Refused | null {
  const setsUp =
    isPermissionType(type) ||
    ['agency.registered', 'agency.clearance-chain-set', 'agency.role-assigned', 'agency.role-ended'].includes(type);
  return setsUp ? attestationRequired(type) : null;
}

function notPermitted({ type, agency }: SentMessage, missing: string): Refused {
  return refuse(
    'not-permitted',
    `The caller may not send ${type} for ${agency}: ${missing}.`,
    'An administrator of the agency, or an operator, grants permissions (agency.permission-granted).',
  );
}
