/**
 * Commits by a thread of their own: deciding and answering go on while the disk is waited for. What the thread had in
 * hand when it died is unknown, not failed: the next one is given the same before anything later.
 */
import { Worker } from 'node:worker_threads';
import { threadFile } from '../../config/package-files.js';
import { messageOf } from '../../encoding/unknown-values.js';
import type { Committed, ToCommit } from '../sqlite-commits.js';
import type { FromThread, ToThread } from './words.js';

const ENTRY = threadFile('log/commit-thread/entry');
/** What it works with for a moment, MB: a group is gone with its answer. */
const YOUNG_MB = 16;

/** What SQLite said in the thread, `code` as SQLite names it; or why it died again and again, and `code` is empty. */
export class CommitFailed extends Error {
  override readonly name = 'CommitFailed';
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** So many threads die over one group before it is given up; the last ones are waited for, ms each time more. */
const DEATHS = 5;
const PAUSE_MS = 50;

/** A group that the thread has in hand. */
interface InHand {
  readonly group: readonly ToCommit[];
  readonly deaths: number;
  readonly resolve: (committed: readonly Committed[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitterOptions {
  readonly file: string;
  /** Throws where the file is no more the one that the ledger began with: another must not be written to. */
  readonly require: () => void;
  /** Told why a thread ended that nobody had ended. */
  readonly died: (why: string) => void;
  /** The file of the thread; absent = entry.ts. */
  readonly entry?: URL | undefined;
}

export class Committer {
  readonly #options: CommitterOptions;
  #worker: Worker | null = null;
  #inHand: InHand | null = null;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /**
   * One at a time: the next group waits for this one. Where the thread dies another is given the same group, and finds
   * out which of it was stored. Errors: `CommitFailed`; what `require` throws.
   */
  commit(group: readonly ToCommit[]): Promise<readonly Committed[]> {
    return new Promise((resolve, reject) => this.#hand({ group, deaths: 0, resolve, reject }));
  }

  #hand(inHand: InHand): void {
    const { group, reject } = inHand;
    try {
      const worker = (this.#worker ??= this.#begin());
      this.#inHand = inHand;
      // A process goes on for a thread only while it has something to do.
      worker.ref();
      tell(worker, group);
    } catch (error) {
      this.#inHand = null;
      reject(error);
    }
  }

  #begin(): Worker {
    const { file, require, entry = ENTRY } = this.#options;
    require();
    const worker = new Worker(entry, { workerData: { file }, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    let why = 'it ended by itself';
    worker.on('message', (answer: FromThread) => {
      worker.unref();
      const inHand = this.#inHand;
      this.#inHand = null;
      if ('committed' in answer) inHand?.resolve(answer.committed);
      else inHand?.reject(new CommitFailed(answer.message, answer.code));
    });
    worker.on('error', (error) => (why = messageOf(error)));
    worker.on('exit', () => {
      if (worker === this.#worker) this.#dead(why);
    });
    return worker;
  }

  #dead(why: string): void {
    this.#worker = null;
    this.#options.died(why);
    const inHand = this.#inHand;
    if (inHand === null) return;
    const { deaths, reject } = inHand;
    if (deaths + 1 < DEATHS) setTimeout(() => this.#hand({ ...inHand, deaths: deaths + 1 }), PAUSE_MS * deaths);
    else {
      this.#inHand = null;
      reject(new CommitFailed(`the thread that commits died: ${why}`, ''));
    }
  }

  /** Behind the last answer. Resolves when the thread has let go of the file. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (worker === null) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    tell(worker, null);
    await ended;
  }
}

function tell(worker: Worker, words: ToThread): void {
  worker.postMessage(words);
}
