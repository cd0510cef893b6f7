/**
 * What an attacker does to the file of a pack without looking into its members: bytes of gzip and tar, whole members
 * moved about.
 */
import { gzipSync } from 'node:zlib';
import { gzipped, headerOf, listed, tarOfMembers, type PackMember } from './packs.js';

/** One tampering: the bytes of the file that comes of it. */
export interface Deed {
  readonly name: string;
  readonly make: () => Buffer;
}

type Change = (members: PackMember[]) => PackMember[];

const copyOf = (members: readonly PackMember[]): PackMember[] => members.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) }));

/** Packed again with a list of members that fits, as anybody can. */
export const mended = (members: readonly PackMember[], name: string, change: (members: PackMember[]) => PackMember[] | void): Deed => ({
  name: `mended: ${name}`,
  make: () => {
    const copy = copyOf(members);
    return gzipped(tarOfMembers(listed(change(copy) ?? copy)));
  },
});

/** Packed again as it is, with the list of before. */
const raw = (members: readonly PackMember[], name: string, change: Change): Deed => ({
  name: `raw: ${name}`,
  make: () => gzipped(tarOfMembers(change(copyOf(members)))),
});

const EDITS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'first byte flipped': (bytes) => flip(bytes, 0),
  'byte in the middle flipped': (bytes) => flip(bytes, bytes.length >> 1),
  'last byte flipped': (bytes) => flip(bytes, bytes.length - 1),
  'cut in half': (bytes) => bytes.subarray(0, bytes.length >> 1),
  'last byte cut off': (bytes) => bytes.subarray(0, -1),
  'a byte more': (bytes) => Buffer.concat([bytes, Buffer.from([0])]),
  'a newline more': (bytes) => Buffer.concat([bytes, Buffer.from('\n')]),
  emptied: () => Buffer.alloc(0),
};

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

/** Nothing but their digests vouches for these: whoever makes the list of members anew may write what he likes. */
const FREE: ReadonlySet<string> = new Set(['keys.json', 'SPEC.md', 'COUNTING.md', 'verify.mjs', 'members.json']);

/** Every member × every edit, with the list of before and with one that fits. */
export function memberDeeds(members: readonly PackMember[]): Deed[] {
  return members.flatMap(({ name, bytes: { length } }, at) => [
    ...Object.entries(EDITS)
      .filter(([what]) => length > 0 || what.endsWith('more'))
      .flatMap(([what, edit]) => {
        const change: Change = (all) => all.map((one, place) => (place === at ? { name, bytes: edit(one.bytes) } : one));
        return [raw(members, `${name} ${what}`, change), ...(FREE.has(name) ? [] : [mended(members, `${name} ${what}`, change)])];
      }),
    ...placeDeeds(members, name, at),
  ]);
}

function placeDeeds(members: readonly PackMember[], name: string, at: number): Deed[] {
  const changes: Readonly<Record<string, Change>> = {
    removed: (all) => all.toSpliced(at, 1),
    renamed: (all) => all.with(at, { name: `${name}x`, bytes: (all[at] as PackMember).bytes }),
    'under another letter case': (all) => all.with(at, { name: name.toUpperCase(), bytes: (all[at] as PackMember).bytes }),
    twice: (all) => all.toSpliced(at, 0, all[at] as PackMember),
    'twice, the second time at the end': (all) => all.toSpliced(-1, 0, all[at] as PackMember),
    'changed places with the next': (all) => all.toSpliced(at, 2, ...all.slice(at, at + 2).reverse()),
    'a copy beside it under another name': (all) => all.toSpliced(at, 0, { name: `${name}.bak`, bytes: (all[at] as PackMember).bytes }),
  };
  // The list of members is made anew when everything is mended, and stands at the end.
  const isList = name === 'members.json';
  const isLast = members[at + 1]?.name === 'members.json';
  return Object.entries(changes).flatMap(([what, change]) =>
    what === 'changed places with the next' && (isList || isLast)
      ? []
      : [raw(members, `${name} ${what}`, change), ...(isList ? [] : [mended(members, `${name} ${what}`, change)])],
  );
}

const MTIME = 4;
const EXTRA_FLAGS = 8;
const SYSTEM = 9;
const FLAGS = 3;

/** A pack with a field of the gzip header that none has; `field` stands behind the ten bytes. */
function withField(file: Buffer, flag: number, field: Buffer): Buffer {
  const head = Buffer.from(file.subarray(0, 10));
  head[FLAGS] = flag;
  return Buffer.concat([head, field, file.subarray(10)]);
}

