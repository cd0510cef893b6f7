/** Signed notes and checkpoints: published vectors, another implementation, and everything that is nearly a note. */
import { generateKeyPairSync } from 'node:crypto';
import { checkpointText, openCheckpoint, parseCheckpoint, signCheckpoint } from '../../src/ledger/checkpoint.js';
import { EMPTY_ROOT, leafHash } from '../../src/ledger/merkle.js';
import {
  addSignature,
  BadKey,
  formatSignerKey,
  formatVerifierKey,
  generateSignerKey,
  InvalidNote,
  openNote,
  parseNote,
  parseSignerKey,
  parseVerifierKey,
  signNote,
} from '../../src/ledger/signed-note.js';
import { readVkey, signedLine, verifies } from './c2sp.js';

const NOW = Date.parse('2026-03-01T09:00:00.999+08:00');
const ORIGIN = 'ledger.example/disclosure';

/** Key, text and signature as the documentation of Go's package note prints them. */
const VECTOR = {
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  skey: 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  line: '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
};

describe('keys', () => {
  test('a published key is read and written again', () => {
    const key = parseVerifierKey(VECTOR.vkey);
    expect(key).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3', type: 'ed25519' });
    expect(formatVerifierKey(key)).toBe(VECTOR.vkey);
    const signer = parseSignerKey(`${VECTOR.skey}\n`);
    expect(formatSignerKey(signer)).toBe(VECTOR.skey);
    expect(formatVerifierKey(signer)).toBe(VECTOR.vkey);
  });

  test('new keys have the specified id', () => {
    // Those made here have the id of the specification.
    for (const type of ['ed25519', 'cosignature'] as const) {
      const key = generateSignerKey(ORIGIN, type);
      expect(readVkey(formatVerifierKey(key))).toMatchObject({ name: ORIGIN, type: type === 'ed25519' ? 1 : 4 });
      expect(formatVerifierKey(parseSignerKey(formatSignerKey(key)))).toBe(formatVerifierKey(key));
    }
  });

  test('another name or type is another key', () => {
    // One key of two names or types is two keys.
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const ids = [
      parseSignerKey(pem, { name: 'a', type: 'ed25519' }),
      parseSignerKey(pem, { name: 'b', type: 'ed25519' }),
      parseSignerKey(pem, { name: 'a', type: 'cosignature' }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

  test.each([
    ['nothing', ''],
    ['another id', VECTOR.vkey.replace('c74f20a3', 'c74f20a4')],
    ['another name', VECTOR.vkey.replace('Peter', 'Petra')],
    ['another type', VECTOR.vkey.replace('+ARpc', '+BRpc')],
    ['a byte less', VECTOR.vkey.replace('10TW', '10Q=')],
    ['no padding where there is some', 'a+00000000+AQ'],
    ['a space in the name', VECTOR.vkey.replace('Peter', 'Peter ')],
    ['a private key', VECTOR.skey],
  ])('%s is no key of a verifier', (_what, text) => {
    expect(() => parseVerifierKey(text)).toThrow(BadKey);
  });

  test.each([
    ['nothing', ''],
    ['a public key', VECTOR.vkey],
    ['another id', VECTOR.skey.replace('c74f20a3', 'c74f20a4')],
    ['a byte less', VECTOR.skey.replace('KDFz', 'KDE=')],
    ['a PEM of another algorithm', rsa],
    ['a PEM that is broken', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
  ])('%s is no signer’s key, nothing leaks', (_what, text) => {
    // … is no key of a signer, and the error tells nothing of it.
    expect(() => parseSignerKey(text, { name: ORIGIN, type: 'ed25519' })).toThrow(BadKey);
    try {
      parseSignerKey(text, { name: ORIGIN, type: 'ed25519' });
    } catch (error) {
      expect(String(error)).not.toMatch(/AYEKFAL|MIG|AAAA/);
    }
  });

  test('a PEM needs a name', () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(() => parseSignerKey(pem)).toThrow(BadKey);
    expect(() => parseSignerKey(pem, { name: 'a b', type: 'ed25519' })).toThrow(BadKey);
  });
});

describe('notes', () => {
  const ours = generateSignerKey(ORIGIN);
  const next = generateSignerKey(ORIGIN);
  const witness = generateSignerKey('witness.example/w1', 'cosignature');
  const text = 'one\n\nthree 三\n';

  test('the published note verifies under its key', () => {
    // The published note is the one that its key signs.
    const note = `${VECTOR.text}\n${VECTOR.line}`;
    expect(signNote(VECTOR.text, [parseSignerKey(VECTOR.skey)], NOW)).toBe(note);
    expect(openNote(note, [parseVerifierKey(VECTOR.vkey)]).text).toBe(VECTOR.text);
  });

  test('another implementation verifies each line of ours', () => {
    const note = addSignature(signNote(text, [ours, next], NOW), witness, NOW);
    for (const key of [ours, next, witness]) expect(verifies(note, readVkey(formatVerifierKey(key)))).toBe(true);
    expect(verifies(note.replace('three', 'threE'), readVkey(formatVerifierKey(witness)))).toBe(false);
    expect(note.startsWith(`${text}\n— ${ORIGIN} `)).toBe(true);
    expect(note.endsWith('\n')).toBe(true);
    expect(note.split('\n\n').at(-1)?.trimEnd().split('\n')).toHaveLength(3);
  });

  test('ours verifies each line of another implementation', () => {
    const { line, vkey } = signedLine(text, 'elsewhere', Buffer.alloc(32, 7));
    expect(openNote(`${text}\n${line}`, [parseVerifierKey(vkey)]).text).toBe(text);
  });

  test('a cosignature tells its time in seconds', () => {
    // A cosignature says when it was given, in whole seconds.
    const { by } = openNote(signNote(text, [ours, witness], NOW), [ours, witness]);
    expect(by.map(({ key, time }) => [key.name, time])).toEqual([
      [ORIGIN, null],
      ['witness.example/w1', Math.floor(NOW / 1000)],
    ]);
  });

  test('strangers’ lines are ignored, alone not enough', () => {
    // Lines of strangers are passed over, a stranger alone is not enough.
    const note = signNote(text, [ours, next, witness], NOW);
    expect(openNote(note, [next]).by).toHaveLength(1);
    expect(() => openNote(note, [generateSignerKey(ORIGIN), generateSignerKey('another')])).toThrow(/no known key/);
    expect(() => openNote(note, [])).toThrow(InvalidNote);
  });

  test('the same line twice is one signature', () => {
    const note = signNote(text, [ours, ours], NOW);
    expect(openNote(note, [ours]).by).toHaveLength(1);
  });

  test('sixteen signatures and more are read', () => {
    const strangers = Array.from({ length: 16 }, (_, index) => generateSignerKey(`stranger-${index}`));
    expect(openNote(signNote(text, [...strangers, ours], NOW), [ours]).by).toHaveLength(1);
  });

  test('no changed byte alters what was signed', () => {
    // Each byte changed or left out makes the note invalid, or changes nothing that was signed.
    const note = signNote('abc\n', [ours], NOW);
    const bytes = Buffer.from(note);
    const opens = (changed: Buffer): boolean => {
      try {
        openNote(changed.toString('utf8'), [ours]);
        return true;
      } catch (error) {
        if (!(error instanceof InvalidNote)) throw error;
        return false;
      }
    };
    expect(opens(bytes)).toBe(true);
    for (let at = 0; at < bytes.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        expect([at, bit, opens(flipped)]).toEqual([at, bit, false]);
      }
      expect([at, opens(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]))]).toEqual([at, false]);
      expect([at, opens(bytes.subarray(0, at))]).toEqual([at, false]);
    }
  });

  test('a known key’s false line spoils the note', () => {
    // A line of a known key that does not verify spoils a note that another known key signed.
    const other = signNote('other\n', [next], NOW).split('\n\n').at(-1) as string;
    const note = signNote(text, [ours], NOW) + other;
    expect(openNote(note, [ours]).by).toHaveLength(1);
    expect(() => openNote(note, [ours, next])).toThrow(/does not verify/);
  });

  test.each([
    ['nothing', ''],
    ['a text alone', 'text\n'],
    ['a blank line and nothing', 'text\n\n'],
    ['a line without its newline', `text\n\n${VECTOR.line.trimEnd()}`],
    ['another dash', `text\n\n${VECTOR.line.replace('—', '-')}`],
    ['two spaces', `text\n\n${VECTOR.line.replace(' x08', '  x08')}`],
    ['no base64', 'text\n\n— name ****\n'],
    ['base64 without padding', `text\n\n${VECTOR.line.replace('=', '')}`],
    ['a signature of four bytes', 'text\n\n— name AAAAAA==\n'],
    ['a tab', `te\txt\n\n${VECTOR.line}`],
    ['a carriage return', `text\r\n\n${VECTOR.line}`],
    ['half of a surrogate pair', `te\ud800xt\n\n${VECTOR.line}`],
    ['a text behind the signatures', `text\n\n${VECTOR.line}text\n`],
    ['a thousand signatures', `text\n\n${VECTOR.line.repeat(1000)}`],
    ['a million characters', `${'x'.repeat(1_000_000)}\n\n${VECTOR.line}`],
  ])('%s is no note', (_what, note) => {
    expect(() => parseNote(note)).toThrow(InvalidNote);
  });

  test.each([
    ['no final newline', 'text'],
    ['a control character', 'te\0xt\n'],
    ['half of a surrogate pair', '\udc00\n'],
  ])('%s: the text cannot be signed', (_what, wrong) => {
    expect(() => signNote(wrong, [ours], NOW)).toThrow(InvalidNote);
  });

  test('nobody signs nothing', () => expect(() => signNote(text, [], NOW)).toThrow(InvalidNote));
});

describe('checkpoints', () => {
  const ours = generateSignerKey(ORIGIN);
  const checkpoint = { origin: ORIGIN, size: 20852163, root: leafHash('a root') };

  test('the text has three specified lines', () => {
    // The text has three lines, as the specification prints them.
    const root = Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64');
    const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    expect(checkpointText({ origin: 'example.com/behind-the-sofa', size: 20852163, root })).toBe(text);
    expect(parseCheckpoint(text)).toEqual({ origin: 'example.com/behind-the-sofa', size: 20852163, root });
  });

  test('signed, verified by another implementation and opened again', () => {
    const note = signCheckpoint(checkpoint, [ours], NOW);
    expect(verifies(note, readVkey(formatVerifierKey(ours)))).toBe(true);
    expect(openCheckpoint(note, ORIGIN, [ours]).checkpoint).toEqual(checkpoint);
  });

  test('a foreign or witness-only one is refused', () => {
    // Of another ledger, or signed by a witness alone, it is refused.
    const note = signCheckpoint(checkpoint, [ours], NOW);
    expect(() => openCheckpoint(note, 'another.example', [ours])).toThrow(/of another.example/);
    const witness = generateSignerKey('witness.example', 'cosignature');
    const cosigned = signCheckpoint(checkpoint, [witness], NOW);
    expect(() => openCheckpoint(cosigned, ORIGIN, [ours, witness])).toThrow(/no key of the ledger/);
    const stranger = generateSignerKey('stranger.example');
    expect(() => openCheckpoint(signCheckpoint(checkpoint, [stranger], NOW), ORIGIN, [stranger])).toThrow(/no key of the ledger/);
    expect(openCheckpoint(addSignature(note, witness, NOW), ORIGIN, [ours, witness]).by).toHaveLength(2);
  });

  test('further lines are allowed', () => {
    expect(parseCheckpoint(`${checkpointText(checkpoint)}more\n`)).toEqual(checkpoint);
  });

  const root = checkpoint.root.toString('base64');

  test.each([
    ['two lines', `${ORIGIN}\n1\n`],
    ['no final newline', `${ORIGIN}\n1\n${root}`],
    ['an empty name', `\n1\n${root}\n`],
    ['an empty line behind', `${ORIGIN}\n1\n${root}\n\nmore\n`],
    ['a size with zeros before it', `${ORIGIN}\n01\n${root}\n`],
    ['a size with a sign', `${ORIGIN}\n+1\n${root}\n`],
    ['a size with a fraction', `${ORIGIN}\n1.0\n${root}\n`],
    ['a size in another script', `${ORIGIN}\n１\n${root}\n`],
    ['a size beyond what is counted', `${ORIGIN}\n9007199254740992\n${root}\n`],
    ['a root of 31 bytes', `${ORIGIN}\n1\n${checkpoint.root.subarray(1).toString('base64')}\n`],
    ['a root without padding', `${ORIGIN}\n1\n${root.replace('=', '')}\n`],
    ['a root of nothing that is another', `${ORIGIN}\n0\n${root}\n`],
  ])('%s is no checkpoint', (_what, text) => {
    expect(() => parseCheckpoint(text)).toThrow(InvalidNote);
  });

  test('what cannot be read back is not written', () => {
    expect(() => checkpointText({ ...checkpoint, origin: '' })).toThrow(InvalidNote);
    expect(() => checkpointText({ ...checkpoint, origin: 'a\nb' })).toThrow(InvalidNote);
    expect(() => checkpointText({ ...checkpoint, size: -1 })).toThrow(InvalidNote);
    expect(() => checkpointText({ ...checkpoint, root: Buffer.alloc(31) })).toThrow(InvalidNote);
    expect(parseCheckpoint(checkpointText({ origin: ORIGIN, size: 0, root: EMPTY_ROOT })).size).toBe(0);
  });
});
