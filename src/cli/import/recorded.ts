/** The files of an import, read as what they are: lines of messages, or rows of spreadsheets. */
import { recordFiles, type ImportProgress, type RecordOptions } from './record-files.js';
import type { Begun, Done } from './words.js';

/** Errors: as `recordFiles` and `recordRows`. */
export async function recorded({ files, mapped }: Begun, options: RecordOptions, heard: (progress: ImportProgress) => void): Promise<Done> {
  if (mapped === undefined) return { result: await recordFiles(files, options, heard) };
  const { recordRows } = await import('./record-rows.js');
  return recordRows(files, { ...options, ...mapped }, heard);
}
