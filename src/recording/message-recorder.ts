/**
 * One message from reading to receipt: recognised if it was recorded before, decided on the folded case and the agency's facts, appended with
 * the exact revision it was decided on, retried where somebody was faster. A refusal is kept before it is answered.
 */
import type { AnyData } from '../domain/acts.js';
import { decideCase, stands, unknownAgency, type DecisionContext } from '../domain/case.js';
import { applicationRules } from '../domain/application/rules.js';
import { agencyRules } from '../domain/agency/rules.js';
import { reportRules } from '../domain/report/rules.js';
import { refuse, type Refusal } from '../domain/decider.js';
import { rulesOf } from '../domain/kinds.js';
import { TRANSIENT_CODES } from '../domain/refusal-codes.js';
import { decisionAbout, isRemedy, type Remedy } from '../domain/small-kinds/remedy.js';
import { refuseYearNotBegun } from '../domain/begun-year.js';
import { caseName, parseCaseName, streamOf, type CaseRef } from '../domain/identifiers.js';
import { dateInShanghai, sameInstant } from '../time/instant.js';
import { storedAct, toStoredAct, type Attestation } from '../events/envelope.js';
import { contentOf } from '../intake/content.js';
import {
  MAX_MESSAGE_BYTES,
  readMessageBytes,
  readMessageValue,
  readTooLarge,
  type AcceptedMessage,
  type ReadMessage,
  type RefusedMessage,
} from '../intake/message.js';
import { inSlices, nextTurn } from '../intake/json/slices.js';
import { NamespaceOverlaps, StoreUnavailable, WrongExpectedRevision, type EventLog } from '../log/event-log.js';
import { FileGone } from '../sqlite/held-file.js';
import type { CaseKeys } from '../sealing/case-keys.js';
import { formCatalog } from '../statistics/forms/registry.js';
import { calendarFor, calendarLanes } from './calendars.js';
import { agencyOf, lineOf, type Load } from './agency-line.js';
import { digestUnder, hasContent, keyFor, missingKey } from './case-seal.js';
import { viewOf, type CaseStore, type LoadedCase } from './case-store.js';
import { reusedId } from './id-reused.js';
import { Lanes } from './lanes.js';
import type { KnownMessage, MessageIndex } from '../read-models/journal/message-index.js';
import { openerOf } from './opener.js';
import { receipt, refusedReceipt, type Receipt } from './receipts.js';
import type { RefusalService } from './refusal-service.js';
import type { RemedyIndex } from '../read-models/cases/remedy-index.js';
import type { ReportFactsSource } from './report-facts.js';

export type { Receipt } from './receipts.js';

export interface Sender {
  readonly attestation: Attestation;
  /** The authenticated caller; null without identity. */
  readonly caller: string | null;
}

export const NO_IDENTITY: Sender = { attestation: 'none', caller: null };

export interface RecorderParts {
  readonly log: EventLog;
  readonly cases: CaseStore;
  readonly index: MessageIndex;
  readonly remedies: RemedyIndex;
  readonly refusals: RefusalService;
  readonly reports: ReportFactsSource;
  readonly keys: CaseKeys;
  readonly now: () => number;
  /** Why nothing can be recorded, or kept as refused, before the store has answered once; null where it has; absent = it has. */
  readonly unavailable?: () => string | null;
}

/** Attempts against writers of other processes before `conflict`. */
const ATTEMPTS = 8;

/** The message that has the id already. */
interface Reused {
  readonly reused: KnownMessage;
}

interface Facts {
  readonly loaded: LoadedCase;
  readonly agencyCase: LoadedCase;
  readonly context: DecisionContext;
}

export class MessageRecorder {
  readonly #parts: RecorderParts;
  readonly #lanes = new Lanes();
  /** Event ids on their way to a commit. */
  readonly #waiting = new Map<string, Promise<Receipt>>();

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** A message as bytes of JSON. Never rejects: whatever happens is in the receipt. */
  async recordBytes(bytes: Uint8Array, sender: Sender): Promise<Receipt> {
    // Nothing of it is decided: others may have their turn while its name is looked for.
    if (bytes.length > MAX_MESSAGE_BYTES) return this.#record(await inSlices(readTooLarge(bytes), nextTurn), sender);
    return this.#record(readMessageBytes(bytes, this.#parts.now()), sender);
  }

  /** A message as a parsed JSON value. */
  recordValue(value: unknown, sender: Sender): Promise<Receipt> {
    return this.#record(readMessageValue(value, this.#parts.now()), sender);
  }

