/**
 * Random histories that go on after their years were published: the published table stays as it was, and what is said
 * to differ is held against the tables as of every single event in between: exactly the cells that changed, exactly the
 * events that changed them, each with what it added.
 */
import fc from 'fast-check';
import type { ExplainedEvent } from '../../src/read-models/journal/explained-event.js';
import type { Table } from '../../src/tables/table.js';
import { valuesOf } from '../../src/statistics/table.js';
import { applicationHistory } from '../support/application-histories.js';
import { AGENCIES, history, record, sendAll, setUpAgencies, type Step } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { message, type Message } from '../support/messages.js';
import { asPublished, compiled, published, signed } from '../support/reports.js';
import { cellsOf } from '../../src/statistics/form.js';
import { findForm, FORMS as REGISTRY } from '../../src/statistics/forms/registry.js';
import { budget } from '../support/budget.js';

const FORMS = REGISTRY.map(({ id }) => id);
const AFTER = '2023-06-01T09:00:00+08:00';

// ---- figures and tables declared, and taken back --------------------------------------------------------------------

const agency = fc.constantFrom(...AGENCIES);
const year = fc.integer({ min: 2015, max: 2020 });
const figure = fc.constantFrom(
  ['2014-shandong', '9.1'],
  ['2014-shandong', '9.3.1'],
  ['2014-shandong', '9.3.2'],
  ['2014-fujian', '1:cumulative'],
  ['2014-fujian', '1.1:cumulative'],
  ['2019', '2.1.1:total-public'],
  ['2019', '2.1.2:total-public'],
  ['2021', '2.1.2:in-force'],
  ['2019', '2.9.1:amount'],
);
const value = fc.constantFrom('0', '1', '2', '7', '40');

const declaring: fc.Arbitrary<Step> = fc
  .record({ agency, year, figure, value })
  .map(({ agency: code, year: of, figure: [form, cell], value: said }) => () => [
    message(
      'agency.figure-declared',
      `agency/${code}`,
      AFTER,
      'clerk',
      { year: of, form, cell, value: said, evidence: '台账' },
      { agency: code },
    ),
  ]);

/** Of other forms the first few will do. */
const CELLS: Readonly<Record<string, readonly string[]>> = {
  '2014-shandong': ['1.1', '1.2.1', '9.1', '9.3', '8'],
  '2014-fujian': ['1:year', '1:cumulative', '3:year'],
  '2019': ['2.1.1:total-public', '3.1:total', '3.2:business', '3.4:total'],
  '2021': ['2.1.2:in-force', '3.1:business', '4.1:pending'],
};

const onPaper: fc.Arbitrary<Step> = fc
  .record({
    agency,
    year,
    form: fc.constantFrom(...FORMS),
    values: fc.array(fc.constantFrom('0', '3', '12', ' 5条', '/', null), { minLength: 5, maxLength: 5 }),
  })
  .map(({ agency: code, year: of, form, values }) => () => {
    const names = CELLS[form] ?? (findForm(form)?.rows ?? []).flatMap(cellsOf).map(({ cell }) => cell);
    const cells = Object.fromEntries(names.slice(0, values.length).map((cell, at) => [cell, values[at] ?? null]));
    return [message('table.declared', `table/${of}`, AFTER, 'clerk', { year: of, form, cells, evidence: '扫描件' }, { agency: code })];
  });

const undoing: fc.Arbitrary<Step> = fc.nat(1_000_000).map((place) => (sent) => {
  const declared = sent.filter(({ type }) => /figure-declared|table\.declared/.test(type));
  const target = declared[place % (declared.length || 1)];
  if (target === undefined) return [];
  const data = {
    message: { id: target.id, source: target.source },
    reason: '误填',
    approvedBy: target.agency === 'reviewing' ? 'leader' : 'second-root',
  };
  return [message('record.voided', target.subject, AFTER, 'auditor', data, { agency: target.agency })];
});

const declarations = fc.array(
  fc.oneof({ arbitrary: declaring, weight: 5 }, { arbitrary: onPaper, weight: 2 }, { arbitrary: undoing, weight: 3 }),
  { minLength: 20, maxLength: 40 },
);

/** Steps of both, mixed one by one as far as they go. */
function mixed(one: readonly Step[], other: readonly Step[]): Step[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, at) =>
    [one[at], other[at]].filter((step) => step !== undefined),
  ).flat();
}

// ---- what must hold -------------------------------------------------------------------------------------------------

interface Asked {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
}

/** Publishes what the ledger says by now, whatever errors it has, through the agency's chain. */
async function publish(ledger: TestLedger, asked: Asked): Promise<Table> {
  await ledger.settled();
  const table = await ledger.tables.table(asked);
  const accepted = table.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, cells }) => ({ rule, cells, reason: '如实' }));
  const about = { agency: asked.agency, year: asked.year, day: '2023-07-01', ...(accepted.length === 0 ? {} : { accepted }) };
  const direct = asked.agency !== 'reviewing';
  await record(ledger, [compiled(table, about), ...(direct ? [] : signed(table, about)), published(table, about)]);
  return table;
}

const MICRO = 1_000_000_000_000n;