/** Bytes of gzip around a tar that is left alone. */
export function gzipDeeds(members: readonly PackMember[]): Deed[] {
  const tar = tarOfMembers(members);
  const file = gzipped(tar);
  const set = (at: number, value: number): Buffer => {
    const bytes = Buffer.from(file);
    bytes[at < 0 ? bytes.length + at : at] = value;
    return bytes;
  };
  const other = (at: number): Buffer => flip(file, at < 0 ? file.length + at : at);
  const files: Readonly<Record<string, () => Buffer>> = {
    'two members, cut in the middle': () =>
      Buffer.concat([gzipped(tar.subarray(0, tar.length >> 1)), gzipped(tar.subarray(tar.length >> 1))]),
    'two members, cut between members of the tar': () => Buffer.concat([gzipped(tar.subarray(0, 1024)), gzipped(tar.subarray(1024))]),
    'two members, the second holding the end': () => Buffer.concat([gzipped(tar.subarray(0, -1024)), gzipped(tar.subarray(-1024))]),
    'a member for every block': () =>
      Buffer.concat(Array.from({ length: Math.ceil(tar.length / 65536) }, (_, at) => gzipped(tar.subarray(at * 65536, (at + 1) * 65536)))),
    'an empty member behind it': () => Buffer.concat([file, gzipped(Buffer.alloc(0))]),
    'an empty member before it': () => Buffer.concat([gzipped(Buffer.alloc(0)), file]),
    'an ordinary empty member behind it': () => Buffer.concat([file, gzipSync(Buffer.alloc(0))]),
    'the same pack behind it': () => Buffer.concat([file, file]),
    'a zero behind it': () => Buffer.concat([file, Buffer.alloc(1)]),
    'blocks of zeros behind it': () => Buffer.concat([file, Buffer.alloc(4096)]),
    'text behind it': () => Buffer.concat([file, Buffer.from('PK\u0003\u0004')]),
    'half a header of a member behind it': () => Buffer.concat([file, Buffer.from('1f8b08', 'hex')]),
    'the first byte cut off': () => file.subarray(1),
    'the header cut off': () => file.subarray(10),
    'the length cut off': () => file.subarray(0, -4),
    'the trailer cut off': () => file.subarray(0, -8),
    'the end of the deflate stream cut off': () => Buffer.concat([file.subarray(0, -40), file.subarray(-8)]),
    'another checksum': () => other(-8),
    'no checksum': () => Buffer.concat([file.subarray(0, -8), Buffer.alloc(4), file.subarray(-4)]),
    'another length': () => other(-4),
    'another high byte of the length': () => other(-1),
    'a time': () => set(MTIME, 1),
    'extra flags': () => set(EXTRA_FLAGS, 2),
    'a system': () => set(SYSTEM, 3),
    'another method': () => set(2, 7),
    'the flag of text': () => set(FLAGS, 1),
    'a flag that is reserved': () => set(FLAGS, 0x20),
    'a name': () => withField(file, 8, Buffer.from('ledger.pack\0')),
    'an empty name': () => withField(file, 8, Buffer.alloc(1)),
    'a comment': () => withField(file, 16, Buffer.from('signed\0')),
    'an extra field': () => withField(file, 4, Buffer.from([4, 0, 0x41, 0x42, 0, 0])),
    'an empty extra field': () => withField(file, 4, Buffer.alloc(2)),
    'a checksum of the header': () => withField(file, 2, Buffer.alloc(2)),
    'no gzip': () => tar,
    'gzip twice': () => gzipped(file),
    'raw deflate': () => file.subarray(10, -8),
    nothing: () => Buffer.alloc(0),
  };
  return Object.entries(files).map(([name, make]) => ({ name: `gzip: ${name}`, make }));
}

