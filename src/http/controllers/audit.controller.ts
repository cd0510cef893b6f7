/** The log in order, for auditors. */
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsInt, Max, Min } from 'class-validator';
import { Asking, requireAny, type Asker } from '../access/caller.js';
import { auditedBy } from '../access/audited.js';
import { streamed } from '../access/streamed.js';
import { Needs } from '../access/needs.js';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '../describe.js';
import type { FastifyReply } from 'fastify';
import { DEFAULT_PAGE, LIMIT_PROBLEM, MAX_PAGE, type EventPage, type EventQuestion } from '../../read-models/journal/event-reader.js';
import { ReadEvents } from '../../read-models/journal/events.query.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { Parameter, refusedAs, wholeNumber } from '../dto/parameter.js';
import { Takes } from '../parameters.js';
import { NDJSON } from '../../intake/media-types.js';
import { ReadModels } from '../read-models.js';

/** Of NDJSON, which is given as it is read. */
const MAX_LINES = 10_000_000;
/** As the reader says it of a page (read-models/journal/event-reader.ts). */
const OUT_OF_RANGE = refusedAs(LIMIT_PROBLEM.message, { code: 'bad-parameter', hint: LIMIT_PROBLEM.hint });

export class EventsParameters {
  @Parameter({ description: 'the next of the page before' })
  readonly after?: string;

  /** Of one page the reader takes MAX_PAGE at most. */
  @Parameter({ description: '1 to 1000, default 100; of NDJSON up to 10,000,000' }, wholeNumber(9))
  @IsInt(OUT_OF_RANGE)
  @Min(1, OUT_OF_RANGE)
  @Max(MAX_LINES, OUT_OF_RANGE)
  readonly limit: number = DEFAULT_PAGE;

  @Parameter()
  readonly agency?: string;

  @Parameter({ example: 'disclosure.publication.released' })
  readonly type?: string;
}

@ApiTags('audit')
@Controller('v1/events')
export class AuditController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ anywhere: ['audit'] })
  @HoldsPersonalData()
  @ApiOperation({
    summary: 'The log in order 事件日志',
    description:
      'JSON, or NDJSON by the Accept header; then the header Next-Position says where to go on, of more than 1000 lines the position of the last one. Without next the end was reached: ask again behind the last position. Checkpoints are not among the events, refusals are.',
  })
  @ApiProduces('application/json', NDJSON)
  @Takes(EventsParameters)
  @ApiResponse({
    status: 200,
    description: '{events: [{index, position, eventId, stream, revision, type, version, recordedAt, leaf, data, metadata}], next}',
  })
  async events(
    @Query() { after, limit, agency, type }: EventsParameters,
    @Headers('accept') accept: string | undefined,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.readModels.caughtUp();
    if (agency !== undefined) requireAny(asker, agency, ['audit']);
    const seen = (page: EventPage): EventPage => visibleOf(page, asker);
    if (accept?.includes(NDJSON) !== true) {
      const page = seen(await this.queries.execute(new ReadEvents({ after, limit, agency, type })));
      await reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(page));
      return;
    }
    const first = seen(await this.queries.execute(new ReadEvents({ after, limit: Math.min(limit, MAX_PAGE), agency, type })));
    // Of a longer answer each line says its position; how far it comes is not known when it begins.
    if (limit <= MAX_PAGE && first.next !== null) void reply.header('next-position', first.next);
    await reply.header('content-type', NDJSON).send(streamed(asker, ['audit'], this.#lines(first, { limit, agency, type }, seen)));
  }

  /** Page by page, as fast as the client reads: never more than one page is held. */
  async *#lines(
    first: EventPage,
    { limit, ...filter }: { readonly limit: number } & Pick<EventQuestion, 'agency' | 'type'>,
    seen: (page: EventPage) => EventPage,
  ): AsyncGenerator<string> {
    let left = limit;
    for (let page = first; ;) {
      left -= page.events.length;
      if (page.events.length > 0) yield page.events.map((event) => `${JSON.stringify(event)}\n`).join('');
      if (page.next === null || left <= 0 || limit <= MAX_PAGE) return;
      page = seen(await this.queries.execute(new ReadEvents({ after: page.next, limit: Math.min(MAX_PAGE, left), ...filter })));
    }
  }
}

/** What of a page the asker audits at this moment. */
function visibleOf({ events, next }: EventPage, asker: Asker): EventPage {
  return { events: events.filter(auditedBy(asker)), next };
}
