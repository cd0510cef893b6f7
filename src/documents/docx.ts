/**
 * A DOCX as text: of the archive the one part that holds it, and nothing that it names. An archive says beforehand how
 * large its parts are, and is held to it, so a bomb is refused unread.
 */
import { Parser } from 'htmlparser2';
import { fromBufferPromise, type Entry } from 'yauzl';
import { Lines } from './lines.js';
import { DocumentProblem, MAX_UNPACKED, tooLarge } from './problem.js';

const TEXT_PART = 'word/document.xml';
const MAX_PARTS = 2000;
const MACROS = /(?:^|\/)vbaProject\.bin$/i;

/** Errors: `DocumentProblem`. */
export async function textOfDocx(bytes: Buffer): Promise<string> {
  const archive = await opened(bytes);
  const part = await textPart(archive);
  return textOfXml(await archive.openReadStreamPromise(part));
}

type Archive = Awaited<ReturnType<typeof fromBufferPromise>>;

async function opened(bytes: Buffer): Promise<Archive> {
  try {
    return await fromBufferPromise(bytes);
  } catch {
    throw notDocx();
  }
}

async function textPart(archive: Archive): Promise<Entry> {
  if (archive.entryCount > MAX_PARTS) throw tooLarge(`the archive has ${archive.entryCount} parts`);
  let found: Entry | undefined;
  try {
    for await (const entry of archive.eachEntry()) {
      if (MACROS.test(entry.fileName)) throw unsafe('it holds macros');
      if (entry.fileName === TEXT_PART) found = entry;
    }
  } catch (error) {
    if (error instanceof DocumentProblem) throw error;
    throw notDocx();
  }
  if (found === undefined) throw notDocx();
  if (found.isEncrypted()) throw unsafe('it is encrypted');
  if (found.uncompressedSize > MAX_UNPACKED) throw tooLarge(`its text unpacks to ${found.uncompressedSize} bytes`);
  return found;
}

/** A declaration of a document type could name entities: no DOCX has one. */
const DOCTYPE = /<!DOCTYPE|<!ENTITY/i;

async function textOfXml(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const reader = new WordReader();
  const decoder = new TextDecoder();
  let tail = '';
  try {
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      if (DOCTYPE.test(tail + text)) throw unsafe('its text declares a document type');
      tail = text.slice(-16);
      reader.read(text);
    }
  } catch (error) {
    if (error instanceof DocumentProblem) throw error;
    throw notDocx();
  }
  return reader.text();
}

/** Paragraphs as lines, rows of tables as lines with bars; what was deleted under review is no text. */
class WordReader {
  readonly #lines = new Lines();
  #inText = false;
  #rows = 0;
  readonly #parser = new Parser(
    {
      onopentag: (name) => this.#open(name),
      ontext: (text) => {
        if (this.#inText) this.#lines.add(text);
      },
      onclosetag: (name) => this.#close(name),
    },
    { xmlMode: true },
  );

  read(text: string): void {
    this.#parser.write(text);
  }

  text(): string {
    this.#parser.end();
    return this.#lines.text();
  }

  #open(name: string): void {
    if (name === 'w:t') this.#inText = true;
    if (name === 'w:tab') this.#lines.add(' ');
    if (name === 'w:br' && this.#rows === 0) this.#lines.end();
    if (name === 'w:tr') this.#rows += 1;
  }

  #close(name: string): void {
    if (name === 'w:t') this.#inText = false;
    if (name === 'w:tc') this.#lines.add(' | ');
    if (name === 'w:tr') this.#rows = Math.max(0, this.#rows - 1);
    if ((name === 'w:p' || name === 'w:tr') && this.#rows === 0) this.#lines.end();
  }
}

function notDocx(): DocumentProblem {
  return new DocumentProblem('not-a-document', 'it is no DOCX that can be read', 'Save it again as DOCX, or give its text.');
}

function unsafe(message: string): DocumentProblem {
  return new DocumentProblem('unsafe-document', message, 'Save it as a plain DOCX without macros and password.');
}
