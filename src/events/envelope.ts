/**
 * The stored shape of an event against the domain's: `data` is what the message said plus `derived`, what the decision
 * added; `metadata` is the envelope it came in. Sealed fields are sealed here on the way in, and opened on the way out
 * for whoever brings the keys; everybody else sees the event without them. Stored versions are upcast here, on the way
 * out, and nowhere else.
 */
import type { Act, ActType, AnyAct } from '../domain/acts.js';
import type { Caller } from '../domain/agency/acts.js';
import type { Attestation } from '../domain/agency/attestation.js';
import { caseName, parseCaseName, streamOf, type CaseRef } from '../domain/identifiers.js';
import { dateInShanghai, parseInstant, type Instant } from '../time/instant.js';
import { currentVersion, isActType } from './catalog.js';
import { mergeSealed, splitSealed, type Plain } from './sealed-fields.js';
import { upcast } from './upcasters.js';

/** Who sent the message and how it came: recorded beside the actor, never instead of it. */
export interface Provenance {
  readonly attestation: Attestation;
  readonly caller: Caller | string | null;
  readonly traceparent?: string;
  readonly tracestate?: string;
}

export interface ActMetadata {
  readonly source: string;
  readonly id: string;
  /**
   * Digest of type, subject, time, agency, actor and data (RFC 8785): a repeat with another one is `id-reused`.
   * `sha256:` or, of cases with a key, `hmac-sha256:` under it; these had `sha256:` before there were keys.
   */
  readonly digest: string;
  /** Id of the case's key; absent for kinds without one, and in events from before there were keys. */
  readonly sealKey?: string;
  readonly agency: string;
  readonly subject: string;
  readonly at: string;
  readonly actor: string;
  readonly attestation: Attestation;
  readonly caller: Caller | string | null;
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

/** As stored; `alg` says how it is sealed. */
export interface SealedValue {
  readonly alg: string;
  readonly iv: string;
  readonly tag: string;
  readonly text: string;
}

/** What seals the fields of one case. */
export interface Sealer {
  readonly id: string;
  seal(place: string, text: string): SealedValue;
}

/** The JSON of the sealed fields of an event; null where its key was destroyed or is not at hand. */
export type Opener = (place: string, sealed: SealedValue, key: string) => string | null;

/** Authenticated with what is sealed: it opens in no other event, stream or type. */
function placeOf(stream: string, eventId: string, type: string): string {
  return `${stream}\n${eventId}\n${type}`;
}

/** `sealer` is the key of the case; null for a kind that has none. */
export function toStoredAct(
  command: AnyAct,
  derived: object,
  identity: MessageIdentity,
  provenance: Provenance,
  decidedOn: number | null,
  sealer: Sealer | null,
): StoredShape {
  const { traceparent, tracestate } = provenance;
  const metadata: ActMetadata = {
    source: identity.source,
    id: identity.messageId,
    digest: identity.digest,
    ...(sealer === null ? {} : { sealKey: sealer.id }),
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
    version: currentVersion(command.type),
    data: { ...(sealer === null ? command.data : sealFields(command, sealer)), derived },
    metadata: { ...metadata },
  };
}

function sealFields({ type, agency, subject, eventId, data }: AnyAct, sealer: Sealer): Plain {
  const { clear, sealed } = splitSealed(type, subject.kind, data);
  if (sealed === null) return clear;
  return { ...clear, sealed: sealer.seal(placeOf(streamOf(agency, subject), eventId, type), JSON.stringify(sealed)) };
}

/** An act as its stored form gives it, before or without opening. */
interface Closed {
  readonly data: Plain;
  readonly sealed: SealedValue | undefined;
  readonly derived: object;
}

function closedOf(event: StoredShape, type: ActType): Closed {
  const { derived, sealed, ...data } = upcast(type, event.version, event.data) as { derived: object; sealed?: SealedValue };
  return { data, sealed, derived };
}

/**
 * The sealed fields of a stored act alone, in the shape of `data`; null where it has none, or they cannot be opened any
 * more. Those of an event from before there were keys are read as they stand.
 */
export function sealedTexts(event: ReadShape, open: Opener): Plain | null {
  if (!isActType(event.type)) return null;
  const { subject, sealKey } = metadataOf(event);
  const { data, sealed } = closedOf(event, event.type);
  if (sealed === undefined) return splitSealed(event.type, parseCaseName(subject)?.kind ?? '', data).sealed;
  const text = open(placeOf(event.stream, event.id, event.type), sealed, sealKey ?? '');
  return text === null ? null : (JSON.parse(text) as Plain);
}

/** Whether the act holds sealed fields, opened or not. */
export function holdsSealed(event: ReadShape): boolean {
  return event.data['sealed'] !== undefined || (event.version === 1 && sealedTexts(event, () => null) !== null);
}

/** `data` of the events `access.granted` and `access.refused`. */
export interface AccessData {
  readonly agency: string;
  /** `kind/number`. */
  readonly case: string;
  readonly actor: string;
  readonly reason: string;
  readonly caller: Caller | string | null;
}

export function accessIn({ data }: Pick<StoredShape, 'data'>): AccessData {
  return data as unknown as AccessData;
}

function metadataOf({ metadata }: Pick<StoredShape, 'metadata'>): ActMetadata {
  return metadata as unknown as ActMetadata;
}

/** Id of the key of the case, as far as the event of an act names it. */
export function sealKeyOf(event: Pick<StoredShape, 'metadata'>): string | null {
  return metadataOf(event).sealKey ?? null;
}

/** A recorded act with what only its envelope says. */
export type StoredAct = Act & { readonly metadata: ActMetadata; readonly recordedAt: string };

/**
 * A stored act in today's shape, with what only its envelope says: with its sealed fields as far as `open` gives them,
 * without any where it is not given. Throws on a type or version this program does not know.
 */
export function toAct(event: ReadShape, open?: Opener): StoredAct {
  const read = readAct(event);
  const { clear } = splitSealed(read.type, read.subject.kind, read.closed.data);
  const texts = open === undefined ? null : sealedTexts(event, open);
  return typed(event, { ...read, derived: read.closed.derived }, texts === null ? clear : mergeSealed(clear, texts));
}

/** The act that was just stored: what its message said is at hand, read already, sealed fields too. */
export function storedAct(event: ReadShape, { type, instant, subject, data }: AnyAct): StoredAct {
  const { derived } = event.data as { readonly derived: object };
  return typed(event, { type, instant, subject, derived, metadata: metadataOf(event) }, data);
}

/** The act without its sealed fields. */
export function withoutSealed(act: Act): Act {
  const { clear } = splitSealed(act.type, act.subject.kind, act.data);
  return { ...act, data: clear } as unknown as Act;
}

interface KnownAct {
  readonly type: ActType;
  readonly metadata: ActMetadata;
  readonly instant: Instant;
  readonly subject: CaseRef;
}

function readAct(event: ReadShape): KnownAct & { readonly closed: Closed } {
  const { type } = event;
  if (!isActType(type)) throw new Error(`${type} is no act this program knows`);
  const metadata = metadataOf(event);
  const instant = parseInstant(metadata.at);
  const subject = parseCaseName(metadata.subject);
  if (instant === null || subject === null) throw new Error(`event ${event.id} has no readable time or subject`);
  return { type, metadata, instant, subject, closed: closedOf(event, type) };
}

/**
 * The one place where stored bytes become a typed act: what a type holds was validated before it was stored, and upcast
 * since.
 */
function typed(
  event: ReadShape,
  { type, metadata, instant, subject, derived }: KnownAct & { readonly derived: object },
  data: object,
): StoredAct {
  return {
    type,
    eventId: event.id,
    agency: metadata.agency,
    subject,
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
  } as unknown as StoredAct;
}
