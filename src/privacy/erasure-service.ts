/**
 * ErasureService are events first, and only then is a key destroyed. Whoever sees one in the log destroys its key: the
 * process that recorded it, every replica when its read models come to it, and each start before anything is served. So
 * a crash in between is made good, and so is a key store that was restored from before.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../encoding/unknown-values.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { CaseKeys } from '../sealing/case-keys.js';
import type { CaseStore } from '../recording/facts/case-store.js';
import type { Erased } from '../read-models/accesses/accesses.js';
import { erasedCases } from '../read-models/accesses/access-rows.js';

/** How long it waits before it tries again to destroy what it could not, ms. */
const RETRY_MS = 1000;

export interface ErasureParts {
  readonly store: ReadStore;
  readonly keys: CaseKeys;
  readonly cases: CaseStore;
  /** Hears what an operator should know, a line each. */
  readonly notice: (line: string) => void;
}

export class ErasureService {
  readonly #parts: ErasureParts;
  readonly #end = new AbortController();

  constructor(parts: ErasureParts) {
    this.#parts = parts;
  }

  /**
   * Destroys the keys of every erasure that the read models know. Errors: those of the key store: nothing may be served
   * before this is done.
   */
  replay(): void {
    const ids = erasedCases(this.#parts.store.db).map(({ key }) => key);
    const destroyed = this.#parts.keys.destroy(ids);
    if (destroyed > 0)
      this.#parts.notice(`${destroyed} keys of erased cases were still in the key store, such as after a restore: destroyed again`);
  }

  /** Whoever applies the events died, and may not have told of the last erasures: all of them are seen again. */
  seeAll(): void {
    this.seen(erasedCases(this.#parts.store.db));
  }

  /** These erasures were applied to the read models. */
  seen(erased: readonly Erased[]): void {
    if (erased.length === 0) return;
    for (const { stream } of erased) this.#parts.cases.forgetTexts(stream);
    void this.#destroy(erased.map(({ key }) => key));
  }

  /** Until it succeeds: a disk may be full, another process may hold the file. */
  async #destroy(ids: readonly string[]): Promise<void> {
    for (let tries = 0; !this.#end.signal.aborted; tries += 1) {
      try {
        this.#parts.keys.destroy(ids);
        return;
      } catch (error) {
        if (tries === 0) this.#parts.notice(`the key of an erased case could not be destroyed, trying again: ${messageOf(error)}`);
        await sleep(RETRY_MS, undefined, { signal: this.#end.signal }).catch(() => undefined);
      }
    }
  }

  stop(): void {
    this.#end.abort();
  }
}
