/** Health and metrics. */
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from './describe.js';
import type { FastifyReply } from 'fastify';
import { LEDGER, type Ledger } from '../use-cases/ledger.js';
import { Metrics } from './metrics.js';

@ApiTags('operation')
@Controller()
export class OperationController {
  constructor(
    @Inject(LEDGER) private readonly ledger: Ledger,
    private readonly prometheus: Metrics,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process answers' })
  live(): { status: string } {
    return { status: 'live' };
  }

  @Get('health/ready')
  @ApiOperation({
    summary:
      'The log answers and the read models run; a stopped one is named and its tables are stale; failing says why they stand still and try again',
  })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { bookmarks, caughtUp, broken, failing } = this.ledger.writer?.runner.status() ?? {
      bookmarks: this.ledger.store.bookmarks(),
      caughtUp: true,
      broken: null,
      failing: null,
    };
    const reachable = await this.ledger.log.head().then(
      () => true,
      () => false,
    );
    const ready = reachable && caughtUp && broken === null;
    const stopped = bookmarks.filter((bookmark) => bookmark.stopped !== null);
    const status = !ready ? 'not-ready' : stopped.length > 0 || failing !== null ? 'degraded' : 'ready';
    const readModels = bookmarks.map(({ name, position, index, stopped: at }) => ({ name, position, index, stopped: at }));
    await reply
      .status(ready ? 200 : 503)
      .header('content-type', 'application/json; charset=utf-8')
      .send(
        JSON.stringify({
          status,
          log: reachable ? 'reachable' : 'unreachable',
          broken,
          failing,
          readModels,
          openFiles: this.ledger.writer?.openFiles() ?? [],
        }),
      );
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Prometheus metrics' })
  async metrics(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('content-type', this.prometheus.contentType).send(await this.prometheus.text());
  }
}
