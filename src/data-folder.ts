/** The folder in which a process keeps its files. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreUnavailable } from './log/event-log.js';

/**
 * Makes a folder and those above it, one by one: asked for all at once, Node never comes back where the file system says that a folder it has just been
 * asked to make does not exist, as under /proc. Errors: `StoreUnavailable`.
 */
export function makeFolder(folder: string): void {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    if (dirname(folder) !== folder) makeFolder(dirname(folder));
    mkdirSync(folder);
  } catch (cause) {
    // Another process may have made it meanwhile.
    if (existsSync(folder) && statSync(folder).isDirectory()) return;
    if (cause instanceof StoreUnavailable) throw cause;
    throw new StoreUnavailable(`${folder} cannot be used as the data folder: ${(cause as Error).message}`, { cause });
  }
}
