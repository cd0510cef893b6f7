/**
 * A miscount in either calculator is noticed. In the second: one rule of its source at a time is broken, and some table
 * of the histories below comes out otherwise. In the first: of every kind of contribution that a form prints, one more
 * is put into the read store, and some table differs.
 */
import { transformSync } from '@swc/core';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { selectionsFor } from '../../src/statistics/form.js';
import type * as calculating from '../../src/verifier/calculator/calculator.js';
import type * as comparing from '../../src/verifier/calculator/compare.js';
import { compareTable, type PrintedTable } from '../../src/verifier/calculator/compare.js';
import type { RawEvent } from '../../src/verifier/calculator/raw-event.js';
import { AGENCIES, record, sendAll, setUpAgencies } from '../support/histories.js';
import { openTestLedger, recorderBeside, type TestLedger } from '../support/ledger.js';
import { at, hashOf, message, type Message } from '../support/messages.js';
import { budget } from '../support/budget.js';
import { MIXED_YEARS, mixedHistory, mixedMessages } from '../support/mixed-histories.js';
import { CALENDARS, calculatorOf, rawEvents, withoutDerived } from '../support/second-calculator.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { ReadStore } from '../../src/read-models/read-store.js';

const YEARS = [...MIXED_YEARS, 2023];

interface Recorded {
  readonly ledger: TestLedger;
  readonly events: readonly RawEvent[];
  readonly tables: readonly PrintedTable[];
}

let histories: Recorded[];

async function tablesOf(ledger: TestLedger, moments: readonly number[] = []): Promise<PrintedTable[]> {
  await ledger.settled();
  const tables: PrintedTable[] = [];
  for (const agency of AGENCIES)
    for (const year of YEARS)
      for (const { id: form } of FORMS) {
        tables.push(await ledger.tables.table({ agency, year, form }), await ledger.tables.table({ agency, year, form, view: 'live' }));
        for (const index of moments) tables.push(await ledger.tables.table({ agency, year, form, asOf: `index:${index}` }));
      }
  return tables;
}

async function recorded(ledger: TestLedger): Promise<Recorded> {
  const events = (await rawEvents(ledger.log)).map(withoutDerived);
  const tables = await tablesOf(ledger, [Math.floor(events.length / 2)]);
  // Neighbours are much alike: far apart in turn, what one of them shows is come to soon.
  const apart = [...tables.keys()].sort((a, b) => ((a * 7919) % 1009) - ((b * 7919) % 1009));
  return { ledger, events, tables: apart.map((at) => tables[at] as (typeof tables)[number]) };
}

// ---- a history of edges: closes on the last day and the day after, with everything that moves a clock ---------------

const NO_REVIEW = { agency: 'unreviewing' };
let number = 0;

/** An application received on Wednesday 2017-03-01 or 2020-06-03, with what happened to it by day. */
function course(
  law: '2008' | '2019',
  ...acts: readonly (readonly [day: string, type: string, data?: Record<string, unknown>])[]
): Message[] {
  number += 1;
  const subject = `application/edge-${number}`;
  const received = law === '2008' ? '2017-03-01' : '2020-06-03';
  const send = (day: string, type: string, data: Record<string, unknown> = {}, hour = 9): Message =>
    message(`application.${type}`, subject, at(day, hour), 'clerk', data, NO_REVIEW);
  const answer = { outcome: 'granted', contentHash: hashOf(subject) };
  return [
    send(received, 'received', { channel: 'email', applicant: { kind: 'business' }, request: '文件' }, 8),
    ...acts.map(([day, type, data]) => send(day, type, type === 'replied' ? answer : data)),
  ];
}

const EXTENDED = { days: 5, reason: '案情复杂', approvedBy: 'leader' };

