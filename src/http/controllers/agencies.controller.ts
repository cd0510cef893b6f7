/** Agencies: which there are, and how one is set up. */
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { Asking, holds, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { withoutNames } from '../access/without-names.js';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import { GetAgency, ListAgencies, ListPublicAgencies } from '../../read-models/agencies/agencies.query.js';
import type { AgencyList, PublicAgency } from '../../read-models/agencies/agency-lister.js';
import { AgencyPath } from '../dto/common.js';
import { PageParameters, withNext } from '../dto/page.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

@ApiTags('agencies')
@Controller('v1/agencies')
export class AgenciesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ anywhere: ['read', 'act', 'audit'], operator: true, published: 'always' })
  @HoldsNoPersonalData()
  @Takes(PageParameters)
  @ApiOperation({ summary: 'Agencies and the years they have records of 行政机关' })
  @ApiResponse({ status: 200, description: '{agencies: [{agency, name, parent, reporting, years}], next}, by code' })
  async agencies(
    @Query() page: PageParameters,
    @Asking() asker: Asker,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgencyList<PublicAgency>> {
    await this.readModels.caughtUp();
    const { identity, rights, sender } = asker;
    if (identity && rights === null) return withNext(reply, await this.queries.execute(new ListPublicAgencies(page)));
    const sees = identity && sender.operator !== true ? (agency: string) => holds(asker, agency, ['read', 'act', 'audit']) : undefined;
    return withNext(reply, await this.queries.execute(new ListAgencies({ ...page, sees })));
  }

  @Get(':agency')
  @Needs({ agency: ['read', 'act', 'audit'], operator: true })
  @HoldsNoPersonalData()
  @At(AgencyPath)
  @ApiOperation({ summary: 'How an agency is set up: chain, roles, forms, years 行政机关设置' })
  @ApiResponse({
    status: 200,
    description:
      '{agency, name, parent, reporting, forms, years, chain: {steps, approver, attested} | null, roles: [{actor, role, from, until}]}',
  })
  async agency(@Param() { agency }: AgencyPath, @Asking() asker: Asker): Promise<unknown> {
    await this.readModels.caughtUp();
    const found = await this.queries.execute(new GetAgency(agency));
    return asker.sender.operator === true || holds(asker, agency, ['act', 'audit']) ? found : withoutNames(found);
  }
}
