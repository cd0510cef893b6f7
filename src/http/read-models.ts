/** Waiting for the read models, and saying when one of them has stopped. */
import { Inject, Injectable } from '@nestjs/common';
import { EVENT_LOG, isPosition, type EventLog } from '../log/event-log.js';
import { indexNamed, journalEnd, MomentReader } from '../read-models/journal/as-of.js';
import { QueryProblem } from '../read-models/query-problem.js';
import { requireUndamaged } from '../read-models/read-damage.js';
import { ReadStore } from '../read-models/read-store.js';
import { Follower } from '../read-models/follower.js';

/** How long an answer waits for the read models to reach a position, ms. */
const WAIT_MS = 5000;
/** How often it is looked meanwhile whether the log answers at all, ms. */
const LOOK_MS = 100;

@Injectable()
export class ReadModels {
  /** `runner` null where another process applies the events. */
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ReadStore) private readonly store: ReadStore,
    @Inject(MomentReader) private readonly moments: MomentReader,
    @Inject(Follower) private readonly runner: Follower | null,
  ) {}

  /**
   * Returns when the read models have once reached the end of the log since the start: before that a table would show
   * old figures, and a message recorded long ago in another case would not be recognised. Throws `not-reached` (503)
   * after 5 s, `read-damaged` (503) from a store that is not whole.
   */
  async started(): Promise<void> {
    requireUndamaged(this.store);
    const { runner } = this;
    if (runner === null || (await runner.started(WAIT_MS))) return;
    throw new QueryProblem(
      'not-reached',
      runner.status().broken ?? 'The read models are still being built from the log.',
      'Ask again; /health/ready says how far they are.',
    );
  }

  /**
   * As `started`, for messages: where the log gives no answer it returns too, as each message then has a receipt that
   * says so.
   */
  async startedOrUnavailable(): Promise<void> {
    const { log, runner } = this;
    for (const end = Date.now() + WAIT_MS; log.trouble === null && Date.now() < end;) {
      if (runner === null || (await runner.started(LOOK_MS)) || runner.status().broken !== null) break;
    }
    if (log.trouble === null) await this.started();
  }

  /**
   * Returns when the read models hold what the log held when it was asked, or after 5 s with what they hold by then;
   * throws `not-reached` as `started` does.
   */
  async caughtUp(): Promise<void> {
    await this.started();
    await this.runner?.caughtUp(WAIT_MS);
  }

  /**
   * Returns when the read models have reached the position of a receipt, or `index:N`. Throws `not-reached` (503) after
   * 5 s, and at once `bad-parameter` for what is neither, or an index beyond the log.
   */
  async waitFor(after: string | undefined): Promise<void> {
    await this.started();
    if (after === undefined) return;
    if (indexNamed(after) !== null) return this.#waitForIndex(after);
    if (!isPosition(after))
      throw new QueryProblem('bad-parameter', `"${after}" is no position.`, 'Give the position of a receipt, or index:N.');
    if (await (this.runner?.reached(after, WAIT_MS) ?? false)) return;
    throw new QueryProblem(
      'not-reached',
      `The read models have not reached position ${after} within 5 s.`,
      'Ask again; /health/ready says whether they run.',
    );
  }

  /** An as-of position that was handed out may be ahead of the read models by a moment. */
  async waitForMoment(asOf: string | undefined): Promise<void> {
    if (asOf !== undefined && (isPosition(asOf) || indexNamed(asOf) !== null)) await this.waitFor(asOf);
  }

  async #waitForIndex(named: string): Promise<void> {
    if ((indexNamed(named) ?? 0) > journalEnd(this.store).index) await this.runner?.caughtUp(WAIT_MS);
    await this.moments.requireIndex(named);
  }
}
