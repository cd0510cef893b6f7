/** Applications of an agency that a decision opened again, for who must answer them; no filter of the list has them. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CaseListReader, type ListedCase } from './case-list.js';

/** In the order in which they were received, at most `limit`. Errors: `unknown-agency`, `read-model-stopped`. */
export class GetReopened extends Query<readonly ListedCase[]> {
  constructor(
    readonly agency: string,
    readonly limit: number,
  ) {
    super();
  }
}

@QueryHandler(GetReopened)
export class GetReopenedHandler implements IQueryHandler<GetReopened> {
  constructor(@Inject(CaseListReader) private readonly cases: CaseListReader) {}

  async execute({ agency, limit }: GetReopened): Promise<readonly ListedCase[]> {
    return Promise.resolve(this.cases.reopened(agency, limit));
  }
}
