/** A message as a sender hands it in, as it is sent, and what the service answers to it. */
import { EmitterError } from './emitter-error.js';
import { REFERENCES, type DataByType } from './messages.js';
import { member, messageOf, parsed, text } from './values.js';

/** Largest message, bytes of its JSON in UTF-8: what the service takes. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

export type MessageType = keyof DataByType;

interface Said {
  /** The case, `kind/number`. */
  readonly subject: string;
  /** When the act happened, RFC 3339 with an offset. */
  readonly time: string;
  /** Code of the agency whose figures it enters. */
  readonly agency: string;
  /** The officer who acted. */
  readonly actor: string;
  /**
   * With `source` the name of the message. One of your own makes a message that you hand in twice count once; without
   * it the emitter gives one, the same for every time it is sent.
   */
  readonly id?: string;
  /** The system that sends; that of the emitter where it is absent. */
  readonly source?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** Where nothing must be said, `data` may be left out. */
type Data<D> = string extends keyof D
  ? { readonly data?: D }
  : Partial<D> extends D
    ? { readonly data?: Readonly<D> }
    : { readonly data: Readonly<D> };

/** A message of one type. */
export type MessageOf<T extends MessageType> = { [K in T]: Said & { readonly type: K } & Data<DataByType[K]> }[T];

/** Every message that there is, told apart by `type`. */
export type Message = MessageOf<MessageType>;

/** A message as it is sent: the whole CloudEvent. */
export type SentMessage = Message & { readonly specversion: '1.0'; readonly id: string; readonly source: string };

/** What the service answers to one message. */
export interface Receipt {
  readonly source: string | null;
  readonly id: string | null;
  readonly status: 'recorded' | 'duplicate' | 'refused';
  readonly stream: string | null;
  readonly revision: number | null;
  readonly position: string | null;
  readonly eventIds: readonly string[];
  /** Why it was refused. Branch on `code`; `message` and `hint` are for people. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string; readonly details?: unknown };
}

/** A message ready for the outbox. */
export interface Written {
  /** The CloudEvent as JSON: these bytes are sent, every time. */
  readonly json: string;
  readonly bytes: number;
  readonly source: string;
  readonly id: string;
}

const REQUIRED = ['type', 'subject', 'time', 'agency', 'actor', 'source', 'id'] as const;

/**
 * The message as it will be sent, with an id where it has none. What it says is for the service to judge. Errors:
 * `EmitterError` `bad-message`, `too-large`.
 */
export function write(message: Message, source: string | undefined): Written {
  const whole = { specversion: '1.0', ...message, source: message.source ?? source, id: message.id ?? globalThis.crypto.randomUUID() };
  for (const name of REQUIRED)
    if (text(whole, name) === undefined || text(whole, name) === '')
      throw new EmitterError('bad-message', `${name} must be a text${name === 'source' ? ', here or in the options of the emitter' : ''}`);
  let json: string;
  try {
    json = JSON.stringify(whole);
  } catch (cause) {
    throw new EmitterError('bad-message', `the message cannot be written as JSON: ${messageOf(cause)}`, cause);
  }
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_MESSAGE_BYTES)
    throw new EmitterError('too-large', `the message has ${bytes} bytes, more than ${MAX_MESSAGE_BYTES}: send hashes, not documents`);
  return { json, bytes, source: whole.source ?? '', id: whole.id };
}

/** A message of the outbox as its sender knows it. Errors: throws for what `write` did not write. */
export function sentMessage(json: string): SentMessage {
  const message = parsed(json);
  if (!isSent(message)) throw new EmitterError('outbox-damaged', 'what waits in the outbox is no message');
  return message;
}

function isSent(value: unknown): value is SentMessage {
  return REQUIRED.every((name) => text(value, name) !== undefined);
}

/** A case as others are kept apart from it: the numbers of two agencies are different cases. */
export function caseLane(agency: string, subject: string): string {
  return `${agency} ${subject}`;
}

/** What `caseLane` put together: codes of agencies have no blanks. */
export function caseOf(lane: string): { readonly agency: string; readonly subject: string } {
  const blank = lane.indexOf(' ');
  return { agency: lane.slice(0, blank), subject: lane.slice(blank + 1) };
}

/** Which cases a message changes, and which it rests on. */
export interface Lanes {
  readonly writes: readonly string[];
  readonly reads: readonly string[];
}

/** Kinds of cases on which all others of their agency rest: roles, chain, working days. */
const ABOVE_ALL = ['agency/', 'calendar/'];

/** The lanes of a message in JSON: its own case, the set-up of its agency, the cases that its data refer to. */
export function lanesOf(json: string): Lanes {
  const message = parsed(json);
  const agency = text(message, 'agency') ?? '';
  const subject = text(message, 'subject') ?? '';
  const data = member(message, 'data');
  const references = (REFERENCES[text(message, 'type') ?? ''] ?? []).flatMap((field) => text(data, field) ?? []);
  const parent = text(data, 'parent');
  const reads = [...references.map((reference) => caseLane(agency, reference)), ...(parent === undefined ? [] : [setUpLane(parent)])];
  const own = caseLane(agency, subject);
  const isAboveAll = ABOVE_ALL.some((kind) => subject.startsWith(kind));
  return isAboveAll ? { writes: [own, setUpLane(agency)], reads } : { writes: [own], reads: [...reads, setUpLane(agency)] };
}

function setUpLane(agency: string): string {
  return `${agency} *`;
}
