/**
 * A PDF as text, read by PDF.js in a thread of its own. Its streams unpack to as much as they like, outside the heap of
 * a thread: while it reads, the memory of the process is looked at, and the thread is ended.
 */
import { Worker } from 'node:worker_threads';
import { threadFile } from '../config/package-files.js';
import { DocumentProblem, MAX_TEXT, tooLarge } from './problem.js';
import type { ReadText } from './read-text.js';
import { isRow, rowsInText } from './table-rows.js';

/** Bytes above what the process had before, and how often it is looked at. */
const MAX_MEMORY = 512 * 1024 * 1024;
const LOOK_MS = 20;
const MAX_MS = 120_000;

/** Errors: `DocumentProblem`. */
export async function textOfPdf(bytes: Buffer): Promise<ReadText> {
  const pages = await pagesOf(bytes);
  if (pages === null) throw new DocumentProblem('not-a-document', 'it is no PDF that can be read', 'Save it again, or give its text.');
  const text = pages.map(joined).join('\n');
  if (text.length > MAX_TEXT) throw tooLarge('its text is longer than a report is');
  // The dictionary of a picture stands in no packed stream, and is not encrypted.
  const hasPictures = PICTURE.test(bytes.toString('latin1'));
  return { text, rows: rowsInText(pages.join('\n')), pictured: hasPictures ? pages.length : 0 };
}

const PICTURE = /\/Subtype\s*\/Image\b/;

function pagesOf(bytes: Buffer): Promise<readonly string[] | null> {
  const before = process.memoryUsage.rss();
  const worker = new Worker(threadFile('documents/pdf-thread'), {
    workerData: new Uint8Array(bytes),
    resourceLimits: { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 32 },
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve, reject) => {
    const begun = process.uptime();
    const look = setInterval(() => {
      const tooMuch = process.memoryUsage.rss() - before > MAX_MEMORY || (process.uptime() - begun) * 1000 > MAX_MS;
      if (tooMuch) end(() => reject(tooLarge('the PDF takes more memory or time than a report does')));
    }, LOOK_MS);
    const end = (answer: () => void): void => {
      clearInterval(look);
      void worker.terminate().then(answer, answer);
    };
    worker.once('message', (pages: readonly string[] | null) => end(() => resolve(pages)));
    worker.once('error', () => end(() => reject(tooLarge('the PDF takes more memory than a report does'))));
  });
}

/** Lines of a page as paragraphs: a line that is full, or ends without a stop, goes on in the next. A row is a line. */
function joined(page: string): string {
  const lines = page.split('\n').map((line) => line.trim());
  const widest = lines.reduce((most, { length }) => Math.max(most, length), 0);
  return lines.reduce((text, line, at) => {
    const before = lines[at - 1] ?? '';
    const isFull = before !== '' && before.length > widest * 0.7 && !/[。！？：；]$/.test(before);
    const goesOn = isFull && !BEGINS.test(line) && !isRow(before) && !isRow(line);
    return goesOn ? text + line : `${text}\n${line}`;
  }, '');
}

/** A heading or an item of a list. */
const BEGINS = /^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|第[一二三四五六七八九十]+)/;