function edges(): Message[] {
  const off = Array.from({ length: 5 }, (_, n) => `2018-03-${String(5 + n).padStart(2, '0')}`);
  const announced = { year: 2018, off, worked: ['2018-03-17', '2018-03-18'], notice: '通知' };
  const inherited = (day: string): Message[] => {
    number += 1;
    const subject = `application/below-${number}`;
    const below = { agency: 'changing' };
    return [
      message(
        'application.received',
        subject,
        at('2018-03-01', 8),
        'clerk',
        { channel: 'letter', applicant: { kind: 'other' }, request: '文件' },
        below,
      ),
      message('application.withdrawn', subject, at(day), 'clerk', {}, below),
    ];
  };
  const turn = message(
    'application.received',
    'application/turn',
    at('2019-05-15', 0),
    'clerk',
    { channel: 'fax', applicant: { kind: 'research' }, request: '文件' },
    NO_REVIEW,
  );
  const other = { contentHash: hashOf('turn'), outcome: 'refused', ground: 'state-secret' };
  const released = (by: string, day: string): Message =>
    message('publication.released', 'publication/twice', at(day), 'editor', { channel: by, contentHash: hashOf('twice') }, NO_REVIEW);
  const figure = (year: number, cell: string, value: string): Message =>
    message(
      'agency.figure-declared',
      'agency/unreviewing',
      at('2023-01-05'),
      'clerk',
      { year, form: '2021', cell, value, evidence: '台账' },
      NO_REVIEW,
    );
  const paper = {
    year: 2021,
    form: '2021',
    cells: { '2.1.1:in-force': '41（注）（再注）', '2.1.2:in-force': '9件（其中修订2件）' },
    evidence: '档案',
  };
  const inOtherUnits = {
    year: 2020,
    form: '2019',
    cells: { '2.1.1:total-public': '１５件', '2.1.2:total-public': '4万元' },
    evidence: '档案',
  };
  const tooFine = { year: 2018, form: '2014-fujian', cells: { '7:cumulative': '1.5' }, evidence: '档案' };
  const wrong = released('gazette', '2015-03-02');
  return [
    ...setUpAgencies(),
    // Fifteen working days from 2017-03-01 end on 03-22, twenty from 2020-06-03 on 07-02 (two days of Dragon Boat are
    // off, a Sunday is worked).
    ...course('2008', ['2017-03-22', 'replied']),
    ...course('2008', ['2017-03-23', 'replied']),
    ...course('2019', ['2020-07-02', 'replied']),
    ...course('2019', ['2020-07-03', 'replied']),
    // Stopped from the day after the question to the day of the answer: five days.
    ...course(
      '2008',
      ['2017-03-06', 'third-party-consulted'],
      ['2017-03-13', 'third-party-answered', { answer: 'agreed' }],
      ['2017-03-29', 'replied'],
    ),
    ...course(
      '2008',
      ['2017-03-06', 'third-party-consulted'],
      ['2017-03-13', 'third-party-answered', { answer: 'agreed' }],
      ['2017-03-30', 'replied'],
    ),
    // From a Friday that counts to a Sunday.
    ...course(
      '2008',
      ['2017-03-10', 'third-party-consulted'],
      ['2017-03-12', 'third-party-answered', { answer: 'silent' }],
      ['2017-03-23', 'replied'],
    ),
    // Asked too late: nothing moves. The extension puts the end off, so this one is not too late.
    ...course('2008', ['2017-03-23', 'third-party-consulted'], ['2017-03-24', 'replied']),
    ...course('2008', ['2017-03-23', 'third-party-consulted'], ['2017-04-28', 'withdrawn']),
    ...course('2008', ['2017-03-20', 'extended', EXTENDED], ['2017-03-28', 'third-party-consulted'], ['2017-04-28', 'withdrawn']),
    // A supplement restarts the clock once; awaited, an answer is judged without it and giving up is in time.
    ...course('2008', ['2017-03-06', 'supplement-requested'], ['2017-03-20', 'supplemented'], ['2017-04-11', 'replied']),
    ...course('2008', ['2017-03-06', 'supplement-requested'], ['2017-03-20', 'supplemented'], ['2017-04-12', 'replied']),
    ...course(
      '2008',
      ['2017-03-06', 'supplement-requested'],
      ['2017-03-08', 'supplemented'],
      ['2017-03-09', 'supplement-requested'],
      ['2017-03-20', 'supplemented'],
      ['2017-03-31', 'replied'],
    ),
    ...course('2008', ['2017-03-06', 'supplement-requested'], ['2017-03-24', 'replied']),
    ...course('2008', ['2017-03-06', 'supplement-requested'], ['2017-04-24', 'abandoned', { reason: 'not-supplemented' }]),
    ...course('2008', ['2017-03-23', 'supplement-requested'], ['2017-04-24', 'abandoned', { reason: 'fee-unpaid' }]),
    ...course('2008', ['2017-03-06', 'third-party-consulted'], ['2017-05-04', 'replied']),
    // The week off announced above holds for the agency below: 03-22 would be the sixteenth day, by the announcement it
    // is the thirteenth.
    message(
      'agency.changed',
      'agency/changing',
      at('2017-12-01'),
      'root',
      { parent: 'unreviewing', from: '2018-01-01' },
      { agency: 'changing' },
    ),
    ...inherited('2018-03-26'),
    message('calendar.announced', 'calendar/2018', at('2018-01-02'), 'root', announced, NO_REVIEW),
    ...inherited('2018-03-23'),
    ...inherited('2018-03-27'),
    turn,
    message('application.replied', 'application/turn', at('2019-05-20'), 'clerk', other, NO_REVIEW),
    // Items: released late on an earlier day, and one release taken back without naming its source.
    message(
      'publication.drafted',
      'publication/twice',
      at('2014-12-01'),
      'drafter',
      { title: '信息', contentHash: hashOf('twice'), normative: 'rules' },
      NO_REVIEW,
    ),
    released('website', '2017-01-05'),
    released('weibo', '2016-12-31'),
    wrong,
    message(
      'record.voided',
      'publication/twice',
      at('2018-01-01'),
      'auditor',
      { message: { id: wrong.id }, reason: '录入错误', approvedBy: 'second-root' },
      NO_REVIEW,
    ),
    // Documents: issued as rules, repealed as if a normative one.
    message(
      'normative-document.issued',
      'normative-document/r',
      at('2021-02-01'),
      'clerk',
      { documentNumber: 'r', title: '规章', rank: 'rules' },
      NO_REVIEW,
    ),
    message(
      'normative-document.repealed',
      'normative-document/r',
      at('2022-02-01'),
      'clerk',
      { documentNumber: 'r', title: '规章' },
      NO_REVIEW,
    ),
    // And one repealed in a year whose stock has its base the year before.
    ...(
      [
        ['issued', '2021-03-01'],
        ['repealed', '2022-03-01'],
      ] as const
    ).map(([what, day]) =>
      message(`normative-document.${what}`, 'normative-document/n', at(day), 'clerk', { documentNumber: 'n', title: '办法' }, NO_REVIEW),
    ),
    figure(2021, '2.1.1:in-force', '40'),
    figure(2022, '2.1.1:in-force', '50'),
    figure(2021, '2.1.2:in-force', '7'),
    message('table.declared', 'table/2021', at('2023-01-06'), 'clerk', paper, NO_REVIEW),
    message('table.declared', 'table/2020', at('2023-01-06'), 'clerk', inOtherUnits, NO_REVIEW),
    message('table.declared', 'table/2018', at('2023-01-06'), 'clerk', tooFine, NO_REVIEW),
    message('lawsuit.filed', 'lawsuit/reviewer', at('2020-02-01'), 'clerk', { route: 'direct', role: 'co-defendant-reviewer' }, NO_REVIEW),
    message('application.fee-charged', 'application/turn', at('2019-07-01'), 'clerk', { amountFen: 12_345, basis: '复印' }, NO_REVIEW),
  ];
}

