/**
 * A log from before there were rules of names, texts, identifiers and traces. Its events are read and counted as ever;
 * a repeat is a duplicate, anything new is refused; tables and trails say which names are doubtful.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Finding } from '../../src/statistics/checks.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import type { Receipt } from '../../src/recording/receipts.js';
import type { Trail } from '../../src/read-models/trail/trail-reader.js';
import { citizenId } from '../support/citizen-id.js';
import { figures, record } from '../support/histories.js';
import { openTestLedger, recorderBeside, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';

/** Stands in for the program of that time: it had none of these rules, and compared names as they came. */
const mockProgram = { old: false };

jest.mock('../../src/intake/spelling.js', () => {
  const actual = jest.requireActual<typeof import('../../src/intake/spelling.js')>('../../src/intake/spelling.js');
  return {
    ...actual,
    refuseSpelling: (...asked: Parameters<typeof actual.refuseSpelling>) => (mockProgram.old ? null : actual.refuseSpelling(...asked)),
  };
});

jest.mock('../../src/domain/names.js', () => {
  const actual = jest.requireActual<typeof import('../../src/domain/names.js')>('../../src/domain/names.js');
  return {
    ...actual,
    isSameName: (...[one, other, kind]: Parameters<typeof actual.isSameName>) =>
      mockProgram.old ? one === other : actual.isSameName(one, other, kind),
    isSameOffice: (one: string, other: string) => (mockProgram.old ? one === other : actual.isSameOffice(one, other)),
    isAmong: (...[name, names, kind]: Parameters<typeof actual.isAmong>) =>
      mockProgram.old ? names.includes(name) : actual.isAmong(name, names, kind),
  };
});

const NUMBER = citizenId();
const content = { contentHash: hashOf('1') };

/**
 * Whoever drafted cleared and approved under other spellings; a void approved by the one who voids; texts, ids and a
 * trace of all kinds.
 */
const old: readonly Message[] = [
  ...setUp(),
  message('agency.role-assigned', `agency/${AGENCY}`, at('2010-02-01'), 'root', { actor: 'drafter ', role: 'office-reviewer' }),
  message('publication.drafted', 'publication/1', at('2017-03-01', 9), 'drafter', { title: '标题\u009b2J\u202e', ...content }),
  message('publication.cleared', 'publication/1', at('2017-03-01', 10), 'drafter ', { step: 'office', verdict: 'passed', ...content }),
  message('publication.cleared', 'publication/1', at('2017-03-01', 11), 'lawyer', { step: 'regulations', verdict: 'passed', ...content }),
  message('publication.approved', 'publication/1', at('2017-03-01', 12), 'leader', content),
  released('1', '2017-03-02', 'website'),
  message('meeting.held', 'meeting/1', at('2018-03-01'), '\u3164', { title: '会议' }),
  message('training.held', 'training/1', at('2018-03-01'), 'clerk', { title: '培训', trainees: 3 }, { id: `a-${[...NUMBER].join('.')}` }),
  message('training.held', 'training/2', at('2018-03-01'), NUMBER, { title: '培训', trainees: 3 }, { source: `/s/${NUMBER}` }),
  message(
    'delivery.made',
    'delivery/1',
    at('2018-03-01'),
    'clerk',
    { place: '档案馆\u2028', medium: 'paper', items: 2 },
    { id: 'tab\tin id' },
  ),
  { ...message('meeting.held', 'meeting/2', at('2018-03-02'), 'clerk', { title: '会议' }), traceparent: '00-1-2-01' } as Message,
];

const voided = message('record.voided', 'meeting/1', at('2018-04-01'), 'auditor', {
  message: { id: (old.find(({ subject }) => subject === 'meeting/1') as Message).id },
  reason: '错',
  approvedBy: 'leader',
});

let ledger: TestLedger;

beforeAll(async () => {
  ledger = openTestLedger();
  mockProgram.old = true;
  await record(ledger, old);
  mockProgram.old = false;
  await ledger.settled();
});

afterAll(() => ledger.finish());

async function doubtful(year: number): Promise<readonly Finding[]> {
  await ledger.settled();
  const { findings } = await ledger.tables.table({ agency: AGENCY, year, form: '2014-shandong' });
  return findings.filter(({ rule }) => rule === 'doubtful-name');
}

const trailOf = (name: string): Trail => ledger.trails.trail(AGENCY, { kind: name.split('/')[0] ?? '', number: name.split('/')[1] ?? '' });
const marked = (name: string): string[] =>
  trailOf(name).entries.flatMap(({ type, remarks }) => (remarks.some(({ code }) => code === 'doubtful-name') ? [type] : []));

const outcome = ({ status, error }: Receipt): string => error?.code ?? status;

test('it counts as it did', async () => {
  expect(await figures(ledger, AGENCY, 2017)).toMatchObject({ '1.1': '1', '1.2.1': '1' });
});

test('every message sent again is a duplicate', async () => {
  // Every message sent again is a duplicate, answered with its own receipt.
  const again = await ledger.send(...old);
  expect(again.map(outcome)).toEqual(old.map(() => 'duplicate'));
  expect(again.map(({ id }) => id)).toEqual(old.map(({ id }) => id));
});

