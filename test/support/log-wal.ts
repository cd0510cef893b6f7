/**
 * Counts the transactions in the write-ahead log of an SQLite file (https://www.sqlite.org/fileformat2.html#walformat).
 */
import { readFileSync } from 'node:fs';

const HEADER = 32;
const FRAME_HEADER = 24;

/** Commits since the write-ahead log last began anew: its frames that say how large the database is after them. */
export function commitsInWal(file: string): number {
  const wal = readFileSync(`${file}-wal`);
  const [frame, salts] = [FRAME_HEADER + wal.readUInt32BE(8), wal.subarray(16, 24)];
  let commits = 0;
  for (let at = HEADER; at + frame <= wal.length; at += frame) {
    // Frames with other salts are left over from before.
    if (!wal.subarray(at + 8, at + 16).equals(salts)) break;
    if (wal.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return commits;
}
