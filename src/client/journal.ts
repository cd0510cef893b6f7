/**
 * The outbox on the disk: one file of frames (frames.ts) that say what waits, what is settled, and which cases are
 * held. Writes that come together share one flush. What is settled is taken out by writing the file again beside itself
 * and putting the new one in its place.
 */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { EmitterError } from './emitter-error.js';
import { bytesOf, FILE_MODE, replaceFile, writeAll } from './files.js';
import { frameOf, readFrames } from './frames.js';
import { codeOf, member, messageOf, parsed, text } from './values.js';

/** One thing that the journal says. */
export type Line =
  | { readonly put: number; readonly json: string }
  | { readonly settled: readonly number[] }
  | { readonly held: string }
  | { readonly resumed: string };

/** A frame grows to about so much before the next one begins. */
const FRAME_BYTES = 8 * 1024 * 1024;
/** Below this nothing is taken out: a small file costs nothing. */
const COMPACT_BYTES = 1024 * 1024;

interface Commit {
  readonly lines: readonly Line[];
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

export class Journal {
  readonly #file: string;
  /** Asked before each write. Errors: throws where the outbox is no longer ours. */
  readonly #isOurs: () => Promise<void>;
  #handle: FileHandle | null = null;
  /** Where the next frame begins. */
  #end = 0;
  /** Nothing behind `end` can be trusted: the whole file is written again before anything else. */
  #broken = false;
  /** Not compacted again before the file has this size. */
  #compactAt = COMPACT_BYTES;
  #queue: Commit[] = [];
  #writing: Promise<void> | null = null;

  #id = '';
  #next = 1;
  readonly #waiting = new Map<number, string>();
  readonly #held = new Set<string>();

  private constructor(folder: string, isOurs: () => Promise<void>) {
    this.#file = join(folder, 'outbox');
    this.#isOurs = isOurs;
  }

