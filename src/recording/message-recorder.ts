/**
 * One message from reading to receipt: recognised if it was recorded before, decided on the folded case and the
 * agency's facts, appended with the exact revision it was decided on. A refusal is kept before it is answered. How
 * messages wait for each other is the strategy's (ordered-log.ts, shared-log.ts).
 */
import { refuse, type Refusal } from '../domain/decider.js';
import { isAgencyCode } from '../domain/identifiers.js';
import { membersOf } from '../encoding/unknown-values.js';
import { isActType, withoutPrefix } from '../events/catalog.js';
import { UNKEPT_CODES } from '../domain/refusal-codes.js';
import { inSlices, nextTurn } from '../intake/json/slices.js';
import { actTypeOf, schemaAddress } from '../intake/schemas/addresses.js';
import { MAX_MESSAGE_BYTES, type AcceptedMessage, type ReadMessage, type RefusedMessage } from '../intake/message.js';
import { NamespaceOverlaps, StoreUnavailable } from '../log/event-log.js';
import { FileGone } from '../sqlite/held-file.js';
import type { SentMessage } from '../access/sending.js';
import type { CaseStore } from './facts/case-store.js';
import { FactsReader, type FactsParts } from './facts/facts.js';
import { OrderedLog } from './ordered-log.js';
import { Preparation, type PreparationParts } from './preparation.js';
import { refusedReceipt, type Receipt } from './receipts.js';
import type { RefusalService } from './refusal-service.js';
import { callerOf, type Sender } from './sender.js';
import { SendingCheck, type SendingParts } from './sending-check.js';
import { SharedLog } from './shared-log.js';
import type { RecordingStrategy } from './strategy.js';

export interface RecorderParts extends FactsParts, SendingParts, Omit<PreparationParts, 'facts' | 'sending' | 'rights'> {
  readonly rights: PreparationParts['rights'];
  readonly cases: CaseStore;
  readonly refusals: Pick<RefusalService, 'keep'>;
  /**
   * Why nothing can be recorded, or kept as refused: the store has not answered yet, or not for a while; null while it
   * does; absent = it does.
   */
  readonly unavailable?: () => string | null;
  /** null where there is room for another message, else resolves when there is; absent = there always is. */
  readonly room?: () => Promise<unknown> | null;
}

type Reader = typeof import('../intake/message-reader.js');

let loading: Promise<Reader> | null = null;
/** Set when those who wait for it go on, as the first of them: who comes later overtakes nobody. */
let loaded: Reader | null = null;

/**
 * The reader comes with the first message: what only reads starts without the classes of all types. Every message that
 * comes before it waits for the same promise, so messages are read in the order they were handed in.
 */
function messageReader(): Promise<Reader> {
  if (loading === null) {
    loading = import('../intake/message-reader.js');
    loading.then(
      (reader) => (loaded = reader),
      () => undefined,
    );
  }
  return loading;
}

