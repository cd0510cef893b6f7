/**
 * What the read store took of the stream of checkpoints, found again by the id of its event: one that was put in
 * between or taken out moves those behind it, and is one finding all the same.
 */
import type Database from 'better-sqlite3';
import type { ReadStore } from '../../read-models/read-store.js';
import { one } from '../../sqlite/statements.js';
import type { Findings } from './findings.js';

export interface Taken {
  readonly revision: number;
  /** null where the read models could not read it. */
  readonly size: number | null;
  /** null for what was cosigned, and where the read models could not read it. */
  readonly note: string | null;
}

const TAKEN = 'SELECT revision, event_id AS eventId, size, note FROM checkpoints';

type Row = Taken & { readonly eventId: Buffer };

export class TakenCheckpoints {
  readonly #store: ReadStore;
  readonly #scratch: Database.Database;
  readonly #findings: Findings;
  readonly #at: Database.Statement<unknown[], Row>;
  readonly #line: Database.Statement<unknown[], string>;
  /** Only once the log is found to differ: of years there are many. */
  #loaded: Readonly<Record<'byId' | 'inLog' | 'compared', Database.Statement<unknown[], number>>> | null = null;

  constructor(store: ReadStore, scratch: Database.Database, findings: Findings) {
    this.#store = store;
    this.#scratch = scratch;
    this.#findings = findings;
    this.#at = store.db.prepare<unknown[], Row>(`${TAKEN} WHERE revision = ?`);
    this.#line = store.db.prepare<unknown[], string>('SELECT line FROM cosignatures WHERE size = ? AND name = ? AND key_id = ?').pluck();
  }

  /** As the read store took an event of the log; null where it did not. */
  of(revision: number, eventId: Buffer): Taken | null {
    const there = this.#at.get(revision);
    if (there?.eventId.equals(eventId) === true) return there;
    const { byId, inLog, compared } = this.#load();
    const moved = byId.get(eventId);
    if (moved !== undefined) return one(this.#at.get(moved));
    if (there === undefined) return null;
    if (inLog.get(there.eventId) !== undefined) {
      this.#findings.add('checkpoint-inserted', { checkpoint: revision }, '插入了原来没有的检查点或见证签名 (it was not there before)');
      return null;
    }
    compared.run(revision);
    return there;
  }

  /** The line it has of a key for a size. */
  line(size: number, name: string, keyId: string): string | undefined {
    return this.#line.get(size, name, keyId);
  }

  /**
   * Those that the log has no more, where a gap between revisions does not say so already; in their order. `count`:
   * revisions of the log.
   */
  gone(count: number): readonly Taken[] {
    const end = this.#store.lastInCheckpoints()?.revision ?? -1;
    if (this.#loaded === null && end < count) return [];
    this.#load();
    return this.#scratch
      .prepare(
        `SELECT revision FROM taken WHERE compared = 0 AND event_id NOT IN (SELECT event_id FROM checkpoints)
           AND (revision >= ? OR revision IN (SELECT revision FROM checkpoints)) ORDER BY revision`,
      )
      .pluck()
      .all(count)
      .map((revision) => one(this.#at.get(revision)));
  }

  #load(): Readonly<Record<'byId' | 'inLog' | 'compared', Database.Statement<unknown[], number>>> {
    if (this.#loaded !== null) return this.#loaded;
    const db = this.#scratch;
    db.exec(`CREATE TABLE taken (event_id BLOB PRIMARY KEY, revision INTEGER NOT NULL UNIQUE, compared INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
      CREATE INDEX checkpoints_by_id ON checkpoints (event_id)`);
    const add = db.prepare('INSERT OR IGNORE INTO taken (event_id, revision) VALUES (?, ?)');
    db.transaction(() => {
      for (const { eventId, revision } of this.#store.db.prepare<unknown[], Row>(TAKEN).iterate()) add.run(eventId, revision);
    })();
    this.#loaded = {
      byId: db.prepare<unknown[], number>('SELECT revision FROM taken WHERE event_id = ?').pluck(),
      inLog: db.prepare<unknown[], number>('SELECT 1 FROM checkpoints WHERE event_id = ?').pluck(),
      compared: db.prepare<unknown[], number>('UPDATE taken SET compared = 1 WHERE revision = ?'),
    };
    return this.#loaded;
  }
}
