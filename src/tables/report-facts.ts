/**
 * What a decision on a yearly report needs beside its case: the table that a compilation freezes, computed here as of
 * the index the act names, and the checkpoint that a publication names. After an approval a checkpoint is cut at once,
 * so that what was signed is soon provable.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '../domain/report/state.js';
import type { Command, CommandOf } from '../domain/acts.js';
import type { Compiling } from '../domain/report/frozen-table.js';
import { messageOf } from '../encoding/unknown-values.js';
import { parseCheckpoint } from '../ledger/checkpoint.js';
import { parseNote } from '../ledger/signed-note.js';
import { MAX_EVENT_BYTES, StoreUnavailable } from '../log/event-log.js';
import { ledgerProjection } from '../read-models/ledger/ledger.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { Follower } from '../read-models/follower.js';
import { findForm } from '../statistics/forms/registry.js';
import { QueryProblem } from '../read-models/query-problem.js';
import { formHash } from './table-hash.js';
import type { TableReader } from './table-reader.js';
import type { ReportFactsSource, ReportFacts } from '../recording/facts/report-facts.js';
import { placeOf } from '../read-models/journal/event-place.js';

export interface ReportFactsParts {
  readonly store: ReadStore;
  readonly tables: TableReader;
  readonly runner: Pick<Follower, 'caughtUp'>;
  /** Cuts a checkpoint; null where the service has no key. */
  readonly cut: (() => Promise<unknown>) | null;
  readonly notice: (line: string) => void;
}

/** How long a decision waits for the read models, or for a checkpoint. */
const PATIENCE_MS = 5000;
const POLL_MS = 10;
/** What the metadata of an event may take at most, and the names around its data. */
const ENVELOPE_BYTES = 16 * 1024;

export class ReportFactsService implements ReportFactsSource {
  readonly #parts: ReportFactsParts;
  /** Checkpoints being cut behind an approval. */
  readonly #cutting = new Set<Promise<unknown>>();
  #stopped = false;

  constructor(parts: ReportFactsParts) {
    this.#parts = parts;
  }

  /**
   * Everything the log held when this was asked is looked at. Errors: `StoreUnavailable` where the read models do not
   * come so far in time.
   */
  async factsFor(command: Command, report: Report): Promise<ReportFacts> {
    if (command.type === 'report.compiled') return { compiling: await this.#compile(command) };
    if (command.type !== 'report.published' || report.status === 'unknown' || report.compiled === null) return {};
    const { approval, opener } = report.round;
    return { checkpoint: await this.#checkpointOver((approval ?? opener).eventId) };
  }

  /** To be told of every act that was recorded. */
  recorded({ type, eventId }: Pick<Command, 'type' | 'eventId'>): void {
    if (type !== 'report.approved' || this.#parts.cut === null) return;
    // A crash before it is done leaves it to the timer, and to the publication, which waits for it.
    const cutting = this.#checkpointOver(eventId).catch((error: unknown) => {
      if (!this.#stopped) this.#parts.notice(`no checkpoint was signed over the approval: ${messageOf(error)}`);
    });
    this.#cutting.add(cutting);
    void cutting.then(() => this.#cutting.delete(cutting));
  }

  /** Resolves when nothing is cut any more; before the log is closed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#cutting);
  }

  async #compile({ agency, data }: CommandOf<'report.compiled'>): Promise<Compiling> {
    const { year, form, index, rollup } = data;
    const { tables } = this.#parts;
    const named = findForm(form);
    if (index > tables.lastIndex()) await this.#catchUp();
    const lastIndex = tables.lastIndex();
    // The decision says first that there is no such form.
    if (named === undefined || index > lastIndex) return { lastIndex };
    try {
      const { table, marks } = tables.plain({ agency, year, form, asOf: `index:${index}`, ...(rollup === true ? { rollup } : {}) });
      const stopped = marks.find((mark) => mark.stopped !== null)?.stopped;
      if (stopped != null) throw new StoreUnavailable(`the figures stand still at event ${stopped.eventId} (${stopped.why})`);
      const bytes = Buffer.byteLength(JSON.stringify(table));
      const limit = MAX_EVENT_BYTES - ENVELOPE_BYTES - Buffer.byteLength(JSON.stringify(data));
      return bytes > limit ? { bytes, limit } : { table: { ...table }, formHash: formHash(named) };
    } catch (error) {
      if (error instanceof QueryProblem && error.code === 'unknown-agency') return { unregistered: true };
      throw error;
    }
  }

  async #catchUp(): Promise<void> {
    if (!(await this.#parts.runner.caughtUp(PATIENCE_MS))) throw new StoreUnavailable('the read models have not come so far');
  }

  /** The last signed checkpoint where it has the event under it; else one is cut. null where nothing signs. */
  async #checkpointOver(eventId: string): Promise<string | null> {
    const { cut, store } = this.#parts;
    for (const end = Date.now() + PATIENCE_MS; ;) {
      await this.#catchUp();
      const ledger = store.bookmarks().find(({ name }) => name === ledgerProjection.name);
      if (ledger?.stopped != null)
        throw new StoreUnavailable(`the ledger stands still at event ${ledger.stopped.eventId} (${ledger.stopped.why})`);
      const index = placeOf(store.db, eventId)?.idx ?? null;
      const last = store.checkpoints.last();
      if (index !== null && last !== null && parseCheckpoint(parseNote(last.note).text).size > index) return last.note;
      if (cut === null) return null;
      if (this.#stopped || Date.now() > end) throw new StoreUnavailable('no checkpoint came to be signed over what is published');
      await signing(cut);
      await sleep(POLL_MS);
    }
  }
}

/** One that must not be signed is for an operator to look at: until then the message waits. */
async function signing(cut: () => Promise<unknown>): Promise<void> {
  try {
    await cut();
  } catch (error) {
    throw error instanceof StoreUnavailable ? error : new StoreUnavailable(`no checkpoint is signed: ${messageOf(error)}`);
  }
}
