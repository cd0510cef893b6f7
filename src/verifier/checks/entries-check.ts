/**
 * Entries and events, chunk by chunk: every event is the one its entry says, every stream counts up from 0, nothing of
 * the part is missing, nothing that is not of it is there. What holds of entries holds of events: their digests are in
 * them.
 */
import { isObject, messageOf, sure } from '../../encoding/unknown-values.js';
import { Rows } from '../calculator/rows.js';
import { SeenIds } from '../calculator/seen-ids.js';
import { canonicalJson } from '../../encoding/canonical-json.js';
import type { Leaf } from '../../ledger/leaf.js';
import { leafHashHex } from '../../ledger/merkle.js';
import type { Findings } from '../findings.js';
import { writeEvent, type PackEvent } from '../format/layout.js';
import { isCount, isTime, UUID } from '../format/shapes.js';
import { AgenciesAbove, FROM_ABOVE, isUpToYear, parseStream, TableYears, type Cut } from '../streams.js';
import type { Tree } from '../tree.js';

/** Hears the events of the pack, each once, in the order of the ledger. */
export interface EventSink {
  /** `counts`: whether no other stream used its id before, in the pack or outside its part. */
  add(event: PackEvent, counts: boolean): void;
}

/**
 * Columns of a stream: its last revision; whether an entry of it is dated so that a cut by year takes it; the index of
 * the first entry whose event is not in the pack, and of the first whose event is, -1 = none. Revisions and indexes may
 * be any safe integer.
 */
const LAST = 0;
const UP_TO_YEAR = 1;
const FIRST_MISSING = 2;
const FIRST_PRESENT = 3;

const LEAF_KEYS = 'data,eventId,metadata,occurredAt,recordedAt,revision,stream,type,version';

export class EntriesCheck {
  readonly years = new TableYears();
  readonly above = new AgenciesAbove();
  readonly #findings: Findings;
  readonly #tree: Tree;
  readonly #cut: Cut | null;
  readonly #sinks: readonly EventSink[];
  /** The number of each stream, and what is known of it. */
  readonly #numbers = new Map<string, number>();
  readonly #streams = new Rows(Float64Array, 4);
  readonly #ids = new SeenIds();
  /** By index: the number of the entry's stream; -1 where it cannot be read. */
  readonly #streamAt = new Rows(Int32Array, 1);
  /** Of the entry taken last. */
  #counts = true;
  #events = 0;
  #lastTime = '';
  #latest = -Infinity;
  /** The chunk being read: its entries, the index of the first, and how many of them are dealt with. */
  #entries: readonly string[] = [];
  #from = 0;
  #done = 0;

  constructor(parts: { readonly findings: Findings; readonly tree: Tree; readonly cut: Cut | null; readonly sinks: readonly EventSink[] }) {
    this.#findings = parts.findings;
    this.#tree = parts.tree;
    this.#cut = parts.cut;
    this.#sinks = parts.sinks;
  }

  /** Events read so far. */
  get events(): number {
    return this.#events;
  }

  /** The latest time of recording, ms; -Infinity before the first. */
  get latest(): number {
    return this.#latest;
  }

  /** Begins a chunk. */
  begin(entries: readonly string[], member: string): void {
    if (entries.length === 0) this.#findings.error('entry-form', member, '空的条目文件 (a chunk of entries holds at least one)');
    this.#from = this.#tree.size;
    this.#entries = entries;
    this.#done = 0;
  }

  /** A line of the chunk's events. */
  event(line: string, member: string): void {
    const event = this.#parse(line, member);
    if (event === null) return;
    const at = event.index - this.#from;
    if (at < this.#done || at >= this.#entries.length) {
      this.#findings.error(
        'event-order',
        `${member}: event ${event.index}`,
        '事件不在应有的位置 (the event is not where its index belongs)',
      );
      return;
    }
    while (this.#done < at) this.#entryAlone();
    this.#withEvent(event);
  }

