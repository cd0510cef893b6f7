/** Yearly reports: a table frozen, signed off, published; what differs since, and by which events; restated. */
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { findForm, FORMS } from '../../src/statistics/forms/registry.js';
import { valuesOf } from '../../src/statistics/table.js';
import type { Difference, Table, TableQuestion } from '../../src/tables/table.js';
import { record, sendAll } from '../support/histories.js';
import { tableHash } from '../../src/tables/table-hash.js';
import { checkLedger } from '../support/check-ledger.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, setUp, type Message } from '../support/messages.js';
import { asPublished, compiled, published, reportOf, signed, tableNow } from '../support/reports.js';
import { oneMoreItem, smallYear } from '../support/year.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, smallYear());
});
afterEach(() => ledger.finish());

const question = { agency: AGENCY, year: 2017 };

async function publishedTable(asOf?: string): Promise<Table> {
  await ledger.settled();
  return ledger.tables.table({ ...question, view: 'published', asOf });
}

async function difference(asOf?: string): Promise<unknown[]> {
  await ledger.settled();
  const { changes }: Difference = await ledger.tables.difference({ ...question, asOf });
  return changes.map(({ cell, published: was, live, events }) => [cell, was, live, events.map(({ id, amount }) => [id, amount])]);
}

async function publish(day = '2018-01-20'): Promise<Table> {
  const table = await tableNow(ledger);
  await record(ledger, reportOf(table, { day }));
  return table;
}

const voidOf = (taken: Message, day = '2018-03-01'): Message =>
  message('record.voided', taken.subject, at(day), 'auditor', { message: { id: taken.id }, reason: '录入有误', approvedBy: 'leader' });

test('a published table stays frozen byte for byte', async () => {
  // A published table is the frozen one byte for byte, whatever is recorded after it.
  const frozen = await publish();
  const text = JSON.stringify(asPublished(frozen));
  expect(JSON.stringify(await publishedTable())).toBe(text);
  expect(await difference()).toEqual([]);
  const [draft, ...rest] = oneMoreItem('late');
  const release = rest.at(-1) as Message;
  await record(ledger, [draft, ...rest]);
  expect(JSON.stringify(await publishedTable())).toBe(text);
  expect(await difference()).toEqual([
    ['1.1', '2', '3', [[release.id, '1']]],
    ['1.2.1', '2', '3', [[release.id, '1']]],
  ]);
  const undo = voidOf(release);
  await record(ledger, [undo]);
  expect(await difference()).toEqual([]);
  expect(valuesOf((await tableNow(ledger)).rows).get('1.1')).toBe('2');
  expect(JSON.stringify(await publishedTable())).toBe(text);
});

describe('the live view says what stands published', () => {
  const now = async (more: Partial<TableQuestion> = {}): Promise<Table> => {
    await ledger.settled();
    return ledger.tables.table({ ...question, view: 'live', ...more });
  };
  const mark = async (more: Partial<TableQuestion> = {}): Promise<Table['published']> => (await now(more)).published;

  test('hash, index, and whether figures differ since', async () => {
    // Its hash and index, and whether a figure is another since;
    // by content the moments before and after a void are the same.
    expect(await mark()).toBeNull();
    const frozen = await publish();
    const standing = { hash: frozen.hash, index: frozen.asOf.index };
    const before = await now();
    expect(before.published).toEqual({ ...standing, differs: false });
    const [draft, ...rest] = oneMoreItem('late');
    const release = rest.at(-1) as Message;
    await record(ledger, [draft, ...rest]);
    const moved = await now();
    expect([moved.published, moved.contentHash === before.contentHash]).toEqual([{ ...standing, differs: true }, false]);
    await record(ledger, [voidOf(release)]);
    const after = await now();
    expect([after.published, after.contentHash, after.hash === before.hash]).toEqual([
      { ...standing, differs: false },
      before.contentHash,
      false,
    ]);
    expect(await mark({ asOf: `index:${frozen.asOf.index}` })).toBeNull();
    expect(await mark({ form: '2014-fujian' })).toBeNull();
    expect(await mark({ rollup: true })).toBeNull();
    for (const view of ['published', 'difference'] as const)
      expect(await ledger.tables[view === 'difference' ? 'difference' : 'table']({ ...question, view })).not.toHaveProperty('published');
  });
});