/** The id of the receipt, of a release and of a figure used again for another case by a process that does not know. */
async function slipThrough(ledger: TestLedger): Promise<void> {
  const behind = new ReadStore(':memory:');
  const send = async (sent: Message): Promise<void> =>
    expect(await recorderBeside(ledger, behind).recordValue(sent, NO_IDENTITY)).toMatchObject({ status: 'recorded' });
  const used = message('meeting.held', 'meeting/first', at('2016-02-01'), 'clerk', { title: '会议' }, NO_REVIEW);
  const alsoUsed = message('meeting.held', 'meeting/second', at('2016-02-01'), 'clerk', { title: '会议' }, NO_REVIEW);
  await send(used);
  await send(alsoUsed);
  const [received, replied] = course('2008', ['2017-03-10', 'replied']) as [Message, Message];
  await send({ ...received, id: used.id });
  await send(replied);
  await send(
    message(
      'publication.drafted',
      'publication/slipped',
      at('2016-01-01'),
      'drafter',
      { title: '信息', contentHash: hashOf('s') },
      NO_REVIEW,
    ),
  );
  const release = message(
    'publication.released',
    'publication/slipped',
    at('2016-03-01'),
    'editor',
    { channel: 'website', contentHash: hashOf('s') },
    NO_REVIEW,
  );
  await send({ ...release, id: alsoUsed.id });
  behind.close();
}

