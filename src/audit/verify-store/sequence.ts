/**
 * What can be seen of the log alone: revisions of each stream follow one another, no event is there twice, times of
 * recording do not go back. Looked at once leaves were compared: what comes of an event that was found changed, moved,
 * put in or taken out is no finding of its own.
 */
import type Database from 'better-sqlite3';
import { sure } from '../../encoding/unknown-values.js';
import { one } from '../../sqlite/statements.js';
import { idText } from '../../read-models/journal/journal.js';
import type { Findings, Place } from './findings.js';
import { longestRising } from './moved.js';

interface Row {
  readonly idx: number;
  readonly stream: string;
  readonly revision: number;
  readonly expected: number;
  readonly same: number;
  /** Index of the one before it in its stream. */
  readonly before: number | null;
  /** Whether it, or that one, is named already. */
  readonly known: number;
}

/** Of a stream: the last revision there should be, and how many events there are. */
interface Extent {
  readonly last: number;
  readonly count: number;
}

/** Gives how many events are missing from streams by their revisions. For a log that is not known to be sound. */
export function checkStreams(scratch: Database.Database, findings: Findings): number {
  scratch.exec('CREATE INDEX scanned_by_stream ON scanned (stream, idx, revision)');
  const rows = scratch
    .prepare<unknown[], Row>(
      `SELECT idx, before, stream, revision, expected, same, COALESCE(idx IN explained OR before IN explained, 0) AS known FROM (
         SELECT idx, stream, revision, LAG(idx) OVER by_stream AS before, COALESCE(LAG(revision) OVER by_stream, -1) + 1 AS expected, 0 AS same
           FROM scanned WINDOW by_stream AS (PARTITION BY stream ORDER BY idx)
         UNION ALL
         SELECT idx, stream, revision, LAG(idx) OVER by_id AS before, revision AS expected,
           event_id = LAG(event_id) OVER by_id AND length(event_id) > 0 AS same FROM scanned WINDOW by_id AS (PARTITION BY stream ORDER BY event_id, idx))
       WHERE revision <> expected OR same = 1 ORDER BY idx, same`,
    )
    .iterate();
  const gone = scratch.prepare('SELECT 1 FROM gone WHERE stream = ? AND revision = ?').pluck();
  const moved = scratch.prepare('SELECT 1 FROM explained JOIN scanned USING (idx) WHERE stream = ? AND revision = ?').pluck();
  const isExplained = (stream: string, revision: number): boolean =>
    gone.get(stream, revision) !== undefined || moved.get(stream, revision) !== undefined;
  const extent = scratch.prepare<unknown[], Extent>('SELECT MAX(revision) AS last, COUNT(*) AS count FROM scanned WHERE stream = ?');
  const said = new Set<string>();
  const gaps = new Set<number>();
  let missing = 0;
  for (const { idx: index, before, stream, revision, expected, same, known } of rows) {
    if (same === 1 && known === 0)
      findings.add(
        'event-duplicate',
        { index, stream, revision },
        '同一事件在流中出现两次 (an event of this id stands in its stream already)',
      );
    if (revision === expected) continue;
    const { last, count } = one(extent.get(stream));
    if (revision > expected && last >= count) missing += revision - expected;
    if (known === 1 || isExplained(stream, expected) || said.has(stream)) continue;
    // Where one revision is far too high the next is too low: it is the one before that is wrong.
    if (revision < expected && before !== null && gaps.has(before)) continue;
    gaps.add(index);
    // All are there, in another order: one deed, wherever it shows.
    if (last < count) said.add(stream);
    findings.add(
      'stream-gap',
      { index, stream, revision: expected },
      `事件流不连续 (revision ${revision} stands where ${expected} should follow)`,
    );
  }
  return missing;
}

/**
 * The fewest events that stand out of time: without them the others do not go back by more than `tolerance` ms. Those
 * side by side are one finding.
 */
export function checkTimes(scratch: Database.Database, tolerance: number, findings: Findings): void {
  const rows = scratch
    .prepare<unknown[], [number, number]>('SELECT idx, recorded_at FROM scanned WHERE idx NOT IN explained ORDER BY idx')
    .raw();
  const count = one(scratch.prepare<unknown[], number>('SELECT COUNT(*) FROM scanned WHERE idx NOT IN explained').pluck().get());
  const [indexes, times] = [new Float64Array(count), new Float64Array(count)];
  let at = 0;
  for (const [index, time] of rows.iterate()) {
    indexes[at] = index;
    times[at] = time;
    at += 1;
  }
  const strange = outOfTime(times, tolerance);
  for (let first = 0; first < count; first += 1) {
    if (strange[first] !== 1) continue;
    let last = first;
    while (strange[last + 1] === 1) last += 1;
    findings.add('time-goes-back', placeOf(scratch, sure(indexes[first]), sure(indexes[last])), goesBack(last - first + 1));
    first = last;
  }
}

const goesBack = (events: number): string =>
  `记录时间与前后不符 (${events > 1 ? `the times of ${events} events` : 'its time of recording'} cannot be: what stands before was recorded later, or what follows earlier)`;

function placeOf(scratch: Database.Database, index: number, to: number): Place {
  const { stream, revision, eventId } = one(
    scratch
      .prepare<unknown[], { stream: string; revision: number; eventId: Buffer }>(
        'SELECT stream, revision, event_id AS eventId FROM scanned WHERE idx = ?',
      )
      .get(index),
  );
  return { index, ...(to > index ? { to } : {}), stream, revision, eventId: idText(eventId) };
}

/** 1 for each that stands out. */
function outOfTime(times: Float64Array, tolerance: number): Uint8Array {
  const stays = longestRising(times, true);
  const strange = new Uint8Array(times.length);
  let latest = -Infinity;
  for (let at = 0; at < times.length; at += 1) {
    const time = sure(times[at]);
    if (stays[at] === 1) latest = time;
    else if (time < latest - tolerance) strange[at] = 1;
  }
  let earliest = Infinity;
  for (let at = times.length - 1; at >= 0; at -= 1) {
    const time = sure(times[at]);
    if (stays[at] === 1) earliest = time;
    else if (time > earliest + tolerance) strange[at] = 1;
  }
  return strange;
}
