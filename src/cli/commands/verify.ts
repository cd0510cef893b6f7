/**
 * `disclosure verify`: the live store held against its checkpoints and read models. Opens everything for reading, also
 * beside a running service.
 */
import cliProgress from 'cli-progress';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadConfiguration, readConfig, type Config } from '../../config/config.js';
import { BadKey, parseVerifierKey, type SignatureType, type VerifierKey } from '../../ledger/signed-note.js';
import { requireLedger } from '../../runtime/data-folder.js';
import { ReadStore } from '../../read-models/read-store.js';
import { openLog, withAdapter } from '../../runtime/stores.js';
import { lastSignedIn, readTrustedKeys, readWitnesses } from '../../runtime/signing-keys.js';
import { checkFile } from '../../audit/verify-store/check-files.js';
import type { KeptNote } from '../../audit/verify-store/compare-checkpoints.js';
import type { StoreFinding } from '../../audit/verify-store/findings.js';
import { openScratch, verifyStore, type Verification, type VerifyParts } from '../../audit/verify-store/verify-store.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { print, printJson } from '../render/output.js';
import { MARK } from '../render/severity.js';

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
  const files = damagedFiles(config);
  const log = openLog(await withAdapter({ config }), true);
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-verify-'));
  const scratch = openScratch(join(folder, 'scratch.db'));
  const bar = progressBar();
  let store: ReadStore | null = null;
  try {
    // Of a file that is not whole nothing is compared: what its indexes hide would be findings of untouched events.
    store = files.some(({ rule }) => rule === 'read-damaged') ? null : openStore(join(config.data, 'read.db'));
    const found = await verifyStore({ log, store, scratch, copy: join(folder, 'read.db'), kept, ...known, progress: bar.update });
    bar.stop();
    return answer({ ...found, holds: found.holds && files.length === 0, findings: [...files, ...found.findings] }, asked.json);
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

function openStore(file: string): ReadStore | null {
  return existsSync(file) ? new ReadStore(file, { readonly: true }) : null;
}

function damagedFiles({ data, keys, eventStoreDbUrl }: Config): StoreFinding[] {
  const files = [
    ...(eventStoreDbUrl === null ? [['log-damaged', join(data, 'log.db')] as const] : []),
    ['read-damaged', join(data, 'read.db')] as const,
    ['keys-damaged', keys ?? join(data, 'keys.db')] as const,
  ];
  return files.flatMap(([rule, file]) => (existsSync(file) ? checkFile(rule, file) : []));
}

/** How many events there are is known when they were read: until then the bar only counts. */
function progressBar(): { readonly update: (step: 'reading' | 'rebuilding', events: number) => void; readonly stop: () => void } {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar(
    { format: '{step} {bar} {value}/{total} events', stream: process.stderr },
    cliProgress.Presets.shades_classic,
  );
  let total = 0;
  let begun = false;
  return {
    update: (step, events) => {
      if (step === 'reading') total = events;
      if (!begun) bar.start(total, 0, { step });
      begun = true;
      bar.setTotal(total);
      bar.update(events, { step });
    },
    stop: () => {
      if (begun) bar.stop();
      begun = false;
    },
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
