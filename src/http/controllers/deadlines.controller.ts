/** Open applications and when each must be answered. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Needs } from '../access/needs.js';
import type { CaseRef } from '../../domain/identifiers.js';
import { Answers, AS_OF, Fails } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { Deadlines } from '../../read-models/deadlines/deadline-reader.js';
import { GetDeadlines } from '../../read-models/deadlines/deadlines.query.js';
import { After, AgencyPath, AsOf, refOf } from '../dto/common.js';
import { Parameter } from '../dto/parameter.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

export class DeadlinesParameters {
  @Parameter({ description: 'the state at the end of this day, YYYY-MM-DD; today in Asia/Shanghai without it' })
  readonly on?: string;

  @Parameter({ description: 'only this application, explained day by day', example: 'application/2021-0001' })
  readonly case?: string;

  @AsOf('what was known then: position of a receipt, index:N, RFC 3339 time or date')
  readonly asOf?: string;

  @After()
  readonly after?: string;

  /** Errors: `unknown-case`. */
  get ref(): CaseRef | undefined {
    return refOf(this.case);
  }
}

@ApiTags('cases')
@At(AgencyPath)
@Controller('v1/agencies/:agency/deadlines')
export class DeadlinesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ agency: ['act', 'audit'] })
  @HoldsNoPersonalData()
  @ApiOperation({ operationId: 'listDeadlines', summary: 'Open applications and their due dates 依申请公开答复期限' })
  @Takes(DeadlinesParameters)
  @Answers<Deadlines>(200, 'by due date, those without one last')
  @Fails('unknown-agency', 'unknown-case', ...AS_OF)
  async deadlines(@Param() { agency }: AgencyPath, @Query() query: DeadlinesParameters): Promise<Deadlines> {
    const { on, asOf, after } = query;
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetDeadlines({ agency, on, asOf, case: query.ref }));
  }
}
