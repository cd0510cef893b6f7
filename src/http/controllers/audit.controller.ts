/** The log in order, for auditors. */
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { askedNow, Asking, requireAny, type Asker } from '../access/caller.js';
import { auditedBy } from '../access/audited.js';
import { streamed } from '../access/streamed.js';
import { Needs } from '../access/needs.js';
import { Answers, Fails, READING, Sends } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { FastifyReply } from 'fastify';
import { eventBookmark, MAX_PAGE, type EventPage, type EventQuestion } from '../../read-models/journal/event-reader.js';
import { ReadEvents } from '../../read-models/journal/events.query.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { NEXT_LINK, linkNext, OUT_OF_RANGE } from '../dto/page.js';
import { Parameter, refusedAs, wholeNumber } from '../dto/parameter.js';
import { DEFAULT_LIMIT } from '../../read-models/lists.js';
import { Takes } from '../parameters.js';
import { NDJSON } from '../../intake/media-types.js';
import type { Order } from '../../read-models/lists.js';
import { ReadModels } from '../read-models.js';
import { JSON_ANSWER } from '../serving/representations.js';

const NEXT_POSITION = { name: 'Next-Position', description: 'of NDJSON: the bookmark behind the last line, where it is known' };

/** Of NDJSON, which is given as it is read. */
const MAX_LINES = 10_000_000;

export class EventsParameters {
  @Parameter({ description: 'the next of the page before' })
  readonly after?: string;

  /** Of one page the reader takes MAX_PAGE at most. */
  @Parameter({ type: 'integer', description: '1 to 1000, default 100; of NDJSON up to 10,000,000, without it to the end' }, wholeNumber(9))
  @IsOptional()
  @IsInt(OUT_OF_RANGE)
  @Min(1, OUT_OF_RANGE)
  @Max(MAX_LINES, OUT_OF_RANGE)
  readonly limit?: number;

  @Parameter()
  readonly agency?: string;

  @Parameter({ example: 'disclosure.publication.released' })
  readonly type?: string;

  @Parameter({ description: 'events of this case, in every agency unless one is named', example: 'publication/2017-0034' })
  readonly case?: string;

  @Parameter({ description: 'acts of this officer' })
  readonly actor?: string;

  @Parameter({ description: 'acts of this day in Asia/Shanghai and later, or of this RFC 3339 time' })
  readonly from?: string;

  @Parameter({ description: 'acts of this day in Asia/Shanghai and earlier, or of this RFC 3339 time' })
  readonly to?: string;

  @Parameter({ description: 'recorded on this day in Asia/Shanghai or later, or at this RFC 3339 time' })
  readonly recordedFrom?: string;

  @Parameter({ description: 'recorded on this day in Asia/Shanghai or earlier, or at this RFC 3339 time' })
  readonly recordedTo?: string;

  @Parameter({ description: 'recorded so long after the act, or longer', example: 'P30D' })
  readonly lateBy?: string;

  @Parameter({ enum: ['asc', 'desc'], description: 'as recorded, or the latest first; then after goes on below it' })
  @IsOptional()
  @IsIn(['asc', 'desc'], refusedAs('order is asc or desc.', { code: 'bad-parameter', hint: 'Without it the order is asc.' }))
  readonly order?: Order;
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
    operationId: 'listEvents',
    summary: 'The log in order 事件日志',
    description:
      'JSON, or NDJSON by the Accept header, which without limit runs to the end. The bookmark next goes on, at the end too: a page without events is the end, and later ones come behind it. Of NDJSON the header Next-Position is that bookmark, for at most 1000 lines or where it runs to the end. Filters hold together. Checkpoints are not among the events; refusals and accesses are, but in no filter of times.',
  })
  @Takes(EventsParameters)
  @Answers<EventPage>(200, 'a page', { [NDJSON]: 'an event a line' })
  @Sends(NEXT_LINK, 200)
  @Sends(NEXT_POSITION, 200)
  @Fails('unknown-agency', ...READING)
  async events(
    @Query() { limit, ...question }: EventsParameters,
    @Headers('accept') accept: string | undefined,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.readModels.caughtUp();
    const seen = visibleTo(asker, question.agency);
    if (accept?.includes(NDJSON) !== true) {
      const { events, next, ended } = await this.#filled({ ...question, limit: limit ?? DEFAULT_LIMIT }, seen);
      // At the end `next` is for what comes later: a program that follows links would go round.
      if (!ended) linkNext(reply, next);
      await reply.header('content-type', JSON_ANSWER).send(JSON.stringify({ events, next }));
      return;
    }
    const first = await this.queries.execute(new ReadEvents({ ...question, limit: Math.min(limit ?? MAX_PAGE, MAX_PAGE) }));
    const next = nextOfLines(first, { limit, order: question.order });
    if (next !== null) void reply.header(NEXT_POSITION.name, next);
    await reply
      .header('content-type', NDJSON)
      .send(streamed(asker, ['audit'], this.#lines(first, { ...question, limit: limit ?? Infinity }, seen)));
  }

  /** A page without events is the end: one in which the asker sees nothing is passed over. */
  async #filled(question: EventQuestion, seen: Seeing): Promise<EventPage> {
    for (let after = question.after; ;) {
      const page = seen(await this.queries.execute(new ReadEvents({ ...question, after })));
      if (page.events.length > 0 || page.ended) return page;
      after = page.next;
    }
  }

  /**
   * Page by page, as fast as the client reads: never more than one page is held. It ends where the log did at first.
   */
  async *#lines(first: EventPage, { limit, ...filter }: EventQuestion & { readonly limit: number }, seen: Seeing): AsyncGenerator<string> {
    let left = limit;
    for (let page = first; ;) {
      const { events } = seen(page);
      left -= page.events.length;
      if (events.length > 0) yield events.map((event) => `${JSON.stringify(event)}\n`).join('');
      if (page.ended || left <= 0) return;
      const { upTo } = first;
      page = await this.queries.execute(new ReadEvents({ ...filter, after: page.next, limit: Math.min(MAX_PAGE, left), upTo }));
    }
  }
}

type Seeing = (page: EventPage) => EventPage;

/** Where lines go on; null where that is not known before they are read: of more than a page, unless to the end. */
function nextOfLines({ next, upTo }: EventPage, { limit, order }: Pick<EventQuestion, 'limit' | 'order'>): string | null {
  if (limit !== undefined) return limit <= MAX_PAGE ? next : null;
  return order === 'desc' ? null : eventBookmark(upTo);
}

/**
 * What of a page the asker audits at that moment; all of it where nobody is identified. Errors: `not-permitted` where
 * it asks for an agency it does not audit.
 */
function visibleTo(asker: Asker, agency: string | undefined): Seeing {
  if (agency !== undefined) requireAny(asker, agency, ['audit']);
  return ({ events, ...page }) => ({ ...page, events: events.filter(auditedBy(askedNow(asker))) });
}
