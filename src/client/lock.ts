/**
 * One process has an outbox open at a time. The lock is a file with a number in its name and its holder in it; who
 * takes over makes the file with the next number, which only one can. The highest number is never removed, so two never
 * count from different ones.
 *
 * A holder is dead when its process is: looked up by its id and start where both run in one space of processes. Another
 * holder, such as one in a container that is gone, is dead when it has not touched its file for 15 s, by our own watch.
 */
import { open, readdir, readFile, readlink, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmitterError } from './emitter-error.js';
import { FILE_MODE } from './files.js';
import { codeOf, member, parsed, text } from './values.js';

/** A holder touches its file this often. */
const TOUCH_MS = 2_000;
/** One that has not for so long is gone. */
const SILENT_MS = 15_000;

const NAME = /^lock-(\d{1,15})(-free)?$/;

interface Place {
  readonly number: number;
  /** Given back by its holder: nobody holds this number any more. */
  readonly free: boolean;
}

export class Lock {
  readonly #folder: string;
  readonly #number: number;
  readonly #touching: NodeJS.Timeout;

  private constructor(folder: string, number: number) {
    this.#folder = folder;
    this.#number = number;
    this.#touching = setInterval(() => void this.#touch(), TOUCH_MS).unref();
  }

  /** Errors: `EmitterError` `outbox-held`; waits 15 s at most to know whether the holder lives. */
  static async take(folder: string): Promise<Lock> {
    const last = await highest(folder);
    if (last !== null && !last.free && !(await isGone(fileOf(folder, last.number)))) throw held(folder);
    const number = (last?.number ?? 0) + 1;
    if (!(await make(fileOf(folder, number)))) throw held(folder);
    // Made behind the back of somebody who went on meanwhile, it is no lock.
    const now = await highest(folder);
    if (now?.number !== number || now.free) {
      await rm(fileOf(folder, number), { force: true });
      throw held(folder);
    }
    for (const name of await readdir(folder))
      if (Number(NAME.exec(name)?.[1] ?? number) < number) await rm(join(folder, name), { force: true });
    return new Lock(folder, number);
  }

  /** Errors: `EmitterError` `outbox-lost` where another process took it, which it does of one that stood still. */
  async check(): Promise<void> {
    if ((await isThere(fileOf(this.#folder, this.#number))) && !(await isThere(fileOf(this.#folder, this.#number + 1)))) return;
    throw new EmitterError('outbox-lost', `another process took over the outbox ${this.#folder}: this one stood still too long`);
  }

  async release(): Promise<void> {
    clearInterval(this.#touching);
    const file = fileOf(this.#folder, this.#number);
    await rename(file, `${file}-free`).catch(() => undefined);
  }

  async #touch(): Promise<void> {
    const now = new Date();
    // One that is gone is noticed by `check`.
    await utimes(fileOf(this.#folder, this.#number), now, now).catch(() => undefined);
  }
}

function fileOf(folder: string, number: number): string {
  return join(folder, `lock-${number}`);
}

function held(folder: string): EmitterError {
  return new EmitterError('outbox-held', `another process has the outbox ${basename(folder)} open: one outbox is for one process`);
}

async function highest(folder: string): Promise<Place | null> {
  const places = (await readdir(folder)).flatMap((name) => {
    const [, number, free] = NAME.exec(name) ?? [];
    return number === undefined ? [] : [{ number: Number(number), free: free !== undefined }];
  });
  const number = Math.max(0, ...places.map((place) => place.number));
  return number === 0 ? null : { number, free: places.some((place) => place.number === number && place.free) };
}

/** Makes the file with ourselves in it; false where it is there. */
async function make(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', FILE_MODE);
    try {
      await handle.writeFile(JSON.stringify(await ourselves()));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** A process among all that there are: its space, its id, when it started. */
interface Holder {
  readonly space: string;
  readonly pid: number;
  readonly started: string | null;
}

async function ourselves(): Promise<Holder> {
  return { space: await space(), pid: process.pid, started: await startOf(process.pid) };
}

/** Where ids of processes mean the same: the host, since its start, and its part where it has parts (containers). */
async function space(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const part = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()} ${boot.trim()} ${part}`;
}

/** When a process started, in the words of the system; null where it does not say. Ids are given again, this is not. */
async function startOf(pid: number): Promise<string | null> {
  const said = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return said.slice(said.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

async function isGone(file: string): Promise<boolean> {
  const holder = parsed(await readFile(file, 'utf8').catch(() => ''));
  const pid = member(holder, 'pid');
  if (typeof pid === 'number' && text(holder, 'space') === (await space())) {
    if (!isRunning(pid)) return true;
    const started = text(holder, 'started');
    if (started !== undefined) return (await startOf(pid)) !== started;
  }
  return isSilent(file);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

async function isSilent(file: string): Promise<boolean> {
  const touched = async (): Promise<number | null> => (await stat(file).catch(() => null))?.mtimeMs ?? null;
  const first = await touched();
  for (let waited = 0; waited < SILENT_MS; waited += TOUCH_MS / 2) {
    await sleep(TOUCH_MS / 2);
    if ((await touched()) !== first) return false;
  }
  return true;
}
