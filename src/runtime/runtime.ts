/**
 * The parts of a running ledger, wired by hand: log, read store, keys, runner, recorder, readers. A writer holds the
 * folder's lock; a reader beside a writer opens everything read-only.
 */
import { join } from 'node:path';
import { RightsReader } from '../access/rights.js';
import { StandingWatch } from '../access/standing.js';
import { Hierarchy } from '../read-models/agencies/hierarchy.js';
import { withFile } from '../sqlite/damaged-file.js';
import { FilesOpen, makeFolder, requirePrivateKeys } from './data-folder.js';
import { FeedReader } from '../feed/feed-reader.js';
import type { EventLog } from '../log/event-log.js';
import { Freshness } from '../read-models/freshness.js';
import { ReadStore } from '../read-models/read-store.js';
import type { Follower } from '../read-models/follower.js';
import { ProjectionRunner } from '../read-models/runner.js';
import type { Erased } from '../read-models/accesses/accesses.js';
import { CaseKeys } from '../sealing/case-keys.js';
import { CaseStore } from '../recording/facts/case-store.js';
import { CaseTexts } from '../privacy/case-texts.js';
import { CheckpointService } from '../signing/checkpoint-service.js';
import { CheckpointTrust } from '../signing/checkpoint-trust.js';
import { CasePlaceReader } from '../read-models/cases/case-place.js';
import { AgencyLister } from '../read-models/agencies/agency-lister.js';
import { CaseListReader } from '../read-models/cases/case-list.js';
import { DeadlineReader } from '../read-models/deadlines/deadline-reader.js';
import { ErasureService } from '../privacy/erasure-service.js';
import type { Parts } from './parts.js';
import { MessageIndex } from '../read-models/journal/message-index.js';
import { Trials } from '../recording/trial/trial.js';
import { MessageRecorder } from '../recording/message-recorder.js';
import { PersonalDataService } from '../privacy/personal-data-service.js';
import { RemedyIndex } from '../read-models/cases/remedy-index.js';
import { ProofReader } from '../signing/proof-reader.js';
import { Staleness, type Running } from '../read-models/staleness.js';
import { ReportFactsService } from '../tables/report-facts.js';
import { ReportReader } from '../tables/report-reader.js';
import { RefusalService } from '../recording/refusal-service.js';
import { KnownTables } from '../tables/known-tables.js';
import { StatisticsReader } from '../tables/statistics-reader.js';
import { ReportTextReader } from '../tables/texts/report-text.js';
import { StandingTexts } from '../tables/texts/standing-text.js';
import { TableReader } from '../tables/table-reader.js';
import { TrailReader } from '../read-models/trail/trail-reader.js';
import { WriteCheck } from '../recording/write-check.js';
import { WitnessService, type WitnessAddress } from '../signing/witness-service.js';
import { FollowerThread } from './thread/follower-thread.js';
import { WriterLock } from './writer-lock.js';
import { CaseReader } from '../privacy/case-reader.js';
import { MomentReader } from '../read-models/journal/as-of.js';
import { DAMAGE, filesOf, keysOf, noteOnStderr, openKeys, openLog, openReadStore, type OpenOptions } from './stores.js';

