/** Agencies, for the query bus. */
import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { PageAsked } from '../lists.js';
import { AgencyLister, type AgenciesQuestion, type AgencyDescription, type AgencyList, type PublicAgency } from './agency-lister.js';

/** Errors: `bad-parameter`. */
export class ListAgencies extends Query<AgencyList> {
  constructor(readonly question: AgenciesQuestion = {}) {
    super();
  }
}

/** For everybody: with the years that are published. Errors: `bad-parameter`. */
export class ListPublicAgencies extends Query<AgencyList<PublicAgency>> {
  constructor(readonly page: PageAsked = {}) {
    super();
  }
}

/** Errors: `unknown-agency`. */
export class GetAgency extends Query<AgencyDescription> {
  constructor(readonly agency: string) {
    super();
  }
}

@QueryHandler(ListAgencies)
export class ListAgenciesHandler implements IQueryHandler<ListAgencies> {
  constructor(@Inject(AgencyLister) private readonly agencies: AgencyLister) {}

  async execute({ question }: ListAgencies): Promise<AgencyList> {
    return Promise.resolve(this.agencies.list(question));
  }
}

@QueryHandler(ListPublicAgencies)
export class ListPublicAgenciesHandler implements IQueryHandler<ListPublicAgencies> {
  constructor(@Inject(AgencyLister) private readonly agencies: AgencyLister) {}

  async execute({ page }: ListPublicAgencies): Promise<AgencyList<PublicAgency>> {
    return Promise.resolve(this.agencies.publicList(page));
  }
}

@QueryHandler(GetAgency)
export class GetAgencyHandler implements IQueryHandler<GetAgency> {
  constructor(@Inject(AgencyLister) private readonly agencies: AgencyLister) {}

  async execute({ agency }: GetAgency): Promise<AgencyDescription> {
    return Promise.resolve(this.agencies.describe(agency));
  }
}
