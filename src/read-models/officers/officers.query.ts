/** The officers of an agency, for the query bus. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { PageAsked } from '../lists.js';
import { ReadStore } from '../read-store.js';
import { OfficerReader, type Officer, type OfficerList } from './officer-reader.js';

/** Errors: `unknown-agency`, `bad-parameter`. */
export class GetOfficers extends Query<OfficerList> {
  constructor(
    readonly agency: string,
    readonly page: PageAsked = {},
  ) {
    super();
  }
}

/** Errors: `unknown-agency`, `not-found`. */
export class GetOfficer extends Query<Officer> {
  constructor(
    readonly agency: string,
    readonly actor: string,
  ) {
    super();
  }
}

@QueryHandler(GetOfficers)
export class GetOfficersHandler implements IQueryHandler<GetOfficers> {
  readonly #officers: OfficerReader;

  constructor(@Inject(ReadStore) store: ReadStore) {
    this.#officers = new OfficerReader(store);
  }

  async execute({ agency, page }: GetOfficers): Promise<OfficerList> {
    return Promise.resolve(this.#officers.list({ agency, ...page }));
  }
}

@QueryHandler(GetOfficer)
export class GetOfficerHandler implements IQueryHandler<GetOfficer> {
  readonly #officers: OfficerReader;

  constructor(@Inject(ReadStore) store: ReadStore) {
    this.#officers = new OfficerReader(store);
  }

  async execute({ agency, actor }: GetOfficer): Promise<Officer> {
    return Promise.resolve(this.#officers.officer(agency, actor));
  }
}