test('an approved table is not published', async () => {
  // Before a publication there is none; approved is not published.
  const table = await tableNow(ledger);
  await record(ledger, [compiled(table), ...signed(table)]);
  await expect(publishedTable()).rejects.toMatchObject({ code: 'no-published-table' });
  await expect(difference()).rejects.toMatchObject({ code: 'no-published-table' });
  await record(ledger, [published(table)]);
  expect((await publishedTable()).hash).toBe(table.hash);
});

describe('as of an earlier moment', () => {
  test('the last report published then is shown', async () => {
    // The report published last at that moment is shown; earlier there was none.
    const first = await publish();
    const { asOf } = await tableNow(ledger);
    await record(ledger, oneMoreItem('late'));
    const second = await publish('2018-02-20');
    expect((await publishedTable()).hash).toBe(second.hash);
    expect((await publishedTable(`index:${asOf.index ?? 0}`)).hash).toBe(first.hash);
    expect(await difference(`index:${asOf.index ?? 0}`)).toEqual([]);
    await expect(publishedTable(`index:${(asOf.index ?? 0) - 1}`)).rejects.toMatchObject({ code: 'no-published-table' });
    await expect(ledger.tables.table({ ...question, view: 'published', form: '2019' })).rejects.toMatchObject({
      code: 'no-published-table',
    });
    expect(await ledger.tables.table({ ...question, view: 'published', form: '2014-shandong' })).toEqual(await publishedTable());
  });

  test('restating an earlier moment takes events back', async () => {
    // A restatement as of an earlier event than the publication before takes events back.
    const early = await tableNow(ledger);
    const items = oneMoreItem('late');
    await record(ledger, items);
    await publish();
    await record(ledger, reportOf(early, { day: '2018-02-20' }));
    await ledger.settled();
    const { rounds } = ledger.reports.report(AGENCY, 2017);
    expect(
      rounds[1]?.publication?.changes?.map(({ cell, published: was, live, events }) => [
        cell,
        was,
        live,
        events.map(({ id, amount }) => [id, amount]),
      ]),
    ).toEqual([
      ['1.1', '3', '2', [[items.at(-1)?.id, '-1']]],
      ['1.2.1', '3', '2', [[items.at(-1)?.id, '-1']]],
    ]);
  });
});

