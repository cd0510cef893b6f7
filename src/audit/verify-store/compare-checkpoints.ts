/**
 * Signed checkpoints against the tree that the log gives now: those of the log, the copies of them in the read store,
 * the last one this folder signed, and what an auditor kept elsewhere. They say more than any read store: a log that
 * was changed before its read store was built anew still contradicts them.
 */
import type Database from 'better-sqlite3';
import { membersOf, messageOf } from '../../encoding/unknown-values.js';
import { COSIGNED_TYPE } from '../../events/catalog.js';
import { parseCheckpoint, type Checkpoint } from '../../ledger/checkpoint.js';
import { openNote, parseNote, type VerifierKey } from '../../ledger/signed-note.js';
import { Roots } from '../../ledger/tiles.js';
import { storedTiles } from '../../read-models/ledger/ledger.js';
import type { ReadStore } from '../../read-models/read-store.js';
import { Cosignatures } from './compare-cosignatures.js';
import type { Findings, Place } from './findings.js';
import { TakenCheckpoints, type Taken } from './taken-checkpoints.js';
import { PAGE_EVENTS } from '../../log/pages.js';

/** A note from elsewhere, and what it is called in findings. */
export interface KeptNote {
  readonly name: string;
  readonly note: string;
}

export interface CheckpointComparison {
  readonly scratch: Database.Database;
  /** Leaves the log gives now, and events in its stream of checkpoints. */
  readonly size: number;
  readonly checkpoints: number;
  readonly store: ReadStore | null;
  readonly kept: readonly KeptNote[];
  /** Whose signatures are known; empty = none are checked. */
  readonly keys: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  readonly findings: Findings;
}

export interface CheckpointsFound {
  /** Signed checkpoints that are true of the log. */
  readonly held: number;
  /** The largest size of these that nothing speaks against: up to there the log is what was signed. */
  readonly trusted: number;
  /** Checkpoints that no known key signed, though a later one that is true of the same log was. */
  readonly unknownKeys: number;
  /** Lines of witnesses whose keys are not known. */
  readonly unknownWitnesses: number;
}

type Verdict = 'holds' | 'beyond' | 'differs';

/** A checkpoint of the log as it was read, and what is known of it. */
interface Read extends Checkpoint {
  readonly revision: number;
  /** What was signed. */
  readonly text: string;
  readonly verdict: Verdict;
  readonly signed: 'known' | 'unknown' | 'wrong' | 'unasked';
  readonly same: boolean;
}

/** A note from elsewhere as it was read. */
interface Kept extends Checkpoint {
  readonly name: string;
  readonly verdict: Verdict;
  /** The log has a checkpoint that says the same. */
  inLog: boolean;
}

/** An event of the stream of checkpoints. */
interface Row {
  readonly revision: number;
  readonly eventId: Buffer;
  readonly type: string;
  readonly data: string;
}

export function compareCheckpoints(comparison: CheckpointComparison): CheckpointsFound {
  const checker = new Checker(comparison);
  const kept = checker.kept();
  const found = checker.ofLog(kept);
  checker.gone();
  checker.report(kept, found.trusted);
  return found;
}

class Checker {
  readonly #parts: CheckpointComparison;
  readonly #roots: Roots;
  readonly #taken: TakenCheckpoints | null;
  readonly #cosignatures: Cosignatures;
  /** The checkpoint of most events that goes beyond the log. */
  #beyond: { readonly checkpoint: number | string; readonly size: number } | null = null;

  constructor(parts: CheckpointComparison) {
    this.#parts = parts;
    this.#roots = new Roots(storedTiles(parts.scratch));
    const { store, scratch, findings, witnesses } = parts;
    this.#taken = store === null ? null : new TakenCheckpoints(store, scratch, findings);
    this.#cosignatures = new Cosignatures({ scratch, findings, witnesses, taken: this.#taken });
  }

