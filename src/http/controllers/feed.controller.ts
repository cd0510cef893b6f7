/** What is recorded, and which tables it changes, as it comes. */
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { FeedReader } from '../../feed/feed-reader.js';
import { Asking, requireAny, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { streamed } from '../access/streamed.js';
import { AnswersText, Fails, READING, Sends } from '../description/answers.js';
import { ApiHeader, ApiOperation, ApiTags } from '../description/describe.js';
import { Parameter } from '../dto/parameter.js';
import { FEED_PERMISSIONS, feedStream } from '../feed-stream.js';
import { Takes } from '../parameters.js';
import { HoldsPersonalData } from '../personal-data-answers.js';
import { ReadModels } from '../read-models.js';
import { KeptOpen } from '../wire/traffic.js';

const EVENT_STREAM = 'text/event-stream';
const UNBUFFERED = { name: 'X-Accel-Buffering', description: 'no: a proxy hands on each piece as it comes' };

export class FeedParameters {
  @Parameter({ description: 'the id of the last piece, or a next of /v1/events; without one the feed begins at the end' })
  readonly after?: string;

  @Parameter()
  readonly agency?: string;

  @Parameter({ description: 'of the events; tables have none', example: 'disclosure.publication.released' })
  readonly type?: string;
}

@ApiTags('audit')
@Controller('v1/feed')
export class FeedController {
  constructor(
    private readonly feed: FeedReader,
    private readonly readModels: ReadModels,
  ) {}

  @Get()
  @Needs({ anywhere: FEED_PERMISSIONS })
  @HoldsPersonalData()
  @KeptOpen()
  @ApiOperation({
    operationId: 'readFeed',
    summary: 'Recorded events and changed tables as they come 实时推送',
    description:
      'Server-sent events. `event: event` is an element of /v1/events, for who audits the agency. `event: table` is {agency, year, form, view, hash, contentHash, index}: the default view has other content than before. Last-Event-ID resumes behind a piece, before `after`.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'the id of the last piece that was read' })
  @Takes(FeedParameters)
  @Sends(UNBUFFERED, 200)
  @AnswersText(200, 'pieces without end', { [EVENT_STREAM]: 'server-sent events; a comment every 15 s' })
  @Fails('bad-parameter', 'unknown-agency', 'not-permitted', ...READING)
  async read(
    @Query() { after, agency, type }: FeedParameters,
    @Headers('last-event-id') last: string | undefined,
    @Asking() asker: Asker,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.readModels.caughtUp();
    if (agency !== undefined) requireAny(asker, agency, FEED_PERMISSIONS);
    this.feed.requireFilter({ agency, type });
    // A client that comes again still asks with the `after` of its first time.
    const begin = this.feed.placeOf(last === undefined || last === '' ? after : last);
    // Another replica may have told it what is not yet known here.
    if (begin.index >= 0) await this.readModels.waitFor(`index:${begin.index}`);
    const pieces = feedStream(this.feed, begin, { agency, type, asker });
    // Some proxies hold an answer back until it is large.
    await reply
      .header('content-type', EVENT_STREAM)
      .header(UNBUFFERED.name, 'no')
      .send(streamed(asker, FEED_PERMISSIONS, pieces));
  }
}
