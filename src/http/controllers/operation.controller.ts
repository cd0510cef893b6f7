/** Health and metrics. */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Asking, type Asker } from '../access/caller.js';
import { Needs } from '../access/needs.js';
import { Answers, AnswersText } from '../description/answers.js';
import { ApiOperation, ApiTags } from '../description/describe.js';
import type { FastifyReply } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataFiles, type OpenFile } from '../../config/data-files.js';
import { EVENT_LOG, type EventLog } from '../../log/event-log.js';
import { ReadStore, type Bookmark } from '../../read-models/read-store.js';
import { Follower } from '../../read-models/follower.js';
import { WriteCheck } from '../../recording/write-check.js';
import { Metrics } from '../metrics.js';
import { HoldsNoPersonalData } from '../personal-data-answers.js';
import { JSON_ANSWER } from '../serving/representations.js';

/** What `/health/live` says. */
export interface Live {
  readonly status: 'live';
}

export interface Health {
  /** `not-ready`: send nothing here. `degraded`: messages are taken, and tables say how far they are behind. */
  readonly status: 'ready' | 'degraded' | 'not-ready';
  readonly log: 'reachable' | 'unreachable';
  readonly writes: 'taken' | 'refused';
  /** Why every message is refused. */
  readonly refused: string | null;
  readonly broken: string | null;
  readonly failing: string | null;
  readonly readModels: readonly Pick<Bookmark, 'name' | 'position' | 'index' | 'stopped'>[];
  /** Files of the data folder that accounts other than its owner's may use. */
  readonly openFiles: readonly OpenFile[];
}

/** Whoever asks for health does not wait for a log that hangs. */
const PATIENCE_MS = 2000;

function inTime<T>(answer: Promise<T>): Promise<T> {
  const late = sleep(PATIENCE_MS, undefined, { ref: false }).then((): never => {
    throw new Error(`the log did not answer within ${PATIENCE_MS} ms`);
  });
  return Promise.race([answer, late]);
}

@ApiTags('operation')
@Controller()
export class OperationController {
  /** `runner` and `files` null where another process writes. */
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ReadStore) private readonly store: ReadStore,
    @Inject(WriteCheck) private readonly writes: WriteCheck,
    @Inject(Follower) private readonly runner: Follower | null,
    @Inject(DataFiles) private readonly files: DataFiles | null,
    private readonly prometheus: Metrics,
  ) {}

  @Get('health/live')
  @Needs('nothing')
  @HoldsNoPersonalData()
  @ApiOperation({ operationId: 'isLive', summary: 'The process answers' })
  @Answers<Live>(200, 'it does')
  live(): Live {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Needs('nothing')
  @HoldsNoPersonalData()
  @ApiOperation({
    operationId: 'isReady',
    summary: 'Whether messages are taken',
    description:
      '200 while messages are taken, 503 while every one is refused; degraded: the read models stand still, stopped ones are named, failing says why they try again, and tables are stale',
  })
  @Answers<Health | Pick<Health, 'status'>>(200, 'ready or degraded; the status alone where callers are identified')
  @Answers<Health | Pick<Health, 'status'>>(503, 'not-ready')
  async ready(@Asking() { identity }: Asker, @Res() reply: FastifyReply): Promise<void> {
    const health = await this.#health();
    await reply
      .status(health.status === 'not-ready' ? 503 : 200)
      .header('content-type', JSON_ANSWER)
      // Where callers are identified nobody need be one to ask: what is told is the status.
      .send(JSON.stringify(identity ? { status: health.status } : health));
  }

  async #health(): Promise<Health> {
    const { log, store, writes, runner, files } = this;
    const { bookmarks, broken, failing } = runner?.status() ?? { bookmarks: store.bookmarks(), broken: null, failing: null };
    const [reachable, refused] = await Promise.all([
      inTime(log.reachable().then(() => true)).catch(() => false),
      inTime(writes.refused()).catch((error: Error) => error.message),
    ]);
    const stands = failing !== null || bookmarks.some(({ stopped }) => stopped !== null);
    return {
      status: !reachable || refused !== null || broken !== null ? 'not-ready' : stands ? 'degraded' : 'ready',
      log: reachable ? 'reachable' : 'unreachable',
      writes: refused === null ? 'taken' : 'refused',
      refused,
      broken,
      failing,
      readModels: bookmarks.map(({ name, position, index, stopped }) => ({ name, position, index, stopped })),
      openFiles: files?.open() ?? [],
    };
  }

  @Get('metrics')
  @Needs('operator')
  @HoldsNoPersonalData()
  @ApiOperation({ operationId: 'getMetrics', summary: 'Prometheus metrics' })
  @AnswersText(200, 'what is measured', { 'text/plain': 'Prometheus text format' })
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.prometheus.contentType).send(await this.prometheus.text());
  }
}
