/**
 * What the service refused, each with its receipt: a file of JSON lines that people and programs read, empty and remove
 * as they like. A line is there before the message leaves the outbox, and once: its number in the outbox tells a line
 * that a crash left behind.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, FILE_MODE, flushFolder, writeAll } from './files.js';
import { type Receipt } from './message.js';
import { member, parsed, text } from './values.js';

export interface DeadLetter {
  readonly number: number;
  /** The message as JSON. */
  readonly json: string;
  readonly receipt: Receipt;
}

const NEW_LINE = 0x0a;

export class DeadLetters {
  readonly #folder: string;
  readonly #outbox: string;

  constructor(folder: string, outbox: string) {
    this.#folder = folder;
    this.#outbox = outbox;
  }

  get file(): string {
    return join(this.#folder, 'refused.ndjson');
  }

  /** Numbers that stand there, of this outbox. */
  async numbers(): Promise<ReadonlySet<number>> {
    const lines = ((await bytesOf(this.file)) ?? Buffer.alloc(0)).toString().split('\n').map(parsed);
    return new Set(
      lines.flatMap((line) => {
        const number = member(line, 'number');
        return typeof number === 'number' && text(line, 'outbox') === this.#outbox ? [number] : [];
      }),
    );
  }

  /** Adds them, durable when this resolves. Errors: what the file system says; then none of them is there. */
  async add(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const handle = await open(this.file, 'a+', FILE_MODE);
    try {
      const [size, glue] = await endOf(handle);
      try {
        await writeAll(handle, Buffer.from(glue + letters.map((letter) => this.#line(letter)).join('')), size);
        await handle.sync();
      } catch (error) {
        await handle.truncate(size).catch(() => undefined);
        throw error;
      }
      if (size === 0) await flushFolder(this.#folder);
    } finally {
      await handle.close();
    }
  }

  #line({ number, json, receipt }: DeadLetter): string {
    const at = new Date().toISOString();
    return `{"outbox":"${this.#outbox}","number":${number},"at":"${at}","message":${json},"receipt":${JSON.stringify(receipt)}}\n`;
  }
}

/**
 * Where the next line begins, and what goes before it. A line that a crash cut off is taken away; one that somebody
 * wrote without its end is given it.
 */
async function endOf(handle: FileHandle): Promise<[number, string]> {
  const { size } = await handle.stat();
  if (size === 0) return [0, ''];
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, size - 1);
  if (last[0] === NEW_LINE) return [size, ''];
  const whole = await handle.readFile();
  const start = whole.lastIndexOf(NEW_LINE) + 1;
  if (parsed(whole.toString('utf8', start)) !== undefined) return [size, '\n'];
  await handle.truncate(start);
  return [start, ''];
}
