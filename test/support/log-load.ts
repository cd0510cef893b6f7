/**
 * Appends to many streams without a pause, one call in flight per stream, until it is stopped; keeps what was
 * acknowledged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '../../src/log/event-log.js';
import { ids, inFlight, newEvents } from './log-events.js';

export class Load {
  readonly acknowledged: string[] = [];
  /** Calls that rejected: each of them ends its stream's part of the load. */
  readonly rejections: unknown[] = [];
  readonly #ended: Promise<void>;
  #running = true;

  constructor(log: EventLog, lanes = 64) {
    this.#ended = inFlight(lanes, async (lane) => {
      for (let [turn, end] = [0, null as number | null]; this.#running; turn += 1) {
        const events = newEvents(1 + ((lane + turn) % 2));
        try {
          ({ revision: end } = await log.append(`lane-${lane}`, end ?? 'no-stream', events));
        } catch (error) {
          this.rejections.push(error);
          return;
        }
        this.acknowledged.push(...ids(events));
      }
    });
  }

  /** Waits until that many more events were acknowledged. */
  async more(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    while (this.acknowledged.length < goal) {
      if (this.rejections.length > 0) throw this.rejections[0] as Error;
      await sleep(5);
    }
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#ended;
    expect(this.rejections).toEqual([]);
  }
}
