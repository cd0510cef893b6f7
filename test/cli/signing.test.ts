/** The keys of the ledger as an operator gives them. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadConfiguration } from '../../src/config/config.js';
import { formatSignerKey, formatVerifierKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import { readSigning, readTrustedKeys, readWitness, readWitnesses } from '../../src/runtime/signing-keys.js';

const NAME = 'ledger.example/disclosure';
const key = generateSignerKey(NAME);
const next = generateSignerKey(NAME);
const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'disclosure-signing-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('no key, no checkpoints', () => {
  expect(readSigning({}, folder)).toBeNull();
  expect(readSigning({ DISCLOSURE_LEDGER_KEY: ' \n' }, folder)).toBeNull();
});

test('one line names ledger and key', () => {
  const signing = readSigning({ DISCLOSURE_LEDGER_KEY: formatSignerKey(key) }, folder);
  expect(signing).toMatchObject({ interval: 60_000, signer: { origin: NAME, keys: [{ id: key.id }] } });
});

test('two lines in a file are a rotation', () => {
  const file = join(folder, 'key');
  writeFileSync(file, `${formatSignerKey(key)}\r\n\n${formatSignerKey(next)}\n`);
  const signing = readSigning({ DISCLOSURE_LEDGER_KEY_FILE: file, DISCLOSURE_CHECKPOINT_SECONDS: '5' }, folder);
  expect(signing?.signer.keys.map(({ id }) => id)).toEqual([key.id, next.id]);
  expect(signing?.interval).toBe(5000);
});

test('a PEM takes its name from beside it', () => {
  const signing = readSigning({ DISCLOSURE_LEDGER_KEY: pem, DISCLOSURE_LEDGER_NAME: NAME }, folder);
  expect(signing?.signer).toMatchObject({ origin: NAME, keys: [{ name: NAME, type: 'ed25519' }] });
});

test('what was signed last is kept and read', () => {
  // What was signed last is kept whole, and read again.
  const signing = readSigning({ DISCLOSURE_LEDGER_KEY: formatSignerKey(key) }, folder);
  expect(signing?.signer.lastSigned.load()).toBeNull();
  signing?.signer.lastSigned.save('a note\n');
  signing?.signer.lastSigned.save('another\n');
  expect(readSigning({ DISCLOSURE_LEDGER_KEY: formatSignerKey(next) }, folder)?.signer.lastSigned.load()).toBe('another\n');
});

test.each<[string, Record<string, string>]>([
  ['a key that is none', { DISCLOSURE_LEDGER_KEY: 'nonsense' }],
  ['a PEM without a name', { DISCLOSURE_LEDGER_KEY: pem }],
  ['another name than the key has', { DISCLOSURE_LEDGER_KEY: formatSignerKey(key), DISCLOSURE_LEDGER_NAME: 'another' }],
  ['keys of two names', { DISCLOSURE_LEDGER_KEY: `${formatSignerKey(key)}\n${formatSignerKey(generateSignerKey('another'))}` }],
  ['the same key twice', { DISCLOSURE_LEDGER_KEY: `${formatSignerKey(key)}\n${formatSignerKey(key)}` }],
  ['the key of a witness', { DISCLOSURE_LEDGER_KEY: formatSignerKey(generateSignerKey(NAME, 'cosignature')) }],
  ['a file that is not there', { DISCLOSURE_LEDGER_KEY_FILE: '/nowhere/key' }],
  ['no time between checkpoints', { DISCLOSURE_LEDGER_KEY: formatSignerKey(key), DISCLOSURE_CHECKPOINT_SECONDS: '0' }],
  ['a time of days', { DISCLOSURE_LEDGER_KEY: formatSignerKey(key), DISCLOSURE_CHECKPOINT_SECONDS: '86401' }],
])('%s is refused, no key shown', (_what, env) => {
  // … is refused, and nothing of a key is shown.
  expect(() => readSigning(env, folder)).toThrow(BadConfiguration);
  try {
    readSigning(env, folder);
  } catch (error) {
    const secret = formatSignerKey(key).split('+').slice(4).join('+');
    expect(String(error)).not.toContain(secret);
    expect(String(error)).not.toContain('PRIVATE KEY');
  }
});

const witness = generateSignerKey('witness.example/w1', 'cosignature');

test('earlier keys and replicas’ keys are trusted', () => {
  // Keys of old days and of other replicas are trusted beside the own ones.
  const env = { DISCLOSURE_LEDGER_KEY: formatSignerKey(key), DISCLOSURE_LEDGER_VKEYS: `# 2025\n${formatVerifierKey(next)}` };
  expect(readSigning(env, folder)?.signer.trusted?.map(({ id }) => id)).toEqual([next.id]);
  expect(readTrustedKeys(env).map(({ id }) => id)).toEqual([key.id, next.id]);
  expect(readTrustedKeys({})).toEqual([]);
});

test('a witness has a line per key', () => {
  const other = generateSignerKey(witness.name, 'cosignature');
  const third = generateSignerKey('witness.example/w2', 'cosignature');
  const lines = `${formatVerifierKey(witness)} https://w.example/a/\n${formatVerifierKey(other)}  https://w.example/a\n${formatVerifierKey(third)} http://127.0.0.1:3100`;
  expect(readWitnesses({ DISCLOSURE_WITNESSES: lines }).map(({ url, keys }) => [url, keys.map(({ id }) => id)])).toEqual([
    ['https://w.example/a', [witness.id, other.id]],
    ['http://127.0.0.1:3100', [third.id]],
  ]);
  expect(readWitnesses({})).toEqual([]);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['a witness without an address', { DISCLOSURE_WITNESSES: formatVerifierKey(witness) }, /a line is a verifier key and a URL/],
  ['an address that is none', { DISCLOSURE_WITNESSES: `${formatVerifierKey(witness)} witness.example` }, /not an address of a witness/],
  ['an address of another kind', { DISCLOSURE_WITNESSES: `${formatVerifierKey(witness)} file:///tmp` }, /not an address of a witness/],
  ['the key of a ledger as a witness', { DISCLOSURE_WITNESSES: `${formatVerifierKey(key)} http://x` }, /is not the key of a witness/],
  [
    'a witness twice',
    { DISCLOSURE_WITNESSES: `${formatVerifierKey(witness)} http://x\n${formatVerifierKey(witness)} http://y` },
    /a key is given twice/,
  ],
  ['a trusted key that is none', { DISCLOSURE_LEDGER_VKEYS: 'x' }, /DISCLOSURE_LEDGER_VKEYS: a key is written/],
  [
    'witnesses without a key to sign with',
    { DISCLOSURE_LEDGER_KEY: '', DISCLOSURE_WITNESSES: `${formatVerifierKey(witness)} http://x` },
    /only a service that signs asks witnesses/,
  ],
])('a ledger with %s is refused', (_what, changed, why) => {
  expect(() => readSigning({ DISCLOSURE_LEDGER_KEY: formatSignerKey(key), ...changed }, folder)).toThrow(why);
  expect(() => readSigning({ DISCLOSURE_LEDGER_KEY: formatSignerKey(key), ...changed }, folder)).toThrow(BadConfiguration);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['without a key', { DISCLOSURE_WITNESS_KEY: '' }, /needs a key/],
  ['with the key of a ledger', { DISCLOSURE_WITNESS_KEY: formatSignerKey(key) }, /is not one of the witness: .*--witness/],
  ['with a key that is none', { DISCLOSURE_WITNESS_KEY: 'PRIVATE+KEY+x' }, /the key of the witness: a key is written/],
  ['with a file that is not there', { DISCLOSURE_WITNESS_KEY_FILE: '/nowhere/key' }, /DISCLOSURE_WITNESS_KEY_FILE cannot be read/],
  ['without ledgers', { DISCLOSURE_WITNESS_LOGS: '' }, /needs the verifier keys of ledgers/],
  ['with a ledger that is none', { DISCLOSURE_WITNESS_LOGS: 'x' }, /DISCLOSURE_WITNESS_LOGS: a key is written/],
  ['with a witness as ledger', { DISCLOSURE_WITNESS_LOGS: formatVerifierKey(witness) }, /is the key of a witness, not of a ledger/],
])('a witness %s is refused', (_what, changed, why) => {
  const env = { DISCLOSURE_WITNESS_KEY: formatSignerKey(witness), DISCLOSURE_WITNESS_LOGS: formatVerifierKey(key) };
  expect(readWitness(env)).toMatchObject({ keys: [{ id: witness.id }], logs: [{ id: key.id }] });
  expect(() => readWitness({ ...env, ...changed })).toThrow(why);
  expect(() => readWitness({ ...env, ...changed })).toThrow(BadConfiguration);
});
