/** Review and sign-off of an agency's year, for the query bus. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { MomentReader } from '../journal/as-of.js';
import { TrailReader } from './trail-reader.js';
import type { YearSummary } from './year-summary.js';

export class GetYearSummary extends Query<YearSummary> {
  constructor(
    readonly agency: string,
    readonly year: number,
    readonly asOf?: string,
  ) {
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
