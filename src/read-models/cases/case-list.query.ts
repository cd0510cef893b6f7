/** The cases of an agency by filters, for the query bus. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { CaseListReader, type CaseList, type CaseQuestion } from './case-list.js';

/** Errors: `bad-parameter`, `unknown-agency`, `read-model-stopped`. */
export class GetCases extends Query<CaseList> {
  constructor(readonly question: CaseQuestion) {
    super();
  }
}

/** How many cases of an agency there are of a kind, in a state. Errors: as `GetCases`. */
export class CountCases extends Query<number> {
  constructor(readonly question: Pick<CaseQuestion, 'agency' | 'kind' | 'state'>) {
    super();
  }
}

@QueryHandler(CountCases)
export class CountCasesHandler implements IQueryHandler<CountCases> {
  constructor(@Inject(CaseListReader) private readonly cases: CaseListReader) {}

  async execute({ question }: CountCases): Promise<number> {
    return Promise.resolve(this.cases.count(question));
  }
}

@QueryHandler(GetCases)
export class GetCasesHandler implements IQueryHandler<GetCases> {
  constructor(@Inject(CaseListReader) private readonly cases: CaseListReader) {}

  async execute({ question }: GetCases): Promise<CaseList> {
    return Promise.resolve(this.cases.list(question));
  }
}
