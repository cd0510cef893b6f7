/** The thread that reads one PDF: what is in it may be hostile, and a thread can be ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { extractText } from 'unpdf';

/** What the thread answers: the text of each page, or null where it is no PDF that can be read. */
export type PdfAnswer = readonly string[] | null;

async function read(bytes: unknown): Promise<PdfAnswer> {
  if (!(bytes instanceof Uint8Array)) return null;
  try {
    return (await extractText(bytes)).text;
  } catch {
    return null;
  }
}

parentPort?.postMessage(await read(workerData));
