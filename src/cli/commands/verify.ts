/**
 * `disclosure verify`: the live store held against its checkpoints and read models. Opens everything for reading, also
 * beside a running service.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadConfiguration, readConfig } from '../../config/config.js';
import { messageOf } from '../../encoding/unknown-values.js';
import { BadKey, parseVerifierKey, type SignatureType, type VerifierKey } from '../../ledger/signed-note.js';
import { requireLedger } from '../../runtime/data-folder.js';
import { ReadStore } from '../../read-models/read-store.js';
import { openLog, withAdapter } from '../../runtime/stores.js';
import { lastSignedIn, readTrustedKeys, readWitnesses } from '../../runtime/signing-keys.js';
import type { KeptNote } from '../../audit/verify-store/compare-checkpoints.js';
import type { StoreFinding } from '../../audit/verify-store/findings.js';
import { openScratch, verifyStore, type Verification, type VerifyParts } from '../../audit/verify-store/verify-store.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print, printJson } from '../render/output.js';
import { progressBar, type Progress } from '../render/progress.js';
import { MARK } from '../render/severity.js';
import { workInThreads } from '../verify/threads.js';

interface Asked {
  readonly checkpoint?: readonly string[];
  readonly key?: readonly string[];
  readonly witness?: readonly string[];
  readonly json?: boolean;
}

export async function verify(asked: Asked): Promise<ExitCode> {
  const config = readConfig(process.env);
  const known = knownKeys(asked);
  const kept = keptNotes(asked.checkpoint ?? [], config.data);
  requireLedger(config);
  const log = openLog(await withAdapter({ config }), true);
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-verify-'));
  const files = { scratch: join(folder, 'scratch.db'), copy: join(folder, 'read.db') };
  const scratch = openScratch(files.scratch);
  const bar = progressBar();
  const { store, failed } = openStore(join(config.data, 'read.db'));
  try {
    const work = workInThreads({ config, scratch: files.scratch });
    const progress = showIn(bar, store !== null);
    const found = await verifyStore({ log, store, scratch, copy: files.copy, kept, ...known, work, progress });
    bar.stop();
    if (failed !== undefined && found.findings.every(({ rule }) => rule !== 'read-damaged')) throw failed;
    return answer(found, asked.json);
  } finally {
    bar.stop();
    store?.close();
    scratch.close();
    await log.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The ledger's keys and its witnesses', as configured and as given. Errors: `BadConfiguration`. */
function knownKeys({ key, witness }: Asked): Pick<VerifyParts, 'keys' | 'witnesses'> {
  return {
    keys: [...readTrustedKeys(process.env), ...given('--key', 'ed25519', key)],
    witnesses: [...readWitnesses(process.env).flatMap(({ keys }) => keys), ...given('--witness', 'cosignature', witness)],
  };
}

function given(option: string, type: SignatureType, lines: readonly string[] = []): VerifierKey[] {
  try {
    const keys = lines.map(parseVerifierKey);
    const other = keys.find((one) => one.type !== type);
    if (other === undefined) return keys;
    throw new BadKey(`${other.name} is the key of a ${type === 'ed25519' ? 'witness' : 'ledger'}`);
  } catch (error) {
    if (error instanceof BadKey) throw new BadConfiguration(`${option}: ${error.message}`);
    throw error;
  }
}

function keptNotes(files: readonly string[], folder: string): KeptNote[] {
  const last = lastSignedIn(folder).load();
  return [
    ...(last === null ? [] : [{ name: 'last-checkpoint', note: last }]),
    ...files.map((file) => ({ name: file, note: readFileSync(file, 'utf8') })),
  ];
}

/** The read store; `failed` where its file cannot be opened as one, of which its check is to say why. */
function openStore(file: string): { readonly store: ReadStore | null; readonly failed?: Error } {
  try {
    return { store: existsSync(file) ? new ReadStore(file, { readonly: true }) : null };
  } catch (error) {
    return { store: null, failed: error instanceof Error ? error : new Error(messageOf(error)) };
  }
}

/** Both steps in one bar: an event is read, and where there is a read store its rows are built once more. */
function showIn(bar: Progress, rebuilds: boolean): VerifyParts['progress'] {
  const done = { reading: 0, rebuilding: 0, comparing: 0 };
  return (step, events, of) => {
    done[step] = events;
    const total = Math.max(of, done.reading) * (rebuilds ? 2 : 1);
    bar.update(step === 'comparing' ? 'comparing' : 'verifying', step === 'comparing' ? total : done.reading + done.rebuilding, total);
  };
}

function answer(found: Verification, json: boolean | undefined): ExitCode {
  if (json === true) printJson(found);
  else {
    for (const { rule, severity, where, message, also = [] } of found.findings) {
      print(`${MARK[severity]} ${rule} ${placeText(where)}: ${message}`);
      for (const trace of also) print(`    又见 also ${trace.rule} ${placeText(trace.where)}`);
    }
    for (const line of found.unchecked) print(`未核对 not checked: ${line}`);
    print(
      `事件 events ${found.events}, 检查点 checkpoints ${found.checkpoints}, 读库行 rows ${found.rows ?? '-'}: ${found.holds ? '相符 nothing was tampered with that these could show' : `${found.findings.length} 项不符 findings`}`,
    );
  }
  return found.holds ? EXIT.done : EXIT.failed;
}

function placeText(where: StoreFinding['where']): string {
  return Object.entries(where)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
