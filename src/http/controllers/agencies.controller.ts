/** Agencies: which there are, and how one is set up. */
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { Asking, holds, type Asker } from '../access/caller.js';
import { Needs, READERS } from '../access/needs.js';
import { withoutNames, type WithoutNames } from '../access/without-names.js';
import { Answers, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import { GetAgency, ListAgencies, ListPublicAgencies } from '../../read-models/agencies/agencies.query.js';
import type { Agencies, AgencyDescription, AgencyList, PublicAgencies, PublicAgency } from '../../read-models/agencies/agency-lister.js';
import { AgencyPath } from '../dto/common.js';
import { NEXT_LINK, PageParameters, withNext } from '../dto/page.js';
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
  @Needs({ anywhere: READERS, operator: true, published: 'always' })
  @HoldsNoPersonalData()
  @Takes(PageParameters)
  @ApiOperation({ operationId: 'listAgencies', summary: 'Agencies and the years they have records of 行政机关' })
  @Answers<Agencies | PublicAgencies>(200, 'by code; for the public with the years that are published')
  @Sends(NEXT_LINK, 200)
  @Fails('bad-parameter', ...READING)
  async agencies(
    @Query() page: PageParameters,
    @Asking() asker: Asker,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgencyList<PublicAgency>> {
    await this.readModels.caughtUp();
    const { identity, rights, sender } = asker;
    const isNamed = sender.operator === true || READERS.some((permission) => rights?.anywhere(permission) === true);
    if (identity && !isNamed) return withNext(reply, await this.queries.execute(new ListPublicAgencies(page)));
    const sees = identity && sender.operator !== true ? (agency: string) => holds(asker, agency, READERS) : undefined;
    return withNext(reply, await this.queries.execute(new ListAgencies({ ...page, sees })));
  }

  @Get(':agency')
  @Needs({ agency: READERS, operator: true })
  @HoldsNoPersonalData()
  @At(AgencyPath)
  @ApiOperation({ operationId: 'getAgency', summary: 'How an agency is set up: chain, roles, forms, years 行政机关设置' })
  @Answers<AgencyDescription | WithoutNames<AgencyDescription>>(200, 'as of today; without names for who may read only')
  @Fails('unknown-agency', ...READING)
  async agency(@Param() { agency }: AgencyPath, @Asking() asker: Asker): Promise<AgencyDescription | WithoutNames<AgencyDescription>> {
    await this.readModels.caughtUp();
    const found = await this.queries.execute(new GetAgency(agency));
    return holds(asker, agency, ['act', 'audit']) ? found : withoutNames(found);
  }
}
