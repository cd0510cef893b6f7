/** The log in order, for auditors. */
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from './describe.js';
import type { FastifyReply } from 'fastify';
import { ReadEvents } from '../use-cases/queries.js';
import { QueryProblem } from '../use-cases/query-problem.js';
import { NDJSON } from './intake.controller.js';

const PARAMETERS = ['after', 'limit', 'agency', 'type'] as const;

@ApiTags('audit')
@Controller('v1/events')
export class AuditController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    summary: 'The log in order 事件日志',
    description: 'JSON, or NDJSON by the Accept header; then the header Next-Position says where to go on.',
  })
  @ApiProduces('application/json', NDJSON)
  @ApiQuery({ name: 'after', required: false, description: 'the next of the page before' })
  @ApiQuery({ name: 'limit', required: false, description: '1 to 1000, default 100' })
  @ApiQuery({ name: 'agency', required: false })
  @ApiQuery({ name: 'type', required: false, example: 'disclosure.publication.released' })
  @ApiResponse({ status: 200, description: '{events, next}' })
  async events(
    @Query() query: Record<string, unknown>,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    for (const [name, value] of Object.entries(query)) {
      if (!PARAMETERS.includes(name as (typeof PARAMETERS)[number]) || typeof value !== 'string') {
        throw new QueryProblem(
          'bad-parameter',
          `There is no parameter ${name}, or it is given twice.`,
          `Parameters are ${PARAMETERS.join(', ')}.`,
        );
      }
    }
    const { after, limit, agency, type } = query as Record<(typeof PARAMETERS)[number], string | undefined>;
    const page = await this.queries.execute(
      new ReadEvents({ after, agency, type, ...(limit === undefined ? {} : { limit: /^\d+$/.test(limit) ? Number(limit) : NaN }) }),
    );
    if (accept?.includes(NDJSON) === true) {
      if (page.next !== null) void reply.header('next-position', page.next);
      await reply.header('content-type', NDJSON).send(page.events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      return;
    }
    await reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(page));
  }
}
