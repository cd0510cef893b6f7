/**
 * Published reports in a pack: frozen, recomputed as of their own index, signed off; what was changed of them is found.
 */
import { canonicalJson } from '../../src/encoding/canonical-json.js';
import { verifyCommand } from '../../src/verifier/command.js';
import { tableHash } from '../../src/verifier/format/printed-table.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY } from '../support/messages.js';
import { errorsOf, forged, makePack, memberOf, membersOf, packFile, remake, verify, type PackMember } from '../support/packs.js';
import { reportOf, tableNow } from '../support/reports.js';
import { oneMoreItem, smallYear } from '../support/year.js';

const PUBLISHED = `tables/${AGENCY}/2017/published.json`;
const file = packFile();
const changed = packFile();
let ledger: TestLedger;

beforeAll(async () => {
  ledger = openTestLedger();
  await ledger.send(...smallYear());
  const receipts = await ledger.send(...reportOf(await tableNow(ledger)));
  expect(receipts.map(({ status }) => status)).toEqual(receipts.map(() => 'recorded'));
  // Recorded late: the live table goes on, the published one does not.
  await ledger.send(...oneMoreItem('late'));
  await ledger.settled();
  await makePack(ledger, file);
});

afterAll(() => ledger.finish());

async function rewritten(change: (members: PackMember[]) => void): Promise<string[]> {
  const members = membersOf(file);
  change(members);
  remake(changed, members);
  return errorsOf(await verify(changed));
}

const edited = (type: string, edit: (data: Record<string, unknown>) => void) => (lines: string[]) =>
  lines.map((line) => {
    const event = JSON.parse(line) as { type: string; data: Record<string, unknown> };
    if (event.type === type) edit(event.data);
    return canonicalJson(event);
  });

test('it holds, live and published tables recomputed', async () => {
  // It holds: one live table, one published, both recomputed.
  const result = await verify(file);
  expect(errorsOf(result)).toEqual([]);
  expect(result).toMatchObject({ tables: { live: 1, paper: 0, published: 1 }, reports: 1, cells: 2 * 69 });
});

test('each step says what attests it', async () => {
  const members = membersOf(file);
  const byToken = (line: string): string => {
    const event = JSON.parse(line) as { type: string; metadata: object };
    const attestation = event.type === 'report.approved' ? 'own-token' : event.type === 'report.cleared' ? 'emitter' : 'none';
    return canonicalJson({ ...event, metadata: { ...event.metadata, attestation } });
  };
  forged((lines) => lines.map(byToken))(members);
  remake(changed, members);
  const { signOffs } = await verify(changed);
  expect(signOffs.map(({ agency, year }) => [agency, year])).toEqual([[AGENCY, '2017']]);
  expect(signOffs[0]?.steps).toEqual([
    { type: 'report.compiled', attestation: 'none' },
    { type: 'report.cleared', step: 'office', attestation: 'emitter' },
    { type: 'report.cleared', step: 'regulations', attestation: 'emitter' },
    { type: 'report.approved', attestation: 'own-token' },
    { type: 'report.published', attestation: 'none' },
  ]);
  let text = '';
  await verifyCommand({ pack: changed }, null, (some) => (text += some));
  expect(text).toContain(`签批 sign-off    ${AGENCY} 2017`);
  expect(text).toContain('审查 cleared office: 来源系统凭证 emitter');
  expect(text).toContain('批准 approved: 本人凭证 own-token');
});

test('the published table is the frozen one', () => {
  // The published table is the frozen one, and no longer the live one.
  const value = (name: string): string => {
    const { rows } = JSON.parse(memberOf(membersOf(file), name).bytes.toString()) as { rows: { code: string; value: string }[] };
    return rows.find(({ code }) => code === '1.1')?.value ?? '';
  };
  expect([value(PUBLISHED), value(`tables/${AGENCY}/2017/live.json`)]).toEqual(['2', '3']);
});

test('the published table edited, with its hash', async () => {
  const rules = await rewritten((members) => {
    const member = memberOf(members, PUBLISHED);
    const table = JSON.parse(member.bytes.toString()) as { rows: { code: string; value: string | null }[] };
    (table.rows.find(({ code }) => code === '1.1') as { value: string }).value = '9';
    member.bytes = Buffer.from(canonicalJson({ ...table, hash: tableHash(table as unknown as Record<string, unknown>) }));
  });
  expect(rules).toEqual(['published-differs']);
});

test('the published table left out', async () => {
  expect(
    await rewritten(
      (members) =>
        void members.splice(
          members.findIndex(({ name }) => name === PUBLISHED),
          1,
        ),
    ),
  ).toEqual(['table-missing']);
});

/**
 * A ledger that was never signed: whoever runs it may write what he likes, but not a report that was not signed off.
 */
test.each<[string, string, (data: Record<string, unknown>) => void, string[]]>([
  [
    'its frozen table edited',
    'report.compiled',
    (data) => {
      const { table } = data['derived'] as { table: { rows: { code: string; value: string | null }[] } };
      (table.rows.find(({ code }) => code === '1.1') as { value: string }).value = '77';
    },
    ['cell-differs', 'published-differs', 'table-hash'],
  ],
  [
    'its frozen table edited, with its hash',
    'report.compiled',
    (data) => {
      const { table } = data['derived'] as { table: { rows: { code: string; value: string | null }[]; hash: string } };
      (table.rows.find(({ code }) => code === '1.1') as { value: string }).value = '77';
      table.hash = tableHash(table);
    },
    ['cell-differs', 'published-differs', 'report-hash'],
  ],
  ['no frozen table', 'report.compiled', (data) => void (data['derived'] = {}), ['published-without-report', 'report-table']],
  ['of another year', 'report.compiled', (data) => void (data['year'] = 2016), ['report-table']],
  ['published under another hash', 'report.published', (data) => void (data['tableHash'] = `sha256:${'0'.repeat(64)}`), ['report-chain']],
  ['approved under another hash', 'report.approved', (data) => void (data['tableHash'] = `sha256:${'0'.repeat(64)}`), ['report-chain']],
  ['returned', 'report.cleared', (data) => void (data['verdict'] = 'returned'), ['report-chain']],
])('a report forged: %s', async (_what, type, edit, rules) => {
  expect(await rewritten(forged(edited(type, edit)))).toEqual(rules);
});
