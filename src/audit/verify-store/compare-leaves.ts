/**
 * Two sequences of leaves, the one that the read store keeps and the one that the log gives now, and what must have
 * been done to the log to make one of the other: the least that explains it. A deletion moves every leaf behind it, and
 * is one finding all the same: leaves are matched by their hash, which holds stream, revision and content but not the
 * place.
 */
import type Database from 'better-sqlite3';
import { sure } from '../../encoding/unknown-values.js';
import { HASH_BYTES } from '../../ledger/merkle.js';
import { TILE_WIDTH, tilesOf } from '../../ledger/tiles.js';
import { idBytes, idText } from '../../read-models/journal/journal.js';
import { one } from '../../sqlite/statements.js';
import type { Findings, Place } from './findings.js';
import { movedOf } from './moved.js';
import type { Remembered, StoredTree } from './stored-tree.js';

const MATCH_SCHEMA = `
  CREATE TABLE old_leaves (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, stream TEXT, revision INTEGER, event_id BLOB);
  CREATE TABLE new_leaves (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL);
  CREATE TABLE matched (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
`;

export interface LeafComparison {
  /** The read store's file, for what was built out of the log now. */
  readonly scratch: Database.Database;
  /** Leaves the log gives now. */
  readonly size: number;
  readonly stored: StoredTree;
  /**
   * The log is known to be right up to here by a checkpoint: where the read store differs before it, the read store is
   * wrong.
   */
  readonly trusted: number;
  readonly findings: Findings;
}

type NewEvent = {
  readonly idx: number;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: Buffer;
  readonly type: string;
};

/** True where the log is the one that the read store was built from, as far as that goes. */
export function compareLeaves(comparison: LeafComparison): boolean {
  const { stored, trusted } = comparison;
  const from = firstDifference(comparison, Math.min(trusted, stored.size));
  if (from !== null) explain(comparison, from);
  compareTiles(comparison, from ?? stored.size);
  return from === null;
}

function tileReader(scratch: Database.Database): (level: number, n: number) => Buffer | undefined {
  const select = scratch.prepare<unknown[], Buffer>('SELECT hashes FROM tiles WHERE level = ? AND n = ?').pluck();
  return (level, n) => select.get(level, n);
}

const hashAt = (tile: Buffer | undefined, at: number): Buffer | undefined =>
  tile === undefined || tile.length < (at + 1) * HASH_BYTES ? undefined : tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);

const sameHash = (a: Buffer | undefined, b: Buffer | undefined): boolean => a !== undefined && b !== undefined && a.equals(b);

/** Index of the first leaf from `from` on that differs where the log is what differs; null where there is none. */
function firstDifference({ scratch, stored, size }: LeafComparison, from: number): number | null {
  const read = tileReader(scratch);
  for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < stored.size; n += 1) {
    const [old, now] = [stored.tile(0, n), read(0, n)];
    const width = Math.min(TILE_WIDTH, stored.size - n * TILE_WIDTH);
    if (old !== undefined && now?.subarray(0, width * HASH_BYTES).equals(old) === true) continue;
    // What stands above a full tile was made of it before it was changed: where that fits the log, the tile is what was
    // changed.
    if (isFromLog(stored, read, n)) continue;
    for (let at = Math.max(0, from - n * TILE_WIDTH); at < width; at += 1) {
      const index = n * TILE_WIDTH + at;
      if (index >= size || (hashAt(old, at) !== undefined && !sameHash(hashAt(old, at), hashAt(now, at)))) return index;
    }
  }
  return null;
}

function isFromLog(stored: StoredTree, read: (level: number, n: number) => Buffer | undefined, n: number): boolean {
  const [parent, at] = [Math.floor(n / TILE_WIDTH), n % TILE_WIDTH];
  return sameHash(hashAt(stored.tile(1, parent), at), hashAt(read(1, parent), at));
}

/**
 * Tiles of the read store that do not hold what the log gives, over leaves before `before`, where the log itself is
 * known to be the same.
 */
