/** The cases of an agency by filters. */
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { Needs } from '../access/needs.js';
import { Answers, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { CaseList } from '../../read-models/cases/case-list.js';
import { GetCases } from '../../read-models/cases/case-list.query.js';
import { AgencyPath } from '../dto/common.js';
import { NEXT_LINK, PageParameters, withNext } from '../dto/page.js';
import { Parameter } from '../dto/parameter.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

/** Which kinds and states there are is said by the reader, which the command line asks too. */
export class CasesParameters extends PageParameters {
  @Parameter({ description: 'only cases of this kind', example: 'publication' })
  readonly kind?: string;

  @Parameter({ description: 'only cases in this state', example: 'in-clearance' })
  readonly state?: string;

  @Parameter({ description: 'only cases in which this officer recorded an act that stands' })
  readonly actor?: string;

  @Parameter({ description: 'only cases that wait for this role, or for this officer' })
  readonly waitingFor?: string;

  @Parameter({ description: 'only open applications that are due before this day, YYYY-MM-DD' })
  readonly dueBefore?: string;

  @Parameter({ description: 'only applications that were open at the end of this day, YYYY-MM-DD' })
  readonly openOn?: string;

  @Parameter({ description: 'only released items and normative documents of this number' })
  readonly documentNumber?: string;
}

@ApiTags('cases')
@At(AgencyPath)
@Controller('v1/agencies/:agency/cases')
export class CaseListController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ agency: ['act', 'audit'] })
  @HoldsNoPersonalData()
  @Takes(CasesParameters)
  @ApiOperation({ operationId: 'listCases', summary: 'Cases, whom they wait for and when they are due 事项清单' })
  @Answers<CaseList>(200, 'in the order in which they began')
  @Sends(NEXT_LINK, 200)
  @Fails('unknown-agency', 'bad-parameter', ...READING)
  async cases(
    @Param() { agency }: AgencyPath,
    @Query() query: CasesParameters,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CaseList> {
    await this.readModels.caughtUp();
    return withNext(reply, await this.queries.execute(new GetCases({ agency, ...query })));
  }
}