  /** Ends a chunk: what entries are left have no event. */
  end(): void {
    while (this.#done < this.#entries.length) this.#entryAlone();
    this.#entries = [];
  }

  #parse(line: string, member: string): PackEvent | null {
    try {
      const event: unknown = JSON.parse(line);
      if (isEvent(event) && this.#isCanonical(event, line)) return event;
      this.#findings.error('event-form', member, `不是规范的事件行 (a line that is no event in its canonical form): ${line.slice(0, 80)}`);
    } catch (error) {
      this.#findings.error('event-form', member, `事件行无法读取 (a line cannot be read): ${messageOf(error)}`);
    }
    return null;
  }

  /** Whether the line is the RFC 8785 text of what it says; leaves the entry it gives in `#written`. */
  #isCanonical(event: PackEvent, line: string): boolean {
    const { line: written, entry } = writeEvent({ ...event, id: event.eventId }, event.index);
    this.#written = entry;
    return written === line;
  }
  #written = '';

  #withEvent(event: PackEvent): void {
    const entry = sure(this.#entries[this.#done]);
    if (this.#written !== entry) {
      this.#findings.error(
        'entry-differs',
        `index ${event.index}`,
        `事件与账本条目不符 (event ${event.eventId} is not what its entry says)`,
      );
      this.#entryAlone();
      return;
    }
    this.#events += 1;
    const stream = this.#take(event, entry);
    if (stream === null) return;
    if (this.#streams.get(stream, FIRST_PRESENT) < 0) this.#streams.set(stream, FIRST_PRESENT, event.index);
    if (!isInItsStream(event))
      this.#findings.error(
        'stream-name',
        `index ${event.index}`,
        `事件不属于其流 (the event is ${event.type} of ${String(event.metadata['agency'])}, ${String(event.metadata['subject'])}; its stream is ${event.stream})`,
      );
    this.years.add(event);
    this.above.add(event);
    for (const sink of this.#sinks) sink.add(event, this.#counts);
  }

  /** The next entry, without its event. */
  #entryAlone(): void {
    const index = this.#from + this.#done;
    const entry = sure(this.#entries[this.#done]);
    let leaf: Leaf | null = null;
    try {
      const parsed: unknown = JSON.parse(entry);
      // Another text of the same would say two things to two readers.
      if (isLeaf(parsed) && canonicalJson(parsed) === entry) leaf = parsed;
    } catch {
      // said below
    }
    if (leaf === null)
      this.#findings.error('entry-form', `index ${index}`, '账本条目无法读取或不规范 (an entry that cannot be read, or is not canonical)');
    const stream = this.#take(leaf, entry);
    if (stream !== null && this.#streams.get(stream, FIRST_MISSING) < 0) this.#streams.set(stream, FIRST_MISSING, index);
  }

  /** An entry into the tree; the number of its stream, null where it says nothing that can be read. */
  #take(leaf: Pick<Leaf, 'stream' | 'revision' | 'eventId' | 'type' | 'occurredAt' | 'recordedAt'> | null, entry: string): number | null {
    const index = this.#from + this.#done;
    this.#done += 1;
    this.#tree.append(leafHashHex(entry));
    this.#streamAt.set(this.#streamAt.add(), 0, -1);
    if (leaf === null) return null;
    const stream = this.#stream(leaf.stream);
    const due = this.#streams.get(stream, LAST) + 1;
    if (leaf.revision !== due)
      this.#findings.error(
        'revision-gap',
        `index ${index}`,
        `流 ${leaf.stream} 的修订号应为 ${due}, 实为 ${leaf.revision} (revision ${leaf.revision} where ${due} should follow)`,
      );
    this.#streams.set(stream, LAST, leaf.revision);
    this.#dated(stream, leaf);
    this.#streamAt.set(index, 0, stream);
    const first = this.#ids.firstUser(leaf.eventId, index);
    this.#counts = this.#streamAt.get(first, 0) === stream;
    if (first !== index) this.#twice(leaf.eventId, index, this.#counts);
    this.#time(leaf.recordedAt, index);
    return stream;
  }

  #dated(number: number, { stream, occurredAt }: Pick<Leaf, 'stream' | 'occurredAt'>): void {
    const year = this.#cut?.year ?? null;
    if (year === null || this.#streams.get(number, UP_TO_YEAR) === 1) return;
    const name = parseStream(stream);
    if (name !== null && isUpToYear(name, occurredAt, year)) this.#streams.set(number, UP_TO_YEAR, 1);
  }

  #twice(eventId: string, index: number, sameStream: boolean): void {
    if (sameStream) this.#findings.error('duplicate-event', `index ${index}`, `同一事件出现两次 (event ${eventId} is in its stream twice)`);
    else
      this.#findings.warning(
        'id-reused-across-cases',
        `index ${index}`,
        `同一报文号用于两个事项 (the id of ${eventId} was used by another case before)`,
      );
  }

  #time(recordedAt: string, index: number): void {
    if (recordedAt === this.#lastTime) return;
    this.#lastTime = recordedAt;
    const time = Date.parse(recordedAt);
    if (!isTime(recordedAt))
      this.#findings.error('entry-form', `index ${index}`, '记录时间无法读取 (the time of recording cannot be read)');
    else if (time < this.#latest)
      this.#findings.warning('time-went-back', `index ${index}`, '记录时间早于前一事件 (recorded before the event before it)');
    else this.#latest = time;
  }

  #stream(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#streams.add();
    for (const column of [LAST, FIRST_MISSING, FIRST_PRESENT]) this.#streams.set(number, column, -1);
    this.#numbers.set(name, number);
    return number;
  }

  /** Behind the last chunk: whether the events are those of the part, all of them and no others. */
  checkPart(): void {
    const above = this.#cut?.agency == null ? new Set<string>() : this.above.of(this.#cut.agency);
    for (const [stream, number] of this.#numbers) {
      const belongs = this.#belongs(stream, this.#streams.get(number, UP_TO_YEAR) === 1, above);
      const [missing, present] = [this.#streams.get(number, FIRST_MISSING), this.#streams.get(number, FIRST_PRESENT)];
      if (belongs && missing >= 0)
        this.#findings.error('event-missing', `index ${missing}`, `流 ${stream} 缺少事件 (an event of ${stream} is not in the pack)`);
      if (!belongs && present >= 0)
        this.#findings.error('event-outside', `index ${present}`, `流 ${stream} 不属于此包 (${stream} is no part of this pack)`);
    }
  }

  #belongs(stream: string, upToYear: boolean, above: ReadonlySet<string>): boolean {
    const cut = this.#cut;
    if (cut === null) return true;
    const name = parseStream(stream);
    if (name === null) return false;
    if (cut.agency !== null && name.agency !== cut.agency) return FROM_ABOVE.has(name.kind) && above.has(name.agency);
    return cut.year === null || upToYear;
  }
}

