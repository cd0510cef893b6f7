/**
 * Imports in a child process that is killed with -9 at a random moment; the moments come from a seed, so that a run can
 * be told to another.
 */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from './cli.js';
import { hashOf, message, setUp, type Message } from './messages.js';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An agency without a chain and so many items, each drafted and released. */
export function manyPublications(items: number): Message[] {
  const acts = Array.from({ length: items }, (_, n) => {
    const subject = `publication/${n + 1}`;
    const contentHash = hashOf(`content ${n + 1}`);
    const day = `2017-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`;
    return [
      message('publication.drafted', subject, `${day}T09:00:00+08:00`, 'drafter', { title: `信息 ${n + 1}`, contentHash }),
      message('publication.released', subject, `${day}T10:00:00+08:00`, 'editor', {
        channel: n % 3 === 0 ? 'wechat' : 'website',
        contentHash,
      }),
    ];
  });
  return [...setUp(undefined, { chain: false }), ...acts.flat()];
}

/** Number of events another process has committed so far; 0 before there is a log. */
export function committed(folder: string): number {
  const file = join(folder, 'data/log.db');
  if (!existsSync(file)) return 0;
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, timeout: 0 });
    return (db.prepare('SELECT COUNT(*) FROM events').pluck().get() as number | undefined) ?? 0;
  } catch {
    // Its tables are being made, or the writer holds it for this moment.
    return 0;
  } finally {
    db?.close();
  }
}

export interface Killed {
  /** False when it had ended by itself before the kill. */
  readonly killed: boolean;
  /** Events committed just after it was dead. */
  readonly events: number;
}

/**
 * When to kill: so many ms after the log has grown by that many events since the start, or so many ms after the start
 * where `growth` is 0.
 */
export interface Moment {
  readonly growth: number;
  readonly andMs: number;
}

export async function importUntilKilled(folder: string, file: string, { growth, andMs }: Moment): Promise<Killed> {
  const before = committed(folder);
  const running = start(['import', file, '--json'], { folder });
  let ended = false;
  void running.finished.then(() => (ended = true));
  while (!ended && growth > 0 && committed(folder) < before + growth) await sleep(1);
  await sleep(andMs);
  running.child.kill('SIGKILL');
  const { signal } = await running.finished;
  return { killed: signal === 'SIGKILL', events: committed(folder) };
}
