/**
 * `disclosure verify` on the files of a folder that a test has tampered with, or on a log and a read store: opened for
 * reading, scratch files thrown away.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSignerKey, type SignerKey, type VerifierKey } from '../../src/ledger/signed-note.js';
import type { EventLog } from '../../src/log/event-log.js';
import { SqliteEventLog } from '../../src/log/sqlite-event-log.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { lastSignedIn, type Signing } from '../../src/runtime/signing-keys.js';
import type { Place, Rule } from '../../src/audit/verify-store/findings.js';
import { openScratch, verifyStore, type Verification } from '../../src/audit/verify-store/verify-store.js';

export const LEDGER_KEY = generateSignerKey('ledger.example/disclosure');

/** Cuts only when a test says so. */
export function signingIn(folder: string, keys: readonly SignerKey[] = [LEDGER_KEY]): Signing {
  return { signer: { origin: LEDGER_KEY.name, keys, lastSigned: lastSignedIn(folder) }, interval: 60_000 };
}

export interface VerifyAsked {
  readonly folder: string;
  /** Absent = the embedded log of the folder. */
  readonly log?: EventLog;
  readonly keys?: readonly VerifierKey[];
  readonly witnesses?: readonly VerifierKey[];
  /** A checkpoint kept elsewhere. */
  readonly note?: string;
}

export async function verifyFolder({ folder, log: given, keys = [], witnesses = [], note }: VerifyAsked): Promise<Verification> {
  const away = mkdtempSync(join(tmpdir(), 'disclosure-verify-'));
  const log = given ?? new SqliteEventLog({ file: join(folder, 'log.db'), readonly: true });
  const file = join(folder, 'read.db');
  const store = existsSync(file) ? new ReadStore(file, { readonly: true }) : null;
  const scratch = openScratch(join(away, 'scratch.db'));
  const last = join(folder, 'last-checkpoint');
  const kept = [
    ...(existsSync(last) ? [{ name: 'last-checkpoint', note: readFileSync(last, 'utf8') }] : []),
    ...(note === undefined ? [] : [{ name: 'kept', note }]),
  ];
  try {
    return await verifyStore({ log, store, scratch, copy: join(away, 'read.db'), kept, keys, witnesses });
  } finally {
    scratch.close();
    store?.close();
    if (given === undefined) await log.close();
    rmSync(away, { recursive: true, force: true });
  }
}

/** What was found, short enough to be compared: rule and what of the place a test names. */
export function foundIn({ findings }: Verification): readonly [Rule, Place][] {
  return findings.map(({ rule, where }) => [rule, where]);
}
