/**
 * Writes the history into a pack (docs/audit-pack.md): everything up to the last signed checkpoint. The log is read
 * once, in order, beside whoever writes it; what is recorded meanwhile is behind the end. The tree is built of what was
 * read and compared with the one of the read models: a log that was changed behind them gives no pack.
 */
import { sure } from '../../encoding/unknown-values.js';
import { CHECKPOINT_STREAM, CHECKPOINT_TYPE } from '../../events/catalog.js';
import { canonicalJson } from '../../encoding/canonical-json.js';
import { parseCheckpoint, type Checkpoint } from '../../ledger/checkpoint.js';
import { leafHashHex, rootOf } from '../../ledger/merkle.js';
import { formatVerifierKey, parseNote, type VerifierKey } from '../../ledger/signed-note.js';
import { readerOfTiles, tilePath, tilesOf } from '../../ledger/tiles.js';
import type { EventLog, StoredEvent } from '../../log/event-log.js';
import { storedTiles } from '../../read-models/ledger/ledger.js';
import type { ReadStore } from '../../read-models/read-store.js';
import { POLICY } from '../../statistics/measures.js';
import { CHINA_CALENDAR } from '../../calendars/china.js';
import {
  chunkName,
  CHUNK_BYTES,
  CHUNK_ENTRIES,
  FORMAT,
  TABLE_VIEWS,
  tableName,
  writeEvent,
  type PackHead,
} from '../../verifier/format/layout.js';
import { TableYears, type Cut } from '../../verifier/streams.js';
import { Tree } from '../../verifier/tree.js';
import { QueryProblem } from '../../read-models/query-problem.js';
import type { PlainTable, TableQuestion } from '../../tables/table.js';
import type { TableReader } from '../../tables/table-reader.js';
import { packCalendars, packForms, packRules } from './contents.js';
import { LineBytes } from './line-bytes.js';
import { PackWriter } from './pack-writer.js';
import { partOf, type Part } from './part.js';
import { FEW_EVENTS, streamPages, logPages } from '../../log/pages.js';

export interface ExportParts {
  readonly log: EventLog;
  readonly store: ReadStore;
  readonly tables: TableReader;
}

export interface ExportRequest {
  readonly file: string;
  readonly cut: Cut | null;
  /** Up to the last event the read models hold, not only to the last signed checkpoint. */
  readonly toEnd: boolean;
  /** Keys the exporter believes to be the ledger's and its witnesses'. */
  readonly keys: { readonly ledger: readonly VerifierKey[]; readonly witnesses: readonly VerifierKey[] };
  /** Members that are files: the specification and the verifier. */
  readonly files: Readonly<Record<'SPEC.md' | 'COUNTING.md' | 'verify.mjs', Buffer>>;
  /** Hears how far it has come: entries of how many. */
  readonly progress?: (entries: number, of: number) => void;
}

export interface Exported {
  readonly file: string;
  readonly bytes: number;
  readonly format: string;
  readonly origin: string | null;
  readonly size: number;
  readonly root: string;
  readonly cut: Cut | null;
  readonly events: number;
  readonly tables: number;
  /** Size of the last signed checkpoint; null where there is none. */
  readonly signed: number | null;
}

/** Checkpoints in a member of them. */
const CHECKPOINTS = 10_000;

/**
 * Errors: `QueryProblem` (`read-model-stopped`, `unknown-agency`, `no-such-cut`, `ledger-differs`), `StoreUnavailable`,
 * those of the file system.
 */
export async function exportPack(parts: ExportParts, request: ExportRequest): Promise<Exported> {
  return new PackExport(parts, request).run();
}

class PackExport {
  readonly #parts: ExportParts;
  readonly #request: ExportRequest;
  readonly #tree = new Tree();
  readonly #years = new TableYears();
  #events = 0;
  #tables = 0;

  constructor(parts: ExportParts, request: ExportRequest) {
    this.#parts = parts;
    this.#request = request;
  }

