/**
 * Texts and roll-ups of published reports in a pack: what was published is what was signed, and the sum of the members
 * is made again. What was changed of them is found.
 */
import { canonicalJson } from '../../src/encoding/canonical-json.js';
import { textHashOf } from '../../src/domain/report/text.js';
import { tableHash } from '../../src/verifier/format/printed-table.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';
import { errorsOf, forged, linesOf, makePack, memberOf, membersOf, packFile, remake, setLines, verify } from '../support/packs.js';
import { compiled, published, signed, tableNow } from '../support/reports.js';
import { smallYear } from '../support/year.js';

type Data = Record<string, unknown>;

const file = packFile();
const changed = packFile();
let ledger: TestLedger;

const edited = (type: string, edit: (data: Data, event: Data) => void) => (lines: string[]) =>
  lines.map((line) => {
    const event = JSON.parse(line) as { type: string; data: Data };
    if (event.type === type) edit(event.data, event);
    return canonicalJson(event);
  });

async function rewritten(type: string, edit: (data: Data, event: Data) => void): Promise<string[]> {
  const members = membersOf(file);
  forged(edited(type, edit))(members);
  remake(changed, members);
  return errorsOf(await verify(changed));
}

const inDerived = (data: Data): Data => data['derived'] as Data;

describe('a text', () => {
  const said = { year: 2017, form: '2014-shandong', parts: { '1': '{year}年公开信息{1.1#}。' } };
  const textHash = textHashOf(said);
  const withText = (messages: readonly Message[]): Message[] => messages.map((one) => ({ ...one, data: { ...one.data, textHash } }));

  beforeAll(async () => {
    ledger = openTestLedger();
    await record(ledger, smallYear());
    const table = await tableNow(ledger);
    await record(ledger, [
      compiled(table),
      message('report.text-drafted', 'report/2017', at('2018-01-20', 9), 'writer', { ...said, textHash }),
      ...withText([...signed(table), published(table)]),
    ]);
    await ledger.settled();
    await makePack(ledger, file);
  });
  afterAll(() => ledger.finish());

  test('holds, and is told with its step', async () => {
    const result = await verify(file);
    expect(errorsOf(result)).toEqual([]);
    expect(result.signOffs[0]?.steps.map(({ type }) => type)).toEqual([
      'report.compiled',
      'report.text-drafted',
      ...['report.cleared', 'report.cleared', 'report.approved', 'report.published'],
    ]);
  });

  test('a sealed text changed in its place', async () => {
    const members = membersOf(file);
    const events = memberOf(members, 'events/000000.ndjson');
    setLines(events, edited('report.text-drafted', (data) => void ((data['sealed'] as Data)['text'] = 'AAAA'))(linesOf(events)));
    remake(changed, members);
    expect(errorsOf(await verify(changed))).toEqual(['entry-differs']);
  });

  const other = hashOf('another text');
  test.each<[string, string, (data: Data, event: Data) => void, string[]]>([
    [
      'another text published',
      'report.published',
      (data) => void (inDerived(data)['text'] = { ...said, parts: { '1': '无。' } }),
      ['report-text'],
    ],
    ['a text of another form', 'report.published', (data) => void (inDerived(data)['text'] = { ...said, form: '2019' }), ['report-text']],
    ['no text published', 'report.published', (data) => void delete inDerived(data)['text'], ['report-text']],
    ['more than the text', 'report.published', (data) => void (inDerived(data)['text'] = { ...said, more: 1 }), ['report-text']],
    ['published under another hash', 'report.published', (data) => void (data['textHash'] = other), ['report-chain', 'report-text']],
    ['cleared under another hash', 'report.cleared', (data) => void (data['textHash'] = other), ['report-chain']],
    ['approved without a hash', 'report.approved', (data) => void delete data['textHash'], ['report-chain']],
    ['drafted under another hash', 'report.text-drafted', (data) => void (data['textHash'] = other), ['report-chain']],
    [
      'written by who clears it',
      'report.text-drafted',
      (_data, event) => void ((event['metadata'] as Data)['actor'] = 'office'),
      ['report-chain'],
    ],
  ])('forged: %s', async (_what, type, edit, rules) => {
    expect(await rewritten(type, edit)).toEqual(rules);
  });
});