function compareTiles({ scratch, stored, findings }: LeafComparison, before: number): void {
  const read = tileReader(scratch);
  for (const { level, n, width } of tilesOf(stored.size)) {
    const [old, now] = [stored.tile(level, n), read(level, n)];
    const covers = TILE_WIDTH ** level;
    const wrong: number[] = [];
    for (let at = 0; at < width && (n * TILE_WIDTH + at + 1) * covers <= before; at += 1)
      if (!sameHash(hashAt(old, at), hashAt(now, at))) wrong.push(at);
    const [first] = wrong;
    const tooLong = old !== undefined && old.length > width * HASH_BYTES;
    if (first === undefined && !tooLong) continue;
    const index = level === 0 && first !== undefined ? { index: n * TILE_WIDTH + first } : {};
    findings.add(
      'tile-changed',
      { table: 'tiles', tile: { level, n }, ...index },
      `读库中的哈希块被改动, 日志未变 (${old === undefined ? 'a tile is missing' : tooLong ? 'a tile is too long' : `${wrong.length} hashes of a tile are not those of the log, the first at ${first}`}; the log is right)`,
    );
  }
}

function explain(comparison: LeafComparison, from: number): void {
  const { scratch } = comparison;
  scratch.exec(MATCH_SCHEMA);
  scratch.transaction(() => load(comparison, from))();
  scratch.exec('CREATE INDEX old_by_leaf ON old_leaves (leaf); CREATE INDEX new_by_leaf ON new_leaves (leaf);');
  scratch.exec('INSERT INTO matched SELECT MIN(o.idx), MIN(n.idx) FROM new_leaves n JOIN old_leaves o USING (leaf) GROUP BY leaf');
  scratch.exec(`CREATE UNIQUE INDEX matched_by_new ON matched (new);
    CREATE TEMP TABLE removed AS SELECT o.idx, o.stream, o.revision, o.event_id FROM old_leaves o WHERE o.idx NOT IN (SELECT old FROM matched);
    CREATE TEMP TABLE added AS SELECT n.idx, stream, revision, event_id, position FROM new_leaves n JOIN scanned USING (idx)
      WHERE n.idx NOT IN (SELECT new FROM matched);
    CREATE INDEX added_by_place ON added (stream, revision);
    CREATE TEMP TABLE changed AS SELECT r.idx AS old, MIN(a.idx) AS new, r.stream FROM removed r JOIN added a USING (stream, revision) GROUP BY r.idx;
    DELETE FROM removed WHERE idx IN (SELECT old FROM changed);
    DELETE FROM added WHERE idx IN (SELECT new FROM changed);
    CREATE TEMP TABLE renumbered AS SELECT MIN(r.idx) AS old, a.idx AS new FROM removed r JOIN added a USING (event_id)
      WHERE length(event_id) > 0 GROUP BY event_id;
    INSERT OR IGNORE INTO gone SELECT stream, revision FROM removed WHERE idx IN (SELECT old FROM renumbered);
    INSERT INTO changed SELECT old, new, stream FROM renumbered JOIN removed ON idx = old;
    DELETE FROM removed WHERE idx IN (SELECT old FROM renumbered);
    DELETE FROM added WHERE idx IN (SELECT new FROM renumbered);
    INSERT OR IGNORE INTO gone SELECT stream, revision FROM removed WHERE stream IS NOT NULL;
    INSERT OR IGNORE INTO explained SELECT new FROM changed;`);
  const { stored } = comparison;
  scratch.prepare('INSERT OR IGNORE INTO explained SELECT idx FROM added WHERE position <= ?').run(BigInt(stored.position ?? 0));
  reportTruncated(comparison);
  reportStreams(comparison);
  reportChanged(comparison);
  reportRemoved(comparison);
  reportInserted(comparison);
  reportMoved(comparison);
}

