/**
 * What witnesses signed, as the log has it: each line must be one that its key made under a signed checkpoint of the
 * same log. Anybody who can append may put a line there; only the key of the witness says whether it is one.
 */
import type Database from 'better-sqlite3';
import { membersOf, messageOf, sure } from '../../encoding/unknown-values.js';
import { checkpointText } from '../../ledger/checkpoint.js';
import { readCosigned, type Cosigned } from '../../ledger/cosigning.js';
import { isSignedBy, parseNote, type NoteSignature, type VerifierKey } from '../../ledger/signed-note.js';
import type { Findings } from './findings.js';
import type { Taken, TakenCheckpoints } from './taken-checkpoints.js';

const SCHEMA = `
  CREATE TABLE signed (size INTEGER NOT NULL, root BLOB NOT NULL, text TEXT NOT NULL, PRIMARY KEY (size, root)) WITHOUT ROWID;
  CREATE TABLE cosigned (size INTEGER NOT NULL, name TEXT NOT NULL, key_id TEXT NOT NULL, PRIMARY KEY (size, name, key_id)) WITHOUT ROWID;
`;

export interface CosignatureComparison {
  readonly scratch: Database.Database;
  readonly taken: TakenCheckpoints | null;
  readonly witnesses: readonly VerifierKey[];
  readonly findings: Findings;
}

/** A line and what its key says of it. */
interface Line extends NoteSignature {
  readonly line: string;
  readonly verdict: 'signed' | 'wrong' | 'unknown';
}

export class Cosignatures {
  /** Lines of which nobody here knows the key. */
  unknown = 0;
  readonly #parts: CosignatureComparison;
  readonly #sql: Record<'signed' | 'text' | 'first', Database.Statement<unknown[], string>>;

  constructor(parts: CosignatureComparison) {
    this.#parts = parts;
    parts.scratch.exec(SCHEMA);
    this.#sql = {
      signed: parts.scratch.prepare<unknown[], string>('INSERT OR IGNORE INTO signed VALUES (?, ?, ?)'),
      text: parts.scratch.prepare<unknown[], string>('SELECT text FROM signed WHERE size = ? AND root = ?').pluck(),
      first: parts.scratch.prepare<unknown[], string>('INSERT OR IGNORE INTO cosigned VALUES (?, ?, ?)'),
    };
  }

  /** A signed checkpoint, under which lines may follow. */
  under(size: number, root: Buffer, text: string): void {
    this.#sql.signed.run(size, root, text);
  }

  /**
   * What an event says was cosigned; null where it says nothing of the log: it cannot be read, or stands under no
   * checkpoint and no known key signed it. `origin`: of the checkpoints before it.
   */
  read(revision: number, data: string, copy: Taken | null, origin: string | null): Cosigned | null {
    const { findings } = this.#parts;
    const where = { checkpoint: revision };
    let cosigned: Cosigned;
    try {
      cosigned = readCosigned(membersOf(JSON.parse(data)));
    } catch (error) {
      findings.add('checkpoint-unreadable', where, `见证签名无法读取 (${messageOf(error)})`);
      return null;
    }
    const { size, root } = cosigned;
    const signed = this.#sql.text.get(size, root);
    const text = signed ?? (origin === null ? null : checkpointText({ origin, size, root }));
    const lines = this.#linesOf(cosigned, text);
    this.unknown += lines.filter(({ verdict }) => verdict === 'unknown').length;
    const wrong = lines.filter(({ verdict }) => verdict === 'wrong').map(({ name }) => name);
    if (signed === undefined)
      findings.add(
        'cosignature-forged',
        where,
        `见证签名没有对应的检查点 (no checkpoint of ${size} events and this root was signed before it)`,
      );
    else if (wrong.length > 0)
      findings.add('cosignature-forged', where, `见证签名无效 (the signature of ${wrong.join(', ')} does not verify)`);
    if (copy !== null && this.#differs(copy, cosigned, lines))
      findings.add('checkpoint-changed', where, '见证签名被改动 (it is not the one that the read models took)');
    return signed !== undefined || lines.some(({ verdict }) => verdict === 'signed') ? cosigned : null;
  }

  #linesOf({ cosignatures }: Cosigned, text: string | null): Line[] {
    return parseNote(`-\n\n${cosignatures.join('\n')}\n`).signatures.map((signature, at) => {
      const line = sure(cosignatures[at]);
      const key = this.#parts.witnesses.find(({ name, id }) => name === signature.name && id === signature.id);
      const verdict = key === undefined || text === null ? 'unknown' : isSignedBy(`${text}\n${line}\n`, key) ? 'signed' : 'wrong';
      return { ...signature, line, verdict };
    });
  }

  /**
   * A row that is gone, or another one where the log's line is known to be right, is a matter of the read store's rows.
   */
  #differs({ size, note }: Taken, cosigned: Cosigned, lines: readonly Line[]): boolean {
    // Of one key the first line for a size counts, and is what was taken.
    const first = lines.filter(({ name, id }) => this.#sql.first.run(cosigned.size, name, id).changes > 0);
    if (note !== null || (size !== null && size !== cosigned.size)) return true;
    return first.some(({ name, id, line, verdict }) => {
      const row = this.#parts.taken?.line(cosigned.size, name, id);
      return verdict !== 'signed' && row !== undefined && row !== line;
    });
  }
}
