/**
 * The stores of a ledger, opened one by one: log, keys, read store. A file that is not whole is refused with a code and
 * what helps; the read store is thrown away and begun again by who writes it.
 */

import { join } from 'node:path';
import { BadConfiguration, type Config } from '../config/config.js';
import { DataFiles } from '../config/data-files.js';
import { messageOf } from '../encoding/unknown-values.js';
import { visible } from '../encoding/visible-text.js';
import type { VerifierKey } from '../ledger/signed-note.js';
import type { EventLog } from '../log/event-log.js';
import { SqliteEventLog } from '../log/sqlite-event-log.js';
import { isMarkedDamaged, ReadStore, removeReadStore } from '../read-models/read-store.js';
import { SqliteKeyStore } from '../sealing/key-store.js';
import { DamagedFile, withFile } from '../sqlite/damaged-file.js';
import { isDamage } from '../sqlite/open-database.js';
import { requirePrivateKeys } from './data-folder.js';
import type { Parts } from './parts.js';
import type { Signing } from './signing-keys.js';

export interface OpenOptions {
  readonly config: Config;
  readonly now?: () => number;
  /** How long a holder without an address is waited for, ms; absent = a moment. */
  readonly holderMs?: number;
  /** What checkpoints are signed with, on a timer; absent = none are. */
  readonly signing?: Signing | null;
  /** The keys whose checkpoints are those of the ledger, where nothing is signed; absent = none is known. */
  readonly trusted?: readonly VerifierKey[];
  /** Threads of their own fill the read models and commit to the embedded log, as where much is taken in. */
  readonly thread?: boolean;
  /** Hears what an operator should know; absent = stderr. */
  readonly notice?: (line: string) => void;
  /** The adapter, where the log is in EventStoreDB: see `withAdapter`. */
  readonly eventStoreDb?: typeof import('../log/eventstoredb-event-log.js');
}

/** Loads the adapter of EventStoreDB only where it is used: its client is a tenth of a start. */
export async function withAdapter(options: OpenOptions): Promise<OpenOptions> {
  return options.config.eventStoreDbUrl === null ? options : { ...options, eventStoreDb: await import('../log/eventstoredb-event-log.js') };
}

export const DAMAGE = {
  log: { code: 'log-damaged', hint: 'It is the ledger itself: restore it from a backup; the read models follow by themselves.' },
  keys: { code: 'keys-damaged', hint: 'Restore it from a backup: without its keys sealed texts stay unreadable.' },
  read: {
    code: 'read-damaged',
    hint: 'Restart the service that writes this folder: it builds the read models anew from the log.',
  },
  again: { code: 'read-damaged', hint: 'Run it again: the read models are then built anew from the log.' },
} as const;

export function openLog(options: OpenOptions, readonly: boolean): EventLog {
  const { config, now, thread = false, notice = noteOnStderr } = options;
  if (config.eventStoreDbUrl !== null) return openEventStoreDb(options, config.eventStoreDbUrl, readonly);
  const file = join(config.data, 'log.db');
  return withFile(file, DAMAGE.log, () => new SqliteEventLog({ file, readonly, thread, notice, ...(now === undefined ? {} : { now }) }));
}

function openEventStoreDb({ config, now, eventStoreDb, notice = noteOnStderr }: OpenOptions, url: string, readonly: boolean): EventLog {
  if (eventStoreDb === undefined) throw new Error('the adapter of EventStoreDB was not loaded');
  const { BadUrl, EventStoreDbEventLog } = eventStoreDb;
  // Who only reads is told by the calls themselves.
  const watched = readonly ? {} : { notice };
  try {
    return new EventStoreDbEventLog({ url, namespace: config.namespace, guarded: true, ...(now === undefined ? {} : { now }), ...watched });
  } catch (error) {
    throw error instanceof BadUrl ? new BadConfiguration(error.message) : error;
  }
}

export function keysOf({ keys, data }: Config): string {
  return keys ?? join(data, 'keys.db');
}

export function filesOf(config: Config): DataFiles {
  return new DataFiles(config.data, keysOf(config));
}

export function openKeys({ config }: OpenOptions): SqliteKeyStore {
  const file = keysOf(config);
  requirePrivateKeys(file);
  return withFile(file, DAMAGE.keys, () => new SqliteKeyStore(file));
}

/** The read store for writing; one that is not whole is thrown away and begun anew. */
export function openReadStore({ config, thread = false, notice = noteOnStderr }: OpenOptions): ReadStore {
  const file = join(config.data, 'read.db');
  try {
    if (!isMarkedDamaged(file)) return new ReadStore(file, { writtenByThread: thread });
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  notice('read.db is damaged: building the read models anew from the log');
  removeReadStore(file);
  return new ReadStore(file, { writtenByThread: thread });
}

/**
 * An error met while reading, said as damage of the read models where it is that; the next start then builds them anew.
 */
export function damageFound({ store, writer }: Pick<Parts, 'store' | 'writer'>, error: unknown): unknown {
  if (!isDamage(error)) return error;
  store.markDamaged(messageOf(error));
  return new DamagedFile(store.file, writer === null ? DAMAGE.read : DAMAGE.again, error);
}

export function noteOnStderr(line: string): void {
  process.stderr.write(`disclosure: ${visible(line)}\n`);
}