/** Both sequences from the first difference on. */
function load({ scratch, stored, size }: LeafComparison, from: number): void {
  const addOld = scratch.prepare('INSERT INTO old_leaves VALUES (?, ?, ?, ?, ?)');
  const addNew = scratch.prepare('INSERT INTO new_leaves VALUES (?, ?)');
  const read = tileReader(scratch);
  const each = (tile: (level: number, n: number) => Buffer | undefined, end: number, add: (index: number, leaf: Buffer) => void): void => {
    for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < end; n += 1) {
      const hashes = tile(0, n);
      for (let index = Math.max(from, n * TILE_WIDTH); index < Math.min(end, (n + 1) * TILE_WIDTH); index += 1) {
        const leaf = hashAt(hashes, index - n * TILE_WIDTH);
        if (leaf !== undefined) add(index, leaf);
      }
    }
  };
  each(stored.tile, stored.size, (index, leaf) => {
    const event = stored.event(index);
    addOld.run(index, leaf, event?.stream ?? null, event?.revision ?? null, event === null ? null : idBytes(event.eventId));
  });
  each(read, size, (index, leaf) => addNew.run(index, leaf));
}

/** A stream of which no event is left as it was: said once, whatever became of each. */
function reportStreams({ scratch, stored, findings }: LeafComparison): void {
  const rows = scratch
    .prepare<unknown[], { stream: string; first: number; last: number; events: number; gone: number }>(
      `SELECT stream, MIN(old) AS first, MAX(old) AS last, COUNT(*) AS events, SUM(gone) AS gone FROM (
         SELECT stream, old, 0 AS gone FROM changed UNION ALL SELECT stream, idx, 1 FROM removed WHERE stream IS NOT NULL)
       GROUP BY stream HAVING COUNT(*) > 1 ORDER BY first`,
    )
    .all();
  const left = scratch.prepare('SELECT COUNT(*) FROM added WHERE stream = ?').pluck();
  for (const { stream, first, last, events, gone } of rows) {
    if (events < stored.lengthOf(stream)) continue;
    const removed = gone === events && left.get(stream) === 0;
    findings.add(
      removed ? 'stream-removed' : 'stream-replaced',
      { stream, index: first, to: last },
      removed
        ? `整个事件流被删除 (all ${events} events of the stream are gone)`
        : `整个事件流被替换 (none of the ${events} events of the stream is left as it was)`,
    );
    scratch.prepare('DELETE FROM changed WHERE stream = ?').run(stream);
    scratch.prepare('DELETE FROM removed WHERE stream = ?').run(stream);
    scratch.prepare('DELETE FROM added WHERE stream = ?').run(stream);
  }
}

function reportChanged({ scratch, stored, findings }: LeafComparison): void {
  const find = scratch.prepare<unknown[], NewEvent & { readonly recordedAt: number }>(
    'SELECT idx, stream, revision, event_id AS eventId, type, recorded_at AS recordedAt FROM scanned WHERE idx = ?',
  );
  const rows = scratch.prepare<unknown[], { old: number; new: number }>('SELECT old, new FROM changed ORDER BY old').iterate();
  for (const { old, new: index } of rows) {
    const now = one(find.get(index));
    // An event that cannot be read was named when it was met.
    if (now.eventId.length === 0) continue;
    const before = sure(stored.event(old));
    findings.add(
      'event-changed',
      { index: old, stream: before.stream, revision: before.revision, eventId: before.eventId },
      `事件内容被改动: ${whatChanged(before, now)}`,
    );
  }
}

function whatChanged(before: Remembered, now: NewEvent & { readonly recordedAt: number }): string {
  const changes = [
    ...(before.eventId === idText(now.eventId) ? [] : [`its id is ${idText(now.eventId)} now`]),
    ...(before.stream === now.stream && before.revision === now.revision ? [] : [`it is revision ${now.revision} of ${now.stream} now`]),
    ...(before.type === now.type ? [] : [`its type was ${before.type}, it is ${now.type}`]),
    // The journal keeps the latest time up to an event, which is never before the event's own.
    ...(before.recordedAt >= now.recordedAt ? [] : ['its time of recording is later']),
  ];
  return changes.length > 0 ? changes.join('; ') : 'data, metadata, version or time of recording are not what they were';
}

