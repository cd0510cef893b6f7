/**
 * The stored shape of an event against the domain's: `data` is what the message said plus `derived`, what the decision added; `metadata` is
 * the envelope it came in. Stored versions are upcast here, on the way out, and nowhere else.
 */
import type { Act, Command } from '../domain/case.js';
import type { Derived } from '../domain/decider.js';
import { caseName, dateInShanghai, parseCaseName, parseInstant } from '../domain/values.js';
import { currentVersion, isActType, type ActType } from './catalog.js';
import { upcast } from './upcasters.js';

/** How far the name of an actor can be trusted. */
export type Attestation = 'own-token' | 'emitter' | 'none';

/** Who sent the message and how it came: recorded beside the actor, never instead of it. */
export interface Provenance {
  readonly attestation: Attestation;
  readonly caller: string | null;
  readonly traceparent?: string;
  readonly tracestate?: string;
}

export interface ActMetadata {
  readonly source: string;
  readonly id: string;
  /** Digest of type, subject, time, agency, actor and data (RFC 8785): a repeat with another one is `id-reused`. */
  readonly digest: string;
  readonly agency: string;
  readonly subject: string;
  readonly at: string;
  readonly actor: string;
  readonly attestation: Attestation;
  readonly caller: string | null;
  readonly traceparent?: string;
  readonly tracestate?: string;
  /** The revision of the agency's stream the decision was made on; null before it had one. */
  readonly decidedOn: { readonly agency: number | null };
  readonly correlationId: string;
  /** The event this one was caused by; null for an act from outside. */
  readonly causationId: string | null;
}

/** The shape any log stores; kept structural so that this folder needs no adapter. */
export interface StoredShape {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface ReadShape extends StoredShape {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly recordedAt: string;
}

export interface MessageIdentity {
  readonly source: string;
  readonly messageId: string;
  readonly digest: string;
}

export function toStoredAct(
  command: Command,
  derived: Derived,
  identity: MessageIdentity,
  provenance: Provenance,
  decidedOn: number | null,
): StoredShape {
  const { traceparent, tracestate } = provenance;
  const metadata: ActMetadata = {
    source: identity.source,
    id: identity.messageId,
    digest: identity.digest,
    agency: command.agency,
    subject: caseName(command.subject),
    at: command.at,
    actor: command.actor,
    attestation: provenance.attestation,
    caller: provenance.caller,
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    decidedOn: { agency: decidedOn },
    correlationId: command.eventId,
    causationId: null,
  };
  return {
    id: command.eventId,
    type: command.type,
    version: currentVersion(command.type as ActType),
    data: { ...command.data, derived },
    metadata: { ...metadata },
  };
}

/** A stored act in today's shape, with what only its envelope says. Throws on a type or version this program does not know. */
export function toAct(event: ReadShape): Act & { readonly metadata: ActMetadata; readonly recordedAt: string } {
  if (!isActType(event.type)) throw new Error(`${event.type} is no act this program knows`);
  const metadata = event.metadata as unknown as ActMetadata;
  const instant = parseInstant(metadata.at);
  const subject = parseCaseName(metadata.subject);
  if (instant === null || subject === null) throw new Error(`event ${event.id} has no readable time or subject`);
  const { derived, ...data } = upcast(event.type, event.version, event.data) as { derived: Derived };
  return {
    type: event.type,
    eventId: event.id,
    agency: metadata.agency,
    subject: subject,
    at: metadata.at,
    instant,
    on: dateInShanghai(instant),
    actor: metadata.actor,
    data,
    derived,
    source: metadata.source,
    messageId: metadata.id,
    digest: metadata.digest,
    revision: event.revision,
    position: event.position,
    metadata,
    recordedAt: event.recordedAt,
  };
}
