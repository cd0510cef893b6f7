/** Prometheus metrics of this process. */
import { Inject, Injectable } from '@nestjs/common';
import type { Server } from 'node:http';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { DataFiles } from '../config/data-files.js';
import { builtInCalendarEnds } from '../recording/calendar-message.js';
import type { SignedCheckpoint } from '../read-models/ledger/checkpoints.js';
import { Freshness } from '../read-models/freshness.js';
import { Follower } from '../read-models/follower.js';
import { ReadStore, type Bookmark } from '../read-models/read-store.js';
import { Staleness } from '../read-models/staleness.js';
import type { Receipt } from '../recording/receipts.js';
import { WriteCheck } from '../recording/write-check.js';
import { WitnessService, type WitnessStatus } from '../signing/witness-service.js';
import { TableReader } from '../tables/table-reader.js';
import { counted } from './metrics/counted.js';
import { watchFiles } from './metrics/files.js';
import { RequestMetrics, type AnsweredRequest } from './metrics/requests.js';
import { watchTraffic } from './metrics/traffic.js';
import type { Traffic, UnroutedAnswer } from './wire/traffic.js';

@Injectable()
export class Metrics {
  readonly #registry = new Registry();
  readonly #messages: Counter;
  readonly #tokens: Counter;
  readonly #requests: RequestMetrics;

  /** `witnesses` null where nothing is signed, `files` and `runner` where another process writes. */
  constructor(
    @Inject(ReadStore) private readonly store: ReadStore,
    @Inject(WriteCheck) private readonly writes: WriteCheck,
    @Inject(Staleness) private readonly staleness: Staleness,
    @Inject(Freshness) private readonly freshness: Freshness,
    @Inject(TableReader) private readonly tables: TableReader,
    @Inject(WitnessService) private readonly witnesses: WitnessService | null,
    @Inject(DataFiles) files: DataFiles | null,
    @Inject(Follower) runner: Follower | null,
  ) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#messages = new Counter({
      name: 'disclosure_messages_total',
      help: 'Messages answered, by status and code of refusal; refusals that could not be kept are counted here too',
      labelNames: ['status', 'code'],
      registers,
    });
    this.#tokens = new Counter({
      name: 'disclosure_tokens_refused_total',
      help: 'Tokens that were not taken, by why',
      labelNames: ['why'],
      registers,
    });
    this.#requests = new RequestMetrics(this.#registry);
    if (files !== null) watchFiles(this.#registry, files);
    const bookmarks = (value: (bookmark: Bookmark) => number) =>
      function (this: Gauge): void {
        for (const bookmark of store.bookmarks()) this.set({ projection: bookmark.name }, value(bookmark));
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
    new Gauge({
      name: 'disclosure_calendar_end_timestamp_seconds',
      help: 'When the built-in calendar of working days ends; due dates behind it are provisional until calendar.announced',
      registers,
    }).set(Math.floor(builtInCalendarEnds() / 1000));
    counted(this.#registry, {
      name: 'disclosure_tables_computed_total',
      help: 'Yearly tables computed; what is answered as not modified computes none',
      value: () => tables.computed,
    });
    counted(this.#registry, {
      name: 'disclosure_read_model_thread_restarts_total',
      help: 'How often the thread of the read models was started again as it died; 0 where they have none',
      value: () => runner?.restarts ?? 0,
    });
    this.#running();
    this.#ledger();
  }

  /** Whether messages are taken, and how far answers are behind those that were. */
  #running(): void {
    const { writes, staleness, freshness, tables } = this;
    const registers = [this.#registry];
    new Gauge({
      name: 'disclosure_writes_refused',
      help: '1 while every message is refused, as /health/ready says why',
      registers,
      async collect() {
        this.set((await writes.refused()) === null ? 0 : 1);
      },
    });
    new Gauge({
      name: 'disclosure_log_silent_seconds',
      help: 'Seconds since the log last answered; 0 where it is a file of this process. From 10 on acts are refused',
      registers,
      collect() {
        this.set(freshness.silence / 1000);
      },
    });
    new Gauge({
      name: 'disclosure_tables_stale_seconds',
      help: 'Time since the first event was recorded that tables do not hold; 0 while they hold everything',
      registers,
      async collect() {
        const stale = await staleness.of(tables.marks());
        this.set(stale === null ? 0 : Math.max(0, (Date.now() - Date.parse(stale.since)) / 1000));
      },
    });
  }

  /** How far what is recorded was signed, and how far that was witnessed. */
  #ledger(): void {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, value: () => number | null): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          const now = value();
          if (now !== null) this.set(now);
        },
      });
    };
    const last = (): SignedCheckpoint | null => this.store.checkpoints.last();
    gauge('disclosure_checkpoint_size', 'Number of events of the last signed checkpoint', () => last()?.size ?? 0);
    gauge(
      'disclosure_checkpoint_age_seconds',
      'Time since the last checkpoint was signed; nothing is signed where nothing is recorded',
      () => {
        const signed = last();
        return signed === null ? null : Math.max(0, (Date.now() - signed.recordedAt) / 1000);
      },
    );
    const status = (): readonly WitnessStatus[] => this.witnesses?.status() ?? [];
    const perWitness: readonly [string, string, (of: WitnessStatus) => number][] = [
      ['disclosure_witnessed_size', 'Number of events of the last checkpoint that a witness signed', ({ size }) => size],
      ['disclosure_witness_lag_events', 'Signed events that a witness has not signed for', ({ lagEvents }) => lagEvents],
      ['disclosure_witness_lag_seconds', 'Time since the first checkpoint that a witness has not signed', ({ lagSeconds }) => lagSeconds],
      ['disclosure_witness_failing', '1 when a witness did not sign when it was last asked', ({ failing }) => (failing === null ? 0 : 1)],
    ];
    for (const [name, help, value] of perWitness)
      new Gauge({
        name,
        help,
        labelNames: ['witness'],
        registers,
        collect() {
          for (const of of status()) this.set({ witness: of.name }, value(of));
        },
      });
  }

  /** `droppedLines`: how many lines of the log were dropped since the start. */
  watch(server: Server, traffic: Traffic, droppedLines: () => number): void {
    watchTraffic(this.#registry, server, traffic);
    counted(this.#registry, {
      name: 'disclosure_log_lines_dropped_total',
      help: 'Lines of the log that were dropped, as nobody read those before them',
      value: droppedLines,
    });
  }

  requestAnswered(request: AnsweredRequest): void {
    this.#requests.answered(request);
  }

  unroutedAnswered(answer: UnroutedAnswer): void {
    this.#requests.unrouted(answer);
  }

  tokenRefused(why: string): void {
    this.#tokens.inc({ why });
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
