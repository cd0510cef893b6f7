/** What a service signs checkpoints with, from the environment and the data folder. Secret: read by whoever serves, and by nobody else. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadConfiguration, textOf } from './config.js';
import { BadKey, parseSignerKey, parseVerifierKeys, type SignerKey, type VerifierKey } from './ledger/signed-note.js';
import type { LastSigned, Signer } from './use-cases/checkpoint-keeper.js';

export interface Signing {
  readonly signer: Signer;
  /** ms between two checkpoints. */
  readonly interval: number;
}

const DEFAULT_SECONDS = 60;
const MAX_SECONDS = 86_400;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The keys in `DISCLOSURE_LEDGER_KEY`, or in the file that `DISCLOSURE_LEDGER_KEY_FILE` names: one or more lines `PRIVATE+KEY+…`, or one PEM, which needs
 * the name of the ledger in `DISCLOSURE_LEDGER_NAME`. All keys bear one name, which is the origin of the checkpoints. null where there is none. Errors:
 * `BadConfiguration`.
 */
export function readSigning(env: Environment, folder: string): Signing | null {
  const keys = signerKeys(env);
  const trusted = verifierKeys(env, 'DISCLOSURE_LEDGER_VKEYS');
  const interval = 1000 * seconds(env['DISCLOSURE_CHECKPOINT_SECONDS']);
  const [first] = keys;
  if (first === undefined) return null;
  return { signer: { origin: first.name, keys, trusted, lastSigned: lastSignedIn(folder) }, interval };
}

/** The ledger's own keys; none where none is configured. Errors: `BadConfiguration`. */
function signerKeys(env: Environment): SignerKey[] {
  const text = textOf(env, 'DISCLOSURE_LEDGER_KEY');
  if (text === '') return [];
  const name = env['DISCLOSURE_LEDGER_NAME']?.trim() ?? '';
  const keys = readKeys(text, name);
  const origin = name === '' ? keys[0]?.name : name;
  if (keys.some((key) => key.name !== origin || key.type !== 'ed25519'))
    throw new BadConfiguration(`every key of the ledger is an Ed25519 key named ${origin}`);
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) throw new BadConfiguration('a key of the ledger is given twice');
  return keys;
}

/** The keys of verifiers in `name`, or in the file of `name` + `_FILE`, one a line. Errors: `BadConfiguration`. */
function verifierKeys(env: Environment, name: string): VerifierKey[] {
  try {
    return parseVerifierKeys(textOf(env, name));
  } catch (error) {
    if (error instanceof BadKey) throw new BadConfiguration(`${name}: ${error.message}`);
    throw error;
  }
}

/**
 * The keys whose checkpoints are those of the ledger: its own, and those in `DISCLOSURE_LEDGER_VKEYS` (or the file of `DISCLOSURE_LEDGER_VKEYS_FILE`), which
 * are earlier ones and those of other replicas. Empty where none is configured: checkpoints can then not be verified. Errors: `BadConfiguration`.
 */
export function readTrustedKeys(env: Environment): VerifierKey[] {
  return [...signerKeys(env), ...verifierKeys(env, 'DISCLOSURE_LEDGER_VKEYS')];
}

function readKeys(text: string, name: string): SignerKey[] {
  try {
    if (text.startsWith('-----BEGIN ')) {
      if (name === '') throw new BadConfiguration('a key in PEM needs DISCLOSURE_LEDGER_NAME');
      return [parseSignerKey(text, { name, type: 'ed25519' })];
    }
    return text.split(/\s*\n\s*/).map((line) => parseSignerKey(line));
  } catch (error) {
    if (error instanceof BadKey) throw new BadConfiguration(`the key of the ledger: ${error.message}`);
    throw error;
  }
}

function seconds(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_SECONDS;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(value >= 1 && value <= MAX_SECONDS)) throw new BadConfiguration(`DISCLOSURE_CHECKPOINT_SECONDS is from 1 to ${MAX_SECONDS}`);
  return value;
}

/** A file beside the log. Replaced whole: a crash leaves the note before or the new one, and an older note only knows less. */
export function lastSignedIn(folder: string): LastSigned {
  const file = join(folder, 'last-checkpoint');
  return {
    load: () => (existsSync(file) ? readFileSync(file, 'utf8') : null),
    save: (note) => {
      writeFileSync(`${file}.new`, note, { flush: true });
      renameSync(`${file}.new`, file);
    },
  };
}