/** Where a field of the header stands, and what somebody might write there. */
const FIELDS: Readonly<Record<string, readonly [number, string]>> = {
  'a mode': [100, '0000755\0'],
  'a mode with blanks': [100, '000644 \0'],
  'an owner': [108, '0001750\0'],
  'a group': [116, '0001750\0'],
  'a size with blanks': [124, '        '],
  'a time': [136, '15062134121\0'],
  'a type of before POSIX': [156, '\0'],
  'a link': [156, '1'],
  'a symbolic link': [156, '2'],
  'a folder': [156, '5'],
  'a contiguous file': [156, '7'],
  'a pax header': [156, 'x'],
  'a pax header of the whole': [156, 'g'],
  'a long name of GNU': [156, 'L'],
  'the name of a link': [157, 'elsewhere\0'],
  'the magic of GNU': [257, 'ustar  \0'],
  'no magic': [257, '\0\0\0\0\0\0\0\0'],
  'another version': [263, '11'],
  'the name of an owner': [265, 'root\0'],
  'the name of a group': [297, 'root\0'],
  'a device': [329, '0000001\0'],
  'a minor device': [337, '0000001\0'],
  'a prefix': [345, 'folder\0'],
  'something in the last bytes': [500, 'x'],
  'something behind the name': [90, 'x'],
};

/** Headers and blocks of tar; checksums fit. */
export function tarDeeds(members: readonly PackMember[]): Deed[] {
  const tar = tarOfMembers(members);
  const first = members[0] as PackMember;
  const padded = 512 + Math.ceil(first.bytes.length / 512) * 512;
  const block = (name: string, bytes: Buffer): Buffer => tarOfMembers([{ name, bytes }]).subarray(0, -1024);
  const tars: Readonly<Record<string, () => Buffer>> = {
    'something in the padding': () => flip(tar, 512 + first.bytes.length),
    'one block of zeros at the end': () => tar.subarray(0, -512),
    'no block of zeros at the end': () => tar.subarray(0, -1024),
    'three blocks of zeros at the end': () => Buffer.concat([tar, Buffer.alloc(512)]),
    'zeros to ten thousand bytes, as tar writes them': () => Buffer.concat([tar, Buffer.alloc(10240 - (tar.length % 10240))]),
    'a byte behind the end': () => Buffer.concat([tar, Buffer.alloc(1)]),
    'a member behind the end': () => Buffer.concat([tar, block('more', Buffer.from('x'))]),
    'a block of zeros between members': () => Buffer.concat([tar.subarray(0, padded), Buffer.alloc(512), tar.subarray(padded)]),
    'the checksum without its blank': () => withChecksum(tar, '\0\0'),
    'the checksum as seven digits': () => withChecksum(tar, '0\0'),
    'a wrong checksum': () => flip(tar, 150),
    'a member with a slash at the beginning': () => Buffer.concat([block('/pack.json', first.bytes), tar.subarray(padded)]),
    'a member with a dot before it': () => Buffer.concat([block('./pack.json', first.bytes), tar.subarray(padded)]),
    'a member that leads out of the folder': () =>
      Buffer.concat([tar.subarray(0, padded), block('../pack.json', first.bytes), tar.subarray(padded)]),
    'an empty folder': () => Buffer.concat([tar.subarray(0, padded), block('forms/', Buffer.alloc(0)), tar.subarray(padded)]),
    'a name of 100 bytes': () =>
      Buffer.concat([tar.subarray(0, padded), block(`forms/${'x'.repeat(94)}`, Buffer.alloc(0)), tar.subarray(padded)]),
    'a size beyond the file': () => Buffer.concat([headerOf(first.name, 8 ** 10), tar.subarray(512)]),
    'a size of base 256': () => sizeInBase256(tar),
  };
  return [
    ...Object.entries(tars).map(([name, make]): Deed => ({ name: `tar: ${name}`, make: () => gzipped(make()) })),
    ...Object.entries(FIELDS).map(([name, [at, text]]): Deed => ({
      name: `tar: ${name}`,
      make: () => gzipped(withFieldAt(tar, at, text)),
    })),
  ];
}

function sum(tar: Buffer): number {
  return tar.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function withFieldAt(tar: Buffer, at: number, text: string): Buffer {
  const copy = Buffer.from(tar);
  copy.write(text, at, 'latin1');
  copy.write(`${sum(copy).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return copy;
}

function withChecksum(tar: Buffer, end: string): Buffer {
  const copy = Buffer.from(tar);
  const digits = sum(copy)
    .toString(8)
    .padStart(8 - end.length, '0');
  copy.write(digits + end, 148, 'latin1');
  return copy;
}

function sizeInBase256(tar: Buffer): Buffer {
  const copy = Buffer.from(tar);
  const size = Number.parseInt(copy.toString('latin1', 124, 135), 8);
  copy.fill(0, 124, 136);
  copy[124] = 0x80;
  copy.writeUInt32BE(size, 132);
  copy.write(`${sum(copy).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return copy;
}
