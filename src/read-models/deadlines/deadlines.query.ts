/** Open applications with their due dates, for the query bus. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { MomentReader } from '../journal/as-of.js';
import { DeadlineReader, type DeadlineQuestion, type Deadlines } from './deadline-reader.js';

export class GetDeadlines extends Query<Deadlines> {
  constructor(readonly question: DeadlineQuestion) {
    super();
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
