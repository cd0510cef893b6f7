/**
 * Who signs, and whose signatures are believed, from the environment and the data folder. Private keys are read by
 * whoever serves, and by nobody else.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BadConfiguration, textOf } from '../config/config.js';
import { replaceFile } from '../config/data-files.js';
import { sure } from '../encoding/unknown-values.js';
import {
  BadKey,
  keyLines,
  parseSignerKey,
  parseVerifierKeys,
  type SignatureType,
  type SignerKey,
  type VerifierKey,
} from '../ledger/signed-note.js';
import type { LastSigned, Signer } from '../signing/checkpoint-service.js';
import type { WitnessAddress } from '../signing/witness-service.js';

export interface Signing {
  readonly signer: Signer;
  /** ms between two checkpoints. */
  readonly interval: number;
  /** Who is asked to sign each of them too; absent = nobody. */
  readonly witnesses?: readonly WitnessAddress[];
}

const DEFAULT_SECONDS = 60;
const MAX_SECONDS = 86_400;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The keys in `DISCLOSURE_LEDGER_KEY`, or in the file that `DISCLOSURE_LEDGER_KEY_FILE` names: one or more lines
 * `PRIVATE+KEY+…`, or one PEM, which needs the name of the ledger in `DISCLOSURE_LEDGER_NAME`. All keys bear one name,
 * which is the origin of the checkpoints. null where there is none. Errors: `BadConfiguration`.
 */
export function readSigning(env: Environment, folder: string): Signing | null {
  const keys = signerKeys(env, 'DISCLOSURE_LEDGER', 'ed25519');
  const trusted = verifierKeys(env, 'DISCLOSURE_LEDGER_VKEYS');
  const interval = 1000 * seconds(env['DISCLOSURE_CHECKPOINT_SECONDS']);
  const witnesses = readWitnesses(env);
  const [first] = keys;
  if (first === undefined) {
    if (witnesses.length > 0) throw new BadConfiguration('only a service that signs asks witnesses: give it DISCLOSURE_LEDGER_KEY too');
    return null;
  }
  return { signer: { origin: first.name, keys, trusted, lastSigned: lastSignedIn(folder) }, interval, witnesses };
}

const SIGNERS = { ed25519: 'of the ledger', cosignature: 'of the witness' } as const;

/** The private keys of one name in `prefix` + `_KEY`; none where none is configured. Errors: `BadConfiguration`. */
function signerKeys(env: Environment, prefix: string, type: SignatureType): SignerKey[] {
  const text = textOf(env, `${prefix}_KEY`);
  if (text === '') return [];
  const wanted = env[`${prefix}_NAME`]?.trim() ?? '';
  const keys = readKeys(text, { whose: SIGNERS[type], name: wanted, nameIn: `${prefix}_NAME`, type });
  const name = wanted === '' ? keys[0]?.name : wanted;
  const wrong = keys.find((key) => key.type !== type);
  if (wrong !== undefined)
    throw new BadConfiguration(
      `key ${wrong.name} is not one ${SIGNERS[type]}: disclosure keys new makes those of a ledger, with --witness those of a witness`,
    );
  if (keys.some((key) => key.name !== name)) throw new BadConfiguration(`every key ${SIGNERS[type]} is named ${name}`);
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) throw new BadConfiguration(`a key ${SIGNERS[type]} is given twice`);
  return keys;
}

export interface WitnessConfig {
  /** Of everything the witness keeps. */
  readonly folder: string;
  readonly keys: readonly SignerKey[];
  /** The keys of the ledgers it is a witness of. */
  readonly logs: readonly VerifierKey[];
}

/**
 * What a witness runs with: its keys in `DISCLOSURE_WITNESS_KEY`, the verifier keys of ledgers in
 * `DISCLOSURE_WITNESS_LOGS` (or in the files of `…_FILE`), its folder in `DISCLOSURE_WITNESS_DATA`. Errors:
 * `BadConfiguration`.
 */
export function readWitness(env: Environment): WitnessConfig {
  const keys = signerKeys(env, 'DISCLOSURE_WITNESS', 'cosignature');
  if (keys.length === 0) throw new BadConfiguration('a witness needs a key: DISCLOSURE_WITNESS_KEY or DISCLOSURE_WITNESS_KEY_FILE');
  const logs = verifierKeys(env, 'DISCLOSURE_WITNESS_LOGS');
  if (logs.length === 0)
    throw new BadConfiguration('a witness needs the verifier keys of ledgers: DISCLOSURE_WITNESS_LOGS or DISCLOSURE_WITNESS_LOGS_FILE');
  const other = logs.find(({ type }) => type !== 'ed25519');
  if (other !== undefined) throw new BadConfiguration(`DISCLOSURE_WITNESS_LOGS: ${other.name} is the key of a witness, not of a ledger`);
  return { folder: resolve(env['DISCLOSURE_WITNESS_DATA'] || 'witness'), keys, logs };
}

