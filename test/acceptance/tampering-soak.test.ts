/**
 * Random histories and random tampering with the log's file: nothing is thrown, and whatever leaves or a checkpoint can
 * show is found, and located there. `SOAK_HISTORIES=20` runs as many histories, each with every deed under every
 * circumstance.
 */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CheckpointService } from '../../src/signing/checkpoint-service.js';
import type { Verification } from '../../src/audit/verify-store/verify-store.js';
import { newFolder, openLedger, removeFolder } from '../read-models/open-ledger.js';
import { sendAll } from '../support/histories.js';
import { mixedHistory, mixedMessages } from '../support/mixed-histories.js';
import { LEDGER_KEY, signingIn, verifyFolder } from '../support/verify.js';
import { atRest } from '../support/until.js';

const HISTORIES = Number(process.env['SOAK_HISTORIES'] ?? 0);
const SEED = Number(process.env['SOAK_SEED'] ?? 1966);
const NOW = Date.parse('2030-01-01T00:00:00Z');

/** Events `from` to `to` of the ledger were touched; `shorter`: they, and whatever stood behind them, are gone. */
interface Touched {
  readonly from: number;
  readonly to: number;
  readonly shorter?: true;
}

/** An event of the ledger in the log's file. */
interface Stored {
  readonly position: number;
  readonly stream: number;
  readonly data: string;
}

type Pick = (limit: number) => number;
type Deed = (db: Database.Database, events: readonly Stored[], pick: Pick) => Touched;

const exec = (db: Database.Database, sql: string, ...values: unknown[]): unknown => db.prepare(sql).run(...values);

function cutOff(db: Database.Database, events: readonly Stored[], from: number): Touched {
  exec(db, 'DELETE FROM events WHERE position >= ?', events[from]?.position);
  return { from, to: events.length - 1, shorter: true };
}

const DEEDS: Readonly<Record<string, Deed>> = {
  'a byte changed': (db, events, pick) => {
    const from = pick(events.length);
    const { position, data } = events[from] as Stored;
    const bytes = Buffer.from(data);
    const at = pick(bytes.length);
    // Another letter in its place, whatever that makes of it.
    bytes.writeUInt8(bytes.readUInt8(at) === 0x41 ? 0x42 : 0x41, at);
    exec(db, 'UPDATE events SET data = ? WHERE position = ?', bytes.toString(), position);
    return { from, to: from };
  },
  deleted: (db, events, pick) => {
    const from = pick(events.length - 1);
    const to = Math.min(events.length - 2, from + pick(3));
    for (const { position } of events.slice(from, to + 1)) exec(db, 'DELETE FROM events WHERE position = ?', position);
    return { from, to };
  },
  inserted: (db, events, pick) => {
    const from = pick(events.length - 1);
    const { position } = events[from] as Stored;
    exec(db, 'UPDATE events SET position = -position - 1 WHERE position > ?', position);
    exec(db, 'UPDATE events SET position = -position WHERE position < 0');
    exec(db, "INSERT INTO streams (name) VALUES ('meeting-reviewing/forged')");
    exec(
      db,
      `INSERT INTO events (position, stream_id, revision, id, type, version, recorded_at, data, metadata)
         SELECT position + 1, (SELECT MAX(stream_id) FROM streams), 0, '00000000-0000-4000-8000-00000000000f', type, version, recorded_at, data, metadata
         FROM events WHERE position = ?`,
      position,
    );
    return { from: from + 1, to: from + 1 };
  },
  swapped: (db, events, pick) => {
    const from = pick(events.length - 1);
    const to = from + 1 + pick(events.length - from - 1);
    const [a, b] = [events[from]?.position, events[to]?.position];
    exec(db, 'UPDATE events SET position = -1 WHERE position = ?', a);
    exec(db, 'UPDATE events SET position = ? WHERE position = ?', a, b);
    exec(db, 'UPDATE events SET position = ? WHERE position = -1', b);
    return { from, to };
  },
  truncated: (db, events, pick) => cutOff(db, events, events.length - 1 - pick(Math.floor(events.length / 4))),
  'rolled back': (db, events, pick) => cutOff(db, events, 1 + pick(Math.floor(events.length / 2))),
  'a stream replaced': (db, events, pick) => {
    const { stream } = events[pick(events.length)] as Stored;
    exec(db, "UPDATE events SET metadata = json_set(metadata, '$.forged', 1) WHERE stream_id = ?", stream);
    const at = events.map((event, index) => (event.stream === stream ? index : -1)).filter((index) => index >= 0);
    return { from: Math.min(...at), to: Math.max(...at) };
  },
};

