/**
 * Refused messages are kept: each on a stream of its own, sealed whole under a key of its own, once per (source, id,
 * digest, code) with a count. Whoever mends the cause sends them again. After 400 days the key is destroyed, and with
 * it the text, also in every backup of the log.
 */
import { v4 as uuidv4 } from 'uuid';
import type { Refusal } from '../domain/decider.js';
import { isAgencyCode } from '../domain/identifiers.js';
import { membersOf } from '../encoding/unknown-values.js';
import type { RefusalEventType } from '../events/catalog.js';
import type { RefusedMessage } from '../intake/message.js';
import { canonicalJson } from '../encoding/canonical-json.js';
import { WrongExpectedRevision, type EventLog, type JsonObject } from '../log/event-log.js';
import { readWholeStream } from '../log/pages.js';
import type { ReadStore } from '../read-models/read-store.js';
import { preparedOnce, type Preparing } from '../sqlite/statements.js';
import type { KeyStore } from '../sealing/key-store.js';
import { keyedDigest, seal, unseal, type Sealed } from '../sealing/seal.js';
import { findAgencyId } from '../read-models/agencies/agency-reader.js';
import { openRefusal, placeOfRefusal, type RefusalRow } from '../read-models/refusals/refusal-rows.js';
import { listRefusals, type RefusalContent, type RefusalPage, type RefusalQuestion, type RefusalSight } from './refusal-list.js';
import type { Sender } from './sender.js';

/** Who handed a refused message in, as far as it is known. */
type RefusedSender = Pick<Sender, 'caller'>;

export const KEEP_DAYS = 400;
const DAY_MS = 24 * 60 * 60 * 1000;
/** What streams and keys of refusals begin with. */
const SCOPE = 'refusal-';

export class RefusalService {
  readonly #parts: { readonly log: EventLog; readonly store: ReadStore; readonly keys: KeyStore; readonly now: () => number };
  #preparing: Preparing | null = null;

  constructor(parts: { readonly log: EventLog; readonly store: ReadStore; readonly keys: KeyStore; readonly now: () => number }) {
    this.#parts = parts;
  }

  /** Prepared with the first question, as who opens the ledger for another one must not fail on older tables. */
  get #db(): Preparing {
    return (this.#preparing ??= preparedOnce(this.#parts.store.db));
  }

  /**
   * Keeps a refused message; durable when it resolves. The same refusal again only adds to the count, and to those who
   * sent it.
   */
  async keep(refused: RefusedMessage, { caller }: RefusedSender): Promise<void> {
    const { keys, log, now } = this.#parts;
    const { kept, refusal } = refused;
    if (kept === null) return;
    const refusalId = this.#refusalId(kept, refusal);
    const stream = streamOfRefusal(refusalId);
    const key = await keys.create(stream, now());
    const sealed = seal(key, stream, JSON.stringify({ message: kept, error: refusal } satisfies RefusalContent));
    const sent =
      caller === null ? {} : { caller: typeof caller === 'string' ? caller : { issuer: caller.issuer, subject: caller.subject } };
    const agency = this.agencyOf(kept);
    const data = { refusalId, ...(agency === null ? {} : { agency }), ...sent, code: refusal.code, sealed };
    try {
      await log.append(stream, 'no-stream', [this.#event('refusal.kept', data)]);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      // What was kept before may be unreadable by now, its key destroyed: then the text is kept anew.
      const readable = this.message(refusalId) !== null;
      const again = readable ? this.#event('refusal.repeated', { refusalId, ...sent }) : this.#event('refusal.kept', data);
      await log.append(stream, 'any', [again]);
    }
  }

  /**
   * The message was sent again and recorded: it leaves the list, not the log. Of several who sent it again at once the
   * first settles it: the list may not know yet.
   */
  async settle(refusalId: string): Promise<void> {
    const { log } = this.#parts;
    const stream = streamOfRefusal(refusalId);
    for (;;) {
      const last = (await readWholeStream(log, stream)).at(-1);
      if (last === undefined || last.type === 'refusal.settled') return;
      try {
        await log.append(stream, last.revision, [this.#event('refusal.settled', { refusalId })]);
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
      }
    }
  }

  /** The registered agency a message names. Of any other text nothing is noted in the clear: it may be anything. */
  agencyOf(message: string): string | null {
    const { agency } = membersOf(JSON.parse(message));
    return isAgencyCode(agency) && findAgencyId(this.#db, agency) !== undefined ? agency : null;
  }

  /** Id by (source, id, digest, code), keyed: whoever does not hold the key store cannot test guesses against it. */
  #refusalId(message: string, refusal: Refusal): string {
    let content: string;
    try {
      const { source, id, type, subject, time, agency, actor, data } = JSON.parse(message) as JsonObject;
      content = canonicalJson({ source, id, type, subject, time, agency, actor, data });
    } catch {
      // Broken Unicode, endless numbers or depth have no canonical form: the text tells messages apart well enough.
      content = message;
    }
    const digest = keyedDigest(this.#parts.keys.secret, `${refusal.code}\n${content}`).toString('hex');
    return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  }

  #event(type: RefusalEventType, data: JsonObject): { id: string; type: string; version: number; data: JsonObject; metadata: JsonObject } {
    const id = uuidv4();
    return { id, type, version: 1, data, metadata: { correlationId: id, causationId: null } };
  }

  /** A page of open refusals, newest first. Errors: those of `listRefusals`. */
  list(question: RefusalQuestion = {}): RefusalPage {
    return listRefusals(
      {
        db: this.#db,
        since: this.#parts.now() - KEEP_DAYS * DAY_MS,
        refusals: { open: (row) => this.open(row), agencyOf: (message) => this.agencyOf(message) },
      },
      question,
    );
  }

  /**
   * Whether the caller may see the refusal, settled or not; false where there is none. Of what is not there any more is
   * told only whom it was shown to.
   */
  isSeen(refusalId: string, { caller, sees }: Pick<RefusalSight, 'caller' | 'sees'>): boolean {
    const place = placeOfRefusal(this.#db, refusalId, caller);
    return place !== undefined && sees(place.agency, place.own === 1);
  }

  /** The refused message as it was handed in, JSON text; null where there is none, or it was settled or erased. */
  message(refusalId: string): string | null {
    const row = openRefusal(this.#db, refusalId);
    return row === undefined ? null : (this.open(row)?.message ?? null);
  }

  /** null where its key was destroyed. */
  open(row: RefusalRow): RefusalContent | null {
    const stream = streamOfRefusal(row.refusal_id);
    const key = this.#parts.keys.get(stream);
    const text = key === null ? null : unseal(key, stream, JSON.parse(row.sealed) as Sealed);
    return text === null ? null : (JSON.parse(text) as RefusalContent);
  }

  /** Destroys the keys of refusals older than 400 days. */
  sweep(): number {
    return this.#parts.keys.destroyBefore(SCOPE, this.#parts.now() - KEEP_DAYS * DAY_MS);
  }
}

function streamOfRefusal(refusalId: string): string {
  return `${SCOPE}${refusalId}`;
}
