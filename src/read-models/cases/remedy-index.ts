/**
 * Which reconsiderations, lawsuits and complaints name an application: candidates only, each is read from the log
 * before anything is decided on it. The read store knows what it has seen; what this process recorded since is
 * remembered here.
 */
import type Database from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { ReadStore } from '../read-store.js';

/** Applications whose remedies are remembered: far more than are recorded before the read store has seen them. */
const REMEMBERED = 20_000;

export class RemedyIndex {
  readonly #find: Database.Statement<unknown[], string>;
  readonly #recent = new LRUCache<string, readonly string[]>({ max: REMEMBERED });

  constructor(store: ReadStore) {
    this.#find = store.db
      .prepare<unknown[], string>(
        `SELECT s.subject FROM names a JOIN remedies r ON r.agency_id = a.name_id JOIN streams s ON s.stream_id = r.stream_id
         WHERE a.name = ? AND r.application = ? ORDER BY r.stream_id`,
      )
      .pluck();
  }

  /** Cases (`kind/number`) of the agency. */
  naming(agency: string, application: string): string[] {
    const recent = this.#recent.get(`${agency} ${application}`) ?? [];
    return [...new Set([...this.#find.all(agency, application), ...recent])];
  }

  remember(agency: string, application: string, remedy: string): void {
    const key = `${agency} ${application}`;
    this.#recent.set(key, [...(this.#recent.get(key) ?? []), remedy]);
  }
}
