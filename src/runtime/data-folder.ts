/** The folder in which a process keeps its files, and who may read them. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { modeOf, type OpenFile } from '../config/data-files.js';
import { messageOf } from '../encoding/unknown-values.js';
import { StoreUnavailable } from '../log/event-log.js';

const OPEN_TO_OTHERS = 0o007;

/**
 * Errors: `KeysOpen` where accounts outside the owner's group may use the key store: with it and the log they read
 * every sealed text.
 */
export function requirePrivateKeys(keys: string): void {
  if (process.platform === 'win32') return;
  const mode = modeOf(keys);
  if (mode !== null && (mode & OPEN_TO_OTHERS) !== 0) throw new KeysOpen(keys, (mode & 0o777).toString(8));
}

export class KeysOpen extends Error {
  override readonly name = 'KeysOpen';
  readonly hint: string;
  constructor(file: string, mode: string) {
    super(`${file} is open to every account of this machine (${mode}): whoever holds it reads all sealed texts`);
    this.hint = `chmod 600 ${file}, and ask who may have copied it.`;
  }
}

/** Errors: `FilesOpen` under `DISCLOSURE_STRICT_FILES=1`. */
export class FilesOpen extends Error {
  override readonly name = 'FilesOpen';
  readonly hint: string;
  constructor(open: readonly OpenFile[]) {
    super(`open to other accounts: ${open.map(({ file, mode }) => `${file} (${mode})`).join(', ')}`);
    this.hint = 'chmod 700 the folder and chmod 600 its files, or leave DISCLOSURE_STRICT_FILES away.';
  }
}

export class NoLedger extends Error {
  override readonly name = 'NoLedger';
  readonly hint = 'Look at DISCLOSURE_DATA. Commands that read make nothing; "disclosure import" and "disclosure serve" begin a ledger.';
}

/**
 * Errors: `NoLedger` where there is nothing to read: no log in the folder, or, where the log is in EventStoreDB, no
 * folder for its read models.
 */
export function requireLedger({ data, eventStoreDbUrl }: { readonly data: string; readonly eventStoreDbUrl: string | null }): void {
  if (eventStoreDbUrl === null && !existsSync(join(data, 'log.db'))) throw new NoLedger(`there is no ledger in ${data}`);
  if (!existsSync(data)) throw new NoLedger(`there is no folder ${data} for the read models of ${new URL(eventStoreDbUrl ?? '').host}`);
}

/**
 * Makes a folder and those above it, one by one: asked for all at once, Node never comes back where the file system
 * says that a folder it has just been asked to make does not exist, as under /proc. Errors: `StoreUnavailable`.
 */
export function makeFolder(folder: string): void {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    if (dirname(folder) !== folder) makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    // Another process may have made it meanwhile.
    if (existsSync(folder) && statSync(folder).isDirectory()) return;
    if (cause instanceof StoreUnavailable) throw cause;
    throw new StoreUnavailable(`${folder} cannot be used as the data folder: ${messageOf(cause)}`, { cause });
  }
}
