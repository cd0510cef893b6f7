/** Parts of an archive as XML, read as they are unpacked: what is not closed, or nested without end, is not kept. */
import { Parser } from 'htmlparser2';
import type { Entry } from 'yauzl';
import { notOfKind, unsafe, type Archive } from './archive.js';
import { DocumentProblem, tooLarge } from './problem.js';

/** A declaration of a document type could name entities: no office document has one. */
const DOCTYPE = /<!DOCTYPE|<!ENTITY/i;
/** Characters of one tag with its attributes, or of a comment. */
const MAX_TAG = 1024 * 1024;
const MAX_DEPTH = 256;

export interface XmlEvents {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/**
 * Hands on the events of a part, packet by packet, and gives the bytes of each. The caller takes what came of one
 * before the next is read.
 */
export async function* readingXml(archive: Archive, part: Entry, events: XmlEvents): AsyncGenerator<number> {
  const reader = new XmlReader(events);
  const decoder = new TextDecoder();
  let tail = '';
  try {
    for await (const chunk of await archive.open(part)) {
      const text = decoder.decode(chunk, { stream: true });
      if (DOCTYPE.test(tail + text)) throw unsafe(archive.kind, 'its text declares a document type');
      tail = text.slice(-16);
      reader.read(text);
      yield chunk.length;
    }
    reader.end();
  } catch (error) {
    throw error instanceof DocumentProblem ? error : notOfKind(archive.kind);
  }
}

/** The same of a part that is kept whole; gives its bytes. */
export async function readXml(archive: Archive, part: Entry, events: XmlEvents): Promise<number> {
  let bytes = 0;
  for await (const packet of readingXml(archive, part, events)) bytes += packet;
  return bytes;
}

class XmlReader {
  readonly #parser: Parser;
  /** Characters since the last event: those of a tag that is not closed yet. */
  #silent = 0;
  #depth = 0;

  constructor(events: XmlEvents) {
    const heard = (by: number): void => {
      this.#silent = 0;
      this.#depth += by;
      if (this.#depth > MAX_DEPTH) throw tooLarge('its parts are nested too deeply');
    };
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => {
          heard(1);
          events.open?.(name, attributes);
        },
        ontext: (text) => {
          heard(0);
          events.text?.(text);
        },
        onclosetag: (name) => {
          heard(-1);
          events.close?.(name);
        },
      },
      { xmlMode: true },
    );
  }

  /** Errors: `document-too-large`. */
  read(text: string): void {
    this.#silent += text.length;
    this.#parser.write(text);
    if (this.#silent > MAX_TAG) throw tooLarge('it holds a tag without end');
  }

  end(): void {
    this.#parser.end();
  }
}