describe('what is compiled', () => {
  test('the compilation waits for acts in flight', async () => {
    // Messages in one flight: the compilation waits for the acts before it.
    const table = await tableNow(ledger);
    const other = openTestLedger();
    const receipts = await sendAll(other, [...smallYear(), ...reportOf(table)]);
    // Ids differ from run to run, times do not: the table is the same table.
    expect(receipts.filter(({ status }) => status !== 'recorded')).toEqual([]);
    await other.finish();
  });

  test('a wrong index, hash or form is refused', async () => {
    // An index that no event has yet, a hash of another table, a form nobody knows.
    const table = await tableNow(ledger);
    const beyond = { ...table, asOf: { ...table.asOf, index: (table.asOf.index ?? 0) + 1 } };
    const earlier = await ledger.tables.table({ ...question, asOf: 'index:9' });
    const schema = '/v1/schemas/disclosure.report.compiled/v1.json';
    const receipts = await ledger.send(compiled(beyond), compiled({ ...table, hash: earlier.hash }), compiled({ ...table, form: '2099' }));
    expect(receipts.map(({ error }) => [error?.code, error?.details])).toEqual([
      ['invalid-data', { index: beyond.asOf.index, lastIndex: table.asOf.index, schema }],
      ['table-hash-mismatch', { expected: table.hash, actual: earlier.hash, index: table.asOf.index, form: table.form, schema }],
      ['unknown-form', { form: '2099', schema }],
    ]);
    expect(receipts[1]?.error?.hint).toContain(table.hash);
    const [before] = await ledger.send(compiled({ ...table, asOf: { ...table.asOf, index: 0 }, hash: table.hash }, { year: 2018 }));
    expect(before?.error?.code).toBe('table-hash-mismatch');
    // An earlier table may be compiled as well as the last one.
    await record(ledger, [compiled(earlier)]);
  });

  test('an agency registered after the index is refused', async () => {
    // Of an agency that was registered later than the index.
    const table = await tableNow(ledger);
    await record(ledger, setUp('younger'));
    const [receipt] = await ledger.send(compiled(table, { agency: 'younger' }));
    expect(receipt?.error).toMatchObject({ code: 'invalid-data', details: { index: table.asOf.index } });
  });

  test('the same message again is a duplicate', async () => {
    // The same message again is a duplicate, whatever was recorded since.
    const first = compiled(await tableNow(ledger));
    await record(ledger, [first, ...oneMoreItem('late')]);
    expect((await ledger.send(first)).map(({ status }) => status)).toEqual(['duplicate']);
    expect((await ledger.send({ ...first, actor: 'somebody else' })).map(({ error }) => error?.code)).toEqual(['id-reused']);
  });

  test('printed errors must be accepted by name', async () => {
    // A printed table with errors only with each accepted by name.
    const year = 2016;
    const cells = { '1.1': '5', '7': '3', '7.1': '1', '7.2': '1', '9.3': '4', '9.3.1': '1', '9.3.2': '1' };
    const paper = { year, form: '2014-shandong', cells, evidence: '盖章件' };
    await record(ledger, [message('table.declared', `table/${year}`, at('2018-02-01'), 'clerk', paper)]);
    const table = await tableNow(ledger, { year });
    const errors = table.findings.filter(({ severity }) => severity === 'error');
    expect([table.view, errors.length]).toEqual(['paper', 2]);
    const [open] = await ledger.send(compiled(table, { year }));
    expect(open?.error).toMatchObject({
      code: 'open-error-finding',
      details: { findings: errors.map(({ rule, cells: of }) => ({ rule, cells: of })) },
    });
    const accepted = errors.map(({ rule, cells: of }) => ({ rule, cells: [...of].reverse(), reason: '原件如此' }));
    await record(ledger, reportOf(table, { year, accepted }));
    await ledger.settled();
    expect(await ledger.tables.table({ agency: AGENCY, year, view: 'published' })).toEqual(asPublished(table));
    expect(ledger.reports.report(AGENCY, year).rounds[0]?.accepted).toEqual(accepted);
    expect((await ledger.tables.difference({ agency: AGENCY, year })).changes).toEqual([]);
    const { events } = await ledger.tables.explain({ agency: AGENCY, year, cell: '7', view: 'published' });
    expect(events.map(({ case: of }) => of)).toEqual([`table/${year}`]);
  });

  test('a table no event holds is refused', async () => {
    const agency = 'unreviewing';
    await record(ledger, setUp(agency, { chain: false }));
    // A finding names 200 cases at most: only many findings make a table large, here one for each pair of items with
    // the same content.
    const contentOf = (place: number): string => hashOf(`pair ${Math.floor(place / 2)}`);
    const number = (at_: number): string => `${'长'.repeat(58)}${String(at_).padStart(6, '0')}`;
    const items = Array.from({ length: 2400 }, (_, place) => [
      message(
        'publication.drafted',
        `publication/${number(place)}`,
        at('2017-03-01'),
        'clerk',
        { title: 'x', contentHash: contentOf(place) },
        { agency },
      ),
      message(
        'publication.released',
        `publication/${number(place)}`,
        at('2017-03-02'),
        'clerk',
        { channel: 'website', contentHash: contentOf(place) },
        { agency },
      ),
    ]).flat();
    await record(ledger, items);
    const table = await tableNow(ledger, { agency });
    const [receipt] = await ledger.send(compiled(table, { agency }));
    expect(receipt?.error).toMatchObject({ code: 'too-large', details: { bytes: expect.any(Number) as number } });
    // Half of it is well within.
    const half = await ledger.tables.table({ agency, year: 2017, asOf: `index:${(table.asOf.index ?? 0) - items.length / 2}` });
    await record(
      ledger,
      reportOf(half, { agency }).filter(({ type }) => /compiled|published/.test(type)),
    );
    await ledger.settled();
    expect(await ledger.tables.table({ agency, year: 2017, view: 'published' })).toEqual(asPublished(half));
  });

  test.each(FORMS.map(({ id }) => id))('a table of form %s is small', async (form) => {
    // A whole table of form … takes a small part of what an event holds.
    await ledger.settled();
    const table = await ledger.tables.table({ ...question, form });
    expect(Buffer.byteLength(JSON.stringify(table))).toBeLessThan(40_000);
    await record(ledger, reportOf(table));
    expect(await publishedTable()).toEqual(asPublished(table));
    const [stored] = await ledger.log.readStream(`report-${AGENCY}/2017`, 0, 1);
    const { derived } = stored?.data as { derived: { table: Table; policy: string; formHash: string } };
    expect(derived.table).toEqual(ledger.tables.plain({ ...question, form, asOf: `index:${table.asOf.index}` }).table);
    expect(Object.keys(derived.table)).not.toEqual(expect.arrayContaining(['columns']));
    const hashed = createHash('sha256')
      .update(canonicalize(findForm(form)) as string)
      .digest('hex');
    expect([derived.policy, derived.formHash]).toEqual([table.policy, `sha256:${hashed}`]);
  });
});

