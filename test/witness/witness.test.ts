/**
 * A witness never signs two histories of one ledger. Each rule of the specification, random requests honest and forged,
 * and a state that is damaged, lost or put back; what it signs is read by the other implementation.
 */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { copyFileSync, renameSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatAddCheckpoint } from '../../src/ledger/cosigning.js';
import { addSignature, formatVerifierKey, generateSignerKey, parseVerifierKey, type SignerKey } from '../../src/ledger/signed-note.js';
import { StateBusy, StateDamaged, WitnessState } from '../../src/witness/state.js';
import { Witness, type Answer } from '../../src/witness/witness.js';
import { mth, readVkey, signedLine, verifies } from '../ledger/c2sp.js';
import { forkOf, leafOf, noteOf, proofOf, requestOf } from './histories.js';
import { budget } from '../support/budget.js';

const ORIGIN = 'ledger.example/disclosure';
const NOW = Date.parse('2026-03-01T09:00:00+08:00');
const log = generateSignerKey(ORIGIN);
const own = generateSignerKey('witness.example/w1', 'cosignature');
const vkey = readVkey(formatVerifierKey(own));
const trunk = Array.from({ length: 70 }, (_, index) => leafOf(`trunk ${index}`));
const root = (size: number): string => mth(trunk.slice(0, size)).toString('base64');

let folder: string;
let file: string;
let state: WitnessState;
let clock: number;

const open = (keys: readonly SignerKey[] = [own]): WitnessState => (state = new WitnessState(file, keys));
const witnessOf = (keys: readonly SignerKey[] = [own], logs: readonly SignerKey[] = [log]): Witness =>
  new Witness({ state, keys, logs, now: () => clock });
const ask = (witness: Witness, body: string | Buffer): Answer => witness.addCheckpoint(Buffer.from(body));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-witness-'));
  file = join(folder, 'witness.db');
  clock = NOW;
  open();
});

