/**
 * A message up to its append: recognised if it was recorded before, decided if it is new, and made into an event. Both
 * strategies go through here.
 */
import type { SenderFacts } from '../domain/agency/attestation.js';
import type { RightsReader } from '../access/rights.js';
import { decideCase, unknownAgency } from '../domain/case.js';
import { refuseYearNotBegun } from '../domain/begun-year.js';
import type { Refusal } from '../domain/decider.js';
import { streamOf } from '../domain/identifiers.js';
import { toStoredAct } from '../events/envelope.js';
import { contentOf } from '../intake/content.js';
import type { AcceptedMessage } from '../intake/message.js';
import type { Appended, EventLog, NewEvent } from '../log/event-log.js';
import type { KnownMessage, MessageIndex } from '../read-models/journal/message-index.js';
import type { CaseKeys } from '../sealing/case-keys.js';
import { dateInShanghai, sameInstant, type Instant } from '../time/instant.js';
import { digestUnder, hasContent, keyFor, missingKey } from './facts/case-seal.js';
import type { LoadedCase } from './facts/case-store.js';
import type { Facts, FactsReader } from './facts/facts.js';
import { reusedId } from './id-reused.js';
import { openerOf } from './facts/opener.js';
import { receipt, type Receipt } from './receipts.js';
import { callerOf, type Sender } from './sender.js';
import type { SendingCheck } from './sending-check.js';

/** What recording asks of a log. */
export type RecordedLog = Pick<EventLog, 'ordered' | 'append' | 'readStream'>;

export interface PreparationParts {
  readonly log: RecordedLog;
  readonly index: Pick<MessageIndex, 'find' | 'remember'>;
  readonly keys: CaseKeys;
  readonly facts: FactsReader;
  /** What callers may, where they are identified. */
  readonly rights: RightsReader;
  readonly sending: SendingCheck;
  readonly now: () => number;
}

/** A new act as it goes into the log, behind the revision it was decided on. */
export interface Prepared {
  readonly stream: string;
  readonly loaded: LoadedCase;
  readonly event: NewEvent;
  /** Appends it; what a commit makes known is remembered by then. Errors: those of the log. */
  readonly append: () => Promise<Appended>;
}

/**
 * What came of a message before any append. `stale`: the states at hand may be behind what other processes recorded;
 * read again.
 */
export type Outcome = Receipt | Refusal | 'stale' | Prepared;

interface Course {
  /** Nothing newer can be read: what would be `stale` is answered. */
  readonly final: boolean;
  /** Resolves when what this process took before is in the log. */
  readonly settled: () => Promise<unknown>;
}

/** The message that has the id already. */
interface Reused {
  readonly reused: KnownMessage;
}

