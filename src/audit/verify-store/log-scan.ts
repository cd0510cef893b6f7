/**
 * Reads the log once, from its beginning to a position, into a scratch file: the tree built anew, and of each event
 * what names it. What can be seen of the log alone is found on the way. Of memory an event takes some bytes
 * (continuity.ts); the scratch file grows with the log, and may be lost at any time.
 */
import type Database from 'better-sqlite3';
import { caseName, parseCaseName, streamOf } from '../../domain/identifiers.js';
import { causeOf, membersOf, messageOf } from '../../encoding/unknown-values.js';
import { parseInstant } from '../../time/instant.js';
import { CHECKPOINT_STREAM, isActType } from '../../events/catalog.js';
import { eventIdOf } from '../../intake/message.js';
import { canonicalJson, sha256 } from '../../encoding/canonical-json.js';
import { leafText } from '../../ledger/leaf.js';
import { leafHashHex } from '../../ledger/merkle.js';
import { TileWriter } from '../../ledger/tiles.js';
import type { EventLog, Irregular, StoredEvent } from '../../log/event-log.js';
import { idBytes } from '../../read-models/journal/journal.js';
import { isDamage } from '../../sqlite/open-database.js';
import { Continuity } from './continuity.js';
import type { Findings } from './findings.js';

/**
 * `explained`: events of the log that a finding names already; `gone`: those that the log has no more. Both are filled
 * where leaves were compared.
 */
export const SCRATCH_SCHEMA = `
  CREATE TABLE scanned (
    idx INTEGER PRIMARY KEY, position INTEGER NOT NULL, stream TEXT NOT NULL, revision INTEGER NOT NULL, event_id BLOB NOT NULL,
    type TEXT NOT NULL, recorded_at INTEGER NOT NULL);
  CREATE TABLE tiles (level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, n));
  CREATE TABLE explained (idx INTEGER PRIMARY KEY);
  CREATE TABLE gone (stream TEXT NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (stream, revision)) WITHOUT ROWID;
  CREATE TABLE checkpoints (revision INTEGER PRIMARY KEY, event_id BLOB NOT NULL, position INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL);
`;

export interface Scanned {
  /** Events in the ledger: acts and what became of refusals. */
  readonly size: number;
  /** Events in the stream of checkpoints. */
  readonly checkpoints: number;
  /** Position of the last event or checkpoint that was read; null where there is none. */
  readonly position: string | null;
  /** False where the file ends in damage: what is behind it was not read. */
  readonly whole: boolean;
  /** By how much the time of recording may go back, ms; null where it never does by more. */
  readonly backBeyond: number | null;
  /** False where revisions of a stream may have a gap, or an event may be there twice: to be looked at. */
  readonly isSound: boolean;
  /** Every event has an entry: only then the ledger's read model has all leaves. */
  readonly allHaveEntries: boolean;
}

export interface ScanOptions {
  readonly log: EventLog;
  readonly scratch: Database.Database;
  /** Position of the last event; null for an empty log. */
  readonly until: string | null;
  readonly findings: Findings;
  /** Hears how many events were read, now and then. */
  readonly progress: (events: number) => void;
}

/** Of everything in the stream of checkpoints. */
const CHECKPOINT_VERSION = 1;
/**
 * How far recorded times may go back where several processes write, ms: their clocks, and the time an append may be
 * under way.
 */
const CLOCKS_MS = 5 * 60 * 1000;

/** Errors: `StoreUnavailable`. */
export async function scanLog(options: ScanOptions): Promise<Scanned> {
  const { log, scratch, until, findings, progress } = options;
  const scanner = new Scanner(options);
  let last: string | null = null;
  const take = (batch: readonly (StoredEvent | Irregular)[]): void => {
    for (const one of batch) scanner.take(one);
    scanner.flush();
    last = batch.findLast((one) => !('irregular' in one))?.position ?? last;
  };
  try {
    for await (const batch of until === null ? [] : log.scan(until)) {
      scratch.transaction(take)(batch);
      progress(scanner.size);
    }
  } catch (error) {
    if (!isDamage(causeOf(error))) throw error;
    findings.add('log-damaged', { index: scanner.size }, `日志文件损坏 (the file of the log is not whole: ${messageOf(causeOf(error))})`);
    return { ...scanner.scanned(), position: last, whole: false };
  }
  scanner.checkpointGaps();
  return { ...scanner.scanned(), position: last, whole: true };
}

