/** The parts of an open ledger that commands and queries work with. Wired in runtime.ts. */
import type { EventLog } from '../log/event-log.js';
import type { ReadStore } from '../projections/read-store.js';
import type { ProjectionRunner } from '../projections/runner.js';
import type { CheckpointKeeper } from './checkpoint-keeper.js';
import type { CaseKeys } from '../sealing/case-keys.js';
import type { CaseTexts } from './case-texts.js';
import type { CheckpointTrust } from './checkpoint-trust.js';
import type { DeadlineReader } from './deadline-reader.js';
import type { PersonalDataDesk } from './personal-data.js';
import type { ProofReader } from './proof-reader.js';
import type { MessageRecorder } from './record-message.js';
import type { RefusalDesk } from './refusal-desk.js';
import type { ReportReader } from './report-reader.js';
import type { Staleness } from './staleness.js';
import type { TableReader } from './table-reader.js';
import type { TrailReader } from './trail-reader.js';
import type { WitnessDesk } from './witness-desk.js';

export interface Ledger {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly tables: TableReader;
  /** How far answers are behind what was acknowledged. */
  readonly staleness: Staleness;
  readonly reports: ReportReader;
  readonly trails: TrailReader;
  readonly deadlines: DeadlineReader;
  readonly refusals: RefusalDesk;
  readonly proofs: ProofReader;
  readonly keys: CaseKeys;
  readonly texts: CaseTexts;
  readonly personalData: PersonalDataDesk;
  /** Whose checkpoints are those of the ledger; null where no key is configured. */
  readonly trust: CheckpointTrust | null;
  /** null in a reader beside the process that writes. */
  readonly writer: {
    readonly recorder: MessageRecorder;
    readonly runner: ProjectionRunner;
    /** Signs checkpoints; null where there is no key. */
    readonly keeper: CheckpointKeeper | null;
    /** Has checkpoints signed by witnesses; null where there is no key. */
    readonly witnesses: WitnessDesk | null;
    /** Files of the data folder that accounts other than its owner's may use, with their modes. */
    openFiles(): readonly { readonly file: string; readonly mode: string }[];
  } | null;
}

/** Nest's token for the ledger. */
export const LEDGER = Symbol('Ledger');
