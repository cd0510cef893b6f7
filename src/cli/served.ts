/** Whether a service holds the data folder, and where it listens. */
import { existsSync } from 'node:fs';
import { WriterLock } from '../writer-lock.js';

/** The address of the service that writes this folder; null where none does. */
export function servedAt(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const holder = WriterLock.holder(folder);
  if (holder?.url == null) return null;
  // The note may be left from a service that died: only a held lock makes it true.
  const lock = WriterLock.take(folder);
  lock?.release();
  return lock === null ? holder.url : null;
}