type Named = Pick<StoredEvent, 'id' | 'stream' | 'revision' | 'position' | 'type'>;

class Scanner {
  size = 0;
  checkpoints = 0;
  readonly #findings: Findings;
  /** Of one writer times never go back at all. */
  readonly #tolerance: number;
  readonly #tree = new TileWriter();
  readonly #continuity = new Continuity();
  readonly #sql: Record<'event' | 'tile' | 'checkpoint' | 'hasCheckpoint', Database.Statement<unknown[], number>>;
  /** The revision that should come next in the stream of checkpoints, and where another came. */
  #nextCheckpoint = 0;
  readonly #gaps: { readonly expected: number; readonly revision: number; readonly position: string }[] = [];
  #latest = 0;
  #goesBack = false;
  #allHaveEntries = true;
  /** Events recorded together have one time: it is read once. */
  #time = { text: '', instant: 0 };

  constructor({ log, scratch, findings }: ScanOptions) {
    this.#findings = findings;
    this.#tolerance = log.ordered ? 0 : CLOCKS_MS;
    this.#sql = {
      event: scratch.prepare<unknown[], number>('INSERT INTO scanned VALUES (?, ?, ?, ?, ?, ?, ?)'),
      tile: scratch.prepare<unknown[], number>('INSERT OR REPLACE INTO tiles VALUES (?, ?, ?)'),
      hasCheckpoint: scratch.prepare<unknown[], number>('SELECT 1 FROM checkpoints WHERE revision = ?').pluck(),
      checkpoint: scratch.prepare<unknown[], number>('INSERT OR IGNORE INTO checkpoints VALUES (?, ?, ?, ?, ?)'),
    };
  }

  scanned(): Omit<Scanned, 'position' | 'whole'> {
    return {
      size: this.size,
      checkpoints: this.checkpoints,
      backBeyond: this.#goesBack ? this.#tolerance : null,
      isSound: this.#continuity.isSound(),
      allHaveEntries: this.#allHaveEntries,
    };
  }

  take(one: StoredEvent | Irregular): void {
    if ('irregular' in one) this.#irregular(one);
    else if (one.stream === CHECKPOINT_STREAM) this.#checkpoint(one);
    else this.#event(one);
  }

  flush(): void {
    for (const { level, n, hashes } of this.#tree.take()) this.#sql.tile.run(level, n, hashes);
  }

  #irregular({ irregular, stream, revision, position, why }: Irregular): void {
    if (irregular !== 'unreadable') this.#findings.add('stream-withheld', { stream, position }, `事件流被删除或截断 (${why})`);
    if (revision === null) return;
    const where = { index: this.size, stream, revision, position };
    this.#findings.add('event-unreadable', where, `存储中的事件无法读取 (the store holds what is no event: ${why})`);
    // It keeps its place in the order, with a leaf that no event has.
    if (stream !== CHECKPOINT_STREAM) this.#append({ stream, revision, position, id: '', type: '' }, '', this.#latest);
    else this.#tookCheckpoint(revision);
  }

  #checkpoint({ revision, id, position, type, version, data }: StoredEvent): void {
    if (revision !== this.#nextCheckpoint) this.#gaps.push({ expected: this.#nextCheckpoint, revision, position });
    if (version !== CHECKPOINT_VERSION)
      this.#findings.add('checkpoint-changed', { checkpoint: revision }, `检查点版本未知 (no checkpoint is of version ${version})`);
    this.#tookCheckpoint(revision);
    this.#sql.checkpoint.run(revision, idBytes(id), BigInt(position), type, JSON.stringify(data));
  }

  #tookCheckpoint(revision: number): void {
    this.#nextCheckpoint = revision + 1;
    this.checkpoints = Math.max(this.checkpoints, revision + 1);
  }

  /** At the end it is known which revisions are nowhere, and which only stand elsewhere. */
  checkpointGaps(): void {
    const isThere = this.#sql.hasCheckpoint;
    let jumped = false;
    for (const { expected, revision, position } of this.#gaps) {
      const gone = isThere.get(expected) === undefined;
      if (revision > expected && gone)
        this.#findings.add(
          'checkpoint-removed',
          { checkpoint: expected, position },
          `检查点缺失 (checkpoint ${revision} stands where ${expected} should follow)`,
        );
      // Behind a revision that is far too high the right one is too low.
      if (revision < expected && !jumped)
        this.#findings.add('checkpoint-removed', { checkpoint: revision, position }, '检查点不在其位 (it stands behind later ones)');
      jumped = revision > expected && gone;
    }
  }

  #event(event: StoredEvent): void {
    const index = this.size;
    const recordedAt = this.#instant(event.recordedAt);
    this.#append(event, this.#leaf(event), recordedAt);
    // Which event it is that stands out of time is looked for at the end, when it is known which were changed.
    this.#goesBack ||= recordedAt < this.#latest - this.#tolerance;
    this.#latest = Math.max(this.#latest, recordedAt);
    this.#check(index, event);
  }

  #instant(text: string): number {
    if (text !== this.#time.text) this.#time = { text, instant: parseInstant(text) ?? 0 };
    return this.#time.instant;
  }

  #append({ id, stream, revision, position, type }: Named, leaf: string, recordedAt: number): void {
    const bytes = idBytes(id);
    this.#tree.append(leafHashHex(leaf));
    this.#continuity.take(stream, revision, bytes);
    this.#sql.event.run(this.size, BigInt(position), stream, revision, bytes, type, recordedAt);
    this.size += 1;
  }

  /**
   * An event that has no entry (half of a surrogate pair) can stand in no tree: what was there before it was changed
   * had one.
   */
  #leaf(event: StoredEvent): string {
    try {
      return leafText(event);
    } catch {
      this.#allHaveEntries = false;
      return '';
    }
  }

  /**
   * What an event says twice must be the same: its id follows from its source and message, its stream from its agency
   * and case.
   */
  #check(index: number, { id, stream, revision, type, data, metadata }: StoredEvent): void {
    const where = { index, stream, revision, eventId: id };
    if (isActType(type)) {
      const { source, id: messageId, agency, subject } = metadata;
      const ref = typeof subject === 'string' ? parseCaseName(subject) : null;
      const isIts = typeof source === 'string' && typeof messageId === 'string' && eventIdOf(source, messageId) === id;
      const inPlace = ref !== null && typeof agency === 'string' && streamOf(agency, ref) === stream;
      if (!isIts)
        this.#findings.add('event-inconsistent', where, '事件号与报文来源、编号不符 (its id is not that of its source and message id)');
      else if (!inPlace)
        this.#findings.add(
          'event-inconsistent',
          where,
          `事件不属于所在的流 (it says ${String(agency)}, ${ref === null ? 'no case' : caseName(ref)}, and stands in another stream)`,
        );
    }
    if (type === 'report.compiled') this.#table(where, data);
  }

  /** A table frozen in the log carries its own hash. */
  #table(where: { readonly index: number; readonly stream: string; readonly revision: number }, data: StoredEvent['data']): void {
    const { table } = membersOf(data['derived']);
    const { hash, view: _view, asOf, ...content } = membersOf(table);
    const { position: _position, ...moment } = membersOf(asOf);
    if (table === undefined || sha256(canonicalJson({ ...content, asOf: moment })) !== hash)
      this.#findings.add('published-table', where, '报表内容与其哈希不符 (the frozen table is not the one its hash was made of)');
  }
}
