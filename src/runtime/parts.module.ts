/**
 * The parts of an open ledger as providers, each under its own name: what a handler or a controller needs it asks for
 * by class, and a test puts another in its place (`overrideProvider`). They are composed in runtime.ts, in the order in
 * which they must open and close; Nest only hands them on.
 */
import { Global, Module, type Abstract, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { RightsReader } from '../access/rights.js';
import { StandingWatch } from '../access/standing.js';
import { DataFiles } from '../config/data-files.js';
import { FeedReader } from '../feed/feed-reader.js';
import { EVENT_LOG } from '../log/event-log.js';
import { CaseReader } from '../privacy/case-reader.js';
import { CaseTexts } from '../privacy/case-texts.js';
import { PersonalDataService } from '../privacy/personal-data-service.js';
import { AgencyLister } from '../read-models/agencies/agency-lister.js';
import { CaseListReader } from '../read-models/cases/case-list.js';
import { DeadlineReader } from '../read-models/deadlines/deadline-reader.js';
import { MomentReader } from '../read-models/journal/as-of.js';
import { Freshness } from '../read-models/freshness.js';
import { ReadStore } from '../read-models/read-store.js';
import { Follower } from '../read-models/follower.js';
import { Staleness } from '../read-models/staleness.js';
import { TrailReader } from '../read-models/trail/trail-reader.js';
import { MessageRecorder } from '../recording/message-recorder.js';
import { RefusalService } from '../recording/refusal-service.js';
import { Trials } from '../recording/trial/trial.js';
import { WriteCheck } from '../recording/write-check.js';
import { CaseKeys } from '../sealing/case-keys.js';
import { CheckpointService } from '../signing/checkpoint-service.js';
import { CheckpointTrust } from '../signing/checkpoint-trust.js';
import { ProofReader } from '../signing/proof-reader.js';
import { WitnessService } from '../signing/witness-service.js';
import { KnownTables } from '../tables/known-tables.js';
import { ReportReader } from '../tables/report-reader.js';
import { StatisticsReader } from '../tables/statistics-reader.js';
import { ReportTextReader } from '../tables/texts/report-text.js';
import { TableReader } from '../tables/table-reader.js';
import { PARTS, type Parts } from './parts.js';

type Taken = (parts: Parts) => unknown;

/** Part → where it is; null in a reader beside the process that writes, or where nothing signs. */
export const BY_CLASS: readonly (readonly [Type | Abstract<unknown> | symbol, Taken])[] = [
  [EVENT_LOG, ({ log }) => log],
  [ReadStore, ({ store }) => store],
  [RightsReader, ({ rights }) => rights],
  [StandingWatch, ({ standings }) => standings],
  [MomentReader, ({ moments }) => moments],
  [CaseKeys, ({ keys }) => keys],
  [TableReader, ({ tables }) => tables],
  [FeedReader, ({ feed }) => feed],
  [KnownTables, ({ knownTables }) => knownTables],
  [ReportReader, ({ reports }) => reports],
  [StatisticsReader, ({ statistics }) => statistics],
  [ReportTextReader, ({ reportTexts }) => reportTexts],
  [TrailReader, ({ trails }) => trails],
  [DeadlineReader, ({ deadlines }) => deadlines],
  [AgencyLister, ({ agencies }) => agencies],
  [CaseListReader, ({ caseList }) => caseList],
  [CaseReader, ({ cases }) => cases],
  [CaseTexts, ({ texts }) => texts],
  [PersonalDataService, ({ personalData }) => personalData],
  [RefusalService, ({ refusals }) => refusals],
  [ProofReader, ({ proofs }) => proofs],
  [Staleness, ({ staleness }) => staleness],
  [Freshness, ({ freshness }) => freshness],
  [CheckpointTrust, ({ trust }) => trust],
  [WriteCheck, ({ writes }) => writes],
  [MessageRecorder, ({ writer }) => writer?.recorder ?? null],
  [Trials, ({ writer }) => writer?.trials ?? null],
  [Follower, ({ writer }) => writer?.runner ?? null],
  [CheckpointService, ({ writer }) => writer?.checkpoints ?? null],
  [WitnessService, ({ writer }) => writer?.witnesses ?? null],
  [DataFiles, ({ writer }) => writer?.files ?? null],
];

@Global()
@Module({})
export class PartsModule {
  static around(parts: Parts): DynamicModule {
    const providers: Provider[] = BY_CLASS.map(([provide, taken]) => ({ provide, useFactory: taken, inject: [PARTS] }));
    const all: Provider[] = [{ provide: PARTS, useValue: parts }, ...providers];
    return { module: PartsModule, providers: all, exports: providers };
  }
}
