/**
 * What a pack is made of: names of members in their order, the lines of events, bounds. docs/audit-pack.md is the
 * specification.
 */
import { canonicalJson } from '../../encoding/canonical-json.js';
import type { Leaf, LoggedEvent } from '../../ledger/leaf.js';
import { leafWith } from '../../ledger/leaf.js';
import type { RawEvent } from '../calculator/raw-event.js';
import type { Cut } from '../streams.js';

export const FORMAT = 'disclosure-pack/1';

/** The first ten bytes of the file: gzip without name and time, made by no system in particular (RFC 1952). */
export const GZIP_HEADER: Buffer = Buffer.from('1f8b08000000000000ff', 'hex');

/** `pack.json`. */
export interface PackHead {
  readonly format: string;
  /** Name of the ledger, as its checkpoints bear it; null where none was ever signed. */
  readonly origin: string | null;
  /** Number of entries. */
  readonly size: number;
  /** RFC 6962 root of the entries, base64. */
  readonly root: string;
  /** null = every event. */
  readonly cut: Cut | null;
  /** Version of the rules of counting. */
  readonly policy: string;
  /** Version of the built-in calendars. */
  readonly calendar: string;
}

/** What `members.json` says of each member before it. */
export interface MemberRecord {
  readonly name: string;
  readonly bytes: number;
  /** `sha256:` and the digest of its bytes. */
  readonly sha256: string;
  /** Number of lines of a member of lines; absent for others. */
  readonly lines?: number;
}

/**
 * Entries and events go side by side in chunks of at most so many entries, and of events until they have so many bytes.
 */
export const CHUNK_ENTRIES = 8192;
export const CHUNK_BYTES = 2 * 1024 * 1024;

/** Longest line, in bytes: an event as large as the log takes it, with room for how JSON writes it. */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
/** Largest member that is read as a whole, and largest one of lines. */
export const MAX_WHOLE_BYTES = 64 * 1024 * 1024;
export const MAX_LINES_BYTES = 256 * 1024 * 1024;
/** Most lines of a member: those of entries are held until their events come. */
export const MAX_LINES = 1_000_000;

/** The phases of a pack, in order. Within a phase names are in an order of their own: see the specification. */
export const PHASES = [
  'pack.json',
  'calendars.json',
  'rules.json',
  'forms/',
  'keys.json',
  'SPEC.md',
  'COUNTING.md',
  'verify.mjs',
  'entries/',
  'tile/',
  'checkpoints/',
  'tables/',
  'members.json',
] as const;
export type Phase = (typeof PHASES)[number];

/** The phase a member belongs to; null for a name no pack has. Chunks of events are of the phase of entries. */
export function phaseOf(name: string): Phase | null {
  if (name.startsWith('events/')) return 'entries/';
  return PHASES.find((phase) => (phase.endsWith('/') ? name.startsWith(phase) : name === phase)) ?? null;
}

export function chunkName(of: 'entries' | 'events' | 'checkpoints', chunk: number): string {
  return `${of}/${String(chunk).padStart(6, '0')}.ndjson`;
}

/** The views a table is in the pack as. */
export const TABLE_VIEWS = ['live', 'paper', 'published'] as const;
export type TableView = (typeof TABLE_VIEWS)[number];

export function tableName(agency: string, year: number, view: TableView): string {
  return `tables/${agency}/${year}/${view}.json`;
}

/** A stored event as a line of the pack has it: as the calculator takes it. */
export type PackEvent = RawEvent;

/** The line of an event and its entry, both RFC 8785 texts. Throws where the event holds what JSON has no text for. */
export function writeEvent(event: LoggedEvent, index: number): { readonly line: string; readonly entry: string } {
  const data = canonicalJson(event.data);
  const metadata = canonicalJson(event.metadata);
  const leaf = leafWith(event, data, metadata);
  return { line: lineOf(leaf, index, data, metadata), entry: canonicalJson(leaf) };
}

/** Names in the order of RFC 8785; texts of data and metadata are not written twice. */
function lineOf(
  { eventId, occurredAt, recordedAt, revision, stream, type, version }: Leaf,
  index: number,
  data: string,
  metadata: string,
): string {
  const rest = canonicalJson({ occurredAt, recordedAt, revision, stream, type, version }).slice(1);
  return `{"data":${data},"eventId":${canonicalJson(eventId)},"index":${index},"metadata":${metadata},${rest}`;
}

/** A signed checkpoint, or a cosignature of one, as a line of the pack has it. */
export interface CheckpointLine {
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  readonly version: number;
  readonly recordedAt: string;
  readonly data: Record<string, unknown>;
}