export class Preparation {
  readonly #parts: PreparationParts;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
  }

  /** Errors: `StoreUnavailable`, also where the key of a case that has one is not at hand. */
  async prepare(message: AcceptedMessage, sender: Sender, facts: Facts, { final, settled }: Course): Promise<Outcome> {
    const repeat = this.#recognise(message, facts.loaded);
    // Another process may have erased the case since it was folded here: then a repeat is one whatever it says.
    const unsure = facts.guessed || repeat === 'behind' || (repeat !== null && 'reused' in repeat);
    if (repeat !== null && unsure && !final) return 'stale';
    if (repeat !== null) return this.#repeated(message, repeat);
    const decision = await this.#decide(message, sender, { facts, settled });
    // Nothing is refused on hearsay, and a repeat is not seen yet.
    if (!decision.ok) return final ? decision.refusal : 'stale';
    return this.#made(message, sender, facts, decision.derived);
  }

  /**
   * The answer to a message whose like was on its way when it came. Errors: `StoreUnavailable` where that is known of
   * neither.
   */
  async repeated(message: AcceptedMessage, { loaded }: Facts): Promise<Receipt | Refusal | null> {
    const repeat = this.#recognise(message, loaded);
    return repeat === null || repeat === 'behind' ? null : this.#repeated(message, repeat);
  }

  async #repeated(message: AcceptedMessage, repeat: Receipt | Reused | 'behind'): Promise<Receipt | Refusal> {
    const { log, keys } = this.#parts;
    const { command } = message;
    if (repeat === 'behind') throw missingKey(streamOf(command.agency, command.subject));
    return 'reused' in repeat ? reusedId(log, openerOf(keys), message, repeat.reused) : repeat;
  }

  /**
   * The receipt of a message that was recorded before, or what has its id; null for a new one; `behind` where the state
   * at hand cannot tell.
   */
  #recognise(message: AcceptedMessage, loaded: LoadedCase): Receipt | Reused | 'behind' | null {
    const { index, keys } = this.#parts;
    const { command } = message;
    const { stream } = loaded;
    const elsewhere = index.find(command.eventId);
    const own = loaded.state.byEventId.get(command.eventId);
    // One recorded by this process has no position in the fold: the index learned it at its commit.
    const known =
      own === undefined || own.position === '' ? elsewhere : { stream, revision: own.revision, position: own.position, digest: own.digest };
    if (known === null) return null;
    // Where the same instant was written otherwise, the message is digested with the time that was stored.
    const rewritten = own !== undefined && own.at !== command.at && sameInstant(own.at, command.at);
    const content = rewritten ? contentOf(command, own.at) : message.content;
    const same = known.stream === stream ? hasContent(keys, content, loaded, known.digest) : false;
    if (same === null) return 'behind';
    if (!same) return { reused: known };
    const voidedBy = loaded.state.voided.get(command.eventId);
    return receipt(message, 'duplicate', known, voidedBy);
  }

  /** What is new and may not be said so is not decided at all. */
  async #decide(
    message: AcceptedMessage,
    sender: Sender,
    { facts, settled }: { readonly facts: Facts; readonly settled: () => Promise<unknown> },
  ): Promise<ReturnType<typeof decideCase>> {
    const { refusedUnlessRepeat, command } = message;
    if (refusedUnlessRepeat !== null) return { ok: false, refusal: refusedUnlessRepeat };
    // What a report needs of tables there is none of for a year that has not begun.
    const { now, rights } = this.#parts;
    const said = senderFacts(sender, now(), rights);
    const unbegun = refuseYearNotBegun(command, said.today);
    if (unbegun !== null) return unbegun;
    const { facts: reader } = this.#parts;
    const { loaded, context } = reader.needsMore(message, facts) ? await reader.withMore(message, facts, settled) : facts;
    if (context.agency === null && command.type !== 'agency.registered') return unknownAgency(command);
    return decideCase(loaded.rules, loaded.state, command, { ...context, sender: said });
  }

  async #made(
    message: AcceptedMessage,
    sender: Sender,
    { loaded, agencyCase }: Facts,
    derived: Parameters<typeof toStoredAct>[1],
  ): Promise<Prepared> {
    const { log, index, keys, sending } = this.#parts;
    const { command } = message;
    const { stream } = loaded;
    const found = keyFor(keys, command, loaded);
    const key = found instanceof Promise ? await found : found;
    const digest = digestUnder(key, message.content);
    const identity = { source: message.source, messageId: message.id, digest };
    const event = toStoredAct(command, derived, identity, { ...sender, ...traceOf(message) }, agencyCase.revision, key);
    const condition = { revision: loaded.revision ?? ('no-stream' as const), still: sending.still(message, sender) };
    const append = async (): Promise<Appended> => {
      const appended = await log.append(stream, condition, [event]);
      const { revision, position } = appended;
      index.remember(command.eventId, { stream, revision, position, digest });
      // From here on a crash only delays what every start does again.
      if (command.type === 'record.erased' && key !== null) keys.destroy([key.id]);
      return appended;
    };
    return { stream, loaded, event, append };
  }
}

function senderFacts(sender: Sender, now: Instant, rights: RightsReader): SenderFacts {
  const { attestation, operator = false, identity = false } = sender;
  const caller = callerOf(sender);
  const facts = { attestation, caller, operator, identity, today: dateInShanghai(now), now };
  if (caller === null) return facts;
  return { ...facts, actsAs: (agency, actor) => rights.of(caller).in(agency, 'act')?.actor === actor };
}

function traceOf({ traceparent, tracestate }: AcceptedMessage): { traceparent?: string; tracestate?: string } {
  return { ...(traceparent === undefined ? {} : { traceparent }), ...(tracestate === undefined ? {} : { tracestate }) };
}