afterEach(() => {
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('as the specification has it', () => {
  test('what continues the signed history is signed', () => {
    // What continues what was signed before is signed, by the other implementation’s reckoning too.
    const witness = witnessOf();
    for (const [old, size] of [
      [0, 0],
      [0, 3],
      [3, 3],
      [3, 64],
      [64, 70],
    ] as const) {
      const answer = ask(witness, requestOf(trunk, old, size, log));
      expect([old, size, answer.status]).toEqual([old, size, 200]);
      expect(answer.body).toMatch(/^— witness\.example\/w1 \S+\n$/);
      expect(verifies(noteOf(trunk, size, log) + answer.body, vkey)).toBe(true);
    }
  });

  test.each<[number, string, () => string | Buffer]>([
    [400, 'no request', () => 'nonsense'],
    [400, 'bytes that are no UTF-8', () => Buffer.from([0xff, 0xfe, 0x0a, 0x0a])],
    [400, 'a request without a checkpoint', () => 'old 10\n\n'],
    [400, 'a checkpoint with a line that is no signature', () => `old 10\n\n${ORIGIN}\n10\n${root(10)}\n\nsigned\n`],
    [403, 'a checkpoint without a signature', () => `old 10\n\n${ORIGIN}\n10\n${root(10)}\n`],
    [403, 'a checkpoint that ends where signatures begin', () => `old 10\n\n${ORIGIN}\n10\n${root(10)}\n\n`],
    [404, 'a checkpoint without a signature of a ledger it does not know', () => `old 10\n\nother.example\n10\n${root(10)}\n`],
    [400, 'an old size above the new one', () => requestOf(trunk, 11, 10, log)],
    [404, 'a ledger it does not know', () => requestOf(trunk, 0, 10, generateSignerKey('other.example'))],
    [403, 'a stranger who bears the ledger’s name', () => requestOf(trunk, 10, 20, generateSignerKey(ORIGIN))],
    [403, 'a known key that signed something else', () => requestOf(trunk, 10, 20, log).replace('\n20\n', '\n21\n')],
    [409, 'an old size that it did not sign', () => requestOf(trunk, 5, 20, log)],
    [409, 'a ledger that begins anew', () => requestOf(trunk, 0, 20, log)],
    [422, 'a proof of another history', () => requestOf(forkOf(trunk, 4, 'fork'), 10, 20, log)],
    [422, 'another root of the same size', () => requestOf(forkOf(trunk, 4, 'fork'), 10, 10, log)],
    [422, 'no proof', () => formatAddCheckpoint({ old: 10, proof: [], checkpoint: noteOf(trunk, 20, log) })],
    [422, 'a proof where none is needed', () => formatAddCheckpoint({ old: 10, proof: [leafOf('x')], checkpoint: noteOf(trunk, 10, log) })],
    [
      422,
      'a proof too long',
      () => formatAddCheckpoint({ old: 10, proof: [...proofOf(trunk, 10, 20), leafOf('x')], checkpoint: noteOf(trunk, 20, log) }),
    ],
  ])('%i for %s; nothing is signed', (status, _what, body) => {
    const witness = witnessOf();
    expect(ask(witness, requestOf(trunk, 0, 10, log)).status).toBe(200);
    const before = state.all();
    const answer = ask(witness, body());
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('—');
    expect(state.all()).toEqual(before);
    if (status === 409) expect(answer).toEqual({ status: 409, type: 'text/x.tlog.size', body: '10\n' });
  });

  test('a false first checkpoint is not signed', () => {
    // A first checkpoint with a proof, and a false one of nothing, are not signed.
    const witness = witnessOf();
    expect(ask(witness, formatAddCheckpoint({ old: 0, proof: [leafOf('x')], checkpoint: noteOf(trunk, 2, log) })).status).toBe(422);
    const text = `${ORIGIN}\n0\n${leafOf('x').toString('base64')}\n`;
    const { line, vkey: other } = signedLine(text, ORIGIN, Buffer.alloc(32, 7));
    const foreign = new Witness({ state, keys: [own], logs: [parseVerifierKey(other)], now: () => clock });
    expect(ask(foreign, `old 0\n\n${text}\n${line}`).status).toBe(422);
    expect(state.all()).toEqual([]);
  });

  test('strangers’ lines are passed over, not handed on', () => {
    const noted = addSignature(addSignature(noteOf(trunk, 5, log), generateSignerKey('else.example'), NOW), generateSignerKey(ORIGIN), NOW);
    const answer = ask(witnessOf(), formatAddCheckpoint({ old: 0, proof: [], checkpoint: noted }));
    expect(answer.status).toBe(200);
    expect(state.last(ORIGIN)?.note).toBe(noteOf(trunk, 5, log) + answer.body);
  });

  test('its last checkpoint reads under the origin’s hash', () => {
    const witness = witnessOf();
    const name = createHash('sha256').update(ORIGIN).digest('hex');
    expect(witness.checkpoint(name)).toBeNull();
    const { body } = ask(witness, requestOf(trunk, 0, 5, log));
    const note = witness.checkpoint(name) as string;
    expect(note).toBe(noteOf(trunk, 5, log) + body);
    for (const key of [log, own]) expect(verifies(note, readVkey(formatVerifierKey(key)))).toBe(true);
    expect(witness.checkpoint('0'.repeat(64))).toBeNull();
    expect(witness.known()).toEqual([{ origin: ORIGIN, path: `/${name}/checkpoint`, size: 5, time: NOW / 1000 }]);
  });

  test('each ledger has its own history', () => {
    const second = generateSignerKey('second.example');
    const witness = witnessOf([own], [log, second]);
    expect(ask(witness, requestOf(trunk, 0, 10, log)).status).toBe(200);
    expect(ask(witness, requestOf(forkOf(trunk, 0, 'second'), 0, 7, second)).status).toBe(200);
    expect(state.all().map(({ origin, size }) => [origin, size])).toEqual([
      [ORIGIN, 10],
      ['second.example', 7],
    ]);
  });

  test('keys change, of ledger and witness', () => {
    // Keys change: of the ledger, whose old and new one are known, and of the witness, which signs with both.
    const [next, later] = [generateSignerKey(ORIGIN), generateSignerKey('witness.example/w1', 'cosignature')];
    expect(ask(witnessOf(), requestOf(trunk, 0, 5, log)).status).toBe(200);
    state.close();
    open([own, later]);
    const answer = ask(witnessOf([own, later], [log, next]), requestOf(trunk, 5, 9, next));
    expect(answer.status).toBe(200);
    for (const key of [own, later]) expect(verifies(noteOf(trunk, 9, next) + answer.body, readVkey(formatVerifierKey(key)))).toBe(true);
    state.close();
    open([later]);
    expect(ask(witnessOf([later], [next]), requestOf(trunk, 9, 12, next)).status).toBe(200);
  });

  test('time does not go back with the clock', () => {
    const witness = witnessOf();
    ask(witness, requestOf(trunk, 0, 5, log));
    clock = NOW - 3_600_000;
    ask(witness, requestOf(trunk, 5, 6, log));
    expect(state.last(ORIGIN)?.time).toBe(NOW / 1000);
  });
});

describe('whatever it is asked', () => {
  /** Forks share the beginning of the trunk. */
  const histories = [trunk, forkOf(trunk, 0, 'a'), forkOf(trunk, 9, 'b'), forkOf(trunk, 33, 'c')];
  const size = fc.integer({ min: 0, max: 70 });
  const request = fc.record({
    history: fc.nat(3),
    /** Of which the proof is; most often the same. */
    proofOf: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.nat(3)),
    /** Whether it asks first what was signed last, as an honest ledger does. */
    informed: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    old: size,
    size,
    key: fc.oneof({ weight: 6, arbitrary: fc.constant('ledger') }, fc.constant('stranger')),
    spoil: fc.oneof({ weight: 6, arbitrary: fc.constant('nothing') }, fc.constantFrom('drop', 'swap', 'byte')),
    restart: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  });

  test('signs one history only, never backwards', () => {
    // It signs the checkpoints of one history only, and never backwards.
    const stranger = generateSignerKey(ORIGIN);
    let signed = 0;
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 25 }), (requests) => {
        state.close();
        rmSync(file);
        open();
        const given: { readonly size: number; readonly root: Buffer; readonly history: number }[] = [];
        for (const { history, proofOf: other, informed, old: guess, size: to, key, spoil, restart } of requests) {
          if (restart) {
            state.close();
            open();
          }
          const leaves = histories[history] as Buffer[];
          const old = informed ? (state.last(ORIGIN)?.size ?? 0) : guess;
          let proof = old > to ? [] : proofOf(histories[other ?? history] as Buffer[], old, to);
          if (spoil === 'drop') proof = proof.slice(1);
          if (spoil === 'swap') proof = [...proof].reverse();
          let body = formatAddCheckpoint({ old, proof, checkpoint: noteOf(leaves, to, key === 'ledger' ? log : stranger) });
          if (spoil === 'byte') body = body.replace(/\n(\d+)\n/, (_all, digits: string) => `\n${Number(digits) + 1}\n`);
          const answer = ask(witnessOf(), body);
          expect([200, 400, 403, 409, 422]).toContain(answer.status);
          if (answer.status !== 200) continue;
          signed += 1;
          expect(verifies(noteOf(leaves, to, log) + answer.body, vkey)).toBe(true);
          given.push({ size: to, root: mth(leaves.slice(0, to)), history });
        }
        for (const [at, { size: later, history }] of given.entries())
          for (const earlier of given.slice(0, at)) {
            expect(earlier.size).toBeLessThanOrEqual(later);
            expect(mth((histories[history] as Buffer[]).slice(0, earlier.size))).toEqual(earlier.root);
          }
      }),
      { numRuns: budget(50, 150) },
    );
    expect(signed).toBeGreaterThan(budget(30, 100));
  });

  test('no bytes make it throw', () => {
    const honest = Buffer.from(requestOf(trunk, 10, 20, log));
    ask(witnessOf(), requestOf(trunk, 0, 10, log));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
          fc.tuple(fc.nat(honest.length - 1), fc.nat(255)).map(([at, byte]) => {
            const changed = Buffer.from(honest);
            changed[at] = byte;
            return changed;
          }),
          fc.nat(honest.length).map((length) => honest.subarray(0, length)),
        ),
        (body) => {
          if (!body.equals(honest)) expect(ask(witnessOf(), body).status).toBeGreaterThanOrEqual(400);
        },
      ),
      { numRuns: budget(150, 500) },
    );
    expect(state.last(ORIGIN)?.size).toBe(10);
  });
});

