/**
 * Holds the live store against what it said before: reads the whole log, builds the tree and the read models anew, and
 * compares with the stored leaves, with every signed checkpoint and with the rows of the read store. Changes nothing,
 * and runs beside the process that writes: what is recorded after it began is left out. What reads the log may run in
 * threads of its own (work.ts); what compares has only files to look at.
 */
import type Database from 'better-sqlite3';
import { messageOf } from '../../encoding/unknown-values.js';
import type { VerifierKey } from '../../ledger/signed-note.js';
import { comparePositions, type EventLog } from '../../log/event-log.js';
import type { ReadStore } from '../../read-models/read-store.js';
import { isDamage, openDatabase } from '../../sqlite/open-database.js';
import { one } from '../../sqlite/statements.js';
import { compareCheckpoints, type CheckpointsFound, type KeptNote } from './compare-checkpoints.js';
import { compareLeaves } from './compare-leaves.js';
import { BOOKMARKS, compareRows } from './compare-rows.js';
import { Findings, type StoreFinding } from './findings.js';
import type { Scanned } from './log-scan.js';
import { oneDeed } from './one-deed.js';
import { addTiles, areInStep } from './rows-copy.js';
import { checkStreams, checkTimes } from './sequence.js';
import { StoredTree } from './stored-tree.js';
import { workHere, type Building, type Step, type Work } from './work.js';

export interface VerifyParts {
  readonly log: EventLog;
  /** null where there is none: then only checkpoints can speak against the log. */
  readonly store: ReadStore | null;
  /** An empty database and the name of a file to be made, both to be thrown away. */
  readonly scratch: Database.Database;
  readonly copy: string;
  /** `last-checkpoint`, and what an auditor kept elsewhere. */
  readonly kept: readonly KeptNote[];
  /** The ledger's, and those of witnesses. */
  readonly keys: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  /** Hears how many events a step has done, of how many in the read store. */
  readonly progress?: (step: Step | 'comparing', events: number, of: number) => void;
  /** Where the log is read; absent = here, one thing after the other. */
  readonly work?: Work;
}

export interface Verification {
  /** No finding. */
  readonly holds: boolean;
  /** Events read, and the position of the last; null in an empty log. */
  readonly events: number;
  readonly position: string | null;
  /** Signed checkpoints that are true of the log. */
  readonly checkpoints: number;
  /** Rows of the read store compared; null where they were not. */
  readonly rows: number | null;
  readonly findings: readonly StoreFinding[];
  /** What could not be checked, and why, for people. */
  readonly unchecked: readonly string[];
}

/** What is known to be changed once a log shows any of these: its read models were built from another one. */
const ANOTHER_LOG = [
  'stream-gap',
  'event-unreadable',
  'stream-withheld',
  'log-damaged',
  'event-duplicate',
  'checkpoint-removed',
  'checkpoint-inserted',
] as const;
/**
 * Where the log's checkpoints are not what they were, a ledger built anew stands still at them: its rows were compared
 * with the log leaf by leaf.
 */
const OTHER_CHECKPOINTS = ['checkpoint-changed', 'checkpoint-contradicted', 'checkpoint-unreadable', 'cosignature-forged'] as const;

/** A database for `scratch`. Nothing of it is worth a flush: it goes with the command. */
export function openScratch(file: string, cacheKib = 32_768): Database.Database {
  const db = openDatabase(file);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma(`cache_size = -${cacheKib}`);
  return db;
}

/** Errors: `StoreUnavailable`. */
export async function verifyStore(parts: VerifyParts): Promise<Verification> {
  const { log, store } = parts;
  // The read store is held still first: the log then holds whatever it holds.
  store?.db.exec('BEGIN');
  try {
    const verifier = new Verifier(parts);
    return await verifier.run(await log.head());
  } finally {
    if (store !== null) letGo(store);
  }
}

