/** Who acted, in which roles, and where duties were not kept apart. */
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { Asking, holds, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { withoutNames, type WithoutNames } from '../access/without-names.js';
import { Answers, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { Officer, OfficerList } from '../../read-models/officers/officer-reader.js';
import { GetOfficer, GetOfficers } from '../../read-models/officers/officers.query.js';
import { AgencyPath } from '../dto/common.js';
import { NEXT_LINK, PageParameters, withNext } from '../dto/page.js';
import { Parameter } from '../dto/parameter.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

export class OfficerPath extends AgencyPath {
  @Parameter({ example: 'office' })
  readonly actor!: string;
}

@ApiTags('officers')
@Controller('v1/agencies/:agency/officers')
export class OfficersController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ agency: ['act', 'audit', 'read'] })
  @HoldsNoPersonalData()
  @At(AgencyPath)
  @Takes(PageParameters)
  @ApiOperation({ operationId: 'listOfficers', summary: 'Officers, their roles and how much they did 经办人员' })
  @Answers<OfficerList | WithoutNames<OfficerList>>(200, 'by name; without names for who may read only')
  @Sends(NEXT_LINK, 200)
  @Fails('unknown-agency', 'bad-parameter', ...READING)
  async officers(
    @Param() { agency }: AgencyPath,
    @Query() page: PageParameters,
    @Asking() asker: Asker,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OfficerList | WithoutNames<OfficerList>> {
    await this.readModels.caughtUp();
    const found = withNext(reply, await this.queries.execute(new GetOfficers(agency, page)));
    return holds(asker, agency, ['act', 'audit']) ? found : withoutNames(found);
  }

  @Get(':actor')
  @Needs({ agency: ['act', 'audit'] })
  @HoldsNoPersonalData()
  @At(OfficerPath)
  @ApiOperation({ operationId: 'getOfficer', summary: 'What an officer did, and where duties were not kept apart 经办人员履职情况' })
  @Answers<Officer>(200, 'acts by type, and findings')
  @Fails('unknown-agency', 'not-found', ...READING)
  async officer(@Param() { agency, actor }: OfficerPath): Promise<Officer> {
    await this.readModels.caughtUp();
    return this.queries.execute(new GetOfficer(agency, actor));
  }
}