/** A printed number in units of 10^-12; what is none, or blank, is nothing. */
function units(text: string | null | undefined): bigint {
  const match = /^\s*(-?)(\d+)(?:\.(\d+))?\s*条?$/.exec(text ?? '');
  if (match === null) return 0n;
  return (BigInt(match[2] as string) * MICRO + BigInt((match[3] ?? '').padEnd(12, '0'))) * (match[1] === '-' ? -1n : 1n);
}

type Moved = readonly (readonly [eventId: string, amount: bigint])[];

/** What the tables as of each event say: per cell that differs, the events at which it changed. */
async function bySteps(ledger: TestLedger, asked: Asked, frozen: Table): Promise<Map<string, Moved>> {
  const view = frozen.view === 'live' ? { view: 'live' } : {};
  const events = ledger.store.db
    .prepare(
      `SELECT e.idx AS "index", e.event_id AS id FROM events e JOIN streams s USING (stream_id) JOIN names n ON n.name_id = s.agency_id
       WHERE e.idx > ? AND n.name = ? ORDER BY e.idx`,
    )
    .all(frozen.asOf.index, asked.agency) as { index: number; id: Buffer }[];
  const moved = new Map<string, { id: string; amount: bigint; text: boolean }[]>();
  let before = valuesOf(frozen.rows);
  for (const { index, id } of events) {
    const now = valuesOf((await ledger.tables.table({ ...asked, ...view, asOf: `index:${index}` })).rows);
    for (const [cell, text] of now) {
      if (text === before.get(cell)) continue;
      const amount = units(text) - units(before.get(cell));
      moved.set(cell, [...(moved.get(cell) ?? []), { id: idOf(id), amount, text: true }]);
    }
    before = now;
  }
  const first = valuesOf(frozen.rows);
  return new Map(
    [...moved]
      .filter(([cell]) => before.get(cell) !== first.get(cell))
      .map(([cell, all]) => {
        const adding = all.filter(({ amount }) => amount !== 0n);
        return [cell, (adding.length > 0 ? adding : all).map(({ id, amount }) => [id, amount] as const)];
      }),
  );
}

function idOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const amounts = (events: readonly ExplainedEvent[]): Moved => events.map(({ eventId, amount }) => [eventId, units(amount)] as const);

let changed = 0;

async function holds(ledger: TestLedger, asked: Asked, frozen: Table): Promise<void> {
  const { agency: code, year: of } = asked;
  const shown = await ledger.tables.table({ agency: code, year: of, view: 'published' });
  expect(JSON.stringify(shown)).toBe(JSON.stringify(asPublished(frozen)));
  const { changes } = await ledger.tables.difference({ agency: code, year: of });
  changed += changes.length;
  const found = new Map(changes.map(({ cell, events }) => [cell, amounts(events)]));
  expect([asked, frozen.view, found]).toEqual([asked, frozen.view, await bySteps(ledger, asked, frozen)]);
  for (const { cell, published: was, live, events } of changes)
    expect([cell, amounts(events).reduce((sum, [, amount]) => sum + amount, units(was))]).toEqual([cell, units(live)]);
}

/** Sends the first part, publishes every year of every agency, sends the rest, and looks. */
async function play(steps: readonly Step[], part: number, years: readonly number[], turn: number): Promise<void> {
  const ledger = openTestLedger();
  const cut = Math.floor((steps.length * part) / 100);
  const sent: Message[] = setUpAgencies();
  await record(ledger, sent);
  const go = async (some: readonly Step[]): Promise<void> => {
    const from = sent.length;
    for (const step of some) sent.push(...step(sent));
    await sendAll(ledger, sent.slice(from));
  };
  await go(steps.slice(0, cut));
  const reports: [Asked, Table][] = [];
  for (const [place, code] of AGENCIES.entries()) {
    for (const of of years) {
      const asked = { agency: code, year: of, form: FORMS[(place + of + turn) % FORMS.length] as string };
      reports.push([asked, await publish(ledger, asked)]);
    }
  }
  await go(steps.slice(cut));
  await ledger.settled();
  for (const [asked, frozen] of reports) await holds(ledger, asked, frozen);
  await ledger.finish();
}

const RUNS = { numRuns: budget(2, 6), endOnFailure: true };
const part = fc.integer({ min: 30, max: 80 });
const turn = fc.nat(3);

test('publications: what differs is what changed since', async () => {
  // Items, topics, figures and tables from paper: what differs is what changed since, event by event.
  await fc.assert(
    fc.asyncProperty(history, declarations, part, turn, (steps, declared, of, by) =>
      play(mixed(steps, declared), of, [2015, 2016, 2017], by),
    ),
    { ...RUNS, seed: 20170106 },
  );
  expect(changed).toBeGreaterThan(budget(10, 40));
});

test('applications and remedies: differences and carried-over cases', async () => {
  // Applications and remedies, with what is carried over from year to year.
  changed = 0;
  await fc.assert(
    fc.asyncProperty(applicationHistory, declarations, part, turn, (steps, declared, of, by) =>
      play(mixed(steps, declared), of, [2018, 2020], by),
    ),
    { ...RUNS, seed: 20170107 },
  );
  expect(changed).toBeGreaterThan(budget(10, 40));
});
