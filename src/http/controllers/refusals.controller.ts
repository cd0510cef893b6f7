/** What was refused, and sending it again. */
import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { REFUSAL_CODES } from '../../domain/refusal-codes.js';
import { DEFAULT_PAGE, LIMIT_PROBLEM, MAX_PAGE } from '../../read-models/journal/event-reader.js';
import { ListRefusals, ResendRefusal } from '../../recording/handlers.js';
import type { RefusalPage } from '../../recording/refusal-list.js';
import { Asking, requireAny, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { REFUSALS_OF, refusalSight } from '../access/refusal-sight.js';
import { ApiOperation, ApiResponse, ApiTags } from '../describe.js';
import { Parameter, refusedAs, wholeNumber } from '../dto/parameter.js';
import { Takes } from '../parameters.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { receiptStatus } from '../problem.js';
import { ReadModels } from '../read-models.js';

const OUT_OF_RANGE = refusedAs(LIMIT_PROBLEM.message, { code: 'bad-parameter', hint: LIMIT_PROBLEM.hint });
const NO_CODE = refusedAs((value) => `There is no code of refusal ${String(value)}.`, {
  code: 'bad-parameter',
  hint: 'Codes are those of receipts, such as unknown-case.',
});

export class RefusalsParameters {
  @Parameter({ description: 'the next of the page before' })
  readonly after?: string;

  @Parameter({ description: '1 to 1000, default 100' }, wholeNumber(4))
  @IsInt(OUT_OF_RANGE)
  @Min(1, OUT_OF_RANGE)
  @Max(MAX_PAGE, OUT_OF_RANGE)
  readonly limit: number = DEFAULT_PAGE;

  @Parameter()
  readonly agency?: string;

  @Parameter({ description: 'compared whole' })
  readonly source?: string;

  @Parameter({ example: 'unknown-case' })
  @IsOptional()
  @IsIn(REFUSAL_CODES, NO_CODE)
  readonly code?: string;
}

@ApiTags('intake')
@Controller('v1/refusals')
export class RefusalsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ anywhere: REFUSALS_OF })
  @HoldsPersonalData()
  @Takes(RefusalsParameters)
  @ApiOperation({
    summary: 'Refused messages, newest first 未受理的报文',
    description: 'With act or audit those of the agency, with emit what the caller sent itself.',
  })
  @ApiResponse({
    status: 200,
    description: '{refusals: [{refusalId, source, id, type, agency, subject, error, count, lastAt}], next}; next is null on the last page',
  })
  async refusals(@Query() asked: RefusalsParameters, @Asking() asker: Asker): Promise<RefusalPage> {
    await this.readModels.started();
    if (asked.agency !== undefined) requireAny(asker, asked.agency, REFUSALS_OF);
    return this.queries.execute(new ListRefusals({ ...asked, sight: refusalSight(asker) }));
  }

  @Post(':refusalId/resend')
  @Needs('send')
  @HoldsPersonalData()
  @ApiOperation({ summary: 'Send a refused message again, as it was' })
  @ApiResponse({ status: 201, description: 'recorded', schema: { $ref: '#/components/schemas/Receipt' } })
  async resend(@Param('refusalId') refusalId: string, @Asking() asker: Asker, @Res() reply: FastifyReply): Promise<void> {
    await this.readModels.started();
    const receipt = await this.commands.execute(new ResendRefusal(refusalId, asker.sender, refusalSight(asker)));
    await reply.status(receiptStatus(receipt)).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(receipt));
  }
}
