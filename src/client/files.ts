/** Files as the outbox needs them: durable when it is told so, and for their owner only. */
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './values.js';

/** A new folder is its owner's alone: what waits in it may name citizens. */
const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** Makes the entries of a folder durable: a new file survives only with its name. */
export async function flushFolder(folder: string): Promise<void> {
  // Windows knows no flush of a folder: there names are durable without.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder with those above it, durable when this resolves. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await flushFolder(dirname(made));
}

/** Writes all bytes at a place of a file. */
export async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** A file in one step: after a crash there is the old one or the new one, whole. */
export async function replaceFile(file: string, bytes: Buffer): Promise<void> {
  const beside = `${file}.new`;
  const handle = await open(beside, 'w', FILE_MODE);
  try {
    await writeAll(handle, bytes, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
  await flushFolder(dirname(file));
}

/** The bytes of a file; null where there is none. */
export async function bytesOf(file: string): Promise<Buffer | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
