/** The parts of an open ledger that commands and queries work with. Wired in runtime.ts. */
import type { RightsReader } from '../access/rights.js';
import type { StandingWatch } from '../access/standing.js';
import type { DataFiles } from '../config/data-files.js';
import type { FeedReader } from '../feed/feed-reader.js';
import type { EventLog } from '../log/event-log.js';
import type { Freshness } from '../read-models/freshness.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { Follower } from '../read-models/follower.js';
import type { CheckpointService } from '../signing/checkpoint-service.js';
import type { CaseKeys } from '../sealing/case-keys.js';
import type { CaseTexts } from '../privacy/case-texts.js';
import type { CheckpointTrust } from '../signing/checkpoint-trust.js';
import type { AgencyLister } from '../read-models/agencies/agency-lister.js';
import type { CaseListReader } from '../read-models/cases/case-list.js';
import type { DeadlineReader } from '../read-models/deadlines/deadline-reader.js';
import type { PersonalDataService } from '../privacy/personal-data-service.js';
import type { ProofReader } from '../signing/proof-reader.js';
import type { Trials } from '../recording/trial/trial.js';
import type { MessageRecorder } from '../recording/message-recorder.js';
import type { RefusalService } from '../recording/refusal-service.js';
import type { ReportReader } from '../tables/report-reader.js';
import type { Staleness } from '../read-models/staleness.js';
import type { KnownTables } from '../tables/known-tables.js';
import type { StatisticsReader } from '../tables/statistics-reader.js';
import type { ReportTextReader } from '../tables/texts/report-text.js';
import type { TableReader } from '../tables/table-reader.js';
import type { TrailReader } from '../read-models/trail/trail-reader.js';
import type { WitnessService } from '../signing/witness-service.js';
import type { CaseReader } from '../privacy/case-reader.js';
import type { MomentReader } from '../read-models/journal/as-of.js';
import type { WriteCheck } from '../recording/write-check.js';

export interface Parts {
  readonly log: EventLog;
  readonly store: ReadStore;
  /** What callers may, where they are identified. */
  readonly rights: RightsReader;
  /** Ends what is streamed to a caller when it may no longer have it. */
  readonly standings: StandingWatch;
  readonly moments: MomentReader;
  readonly tables: TableReader;
  readonly feed: FeedReader;
  /** Tables that were answered, by what is known of them without computing. */
  readonly knownTables: KnownTables;
  /** How far answers are behind what was acknowledged. */
  readonly staleness: Staleness;
  /** Whether everything that the log holds is known here. */
  readonly freshness: Freshness;
  readonly reports: ReportReader;
  /** Figures that only the prose of a report has. */
  readonly statistics: StatisticsReader;
  /** Reports in words, with the texts that who asks may read. */
  readonly reportTexts: ReportTextReader;
  readonly trails: TrailReader;
  readonly deadlines: DeadlineReader;
  readonly agencies: AgencyLister;
  readonly caseList: CaseListReader;
  readonly refusals: RefusalService;
  readonly proofs: ProofReader;
  readonly keys: CaseKeys;
  readonly texts: CaseTexts;
  /** Cases and trails with the texts that anybody may read. */
  readonly cases: CaseReader;
  readonly personalData: PersonalDataService;
  /** Whose checkpoints are those of the ledger; null where no key is configured. */
  readonly trust: CheckpointTrust | null;
  /** Whether messages are taken just now. */
  readonly writes: WriteCheck;
  /** null in a reader beside the process that writes. */
  readonly writer: {
    readonly recorder: MessageRecorder;
    /** Decides messages and keeps nothing. */
    readonly trials: Trials;
    readonly runner: Follower;
    /** Signs checkpoints; null where there is no key. */
    readonly checkpoints: CheckpointService | null;
    /** Has checkpoints signed by witnesses; null where there is no key. */
    readonly witnesses: WitnessService | null;
    readonly files: DataFiles;
  } | null;
}

/**
 * Nest's token for all of them together: parts.module.ts gives out each under its class, and nobody else asks for this.
 */
export const PARTS = Symbol('Parts');
