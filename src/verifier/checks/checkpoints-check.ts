/**
 * Checkpoints and cosignatures: every one is true of this very tree; who signed the last, and which witnesses, decides
 * what the pack proves.
 */
import { isObject, messageOf } from '../../encoding/unknown-values.js';
import { parseCheckpoint, type Checkpoint } from '../../ledger/checkpoint.js';
import { fromBase64, openNoteBy, parseNote, type ClaimCheck, type VerifierKey } from '../../ledger/signed-note.js';
import { canonicalJson } from '../../encoding/canonical-json.js';
import { SeenIds } from '../calculator/seen-ids.js';
import type { Findings } from '../findings.js';
import type { CheckpointLine } from '../format/layout.js';
import { hasExactly, isCount, isTime, UUID } from '../format/shapes.js';
import type { Tree } from '../tree.js';

export interface Keys {
  /** Of the ledger, and of witnesses. */
  readonly ledger: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
}

export interface Signed {
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Keys that signed it, `name+id`. */
  readonly by: readonly string[];
  readonly cosignedBy: readonly string[];
}

interface Seen {
  readonly checkpoint: Checkpoint;
  readonly text: string;
  readonly by: ReadonlySet<string>;
  readonly witnesses: Set<string>;
}

/** So many checkpoints wait for their cosignatures. */
const RECENT = 4096;

const nameOf = ({ name, id }: VerifierKey): string => `${name}+${id}`;

export class CheckpointsCheck {
  readonly #findings: Findings;
  readonly #tree: Tree;
  readonly #origin: string | null;
  readonly #keys: Keys;
  readonly #holds: ClaimCheck;
  #count = 0;
  #revision = -1;
  /** The last checkpoint, the last that a known key signed, and the largest that enough witnesses cosigned. */
  #last: Seen | null = null;
  #lastSigned: Seen | null = null;
  #lastWitnessed: Seen | null = null;
  readonly #minWitnesses: number;
  /** The last checkpoints by their size: witnesses may have answered when others were signed already. */
  readonly #recent = new Map<number, Seen>();
  #unknownSigner = 0;
  readonly #ids = new SeenIds();

  constructor(parts: {
    readonly findings: Findings;
    readonly tree: Tree;
    readonly origin: string | null;
    readonly keys: Keys;
    readonly minWitnesses: number;
    readonly holds: ClaimCheck;
  }) {
    this.#findings = parts.findings;
    this.#tree = parts.tree;
    this.#origin = parts.origin;
    // A key signs for the ledger whose name it bears.
    this.#keys = { ...parts.keys, ledger: parts.keys.ledger.filter(({ name }) => name === parts.origin) };
    this.#minWitnesses = parts.minWitnesses;
    this.#holds = parts.holds;
  }

  /** Signed checkpoints seen. */
  get count(): number {
    return this.#count;
  }

  /** Checkpoints that no known key signed. */
  get unknownSigner(): number {
    return this.#unknownSigner;
  }

  get lastSigned(): Signed | null {
    return this.#lastSigned === null ? null : describe(this.#lastSigned);
  }

  get lastWitnessed(): Signed | null {
    return this.#lastWitnessed === null ? null : describe(this.#lastWitnessed);
  }

  /** The size of the last checkpoint, whoever signed it; 0 before the first. */
  get lastSize(): number {
    return this.#last?.checkpoint.size ?? 0;
  }

