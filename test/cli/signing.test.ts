/** The keys of the ledger as an operator gives them. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadConfiguration } from '../../src/config.js';
import { formatSignerKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import { readSigning } from '../../src/signing.js';

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

test('what was signed last is kept whole, and read again', () => {
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
])('%s is refused, and nothing of a key is said', (_what, env) => {
  expect(() => readSigning(env, folder)).toThrow(BadConfiguration);
  try {
    readSigning(env, folder);
  } catch (error) {
    const secret = formatSignerKey(key).split('+').slice(4).join('+');
    expect(String(error)).not.toContain(secret);
    expect(String(error)).not.toContain('PRIVATE KEY');
  }
});