beforeAll(async () => {
  const sampled = fc.sample(mixedHistory, { seed: 20211231, numRuns: budget(1, 2) });
  histories = [];
  // The edges first: they are few events, and show most miscounts.
  for (const messages of [null, ...sampled.map(mixedMessages)]) {
    const ledger = openTestLedger();
    if (messages !== null) await sendAll(ledger, messages);
    else {
      await record(ledger, edges());
      await slipThrough(ledger);
    }
    histories.push(await recorded(ledger));
  }
});

afterAll(async () => {
  for (const { ledger } of histories) await ledger.discard();
});

test('nothing differs while both are whole', () => {
  for (const { events, tables } of histories) {
    const calculator = calculatorOf(events);
    for (const table of tables) expect(compareTable(calculator, table)).toEqual([]);
  }
});

// ---- the second calculator ------------------------------------------------------------------------------------------

const FOLDER = join(__dirname, '../../src/verifier/calculator');
const SOURCES = new Map(readdirSync(FOLDER).map((file) => [file.replace('.ts', '.js'), readFileSync(join(FOLDER, file), 'utf8')]));
const compiled = new Map<string, string>();

function compile(source: string): string {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  compiled.set(source, code);
  return code;
}

/** The calculator with one file changed. */
function load(file: string, source: string): typeof calculating & typeof comparing {
  const modules = new Map<string, { exports: Record<string, unknown> }>();
  const require = (name: string): Record<string, unknown> => {
    const path = name.replace('./', '');
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(path, module);
    const text = compile(path === file ? source : (SOURCES.get(path) ?? ''));
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    new Function('require', 'module', 'exports', text)(require, module, module.exports);
    return module.exports;
  };
  return { ...require('./calculator.js'), ...require('./compare.js') } as typeof calculating & typeof comparing;
}

