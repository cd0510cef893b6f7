/**
 * What a witness must never forget: for each ledger the checkpoint it signed last. One SQLite file, committed with an
 * fsync before a signature leaves, held by one process through a lock that dies with it. A file that is not whole, or
 * not what this witness wrote, is refused: whoever signs without knowing what it signed before may contradict itself.
 */
import type Database from 'better-sqlite3';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, messageOf } from '../encoding/unknown-values.js';
import { readCheckpoint } from '../ledger/checkpoint.js';
import { InvalidNote, openNote, parseNote, type VerifierKey } from '../ledger/signed-note.js';
import { identityOf } from '../sqlite/held-file.js';
import { isDamage, openDatabase } from '../sqlite/open-database.js';

/** Another process holds the state. */
export class StateBusy extends Error {
  override readonly name = 'StateBusy';
}

/** The state is not whole, or not of this witness. */
export class StateDamaged extends Error {
  override readonly name = 'StateDamaged';
}

export interface Witnessed {
  readonly origin: string;
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Buffer;
  /** POSIX seconds of the cosignature. */
  readonly time: number;
  /** The checkpoint with the ledger's signatures that were verified, and the cosignatures. */
  readonly note: string;
}

const APPLICATION_ID = 0x77697431;
const SCHEMA = `
  CREATE TABLE witnessed (
    origin TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    time INTEGER NOT NULL,
    note TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
`;

/** Makes the file under another name and gives it its own when it is whole: a crash leaves a state, or none. */
function create(file: string): void {
  const begun = `${file}.new`;
  for (const suffix of ['', '-journal']) rmSync(begun + suffix, { force: true });
  const db = openDatabase(begun);
  db.pragma('synchronous = EXTRA');
  db.exec(`BEGIN; ${SCHEMA} COMMIT`);
  db.close();
  renameSync(begun, file);
  const folder = openSync(dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

export class WitnessState {
  readonly #file: string;
  /** Which file of the disk it is: another of the same name is not what this process signs by. */
  readonly #identity: string;
  readonly #db: Database.Database;
  readonly #select: Database.Statement<unknown[], Witnessed>;
  readonly #put: Database.Statement;
  /** Whether the file was made by this opening: nothing is remembered, because nothing was signed. */
  readonly isNew: boolean;

  /**
   * Errors: `StateBusy`, `StateDamaged`. `keys`: those of the witness, whose signatures must stand under what it
   * remembers.
   */
  constructor(file: string, keys: readonly VerifierKey[]) {
    this.isNew = !existsSync(file);
    if (this.isNew) create(file);
    this.#db = openDatabase(file, { timeout: 0 });
    try {
      hold(this.#db);
      checkWhole(this.#db, keys);
      this.#file = file;
      this.#identity = identityOf(file) ?? '';
      this.#select = this.#db.prepare<unknown[], Witnessed>('SELECT origin, size, root, time, note FROM witnessed WHERE origin = ?');
      this.#put = this.#db.prepare('INSERT OR REPLACE INTO witnessed (origin, size, root, time, note) VALUES (?, ?, ?, ?, ?)');
    } catch (error) {
      this.#db.close();
      if (codeOf(error)?.startsWith('SQLITE_BUSY') === true) throw new StateBusy(`${file} is in use by another process`);
      if (isDamage(error) || error instanceof StateDamaged) throw new StateDamaged(messageOf(error), { cause: error });
      throw error;
    }
  }

  /** What was signed last of a ledger; null before the first. */
  last(origin: string): Witnessed | null {
    return this.#select.get(origin) ?? null;
  }

  all(): readonly Witnessed[] {
    return this.#db.prepare<unknown[], Witnessed>('SELECT origin, size, root, time, note FROM witnessed ORDER BY origin').all();
  }

  /**
   * Returns when it is on the disk. Errors: `StateDamaged` where the file was taken away or another put in its place:
   * what is written then is gone with this process, and the next one would begin without it.
   */
  save({ origin, size, root, time, note }: Witnessed): void {
    if (identityOf(this.#file) !== this.#identity)
      throw new StateDamaged(`${this.#file} was removed or exchanged; put it back, or stop this witness and retire its key`);
    this.#put.run(origin, size, root, time, note);
  }

  close(): void {
    this.#db.close();
  }
}

/** From here on the file is this process's alone, and every commit is on the disk when it returns. */
function hold(db: Database.Database): void {
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('synchronous = EXTRA');
  db.exec('BEGIN EXCLUSIVE; COMMIT');
}

function checkWhole(db: Database.Database, keys: readonly VerifierKey[]): void {
  // An empty file is a database to SQLite.
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw new StateDamaged('it is not the state of a witness');
  const found = db.pragma('integrity_check', { simple: true });
  if (found !== 'ok') throw new StateDamaged(String(found));
  for (const row of db.prepare<unknown[], Witnessed>('SELECT origin, size, root, time, note FROM witnessed').iterate()) checkRow(row, keys);
}

/**
 * What it remembers must be what it signed. Of what only earlier keys signed, which are no longer given, the texts
 * alone are compared.
 */
function checkRow({ origin, size, root, time, note }: Witnessed, keys: readonly VerifierKey[]): void {
  try {
    const { text, signatures } = parseNote(note);
    const signed = readCheckpoint(text);
    if (signed.origin !== origin || signed.size !== size || !signed.root.equals(root))
      throw new StateDamaged(`what it holds of ${origin} is not what was signed`);
    const own = keys.filter((key) => signatures.some(({ name, id }) => name === key.name && id === key.id));
    if (own.length > 0 && openNote(note, own).by.some((signature) => signature.time !== time))
      throw new StateDamaged(`the time it holds of ${origin} is not the one that was signed`);
  } catch (error) {
    if (!(error instanceof InvalidNote)) throw error;
    throw new StateDamaged(`what it holds of ${origin} was not signed by this witness: ${error.message}`);
  }
}