export class MessageRecorder {
  readonly #parts: RecorderParts;
  readonly #facts: FactsReader;
  readonly #sending: SendingCheck;
  readonly #strategy: RecordingStrategy;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#facts = new FactsReader(parts);
    this.#sending = new SendingCheck(parts);
    const preparation = new Preparation({ ...parts, facts: this.#facts, sending: this.#sending });
    const common = { cases: parts.cases, facts: this.#facts, preparation, room: parts.room ?? (() => null) };
    this.#strategy = parts.log.ordered ? new OrderedLog(common) : new SharedLog(common);
  }

  /** A message as bytes of JSON. Never rejects: whatever happens is in the receipt. */
  async recordBytes(bytes: Uint8Array, sender: Sender): Promise<Receipt> {
    const { readMessageBytes, readTooLarge } = loaded ?? (await messageReader());
    // Nothing of it is decided: others may have their turn while its name is looked for.
    if (bytes.length > MAX_MESSAGE_BYTES) return this.#record(await inSlices(readTooLarge(bytes), nextTurn), sender);
    return this.#record(readMessageBytes(bytes, this.#parts.now()), sender);
  }

  /** A message as a parsed JSON value. */
  async recordValue(value: unknown, sender: Sender): Promise<Receipt> {
    const { readMessageValue } = loaded ?? (await messageReader());
    return this.#record(readMessageValue(value, this.#parts.now()), sender);
  }

  async #record(message: ReadMessage, sender: Sender): Promise<Receipt> {
    // Whatever is recorded or refused is kept there: nobody waits for a store that is known to be away.
    const why = this.#parts.unavailable?.() ?? null;
    if (why !== null && (message.ok || message.kept !== null)) return refusedReceipt(message, unavailable(new StoreUnavailable(why)));
    try {
      if (callerOf(sender) !== null) await this.#sending.known(sender);
    } catch (error) {
      return refusedReceipt(message, unavailable(error));
    }
    if (!message.ok) return this.#unread(message, sender);
    const sending = this.#sending.of(message, sender);
    // Before a repeat is looked for: of what somebody may not send nothing is told, and nothing is kept.
    if (!sending.ok) return refusedReceipt(message, withSchema(sending.refusal, message.command.type));
    if (message.refusedUnlessRepeat === null) this.#facts.remember(message);
    try {
      const outcome = await this.#strategy.record(message, { ...sender, attestation: sending.attestation });
      if ('code' in outcome) return await this.#refused(asRefused(message, outcome), sender);
      if (outcome.status === 'recorded') this.#parts.reports.recorded(message.command);
      return outcome;
    } catch (error) {
      // Whatever was decided on top of the lost event was rejected with it; nothing folded here can be trusted.
      this.#parts.cases.clear();
      return refusedReceipt(message, unavailable(error));
    }
  }

  /** A message that cannot be read is kept for the agency it names, by who may send to it, and by nobody else. */
  async #unread(message: RefusedMessage, sender: Sender): Promise<Receipt> {
    const caller = callerOf(sender);
    if (caller === null || message.kept === null) return this.#refused(message, sender);
    const named = namedIn(message.kept);
    const sending = named === null ? null : this.#sending.named(named, sender);
    if (sending === null) return refusedReceipt(message, message.refusal);
    return sending.ok ? this.#refused(message, sender) : refusedReceipt(message, withSchema(sending.refusal, message.type));
  }

  /**
   * Keeps the refusal, then answers it. A refusal that could not be kept is not answered as final: the message must be
   * sent again.
   */
  async #refused(message: RefusedMessage, sender: Sender): Promise<Receipt> {
    const taught = { ...message, refusal: withSchema(message.refusal, message.type) };
    if (message.kept !== null && !UNKEPT_CODES.has(message.refusal.code)) {
      try {
        await this.#parts.refusals.keep(taught, sender);
      } catch (error) {
        return refusedReceipt(message, unavailable(error));
      }
    }
    return refusedReceipt(taught, taught.refusal);
  }
}

/** What a message says of who sends what where; null where it does not say it. */
function namedIn(kept: string): SentMessage | null {
  const { source, type, agency, actor, data } = membersOf(JSON.parse(kept));
  const name = typeof type === 'string' ? withoutPrefix(type) : null;
  if (name === null || !isActType(name) || !isAgencyCode(agency) || typeof actor !== 'string' || typeof source !== 'string') return null;
  const { parent } = membersOf(data);
  return { source, type: name, agency, actor, parent: typeof parent === 'string' ? parent : undefined };
}

/**
 * With the address of the schema of what the message wants to be, where there is such a type. No schema mends an id
 * that is taken, and of another agency's id nothing is told.
 */
function withSchema(refusal: Refusal, named: string | null): Refusal {
  const type = actTypeOf(named);
  return type === null || refusal.code === 'id-reused'
    ? refusal
    : { ...refusal, details: { ...refusal.details, schema: schemaAddress(type) } };
}

function unavailable(error: unknown): Refusal {
  const message =
    error instanceof StoreUnavailable || error instanceof NamespaceOverlaps || error instanceof FileGone
      ? error.message
      : `unexpected: ${error instanceof Error ? error.message : String(error)}`;
  return refuse('store-unavailable', message, 'Nothing is known to be recorded: send the same message again, it will not count twice.')
    .refusal;
}

function asRefused(message: AcceptedMessage, refusal: Refusal): RefusedMessage {
  return { ok: false, source: message.source, id: message.id, type: message.command.type, kept: message.original, refusal };
}