export interface Runtime extends Parts {
  readonly writer: (NonNullable<Parts['writer']> & { readonly lock: WriterLock }) | null;
  /** `beforeRelease` runs when every file is closed and the lock is still held. */
  close(beforeRelease?: () => void): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Opens for writing; null while another process holds the folder. The read models catch up by themselves from then on.
 */
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
  const { config, thread = false } = options;
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
  const runner = followerOf(options, { log, store, erasures, notice });
  runner.start();
  const freshness = new Freshness({ log, runner });
  freshness.start();
  const signing = startSigning(options, { log, store, now, runner });
  const running = (): Running => runner.status();
  const readers = readersOf({ log, store, keys, now, running, freshness, witnesses: options.signing?.witnesses ?? [] });
  const reports = new ReportFactsService({ store, tables: readers.tables, runner, cut: signing.cut, notice });
  const unavailable = (): string | null => (runner.isCaughtUp ? freshness.cutOff : log.trouble);
  const hierarchy = new Hierarchy(store, (timeout) => runner.caughtUp(timeout));
  const index = new MessageIndex(store, { settled: () => log.ordered && runner.isCaughtUp });
  const parts = {
    hierarchy,
    rights: readers.rights,
    freshness,
    log,
    cases,
    index,
    room: () => index.room(runner),
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
    writes: new WriteCheck({ log, keys, freshness, runner }),
    writer: {
      recorder,
      trials: new Trials(parts),
      runner,
      lock,
      checkpoints: signing.checkpoints,
      witnesses: signing.witnesses,
      files: filesOf(config),
    },
    close: async (beforeRelease) => {
      clearInterval(sweeper);
      readers.feed.stop();
      await reports.stop();
      await signing.stop();
      const stopped = runner.stop();
      // Who wrote a file closes it last: then nothing is left beside it.
      if (thread) await stopped;
      await log.close();
      await freshness.stop();
      await stopped;
      erasures.stop();
      keys.close();
      store.close();
      keyStore.close();
      beforeRelease?.();
      lock.release();
    },
  };
}

interface FollowerParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly erasures: ErasureService;
  readonly notice: (line: string) => void;
}

/** Applies the events here, or in a thread of its own. */
function followerOf({ config, thread = false }: OpenOptions, { log, store, erasures, notice }: FollowerParts): Follower {
  if (!thread) return new ProjectionRunner(log, store, { notice, committed: (erased) => erasures.seen(erased) });
  const erased = (found: readonly Erased[]): void => erasures.seen(found);
  return new FollowerThread({ config, log, store, notice, erased, died: () => erasures.seeAll() });
}

interface ReaderParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly keys: CaseKeys;
  readonly now: () => number;
  /** null in a reader beside the process that applies the events. */
  readonly running: () => Running | null;
  readonly freshness: Freshness;
  readonly witnesses: readonly WitnessAddress[];
}

/** Whatever only reads, beside a writer too. */
function readersOf({
  log,
  store,
  keys,
  now,
  running,
  freshness,
  witnesses,
}: ReaderParts): Omit<Parts, 'refusals' | 'trust' | 'writes' | 'writer'> {
  const texts = new CaseTexts(log, keys);
  const moments = new MomentReader(log, store);
  const trails = new TrailReader(store);
  const staleness = new Staleness({ log, store, now, running, cutOff: () => freshness.stale });
  const tables = new TableReader(store, now, staleness);
  const rights = new RightsReader(store, now);
  const deadlines = new DeadlineReader(store, now);
  // Folded cases of its own: those of the recorder may be ahead of the log.
  const cases = new CaseStore(log, keys);
  const reports = new ReportReader(store);
  const statistics = new StatisticsReader(store, tables, staleness);
  return {
    log,
    store,
    keys,
    texts,
    rights,
    standings: new StandingWatch(rights, now),
    tables,
    feed: new FeedReader({ log, store, tables }),
    knownTables: new KnownTables(store, staleness),
    staleness,
    freshness,
    reports,
    statistics,
    reportTexts: new ReportTextReader(tables, statistics, new StandingTexts({ store, reports, cases, now })),
    moments,
    trails,
    cases: new CaseReader({ log, store, moments, trails, texts, places: new CasePlaceReader({ store, deadlines, now }), cases, now }),
    deadlines,
    agencies: new AgencyLister(store, now),
    caseList: new CaseListReader(store, now),
    proofs: new ProofReader(
      log,
      store,
      witnesses.flatMap(({ keys: known }) => known),
    ),
    personalData: new PersonalDataService({ log, store, cases, texts, now }),
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
  readonly runner: Follower;
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
  const freshness = new Freshness({ log, runner: null });
  return {
    ...readersOf({ log, store, keys, now, running: () => null, freshness, witnesses: options.signing?.witnesses ?? [] }),
    refusals: new RefusalService({ log, store, keys: keyStore, now }),
    trust: null,
    writes: new WriteCheck({ log, keys, freshness, runner: null }),
    writer: null,
    close: async () => {
      await log.close();
      store.close();
      keyStore.close();
    },
  };
}
