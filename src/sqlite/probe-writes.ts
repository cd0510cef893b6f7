/**
 * Whether a database takes writes: tried, as nothing else tells a full disk, a failing one, or a file that somebody
 * holds.
 */
import type Database from 'better-sqlite3';

/** How long it waits for another process that holds the file, ms; a write itself waits longer. */
const BUSY_MS = 100;

/**
 * Commits something that changes nothing: the first page as it is, and where `bytes` is above 0 so much on new pages,
 * which are given back. Throws what SQLite says where it cannot. A crash leaves at most an empty table that the next
 * probe takes away.
 */
export function probeWrites(db: Database.Database, bytes: number): void {
  const patience = db.pragma('busy_timeout', { simple: true }) as number;
  db.pragma(`busy_timeout = ${BUSY_MS}`);
  try {
    if (bytes === 0) db.pragma(`user_version = ${db.pragma('user_version', { simple: true }) as number}`);
    else grow(db, bytes);
  } finally {
    db.pragma(`busy_timeout = ${patience}`);
  }
}

function grow(db: Database.Database, bytes: number): void {
  db.transaction(() => {
    db.exec('DROP TABLE IF EXISTS write_probe; CREATE TABLE write_probe (filler BLOB)');
    db.prepare('INSERT INTO write_probe VALUES (zeroblob(?))').run(bytes);
  }).immediate();
  db.exec('DROP TABLE IF EXISTS write_probe');
}
