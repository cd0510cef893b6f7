/**
 * Copies of what cannot be made again: the log, its last checkpoint, the keys. Read models are left out, they build
 * themselves from the log.
 *
 * The log is copied first and the keys after it: a key is durable before anything is sealed under it, so the copy of
 * the keys has that of every event in the copy of the log. Both are consistent while others write. A copy stands under
 * its own name only when it is whole and on the disk: a crash leaves files that end in `.part`, or a copy.
 */
import type Database from 'better-sqlite3';
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { messageOf } from '../encoding/unknown-values.js';
import { countKeys } from '../sealing/key-store.js';
import { openDatabase, requireWhole } from '../sqlite/open-database.js';
import { describeLog, type LogContent } from '../log/sqlite-log-file.js';

/** Where the parts of a ledger are. */
export interface Places {
  readonly folder: string;
  /** The embedded log; null where the log is in EventStoreDB. */
  readonly log: string | null;
  readonly keys: string;
}

export interface Copied {
  readonly log: LogContent | null;
  readonly keys: number;
}

/**
 * `not-empty`, `no-backup`: the folder is not what the command needs; `holds-ledger`: a restore would overwrite;
 * `not-whole`: the copy is none.
 */
export class BackupProblem extends Error {
  override readonly name = 'BackupProblem';
  constructor(
    readonly code: 'backup-not-empty' | 'no-backup' | 'holds-ledger' | 'backup-damaged',
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

const LOG = 'log.db';
const KEYS = join('keys', 'keys.db');
const LAST_CHECKPOINT = 'last-checkpoint';

/** Errors: `BackupProblem`, and SQLite's own where the source is not whole. */
export function backUp(from: Places, folder: string, makeFolder: (folder: string) => void): Copied {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new BackupProblem('backup-not-empty', `${folder} is not empty`, 'Name a new folder: a backup never overwrites another.');
  if (!relative(from.folder, folder).startsWith('..'))
    throw new BackupProblem('backup-not-empty', `${folder} is inside the data folder`, 'Name a folder elsewhere, best on another disk.');
  makeFolder(join(folder, dirname(KEYS)));
  const log = from.log === null ? null : snapshot(from.log, join(folder, LOG), describeLog);
  const last = join(from.folder, LAST_CHECKPOINT);
  // Written after the checkpoint is in the log, so it may be ahead of the copy: then the log copied is older, and
  // nothing is signed on it by mistake.
  if (log !== null && existsSync(last)) copyWhole(last, join(folder, LAST_CHECKPOINT), () => undefined);
  const keys = snapshot(from.keys, join(folder, KEYS), countKeys);
  for (const made of [join(folder, dirname(KEYS)), folder, dirname(folder)]) flush(made);
  return { log, keys };
}

/**
 * Errors: `BackupProblem`. Nothing that stands is overwritten; the log comes last, so a folder that holds one was
 * restored whole.
 */
export function restore(folder: string, to: Places, makeFolder: (folder: string) => void): Copied {
  const has = { log: existsSync(join(folder, LOG)), keys: existsSync(join(folder, KEYS)) };
  if (!has.keys || (to.log !== null && !has.log))
    throw new BackupProblem(
      'no-backup',
      `${folder} holds no ${has.keys ? LOG : KEYS}`,
      'Name the folder that "disclosure backup" made, whole.',
    );
  for (const file of [to.log, to.keys])
    if (file !== null && existsSync(file))
      throw new BackupProblem('holds-ledger', `${file} is there already`, 'Restore into an empty data folder, or move away what is there.');
  makeFolder(to.folder);
  const keys = copyWhole(join(folder, KEYS), to.keys, (file) => reading(file, countKeys));
  const last = join(folder, LAST_CHECKPOINT);
  if (to.log !== null && existsSync(last)) copyWhole(last, join(to.folder, LAST_CHECKPOINT), () => undefined);
  const log = to.log === null ? null : copyWhole(join(folder, LOG), to.log, (file) => reading(file, describeLog));
  for (const made of [to.folder, dirname(to.keys)]) flush(made);
  return { log, keys };
}

/**
 * One read transaction's view, written without free pages: what a key left behind when it was destroyed is in no copy.
 */
function snapshot<T>(from: string, to: string, describe: (db: Database.Database) => T): T {
  const part = `${to}.part`;
  const source = openDatabase(from, { readonly: true, fileMustExist: true });
  try {
    // An empty file of its own mode: SQLite would make one that everybody may read.
    closeSync(openSync(part, 'wx', 0o600));
    source.prepare('VACUUM INTO ?').run(part);
  } finally {
    source.close();
  }
  return finish(part, to, (file) => reading(file, describe));
}

function copyWhole<T>(from: string, to: string, describe: (file: string) => T): T {
  const part = `${to}.part`;
  rmSync(part, { force: true });
  closeSync(openSync(part, 'wx', 0o600));
  copyFileSync(from, part);
  return finish(part, to, describe);
}

/** Verified and on the disk before it has its name. */
function finish<T>(part: string, to: string, describe: (file: string) => T): T {
  const found = describe(part);
  flush(part);
  renameSync(part, to);
  return found;
}

function reading<T>(file: string, describe: (db: Database.Database) => T): T {
  // Not by `readonly`: a file in WAL mode could then not be opened on a medium that takes no -shm beside it.
  const db = openDatabase(file, { fileMustExist: true });
  try {
    requireWhole(db);
    return describe(db);
  } catch (error) {
    throw new BackupProblem('backup-damaged', `${file} is not whole: ${messageOf(error)}`, 'Take another backup.');
  } finally {
    db.close();
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