  async #record(message: ReadMessage, sender: Sender): Promise<Receipt> {
    // Whatever is recorded or refused is kept there: nobody waits for a store that is known to be away.
    const why = this.#parts.unavailable?.() ?? null;
    if (why !== null && (message.ok || message.kept !== null)) return refusedReceipt(message, unavailable(new StoreUnavailable(why)));
    if (!message.ok) return this.#refused(message);
    if (message.refusedUnlessRepeat === null) this.#rememberRemedy(message);
    try {
      const outcome = await (this.#parts.log.ordered ? this.#inOrder(message, sender) : this.#sideBySide(message, sender));
      if ('code' in outcome) return await this.#refused(asRefused(message, outcome));
      if (outcome.status === 'recorded') this.#parts.reports.recorded(message.command);
      return outcome;
    } catch (error) {
      // Whatever was decided on top of the lost event was rejected with it; nothing folded here can be trusted.
      this.#parts.cases.clear();
      return refusedReceipt(message, unavailable(error));
    }
  }

  /**
   * Over an ordered log messages are decided one after the other, in the order they came, and each waits for its commit outside the lane: the log has
   * the order of the file, and commits are shared.
   */
  async #inOrder(message: AcceptedMessage, sender: Sender): Promise<Receipt | Refusal> {
    const { settled } = await this.#lanes.run(['all'], [], async () => ({ settled: await this.#attempt(message, sender) }));
    return 'acknowledged' in settled ? settled.acknowledged : settled;
  }

  /** Over a shared log only messages that concern each other wait for each other, until the store has acknowledged. */
  #sideBySide(message: AcceptedMessage, sender: Sender): Promise<Receipt | Refusal> {
    const { command } = message;
    const stream = streamOf(command.agency, command.subject);
    const reads = [
      agencyStream(command.agency),
      ...referredAgencies(message),
      ...referredCases(message).map((ref) => streamOf(command.agency, ref)),
      ...this.#remediesOf(message),
    ];
    const calendars = calendarLanes(command);
    // What came before a compilation is in its table, if its index says so: it waits for everything of its agency.
    const compiles = command.type === 'report.compiled' ? [agencyStream(command.agency)] : [];
    return this.#lanes.run([stream, command.eventId, ...calendars.writes, ...compiles], [...reads, ...calendars.reads], async () => {
      const settled = await this.#attempt(message, sender);
      return 'acknowledged' in settled ? settled.acknowledged : settled;
    });
  }

  async #attempt(message: AcceptedMessage, sender: Sender): Promise<Receipt | Refusal | { readonly acknowledged: Promise<Receipt> }> {
    const { log, cases, index } = this.#parts;
    const { command } = message;
    const stream = streamOf(command.agency, command.subject);
    let fresh = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const facts = await this.#facts(message, fresh);
      const { loaded, agencyCase } = facts;
      const waiting = this.#waiting.get(command.eventId);
      if (waiting !== undefined) return { acknowledged: waiting.then(() => this.#repeated(message)) };
      const repeat = this.#recognise(message, loaded, index.find(command.eventId));
      // Another process may have erased the case since it was folded here: then a repeat is one whatever it says.
      if ((repeat === 'behind' || (repeat !== null && 'reused' in repeat)) && !fresh && !log.ordered) {
        fresh = true;
        continue;
      }
      if (repeat === 'behind') throw missingKey(stream);
      if (repeat !== null) return 'reused' in repeat ? await this.#reused(message, repeat) : repeat;
      const decision = await this.#decide(message, facts);
      if (!decision.ok) {
        // The states at hand may be behind what other processes recorded: nothing is refused on hearsay, and a repeat is not seen yet.
        if (fresh || log.ordered) return decision.refusal;
        fresh = true;
        continue;
      }
      const key = await keyFor(this.#parts.keys, command, loaded);
      const digest = digestUnder(key, message.content);
      const identity = { source: message.source, messageId: message.id, digest };
      const event = toStoredAct(command, decision.derived, identity, { ...sender, ...traceOf(message) }, agencyCase.revision, key);
      const appended = log.append(stream, loaded.revision ?? 'no-stream', [event]).then((stored) => {
        const { revision, position } = stored;
        index.remember(command.eventId, { stream, revision, position, digest });
        // From here on a crash only delays what every start does again.
        if (command.type === 'record.erased' && key !== null) this.#parts.keys.destroy([key.id]);
        return stored;
      });
      if (log.ordered) {
        const revision = (loaded.revision ?? -1) + 1;
        cases.recorded(loaded, storedAct({ ...event, stream, revision, position: '', recordedAt: '' }, command));
        return { acknowledged: this.#acknowledge(message, appended) };
      }
      try {
        const { revision, position, already } = await appended;
        cases.recorded(loaded, storedAct({ ...event, stream, revision, position, recordedAt: '' }, command));
        return receipt(message, already === true ? 'duplicate' : 'recorded', { stream, revision, position });
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        fresh = true;
      }
    }
    return refuse('conflict', 'Others keep writing to this case at the same time.', 'Send the same message again.').refusal;
  }

  /** What is new and may not be said so is not decided at all. */
  async #decide(message: AcceptedMessage, facts: Facts): Promise<ReturnType<typeof decide>> {
    const { refusedUnlessRepeat } = message;
    if (refusedUnlessRepeat !== null) return { ok: false, refusal: refusedUnlessRepeat };
    // What a report needs of tables there is none of for a year that has not begun.
    const unbegun = refuseYearNotBegun(message.command, dateInShanghai(this.#parts.now()));
    if (unbegun !== null) return unbegun;
    return decide(message, await this.#withReport(message, facts));
  }

  /** Until its commit the act stands in the folded case without a position; a repeat that comes meanwhile waits for the same commit. */
  #acknowledge(message: AcceptedMessage, appended: Promise<{ revision: number; position: string }>): Promise<Receipt> {
    const { eventId, agency, subject } = message.command;
    const acknowledged = appended.then(
      ({ revision, position }) => {
        this.#waiting.delete(eventId);
        return receipt(message, 'recorded', { stream: streamOf(agency, subject), revision, position });
      },
      (error: unknown) => {
        this.#waiting.delete(eventId);
        throw error;
      },
    );
    this.#waiting.set(eventId, acknowledged);
    acknowledged.catch(() => undefined);
    return acknowledged;
  }

  /** The answer to a message whose like was on its way when it came. */
  async #repeated(message: AcceptedMessage): Promise<Receipt> {
    const { loaded } = await this.#facts(message, false);
    const outcome = this.#recognise(message, loaded, this.#parts.index.find(message.command.eventId));
    if (outcome === null || outcome === 'behind') throw new StoreUnavailable('the message was on its way twice');
    return 'reused' in outcome ? this.#refused(asRefused(message, await this.#reused(message, outcome))) : outcome;
  }

  #reused(message: AcceptedMessage, { reused }: Reused): Promise<Refusal> {
    return reusedId(this.#parts.log, openerOf(this.#parts.keys), message, reused);
  }

  async #facts(message: AcceptedMessage, fresh: boolean): Promise<Facts> {
    const { cases } = this.#parts;
    const { command } = message;
    const load: Load = (agency, ref) => (fresh ? cases.reload(agency, ref) : cases.load(agency, ref));
    const loaded = await load(command.agency, command.subject);
    const agencyCase = command.subject.kind === 'agency' ? loaded : await load(command.agency, { kind: 'agency', number: command.agency });
    const agency = viewOf(agencyRules, agencyCase);
    const parentCode = referredAgencyCode(message);
    const parent = parentCode === undefined ? undefined : await this.#parent(parentCode, load);
    const existing: string[] = [];
    for (const ref of referredCases(message)) {
      if (stands((await load(command.agency, ref)).state)) existing.push(caseName(ref));
    }
    const context: DecisionContext = {
      agency,
      existingCases: new Set(existing),
      forms: formCatalog,
      ...(parent === undefined ? {} : { parent }),
      ...(await calendarFor(command, loaded, agency, load)),
      ...(needsDecisions(message, loaded) ? { decisions: await this.#decisions(message, load) } : {}),
    };
    return { loaded, agencyCase, context };
  }

  /** What a report's act is decided on besides; asked only of a new message, as it takes the read models. */
  async #withReport({ command }: AcceptedMessage, facts: Facts): Promise<Facts> {
    if (command.subject.kind !== 'report' || facts.context.agency === null) return facts;
    // Over an ordered log what came before may still be on its way to a commit.
    await Promise.allSettled(this.#waiting.values());
    return { ...facts, context: { ...facts.context, ...(await this.#parts.reports.factsFor(command, viewOf(reportRules, facts.loaded))) } };
  }

  /** Decided remedies about the application of this message: the one it names, or whichever are known. */
  async #decisions({ command }: AcceptedMessage, load: Load): Promise<NonNullable<DecisionContext['decisions']>> {
    const application = caseName(command.subject);
    const { orderedBy }: AnyData = command.data;
    const candidates = orderedBy === undefined ? this.#parts.remedies.naming(command.agency, application) : [orderedBy];
    const decisions: { case: string; instant: number; at: string }[] = [];
    for (const name of candidates) {
      const ref = parseCaseName(name);
      if (ref === null || !isRemedy(ref.kind)) continue;
      const { state } = await load(command.agency, ref);
      const decision = decisionAbout(state.view as Remedy, application);
      if (decision !== null) decisions.push({ case: name, ...decision });
    }
    return decisions;
  }

  /** Streams of the remedies that may let an answer be drafted anew: what is on its way to them comes first. */
  #remediesOf({ command }: AcceptedMessage): string[] {
    if (command.type !== 'application.reply-drafted') return [];
    const names = this.#parts.remedies.naming(command.agency, caseName(command.subject));
    return names.flatMap((name) => {
      const ref = parseCaseName(name);
      return ref === null ? [] : [streamOf(command.agency, ref)];
    });
  }

  /** As soon as it comes: what is remembered is a hint where to look, read again from the log before it decides anything. */
  #rememberRemedy({ command }: AcceptedMessage): void {
    const { application }: AnyData = command.data;
    if (isRemedy(command.subject.kind) && application !== undefined)
      this.#parts.remedies.remember(command.agency, application, caseName(command.subject));
  }

  /** The agency named as parent, with every agency above it. */
  async #parent(code: string, load: Load): Promise<NonNullable<DecisionContext['parent']>> {
    const agency = await agencyOf(code, load);
    // On the farthest day every change that is known is in force.
    const [, ...lineage] = agency === null ? [] : await lineOf(agency, '9999-12-31', load);
    return { agency, lineage };
  }

  /** The receipt of a message that was recorded before, or what has its id; null for a new one; `behind` where the state at hand cannot tell. */
  #recognise(message: AcceptedMessage, loaded: LoadedCase, elsewhere: KnownMessage | null): Receipt | Reused | 'behind' | null {
    const { command } = message;
    const stream = streamOf(command.agency, command.subject);
    const own = loaded.state.byEventId.get(command.eventId);
    // One recorded by this process has no position in the fold: the index learned it at its commit.
    const known =
      own === undefined || own.position === '' ? elsewhere : { stream, revision: own.revision, position: own.position, digest: own.digest };
    if (known === null) return null;
    // Where the same instant was written otherwise, the message is digested with the time that was stored.
    const rewritten = own !== undefined && own.at !== command.at && sameInstant(own.at, command.at);
    const content = rewritten ? contentOf(command, own.at) : message.content;
    const same = known.stream === stream ? hasContent(this.#parts.keys, content, loaded, known.digest) : false;
    if (same === null) return 'behind';
    if (!same) return { reused: known };
    const voidedBy = loaded.state.voided.get(command.eventId);
    return receipt(message, 'duplicate', known, voidedBy);
  }

  /** Keeps the refusal, then answers it. A refusal that could not be kept is not answered as final: the message must be sent again. */
  async #refused(message: RefusedMessage): Promise<Receipt> {
    if (message.kept !== null && !TRANSIENT_CODES.has(message.refusal.code)) {
      try {
        await this.#parts.refusals.keep(message);
      } catch (error) {
        return refusedReceipt(message, unavailable(error));
      }
    }
    return refusedReceipt(message, message.refusal);
  }
}

