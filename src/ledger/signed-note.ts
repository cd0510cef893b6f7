/**
 * Signed notes (C2SP signed-note): a text and lines of signatures under it, by keys that have a name and an id. Two
 * types of signature: Ed25519 over the text (0x01), and a witness's cosignature with its time (0x04, C2SP
 * tlog-cosignature). The type is part of key and id, so others can come beside.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify, type KeyObject } from 'node:crypto';
import { sure } from '../encoding/unknown-values.js';

export type SignatureType = 'ed25519' | 'cosignature';

const TYPE_BYTES: Readonly<Record<SignatureType, number>> = { ed25519: 0x01, cosignature: 0x04 };
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;
const ID_BYTES = 4;
/**
 * Bounds of what is read: the specification wants at least 16 signatures, and those of other algorithms are up to 5 kB
 * long.
 */
const MAX_NOTE_CHARACTERS = 1_000_000;
const MAX_SIGNATURES = 100;
/** SubjectPublicKeyInfo of an Ed25519 key, up to its 32 bytes (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
/** PKCS #8 of an Ed25519 private key, up to its 32 bytes (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PRIVATE_PREFIX = 'PRIVATE+KEY+';
const DASH = '—';

/** Not a note, or signed wrongly. The message says what is wrong, for people. */
export class InvalidNote extends Error {
  override readonly name = 'InvalidNote';
}

/** A text that is no key. */
export class BadKey extends Error {
  override readonly name = 'BadKey';
}

export interface VerifierKey {
  readonly name: string;
  /** Eight lower-case hexadecimal digits. Short: it finds a key, it does not vouch for it. */
  readonly id: string;
  readonly type: SignatureType;
  readonly publicKey: KeyObject;
}

export interface SignerKey extends VerifierKey {
  readonly privateKey: KeyObject;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}

export interface Note {
  /** With its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface Verified {
  readonly key: VerifierKey;
  /** POSIX seconds that a cosignature says; null for a signature without a time. */
  readonly time: number | null;
}

const NOT_IN_NAMES = /[\s\p{White_Space}\p{Cc}+]/u;

function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !NOT_IN_NAMES.test(name);
}