test('a fresh process on a shared log agrees', async () => {
  // So it is for a process that has just begun, over a log that others write too.
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-second-'));
  const behind = new ReadStore(join(folder, 'read.db'));
  const { log } = ledger;
  const shared = new Proxy(log, {
    get: (target, name) => {
      const value: unknown = name === 'ordered' ? false : Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
  const second = recorderBeside(ledger, behind, { log: shared, keys: ledger.keys });
  const before = await log.head();
  const receipts = await Promise.all(old.map((one) => second.recordValue(one, NO_IDENTITY)));
  expect(receipts.map(outcome)).toEqual(old.map(() => 'duplicate'));
  expect(await log.head()).toBe(before);
  behind.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a new id is refused, other content id-reused', async () => {
  // The same under another id is new, and refused; under its own id with other content it is id-reused.
  const bad = old.slice(setUp().length).filter(({ subject, actor }) => !/publication|agency/.test(subject) || actor !== actor.trim());
  const fresh = bad.map((one, n) => ({ ...one, id: /[\t.]/.test(one.id) ? `${one.id}x` : `fresh-${n}` }));
  const codes = (await ledger.send(...fresh)).map(outcome);
  expect(codes).toEqual([
    'invalid-data',
    'invalid-data',
    'personal-data-in-identifier',
    'personal-data-in-identifier',
    'not-cloudevents',
    'invalid-data',
  ]);
  const changed = old.filter(({ actor }) => actor === '\u3164').map((one) => ({ ...one, data: { title: '另一会议' } }));
  expect((await ledger.send(...changed)).map(outcome)).toEqual(['id-reused']);
});

test('a repeat with broken trace is a duplicate', async () => {
  // A repeat of today with a broken trace is a duplicate as well.
  const meeting = message('meeting.held', 'meeting/3', at('2018-03-02'), 'clerk', { title: '会议' });
  expect((await ledger.send(meeting, { ...meeting, traceparent: 'none' })).map(outcome)).toEqual(['recorded', 'duplicate']);
});

test('new decisions take both spellings for one person', async () => {
  // What is decided from now on takes the two spellings for one person.
  const contentHash = hashOf('2');
  const receipts = await ledger.send(
    message('publication.revised', 'publication/1', at('2017-04-01', 9), 'somebody', { contentHash }),
    message('publication.cleared', 'publication/1', at('2017-04-01', 10), 'drafter', { step: 'office', verdict: 'passed', contentHash }),
    message('publication.cleared', 'publication/1', at('2017-04-01', 10), 'drafter ', { step: 'office', verdict: 'passed', contentHash }),
  );
  expect(receipts.map(outcome)).toEqual(['recorded', 'drafter-cannot-clear', 'invalid-data']);
});

test('tables of such years name the cases', async () => {
  // The tables of the years in which such a name signed say so, with its cases.
  expect(await doubtful(2010)).toMatchObject([{ severity: 'warning', cells: [], cases: [`agency/${AGENCY}`] }]);
  expect(await doubtful(2017)).toMatchObject([{ cases: ['publication/1'] }]);
  expect(await doubtful(2018)).toMatchObject([{ cases: ['meeting/1'] }]);
  expect(await doubtful(2016)).toEqual([]);
});

test('so do the trails, entry by entry', () => {
  expect(marked('publication/1')).toEqual(['disclosure.publication.cleared']);
  expect(marked('meeting/1')).toEqual(['disclosure.meeting.held']);
  expect(marked('meeting/2')).toEqual([]);
  expect(marked(`agency/${AGENCY}`)).toEqual(['disclosure.agency.role-assigned']);
  expect(trailOf('publication/1').remarks.map(({ code }) => code)).toContain('doubtful-name');
});

test('a voided act is doubtful only before that', async () => {
  // An act that is taken back is doubtful no more, but as of before it was.
  const before = (await ledger.tables.table({ agency: AGENCY, year: 2018 })).asOf.index ?? 0;
  expect((await ledger.send(voided)).map(outcome)).toEqual(['recorded']);
  expect(await doubtful(2018)).toEqual([]);
  const { findings } = await ledger.tables.table({ agency: AGENCY, year: 2018, asOf: `index:${before}` });
  expect(findings.map(({ rule }) => rule)).toContain('doubtful-name');
});

test('refusals are listed masked, kept as sent', async () => {
  // Refusals are listed with what is personal masked, and kept as they were sent.
  const sent = message(
    'meeting.held',
    'meeting/9',
    at('2018-03-02'),
    NUMBER,
    { title: '会议' },
    { id: `${NUMBER}-1`, source: `/s/${NUMBER}` },
  );
  const [receipt] = await ledger.send(sent);
  expect(receipt).toMatchObject({
    id: `${'*'.repeat(18)}-1`,
    source: `/s/${'*'.repeat(18)}`,
    error: { code: 'personal-data-in-identifier' },
  });
  await ledger.settled();
  const list = ledger.refusals.list().refusals;
  expect(JSON.stringify(list)).not.toContain(NUMBER);
  const [kept] = list.filter(({ id }) => id === receipt?.id);
  expect(kept).toMatchObject({ source: receipt?.source, error: { code: 'personal-data-in-identifier' } });
  expect(JSON.parse(ledger.refusals.message(kept?.refusalId ?? '') ?? '')).toEqual(sent);
});

/** From the files of cases that the public contract comes with. */
describe.each([
  ['two-spellings', 'data.approvedBy'],
  ['control-characters', 'data.title'],
])('%s.ndjson', (name, field) => {
  test('only its last line is refused', async () => {
    // Its last line is refused, those before it are recorded.
    const own = openTestLedger();
    const lines = readFileSync(join(__dirname, `../fixtures/cases/${name}.ndjson`), 'utf8')
      .trimEnd()
      .split('\n');
    const receipts: Receipt[] = [];
    for (const line of lines) receipts.push(await own.recorder.recordBytes(Buffer.from(line), NO_IDENTITY));
    expect(receipts.map(outcome)).toEqual([...lines.slice(1).map(() => 'recorded'), 'invalid-data']);
    const problems = receipts.at(-1)?.error?.details?.['problems'] as readonly { readonly field: string }[];
    expect(problems.map((problem) => problem.field)).toContain(field);
    await own.finish();
  });
});