describe('a roll-up', () => {
  const below = (code: string, data: Data = {}): Message[] => {
    const subject = `agency/${code}`;
    const said = { name: code, administrator: 'root', parent: AGENCY, ...data };
    return [
      message('agency.registered', subject, at('2010-02-01'), 'root', said, { agency: code }),
      message('agency.clearance-chain-set', subject, at('2010-02-01', 10), 'root', { steps: [] }, { agency: code }),
    ];
  };
  const item = (agency: string, number: string, day = '2017-03-01'): Message[] => [
    message('publication.drafted', `publication/${number}`, at(day), 'drafter', { title: number, contentHash: hashOf(number) }, { agency }),
    { ...released(number, day, 'website', hashOf(number)), agency },
  ];
  const paper = (agency: string, form: string, cells: Data, year = 2017): Message =>
    message('table.declared', `table/${year}`, at('2018-06-01'), 'clerk', { year, form, cells, evidence: '扫描件' }, { agency });

  const HISTORY: Message[] = [
    ...setUp(AGENCY, { chain: false }),
    ...below('a-counted'),
    ...below('b-paper'),
    ...below('c-missing'),
    ...below('d-vertical', { reporting: 'vertical' }),
    ...below('e-under-vertical', { parent: 'd-vertical' }),
    ...below('f-other-form'),
    ...item(AGENCY, '1'),
    ...item('a-counted', '2'),
    ...item('a-counted', '3'),
    ...item('d-vertical', '4'),
    ...item('e-under-vertical', '5'),
    ...item('f-other-form', '6'),
    paper('b-paper', '2014-shandong', { '1.1': '7（含补报1条）', '1.2.1': '5', '9.4': '2000元', '9.1': '/', '3.3': '9', '10.1': 'x' }),
    paper('f-other-form', '2014-fujian', { '1:year': '50' }),
    // Sums of money, of changes that are printed with a plus, of what is declared.
    paper('a-counted', '2019', { '2.5.1:change': '+3', '2.9.1:amount': '1.5万元', '3.1:total': '4', '3.1:natural-person': '4' }, 2020),
    paper('b-paper', '2019', { '2.5.1:change': '-1', '2.9.1:amount': '20元', '3.1:business': '2' }, 2020),
  ];
  const ROLLED = [2017, 2020];

  beforeAll(async () => {
    ledger = openTestLedger();
    await record(ledger, HISTORY);
    for (const year of ROLLED) {
      await ledger.settled();
      const { hash: tableHashNow, form, asOf, findings } = await ledger.tables.table({ agency: AGENCY, year, rollup: true });
      const accepted = findings
        .filter(({ severity }) => severity === 'error')
        .map(({ rule, cells }) => ({ rule, cells, reason: '单位报表原样' }));
      const data = { year, form, index: asOf.index, tableHash: tableHashNow, rollup: true, ...(accepted.length === 0 ? {} : { accepted }) };
      await record(ledger, [
        message('report.compiled', `report/${year}-rollup`, at('2021-01-20'), 'compiler', data),
        message('report.published', `report/${year}-rollup`, at('2021-01-21'), 'editor', { tableHash: tableHashNow }),
      ]);
    }
    // What comes later is in none of them.
    await record(ledger, item('a-counted', '9'));
    await ledger.settled();
    await makePack(ledger, file);
  });
  afterAll(() => ledger.finish());

  test('is frozen, published and made again', async () => {
    const result = await verify(file);
    expect(errorsOf(result)).toEqual([]);
    expect(result.reports).toBe(2);
    const table = await ledger.tables.table({ agency: AGENCY, year: 2017, rollup: true, view: 'published' });
    expect(table.rows.find(({ code }) => code === '1.1')).toMatchObject({ value: '11', basis: 'paper', partial: true });
    expect(table.members?.map(({ agency, status }) => `${agency} ${status}`)).toEqual([
      `${AGENCY} included`,
      ...['a-counted included', 'b-paper included', 'c-missing missing', 'd-vertical vertical', 'f-other-form included'],
    ]);
    expect(ledger.reports.report(AGENCY, { year: 2017, rollup: true }).case).toBe('report/2017-rollup');
    // The agency's own report is another case.
    expect(() => ledger.reports.report(AGENCY, 2017)).toThrow(/compiled no report/);
  });

  const frozen = (data: Data): { rows: Data[]; members: Data[]; hash: string } & Data => inDerived(data)['table'] as never;
  const rehashed = (edit: (table: ReturnType<typeof frozen>) => void) => (data: Data) => {
    const table = frozen(data);
    if (table['year'] !== 2017) return;
    edit(table);
    table.hash = tableHash(table);
    data['tableHash'] = table.hash;
  };

  test.each<[string, (table: ReturnType<typeof frozen>) => void, string]>([
    ['another sum', ({ rows }) => void ((rows.find(({ code }) => code === '1.1') as Data)['value'] = '12'), 'cell-differs'],
    ['a member called missing', ({ members }) => void ((members[1] as Data)['status'] = 'missing'), 'members-differ'],
    ['a member left out', ({ members }) => void members.splice(1, 1), 'members-differ'],
    ['nobody missing', ({ rows }) => rows.forEach((row) => delete row['partial']), 'members-differ'],
    ['paper called counted', ({ rows }) => void ((rows.find(({ code }) => code === '1.1') as Data)['basis'] = 'counted'), 'row-differs'],
    ['no members', (table) => void delete (table as Data)['members'], 'report-table'],
  ])('forged: %s', async (_what, edit, rule) => {
    expect(await rewritten('report.compiled', rehashed(edit))).toContain(rule);
  });

  test('in a part by agency is not made', async () => {
    // Who is below, and what they add, is not in it: the verifier says so, and the rest holds.
    await makePack(ledger, changed, { cut: { agency: AGENCY, year: null } });
    const result = await verify(changed);
    expect(errorsOf(result)).toEqual([]);
    expect(result.notVerified.filter((one) => one.includes('a roll-up, and the pack is of one agency'))).toHaveLength(2);
  });

  test('in a part by year is made', async () => {
    await makePack(ledger, changed, { cut: { agency: null, year: 2020 } });
    const result = await verify(changed);
    expect(errorsOf(result)).toEqual([]);
    expect(result.notVerified.filter((one) => one.includes('roll-up'))).toEqual([]);
  });
});
