/** Open applications and when each must be answered. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import type { Deadlines } from '../../read-models/deadlines/deadline-reader.js';
import { GetDeadlines } from '../../read-models/handlers.js';
import { DeadlinesParameters } from '../dto/cases.parameters.js';
import { AgencyPath } from '../dto/common.js';
import { At, Takes } from '../parameters.js';
import { ReadModels } from '../read-models.js';

@ApiTags('cases')
@At(AgencyPath)
@Controller('v1/agencies/:agency/deadlines')
export class DeadlinesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Open applications and their due dates 依申请公开答复期限' })
  @Takes(DeadlinesParameters)
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Deadlines' } })
  async deadlines(@Param() { agency }: AgencyPath, @Query() query: DeadlinesParameters): Promise<Deadlines> {
    const { on, asOf, after } = query;
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetDeadlines({ agency, on, asOf, case: query.ref }));
  }
}
