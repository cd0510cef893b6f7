/** What can be asked, for Nest's query bus; each handler a line or two. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { CaseRef } from '../domain/identifiers.js';
import { requireIndex } from '../read-models/journal/as-of.js';
import { caseAsOf, type CaseAsOf } from '../read-models/cases/case-as-of.js';
import type { DeadlineQuestion, Deadlines } from '../read-models/deadlines/deadline-reader.js';
import { PARTS, type Parts } from './parts.js';
import { readEvents, type EventPage, type EventQuestion } from '../read-models/journal/event-reader.js';
import type { Access } from '../privacy/personal-data-service.js';
import type { KeptRefusal } from '../recording/refusal-service.js';
import type { Consistency, EventProof } from '../signing/proof-reader.js';
import type { YearlyReport } from '../tables/report-reader.js';
import type { Difference, Explanation, Table, TableQuestion } from '../tables/table.js';
import type { CaseSummary, Trail, YearSummary } from '../read-models/trail/trail-reader.js';
import { witnessesOf, type Witnesses } from '../signing/witness-service.js';

export class GetTable extends Query<Table> {
  constructor(readonly question: TableQuestion) {
    super();
  }
}

/** What is no longer as it was published. */
export class GetDifference extends Query<Difference> {
  constructor(readonly question: TableQuestion) {
    super();
  }
}

export class GetReport extends Query<YearlyReport> {
  constructor(
    readonly agency: string,
    readonly year: number,
    readonly asOf?: string,
  ) {
    super();
  }
}

export class ExplainCell extends Query<Explanation> {
  constructor(readonly question: TableQuestion & { readonly cell: string }) {
    super();
  }
}

export class GetTrail extends Query<Trail> {
  constructor(
    readonly agency: string,
    readonly ref: CaseRef,
    readonly asOf?: string,
  ) {
    super();
  }
}

export class GetCase extends Query<CaseSummary> {
  constructor(
    readonly agency: string,
    readonly ref: CaseRef,
    readonly asOf?: string,
  ) {
    super();
  }
}

export class GetYearSummary extends Query<YearSummary> {
  constructor(
    readonly agency: string,
    readonly year: number,
    readonly asOf?: string,
  ) {
    super();
  }
}

export class GetDeadlines extends Query<Deadlines> {
  constructor(readonly question: DeadlineQuestion) {
    super();
  }
}

export class ListAccesses extends Query<{ readonly accesses: readonly Access[] }> {
  constructor(
    readonly agency: string,
    readonly ref: CaseRef | undefined,
  ) {
    super();
  }
}

export class ListRefusals extends Query<{ readonly refusals: readonly KeptRefusal[] }> {}

export class ReadEvents extends Query<EventPage> {
  constructor(readonly question: EventQuestion) {
    super();
  }
}

export class GetCheckpoint extends Query<string> {
  /** `witnessed`: how many witnesses must have signed it. */
  constructor(readonly witnessed?: number) {
    super();
  }
}

export class GetWitnesses extends Query<Witnesses> {}

export class GetEventProof extends Query<EventProof> {
  constructor(readonly eventId: string) {
    super();
  }
}

export class GetProofFile extends Query<string> {
  constructor(readonly eventId: string) {
    super();
  }
}

export class GetConsistency extends Query<Consistency> {
  constructor(
    readonly from: number,
    readonly to: number | undefined,
  ) {
    super();
  }
}

export class GetTile extends Query<Buffer> {
  constructor(readonly path: string) {
    super();
  }
}

@QueryHandler(GetTable)
export class GetTableHandler implements IQueryHandler<GetTable> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ question }: GetTable): Promise<Table> {
    await requireIndex(this.ledger, question.asOf);
    return this.ledger.tables.table(question);
  }
}

@QueryHandler(GetDifference)
export class GetDifferenceHandler implements IQueryHandler<GetDifference> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ question }: GetDifference): Promise<Difference> {
    await requireIndex(this.ledger, question.asOf);
    return this.ledger.tables.difference(question);
  }
}

@QueryHandler(GetReport)
export class GetReportHandler implements IQueryHandler<GetReport> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ agency, year, asOf }: GetReport): Promise<YearlyReport> {
    await requireIndex(this.ledger, asOf);
    return this.ledger.reports.report(agency, year, asOf);
  }
}

@QueryHandler(ExplainCell)
export class ExplainCellHandler implements IQueryHandler<ExplainCell> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ question }: ExplainCell): Promise<Explanation> {
    await requireIndex(this.ledger, question.asOf);
    return this.ledger.tables.explain(question);
  }
}

