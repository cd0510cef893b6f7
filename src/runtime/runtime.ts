/**
 * The parts of a running ledger, wired by hand: log, read store, keys, runner, recorder, readers. A writer holds the folder's lock; a reader beside a
 * writer opens everything read-only and waits until the read models have reached the end of the log.
 */
import { join } from 'node:path';
import { RightsReader } from '../access/rights.js';
import { Hierarchy } from '../read-models/agencies/hierarchy.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadConfiguration, type Config } from '../config/config.js';
import { messageOf } from '../encoding/unknown-values.js';
import { DamagedFile, withFile } from '../sqlite/damaged-file.js';
import { DataFiles } from '../config/data-files.js';
import { FilesOpen, makeFolder, requirePrivateKeys } from './data-folder.js';
import { StoreUnavailable, type EventLog } from '../log/event-log.js';
import { SqliteEventLog } from '../log/sqlite-event-log.js';
import { isMarkedDamaged, ReadStore, removeReadStore } from '../read-models/read-store.js';
import { ProjectionRunner } from '../read-models/runner.js';
import { CaseKeys } from '../sealing/case-keys.js';
import { SqliteKeyStore } from '../sealing/key-store.js';
import { isDamage } from '../sqlite/open-database.js';
import type { Signing } from './signing-keys.js';
import type { VerifierKey } from '../ledger/signed-note.js';
import { visible } from '../encoding/visible-text.js';
import { CaseStore } from '../recording/facts/case-store.js';
import { CaseTexts } from '../privacy/case-texts.js';
import { CheckpointService } from '../signing/checkpoint-service.js';
import { CheckpointTrust } from '../signing/checkpoint-trust.js';
import { DeadlineReader } from '../read-models/deadlines/deadline-reader.js';
import { ErasureService } from '../privacy/erasure-service.js';
import type { Parts } from './parts.js';
import { MessageIndex } from '../read-models/journal/message-index.js';
import { MessageRecorder } from '../recording/message-recorder.js';
import { PersonalDataService } from '../privacy/personal-data-service.js';
import { RemedyIndex } from '../read-models/cases/remedy-index.js';
import { ProofReader } from '../signing/proof-reader.js';
import { Staleness, type Running } from '../read-models/staleness.js';
import { ReportFactsService } from '../tables/report-facts.js';
import { ReportReader } from '../tables/report-reader.js';
import { RefusalService } from '../recording/refusal-service.js';
import { TableReader } from '../tables/table-reader.js';
import { TrailReader } from '../read-models/trail/trail-reader.js';
import { WriteCheck } from '../recording/write-check.js';
import { WitnessService, type WitnessAddress } from '../signing/witness-service.js';
import { WriterLock, type Holder } from './writer-lock.js';
import { CaseReader } from '../privacy/case-reader.js';
import { MomentReader } from '../read-models/journal/as-of.js';

export interface Runtime extends Parts {
  readonly writer: (NonNullable<Parts['writer']> & { readonly lock: WriterLock }) | null;
  /** `beforeRelease` runs when every file is closed and the lock is still held. */
  close(beforeRelease?: () => void): Promise<void>;
}

/** How long a command waits for the read models to reach the end of the log before it gives up. */
const CATCH_UP_MS = 10 * 60 * 1000;
export const POLL_MS = 20;
/** How long a command waits for read models that stand still. */
export const PATIENCE_MS = 5000;
/** How long a writer waits for a holder that may be done soon. */
const HOLDER_MS = 2000;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface OpenOptions {
  readonly config: Config;
  readonly now?: () => number;
  /** How long a holder without an address is waited for, ms; absent = a moment. */
  readonly holderMs?: number;
  /** What checkpoints are signed with, on a timer; absent = none are. */
  readonly signing?: Signing | null;
  /** The keys whose checkpoints are those of the ledger, where nothing is signed; absent = none is known. */
  readonly trusted?: readonly VerifierKey[];
  /** Hears what an operator should know; absent = stderr. */
  readonly notice?: (line: string) => void;
  /** The adapter, where the log is in EventStoreDB: see `withAdapter`. */
  readonly eventStoreDb?: typeof import('../log/eventstoredb-event-log.js');
}

