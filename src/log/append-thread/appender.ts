/**
 * Appends to EventStoreDB by a thread of their own, where the client may use its long stream: twice as fast as a call
 * for each, and its faults end that thread only. An append that the thread did not answer before it died is unknown,
 * not failed: it is rejected as `ThreadDied`, and the caller sends the same ids again.
 */
import { Worker } from 'node:worker_threads';
import { threadFile } from '../../config/package-files.js';
import { messageOf } from '../../encoding/unknown-values.js';
import type { Answer, Asked, NotTaken, Taken } from './words.js';

const ENTRY = threadFile('log/append-thread/entry');

/** What it works with for a moment, MB. */
const YOUNG_MB = 12;

/** So long after it was asked for an append may still be sent, ms. */
const SEND_WITHIN_MS = 1000;

/** An error of the client, as far as it passes from thread to thread. */
export class AppendFailed extends Error {
  override readonly name = 'AppendFailed';
  readonly type: unknown;
  readonly code: unknown;
  readonly actualVersion: unknown;

  constructor({ message, type, code, actualVersion }: NotTaken) {
    super(message);
    this.type = type;
    this.code = code;
    this.actualVersion = actualVersion;
  }
}

/** Whether the append was taken is not known. */
export class ThreadDied extends Error {
  override readonly name = 'ThreadDied';
}

interface Waiting {
  readonly resolve: (taken: Taken) => void;
  readonly reject: (error: Error) => void;
}

export interface AppenderOptions {
  readonly url: string;
  /** Told why a thread ended that nobody had ended. */
  readonly died: (why: string) => void;
  /** The file of the thread; absent = entry.ts. */
  readonly entry?: URL | undefined;
}

export class Appender {
  readonly #options: AppenderOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  /** Goes to the thread at the end of this turn. */
  #asked: Asked[] = [];
  #seq = 0;
  #closed = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  /** Errors: `AppendFailed`, `ThreadDied`. */
  append(asked: Omit<Asked, 'seq' | 'sendBy'>): Promise<Taken> {
    if (this.#closed) return Promise.reject(new ThreadDied('the log is closed'));
    this.#seq += 1;
    const seq = this.#seq;
    if (this.#asked.length === 0) setImmediate(() => this.#send());
    this.#asked.push({ ...asked, seq, sendBy: Date.now() + SEND_WITHIN_MS });
    return new Promise((resolve, reject) => this.#waiting.set(seq, { resolve, reject }));
  }

  #send(): void {
    const asked = this.#asked;
    this.#asked = [];
    if (this.#closed) return;
    this.#worker ??= this.#begin();
    this.#worker.postMessage(asked);
  }

  #begin(): Worker {
    const { url, died, entry = ENTRY } = this.#options;
    const worker = new Worker(entry, { workerData: { url }, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    let why = 'it ended by itself';
    worker.on('message', (answers: readonly Answer[]) => this.#hear(answers));
    worker.on('error', (error) => (why = messageOf(error)));
    worker.on('exit', () => {
      if (worker !== this.#worker) return;
      died(why);
      this.#giveUp(`the thread that appends died: ${why}`);
    });
    return worker;
  }

  #hear(answers: readonly Answer[]): void {
    for (const answer of answers) {
      const waiting = this.#waiting.get(answer.seq);
      this.#waiting.delete(answer.seq);
      if ('message' in answer) waiting?.reject(new AppendFailed(answer));
      else waiting?.resolve(answer);
    }
  }

  /** Nothing more is heard of what was sent: the next append begins another thread. */
  #giveUp(why: string): void {
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#asked = [];
    for (const { reject } of waiting) reject(new ThreadDied(why));
  }

  /** Ends the thread, whose connection gives no answer; what it had not answered is unknown. */
  renew(): void {
    const worker = this.#worker;
    this.#giveUp('the connection gave no answer, and another took its place');
    void worker?.terminate();
  }

  /** Rejects what waits. Resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#giveUp('the log is closed');
    await worker?.terminate();
  }
}
