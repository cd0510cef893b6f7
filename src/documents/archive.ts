/**
 * The archives in which office programs keep documents. An archive says beforehand how large its parts are, and is held
 * to it, so a bomb is refused unread. Nothing that a part names is loaded.
 */
import { fromBufferPromise, openPromise, type Entry } from 'yauzl';
import { DocumentProblem, tooLarge } from './problem.js';

const MAX_PARTS = 2000;

/** A kind of document that is such an archive. */
export interface ArchiveKind {
  readonly name: 'DOCX' | 'XLSX';
  /** Names of parts that no document needs here, and what they are. */
  readonly unsafe: readonly { readonly part: RegExp; readonly holds: string }[];
}

export interface Archive {
  readonly kind: ArchiveKind;
  readonly parts: ReadonlyMap<string, Entry>;
  /** Unpacked as it is read. */
  readonly open: (part: Entry) => Promise<AsyncIterable<Uint8Array>>;
  readonly close: () => void;
}

/** `source`: its bytes, or the path of a file, which is read part by part. Errors: `DocumentProblem`. */
export async function openArchive(source: Buffer | string, kind: ArchiveKind): Promise<Archive> {
  const archive = await opened(source, kind);
  const close = (): void => archive.close();
  try {
    const parts = await partsOf(archive, kind);
    return { kind, parts, open: (part) => archive.openReadStreamPromise(part), close };
  } catch (error) {
    close();
    throw error instanceof DocumentProblem ? error : notOfKind(kind);
  }
}

type Opened = Awaited<ReturnType<typeof fromBufferPromise>>;

async function opened(source: Buffer | string, kind: ArchiveKind): Promise<Opened> {
  try {
    return typeof source === 'string' ? await openPromise(source, { autoClose: false }) : await fromBufferPromise(source);
  } catch {
    throw notOfKind(kind);
  }
}

async function partsOf(archive: Opened, kind: ArchiveKind): Promise<ReadonlyMap<string, Entry>> {
  if (archive.entryCount > MAX_PARTS) throw tooLarge(`the archive has ${archive.entryCount} parts`, SMALLER[kind.name]);
  const parts = new Map<string, Entry>();
  for await (const entry of archive.eachEntry()) {
    const unsafePart = kind.unsafe.find(({ part }) => part.test(entry.fileName));
    if (unsafePart !== undefined) throw unsafe(kind, `it holds ${unsafePart.holds}`);
    parts.set(entry.fileName, entry);
  }
  return parts;
}

/** The part of this name, at most so many bytes once it is unpacked. Errors: `DocumentProblem`. */
export function partOf({ kind, parts }: Archive, name: string, most: number): Entry {
  const part = parts.get(name);
  if (part === undefined) throw notOfKind(kind);
  if (part.isEncrypted()) throw unsafe(kind, 'it is encrypted');
  if (part.uncompressedSize > most) throw tooLarge(`its text unpacks to ${part.uncompressedSize} bytes`, SMALLER[kind.name]);
  return part;
}

export function notOfKind({ name }: ArchiveKind): DocumentProblem {
  return new DocumentProblem('not-a-document', `it is no ${name} that can be read`, HINTS[name]);
}

const HINTS = {
  DOCX: 'Save it again as DOCX, or give its text.',
  XLSX: 'Save it again, or give the rows in a CSV.',
} as const;

export function unsafe({ name }: ArchiveKind, message: string): DocumentProblem {
  return new DocumentProblem('unsafe-document', message, `Save it as a plain ${name} without macros${MORE[name]} and password.`);
}

const SMALLER = {
  DOCX: 'Give the report alone, or its text.',
  XLSX: 'Leave out what is not needed, or give it in a CSV.',
} as const;
const MORE = { DOCX: '', XLSX: ', links to other files' } as const;
