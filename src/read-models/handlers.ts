/** What is asked of read models alone, for the query bus; each handler a line. */
import { Inject } from '@nestjs/common';
import { MomentReader } from './journal/as-of.js';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { type YearSummary, TrailReader } from './trail/trail-reader.js';
import { ReadStore } from './read-store.js';
import { type EventPage, type EventQuestion, readEvents } from './journal/event-reader.js';
import { type Deadlines, type DeadlineQuestion, DeadlineReader } from './deadlines/deadline-reader.js';
import { EVENT_LOG, type EventLog } from '../log/event-log.js';

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

export class ReadEvents extends Query<EventPage> {
  constructor(readonly question: EventQuestion) {
    super();
  }
}

@QueryHandler(GetYearSummary)
export class GetYearSummaryHandler implements IQueryHandler<GetYearSummary> {
  constructor(
    @Inject(TrailReader) private readonly trails: TrailReader,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  async execute({ agency, year, asOf }: GetYearSummary): Promise<YearSummary> {
    await this.moments.requireIndex(asOf);
    return this.trails.year(agency, year, asOf);
  }
}

@QueryHandler(GetDeadlines)
export class GetDeadlinesHandler implements IQueryHandler<GetDeadlines> {
  constructor(
    @Inject(DeadlineReader) private readonly deadlines: DeadlineReader,
    @Inject(MomentReader) private readonly moments: MomentReader,
  ) {}

  async execute({ question }: GetDeadlines): Promise<Deadlines> {
    await this.moments.requireIndex(question.asOf);
    return this.deadlines.deadlines(question);
  }
}

@QueryHandler(ReadEvents)
export class ReadEventsHandler implements IQueryHandler<ReadEvents> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ReadStore) private readonly store: ReadStore,
  ) {}

  execute({ question }: ReadEvents): Promise<EventPage> {
    return readEvents({ log: this.log, store: this.store }, question);
  }
}
