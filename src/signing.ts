/** What a service signs checkpoints with, from the environment and the data folder. Secret: read by whoever serves, and by nobody else. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadConfiguration } from './config.js';
import { BadKey, parseSignerKey, type SignerKey } from './ledger/signed-note.js';
import type { LastSigned, Signer } from './use-cases/checkpoint-keeper.js';

export interface Signing {
  readonly signer: Signer;
  /** ms between two checkpoints. */
  readonly interval: number;
}

const DEFAULT_SECONDS = 60;
const MAX_SECONDS = 86_400;

/**
 * The keys in `DISCLOSURE_LEDGER_KEY`, or in the file that `DISCLOSURE_LEDGER_KEY_FILE` names: one or more lines `PRIVATE+KEY+…`, or one PEM, which needs
 * the name of the ledger in `DISCLOSURE_LEDGER_NAME`. All keys bear one name, which is the origin of the checkpoints. null where there is none. Errors:
 * `BadConfiguration`.
 */
export function readSigning(env: Readonly<Record<string, string | undefined>>, folder: string): Signing | null {
  const text = keyText(env)?.trim() ?? '';
  if (text === '') return null;
  const name = env['DISCLOSURE_LEDGER_NAME']?.trim() ?? '';
  const keys = readKeys(text, name);
  const origin = (keys[0] as SignerKey).name;
  if (keys.some((key) => key.name !== origin || key.type !== 'ed25519') || (name !== '' && name !== origin))
    throw new BadConfiguration(`every key of the ledger is an Ed25519 key named ${name === '' ? origin : name}`);
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) throw new BadConfiguration('a key of the ledger is given twice');
  return { signer: { origin, keys, lastSigned: lastSignedIn(folder) }, interval: 1000 * seconds(env['DISCLOSURE_CHECKPOINT_SECONDS']) };
}

function keyText(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const file = env['DISCLOSURE_LEDGER_KEY_FILE'];
  if (file === undefined || file === '') return env['DISCLOSURE_LEDGER_KEY'];
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadConfiguration(`DISCLOSURE_LEDGER_KEY_FILE cannot be read: ${(error as Error).message}`);
  }
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