describe('its state', () => {
  const reopen = (): void => {
    open();
  };
  const damage = (change: () => void): void => {
    ask(witnessOf(), requestOf(trunk, 0, 10, log));
    state.close();
    change();
  };
  const sql = (text: string): void => {
    const db = new Database(file);
    db.exec(text);
    db.close();
  };

  test('is remembered over a restart', () => {
    ask(witnessOf(), requestOf(trunk, 0, 10, log));
    const [before] = state.all();
    state.close();
    reopen();
    expect(state.isNew).toBe(false);
    expect(state.all()).toEqual([before]);
    expect(ask(witnessOf(), requestOf(trunk, 0, 20, log)).status).toBe(409);
  });

  test('belongs to one process at a time', () => {
    expect(() => new WitnessState(file, [own])).toThrow(StateBusy);
    ask(witnessOf(), requestOf(trunk, 0, 10, log));
    expect(() => new WitnessState(file, [own])).toThrow(StateBusy);
  });

  test.each<[string, () => void]>([
    ['removed', () => rmSync(file)],
    ['exchanged for a copy', () => (copyFileSync(file, `${file}.copy`), renameSync(`${file}.copy`, file))],
  ])('%s while it runs: nothing more is signed', (_what, change) => {
    // … while it runs, it signs nothing more, and nothing of it is handed out.
    ask(witnessOf(), requestOf(trunk, 0, 10, log));
    const [before] = state.all();
    change();
    expect(() => ask(witnessOf(), requestOf(trunk, 10, 20, log))).toThrow(StateDamaged);
    expect(state.all()).toEqual([before]);
  });

  test.each<[string, () => void]>([
    ['emptied', () => truncateSync(file, 0)],
    ['cut', () => truncateSync(file, 5000)],
    ['another file', () => writeFileSync(file, 'nonsense'.repeat(1000))],
    ['another database', () => (rmSync(file), sql('CREATE TABLE x (y)'))],
    ['of a smaller size', () => sql('UPDATE witnessed SET size = 4')],
    ['of another root', () => sql("UPDATE witnessed SET root = x'00'")],
    ['of an earlier time', () => sql('UPDATE witnessed SET time = time - 100')],
    ['without a note', () => sql("UPDATE witnessed SET note = ''")],
    [
      'of a checkpoint that it never signed',
      () => {
        const note = noteOf(trunk, 4, log);
        const db = new Database(file);
        const root = mth(trunk.slice(0, 4));
        // With the line of the witness under the larger one.
        const line = (db.prepare('SELECT note FROM witnessed').pluck().get() as string).split('\n').at(-2) as string;
        db.prepare('UPDATE witnessed SET size = 4, root = ?, note = ?').run(root, `${note}${line}\n`);
        db.close();
      },
    ],
    [
      'with a page written over',
      () => {
        const bytes = readFileSync(file);
        bytes.fill(0x55, 4096, 4096 + 64);
        writeFileSync(file, bytes);
      },
    ],
  ])('is refused where it is %s', (_what, change) => {
    damage(change);
    expect(reopen).toThrow(StateDamaged);
    expect(existsSync(file)).toBe(true);
    rmSync(file);
    reopen();
  });
});
