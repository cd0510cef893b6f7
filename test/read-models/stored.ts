/**
 * Events put into the log directly, as no recorder would: what a newer program, a fault or a forger might leave there.
 */
import { randomUUID } from 'node:crypto';
import type { EventLog, NewEvent } from '../../src/log/event-log.js';
import { AGENCY, at, hashOf } from '../support/messages.js';

export interface Foreign {
  readonly type: string;
  readonly version?: number;
  readonly subject: string;
  readonly data?: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
}

export function foreignEvent({ type, version = 1, subject, data = {}, metadata = {} }: Foreign): NewEvent {
  const id = randomUUID();
  const envelope = {
    source: '/foreign',
    id: `foreign-${id}`,
    digest: hashOf(id),
    agency: AGENCY,
    subject,
    at: at('2017-06-01'),
    actor: 'clerk',
    attestation: 'none',
    caller: null,
    decidedOn: { agency: null },
    correlationId: id,
    causationId: null,
  };
  return { id, type, version, data: { derived: { basis: [], role: null }, ...data }, metadata: { ...envelope, ...metadata } };
}

/** Appends it to the stream of its case; gives its id. */
export async function appendForeign(log: EventLog, foreign: Foreign): Promise<string> {
  const event = foreignEvent(foreign);
  const slash = foreign.subject.indexOf('/');
  await log.append(`${foreign.subject.slice(0, slash)}-${AGENCY}${foreign.subject.slice(slash)}`, 'any', [event]);
  return event.id;
}
