/** How long reviews of a year waited, for the query bus. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { StepWaits } from './review-waits.js';
import { TrailReader } from './trail-reader.js';

/** Errors: `unknown-agency`. */
export class GetReviewWaits extends Query<readonly StepWaits[]> {
  constructor(
    readonly agency: string,
    readonly year: number,
  ) {
    super();
  }
}

@QueryHandler(GetReviewWaits)
export class GetReviewWaitsHandler implements IQueryHandler<GetReviewWaits> {
  constructor(@Inject(TrailReader) private readonly trails: TrailReader) {}

  async execute({ agency, year }: GetReviewWaits): Promise<readonly StepWaits[]> {
    return Promise.resolve(this.trails.waits(agency, year));
  }
}
