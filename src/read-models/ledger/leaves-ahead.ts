/**
 * Leaves hashed ahead of who applies the events, in a thread that reads the same log: to hash an event costs a fifth of
 * what applying it does. It is begun where many events are applied on end, as where read models are built, and only
 * ever saves work: of what it does not know yet, or any more, whoever asks hashes the event itself.
 */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { threadFile } from '../../config/package-files.js';
import { HASH_BYTES } from '../../ledger/merkle.js';
import type { ProjectedEvent } from '../projection.js';

/** Events that come before it is worth a thread. */
const BEGUN_AFTER = 4000;
/** Leaves that were asked for and not known, before the thread is given up: the other is faster. */
const GIVEN_UP_AFTER = 50_000;
/** Leaves the thread is ahead at most: 2 MiB. */
export const AHEAD = 65_536;
/** What it works with for a moment, MB. */
const YOUNG_MB = 8;

/** What the thread is begun with. */
export interface LeavesWanted {
  /** Of the embedded log. */
  readonly file: string;
  /** The event behind which it begins. */
  readonly position: string;
  readonly index: number;
  readonly port: MessagePort;
  /** One number: the index that was asked for last. */
  readonly asked: SharedArrayBuffer;
}

/** Leaves side by side. */
export interface LeavesHashed {
  /** Index of the first. */
  readonly from: number;
  readonly hashes: Uint8Array;
  /** Of the event of the last one. */
  readonly position: string;
}

export class LeavesAhead {
  readonly #file: string;
  #thread: { readonly worker: Worker; readonly port: MessagePort; readonly asked: Int32Array } | null = null;
  #hashed: LeavesHashed | null = null;
  #unknown = 0;
  #ended = false;

  /** `file`: of the embedded log that the events are read from. */
  constructor(file: string) {
    this.#file = file;
  }

  /** The leaf of an event; null where it is not known. */
  of({ index, stored: { position } }: Pick<ProjectedEvent, 'index' | 'stored'>): Uint8Array | null {
    if (this.#ended) return null;
    const leaf = this.#thread === null ? null : this.#known(index, position);
    if (leaf !== null) return leaf;
    this.#unknown += 1;
    if (this.#thread === null && this.#unknown >= BEGUN_AFTER) this.#begin(index, position);
    if (this.#unknown >= GIVEN_UP_AFTER) this.end();
    return null;
  }

  /** No more are needed. */
  end(): void {
    this.#ended = true;
    this.#hashed = null;
    this.#thread?.port.close();
    void this.#thread?.worker.terminate();
    this.#thread = null;
  }

  #begin(index: number, position: string): void {
    const { port1: port, port2 } = new MessageChannel();
    const asked = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const wanted: LeavesWanted = { file: this.#file, position, index, port: port2, asked };
    const worker = new Worker(threadFile('read-models/ledger/leaves-thread'), {
      workerData: wanted,
      transferList: [port2],
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    // Without it the work goes on as well.
    worker.on('error', () => this.end());
    worker.unref();
    this.#unknown = 0;
    this.#thread = { worker, port, asked: new Int32Array(asked) };
  }

  #known(index: number, position: string): Uint8Array | null {
    const hashed = this.#reaching(index);
    if (hashed === null || index < hashed.from) return null;
    const at = (index - hashed.from) * HASH_BYTES;
    const isLast = at + HASH_BYTES === hashed.hashes.length;
    if (isLast && hashed.position !== position)
      throw new Error(`leaf ${index} was hashed of the event at ${hashed.position}, not ${position}`);
    return hashed.hashes.subarray(at, at + HASH_BYTES);
  }

  /** Those that end at an index or behind it; null where the thread is not there yet. */
  #reaching(index: number): LeavesHashed | null {
    while (this.#hashed === null || endOf(this.#hashed) <= index) {
      const { port, asked } = this.#thread ?? {};
      if (port === undefined || asked === undefined) return null;
      Atomics.store(asked, 0, index);
      Atomics.notify(asked, 0);
      const received: { readonly message: LeavesHashed } | undefined = receiveMessageOnPort(port);
      this.#hashed = received?.message ?? null;
      if (received === undefined) return null;
    }
    return this.#hashed;
  }
}

function endOf({ from, hashes }: LeavesHashed): number {
  return from + hashes.length / HASH_BYTES;
}