/** What goes wrong; file, what stands there once, and what stands there instead. */
const MISCOUNTS: readonly (readonly [what: string, file: string, from: string, to: string])[] = [
  ['one day more under the text of 2008', 'clock', "'2008': 15", "'2008': 16"],
  ['one day less under the text of 2019', 'clock', "'2019': 20", "'2019': 19"],
  ['the day of receipt counts', 'clock', 'day > state.from &&', 'day >= state.from &&'],
  ['a consultation stops nothing', 'clock', ' && !stopped && ', ' && '],
  ['the day of the answer counts, that of the question does not', 'clock', ' && !stopped && ', ' && state.stopping === 0 && '],
  ['giving up while something is awaited is judged', 'clock', "if (!of.isReply) return 'ordinary';", ''],
  ['a supplement restarts nothing', 'clock', 'state.counted = 0;', ''],
  ['every supplement restarts', 'clock', 'if (state.awaited && !state.restarted) {', 'if (state.awaited) {'],
  ['an extension puts no due date off', 'clock', 'PERIOD[law] + state.extension', 'PERIOD[law]'],
  ['a consultation begun too late stops the clock', 'clock', 'if (overdue) state.late += 1;\n      else', ''],
  ['a supplement asked for too late is awaited', 'clock', 'if (!overdue) state.awaited', 'state.awaited'],
  ['days of Greenwich', 'days', '8 * 3_600_000', '0'],
  ['Saturdays are worked', 'days', 'nth === 0 || nth === 6', 'nth === 0'],
  ['days off are worked', 'days', '- first] = 0;', '- first] = 1;'],
  ['make-up days are off', 'days', '- first] = 1;', '- first] = 0;'],
  ['calendars hold for whoever announced them only', 'agencies', 'line.push(above);', ''],
  ['announcements are not heard', 'agencies', 'if (own !== undefined) return own;', ''],
  ['a place under others of another day', 'agencies', 'index <= at && from <= day', 'index <= at && from > day'],
  ['the release recorded last is the first', 'tally', 'first = earlier(first, act);', 'first ??= act;'],
  ['a repeal is of the rank it says', 'tally', 'issue?.said.rank ?? act.said.rank', 'act.said.rank'],
  ["a reviewer's lawsuit counts", 'tally', 'filing.said.reviewer || ', ''],
  ['what opened without counting ends counting', 'tally', '(ends && !receipt.counts)', 'false'],
  ["a release with another case's id counts", 'tally', "!says(act, 'released') || !act.counts ||", "!says(act, 'released') ||"],
  ['a topic once per answer', 'tally', 'firsts.set(name, earlier(firsts.get(name), act))', 'tally.add(name, act)'],
  ['the text of 2019 a day late', 'acts', '2019-05-15', '2019-05-16'],
  ['asking for a change closes', 'acts', " && said.outcome !== 'amend-supplement'", ''],
  [
    'documents are rules unless they say otherwise',
    'acts',
    "value === 'rules' ? 'rules' : 'normative'",
    "value === 'normative' ? 'normative' : 'rules'",
  ],
  ['a void takes nothing back', 'acts', 'index <= at && at < until', 'index <= at'],
  ['a table as of an earlier event sees later ones', 'acts', 'index <= at && at < until', 'at < until'],
  ['a void names its source', 'calculator', "?? optionalText(event.metadata['source']);", ';'],
  ['a base holds from the year after it', 'calculator', 'one <= year', 'one < year'],
  ['the declaration recorded first holds', 'calculator', 'figure.index < paper.index', 'figure.index > paper.index'],
  ['a table of the year itself is its base', 'calculator', 'past === year ? null : ', ''],
  ['opening is closing', 'calculator', "recipe.at === 'opening' ? year - 1 : year", 'year'],
  ['every year is added up', 'calculator', 'recipe.of, year - 1, year', 'recipe.of, -Infinity, year'],
  ['paper is blank', 'calculator', 'printed(cells[cell])', 'null'],
  ['half-width digits only', 'decimal', "char >= '！' && char <= '～'", 'false'],
  ['a remark makes a base no number', 'decimal', 'if (whole !== null) return whole;', 'return whole;'],
  ['a figure with a remark adds nothing', 'decimal', 'if (start > 0 && ', 'if (false && '],
  ['two remarks are one', 'decimal', 'if (open < 0) return false;', ''],
  ['every declared table is read by the first reader', 'acts', 'event.version === 1 ? 1 : 2', '1'],
  ['a base finer than its cell', 'decimal', 'value % 10n ** BigInt(PLACES - places) === 0n && ', ''],
  ['万元 in a cell of pieces', 'decimal', 'PIECES.test(own) ? number : null', 'number'],
  [
    'e-mail is no way of the network',
    'forms',
    "['received.online', 'received.email'],\n      ['received.letter']",
    "['received.online'],\n      ['received.letter']",
  ],
  ['the gazette is no other way', 'forms', "'released.gazette', 'released.bulletin-board'", "'released.bulletin-board'"],
  ['fees in 元', 'forms', "of: ['fee'], places: 6", "of: ['fee'], places: 2"],
  ['waivers in 分', 'forms', "unit === '元' ? 2 : 0", "unit === '元' ? 0 : 0"],
  ['what does not exist is nowhere', 'forms', "'2008.other-agency', '2008.not-existing'", "'2008.other-agency'"],
  ['withdrawn is nowhere', 'forms', "'withdrawn', ", ''],
  ['fees unpaid are not supplemented', 'forms', "['3.3.6.1', NOT_SUPPLEMENTED]", "['3.3.6.1', FEE_UNPAID]"],
  [
    'refusals of 2019 in a table of 2014',
    'forms',
    '[`reply.2008.refused.${reason}`]',
    '[`reply.2008.refused.${reason}`, `reply.2019.refused.${reason}`]',
  ],
  ['what is in force forgets repeals', 'forms', 'pieces([`issued.${rank}`], [`repealed.${rank}`])', 'pieces([`issued.${rank}`])'],
  ['complaints are lawsuits only', 'forms', "['5', [...anyLawsuit, ...complaints]]", "['5', anyLawsuit]"],
  ['pending forgets what was decided', 'forms', 'ended: decided, at:', 'ended: [], at:'],
];

