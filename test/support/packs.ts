/**
 * Packs of test ledgers: made, taken apart, changed, put together again as somebody would who can do everything but
 * sign.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson, sha256 } from '../../src/encoding/canonical-json.js';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { leafHash, rootOf } from '../../src/ledger/merkle.js';
import type { SignerKey, VerifierKey } from '../../src/ledger/signed-note.js';
import { readerOfTiles } from '../../src/ledger/tiles.js';
import { CHECKPOINT_STREAM, CHECKPOINT_TYPE } from '../../src/events/catalog.js';
import { storedTiles } from '../../src/read-models/ledger/ledger.js';
import { exportPack, type Exported, type ExportParts } from '../../src/audit/pack/export-pack.js';
import type { MemberRecord } from '../../src/verifier/format/layout.js';
import type { Cut } from '../../src/verifier/streams.js';
import { mth } from '../ledger/c2sp.js';
import { verifyFile, type FileToVerify } from '../../src/verifier/verify-file.js';
import type { Verification } from '../../src/verifier/verify-pack.js';

export interface PackMember {
  readonly name: string;
  bytes: Buffer;
}

const VERIFIER = Buffer.from('// the verifier\n');

export interface MakeOptions {
  readonly cut?: Cut;
  readonly keys?: readonly SignerKey[];
  readonly witnesses?: readonly VerifierKey[];
  readonly toEnd?: boolean;
}

export function packFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'disclosure-pack-')), 'ledger.pack');
}

/** Appends a checkpoint of everything recorded by now, as the service does; gives the note. */
export async function checkpoint({ log, store }: ExportParts, keys: readonly SignerKey[]): Promise<string> {
  const size = (store.bookmarks().find(({ name }) => name === 'ledger')?.index ?? -1) + 1;
  const root = rootOf(size, readerOfTiles(storedTiles(store.db)));
  const note = signCheckpoint({ origin: (keys[0] as SignerKey).name, size, root }, keys, Date.now());
  await log.append(CHECKPOINT_STREAM, 'any', [{ id: randomUUID(), type: CHECKPOINT_TYPE, version: 1, data: { note }, metadata: {} }]);
  return note;
}

export async function makePack(ledger: ExportParts, file: string, options: MakeOptions = {}): Promise<Exported> {
  return exportPack(ledger, {
    file,
    cut: options.cut ?? null,
    toEnd: options.toEnd ?? false,
    keys: { ledger: options.keys ?? [], witnesses: options.witnesses ?? [] },
    files: { 'SPEC.md': Buffer.from('# specification\n'), 'COUNTING.md': Buffer.from('# counting\n'), 'verify.mjs': VERIFIER },
  });
}

export function verify(file: string, options: Partial<FileToVerify> = {}): Promise<Verification> {
  return verifyFile({
    file,
    keys: [],
    witnesses: [],
    minWitnesses: 0,
    previousCheckpoint: null,
    self: `sha256:${createHash('sha256').update(VERIFIER).digest('hex')}`,
    ...options,
  });
}

/** Names of the rules of errors, once each, in order. */
export function errorsOf({ findings }: Verification): string[] {
  return [...new Set(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule))].sort();
}

/** The tar of a pack. */
export function tarOf(file: string): Buffer {
  return gunzipSync(readFileSync(file));
}