/** Loads the adapter of EventStoreDB only where it is used: its client is a tenth of a start. */
export async function withAdapter(options: OpenOptions): Promise<OpenOptions> {
  return options.config.eventStoreDbUrl === null ? options : { ...options, eventStoreDb: await import('../log/eventstoredb-event-log.js') };
}

const DAMAGE = {
  log: { code: 'log-damaged', hint: 'It is the ledger itself: restore it from a backup; the read models follow by themselves.' },
  keys: { code: 'keys-damaged', hint: 'Restore it from a backup: without its keys sealed texts stay unreadable.' },
  read: {
    code: 'read-damaged',
    hint: 'Restart the service that writes this folder: it builds the read models anew from the log.',
  },
  again: { code: 'read-damaged', hint: 'Run it again: the read models are then built anew from the log.' },
} as const;

export function openLog(options: OpenOptions, readonly: boolean): EventLog {
  const { config, now } = options;
  if (config.eventStoreDbUrl !== null) return openEventStoreDb(options, config.eventStoreDbUrl, readonly);
  const file = join(config.data, 'log.db');
  return withFile(file, DAMAGE.log, () => new SqliteEventLog({ file, readonly, ...(now === undefined ? {} : { now }) }));
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

function keysOf({ keys, data }: Config): string {
  return keys ?? join(data, 'keys.db');
}

function filesOf(config: Config): DataFiles {
  return new DataFiles(config.data, keysOf(config));
}

function openKeys({ config }: OpenOptions): SqliteKeyStore {
  const file = keysOf(config);
  requirePrivateKeys(file);
  return withFile(file, DAMAGE.keys, () => new SqliteKeyStore(file));
}

/** The read store for writing; one that is not whole is thrown away and begun anew. */
function openReadStore({ config, notice = noteOnStderr }: OpenOptions): ReadStore {
  const file = join(config.data, 'read.db');
  try {
    if (!isMarkedDamaged(file)) return new ReadStore(file);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  notice('read.db is damaged: building the read models anew from the log');
  removeReadStore(file);
  return new ReadStore(file);
}

/** An error met while reading, said as damage of the read models where it is that; the next start then builds them anew. */
export function damageFound({ store, writer }: Pick<Parts, 'store' | 'writer'>, error: unknown): unknown {
  if (!isDamage(error)) return error;
  store.markDamaged(messageOf(error));
  return new DamagedFile(store.file, writer === null ? DAMAGE.read : DAMAGE.again, error);
}

/** Opens for writing; null while another process holds the folder. The read models catch up by themselves from then on. */
export function openWriter(options: OpenOptions): Runtime | null {
  const { config } = options;
  makeFolder(config.data);
  requirePrivateKeys(keysOf(config));
  const open = config.strictFiles === true ? filesOf(config).open() : [];
  if (open.length > 0) throw new FilesOpen(open);
  const lock = WriterLock.take(config.data);
  if (lock === null) return null;
  try {
    return writerOf(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function writerOf(options: OpenOptions, lock: WriterLock): Runtime {
  const { config } = options;
  const now = options.now ?? Date.now;
  const log = openLog(options, false);
  const store = openReadStore(options);
  const keyStore = openKeys(options);
  const keys = new CaseKeys(keyStore, now);
  const cases = new CaseStore(log, keys);
  const notice = options.notice ?? noteOnStderr;
  const erasures = new ErasureService({ store, keys, cases, notice });
  erasures.replay();
  const refusals = new RefusalService({ log, store, keys: keyStore, now });
  const runner = new ProjectionRunner(log, store, { notice, applied: (events) => erasures.seen(events) });
  runner.start();
  const signing = startSigning(options, { log, store, now, runner });
  const running = (): Running => runner.status();
  const readers = readersOf({ log, store, keys, now, running, witnesses: options.signing?.witnesses ?? [] });
  const reports = new ReportFactsService({ store, tables: readers.tables, runner, cut: signing.cut, notice });
  const unavailable = (): string | null => (runner.isCaughtUp ? null : log.trouble);
  const hierarchy = new Hierarchy(store, (timeout) => runner.caughtUp(timeout));
  const rights = new RightsReader(store, now);
  const parts = {
    hierarchy,
    rights,
    log,
    cases,
    index: new MessageIndex(store),
    remedies: new RemedyIndex(store),
    refusals,
    reports,
    keys,
    now,
    unavailable,
  };
  const recorder = new MessageRecorder(parts);
  refusals.sweep();
  const sweeper = setInterval(() => refusals.sweep(), DAY_MS).unref();
  return {
    ...readers,
    refusals,
    trust: trustOf(options, store),
    writes: new WriteCheck({ log, keys, runner }),
    writer: {
      recorder,
      runner,
      lock,
      checkpoints: signing.checkpoints,
      witnesses: signing.witnesses,
      files: filesOf(config),
    },
    close: async (beforeRelease) => {
      clearInterval(sweeper);
      await reports.stop();
      await signing.stop();
      await log.close();
      await runner.stop();
      erasures.stop();
      keys.close();
      store.close();
      keyStore.close();
      beforeRelease?.();
      lock.release();
    },
  };
}

interface ReaderParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly keys: CaseKeys;
  readonly now: () => number;
  /** null in a reader beside the process that applies the events. */
  readonly running: () => Running | null;
  readonly witnesses: readonly WitnessAddress[];
}

/** Whatever only reads, beside a writer too. */
function readersOf({ log, store, keys, now, running, witnesses }: ReaderParts): Omit<Parts, 'refusals' | 'trust' | 'writes' | 'writer'> {
  const texts = new CaseTexts(log, keys);
  const moments = new MomentReader(log, store);
  const trails = new TrailReader(store);
  const staleness = new Staleness({ log, store, now, running });
  return {
    log,
    store,
    keys,
    texts,
    tables: new TableReader(store, now, staleness),
    staleness,
    reports: new ReportReader(store),
    moments,
    trails,
    cases: new CaseReader({ log, store, moments, trails, texts }),
    deadlines: new DeadlineReader(store, now),
    proofs: new ProofReader(
      log,
      store,
      witnesses.flatMap(({ keys: known }) => known),
    ),
    // Folded cases of its own: those of the recorder may be ahead of the log.
    personalData: new PersonalDataService({ log, store, cases: new CaseStore(log, keys), texts, now }),
  };
}

function trustOf({ signing, trusted = [] }: OpenOptions, { checkpoints }: ReadStore): CheckpointTrust | null {
  const keys = signing == null ? trusted : [...signing.signer.keys, ...(signing.signer.trusted ?? [])];
  return keys[0] === undefined ? null : new CheckpointTrust(checkpoints, keys[0].name, keys);
}

interface SigningParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly now: () => number;
  readonly runner: ProjectionRunner;
}

interface RunningSigning {
  readonly checkpoints: CheckpointService | null;
  readonly witnesses: WitnessService | null;
  /** A checkpoint now, for the witnesses too; null where nothing signs. */
  readonly cut: (() => Promise<unknown>) | null;
  stop(): Promise<unknown>;
}

function startSigning({ signing, notice = noteOnStderr }: OpenOptions, { runner, ...parts }: SigningParts): RunningSigning {
  if (signing == null) return { checkpoints: null, witnesses: null, cut: null, stop: async () => undefined };
  const end = new AbortController();
  const caughtUp = (timeout: number): Promise<boolean> => runner.caughtUp(timeout);
  const checkpoints = new CheckpointService({ ...parts, caughtUp, signer: signing.signer });
  const service = new WitnessService({ ...parts, caughtUp, notice, witnesses: signing.witnesses ?? [] });
  const loops = Promise.all([checkpoints.run(signing.interval, end.signal, notice, () => service.wake()), service.run(end.signal)]);
  return {
    checkpoints,
    witnesses: service,
    cut: () => checkpoints.cutNow().finally(() => service.wake()),
    stop: () => {
      end.abort();
      return loops;
    },
  };
}

function noteOnStderr(line: string): void {
  process.stderr.write(`disclosure: ${visible(line)}\n`);
}

export function openReader(options: OpenOptions): Runtime {
  const opened: { close(): unknown }[] = [];
  const keep = <T extends { close(): unknown }>(part: T): T => (opened.push(part), part);
  try {
    return readerOf(options, keep);
  } catch (error) {
    for (const part of opened) void part.close();
    throw error;
  }
}

function readerOf(options: OpenOptions, keep: <T extends { close(): unknown }>(part: T) => T): Runtime {
  const log = keep(openLog(options, true));
  const file = join(options.config.data, 'read.db');
  const store = keep(withFile(file, DAMAGE.read, () => new ReadStore(file, { readonly: true })));
  const keyStore = keep(openKeys(options));
  const now = options.now ?? Date.now;
  const keys = new CaseKeys(keyStore, now);
  return {
    ...readersOf({ log, store, keys, now, running: () => null, witnesses: options.signing?.witnesses ?? [] }),
    refusals: new RefusalService({ log, store, keys: keyStore, now }),
    trust: null,
    writes: new WriteCheck({ log, keys, runner: null }),
    writer: null,
    close: async () => {
      await log.close();
      store.close();
      keyStore.close();
    },
  };
}

/**
 * Opens for writing, or says who holds the folder. A service is known by its address; any other holder is a command that will soon be done, or a
 * service that has just begun, and is waited for a moment.
 */
export async function openWriterOrHolder(wanted: OpenOptions): Promise<{ readonly runtime: Runtime } | { readonly holder: Holder | null }> {
  const options = await withAdapter(wanted);
  const end = Date.now() + (options.holderMs ?? HOLDER_MS);
  for (let before: string | null = null; ;) {
    const runtime = openWriter(options);
    if (runtime !== null) {
      sayOpenFiles(runtime, options.notice ?? noteOnStderr);
      await claimInTime(runtime);
      return { runtime };
    }
    const holder = WriterLock.holder(options.config.data);
    const url = holder?.url ?? null;
    // Seen twice: a note of a service that died is overwritten at once by whoever has taken the lock after it.
    if ((url !== null && url === before) || Date.now() >= end) return { holder };
    before = url;
    await sleep(POLL_MS);
  }
}

/**
 * A ledger that would meet another of its store does not begin. A store that gives no answer is waited for a moment only: before the first event it is
 * asked again. Errors: `NamespaceOverlaps`.
 */
async function claimInTime(runtime: Runtime): Promise<void> {
  const claimed = runtime.log.claim().catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error;
  });
  const end = new AbortController();
  try {
    await Promise.race([claimed, sleep(PATIENCE_MS, undefined, { signal: end.signal })]);
  } catch (error) {
    await runtime.close();
    throw error;
  } finally {
    end.abort();
  }
}

/** What this program did not make so it does not change either: it may be meant. */
function sayOpenFiles({ writer }: Runtime, notice: (line: string) => void): void {
  const open = writer?.files.open() ?? [];
  if (open.length > 0)
    notice(
      `open to other accounts of this machine: ${open.map(({ file, mode }) => `${file} (${mode})`).join(', ')}; chmod 700 the folder and 600 its files`,
    );
}

/**
 * Opens for writing with the read models at the end of the log, or gives the address of the service that holds the folder. Errors:
 * `StoreUnavailable`, also where a command holds it for longer than a moment.
 */
export async function openCaughtUpWriter(options: OpenOptions): Promise<Runtime | string> {
  const found = await openWriterOrHolder(options);
  if ('runtime' in found) return caughtUp(found.runtime);
  if (found.holder?.url == null) throw new StoreUnavailable(inUse(options.config.data, found.holder));
  return found.holder.url;
}

export function inUse(folder: string, holder: Holder | null): string {
  return `${folder} is in use by process ${holder?.pid ?? 'unknown'}${holder?.url == null ? '' : `, serving ${holder.url}`}`;
}

export async function caughtUp(runtime: Runtime): Promise<Runtime> {
  const runner = runtime.writer?.runner;
  try {
    for (const end = Date.now() + CATCH_UP_MS; Date.now() < end;) {
      if (await runner?.caughtUp(PATIENCE_MS)) return runtime;
      // A service tries again for as long as it takes; whoever runs a command is told.
      const { broken, failing } = runner?.status() ?? { broken: null, failing: null };
      if (broken !== null || failing !== null) throw new StoreUnavailable(broken ?? failing ?? '');
    }
    throw new StoreUnavailable('the read models did not reach the end of the log');
  } catch (error) {
    await runtime.close();
    throw error;
  }
}