test('there are enough', () => expect(MISCOUNTS.length).toBeGreaterThanOrEqual(25));

test.each(MISCOUNTS)('the second calculator: %s', (_what, file, from, to) => {
  const source = SOURCES.get(`${file}.js`) ?? '';
  expect(source.split(from)).toHaveLength(2);
  const broken = load(
    `${file}.js`,
    source.replace(from, () => to),
  );
  const noticed = histories.some(({ events, tables }) => {
    const calculator = new broken.Calculator({ calendars: CALENDARS });
    for (const event of events) calculator.add(event);
    return tables.some((table) => {
      try {
        return broken.compareTable(calculator, table).length > 0;
      } catch (error) {
        // What is printed as paper and not found on paper is noticed as well.
        if (!(error instanceof RangeError) && (error as Error).name !== 'RangeError') throw error;
        return true;
      }
    });
  });
  expect(noticed).toBe(true);
});

// ---- the first calculator -------------------------------------------------------------------------------------------

interface Counted {
  readonly agency: number;
  readonly year: number;
  readonly key: number;
  readonly measure: string;
  readonly dimensions: string;
}

test('the first calculator: one more of anything printed', async () => {
  // The first calculator: one more of any kind of contribution that a form prints.
  // By kind: whether it was noticed. Row 4 of Fujian's form is printed until 2016 only, so not every year will do.
  const kinds = new Map<string, boolean>();
  for (const { ledger, events } of histories) {
    const { db } = ledger.store;
    const calculator = calculatorOf(events);
    const rows = db
      .prepare(
        'SELECT DISTINCT s.agency_id AS agency, s.year, s.key_id AS key, m.measure, m.dimensions FROM sums s JOIN measures m USING (key_id) WHERE s.year BETWEEN 2014 AND 2022',
      )
      .all() as Counted[];
    for (const { agency, year, key, measure, dimensions } of rows) {
      const kind = `${measure} ${dimensions}`;
      const forms = FORMS.filter((form) => selectionsFor(form, measure, JSON.parse(dimensions) as Record<string, string>).length > 0);
      if (forms.length === 0 || kinds.get(kind) === true) continue;
      const code = (db.prepare('SELECT name FROM names WHERE name_id = ?').pluck().get(agency) as string) ?? '';
      const change = (by: number): unknown =>
        db.prepare('UPDATE sums SET amount = amount + ? WHERE agency_id = ? AND year = ? AND key_id = ?').run(by, agency, year, key);
      change(1);
      const noticed: boolean[] = [];
      for (const { id: form } of forms) {
        const table = await ledger.tables.table({ agency: code, year, form, view: 'live' });
        noticed.push(compareTable(calculator, table).length > 0);
      }
      change(-1);
      kinds.set(kind, noticed.includes(true));
    }
  }
  expect([...kinds].filter(([, noticed]) => !noticed)).toEqual([]);
  expect(kinds.size).toBeGreaterThan(60);
});