/** Where a case stood, of a question about an earlier moment. */
async function caseAt({ log, store }: Parts, agency: string, ref: CaseRef, asOf: string | undefined): Promise<CaseAsOf | undefined> {
  if (asOf === undefined) return undefined;
  await requireIndex({ log, store }, asOf);
  return caseAsOf(log, store, agency, ref, asOf);
}

@QueryHandler(GetTrail)
export class GetTrailHandler implements IQueryHandler<GetTrail> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ agency, ref, asOf }: GetTrail): Promise<Trail> {
    const trail = this.ledger.trails.trail(agency, ref, await caseAt(this.ledger, agency, ref, asOf));
    return this.ledger.texts.withOpinions(agency, trail);
  }
}

@QueryHandler(GetCase)
export class GetCaseHandler implements IQueryHandler<GetCase> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ agency, ref, asOf }: GetCase): Promise<CaseSummary> {
    return this.ledger.texts.withTitle(this.ledger.trails.case(agency, ref, await caseAt(this.ledger, agency, ref, asOf)));
  }
}

@QueryHandler(GetYearSummary)
export class GetYearSummaryHandler implements IQueryHandler<GetYearSummary> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ agency, year, asOf }: GetYearSummary): Promise<YearSummary> {
    await requireIndex(this.ledger, asOf);
    return this.ledger.trails.year(agency, year, asOf);
  }
}

@QueryHandler(GetDeadlines)
export class GetDeadlinesHandler implements IQueryHandler<GetDeadlines> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ question }: GetDeadlines): Promise<Deadlines> {
    await requireIndex(this.ledger, question.asOf);
    return this.ledger.deadlines.deadlines(question);
  }
}

@QueryHandler(ListAccesses)
export class ListAccessesHandler implements IQueryHandler<ListAccesses> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ agency, ref }: ListAccesses): Promise<{ readonly accesses: readonly Access[] }> {
    return this.ledger.personalData.list(agency, ref);
  }
}

@QueryHandler(ListRefusals)
export class ListRefusalsHandler implements IQueryHandler<ListRefusals> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute(): Promise<{ readonly refusals: readonly KeptRefusal[] }> {
    return { refusals: this.ledger.refusals.list() };
  }
}

@QueryHandler(ReadEvents)
export class ReadEventsHandler implements IQueryHandler<ReadEvents> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  execute({ question }: ReadEvents): Promise<EventPage> {
    return readEvents(this.ledger, question);
  }
}

@QueryHandler(GetCheckpoint)
export class GetCheckpointHandler implements IQueryHandler<GetCheckpoint> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ witnessed }: GetCheckpoint): Promise<string> {
    return this.ledger.proofs.checkpoint(witnessed);
  }
}

@QueryHandler(GetWitnesses)
export class GetWitnessesHandler implements IQueryHandler<GetWitnesses> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  execute(): Promise<Witnesses> {
    return witnessesOf(this.ledger);
  }
}

@QueryHandler(GetEventProof)
export class GetEventProofHandler implements IQueryHandler<GetEventProof> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ eventId }: GetEventProof): Promise<EventProof> {
    return this.ledger.proofs.proof(eventId);
  }
}

@QueryHandler(GetProofFile)
export class GetProofFileHandler implements IQueryHandler<GetProofFile> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ eventId }: GetProofFile): Promise<string> {
    return this.ledger.proofs.proofFile(eventId);
  }
}

@QueryHandler(GetConsistency)
export class GetConsistencyHandler implements IQueryHandler<GetConsistency> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ from, to }: GetConsistency): Promise<Consistency> {
    return this.ledger.proofs.consistency(from, to);
  }
}

@QueryHandler(GetTile)
export class GetTileHandler implements IQueryHandler<GetTile> {
  constructor(@Inject(PARTS) private readonly ledger: Parts) {}

  async execute({ path }: GetTile): Promise<Buffer> {
    return this.ledger.proofs.tile(path);
  }
}

export const QUERY_HANDLERS = [
  GetTableHandler,
  GetDifferenceHandler,
  GetReportHandler,
  ExplainCellHandler,
  GetTrailHandler,
  GetCaseHandler,
  GetYearSummaryHandler,
  GetDeadlinesHandler,
  ListAccessesHandler,
  ListRefusalsHandler,
  ReadEventsHandler,
  GetCheckpointHandler,
  GetWitnessesHandler,
  GetEventProofHandler,
  GetProofFileHandler,
  GetConsistencyHandler,
  GetTileHandler,
];