/** Base64 with padding (RFC 4648, section 4) in its one right form; null for anything else. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}

function makeKey(name: string, type: SignatureType, publicKey: KeyObject): VerifierKey {
  if (!isKeyName(name)) throw new BadKey('the name of a key has no spaces and no plus sign, and is not empty');
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new BadKey('not an Ed25519 key');
  const typed = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([TYPE_BYTES[type]]), rawPublicKey(publicKey)]);
  return { name, id: hash('sha256', typed, 'hex').slice(0, 2 * ID_BYTES), type, publicKey };
}

/** `name+id+base64` as C2SP writes the key of a verifier: one line, to be handed out. */
export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${Buffer.concat([Buffer.from([TYPE_BYTES[type]]), rawPublicKey(publicKey)]).toString('base64')}`;
}

/** Keys of verifiers, one a line; empty lines and those that begin with # say nothing. Errors: `BadKey`. */
export function parseVerifierKeys(text: string): VerifierKey[] {
  return keyLines(text).map(parseVerifierKey);
}

/** The lines of a list that say something, trimmed. */
export function keyLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The line that `formatVerifierKey` writes. Errors: `BadKey`. */
export function parseVerifierKey(line: string): VerifierKey {
  const { name, id, type, bytes } = splitKey(line);
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
  return withId(makeKey(name, type, publicKey), id);
}

/**
 * `PRIVATE+KEY+name+id+base64` of the type and the 32 bytes of the private key: secret, and one line as the key of a
 * verifier is.
 */
export function formatSignerKey({ name, id, type, privateKey }: SignerKey): string {
  const seed = Buffer.from(sure(privateKey.export({ format: 'jwk' }).d), 'base64url');
  return `${PRIVATE_PREFIX}${name}+${id}+${Buffer.concat([Buffer.from([TYPE_BYTES[type]]), seed]).toString('base64')}`;
}

/**
 * A private key: the line that `formatSignerKey` writes, or an unencrypted PEM (PKCS #8), which says neither name nor
 * type and takes those given. Errors: `BadKey`, with nothing of the key in it.
 */
export function parseSignerKey(text: string, otherwise?: { readonly name: string; readonly type: SignatureType }): SignerKey {
  const trimmed = text.trim();
  if (trimmed.startsWith('-----BEGIN ')) {
    if (otherwise === undefined) throw new BadKey('a PEM says no name');
    const privateKey = readPrivate({ key: trimmed, format: 'pem' });
    return { ...makeKey(otherwise.name, otherwise.type, createPublicKey(privateKey)), privateKey };
  }
  if (!trimmed.startsWith(PRIVATE_PREFIX)) throw new BadKey(`a private key begins with ${PRIVATE_PREFIX} or is a PEM`);
  const { name, id, type, bytes } = splitKey(trimmed.slice(PRIVATE_PREFIX.length));
  const privateKey = readPrivate({ key: Buffer.concat([PKCS8_PREFIX, bytes]), format: 'der', type: 'pkcs8' });
  return { ...withId(makeKey(name, type, createPublicKey(privateKey)), id), privateKey };
}

/** A new key. */
export function generateSignerKey(name: string, type: SignatureType = 'ed25519'): SignerKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { ...makeKey(name, type, publicKey), privateKey };
}

function readPrivate(from: Parameters<typeof createPrivateKey>[0]): KeyObject {
  try {
    return createPrivateKey(from);
  } catch {
    // What the library says may quote the key.
    throw new BadKey('not a private key that can be read');
  }
}

function splitKey(line: string): { readonly name: string; readonly id: string; readonly type: SignatureType; readonly bytes: Buffer } {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(line) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) throw new BadKey('a key is written name+id+base64');
  const typed = fromBase64(encoded);
  const type = (Object.keys(TYPE_BYTES) as SignatureType[]).find((known) => TYPE_BYTES[known] === typed?.[0]);
  if (typed === null || type === undefined) throw new BadKey(`key ${name} is of no type this program knows`);
  if (typed.length !== 1 + KEY_BYTES) throw new BadKey(`key ${name} has not ${KEY_BYTES} bytes`);
  return { name, id, type, bytes: typed.subarray(1) };
}

function withId<Key extends VerifierKey>(key: Key, id: string): Key {
  if (key.id !== id) throw new BadKey(`key ${key.name} has the id ${key.id}, not ${id}: it was copied wrongly`);
  return key;
}

function checkText(text: string): void {
  if (!text.endsWith('\n')) throw new InvalidNote('the text does not end with a newline');
  // eslint-disable-next-line no-control-regex
  if (/[\0-\x09\x0b-\x1f]/.test(text)) throw new InvalidNote('the text has control characters');
  if (!text.isWellFormed()) throw new InvalidNote('the text is not Unicode');
}

/** What a key of this type signs of a text. */
function signedBytes(type: SignatureType, text: string, time: number): Buffer {
  return Buffer.from(type === 'ed25519' ? text : `cosignature/v1\ntime ${time}\n${text}`);
}

/** One more line under a text. `now` is ms; only cosignatures carry it. */
function signatureLine(text: string, key: SignerKey, now: number): string {
  const time = Math.floor(now / 1000);
  const stamp = Buffer.alloc(key.type === 'cosignature' ? TIME_BYTES : 0);
  if (stamp.length > 0) stamp.writeBigUInt64BE(BigInt(time));
  const bytes = Buffer.concat([Buffer.from(key.id, 'hex'), stamp, sign(null, signedBytes(key.type, text, time), key.privateKey)]);
  return `${DASH} ${key.name} ${bytes.toString('base64')}\n`;
}

/** A note of this text, a line for each key. Errors: `InvalidNote` where the text cannot be one. */
export function signNote(text: string, keys: readonly SignerKey[], now: number): string {
  checkText(text);
  if (keys.length === 0) throw new InvalidNote('a note has at least one signature');
  return `${text}\n${keys.map((key) => signatureLine(text, key, now)).join('')}`;
}

/** The same note with a line more. Errors: `InvalidNote`. */
export function addSignature(note: string, key: SignerKey, now: number): string {
  return note + signatureLine(parseNote(note).text, key, now);
}

/**
 * The same note with the lines of these keys only: what somebody else vouches for is his to hand on. Errors:
 * `InvalidNote` where none is left.
 */
export function withSignaturesOf(note: string, keys: readonly Pick<VerifierKey, 'name' | 'id'>[]): string {
  const { text, signatures } = parseNote(note);
  const kept = signatures.filter((signature) => keys.some(({ name, id }) => name === signature.name && id === signature.id));
  if (kept.length === 0) throw new InvalidNote('no known key signed the note');
  return `${text}\n${kept.map(formatSignature).join('\n')}\n`;
}

/** A signature as the line that a note has of it, without its newline. */
export function formatSignature({ name, id, bytes }: NoteSignature): string {
  return `${DASH} ${name} ${Buffer.concat([Buffer.from(id, 'hex'), bytes]).toString('base64')}`;
}

/** Takes a note apart; verifies nothing. Errors: `InvalidNote`. */
export function parseNote(note: string): Note {
  if (note.length > MAX_NOTE_CHARACTERS) throw new InvalidNote('the note is too long');
  checkText(note);
  const blank = note.lastIndexOf('\n\n');
  const text = note.slice(0, blank + 1);
  const lines = note.slice(blank + 2, -1).split('\n');
  if (blank < 0 || lines[0] === '') throw new InvalidNote('the note has no signatures');
  if (lines.length > MAX_SIGNATURES) throw new InvalidNote('the note has too many signatures');
  return { text, signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, encoded, ...more] = line.split(' ');
  const bytes = encoded === undefined ? null : fromBase64(encoded);
  if (dash !== DASH || name === undefined || !isKeyName(name) || bytes === null || bytes.length <= ID_BYTES || more.length > 0)
    throw new InvalidNote('a line of signature cannot be read');
  return { name, id: bytes.subarray(0, ID_BYTES).toString('hex'), bytes: bytes.subarray(ID_BYTES) };
}

/**
 * The text of a note and who of `keys` signed it, at least one. Lines of other keys are passed over, as rotation and
 * witnesses want it; a line of one of these keys that does not verify spoils the note. Errors: `InvalidNote`.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): { readonly text: string; readonly by: readonly Verified[] } {
  const { text, signatures } = parseNote(note);
  const by = new Map<VerifierKey, Verified>();
  for (const signature of signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && id === signature.id);
    if (key === undefined) continue;
    const time = verifySignature(text, signature, key);
    if (time === 'wrong') throw new InvalidNote(`the signature of ${key.name} (${key.id}) does not verify`);
    by.set(key, { key, time });
  }
  if (by.size === 0) throw new InvalidNote('no known key signed the note');
  return { text, by: [...by.values()] };
}

/** Whether a note is one that this key signed. */
export function isSignedBy(note: string, key: VerifierKey): boolean {
  try {
    openNote(note, [key]);
    return true;
  } catch (error) {
    if (error instanceof InvalidNote) return false;
    throw error;
  }
}

function verifySignature(text: string, { bytes }: NoteSignature, { type, publicKey }: VerifierKey): number | null | 'wrong' {
  const stamped = type === 'cosignature' ? TIME_BYTES : 0;
  if (bytes.length !== stamped + SIGNATURE_BYTES) return 'wrong';
  const time = stamped > 0 ? bytes.readBigUInt64BE() : 0n;
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return 'wrong';
  if (!verify(null, signedBytes(type, text, Number(time)), publicKey, bytes.subarray(stamped))) return 'wrong';
  return stamped > 0 ? Number(time) : null;
}