const READ_STORES = ['kept', 'built anew', 'gone'] as const;

/** A generator with a fixed seed. */
function randomOf(seed: number): Pick {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Two checkpoints, events between and behind them. Gives the size of the second. */
async function build(folder: string, messages: readonly unknown[]): Promise<number> {
  const ledger = openLedger(folder);
  const { log, store } = ledger;
  const keeper = new CheckpointService({ log, store, signer: signingIn(folder).signer, now: () => NOW });
  let before = 0;
  let signed = 0;
  for (const share of [0.5, 0.8, 1]) {
    const end = Math.floor(messages.length * share);
    await sendAll(ledger, messages.slice(before, end));
    before = end;
    await ledger.settled();
    if (share === 1) break;
    expect(await keeper.cut()).toBe('signed');
    signed = store.bookmarks()[0]?.index ?? -1;
    await ledger.settled();
  }
  await ledger.close();
  return signed + 1;
}

/** What the findings say of where: does one of them reach into the place that was touched? */
function reaches({ findings }: Verification, { from, to }: Touched): boolean {
  return findings.some(({ where: { index, to: last } }) => index !== undefined && index <= to && (last ?? index) >= from);
}

async function tamperAndVerify(
  clean: string,
  signed: number,
  { name, deed, readStore, last, seed }: { name: string; deed: Deed; readStore: (typeof READ_STORES)[number]; last: boolean; seed: number },
): Promise<void> {
  const folder = newFolder();
  try {
    cpSync(clean, folder, { recursive: true });
    const db = new Database(join(folder, 'log.db'));
    const checkpoints = "(SELECT stream_id FROM streams WHERE name = 'checkpoints')";
    const events = db
      .prepare(`SELECT position, stream_id AS stream, data FROM events WHERE stream_id <> ${checkpoints} ORDER BY position`)
      .all() as Stored[];
    const touched = db.transaction(() => deed(db, events, randomOf(seed)))();
    const lastSigned = db.prepare(`SELECT COUNT(*) FROM events WHERE stream_id = ${checkpoints}`).pluck().get() === 2;
    db.close();
    if (!last) rmSync(join(folder, 'last-checkpoint'));
    if (readStore !== 'kept') for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `read.db${suffix}`), { force: true });
    if (readStore === 'built anew') {
      const ledger = openLedger(folder, undefined, () => undefined);
      await atRest(ledger.runner);
      await ledger.close();
    }
    const found = await verifyFolder({ folder, keys: [LEDGER_KEY] });
    const shown = readStore === 'kept' || ((lastSigned || last) && touched.from < signed);
    const said = { name, readStore, last, seed, touched, signed, events: events.length, findings: found.findings };
    if (shown && found.holds) throw new Error(`not found: ${JSON.stringify(said)}`);
    if (shown && !reaches(found, touched)) throw new Error(`not located: ${JSON.stringify(said)}`);
  } finally {
    removeFolder(folder);
  }
}

test(
  'random tampering is found, and never crashes',
  async () => {
    // Random histories, tampered with at random: found where leaves or a checkpoint can show it, and never a crash.
    const pick = randomOf(SEED);
    for (const steps of fc.sample(mixedHistory, { seed: SEED, numRuns: Math.max(1, HISTORIES) })) {
      const clean = newFolder();
      try {
        const signed = await build(clean, mixedMessages(steps));
        expect((await verifyFolder({ folder: clean, keys: [LEDGER_KEY] })).findings).toEqual([]);
        for (const [name, deed] of Object.entries(DEEDS)) {
          const all = READ_STORES.flatMap((readStore) => [true, false].map((last) => ({ readStore, last })));
          const some = HISTORIES > 0 ? all : [all[pick(2)], all[2 + pick(4)]].filter((one) => one !== undefined);
          for (const one of some) await tamperAndVerify(clean, signed, { name, deed, ...one, seed: pick(2 ** 31) });
        }
      } finally {
        removeFolder(clean);
      }
    }
  },
  60_000 + 120_000 * HISTORIES,
);