  /** Errors: `EmitterError` `outbox-damaged`; what the file system says. */
  static async open(folder: string, isOurs: () => Promise<void>): Promise<Journal> {
    const journal = new Journal(folder, isOurs);
    await rm(`${journal.#file}.new`, { force: true });
    const bytes = await bytesOf(journal.#file);
    if (bytes === null) {
      journal.#id = globalThis.crypto.randomUUID();
      await journal.#rewrite();
    } else await journal.#read(bytes);
    return journal;
  }

  /** Made with the outbox: tells its numbers from those of another one. */
  get id(): string {
    return this.#id;
  }

  /** Number → message, of all that is durable and not settled, in order. */
  get waiting(): ReadonlyMap<number, string> {
    return this.#waiting;
  }

  get held(): ReadonlySet<string> {
    return this.#held;
  }

  /** A number for a message, greater than every one before it. */
  number(): number {
    return this.#next++;
  }

  /**
   * Resolves when all lines are on the disk, together: after a crash there are all or none. Errors: `EmitterError`
   * `outbox-unwritable`, `outbox-lost`; then none of them holds.
   */
  commit(lines: readonly Line[]): Promise<void> {
    const committed = new Promise<void>((done, failed) => this.#queue.push({ lines, done, failed }));
    this.#writing ??= this.#drain();
    return committed;
  }

  /** Writes what is queued, and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#handle?.close();
    this.#handle = null;
  }

  async #drain(): Promise<void> {
    // What is asked for in the same turn comes into one frame.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#commitSome();
    this.#writing = null;
  }

  async #commitSome(): Promise<void> {
    const group: Commit[] = [];
    const written: string[] = [];
    let bytes = 0;
    for (const next of this.#queue) {
      if (bytes >= FRAME_BYTES) break;
      group.push(next);
      const lines = next.lines.map(writtenLine);
      written.push(...lines);
      bytes += lines.reduce((sum, line) => sum + line.length, 0);
    }
    this.#queue = this.#queue.slice(group.length);
    try {
      await this.#isOurs();
      if (this.#broken) await this.#rewrite();
      await this.#append(frameOf(written));
    } catch (error) {
      const failure = error instanceof EmitterError ? error : unwritable(error);
      for (const { failed } of group) failed(failure);
      return;
    }
    for (const { lines, done } of group) {
      for (const line of lines) this.#apply(line);
      done();
    }
    await this.#compact();
  }

  /** Errors: what the file system says; the file then holds what it held before, or is written again. */
  async #append(frame: Buffer): Promise<void> {
    const handle = this.#open();
    try {
      await writeAll(handle, frame, this.#end);
    } catch (error) {
      // A part of the frame may be there. It is cut off, as the next frame may be shorter.
      await handle.truncate(this.#end).catch(() => (this.#broken = true));
      throw error;
    }
    try {
      await handle.sync();
    } catch (error) {
      // After a failed flush nobody knows which bytes are on the disk, and a second one would not say it.
      this.#broken = true;
      throw error;
    }
    this.#end += frame.length;
  }

  #open(): FileHandle {
    if (this.#handle === null) throw new EmitterError('closed', 'the outbox is closed');
    return this.#handle;
  }

  /** Takes out what is settled once that is most of the file. Where that fails, the file is good as it is. */
  async #compact(): Promise<void> {
    if (this.#end < this.#compactAt) return;
    const live = [...this.#waiting.values()].reduce((sum, json) => sum + json.length, 0);
    // Looked at again when it has grown by as much.
    this.#compactAt = this.#end + COMPACT_BYTES;
    if (live <= this.#end / 2) await this.#rewrite().catch(() => undefined);
  }

  /** The file as it would be had only what holds been written. Errors: what the file system says. */
  async #rewrite(): Promise<void> {
    const lines = [JSON.stringify({ outbox: this.#id, next: this.#next })];
    for (const lane of this.#held) lines.push(writtenLine({ held: lane }));
    for (const [number, json] of this.#waiting) lines.push(writtenLine({ put: number, json }));
    const bytes = Buffer.concat(inFrames(lines).map(frameOf));
    await replaceFile(this.#file, bytes);
    await this.#handle?.close().catch(() => undefined);
    this.#handle = await open(this.#file, 'r+', FILE_MODE);
    [this.#end, this.#broken, this.#compactAt] = [bytes.length, false, COMPACT_BYTES];
  }

  async #read(bytes: Buffer): Promise<void> {
    const { lines, end, rest } = readFrames(bytes);
    if (rest === 'damaged') throw this.#damaged(`no whole frame begins at byte ${end}`);
    for (const line of lines) this.#take(parsed(line));
    if (this.#id === '') throw this.#damaged('it does not say which outbox it is');
    this.#handle = await open(this.#file, 'r+', FILE_MODE);
    this.#end = end;
    if (rest === 'nothing') return;
    // Never acknowledged: its flush had not come back.
    await this.#handle.truncate(end);
    await this.#handle.sync();
  }

  #take(line: unknown): void {
    const [outbox, next, put, settled] = ['outbox', 'next', 'number', 'settled'].map((name) => member(line, name));
    const [held, resumed] = [text(line, 'held'), text(line, 'resumed')];
    if (typeof outbox === 'string' && typeof next === 'number') {
      [this.#id, this.#next] = [outbox, Math.max(this.#next, next)];
    } else if (typeof put === 'number') this.#apply({ put, json: JSON.stringify(member(line, 'message')) });
    else if (Array.isArray(settled)) this.#apply({ settled: settled.filter((number) => typeof number === 'number') });
    else if (held !== undefined) this.#apply({ held });
    else if (resumed !== undefined) this.#apply({ resumed });
    else throw this.#damaged('it says what this release does not know');
  }

  #apply(line: Line): void {
    if ('put' in line) {
      this.#waiting.set(line.put, line.json);
      this.#next = Math.max(this.#next, line.put + 1);
    } else if ('settled' in line) for (const number of line.settled) this.#waiting.delete(number);
    else if ('held' in line) this.#held.add(line.held);
    else this.#held.delete(line.resumed);
  }

  #damaged(what: string): EmitterError {
    return new EmitterError('outbox-damaged', `${this.#file} is damaged: ${what}. Put it aside; nothing of it was sent or removed.`);
  }
}

function writtenLine(line: Line): string {
  return 'put' in line ? `{"number":${line.put},"message":${line.json}}` : JSON.stringify(line);
}

function unwritable(error: unknown): EmitterError {
  return new EmitterError('outbox-unwritable', `the outbox cannot be written (${codeOf(error) ?? messageOf(error)})`, error);
}

function inFrames(lines: readonly string[]): string[][] {
  const frames: string[][] = [];
  let size = FRAME_BYTES;
  for (const line of lines) {
    if (size >= FRAME_BYTES) {
      frames.push([]);
      size = 0;
    }
    frames.at(-1)?.push(line);
    size += line.length;
  }
  return frames;
}