function decide(message: AcceptedMessage, { loaded, context }: Facts): ReturnType<typeof decideCase> {
  const { command } = message;
  if (context.agency === null && command.type !== 'agency.registered') {
    return unknownAgency(command);
  }
  return decideCase(loaded.rules, loaded.state, command, context);
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

function agencyStream(code: string): string {
  return streamOf(code, { kind: 'agency', number: code });
}

function referredAgencyCode({ command }: AcceptedMessage): string | undefined {
  return command.type === 'agency.registered' || command.type === 'agency.changed' ? command.data.parent : undefined;
}

function referredAgencies(message: AcceptedMessage): string[] {
  const code = referredAgencyCode(message);
  return code === undefined ? [] : [agencyStream(code)];
}

/** Cases of the same agency that the act refers to. */
function referredCases({ command }: AcceptedMessage): CaseRef[] {
  const { of, application, publication, orderedBy }: AnyData = command.data;
  const names = isRemedy(command.subject.kind) ? [application, publication] : [of, orderedBy];
  return names.flatMap((name) => {
    const ref = parseCaseName(name);
    return ref === null || rulesOf(ref.kind) === undefined ? [] : [ref];
  });
}

/** An answer made again, or drafted after the close, stands on decisions of other cases. */
function needsDecisions({ command }: AcceptedMessage, loaded: LoadedCase): boolean {
  if (command.type === 'application.reply-remade') return true;
  return command.type === 'application.reply-drafted' && viewOf(applicationRules, loaded).closed !== null;
}

function traceOf({ traceparent, tracestate }: AcceptedMessage): { traceparent?: string; tracestate?: string } {
  return { ...(traceparent === undefined ? {} : { traceparent }), ...(tracestate === undefined ? {} : { tracestate }) };
}