/** Nothing was written; of a file that is not whole even the end of reading may be refused. */
function letGo({ db }: ReadStore): void {
  try {
    if (db.inTransaction) db.exec('ROLLBACK');
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
}

class Verifier {
  readonly #parts: VerifyParts;
  readonly #work: Work;
  readonly #findings = new Findings();
  readonly #unchecked: string[] = [];
  #tree: StoredTree | null;
  /** The rows that are being built while the log is read. */
  #building: Building | null = null;
  /** Events known to be missing from the log. */
  #missing = 0;

  constructor(parts: VerifyParts) {
    this.#parts = parts;
    this.#work = parts.work ?? workHere(parts);
    this.#tree = this.#open(parts.store);
  }

  /** What cannot even say how far it is says nothing of the log. */
  #open(store: ReadStore | null): StoredTree | null {
    try {
      return store === null ? null : new StoredTree(store);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#damaged(error);
      return null;
    }
  }

  #damaged(error: unknown): void {
    this.#findings.add('read-damaged', {}, `读库文件损坏 (the file of the read store is not whole: ${messageOf(error)})`);
  }

  async run(until: string | null): Promise<Verification> {
    try {
      return await this.#verified(until);
    } finally {
      await this.#building?.stop();
    }
  }

  async #verified(until: string | null): Promise<Verification> {
    this.#buildAhead(until);
    const { scanned, found, files } = await this.#work.scan(until, (events) => this.#progress('reading', events));
    // Of a file that is not whole nothing is compared: what its indexes hide would be findings of untouched events.
    if (files.some(({ rule }) => rule === 'read-damaged')) this.#forgetStore();
    this.#findings.takeOver(found);
    const compared = scanned.whole ? await this.#compare(scanned) : { checkpoints: 0, rows: null };
    if (!scanned.whole) this.#unchecked.push('其余未核对 (nothing behind the damage was read, and nothing compared)');
    const { size: events, position } = scanned;
    const findings = [...files, ...oneDeed({ found: this.#findings.list(), size: events, missing: this.#missing })];
    return { holds: findings.length === 0, events, position, ...compared, findings, unchecked: this.#unchecked };
  }

  #progress(step: Step | 'comparing', events: number): void {
    this.#parts.progress?.(step, events, this.#tree?.size ?? 0);
  }

  /** The rows beside the reading of the log, on the guess that nothing is wrong with it. */
  #buildAhead(head: string | null): void {
    const [end, store] = [this.#tree?.position ?? null, this.#parts.store];
    if (!this.#work.beside || store === null || end === null || head === null || comparePositions(end, head) > 0) return;
    this.#building = this.#build(end, !areInStep(store.bookmarks()));
  }

  #build(until: string, tiled: boolean): Building {
    return this.#work.rows({ file: this.#parts.copy, until, tiled }, (events) => this.#progress('rebuilding', events));
  }

  /** The check of its file said what is wrong with it. */
  #forgetStore(): void {
    this.#tree = null;
    this.#findings.forget('read-damaged');
  }

  async #compare(scanned: Scanned): Promise<Pick<Verification, 'checkpoints' | 'rows'>> {
    let checkpoints = 0;
    try {
      const found = this.#checkpoints(scanned);
      checkpoints = found.held;
      const same = this.#leaves(scanned, found);
      this.#sequence(scanned);
      return { checkpoints, rows: await this.#rows(scanned, same) };
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#damaged(error);
      return { checkpoints, rows: null };
    }
  }

  /** null where it is not there, or not whole. */
  get #store(): ReadStore | null {
    return this.#tree === null ? null : this.#parts.store;
  }

  #checkpoints({ size, checkpoints }: Scanned): CheckpointsFound {
    const { scratch, kept, keys, witnesses } = this.#parts;
    const found = compareCheckpoints({ scratch, store: this.#store, kept, keys, witnesses, size, checkpoints, findings: this.#findings });
    if (checkpoints === 0 && kept.length === 0)
      this.#unchecked.push('没有检查点 (no checkpoint was ever signed: the log was compared with the read store only)');
    else if (keys.length === 0) this.#unchecked.push('未给出密钥, 未核对签名 (no key was given: signatures were not checked)');
    if (found.unknownKeys > 0)
      this.#unchecked.push(
        `${found.unknownKeys} 个检查点的密钥未知 (${found.unknownKeys} checkpoints bear no known key; later ones that do stand on the same log)`,
      );
    if (found.unknownWitnesses > 0)
      this.#unchecked.push(
        `${found.unknownWitnesses} 个见证签名的密钥未知 (${found.unknownWitnesses} signatures of witnesses are of no known key)`,
      );
    return found;
  }

  #leaves({ size }: Scanned, { trusted }: CheckpointsFound): boolean {
    const { scratch } = this.#parts;
    if (this.#tree === null) {
      this.#unchecked.push(
        '没有读库 (there is no read store: what checkpoints do not cover could not be compared, and nothing located closer than between two of them)',
      );
      return false;
    }
    return compareLeaves({ scratch, size, stored: this.#tree, trusted, findings: this.#findings });
  }

  /** What leaves explain is known by now. */
  #sequence({ backBeyond, isSound }: Scanned): void {
    const { scratch } = this.#parts;
    const gaps = isSound ? 0 : checkStreams(scratch, this.#findings);
    const gone = one(scratch.prepare<unknown[], number>('SELECT COUNT(*) FROM gone').pluck().get());
    this.#missing = Math.max(gaps, gone);
    if (backBeyond !== null) checkTimes(scratch, backBeyond, this.#findings);
  }

  async #rows(scanned: Scanned, same: boolean): Promise<number | null> {
    const { size, position } = scanned;
    const store = this.#store;
    if (store === null || this.#tree === null) return null;
    const until = this.#until(this.#tree.position);
    if (!same || this.#findings.has(...ANOTHER_LOG)) {
      this.#unchecked.push('读库各表未比对 (the rows of the read store were not compared: the log is not the one they were made of)');
      return null;
    }
    const behind = size - this.#tree.size;
    if (behind > 0)
      this.#unchecked.push(
        `读库落后于日志 (the read store ends at index ${this.#tree.size - 1}, the log at ${size - 1}: of the last ${behind} events there are no rows to compare, and only checkpoints speak)`,
      );
    if (until === null || position === null) return 0;
    const except = [
      ...(this.#findings.has('tile-changed', ...OTHER_CHECKPOINTS) ? ['tiles'] : []),
      ...(this.#findings.has(...OTHER_CHECKPOINTS) ? ['checkpoints', 'cosignatures', BOOKMARKS] : []),
    ];
    const tiled = !scanned.allHaveEntries || !areInStep(store.bookmarks());
    const { scratch, copy } = this.#parts;
    await this.#built(until, tiled);
    if (!tiled) addTiles(copy, scratch);
    this.#progress('comparing', size);
    const rows = compareRows({ store, file: copy, except, findings: this.#findings });
    if (rows === null)
      this.#unchecked.push('读库由另一版本程序写成 (the read store is of another version of this program: its rows were not compared)');
    return rows;
  }

  /** The rows that were begun, where they are the ones that are needed. */
  async #built(until: string, tiled: boolean): Promise<void> {
    const begun = this.#building;
    if (begun?.until !== until || begun.tiled !== tiled) {
      await begun?.stop();
      this.#building = this.#build(until, tiled);
    }
    await this.#building?.done;
  }

  /**
   * The last position of the log that is not behind the read store's: of a bookmark that was edited there may be no
   * event.
   */
  #until(position: string | null): string | null {
    if (position === null) return null;
    const find = this.#parts.scratch
      .prepare<unknown[], string | null>(
        `SELECT CAST(MAX(position) AS TEXT) FROM (SELECT MAX(position) AS position FROM scanned WHERE position <= @end
           UNION ALL SELECT MAX(position) FROM checkpoints WHERE position <= @end)`,
      )
      .pluck();
    return one(find.get({ end: BigInt(position) }));
  }
}
