/** What was refused, and sending it again. */
import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { REFUSAL_CODES } from '../../domain/refusal-codes.js';
import { ListRefusals, ResendRefusal } from '../../recording/handlers.js';
import type { Receipt } from '../../recording/receipts.js';
import type { RefusalPage } from '../../recording/refusal-list.js';
import { Asking, requireAny, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { REFUSALS_OF, refusalSight } from '../access/refusal-sight.js';
import { answerReceipt, SCHEMA_LINK } from '../answer-receipt.js';
import { Answers, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import { NEXT_LINK, PageParameters, withNext } from '../dto/page.js';
import { Parameter, refusedAs } from '../dto/parameter.js';
import { Metrics } from '../metrics.js';
import { At, Takes } from '../parameters.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';

const NO_CODE = refusedAs((value) => `There is no code of refusal ${String(value)}.`, {
  code: 'bad-parameter',
  hint: 'Codes are those of receipts, such as unknown-case.',
});

export class RefusalsParameters extends PageParameters {
  @Parameter()
  readonly agency?: string;

  @Parameter({ description: 'compared whole' })
  readonly source?: string;

  @Parameter({ example: 'unknown-case' })
  @IsOptional()
  @IsIn(REFUSAL_CODES, NO_CODE)
  readonly code?: string;
}

export class RefusalPath {
  @Parameter({ description: 'of the list of refusals' })
  readonly refusalId!: string;
}

@ApiTags('intake')
@Controller('v1/refusals')
export class RefusalsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
    private readonly metrics: Metrics,
  ) {}

  @Get()
  @Needs({ anywhere: REFUSALS_OF })
  @HoldsPersonalData()
  @Takes(RefusalsParameters)
  @ApiOperation({
    operationId: 'listRefusals',
    summary: 'Refused messages, newest first 未受理的报文',
    description: 'With act or audit those of the agency, with emit what the caller sent itself.',
  })
  @Answers<RefusalPage>(200, 'those that wait to be mended')
  @Sends(NEXT_LINK, 200)
  @Fails('unknown-agency', 'bad-parameter', ...READING)
  async refusals(
    @Query() asked: RefusalsParameters,
    @Asking() asker: Asker,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RefusalPage> {
    await this.readModels.started();
    if (asked.agency !== undefined) requireAny(asker, asked.agency, REFUSALS_OF);
    return withNext(reply, await this.queries.execute(new ListRefusals({ ...asked, sight: refusalSight(asker) })));
  }

  @Post(':refusalId/resend')
  @Needs('send')
  @HoldsPersonalData()
  @At(RefusalPath)
  @ApiOperation({ operationId: 'resendRefusal', summary: 'Send a refused message again, as it was' })
  @Answers<Receipt>(200, 'duplicate: it was recorded since')
  @Answers<Receipt>(201, 'recorded')
  @Sends(SCHEMA_LINK, 200, 409, 422, 503)
  @Answers<Receipt>(409, 'id-reused')
  @Answers<Receipt>(422, 'refused again')
  @Answers<Receipt>(503, 'conflict or store-unavailable: send it again')
  @Fails('unknown-refusal', 'not-permitted', ...READING)
  async resend(@Param() { refusalId }: RefusalPath, @Asking() asker: Asker, @Res() reply: FastifyReply): Promise<void> {
    await this.readModels.started();
    const receipt = await this.commands.execute(new ResendRefusal(refusalId, asker.sender, refusalSight(asker)));
    this.metrics.answered(receipt);
    await answerReceipt(reply, receipt);
  }
}
