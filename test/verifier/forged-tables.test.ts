/**
 * Tables, events and entries of a pack as somebody would forge them who can write every hash in it: what a figure is
 * called, whether it is recomputed at all, for whom an act counts, which tables there are.
 */
import { canonicalJson } from '../../src/encoding/canonical-json.js';
import { tableHash } from '../../src/verifier/format/printed-table.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp } from '../support/messages.js';
import {
  errorsOf,
  forged,
  linesOf,
  makePack,
  memberOf,
  membersOf,
  packFile,
  rebuildLedger,
  remake,
  setLines,
  verify,
  type PackMember,
} from '../support/packs.js';
import { smallYear } from '../support/year.js';

const OTHER = 'other-agency';
const LIVE = `tables/${AGENCY}/2017/live.json`;
const PAPER = `tables/${AGENCY}/2017/paper.json`;
const [file, part, changed] = [packFile(), packFile(), packFile()];
let ledger: TestLedger;

beforeAll(async () => {
  ledger = openTestLedger();
  const declared = { year: 2017, form: '2014-shandong', cells: { '1.1': '7' }, evidence: '年报' };
  const receipts = await ledger.send(
    ...smallYear(),
    message('table.declared', 'table/2017', at('2018-02-01'), 'clerk', declared),
    ...setUp(OTHER),
    message('meeting.held', 'meeting/1', at('2017-05-02'), 'office', { title: '会议' }, { agency: OTHER }),
  );
  expect(receipts.map(({ status }) => status)).toEqual(receipts.map(() => 'recorded'));
  await ledger.settled();
  await makePack(ledger, file);
  await makePack(ledger, part, { cut: { agency: OTHER, year: null } });
});

afterAll(() => ledger.finish());

async function rewritten(change: (members: PackMember[]) => void, of = file): Promise<string[]> {
  const members = membersOf(of);
  change(members);
  remake(changed, members);
  return errorsOf(await verify(changed));
}

interface Table extends Record<string, unknown> {
  rows: Record<string, unknown>[];
}

/** A table edited, under the hash that it then has. */
const table =
  (edit: (table: Table) => void, name = LIVE) =>
  (members: PackMember[]): void => {
    const member = memberOf(members, name);
    const found = JSON.parse(member.bytes.toString()) as Table;
    edit(found);
    member.bytes = Buffer.from(canonicalJson({ ...found, hash: tableHash(found) }));
  };

const rowOf = ({ rows }: Table, code: string): Record<string, unknown> =>
  rows.find((row) => row['code'] === code) as Record<string, unknown>;

test('as they are they hold', async () => {
  expect(errorsOf(await verify(file))).toEqual([]);
  expect(errorsOf(await verify(part))).toEqual([]);
});

