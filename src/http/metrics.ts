/** Prometheus metrics of this process. */
import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { LEDGER, type Ledger } from '../use-cases/ledger.js';
import type { Receipt } from '../use-cases/record-message.js';

@Injectable()
export class Metrics {
  readonly #registry = new Registry();
  readonly #messages: Counter;

  constructor(@Inject(LEDGER) ledger: Ledger) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#messages = new Counter({
      name: 'disclosure_messages_total',
      help: 'Messages answered, by status and code of refusal; refusals that could not be kept are counted here too',
      labelNames: ['status', 'code'],
      registers,
    });
    const bookmarks = (value: (bookmark: ReturnType<Ledger['store']['bookmarks']>[number]) => number) =>
      function (this: Gauge): void {
        for (const bookmark of ledger.store.bookmarks()) this.set({ projection: bookmark.name }, value(bookmark));
      };
    new Gauge({
      name: 'disclosure_projection_index',
      help: 'Index of the last event applied, -1 before the first',
      labelNames: ['projection'],
      registers,
      collect: bookmarks(({ index }) => index),
    });
    new Gauge({
      name: 'disclosure_projection_stopped',
      help: '1 when the read model stopped at an event it cannot apply',
      labelNames: ['projection'],
      registers,
      collect: bookmarks(({ stopped }) => (stopped === null ? 0 : 1)),
    });
  }

  answered({ status, error }: Receipt): void {
    this.#messages.inc({ status, code: error?.code ?? '' });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
