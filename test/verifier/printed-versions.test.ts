/**
 * Declared tables and figures of version 1, out of a pack that was exported before there was a version 2: it verifies,
 * both calculators read its printed values as they were read then, and the same messages recorded now are read by
 * today's reader. In the pack: bases `55（含自然失效29件）` and `22（其中修订16件）`, which version 1 takes for no number, and a
 * report published on them.
 */
import { join } from 'node:path';
import type { StoredEvent } from '../../src/log/event-log.js';
import { publicType } from '../../src/events/catalog.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { valuesOf } from '../../src/statistics/table.js';
import type { Table } from '../../src/tables/table.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { errorsOf, linesOf, makePack, memberOf, membersOf, packFile, verify } from '../support/packs.js';
import { calculatorOf, disagreements, rawEvents, withoutDerived } from '../support/second-calculator.js';

const PACK = join(__dirname, '../fixtures/packs/printed-values-v1.pack');
const AGENCY = '370828-old';
const YEARS = [2018, 2019, 2020, 2021, 2022];

interface PackedEvent extends Omit<StoredEvent, 'id' | 'position'> {
  readonly eventId: string;
}

const members = membersOf(PACK);
const packed = linesOf(memberOf(members, 'events/000000.ndjson')).map((line) => JSON.parse(line) as PackedEvent);
const tableIn = (year: number, view: string): Table =>
  JSON.parse(memberOf(members, `tables/${AGENCY}/${year}/${view}.json`).bytes.toString()) as Table;
const inPack = (year: number, view: string): boolean => members.some(({ name }) => name === `tables/${AGENCY}/${year}/${view}.json`);

let ledger: TestLedger;
beforeEach(() => {
  ledger = openTestLedger();
});
afterEach(() => ledger.finish());

const cellsOf = (table: Table): Record<string, string | null> => Object.fromEntries(valuesOf(table.rows));

async function shown(year: number, view: string): Promise<Record<string, string | null>> {
  return cellsOf(await ledger.tables.table({ agency: AGENCY, year, view }));
}

async function storeAsTheyWere(): Promise<void> {
  for (const { eventId, stream, type, version, data, metadata } of packed)
    await ledger.log.append(stream, 'any', [{ id: eventId, type, version, data, metadata }]);
  await ledger.settled();
}

async function bothAgree(): Promise<void> {
  const calculator = calculatorOf((await rawEvents(ledger.log)).map(withoutDerived));
  const asked = { agencies: [AGENCY], years: YEARS, forms: FORMS.map(({ id }) => id) };
  expect((await disagreements(ledger, calculator, asked)).differing).toEqual([]);
  expect((await disagreements(ledger, calculator, { ...asked, view: 'live' })).differing).toEqual([]);
}

test('the pack holds, declared all in version 1', async () => {
  // The pack holds, and all that is declared in it is of version 1.
  const declared = packed.filter(({ type }) => type === 'table.declared' || type === 'agency.figure-declared');
  expect(declared.map(({ version }) => version)).toEqual([1, 1, 1, 1, 1, 1]);
  const verification = await verify(PACK);
  expect(errorsOf(verification)).toEqual([]);
});

test('both calculators give the pack’s tables', async () => {
  // Its events, stored as they were, give the tables of the pack cell for cell, in both calculators.
  await storeAsTheyWere();
  const compared = [];
  for (const year of YEARS)
    for (const view of ['live', 'paper'].filter((one) => inPack(year, one))) {
      expect([year, view, await shown(year, view)]).toEqual([year, view, cellsOf(tableIn(year, view))]);
      compared.push(`${year} ${view}`);
    }
  expect(compared).toHaveLength(8);
  expect((await shown(2022, 'live'))['2.1.2:in-force']).toBeNull();
  expect((await shown(2020, 'live'))['2.1.2:total-public']).toBeNull();
  await bothAgree();
  const file = packFile();
  await makePack(ledger, file, { toEnd: true });
  expect(errorsOf(await verify(file))).toEqual([]);
});

test('repeats are duplicates, new ids are version 2', async () => {
  // The same messages sent again are duplicates; sent under other ids
  // they are of version 2, and their remarks and strokes are understood.
  await storeAsTheyWere();
  const messages = packed
    .filter(({ type }) => !type.startsWith('report.'))
    .map(({ type, data: { derived: _, ...data }, metadata }) => ({
      ...{ specversion: '1.0', id: metadata['id'], source: metadata['source'], type: publicType(type), subject: metadata['subject'] },
      ...{ time: metadata['at'], agency: AGENCY, actor: metadata['actor'], data },
    }));
  // A kind with keys tells its repeats by keys this ledger does not have.
  const plain = messages.filter(({ type }) => !type.startsWith('disclosure.publication.'));
  const again = await ledger.send(...plain);
  expect(again.map(({ status, error }) => [status, error])).toEqual(plain.map(() => ['duplicate', undefined]));
  const declared = plain.filter(({ type }) => type === 'disclosure.table.declared');
  const receipts = await ledger.send(...declared.map((one) => ({ ...one, id: `${String(one.id)}-again` })));
  expect(receipts.map(({ status }) => status)).toEqual(declared.map(() => 'recorded'));
  await ledger.settled();
  expect((await shown(2020, 'live'))['2.1.2:total-public']).toBe('55');
  expect((await shown(2022, 'live'))['2.1.2:in-force']).toBe('23');
  expect(await shown(2021, 'paper')).toEqual(cellsOf(tableIn(2021, 'paper')));
  const { findings } = await ledger.tables.table({ agency: AGENCY, year: 2021 });
  expect(findings.map(({ rule, cells: [cell] }) => `${rule} ${cell}`)).toEqual([
    'not-applicable 2.1.1:made',
    'remark 2.1.1:in-force',
    'remark 2.1.2:in-force',
    'not-whole 3.1:total',
    'not-applicable 3.2:total',
  ]);
  // The report stands on what was read when it was compiled.
  expect(cellsOf(await ledger.tables.table({ agency: AGENCY, year: 2022, view: 'published' }))['2.1.2:in-force']).toBeNull();
  await bothAgree();
  const file = packFile();
  await makePack(ledger, file, { toEnd: true });
  expect(errorsOf(await verify(file))).toEqual([]);
});

test('a void restores the earlier, by its version', async () => {
  // A void of the later table brings back the earlier one, read as its version says.
  await storeAsTheyWere();
  const { data, metadata } = packed.find(({ type, data: { year } }) => type === 'table.declared' && year === 2021) as PackedEvent;
  const { derived: _, ...said } = data;
  const envelope = { specversion: '1.0', source: '/again', subject: 'table/2021', agency: AGENCY };
  const [declared, voided] = await ledger.send(
    { ...envelope, id: 'v2', type: 'disclosure.table.declared', time: metadata['at'], actor: 'clerk', data: said },
    {
      ...{ ...envelope, id: 'void', type: 'disclosure.record.voided', time: '2023-03-01T09:00:00+08:00', actor: 'auditor' },
      data: { message: { id: 'v2' }, reason: '录入错误', approvedBy: 'root' },
    },
  );
  expect([declared?.status, voided?.status]).toEqual(['recorded', 'recorded']);
  await ledger.settled();
  expect((await shown(2022, 'live'))['2.1.2:in-force']).toBeNull();
  expect(await ledger.tables.table({ agency: AGENCY, year: 2021 })).toMatchObject({
    findings: expect.arrayContaining([expect.objectContaining({ rule: 'not-a-number', cells: ['2.1.2:in-force'] })]) as unknown,
  });
  await bothAgree();
});
