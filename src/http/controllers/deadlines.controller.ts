/** Open applications and when each must be answered; also as a calendar file, and of a receipt nobody recorded. */
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { Asking, requireBelow, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import type { CaseRef } from '../../domain/identifiers.js';
import { Answers, AnswersText, AS_OF, Fails } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { Deadlines } from '../../read-models/deadlines/deadline-reader.js';
import { GetDeadlines } from '../../read-models/deadlines/deadlines.query.js';
import { LAWS } from '../../domain/application/clock.js';
import { ReckonDeadline, type ReckonedDeadline } from '../../read-models/deadlines/reckoned.query.js';
import { CheckpointService } from '../../signing/checkpoint-service.js';
import { After, AgencyPath, AsOf, refOf, YesOrNo } from '../dto/common.js';
import { Parameter } from '../dto/parameter.js';
import { At, Takes } from '../parameters.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

const CALENDAR = 'text/calendar';
/** In UIDs, where no checkpoint says which ledger this is. */
const UNSIGNED = 'disclosure';
/** Codes of whatever is asked of due dates. */
const OF_DEADLINES = ['unknown-agency', 'unknown-case', ...AS_OF] as const;

export class DeadlinesParameters {
  @Parameter({ description: 'the state at the end of this day, YYYY-MM-DD; today in Asia/Shanghai without it' })
  readonly on?: string;

  @Parameter({ description: 'only this application, explained day by day', example: 'application/2021-0001' })
  readonly case?: string;

  @Parameter({ description: 'only what is due within so many calendar days, overdue included', example: 'P10D' })
  readonly within?: string;

  @YesOrNo('those of the agencies below it too')
  readonly below?: boolean;

  @AsOf('what was known then: position of a receipt, index:N, RFC 3339 time or date')
  readonly asOf?: string;

  @After()
  readonly after?: string;

  /** Errors: `unknown-case`. */
  get ref(): CaseRef | undefined {
    return refOf(this.case);
  }
}

/** Of a receipt that nobody recorded. */
export class ReceiptParameters {
  @Parameter({ required: true, description: 'the day of receipt, YYYY-MM-DD', example: '2021-03-01' })
  readonly received?: string;

  @Parameter({ enum: LAWS, description: 'text of the regulation; without it the one in force on that day' })
  readonly law?: string;
}

@ApiTags('cases')
@Controller('v1')
export class DeadlinesController {
  /** `checkpoints` null where nothing signs. */
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
    @Inject(CheckpointService) private readonly checkpoints: CheckpointService | null,
  ) {}

  @Get('agencies/:agency/deadlines')
  @Needs({ agency: ['act', 'audit'] })
  @HoldsNoPersonalData()
  @At(AgencyPath)
  @ApiOperation({ operationId: 'listDeadlines', summary: 'Open applications and their due dates 依申请公开答复期限' })
  @Takes(DeadlinesParameters)
  @Answers<Deadlines>(200, 'by due date, those without one last')
  @Fails(...OF_DEADLINES)
  async deadlines(@Param() { agency }: AgencyPath, @Query() query: DeadlinesParameters, @Asking() asker: Asker): Promise<Deadlines> {
    const { on, within, below, asOf, after } = query;
    if (below === true) requireBelow(asker, agency, ['act', 'audit']);
    await this.readModels.waitFor(after);
    await this.readModels.waitForMoment(asOf);
    return this.queries.execute(new GetDeadlines({ agency, on, within, below, asOf, case: query.ref }));
  }

  @Get('agencies/:agency/deadlines.ics')
  @Needs({ agency: ['act', 'audit'] })
  @HoldsNoPersonalData()
  @At(AgencyPath)
  @ApiOperation({
    operationId: 'getDeadlinesCalendar',
    summary: 'The same as a calendar file, a whole day for each due date 答复期限日历',
  })
  @Takes(DeadlinesParameters)
  @AnswersText(200, 'the calendar', { [CALENDAR]: 'iCalendar (RFC 5545); UID case.agency@origin' })
  @Fails(...OF_DEADLINES)
  async calendar(
    @Param() path: AgencyPath,
    @Query() query: DeadlinesParameters,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [answer, { dueDates }] = await Promise.all([this.deadlines(path, query, asker), import('../wire/due-dates.js')]);
    await reply.header('content-type', `${CALENDAR}; charset=utf-8`).send(dueDates(answer, this.checkpoints?.origin ?? UNSIGNED));
  }

  @Get('deadline')
  @Needs('nothing')
  @HoldsNoPersonalData()
  @ApiOperation({ operationId: 'reckonDeadline', summary: 'The due date of a receipt that nobody recorded, day by day 期限试算' })
  @Takes(ReceiptParameters)
  @Answers<ReckonedDeadline>(200, 'as if nothing were awaited and nothing extended')
  @Fails('bad-parameter')
  deadline(@Query() { received, law }: ReceiptParameters): Promise<ReckonedDeadline> {
    return this.queries.execute(new ReckonDeadline(received, law));
  }
}