describe('what else is said', () => {
  const agency = 'unreviewing';

  test('publishing without review shows everywhere', async () => {
    // Published without review: in the trail, in the findings of its year, and by the report itself.
    await record(ledger, [
      ...setUp(agency, { chain: false }),
      message('meeting.held', 'meeting/1', at('2017-03-01'), 'clerk', { title: '会' }, { agency }),
    ]);
    const table = await tableNow(ledger, { agency });
    await record(ledger, [compiled(table, { agency }), published(table, { agency })]);
    const trail = (await ledger.settled(), ledger.trails.trail(agency, { kind: 'report', number: '2017' }));
    expect([trail.state, trail.remarks.map(({ code }) => code)]).toEqual(['published', ['without-review']]);
    expect(ledger.reports.report(agency, 2017).rounds[0]?.publication).toMatchObject({ withoutReview: true, checkpoint: null });
    const without = async (year: number): Promise<unknown> =>
      (await ledger.tables.table({ agency, year })).findings.filter(({ rule }) => rule === 'without-review').map(({ cases }) => cases);
    expect([await without(2017), await without(2018)]).toEqual([[['report/2017']], []]);
    expect((await ledger.tables.difference({ agency, year: 2017 })).changes).toEqual([]);
    // The finding is new, no figure is.
    expect((await ledger.tables.table({ agency, year: 2017 })).published).toMatchObject({ hash: table.hash, differs: false });
  });

  test('a report is an act of its year', async () => {
    // A report of a year is an act of that year, not of the one it is sent in.
    await publish();
    const missing = async (year: number): Promise<unknown> =>
      (await ledger.tables.table({ agency: AGENCY, year, rollup: true })).members?.map(({ status }) => status);
    await ledger.settled();
    expect([await missing(2017), await missing(2018)]).toEqual([['included'], ['missing']]);
  });

  test('a signer’s earlier end is that year’s finding', async () => {
    // A signer whose role is found to have ended earlier is a finding of the year of the report.
    await publish();
    await record(ledger, [
      message('agency.role-ended', `agency/${AGENCY}`, at('2018-01-10'), 'root', { actor: 'leader', role: 'deputy-leader' }),
    ]);
    await ledger.settled();
    const found = async (year: number): Promise<unknown> =>
      (await ledger.tables.table({ agency: AGENCY, year })).findings
        .filter(({ rule }) => rule === 'signed-without-role')
        .map(({ cases }) => cases);
    expect([await found(2017), await found(2018)]).toEqual([[['report/2017']], []]);
    const { entries } = ledger.trails.trail(AGENCY, { kind: 'report', number: '2017' });
    expect(entries.filter(({ remarks }) => remarks.some(({ code }) => code === 'role-ended-earlier')).map(({ type }) => type)).toEqual([
      'disclosure.report.approved',
    ]);
  });

  test('what was voided is in the trail only', async () => {
    // What was taken back is in the trail, no more in the report.
    const table = await tableNow(ledger);
    const [opened, office, lawyer, approval] = [compiled(table), ...signed(table)] as [Message, Message, Message, Message];
    await record(ledger, [opened, office, lawyer, approval]);
    const before = (await tableNow(ledger)).asOf.index ?? 0;
    const second = message('agency.role-assigned', `agency/${AGENCY}`, at('2010-01-05'), 'root', {
      actor: 'leader-2',
      role: 'deputy-leader',
    });
    const undo = { ...voidOf(approval), data: { message: { id: approval.id }, reason: '误', approvedBy: 'leader-2' } };
    await record(ledger, [second, undo]);
    await ledger.settled();
    const [now] = ledger.reports.report(AGENCY, 2017).rounds;
    expect([now?.clearances.length, now?.approval]).toEqual([2, null]);
    expect(ledger.reports.report(AGENCY, 2017, `index:${before}`).rounds[0]?.approval).toMatchObject({ actor: 'leader' });
    expect(ledger.trails.trail(AGENCY, { kind: 'report', number: '2017' }).state).toBe('in-clearance');
    expect((await ledger.send(published(table))).map(({ error }) => error?.code)).toEqual(['not-approved']);
  });
});