test.each<[string, string[], (members: PackMember[]) => void]>([
  [
    'false figures in what says it is a roll-up',
    ['table-form'],
    table((of) => {
      of['members'] = [];
      rowOf(of, '1.1')['value'] = '99';
    }),
  ],
  ['a row twice, the false one first', ['table-form'], table((of) => void of.rows.unshift({ ...rowOf(of, '1.1'), value: '99' }))],
  ['a row under another name', ['row-differs'], table((of) => void (rowOf(of, '1.1')['label'] = '主动公开政府信息数(含下属单位)'))],
  ['a row in another unit', ['row-differs'], table((of) => void (rowOf(of, '1.1')['unit'] = '万条'))],
  ['a declared figure as a counted one', ['row-differs'], table((of) => void (rowOf(of, '9.1')['basis'] = 'counted'))],
  ['a figure of paper as a counted one', ['row-differs'], table((of) => void (rowOf(of, '1.1')['basis'] = 'counted'), PAPER)],
  ['rows in another order', ['row-differs'], table((of) => void of.rows.reverse())],
  [
    'as of an earlier event of the same time',
    ['table-as-of'],
    table((of) => void (of['asOf'] = { ...(of['asOf'] as object), index: (of['asOf'] as { index: number }).index - 1 })),
  ],
  ['something more', ['table-form'], table((of) => void (of['approvedBy'] = '县长'))],
  ['by rules nobody knows', ['policy-unknown'], table((of) => void (of['policy'] = 'disclosure-counting/9'))],
  ['by calendars nobody knows', ['policy-unknown'], table((of) => void (of['calendar'] = 'china/0'))],
  [
    'a text that says two things',
    ['table-form'],
    (members) => {
      const member = memberOf(members, LIVE);
      member.bytes = Buffer.from(member.bytes.toString().replace('{', '{"year":2016,'));
    },
  ],
  [
    'the counted table left out beside one from paper',
    ['table-missing'],
    (members) => void members.splice(members.indexOf(memberOf(members, LIVE)), 1),
  ],
  ['the declared table left out', ['table-missing'], (members) => void members.splice(members.indexOf(memberOf(members, PAPER)), 1)],
  [
    'rules nobody knows, for the whole pack',
    ['policy-unknown', 'rules-unknown'],
    (members) => {
      for (const member of members.filter(({ name }) => name === 'pack.json'))
        member.bytes = Buffer.from(member.bytes.toString().replace('disclosure-counting/1', 'disclosure-counting/2'));
    },
  ],
])('%s', async (_what, rules, change) => {
  expect(await rewritten(change)).toEqual(rules);
});

/** The meeting of the other agency, as another event in its place. */
const meeting = (edit: (event: Record<string, unknown> & { metadata: Record<string, unknown> }) => void) =>
  forged((lines) =>
    lines.map((line) => {
      const event = JSON.parse(line) as Record<string, unknown> & { metadata: Record<string, unknown> };
      if (event['stream'] === `meeting-${OTHER}/1`) edit(event);
      return canonicalJson(event);
    }),
  );

test.each<[string, Parameters<typeof meeting>[0]]>([
  ['an act that says no case', ({ metadata }) => void delete metadata['subject']],
  ['an act counted for one agency in the stream of another', ({ metadata }) => void (metadata['agency'] = AGENCY)],
  ['an act in the stream of another kind', (event) => void (event['type'] = 'training.held')],
  ['an act in a stream that no part has', (event) => void (event['stream'] = 'refusal-1')],
])('%s', async (_what, edit) => {
  expect(await rewritten(meeting(edit))).toContain('stream-name');
});

test('an entry saying two things is found', async () => {
  // An entry without its event that says two things.
  const rules = await rewritten((members) => {
    const entries = memberOf(members, 'entries/000000.ndjson');
    const lines = linesOf(entries);
    setLines(
      entries,
      lines.map((line, index) => (index === 0 ? line.replace('{', `{"stream":"meeting-${OTHER}/2",`) : line)),
    );
  }, part);
  expect(rules).toContain('entry-form');
});

test('the other agency removed: only signatures tell', async () => {
  // The events of the other agency with all that is its own,
  // renumbered: nothing but a signature or a kept checkpoint tells.
  const rules = await rewritten((members) => {
    const events = memberOf(members, 'events/000000.ndjson');
    const kept = linesOf(events).filter((line) => !line.includes(OTHER));
    setLines(
      events,
      kept.map((line, index) => canonicalJson({ ...(JSON.parse(line) as object), index })),
    );
    rebuildLedger(members);
    for (const gone of members.filter(({ name }) => name.includes(OTHER))) members.splice(members.indexOf(gone), 1);
    const { index, recordedAt } = JSON.parse(linesOf(events).at(-1) as string) as { index: number; recordedAt: string };
    const time = `${new Date(Date.parse(recordedAt) + 8 * 60 * 60 * 1000).toISOString().slice(0, -1)}+08:00`;
    for (const name of [LIVE, PAPER]) table((of) => void (of['asOf'] = { index, recordedAt: time }), name)(members);
  });
  expect(rules).toEqual([]);
});
