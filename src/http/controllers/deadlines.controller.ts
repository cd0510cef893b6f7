/** Open applications and when each must be answered. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '../describe.js';
import type { Deadlines } from '../../read-models/deadlines/deadline-reader.js';
import { GetDeadlines } from '../../read-models/handlers.js';
import { AFTER, Takes, type Parameters } from '../parameters.js';
import { readCaseRef } from '../../read-models/cases/case-ref.js';
import { ReadModels } from '../read-models.js';

const PARAMETERS = [
  { name: 'on', description: 'the state at the end of this day, YYYY-MM-DD; today in Asia/Shanghai without it' },
  { name: 'case', description: 'only this application, explained day by day', example: 'application/2021-0001' },
  { name: 'asOf', description: 'what was known then: position of a receipt, index:N, RFC 3339 time or date' },
  AFTER,
] as const;

@ApiTags('cases')
@ApiParam({ name: 'agency', example: '370828-commerce' })
@Controller('v1/agencies/:agency/deadlines')
export class DeadlinesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Open applications and their due dates 依申请公开答复期限' })
  @Takes(PARAMETERS)
  @ApiResponse({ status: 200, schema: { $ref: '#/components/schemas/Deadlines' } })
  async deadlines(
    @Param('agency') agency: string,
    @Query() { on, case: name, asOf, after }: Parameters<typeof PARAMETERS>,
  ): Promise<Deadlines> {
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetDeadlines({ agency, on, asOf, case: name === undefined ? undefined : readCaseRef(name) }));
  }
}
