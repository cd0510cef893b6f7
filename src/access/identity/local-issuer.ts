/**
 * The issuer of `disclosure token`: a key in the data folder. With it identity can be tried without a provider;
 * whoever may read the folder may be anybody, as with every local command.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { linkSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, SignJWT } from 'jose';
import { LOCAL_AUDIENCE, LOCAL_ISSUER, type Caller } from '../../config/access.js';
import { flushFolder, modeIfOpen, newFile, OPEN, TOKEN_KEY } from '../../config/data-files.js';
import { codeOf } from '../../encoding/unknown-values.js';
import { finderOf, type KeySource } from './issuer-keys.js';
import { readKeySet, type PublicKey } from './public-keys.js';
import { TokenKeyProblem } from './token-key-problem.js';

/** The name under which the key of a data folder is kept. */
export function tokenKeyFile(folder: string): string {
  return join(folder, TOKEN_KEY);
}

/**
 * The private key in a data folder, made at first use. The folder is there. Two processes that make one at the same
 * time use the same one; a crash leaves none or a whole one. Errors: `TokenKeyProblem`.
 */
export function tokenKey(folder: string): KeyObject {
  const file = tokenKeyFile(folder);
  const pem = readPem(file) ?? makePem(file);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below, without what the file holds.
  }
  throw new TokenKeyProblem(
    'keys-damaged',
    `${file} holds no Ed25519 key in PEM`,
    'Remove it: a new one is made, and its tokens hold from then on.',
  );
}

function readPem(file: string): string | null {
  const mode = modeIfOpen(file, OPEN);
  if (mode !== null)
    throw new TokenKeyProblem(
      'files-open',
      `${file} is open to other accounts (${mode}): whoever reads it calls in any name`,
      'Remove it, so that a new one is made: its tokens hold no more.',
    );
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function makePem(file: string): string {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const made = newFile(file, pem);
  try {
    // Not a rename: it would put a second key in place of the one that another process makes just now, and uses.
    linkSync(made, file);
    flushFolder(file);
    return pem;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(made, { force: true });
  }
}

/** The public half, as a key set has it. */
async function publicKey(key: KeyObject): Promise<PublicKey> {
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  const [known] = readKeySet({ keys: [{ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' }] }) ?? [];
  if (known === undefined) throw new Error('an Ed25519 key is one that tokens are verified with');
  return known;
}

/** The keys of the local issuer, which never change while a process runs. Errors: `TokenKeyProblem`. */
export async function localKeys(folder: string): Promise<KeySource> {
  const find = finderOf([await publicKey(tokenKey(folder))]);
  return { find: (header) => find(header).catch(() => null) };
}

export interface LocalToken {
  readonly token: string;
  readonly caller: Caller;
  readonly audience: string;
  /** ms since 1970, a whole second. */
  readonly expiresAt: number;
}

export interface TokenWish {
  /** Data folder, which is there. */
  readonly folder: string;
  readonly subject: string;
  readonly minutes: number;
  /** ms since 1970. */
  readonly now: number;
}

/** A token of the local issuer. Errors: `TokenKeyProblem`. */
export async function issueToken({ folder, subject, minutes, now }: TokenWish): Promise<LocalToken> {
  const key = tokenKey(folder);
  const { kid = '' } = await publicKey(key);
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = issuedAt + minutes * 60;
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', kid })
    .setIssuer(LOCAL_ISSUER)
    .setAudience(LOCAL_AUDIENCE)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(key);
  return { token, caller: { issuer: LOCAL_ISSUER, subject }, audience: LOCAL_AUDIENCE, expiresAt: expiresAt * 1000 };
}