  async line(text: string, member: string): Promise<void> {
    let line: CheckpointLine;
    try {
      const read: unknown = JSON.parse(text);
      if (canonicalJson(read) !== text) throw new Error('not in canonical form');
      if (!isLine(read)) throw new Error('not the names and values of such a line');
      line = read;
    } catch (error) {
      this.#findings.error('checkpoint-form', member, `检查点无法读取 (a checkpoint cannot be read): ${messageOf(error)}`);
      return;
    }
    const where = `checkpoint ${String(line.revision)}`;
    if (line.revision !== this.#revision + 1)
      this.#findings.error('checkpoint-gap', where, `检查点流不连续 (${this.#revision + 1} should follow in the stream of checkpoints)`);
    this.#revision = line.revision;
    try {
      if (this.#ids.firstUser(line.eventId, line.revision) !== line.revision)
        this.#findings.error('duplicate-event', where, `同一事件出现两次 (event ${line.eventId} is there twice)`);
      if (line.type === 'checkpoint.signed') await this.#signed(line.data, where);
      else await this.#cosigned(line.data, where);
    } catch (error) {
      this.#findings.error('checkpoint-form', where, `检查点无法读取 (the note cannot be read): ${messageOf(error)}`);
    }
  }

  async #signed(data: Readonly<Record<string, unknown>>, where: string): Promise<void> {
    const { note } = data;
    if (!hasExactly(data, ['note']) || typeof note !== 'string') throw new Error('its data are a note, and nothing else');
    const { text, signatures } = parseNote(note);
    const checkpoint = parseCheckpoint(text);
    this.#count += 1;
    if (checkpoint.origin !== this.#origin)
      this.#findings.error(
        'checkpoint-origin',
        where,
        `检查点属于另一账本 (a checkpoint of ${checkpoint.origin}, not of ${String(this.#origin)})`,
      );
    if (checkpoint.size < (this.#last?.checkpoint.size ?? 0))
      this.#findings.error('checkpoint-order', where, '检查点小于前一个 (smaller than the checkpoint before it)');
    this.#isTrue(checkpoint, where);
    const known = (keys: readonly VerifierKey[]): boolean =>
      signatures.some((signature) => keys.some(({ name, id }) => name === signature.name && id === signature.id));
    const by = known(this.#keys.ledger) ? await this.#verify(note, this.#keys.ledger, where) : [];
    const witnesses = known(this.#keys.witnesses) ? await this.#verify(note, this.#keys.witnesses, where) : [];
    const cosigned = this.#recent.get(checkpoint.size);
    const earlier = cosigned?.text === text ? cosigned.witnesses : [];
    const seen: Seen = { checkpoint, text, by: new Set(by), witnesses: new Set([...earlier, ...witnesses]) };
    this.#last = seen;
    this.#recent.set(checkpoint.size, seen);
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined && this.#recent.size > RECENT) this.#recent.delete(oldest);
    if (by.length > 0) this.#lastSigned = seen;
    else this.#unknownSigner += 1;
    this.#noteWitnessed(seen);
  }

  #isTrue({ size, root }: { readonly size: number; readonly root: Buffer }, where: string): void {
    if (size > this.#tree.size)
      this.#findings.error('checkpoint-size', where, `检查点超出账本 (of ${size} entries, the pack has ${this.#tree.size})`);
    else if (!this.#tree.root(size).equals(root))
      this.#findings.error('checkpoint-root', where, `检查点的根与账本不符 (the root of ${size} entries is another than the one signed)`);
  }

  async #verify(note: string, keys: readonly VerifierKey[], where: string): Promise<string[]> {
    try {
      return (await openNoteBy(note, keys, this.#holds)).by.map(({ key }) => nameOf(key));
    } catch (error) {
      this.#findings.error('checkpoint-signature', where, `签名无效 (${messageOf(error)})`);
      return [];
    }
  }

  /** Lines of witnesses under the checkpoint of that size. */
  async #cosigned(data: Readonly<Record<string, unknown>>, where: string): Promise<void> {
    const { size, root: encoded, cosignatures: lines } = data;
    const root = typeof encoded === 'string' ? fromBase64(encoded) : null;
    if (!Number.isSafeInteger(size) || typeof size !== 'number' || size < 0 || root === null || !Array.isArray(lines))
      throw new Error('no cosignature');
    if (!hasExactly(data, ['size', 'root', 'cosignatures']) || lines.length === 0) throw new Error('no cosignature');
    this.#isTrue({ size, root }, where);
    const of = this.#recent.get(size);
    if (of === undefined) {
      // Of more than are remembered it may be one of those forgotten.
      if (this.#count <= RECENT)
        this.#findings.error('checkpoint-order', where, `其前没有该大小的检查点 (no checkpoint before it is of ${size} entries)`);
      return;
    }
    const note = `${of.text}\n${lines.map((line) => `${String(line)}\n`).join('')}`;
    const { signatures } = parseNote(note);
    const known = signatures.some((signature) =>
      this.#keys.witnesses.some(({ name, id }) => name === signature.name && id === signature.id),
    );
    if (!known) return;
    for (const witness of await this.#verify(note, this.#keys.witnesses, where)) of.witnesses.add(witness);
    this.#noteWitnessed(of);
  }

  #noteWitnessed(seen: Seen): void {
    if (seen.witnesses.size < Math.max(1, this.#minWitnesses)) return;
    if (seen.checkpoint.size >= (this.#lastWitnessed?.checkpoint.size ?? 0)) this.#lastWitnessed = seen;
  }
}

const TYPES: readonly unknown[] = ['checkpoint.signed', 'checkpoint.cosigned'];
const NAMES = ['revision', 'eventId', 'type', 'version', 'recordedAt', 'data'] as const satisfies readonly (keyof CheckpointLine)[];

function isLine(value: unknown): value is CheckpointLine {
  if (!hasExactly(value, NAMES)) return false;
  const { revision, eventId, type, version, recordedAt, data } = value;
  if (!isCount(revision) || version !== 1 || !TYPES.includes(type)) return false;
  if (typeof eventId !== 'string' || !UUID.test(eventId)) return false;
  return isTime(recordedAt) && isObject(data);
}

function describe({ checkpoint, by, witnesses }: Seen): Signed {
  return { size: checkpoint.size, root: checkpoint.root.toString('base64'), by: [...by], cosignedBy: [...witnesses] };
}
