/**
 * An attacker's kit: every part of a pack tampered with in every way that docs/audit-pack.md speaks of, by somebody who
 * writes every digest anew and can sign nothing. Each deed ends in an error, in `verify --pack` and in verify.mjs,
 * which the auditor runs with the keys of the ledger and of its witness.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, sha256 } from '../../src/encoding/canonical-json.js';
import { formatVerifierKey, type SignerKey } from '../../src/ledger/signed-note.js';
import { budget } from '../support/budget.js';
import { openKit, PARTS, someOf, type Kit, type Part } from '../support/kit.js';
import type { Deed } from '../support/kit-archive.js';
import { errorsOf, gzipped, listed, memberOf, membersOf, packFile, tarOfMembers, verify, type PackMember } from '../support/packs.js';

const [file, changed] = [packFile(), packFile()];
const verifier = join(mkdtempSync(join(tmpdir(), 'disclosure-kit-')), 'verify.mjs');
let kit: Kit;
let auditor: { readonly keys: SignerKey[]; readonly witnesses: SignerKey[]; readonly minWitnesses: number };

beforeAll(async () => {
  copyFileSync(join(__dirname, '../../dist/verifier.mjs'), verifier);
  kit = await openKit(file);
  auditor = { keys: [kit.key], witnesses: [kit.witness], minWitnesses: 1 };
});

test('left alone it holds, all tables in it', async () => {
  // Left alone it holds, with every kind of table in it.
  const result = await verify(file, auditor);
  expect(result.findings.filter(({ rule }) => rule !== 'another-verifier')).toEqual([]);
  expect(result.tables).toEqual({ live: 3, paper: 2, published: 1 });
});

/** Every one of a part in the long run. */
const some = (part: Part, most: number): Deed[] => someOf(kit.deeds(part), most);

const MOST = budget(60, Infinity);

test('the kit is large and without doubles', () => {
  // The kit is large, and no two of it are one.
  const names = PARTS.flatMap((part) => kit.deeds(part).map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  expect(PARTS.flatMap((part) => some(part, MOST)).length).toBeGreaterThanOrEqual(188);
});

test.each(PARTS)('each ends in a finding: %s', async (part) => {
  const found: string[] = [];
  const original = gzipped(tarOfMembers(kit.members));
  for (const { name, make } of some(part, MOST)) {
    const bytes = make();
    if (bytes.equals(original)) found.push(`changes nothing: ${name}`);
    writeFileSync(changed, bytes);
    const result = await verify(changed, auditor);
    if (result.holds || errorsOf(result).length === 0) found.push(name);
  }
  expect(found).toEqual([]);
});

const standalone = (pack: string): { status: number | null; rules: string[] } => {
  const args = [verifier, pack, '--key', formatVerifierKey(kit.key), '--witness', formatVerifierKey(kit.witness), '--json'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, rules: (JSON.parse(stdout) as { findings: { rule: string; severity: string }[] }).findings.map(({ rule }) => rule) };
};

test('verify.mjs alone agrees on samples', async () => {
  // verify.mjs alone says the same of some of each part.
  expect(standalone(file).status).toBe(0);
  for (const { name, make } of PARTS.flatMap((part) => some(part, budget(2, 20)))) {
    writeFileSync(changed, make());
    const { status, rules } = standalone(changed);
    const inProcess = (await verify(changed, { ...auditor, self: sha256(readFileSync(verifier)) })).findings.map(({ rule }) => rule);
    expect([name, status, rules]).toEqual([name, 1, inProcess]);
  }
});

test.each<[string, string, (name: string) => boolean]>([
  ['a table of nobody', 'table-outside', (name) => name.includes('an agency that is nowhere')],
  ['a table of a year without acts', 'table-outside', (name) => name.includes('a year without acts')],
  ['several members of gzip', 'unreadable', (name) => name.includes('two members, cut between')],
  ['pack.json with a further name', 'unreadable', (name) => name === 'mended: pack.json a name more'],
  ['keys.json broken', 'member-digest', (name) => name === 'raw: keys.json byte in the middle flipped'],
  ['keys.json cut off', 'member-digest', (name) => name === 'raw: keys.json cut in half'],
  ['keys.json of other names, listed so', 'member-form', (name) => name === 'mended: keys.json a name more'],
])('what the auditor found: %s is %s', async (_what, rule, is) => {
  const deed = PARTS.flatMap((part) => kit.deeds(part)).find(({ name }) => is(name)) as Deed;
  writeFileSync(changed, deed.make());
  expect(errorsOf(await verify(changed, auditor))).toEqual([rule]);
});

/** Nothing vouches for these: the specification says so. */
test.each<[string, (all: PackMember[]) => Buffer]>([
  ['packed at another level', (all) => gzipped(tarOfMembers(all), 1)],
  ['stored without being packed', (all) => gzipped(tarOfMembers(all), 0)],
  ['other texts in the specification', (all) => edited(all, 'SPEC.md', '# nothing\n')],
  ['other keys believed by the exporter', (all) => edited(all, 'keys.json', canonicalJson({ ledger: [], witnesses: [] }))],
  ['another verifier, which is a warning', (all) => edited(all, 'verify.mjs', '// all is well\n')],
])('no tampering with what the pack proves: %s', async (_what, make) => {
  writeFileSync(changed, make(membersOf(file)));
  expect(errorsOf(await verify(changed, auditor))).toEqual([]);
});

function edited(all: PackMember[], name: string, text: string): Buffer {
  memberOf(all, name).bytes = Buffer.from(text);
  return gzipped(tarOfMembers(listed(all)));
}
