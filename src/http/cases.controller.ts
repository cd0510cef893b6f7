/** Cases and their review and sign-off trails. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from './describe.js';
import { GetCase, GetTrail } from '../use-cases/queries.js';
import type { CaseSummary, Trail } from '../use-cases/trail-reader.js';
import { readCaseRef } from './case-ref.js';
import { readParameters } from './parameters.js';
import { HoldsPersonalData } from './personal-data-answers.js';
import { ReadModels } from './read-models.js';

const PARAMETERS = ['asOf', 'after'] as const;

@ApiTags('cases')
@ApiParam({ name: 'agency', example: '370828-commerce' })
@ApiParam({ name: 'kind', example: 'publication' })
@ApiParam({ name: 'number', example: '2017-0034' })
@ApiQuery({ name: 'asOf', required: false, description: 'position of a receipt, index:N, RFC 3339 time or date' })
@ApiQuery({ name: 'after', required: false, description: 'wait (at most 5 s) until this position is counted' })
@Controller('v1/agencies/:agency/cases/:kind/:number')
export class CasesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @HoldsPersonalData()
  @ApiOperation({ summary: 'Where a case stands 事项状态' })
  @ApiResponse({ status: 200, description: '{agency, case, kind, number, state, title, firstOn, lastOn, acts, stream}' })
  async case(
    @Param('agency') agency: string,
    @Param('kind') kind: string,
    @Param('number') number: string,
    @Query() query: Record<string, unknown>,
  ): Promise<CaseSummary> {
    return this.queries.execute(new GetCase(agency, readCaseRef(`${kind}/${number}`), await this.#moment(query)));
  }

  @Get('trail')
  @HoldsPersonalData()
  @ApiOperation({ summary: 'Review and sign-off trail 审查审批轨迹' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Trail' } })
  async trail(
    @Param('agency') agency: string,
    @Param('kind') kind: string,
    @Param('number') number: string,
    @Query() query: Record<string, unknown>,
  ): Promise<Trail> {
    return this.queries.execute(new GetTrail(agency, readCaseRef(`${kind}/${number}`), await this.#moment(query)));
  }

  /** Returns when the read models have reached it. */
  async #moment(query: Readonly<Record<string, unknown>>): Promise<string | undefined> {
    const { asOf, after } = readParameters(query, PARAMETERS);
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return asOf;
  }
}
