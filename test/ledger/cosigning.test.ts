/**
 * What a ledger and a witness say to one another, and what the ledger keeps of it: the published example, and
 * everything that is nearly one.
 */
import { signCheckpoint, verifyCheckpointNote } from '../../src/ledger/checkpoint.js';
import { cosignedData, formatAddCheckpoint, parseAddCheckpoint, readCosigned, withCosignatures } from '../../src/ledger/cosigning.js';
import { leafHash } from '../../src/ledger/merkle.js';
import {
  addSignature,
  BadKey,
  formatVerifierKey,
  generateSignerKey,
  InvalidNote,
  parseVerifierKeys,
  withSignaturesOf,
} from '../../src/ledger/signed-note.js';

const NOW = Date.parse('2026-03-01T09:00:00+08:00');
const ORIGIN = 'ledger.example/disclosure';
const key = generateSignerKey(ORIGIN);
const witness = generateSignerKey('witness.example/w1', 'cosignature');
const checkpoint = { origin: ORIGIN, size: 3, root: leafHash('x') };
const note = signCheckpoint(checkpoint, [key], NOW);

/** The request that the specification prints. */
const EXAMPLE = `old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
`;

test('the published request is read and written again', () => {
  const request = parseAddCheckpoint(EXAMPLE);
  expect(request).toMatchObject({ old: 20852014, checkpoint: expect.stringMatching(/^example\.com/) as unknown });
  expect(request.proof.map((hash) => hash.length)).toEqual([32, 32, 32, 32]);
  expect(formatAddCheckpoint(request)).toBe(EXAMPLE);
  expect(parseAddCheckpoint(formatAddCheckpoint({ old: 0, proof: [], checkpoint: note }))).toEqual({ old: 0, proof: [], checkpoint: note });
});

test.each([
  ['', 'nothing'],
  ['old 1', 'no empty line'],
  ['old\n\nx', 'no size'],
  ['old 01\n\nx', 'a zero before the size'],
  ['old -1\n\nx', 'a size below zero'],
  ['old 1e3\n\nx', 'another way to write a number'],
  ['old 9999999999999999\n\nx', 'a size that is no exact number'],
  ['new 1\n\nx', 'another word'],
  ['old 1\r\n\nx', 'another end of line'],
  ['old 1\nnot base64\n\nx', 'a hash that is none'],
  [`old 1\n${leafHash('x').toString('base64').slice(0, -1)}\n\nx`, 'no padding'],
  [`old 1\n${leafHash('x').subarray(1).toString('base64')}\n\nx`, 'a short hash'],
  [`old 1\n${`${leafHash('x').toString('base64')}\n`.repeat(64)}\nx`, 'too many hashes'],
])('%j is no request: %s', (body) => {
  expect(() => parseAddCheckpoint(body)).toThrow(InvalidNote);
});

test('a cosignature is kept and served again', () => {
  // What a witness signed is kept beside the checkpoint and comes under it again.
  const cosigned = addSignature(note, witness, NOW);
  const line = cosigned.slice(note.length, -1);
  const data = cosignedData({ size: 3, root: checkpoint.root, cosignatures: [line] });
  expect(readCosigned(JSON.parse(JSON.stringify(data)) as typeof data)).toEqual({ size: 3, root: checkpoint.root, cosignatures: [line] });
  expect(withCosignatures(note, [line, line])).toBe(cosigned);
  expect(withCosignatures(cosigned, [line])).toBe(cosigned);
  const { by } = verifyCheckpointNote(cosigned, [key, witness]);
  expect(by.map(({ key: { name }, time }) => [name, time])).toEqual([
    [ORIGIN, null],
    [witness.name, NOW / 1000],
  ]);
});

test.each<[string, Record<string, unknown>]>([
  ['without a size', { root: checkpoint.root.toString('base64'), cosignatures: ['— w AAAAAAA='] }],
  ['with half an entry', { size: 0.5, root: checkpoint.root.toString('base64'), cosignatures: ['— w AAAAAAA='] }],
  ['with a short root', { size: 1, root: 'AAAA', cosignatures: ['— w AAAAAAA='] }],
  ['without a line', { size: 1, root: checkpoint.root.toString('base64'), cosignatures: [] }],
  ['with two lines in one', { size: 1, root: checkpoint.root.toString('base64'), cosignatures: ['— w AAAAAAA=\n— w AAAAAAA='] }],
  ['with a line that is none', { size: 1, root: checkpoint.root.toString('base64'), cosignatures: ['x'] }],
])('a cosignature %s is none', (_what, data) => {
  expect(() => readCosigned(data)).toThrow(InvalidNote);
});

test('a note holds under its ledger’s name only', () => {
  // A note of whichever ledger is true under a key that bears its name, and under no other.
  const other = generateSignerKey('other.example');
  expect(verifyCheckpointNote(note, [other, key, witness]).checkpoint).toEqual(checkpoint);
  for (const keys of [[], [other], [generateSignerKey(ORIGIN)], [witness]])
    expect(() => verifyCheckpointNote(note, keys)).toThrow(InvalidNote);
  // A witness and a stranger may sign it, but they are not the ledger.
  const foreign = signCheckpoint(checkpoint, [other, witness], NOW);
  expect(() => verifyCheckpointNote(foreign, [other, witness])).toThrow(/no key of the ledger/);
  expect(() => verifyCheckpointNote(note.replace('\n3\n', '\n4\n'), [key])).toThrow(/does not verify/);
});

test('signatures of others are left out', () => {
  const both = addSignature(note, witness, NOW);
  expect(withSignaturesOf(both, [key])).toBe(note);
  expect(withSignaturesOf(both, [key, witness])).toBe(both);
  expect(() => withSignaturesOf(note, [witness])).toThrow(InvalidNote);
});

test('a list of keys has lines and remarks', () => {
  // A list of keys has one a line, and remarks.
  const lines = [key, witness].map(formatVerifierKey);
  expect(parseVerifierKeys(`# the ledger\n${lines.join('\r\n\n')}\n`).map(({ id }) => id)).toEqual([key.id, witness.id]);
  expect(() => parseVerifierKeys('nonsense')).toThrow(BadKey);
});
