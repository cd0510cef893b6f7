/** Tables as CSV and JSON-stat, read by readers that are not ours. */
import { parse } from 'csv-parse/sync';
import { createRequire } from 'node:module';
import { readTable } from '../../src/statistics/published-table.js';
import { findForm } from '../../src/statistics/forms/registry.js';
import { valuesOf } from '../../src/statistics/table.js';
import { csvOf } from '../../src/tables/representations/csv.js';
import { jsonStatOf } from '../../src/tables/representations/json-stat.js';
import { isTableCsv, tableInCsv } from '../../src/tables/representations/read-csv.js';
import type { Table } from '../../src/tables/table.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { message, setUp } from '../support/messages.js';

let ledger: TestLedger;

/** Printed with everything that is hard to write down: signs, units, remarks, quotes, blanks. */
const PRINTED = {
  '2.1.1:made': '3',
  '2.1.1:in-force': '-3项',
  '2.1.2:made': '=1+1',
  '2.1.2:repealed': '-4',
  '2.5.1:decisions': '22（其中"修订",16件）',
  '3.1:total': '-',
};

beforeAll(async () => {
  ledger = openTestLedger();
  const said = { year: 2022, form: '2021', cells: PRINTED, evidence: '档案' };
  const receipts = await ledger.send(
    ...setUp('own'),
    message('table.declared', 'table/2022', '2023-01-10T09:00:00+08:00', 'clerk', said, { agency: 'own' }),
  );
  expect(receipts.every(({ status }) => status === 'recorded')).toBe(true);
  await ledger.settled();
});

afterAll(() => ledger.discard());

const table = (year = 2022): Promise<Table> => ledger.tables.table({ agency: 'own', year });

type Line = Readonly<Record<string, string>>;

function read(text: string): Line[] {
  return parse(text, { columns: true, bom: true, record_delimiter: '\r\n' });
}

const cellOf = ({ row = '', column = '' }: Line): string => (column === '' ? row : `${row}:${column}`);

test('CSV has a line a value', async () => {
  for (const year of [2017, 2019, 2022]) {
    const of = await table(year);
    const text = csvOf(of);
    expect(text.split('\r\n')[0]).toBe('agency,year,form,view,row,label,column,columnLabel,unit,value,basis');
    expect(text.endsWith('\r\n')).toBe(true);
    const lines = read(text);
    const values = lines.filter(({ basis }) => basis !== '').map((line) => [cellOf(line), line['value']]);
    // null is empty.
    expect(values).toEqual([...valuesOf(of.rows.filter(({ basis }) => basis !== null))].map(([cell, value]) => [cell, value ?? '']));
    // Headings are rows.
    expect(lines.filter(({ basis }) => basis === '').map(({ row }) => row)).toEqual(
      of.rows.filter(({ basis }) => basis === null).map(({ code }) => code),
    );
    expect(new Set(lines.map(({ agency, year: said, form, view }) => `${agency} ${said} ${form} ${view}`))).toEqual(
      new Set([`own ${year} ${of.form} ${of.view}`]),
    );
  }
});

test('CSV names the heads and units', async () => {
  const line = read(csvOf(await table())).find((one) => cellOf(one) === '3.1:natural-person');
  expect(line?.['label']).toContain('本年新收');
  expect(line?.['columnLabel']).toBe('自然人');
  const money = read(csvOf(await table())).find((one) => cellOf(one) === '2.8.1:amount');
  expect(money?.['unit']).toBe('万元');
});

test('a spreadsheet runs nothing', async () => {
  const text = csvOf(await table(), { bom: true });
  expect(text.startsWith('\uFEFFagency,')).toBe(true);
  const values = new Map(read(text).map((line) => [cellOf(line), line['value']]));
  // Never in a number; what is no number is a free text.
  expect(values.get('2.1.2:repealed')).toBe('-4');
  expect(values.get('2.1.1:in-force')).toBe("'-3项");
  expect(values.get('2.1.2:made')).toBe("'=1+1");
  expect(read(csvOf(await table())).some(({ value }) => value?.startsWith("'"))).toBe(false);
});

test('our own reader takes it back', async () => {
  const of = await table();
  for (const bom of [false, true]) {
    const text = csvOf(of, { bom });
    expect(isTableCsv(text)).toBe(true);
    const found = readTable(tableInCsv(text), findForm);
    expect({ ...found.cells }).toEqual(Object.fromEntries(valuesOf(of.rows.filter(({ basis }) => basis !== null))));
    expect([found.agency, found.year, found.form.id]).toEqual(['own', 2022, '2021']);
  }
});

interface Dataset {
  readonly id: readonly string[];
  readonly length: number;
  Dimension(name: string): { readonly id: readonly string[]; Category(key: string): { readonly label: string } };
  Data(at: Readonly<Record<string, string>>): { readonly value: number | null };
}
const readStat = createRequire(__filename)('jsonstat-toolkit') as (of: unknown) => Dataset;

test('JSON-stat holds the same values', async () => {
  const of = await table();
  const written = jsonStatOf(of);
  const dataset = readStat(JSON.parse(JSON.stringify(written)));
  expect(dataset.id).toEqual(['agency', 'year', 'form', 'cell']);
  const values = valuesOf(of.rows.filter(({ basis }) => basis !== null));
  expect(dataset.Dimension('cell').id).toEqual([...values.keys()]);
  for (const [cell, value] of values) {
    const found = dataset.Data({ agency: 'own', year: '2022', form: '2021', cell }).value;
    // A text that is no number is null.
    expect([cell, found]).toEqual([cell, value !== null && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null]);
  }
  expect(written.extension.values).toEqual([...values.values()]);
  expect(written.value).toHaveLength(written.extension.values.length);
  const { view, hash, contentHash, asOf } = of;
  expect(written.extension).toMatchObject({ view, hash, contentHash, asOf });
  expect(written.extension).not.toHaveProperty('members');
});

test('a roll-up names its members', async () => {
  const of = await ledger.tables.table({ agency: 'own', year: 2022, rollup: true });
  const { dimension, extension } = jsonStatOf(of);
  expect(dimension.agency.category.index).toEqual(['own']);
  expect(extension.members).toEqual([{ agency: 'own', status: 'included' }]);
});
