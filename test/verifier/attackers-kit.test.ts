/**
 * An attacker's kit: every part of a pack tampered with in every way that docs/audit-pack.md speaks of, by somebody who
 * writes every digest anew and can sign nothing. Each deed ends in an error, in `verify --pack` and in verify.mjs,
 * which the auditor runs with the keys of the ledger and of its witness.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, sha256 } from '../../src/encoding/canonical-json.js';
import { addSignature, formatVerifierKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import { budget } from '../support/budget.js';
import { gzipDeeds, memberDeeds, tarDeeds, type Deed } from '../support/kit-archive.js';
import { eventDeeds, fixedDeeds, signatureDeeds, tableDeeds, tableListDeeds } from '../support/kit-json.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp } from '../support/messages.js';
import {
  checkpoint,
  errorsOf,
  gzipped,
  linesOf,
  listed,
  makePack,
  memberOf,
  membersOf,
  packFile,
  remake,
  setLines,
  tarOfMembers,
  verify,
  type PackMember,
} from '../support/packs.js';
import { reportOf, tableNow } from '../support/reports.js';
import { oneMoreItem, smallYear } from '../support/year.js';

const ORIGIN = 'ledger.example/disclosure';
const OTHER = 'other-agency';
const key = generateSignerKey(ORIGIN);
const witness = generateSignerKey('witness.example/one', 'cosignature');
const CHECKPOINTS = 'checkpoints/000000.ndjson';
const [file, changed] = [packFile(), packFile()];
const verifier = join(mkdtempSync(join(tmpdir(), 'disclosure-kit-')), 'verify.mjs');
let ledger: TestLedger;
let members: PackMember[];

const auditor = { keys: [key], witnesses: [witness], minWitnesses: 1 };

/**
 * A year counted, published and recounted; two years known from paper, one of which no form of the agency serves; a
 * second agency; two checkpoints.
 */
beforeAll(async () => {
  copyFileSync(join(__dirname, '../../dist/verifier.mjs'), verifier);
  ledger = openTestLedger();
  const paper = (year: number): unknown =>
    message('table.declared', `table/${year}`, at('2018-02-01'), 'clerk', {
      ...{ year, form: '2014-shandong', cells: { '1.1': '7', '8': '0.2' }, evidence: '年报' },
    });
  await ledger.send(...smallYear(), paper(2016), paper(2013));
  await ledger.send(...reportOf(await tableNow(ledger)));
  await ledger.settled();
  await checkpoint(ledger, [key]);
  const receipts = await ledger.send(
    ...oneMoreItem('late'),
    ...setUp(OTHER),
    message('meeting.held', 'meeting/1', at('2017-05-02'), 'office', { title: '会议' }, { agency: OTHER }),
  );
  expect(receipts.map(({ status }) => status)).toEqual(receipts.map(() => 'recorded'));
  await ledger.settled();
  await checkpoint(ledger, [key]);
  await makePack(ledger, file, { keys: [key], witnesses: [witness] });
  members = cosigned(membersOf(file));
  remake(file, members);
  members = membersOf(file);
});

afterAll(() => ledger.finish());

/** The last checkpoint as a witness cosigned it. */
function cosigned(all: PackMember[]): PackMember[] {
  const member = memberOf(all, CHECKPOINTS);
  const last = JSON.parse(linesOf(member).at(-1) as string) as { revision: number; data: { note: string } };
  const { note } = last.data;
  const [, size, root] = note.split('\n');
  const data = { size: Number(size), root, cosignatures: [addSignature(note, witness, Date.now()).slice(note.length).trimEnd()] };
  const line = { ...last, revision: last.revision + 1, eventId: randomUUID(), type: 'checkpoint.cosigned', data };
  setLines(member, [...linesOf(member), canonicalJson(line)]);
  return all;
}

const KIT: Readonly<Record<string, () => Deed[]>> = {
  'members moved, cut and flipped': () => memberDeeds(members),
  gzip: () => gzipDeeds(members),
  tar: () => tarDeeds(members),
  'what stands before the history': () => fixedDeeds(members),
  tables: () => tableDeeds(members),
  'the list of tables': () => tableListDeeds(members, { agency: AGENCY, year: 2017, stranger: 'zz-nobody' }),
  'events and entries': () => eventDeeds(members),
  signatures: () => signatureDeeds(members, { origin: ORIGIN, witness }),
};

test('left alone it holds, all tables in it', async () => {
  // Left alone it holds, with every kind of table in it.
  const result = await verify(file, auditor);
  expect(result.findings.filter(({ rule }) => rule !== 'another-verifier')).toEqual([]);
  expect(result.tables).toEqual({ live: 3, paper: 2, published: 1 });
});

/** Spread over the whole of a part, and every one of it in the long run. */
function some(part: string, most: number): Deed[] {
  const deeds = (KIT[part] as () => Deed[])();
  const step = Math.max(1, deeds.length / most);
  return deeds.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step));
}

const MOST = budget(60, Infinity);

test('the kit is large and without doubles', () => {
  // The kit is large, and no two of it are one.
  const names = Object.values(KIT).flatMap((deeds) => deeds().map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(KIT).flatMap((part) => some(part, MOST)).length).toBeGreaterThanOrEqual(188);
});

test.each(Object.keys(KIT))('each ends in a finding: %s', async (part) => {
  const found: string[] = [];
  const original = gzipped(tarOfMembers(members));
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
  const args = [verifier, pack, '--key', formatVerifierKey(key), '--witness', formatVerifierKey(witness), '--json'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, rules: (JSON.parse(stdout) as { findings: { rule: string; severity: string }[] }).findings.map(({ rule }) => rule) };
};

test('verify.mjs alone agrees on samples', async () => {
  // verify.mjs alone says the same of some of each part.
  expect(standalone(file).status).toBe(0);
  for (const { name, make } of Object.keys(KIT).flatMap((part) => some(part, budget(2, 20)))) {
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
  const deed = Object.values(KIT)
    .flatMap((deeds) => deeds())
    .find(({ name }) => is(name)) as Deed;
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