/**
 * Whether an act stands in the stream of its agency and case, of the kind that its type names (`record.…` is of any
 * kind); what is no act, in the stream that holds such. Who is counted and what is part of a cut both follow from that
 * name.
 */
function isInItsStream({ type, stream, metadata: { agency, subject } }: PackEvent): boolean {
  const kind = type.slice(0, type.indexOf('.'));
  if (kind === 'refusal') return stream.startsWith('refusal-');
  if (typeof agency !== 'string' || !/^[a-z0-9-]{1,40}$/.test(agency)) return false;
  if (kind === 'access') return stream === `access-${agency}`;
  const slash = typeof subject === 'string' ? subject.indexOf('/') : -1;
  if (typeof subject !== 'string' || slash <= 0 || (kind !== 'record' && kind !== subject.slice(0, slash))) return false;
  return stream === `${subject.slice(0, slash)}-${agency}${subject.slice(slash)}`;
}

/** What an event and its entry have in common. */
function isRecorded(value: Record<string, unknown>): boolean {
  const { stream, revision, eventId, type, version, occurredAt, recordedAt } = value;
  const texts = [stream, type, recordedAt].every((text) => typeof text === 'string');
  const time = occurredAt === null || typeof occurredAt === 'string';
  return texts && time && isCount(revision) && isCount(version) && typeof eventId === 'string' && UUID.test(eventId);
}

function isEvent(value: unknown): value is PackEvent {
  return isObject(value) && isRecorded(value) && isCount(value['index']) && isObject(value['data']) && isObject(value['metadata']);
}

function isLeaf(value: unknown): value is Leaf {
  if (!isObject(value) || Object.keys(value).sort().join() !== LEAF_KEYS || !isRecorded(value)) return false;
  return [value['data'], value['metadata']].every((digest) => typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest));
}