export function membersOf(file: string): PackMember[] {
  const tar = tarOf(file);
  const members: PackMember[] = [];
  for (let at = 0; tar[at] !== 0;) {
    const name = tar.toString('latin1', at, tar.indexOf(0, at));
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    members.push({ name, bytes: Buffer.from(tar.subarray(at + 512, at + 512 + size)) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return members;
}

/** A header as the specification has it, written a second time. */
export function headerOf(name: string, size: number): Buffer {
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  const fields = (sum: string): string =>
    name.padEnd(100, '\0') +
    octal(0o644, 7) +
    octal(0, 7) +
    octal(0, 7) +
    octal(size, 11) +
    octal(0, 11) +
    sum +
    '0' +
    '\0'.repeat(100) +
    'ustar\0' +
    '00' +
    '\0'.repeat(64) +
    octal(0, 7) +
    octal(0, 7) +
    '\0'.repeat(167);
  const checksum = Buffer.from(fields('        '), 'latin1').reduce((total, byte) => total + byte, 0);
  return Buffer.from(fields(`${checksum.toString(8).padStart(6, '0')}\0 `), 'latin1');
}

/** A tar in the gzip of a pack; of another level than the product's where one is given. */
export function gzipped(tar: Buffer, level?: number): Buffer {
  const zipped = gzipSync(tar, level === undefined ? {} : { level });
  Buffer.from('1f8b08000000000000ff', 'hex').copy(zipped);
  return zipped;
}

/** Puts a pack together as it is, digests and all: nothing is mended. */
export function writeTar(file: string, tar: Buffer): void {
  writeFileSync(file, gzipped(tar));
}

export function tarOfMembers(members: readonly PackMember[]): Buffer {
  const parts = members.flatMap(({ name, bytes }) => [
    headerOf(name, bytes.length),
    bytes,
    Buffer.alloc((512 - (bytes.length % 512)) % 512),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const digest = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Puts a pack together with a list of members that fits them. */
export function remake(file: string, members: readonly PackMember[]): void {
  writeTar(file, tarOfMembers(listed(members)));
}

/** The members, and behind them the list that anybody can make of them. */
export function listed(members: readonly PackMember[]): PackMember[] {
  const content = members.filter(({ name }) => name !== 'members.json');
  const records: MemberRecord[] = content.map(({ name, bytes }) => ({
    name,
    bytes: bytes.length,
    sha256: digest(bytes),
    ...(name.endsWith('.ndjson') ? { lines: bytes.toString().split('\n').length - 1 } : {}),
  }));
  return [...content, { name: 'members.json', bytes: Buffer.from(canonicalJson(records)) }];
}

export function memberOf(members: readonly PackMember[], name: string): PackMember {
  const found = members.find((member) => member.name === name);
  if (found === undefined) throw new Error(`no member ${name}`);
  return found;
}

export function linesOf({ bytes }: PackMember): string[] {
  return bytes.toString().split('\n').slice(0, -1);
}

export function setLines(member: PackMember, lines: readonly string[]): void {
  member.bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** Makes entries, tiles and root those of the events as they are now. */
export function rebuildLedger(members: readonly PackMember[]): Buffer {
  const entries = linesOf(memberOf(members, 'events/000000.ndjson')).map((line) => {
    const { stream, revision, eventId, type, version, occurredAt, recordedAt, data, metadata } = JSON.parse(line) as Record<
      string,
      unknown
    >;
    const digests = { data: sha256(canonicalJson(data)), metadata: sha256(canonicalJson(metadata)) };
    return canonicalJson({ stream, revision, eventId, type, version, occurredAt, recordedAt, ...digests });
  });
  setLines(memberOf(members, 'entries/000000.ndjson'), entries);
  const hashes = entries.map((entry) => leafHash(entry));
  memberOf(members, 'pack.json').bytes = Buffer.from(
    canonicalJson({
      ...(JSON.parse(memberOf(members, 'pack.json').bytes.toString()) as object),
      root: mth(hashes).toString('base64'),
      size: entries.length,
    }),
  );
  const [tile] = members.filter(({ name }) => name.startsWith('tile/0/'));
  (tile as { name: string }).name = `tile/0/000.p/${hashes.length}`;
  (tile as PackMember).bytes = Buffer.concat(hashes);
  return mth(hashes);
}

/** Changes the events, and rebuilds the ledger on them. */
export const forged = (change: (lines: string[]) => string[]) => (members: PackMember[]) => {
  const events = memberOf(members, 'events/000000.ndjson');
  setLines(events, change(linesOf(events)));
  rebuildLedger(members);
};