describe('a published table that was written into', () => {
  const written = (sql: string, ...values: unknown[]): void => void ledger.store.db.prepare(sql).run(...values);
  const other = (body: string): string =>
    body.replace('"code":"1.1","label"', '"code":"1.1","label" ').replace(/"value":"2"/, '"value":"3"');

  async function bodyOf(): Promise<string> {
    await ledger.settled();
    return ledger.store.db.prepare('SELECT body FROM report_tables').pluck().get() as string;
  }

  test.each<[string, (body: string) => string]>([
    ['another figure', other],
    [
      'another figure with a hash of its own',
      (body) => {
        const table = JSON.parse(other(body)) as Table;
        return JSON.stringify({ ...table, hash: tableHash(table) });
      },
    ],
    ['no JSON', (body) => body.slice(0, 100)],
    ['something else', () => '{}'],
  ])('in read models: withheld, found by rebuild: %s', async (_what, edit) => {
    // In the read models is not handed out, and a rebuild finds it.
    await publish();
    const body = await bodyOf();
    written('UPDATE report_tables SET body = ?', edit(body));
    for (const answer of [publishedTable(), difference(), ledger.tables.explain({ ...question, cell: '1.1', view: 'published' })])
      await expect(answer).rejects.toMatchObject({ code: 'read-model-stopped' });
    expect(() => ledger.reports.report(AGENCY, 2017)).toThrow(/not in the read models as it was signed/);
    await expect(checkLedger(ledger.log, ledger.store)).rejects.toThrow(/report_tables/);
    written('UPDATE report_tables SET body = ?', body);
    expect((await publishedTable()).view).toBe('published');
  });
});
