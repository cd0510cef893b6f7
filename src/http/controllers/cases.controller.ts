/** Cases and their review and sign-off trails. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '../describe.js';
import { GetCase, GetTrail } from '../../privacy/handlers.js';
import type { CaseSummary, Trail } from '../../read-models/trail/trail-reader.js';
import { AFTER, AS_OF, Takes, type Parameters } from '../parameters.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { ReadModels } from '../read-models.js';

const PARAMETERS = [AS_OF, AFTER] as const;

@ApiTags('cases')
@ApiParam({ name: 'agency', example: '370828-commerce' })
@ApiParam({ name: 'kind', example: 'publication' })
@ApiParam({ name: 'number', example: '2017-0034' })
@Controller('v1/agencies/:agency/cases/:kind/:number')
export class CasesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @HoldsPersonalData()
  @Takes(PARAMETERS)
  @ApiOperation({ summary: 'Where a case stands 事项状态' })
  @ApiResponse({ status: 200, description: '{agency, case, kind, number, state, title, firstOn, lastOn, acts, stream}' })
  async case(
    @Param('agency') agency: string,
    @Param('kind') kind: string,
    @Param('number') number: string,
    @Query() query: Parameters<typeof PARAMETERS>,
  ): Promise<CaseSummary> {
    return this.queries.execute(new GetCase(agency, readCaseRef(`${kind}/${number}`), await this.#moment(query)));
  }

  @Get('trail')
  @HoldsPersonalData()
  @Takes(PARAMETERS)
  @ApiOperation({ summary: 'Review and sign-off trail 审查审批轨迹' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Trail' } })
  async trail(
    @Param('agency') agency: string,
    @Param('kind') kind: string,
    @Param('number') number: string,
    @Query() query: Parameters<typeof PARAMETERS>,
  ): Promise<Trail> {
    return this.queries.execute(new GetTrail(agency, readCaseRef(`${kind}/${number}`), await this.#moment(query)));
  }

  /** Returns when the read models have reached it. */
  async #moment({ asOf, after }: Parameters<typeof PARAMETERS>): Promise<string | undefined> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return asOf;
  }
}