/** The events that are gone from the last one the read store knew back to the first that is left. */
function reportTruncated({ scratch, stored, size, findings }: LeafComparison): void {
  const end = stored.size - 1;
  const first = one(
    scratch
      .prepare<unknown[], number | null>(
        'SELECT MIN(idx) FROM (SELECT idx, idx + ROW_NUMBER() OVER (ORDER BY idx DESC) AS run FROM removed) WHERE run = ?',
      )
      .pluck()
      .get(end + 1),
  );
  // Where others follow in their place they were taken out, not cut off.
  if (first === null || size > first) return;
  findings.add(
    'log-truncated',
    { index: first, to: end, ...placeOf(stored, first) },
    `日志末尾被截去 (the last ${end - first + 1} of ${stored.size} events are gone)`,
  );
  scratch.prepare('DELETE FROM removed WHERE idx >= ?').run(first);
}

/** Events side by side that are gone are one finding. */
function reportRemoved({ scratch, stored, findings }: LeafComparison): void {
  const runs = scratch
    .prepare<unknown[], { first: number; last: number }>(
      `SELECT MIN(idx) AS first, MAX(idx) AS last FROM (SELECT idx, idx - ROW_NUMBER() OVER (ORDER BY idx) AS run FROM removed)
       GROUP BY run ORDER BY first`,
    )
    .all();
  for (const { first, last } of runs) {
    const count = last - first + 1;
    findings.add(
      'event-removed',
      { index: first, ...(count > 1 ? { to: last } : {}), ...placeOf(stored, first) },
      count > 1 ? `${count} 个事件被删除 (${count} events side by side are gone; the first is named)` : '事件被删除 (the event is gone)',
    );
  }
}

/** As the journal named the event at an index. */
function placeOf(stored: StoredTree, index: number): Place {
  const named = stored.event(index);
  return named === null ? {} : { stream: named.stream, revision: named.revision, eventId: named.eventId };
}

/** Events that stand before the end the read store knew, and were not there. */
function reportInserted({ scratch, stored, findings }: LeafComparison): void {
  const rows = scratch
    .prepare<unknown[], NewEvent & { readonly position: number }>(
      'SELECT idx, stream, revision, event_id AS eventId, position FROM added WHERE position <= ? ORDER BY idx',
    )
    .iterate(BigInt(stored.position ?? 0));
  for (const { idx: index, stream, revision, eventId, position } of rows) {
    if (eventId.length === 0) continue;
    findings.add(
      'event-inserted',
      { index, stream, revision, eventId: idText(eventId), position: String(position) },
      '插入了原来没有的事件 (the event was not there before; the index is that of now)',
    );
  }
}

function reportMoved({ scratch, findings, stored }: LeafComparison): void {
  const count = one(scratch.prepare<unknown[], number>('SELECT COUNT(*) FROM matched').pluck().get());
  const rows = scratch.prepare<unknown[], [number, number]>('SELECT new, old FROM matched ORDER BY new').raw().iterate();
  const explain = scratch.prepare('INSERT OR IGNORE INTO explained SELECT new FROM matched WHERE old BETWEEN ? AND ? OR old = ?');
  for (const { old, now, count: events, with: other } of movedOf(rows, count)) {
    explain.run(old, old + events - 1, other);
    findings.add(
      'event-reordered',
      { index: old, ...(events > 1 ? { to: old + events - 1 } : {}), ...placeOf(stored, old) },
      other === null
        ? `事件次序被改动 (${events > 1 ? `${events} events that began` : 'the event that stood'} at index ${old} ${events > 1 ? 'begin' : 'stands'} at ${now})`
        : `两个事件次序互换 (the events at ${old} and ${other} have changed places)`,
    );
  }
}
