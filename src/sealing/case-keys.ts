/**
 * Keys of cases: each case has one of its own, named in the log by a random id that says nothing about the case. Keys
 * are made in batches, one flush to disk for many, and handed out once: one that was made and not handed out before a
 * crash is never used.
 */
import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { sure } from '../encoding/unknown-values.js';
import { hkdf, Hmac } from './hmac.js';
import type { KeyStore } from './key-store.js';
import { TrialKeyStore } from './trial-keys.js';
import { sealWithIv, unseal, type Sealed } from './seal.js';

/** What names of keys of cases begin with: nothing destroys these for their age. */
const SCOPE = 'case-';
/** Keys made at once: few for who records by hand, more each time they run out soon. */
const SMALLEST_BATCH = 16;
const LARGEST_BATCH = 1024;
/** A batch used up within this time, ms, asks for a larger one. */
const SOON_MS = 10_000;
/** Keys held in memory, and cases whose first event is on its way. */
const REMEMBERED = 5_000;
/** Sealed texts are padded with spaces to a multiple of so many bytes, so that their lengths tell little. */
const STEP = 64;
const IV_BYTES = 12;

/** The key of one case, as three: what encrypts, what makes the initial values, what digests. */
export class CaseKey {
  readonly #encrypting: KeyObject;
  readonly #placing: Hmac;
  readonly #digesting: Hmac;

  constructor(
    readonly id: string,
    key: Buffer,
  ) {
    const [encrypting, placing, digesting] = hkdf(key, 'disclosure/case-key/1', 3) as [Buffer, Buffer, Buffer];
    // Thousands are remembered: one piece of memory each, out of no pool.
    const memory = Buffer.allocUnsafeSlow(2 * Hmac.BYTES);
    this.#placing = new Hmac(placing, memory.subarray(0, Hmac.BYTES));
    this.#digesting = new Hmac(digesting, memory.subarray(Hmac.BYTES, 2 * Hmac.BYTES));
    this.#encrypting = createSecretKey(encrypting);
  }

  /**
   * The same text in the same place has the same bytes: an append sent again is the same append. `place` names the
   * event, so no two events share a value.
   */
  seal(place: string, text: string): Sealed {
    const padded = text + ' '.repeat((STEP - (Buffer.byteLength(text) % STEP)) % STEP);
    const iv = this.#placing.digest(`${place}\n${padded}`).subarray(0, IV_BYTES);
    return sealWithIv(this.#encrypting, iv, place, padded);
  }

  /** With its padding; null where place or bytes are not those that were sealed. */
  open(place: string, sealed: Sealed): string | null {
    return unseal(this.#encrypting, place, sealed);
  }

  /** `hmac-sha256:<hex>`: equal texts of the case can be told by whoever holds its key, and guessed by nobody else. */
  digest(text: string): string {
    return `hmac-sha256:${this.#digesting.hex(text)}`;
  }
}

interface FreshKey {
  readonly id: string;
  readonly key: Buffer;
}

export class CaseKeys {
  readonly #store: KeyStore;
  readonly #now: () => number;
  readonly #known = new LRUCache<string, CaseKey>({ max: REMEMBERED });
  /**
   * Stream → the key it was given here. Its first event may be stored or not: sent again, it is sealed under the same
   * key.
   */
  readonly #assigned = new LRUCache<string, CaseKey>({ max: REMEMBERED });
  /** Durable and not handed out. */
  #fresh: FreshKey[] = [];
  #batch = SMALLEST_BATCH;
  #filledAt = Number.NEGATIVE_INFINITY;
  #filling: Promise<void> | null = null;

  constructor(store: KeyStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Throws where no key could be made now. */
  writable(): void {
    this.#store.writable();
  }

  /** The key of this id; null where it was destroyed, or where the store lacks it. */
  find(id: string): CaseKey | null {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const key = this.#store.get(SCOPE + id);
    return key === null ? null : this.#remember(new CaseKey(id, key));
  }

  /**
   * A key for a case that has none in the log: durable when it resolves, the same for the same stream until the log
   * names one.
   */
  async assign(stream: string): Promise<CaseKey> {
    let key = this.assignAtHand(stream);
    while (key === null) {
      await (this.#filling ??= this.#fill().finally(() => (this.#filling = null)));
      key = this.assignAtHand(stream);
    }
    return key;
  }

  /** The same without waiting; null where keys must be made first. */
  assignAtHand(stream: string): CaseKey | null {
    const assigned = this.#assigned.get(stream);
    if (assigned !== undefined) return assigned;
    const fresh = this.#fresh.pop();
    return fresh === undefined ? null : this.#give(stream, fresh);
  }

  #give(stream: string, fresh: FreshKey): CaseKey {
    const key = this.#remember(new CaseKey(fresh.id, fresh.key));
    this.#assigned.set(stream, key);
    return key;
  }

  /**
   * A key that nobody keeps: what is sealed under it is unreadable from the start. For what is still said of a case
   * that was erased.
   */
  throwaway(): CaseKey {
    return new CaseKey(randomUUID(), randomBytes(32));
  }

  /** The same keys for a trial: what it makes or destroys is so for it alone. */
  forTrial(): CaseKeys {
    return new CaseKeys(new TrialKeyStore(this.#store), this.#now);
  }

  /** Destroys keys for good; gives how many the store still held. */
  destroy(ids: readonly string[]): number {
    for (const id of ids) this.#known.delete(id);
    for (const [stream, { id }] of this.#assigned.entries()) if (ids.includes(id)) this.#assigned.delete(stream);
    return this.#store.destroy(ids.map((id) => SCOPE + id));
  }

  /** Takes back what was made and not handed out. */
  close(): void {
    const unused = this.#fresh.splice(0);
    if (unused.length === 0) return;
    try {
      this.#store.destroy(unused.map(({ id }) => SCOPE + id));
    } catch {
      // Another process holds the key store. They sealed nothing: left behind they do no harm.
    }
  }

  async #fill(): Promise<void> {
    const now = this.#now();
    this.#batch = now - this.#filledAt < SOON_MS ? Math.min(LARGEST_BATCH, this.#batch * 2) : SMALLEST_BATCH;
    this.#filledAt = now;
    const ids = Array.from({ length: this.#batch }, () => randomUUID());
    const keys = await this.#store.createAll(
      ids.map((id) => SCOPE + id),
      now,
    );
    this.#fresh.push(...ids.map((id, at) => ({ id, key: sure(keys[at]) })));
  }

  #remember(key: CaseKey): CaseKey {
    this.#known.set(key.id, key);
    return key;
  }
}