/**
 * The witnesses a ledger asks, in `DISCLOSURE_WITNESSES` or its file: a line for each key, `verifier-key URL`; keys of
 * one URL are those of one witness. Errors: `BadConfiguration`.
 */
export function readWitnesses(env: Environment): WitnessAddress[] {
  const found = new Map<string, VerifierKey[]>();
  for (const line of keyLines(textOf(env, 'DISCLOSURE_WITNESSES'))) {
    const [vkey, address, ...more] = line.split(/\s+/);
    if (address === undefined || more.length > 0) throw new BadConfiguration('DISCLOSURE_WITNESSES: a line is a verifier key and a URL');
    const url = addressOf(address);
    const [key] = parseKeys('DISCLOSURE_WITNESSES', sure(vkey));
    if (key?.type !== 'cosignature') throw new BadConfiguration(`DISCLOSURE_WITNESSES: ${key?.name} is not the key of a witness`);
    found.set(url, [...(found.get(url) ?? []), key]);
  }
  const witnesses = [...found].map(([url, keys]) => ({ url, keys }));
  const ids = witnesses.flatMap(({ keys }) => keys.map(({ name, id }) => `${name}+${id}`));
  if (new Set(ids).size !== ids.length) throw new BadConfiguration('DISCLOSURE_WITNESSES: a key is given twice');
  return witnesses;
}

/** Without a slash at its end. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new BadConfiguration(`DISCLOSURE_WITNESSES: not an address of a witness: ${text}`);
  return url.href.replace(/\/+$/, '');
}

/** The keys of verifiers in `name`, or in the file of `name` + `_FILE`, one a line. Errors: `BadConfiguration`. */
function verifierKeys(env: Environment, name: string): VerifierKey[] {
  return parseKeys(name, textOf(env, name));
}

function parseKeys(name: string, text: string): VerifierKey[] {
  try {
    return parseVerifierKeys(text);
  } catch (error) {
    if (error instanceof BadKey) throw new BadConfiguration(`${name}: ${error.message}`);
    throw error;
  }
}

/**
 * The keys whose checkpoints are those of the ledger: its own, and those in `DISCLOSURE_LEDGER_VKEYS` (or the file of
 * `DISCLOSURE_LEDGER_VKEYS_FILE`), which are earlier ones and those of other replicas. Empty where none is configured:
 * checkpoints can then not be verified. Errors: `BadConfiguration`.
 */
export function readTrustedKeys(env: Environment): VerifierKey[] {
  return [...signerKeys(env, 'DISCLOSURE_LEDGER', 'ed25519'), ...verifierKeys(env, 'DISCLOSURE_LEDGER_VKEYS')];
}

interface Wanted {
  readonly whose: string;
  /** Empty where the keys say it. */
  readonly name: string;
  readonly nameIn: string;
  readonly type: SignatureType;
}

function readKeys(text: string, { whose, name, nameIn, type }: Wanted): SignerKey[] {
  try {
    if (text.startsWith('-----BEGIN ')) {
      if (name === '') throw new BadConfiguration(`a key in PEM needs ${nameIn}`);
      return [parseSignerKey(text, { name, type })];
    }
    return keyLines(text).map((line) => parseSignerKey(line));
  } catch (error) {
    if (error instanceof BadKey) throw new BadConfiguration(`the key ${whose}: ${error.message}`);
    throw error;
  }
}

function seconds(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_SECONDS;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(value >= 1 && value <= MAX_SECONDS)) throw new BadConfiguration(`DISCLOSURE_CHECKPOINT_SECONDS is from 1 to ${MAX_SECONDS}`);
  return value;
}

/**
 * A file beside the log. Replaced whole: a crash leaves the note before or the new one, and an older note only knows
 * less.
 */
export function lastSignedIn(folder: string): LastSigned {
  const file = join(folder, 'last-checkpoint');
  return {
    load: () => (existsSync(file) ? readFileSync(file, 'utf8') : null),
    save: (note) => replaceFile(file, note),
  };
}

/**
 * Every key the environment names, by what it is for; private ones too, to be shown as verifier keys. Errors:
 * `BadConfiguration`.
 */
export function readConfiguredKeys(env: Environment): Readonly<Record<string, readonly VerifierKey[]>> {
  return {
    ledger: signerKeys(env, 'DISCLOSURE_LEDGER', 'ed25519'),
    trusted: verifierKeys(env, 'DISCLOSURE_LEDGER_VKEYS'),
    witnesses: readWitnesses(env).flatMap(({ keys }) => keys),
    witness: signerKeys(env, 'DISCLOSURE_WITNESS', 'cosignature'),
    logs: verifierKeys(env, 'DISCLOSURE_WITNESS_LOGS'),
  };
}