  async run(): Promise<Exported> {
    const { file, cut } = this.#request;
    const last = await this.#lastCheckpoint();
    const head = this.#head(last);
    const part = partOf(this.#parts.store.db, cut, head.size);
    const writer = new PackWriter(file);
    try {
      await this.#writeFixed(writer, head);
      await this.#writeHistory(writer, head, part);
      await this.#writeTiles(writer);
      await this.#writeCheckpoints(writer, head.size);
      await this.#writeTables(writer, head);
      const bytes = await writer.finish();
      const { format, origin, size, root } = head;
      return { file, bytes, format, origin, size, root, cut, events: this.#events, tables: this.#tables, signed: last?.size ?? null };
    } catch (error) {
      await writer.abandon();
      throw error;
    }
  }

  /** The last one signed, whoever signed it; null where none was. */
  async #lastCheckpoint(): Promise<Checkpoint | null> {
    let last: Checkpoint | null = null;
    for await (const { type, data } of this.#checkpoints())
      if (type === CHECKPOINT_TYPE) last = parseCheckpoint(parseNote(String(data['note'])).text);
    return last;
  }

  async *#checkpoints(): AsyncGenerator<StoredEvent> {
    for await (const page of streamPages(this.#parts.log, CHECKPOINT_STREAM)) yield* page;
  }

  #head(last: Checkpoint | null): PackHead {
    const { db } = this.#parts.store;
    return db.transaction((): PackHead => {
      const marks = this.#parts.store.bookmarks();
      const stopped = marks.find((mark) => mark.stopped !== null);
      if (stopped?.stopped != null)
        throw new QueryProblem(
          'read-model-stopped',
          `${stopped.name} stands still at event ${stopped.stopped.eventId}: ${stopped.stopped.why}.`,
          'What a pack says of figures and proofs would be wrong: have an operator look, or run verify.',
        );
      const held = Math.min(...marks.map(({ index }) => index)) + 1;
      const size = this.#request.toEnd || last === null ? held : last.size;
      if (size > held) throw new QueryProblem('not-reached', 'The ledger is being built.', 'Ask again.');
      const root = rootOf(size, readerOfTiles(storedTiles(db))).toString('base64');
      return { format: FORMAT, origin: last?.origin ?? null, size, root, cut: this.#request.cut, policy: POLICY, calendar: CHINA_CALENDAR };
    })();
  }

  async #writeFixed(writer: PackWriter, head: PackHead): Promise<void> {
    const { keys, files } = this.#request;
    await writer.addJson('pack.json', head);
    await writer.addJson('calendars.json', packCalendars());
    await writer.addJson('rules.json', packRules());
    for (const { name, form } of packForms()) await writer.addJson(name, form);
    await writer.addJson('keys.json', { ledger: keys.ledger.map(formatVerifierKey), witnesses: keys.witnesses.map(formatVerifierKey) });
    for (const name of ['SPEC.md', 'COUNTING.md', 'verify.mjs'] as const) await writer.add(name, files[name]);
  }

  async #writeHistory(writer: PackWriter, head: PackHead, part: Part): Promise<void> {
    const [entries, lines] = [new LineBytes(), new LineBytes()];
    let [bytes, chunk] = [0, 0];
    const flush = async (): Promise<void> => {
      await writer.addLines(chunkName('entries', chunk), entries.take());
      await writer.addLines(chunkName('events', chunk), lines.take());
      [bytes, chunk] = [0, chunk + 1];
      this.#request.progress?.(this.#tree.size, head.size);
    };
    for await (const stored of this.#history(head.size)) {
      const { line, entry } = writeEvent(stored, this.#tree.size);
      this.#tree.append(leafHashHex(entry));
      entries.add(entry);
      if (part(stored.stream)) {
        const at = stored.metadata['at'];
        this.#years.add({ ...stored, occurredAt: typeof at === 'string' ? at : null });
        lines.add(line);
        bytes += line.length;
        this.#events += 1;
      }
      if (entries.lines >= CHUNK_ENTRIES || bytes >= CHUNK_BYTES) await flush();
    }
    if (entries.lines > 0) await flush();
    const root = this.#tree.root().toString('base64');
    if (root !== head.root)
      throw new QueryProblem(
        'ledger-differs',
        `The log is not the one the ledger was built from: the root of ${head.size} events is ${root}, and was ${head.root}.`,
        'Run verify on the store: it names the events that were changed.',
      );
  }

  /** The first `size` events of the ledger. */
  async *#history(size: number): AsyncGenerator<StoredEvent> {
    let read = 0;
    for await (const page of logPages(this.#parts.log, null, FEW_EVENTS))
      for (const stored of page) {
        if (stored.stream === CHECKPOINT_STREAM) continue;
        if (read === size) return;
        read += 1;
        yield stored;
      }
    if (read < size)
      throw new QueryProblem(
        'ledger-differs',
        `The log ends behind ${read} of ${size} events.`,
        'Run verify on the store: it says what is missing.',
      );
  }

  async #writeTiles(writer: PackWriter): Promise<void> {
    for (const tile of tilesOf(this.#tree.size)) await writer.add(tilePath(tile), sure(this.#tree.tile(tile)));
  }

  /** All that speak of no more entries than the pack has. */
  async #writeCheckpoints(writer: PackWriter, size: number): Promise<void> {
    const lines = new LineBytes();
    let chunk = 0;
    for await (const { revision, id, type, version, recordedAt, data } of this.#checkpoints()) {
      const of = type === CHECKPOINT_TYPE ? parseCheckpoint(parseNote(String(data['note'])).text).size : data['size'];
      if (typeof of !== 'number' || of > size) break;
      lines.add(canonicalJson({ revision, eventId: id, type, version, recordedAt, data }));
      if (lines.lines < CHECKPOINTS) continue;
      await writer.addLines(chunkName('checkpoints', chunk), lines.take());
      chunk += 1;
    }
    if (lines.lines > 0) await writer.addLines(chunkName('checkpoints', chunk), lines.take());
  }

  async #writeTables(writer: PackWriter, head: PackHead): Promise<void> {
    if (head.size === 0) return;
    const years = this.#years.list(this.#request.cut ?? { agency: null, year: null });
    const names = years.flatMap((of) => TABLE_VIEWS.map((view) => ({ ...of, view, name: tableName(of.agency, of.year, view) })));
    // In the order of their names.
    for (const { agency, year, view, name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const table = this.#table({ agency, year, view, asOf: `index:${head.size - 1}` });
      if (table === null) continue;
      await writer.addJson(name, portable(table));
      this.#tables += 1;
    }
  }

  /** null where there is no such table: no form serves the year, nothing was declared, nothing published. */
  #table(question: TableQuestion): PlainTable | null {
    try {
      return this.#parts.tables.plain(question, 'any').table;
    } catch (error) {
      if (error instanceof QueryProblem && NO_TABLE.has(error.code)) return null;
      throw error;
    }
  }
}

const NO_TABLE: ReadonlySet<string> = new Set(['unknown-form', 'no-paper-table', 'no-published-table', 'bad-year', 'unknown-agency']);

/** Without what belongs to one store. */
function portable({ asOf: { index, recordedAt }, ...table }: PlainTable): unknown {
  return { ...table, asOf: { index, recordedAt } };
}
