/**
 * Refused messages are kept: each on a stream of its own, sealed whole under a key of its own, once per (source, id,
 * digest, code) with a count. Whoever mends the cause sends them again. After 400 days the key is destroyed, and with
 * it the text, also in every backup of the log.
 */
import { v4 as uuidv4 } from 'uuid';
import type { Refusal } from '../domain/decider.js';
import { formatInstant } from '../time/instant.js';
import type { RefusalEventType } from '../events/catalog.js';
import { eventIdOf, type RefusedMessage } from '../intake/message.js';
import { masked } from '../intake/personal-data.js';
import { canonicalJson } from '../encoding/canonical-json.js';
import { WrongExpectedRevision, type EventLog, type JsonObject } from '../log/event-log.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { KeyStore } from '../sealing/key-store.js';
import { keyedDigest, seal, unseal, type Sealed } from '../sealing/seal.js';
import { standsBehind } from '../read-models/journal/event-place.js';
import { openRefusals, openRefusal, type RefusalRow } from '../read-models/refusals/refusal-rows.js';
import { LIST_LIMIT } from '../read-models/lists.js';

export interface KeptRefusal {
  readonly refusalId: string;
  /** Identity numbers in source and id are masked: what was handed in stays sealed. */
  readonly source: string;
  readonly id: string;
  readonly type: string | null;
  readonly error: Refusal;
  /** How often the same message was refused for the same reason. */
  readonly count: number;
  /** RFC 3339. */
  readonly lastAt: string;
}

interface Content {
  /** JSON text as handed in. */
  readonly message: string;
  readonly error: Refusal;
}

export const KEEP_DAYS = 400;
const DAY_MS = 24 * 60 * 60 * 1000;
/** What streams and keys of refusals begin with. */
const SCOPE = 'refusal-';

export class RefusalService {
  readonly #parts: { readonly log: EventLog; readonly store: ReadStore; readonly keys: KeyStore; readonly now: () => number };

  constructor(parts: { readonly log: EventLog; readonly store: ReadStore; readonly keys: KeyStore; readonly now: () => number }) {
    this.#parts = parts;
  }

  /** Keeps a refused message; durable when it resolves. The same refusal again only adds to the count. */
  async keep(refused: RefusedMessage): Promise<void> {
    const { keys, log, now } = this.#parts;
    const { kept, refusal } = refused;
    if (kept === null) return;
    const refusalId = this.#refusalId(kept, refusal);
    const stream = streamOfRefusal(refusalId);
    const key = await keys.create(stream, now());
    const sealed = seal(key, stream, JSON.stringify({ message: kept, error: refusal } satisfies Content));
    try {
      await log.append(stream, 'no-stream', [this.#event('refusal.kept', { refusalId, code: refusal.code, sealed })]);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      // What was kept before may be unreadable by now, its key destroyed: then the text is kept anew.
      const readable = this.message(refusalId) !== null;
      const again = readable
        ? this.#event('refusal.repeated', { refusalId })
        : this.#event('refusal.kept', { refusalId, code: refusal.code, sealed });
      await log.append(stream, 'any', [again]);
    }
  }

  /** The message was sent again and recorded: it leaves the list, not the log. */
  async settle(refusalId: string): Promise<void> {
    await this.#parts.log.append(streamOfRefusal(refusalId), 'any', [this.#event('refusal.settled', { refusalId })]);
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

  /**
   * Open refusals, newest first, at most 1000; those whose key was destroyed are gone, and those whose source and id
   * were recorded since, whichever way and with whatever content. A refusal that came after the record stays: somebody
   * uses the id anew.
   */
  list(): KeptRefusal[] {
    const { store, now } = this.#parts;
    const rows = openRefusals(store.db, now() - KEEP_DAYS * DAY_MS);
    const listed: KeptRefusal[] = [];
    for (const row of rows) {
      const content = this.#open(row);
      if (content === null) continue;
      const { source, id, type } = JSON.parse(content.message) as { source: string; id: string; type?: unknown };
      if (standsBehind(store.db, eventIdOf(source, id), row.last_idx)) continue;
      listed.push({
        refusalId: row.refusal_id,
        source: masked(source),
        id: masked(id),
        type: typeof type === 'string' ? type : null,
        error: content.error,
        count: row.count,
        lastAt: formatInstant(row.last_at),
      });
      if (listed.length === LIST_LIMIT) break;
    }
    return listed;
  }

  /** The refused message as it was handed in, JSON text; null where there is none, or it was settled or erased. */
  message(refusalId: string): string | null {
    const row = openRefusal(this.#parts.store.db, refusalId);
    return row === undefined ? null : (this.#open(row)?.message ?? null);
  }

  #open(row: RefusalRow): Content | null {
    const stream = streamOfRefusal(row.refusal_id);
    const key = this.#parts.keys.get(stream);
    const text = key === null ? null : unseal(key, stream, JSON.parse(row.sealed) as Sealed);
    return text === null ? null : (JSON.parse(text) as Content);
  }

  /** Destroys the keys of refusals older than 400 days. */
  sweep(): number {
    return this.#parts.keys.destroyBefore(SCOPE, this.#parts.now() - KEEP_DAYS * DAY_MS);
  }
}

function streamOfRefusal(refusalId: string): string {
  return `${SCOPE}${refusalId}`;
}
