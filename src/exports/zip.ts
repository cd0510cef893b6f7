/**
 * Archives whose every byte follows from what is in them: one clock for all entries, and a deflate written in
 * JavaScript, which packs alike on every machine and under every Node.
 */
import { strFromU8, strToU8, unzipSync, Zip, ZipDeflate } from 'fflate';

export interface ZipEntry {
  readonly name: string;
  /** UTF-8 text in pieces; none is kept. */
  readonly text: Iterable<string> | AsyncIterable<string>;
}

/** The first moment that an archive can say. Told in local time, as the format is written: in every zone the same. */
const CLOCK = new Date(1980, 0, 1);

/** Text is packed in pieces of about so many characters. */
const PIECE = 65_536;

/** The archive, as it is packed: what was handed out is not kept. */
export async function* zipped(entries: Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const packed: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    packed.push(chunk);
  });
  for (const { name, text } of entries) {
    const file = new ZipDeflate(name, { level: 6 });
    file.mtime = CLOCK;
    zip.add(file);
    for await (const piece of inPieces(text)) {
      file.push(strToU8(piece));
      yield* packed.splice(0);
    }
    file.push(new Uint8Array(0), true);
  }
  zip.end();
  yield* packed.splice(0);
}

async function* inPieces(text: ZipEntry['text']): AsyncGenerator<string> {
  let waiting = '';
  for await (const piece of text) {
    waiting += piece;
    if (waiting.length < PIECE) continue;
    yield waiting;
    waiting = '';
  }
  yield waiting;
}

/** The same archive with our clock, its texts as `change` makes them. */
export function* repacked(archive: Uint8Array, change: (name: string, text: string) => string): Generator<ZipEntry> {
  for (const [name, bytes] of Object.entries(unzipSync(archive))) yield { name, text: [change(name, strFromU8(bytes))] };
}
