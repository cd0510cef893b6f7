/** Cases and their review and sign-off trails. */
import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from './describe.js';
import { parseCaseName, type CaseRef } from '../domain/values.js';
import { GetCase, GetTrail } from '../use-cases/queries.js';
import { QueryProblem } from '../use-cases/query-problem.js';
import type { CaseSummary, Trail } from '../use-cases/trail-reader.js';
import { ReadModels } from './read-models.js';

export function readCaseRef(name: string): CaseRef {
  const ref = parseCaseName(name);
  if (ref === null)
    throw new QueryProblem('unknown-case', `"${name}" names no case.`, 'A case is named kind/number, as in the subject of its messages.');
  return ref;
}

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
  @ApiOperation({ summary: 'Where a case stands 事项状态' })
  @ApiResponse({ status: 200, description: '{agency, case, kind, number, state, title, firstOn, lastOn, acts, stream}' })
  async case(@Param('agency') agency: string, @Param('kind') kind: string, @Param('number') number: string): Promise<CaseSummary> {
    await this.readModels.started();
    return this.queries.execute(new GetCase(agency, readCaseRef(`${kind}/${number}`)));
  }

  @Get('trail')
  @ApiOperation({ summary: 'Review and sign-off trail 审查审批轨迹' })
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Trail' } })
  async trail(@Param('agency') agency: string, @Param('kind') kind: string, @Param('number') number: string): Promise<Trail> {
    await this.readModels.started();
    return this.queries.execute(new GetTrail(agency, readCaseRef(`${kind}/${number}`)));
  }
}
