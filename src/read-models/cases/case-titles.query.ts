/** Cases whose public title holds a text, for who looks for one. What is sealed is in no title here. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { agencyIdOf } from '../agencies/agency-reader.js';
import { ReadStore } from '../read-store.js';

export interface TitledCase {
  readonly kind: string;
  readonly number: string;
  readonly title: string;
  readonly state: string;
}

/** In the order in which they began, at most `limit`. Errors: `unknown-agency`. */
export class FindByTitle extends Query<readonly TitledCase[]> {
  constructor(
    readonly agency: string,
    readonly text: string,
    readonly limit: number,
  ) {
    super();
  }
}

/** Compared character by character: a part of a Chinese title has no borders that an index of words would know. */
const TITLED = `SELECT kind, number, title, state FROM cases INDEXED BY cases_by_state
  WHERE agency_id = @agency AND title IS NOT NULL AND instr(title, @text) > 0 ORDER BY stream_id LIMIT @limit`;

@QueryHandler(FindByTitle)
export class FindByTitleHandler implements IQueryHandler<FindByTitle> {
  constructor(@Inject(ReadStore) private readonly store: ReadStore) {}

  async execute({ agency, text, limit }: FindByTitle): Promise<readonly TitledCase[]> {
    const { db } = this.store;
    const bound = { agency: agencyIdOf(db, agency), text, limit };
    return Promise.resolve(db.prepare<unknown[], TitledCase>(TITLED).all(bound));
  }
}