  /** Notes kept elsewhere that their keys do not deny. */
  kept(): Kept[] {
    return this.#parts.kept.flatMap(({ name, note }) => {
      const where = { checkpoint: name };
      const read = this.#parse(note, where);
      if (read === null || this.#signature(note, where) === 'wrong') return [];
      return [{ ...read, name, verdict: this.#verdict(read), inLog: false }];
    });
  }

  /** Checkpoints the read store took that the log has no more. */
  gone(): void {
    const { checkpoints, size, findings } = this.#parts;
    const gone = this.#taken?.gone(checkpoints) ?? [];
    const [first] = gone;
    if (first === undefined) return;
    findings.add(
      'checkpoint-removed',
      { checkpoint: first.revision },
      `检查点被删除 (${gone.length} checkpoints or signatures of witnesses that the read models took are gone)`,
    );
    for (const { revision, note } of gone) {
      const read = note === null ? null : this.#parse(note, { checkpoint: revision });
      if (read !== null && read.size > size) this.#reachesBeyond(revision, read.size);
    }
  }

  #reachesBeyond(checkpoint: number | string, size: number): void {
    if (size > (this.#beyond?.size ?? 0)) this.#beyond = { checkpoint, size };
  }

  /** What the log's own checkpoints say already is not said again of a note kept elsewhere. */
  report(kept: readonly Kept[], trusted: number): void {
    const { findings, size } = this.#parts;
    for (const { name: checkpoint, verdict, inLog, size: signed } of kept) {
      if (verdict === 'beyond') this.#reachesBeyond(checkpoint, signed);
      else if (verdict === 'differs' && !inLog) this.#contradicted({ checkpoint }, trusted < signed ? trusted : 0, signed, 1);
    }
    if (this.#beyond !== null)
      findings.add(
        'log-rolled-back',
        { checkpoint: this.#beyond.checkpoint, index: size, to: this.#beyond.size - 1 },
        `日志止于检查点之前 (a checkpoint of ${this.#beyond.size} events was signed; the log has ${size})`,
      );
  }

  ofLog(kept: readonly Kept[]): CheckpointsFound {
    let limit = Math.min(Number.POSITIVE_INFINITY, ...kept.filter(({ verdict }) => verdict === 'differs').map(({ size }) => size));
    const { findings } = this.#parts;
    let [held, unknown] = [0, 0];
    let origin: string | null = null;
    /** Sizes of those nothing speaks against. */
    const sizes: number[] = [];
    const contradicted: Pick<Read, 'revision' | 'size'>[] = [];
    /** Signed by no known key, and no later one yet that is. */
    let doubtful: Read[] = [];
    for (const row of this.#rows()) {
      const copy = this.#taken?.of(row.revision, row.eventId) ?? null;
      if (row.type === COSIGNED_TYPE) {
        const cosigned = this.#cosignatures.read(row.revision, row.data, copy, origin);
        const verdict = cosigned === null ? 'holds' : this.#verdict(cosigned);
        if (cosigned !== null && verdict === 'beyond') this.#reachesBeyond(row.revision, cosigned.size);
        if (cosigned !== null && verdict === 'differs') contradicted.push({ revision: row.revision, size: cosigned.size });
        continue;
      }
      const read = this.#read(row, copy);
      if (read === null) continue;
      for (const one of kept) one.inLog ||= one.size === read.size && one.root.equals(read.root);
      if (origin !== null && origin !== read.origin)
        findings.add(
          'checkpoint-changed',
          { checkpoint: read.revision },
          `检查点属于另一台账 (it is named ${read.origin}, those before ${origin})`,
        );
      origin ??= read.origin;
      this.#cosignatures.under(read.size, read.root, read.text);
      if (read.verdict !== 'holds') {
        // What its own signature denies says nothing of the log, nor does one that the read store took otherwise.
        if (read.signed !== 'wrong' && read.same) limit = Math.min(limit, read.size);
        if (read.verdict === 'beyond') this.#reachesBeyond(read.revision, read.size);
        else contradicted.push(read);
        continue;
      }
      held += 1;
      if (read.signed === 'unknown') doubtful.push(read);
      if (read.signed === 'known') {
        unknown += doubtful.length;
        doubtful = [];
      }
      if (read.same && (read.signed === 'known' || read.signed === 'unasked')) sizes.push(read.size);
    }
    for (const { revision } of doubtful)
      findings.add(
        'checkpoint-signature',
        { checkpoint: revision },
        '检查点不是由已知密钥签名 (no known key signed it, nor any checkpoint behind it)',
      );
    const trusted = largestBelow(limit, sizes);
    const [one] = contradicted;
    if (one !== undefined) this.#contradicted({ checkpoint: one.revision }, largestBelow(one.size, sizes), one.size, contradicted.length);
    return { held, trusted, unknownKeys: unknown, unknownWitnesses: this.#cosignatures.unknown };
  }

  #contradicted(where: Place, from: number, size: number, count: number): void {
    this.#parts.findings.add(
      'checkpoint-contradicted',
      { ...where, index: from, to: size - 1 },
      `日志与已签名的检查点不符: 改动在序号 ${from} 至 ${size - 1} 之间 (the log is not what was signed: it was changed between ${from} and ${size - 1}${count > 1 ? `; so say ${count} checkpoints` : ''})`,
    );
  }

  /** A page at a time: the scratch file is written to between them. */
  *#rows(): Generator<Row> {
    const page = this.#parts.scratch.prepare<unknown[], Row>(
      'SELECT revision, event_id AS eventId, type, data FROM checkpoints WHERE revision > ? ORDER BY revision LIMIT ?',
    );
    for (let after = -1; ;) {
      const rows = page.all(after, PAGE_EVENTS);
      yield* rows;
      if (rows.length < PAGE_EVENTS) return;
      after = rows.at(-1)?.revision ?? after;
    }
  }

  #read({ revision, data }: Row, taken: Taken | null): Read | null {
    const { note } = membersOf(JSON.parse(data));
    const where = { checkpoint: revision };
    const text = typeof note === 'string' ? note : '';
    const read = this.#parse(text, where);
    const signed = read === null ? 'unknown' : this.#signature(text, where);
    const copy = taken === null ? text : (taken.note ?? '');
    const same = copy === text || (signed === 'known' && !this.#isSigned(copy));
    if (!same) this.#parts.findings.add('checkpoint-changed', where, '检查点被改动 (it is not the one that the read models took)');
    return read === null ? null : { ...read, text: parseNote(text).text, revision, same, signed, verdict: this.#verdict(read) };
  }

  /**
   * A copy that no key vouches for, beside a checkpoint that one does, was changed itself: that is a matter of the read
   * store's rows.
   */
  #isSigned(note: string): boolean {
    try {
      openNote(note, this.#parts.keys);
      return true;
    } catch {
      return false;
    }
  }

  #parse(note: string, where: Place): Checkpoint | null {
    try {
      return parseCheckpoint(parseNote(note).text);
    } catch (error) {
      this.#parts.findings.add('checkpoint-unreadable', where, `检查点无法读取 (${messageOf(error)})`);
      return null;
    }
  }

  #signature(note: string, where: Place): Read['signed'] {
    const { keys, findings } = this.#parts;
    if (keys.length === 0) return 'unasked';
    const signers = parseNote(note).signatures;
    if (!signers.some((signer) => keys.some(({ name, id }) => name === signer.name && id === signer.id))) return 'unknown';
    try {
      openNote(note, keys);
      return 'known';
    } catch (error) {
      findings.add('checkpoint-signature', where, `检查点签名无效 (${messageOf(error)})`);
      return 'wrong';
    }
  }

  #verdict({ size, root }: Pick<Checkpoint, 'size' | 'root'>): Verdict {
    if (size > this.#parts.size) return 'beyond';
    return this.#roots.root(size).equals(root) ? 'holds' : 'differs';
  }
}

function largestBelow(limit: number, sizes: readonly number[]): number {
  return sizes.reduce((largest, size) => (size < limit && size > largest ? size : largest), 0);
}
