/**
 * What a message is to those who record it: its size at most, its id, what its reading comes to. Light: loads no class.
 */
import type { Command } from '../domain/acts.js';
import type { Refusal } from '../domain/decider.js';
import { uuidV5 } from '../encoding/uuid.js';
import { SLICE_BYTES } from './json/slices.js';

/** Largest message, UTF-8 bytes as handed in. */
export const MAX_MESSAGE_BYTES = SLICE_BYTES;
/**
 * Version 5 namespace of event ids: the id of an event is UUIDv5 of (source, id), so the same message always has the
 * same one.
 */
const EVENT_NAMESPACE = 'c8a7c5b0-6d3e-5b52-9f0a-1f5a3d1b7e21';

export function eventIdOf(source: string, id: string): string {
  return uuidV5(JSON.stringify([source, id]), EVENT_NAMESPACE);
}

export interface AcceptedMessage {
  readonly ok: true;
  readonly source: string;
  readonly id: string;
  readonly command: Command;
  /**
   * RFC 8785 JSON of type, subject, time, agency, actor and data: what a repeat is compared by. Kept as a digest only.
   */
  readonly content: string;
  /** The message as handed in, should it be refused later. */
  readonly original: string;
  /**
   * Why it is refused unless it repeats what was recorded before: only the rules of names, texts, identifiers and
   * traces speak against it, and they are younger than the first logs. Whoever records asks for this before anything is
   * decided.
   */
  readonly refusedUnlessRepeat: Refusal | null;
  readonly traceparent?: string;
  readonly tracestate?: string;
}

export interface RefusedMessage {
  readonly ok: false;
  /** As far as they could be read; identity numbers in them are masked. */
  readonly source: string | null;
  readonly id: string | null;
  readonly type: string | null;
  /** The message as handed in, where it is an object with source and id and not too large: such a refusal is kept. */
  readonly kept: string | null;
  readonly refusal: Refusal;
}

/**
 * Whether a message was refused because there was none: no JSON, two readings of it, or another value than an object,
 * which `details.json` names.
 */
export function isUnreadable({ code, details }: Refusal): boolean {
  return code === 'malformed' || (code === 'not-cloudevents' && details?.['json'] !== undefined);
}

export type ReadMessage = AcceptedMessage | RefusedMessage;
