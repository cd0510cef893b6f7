/**
 * Whoever runs the ledger writes a report that nobody could have sent, with entries, tiles and root that fit: what a
 * publication claims of its sign-off does not hold, and is named.
 */
import { canonicalJson } from '../../src/encoding/canonical-json.js';
import { generateSignerKey } from '../../src/ledger/signed-note.js';
import { signCheckpoint } from '../../src/ledger/checkpoint.js';
import { tableHash } from '../../src/verifier/format/printed-table.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, SOURCE } from '../support/messages.js';
import { errorsOf, forged, makePack, membersOf, packFile, remake, verify } from '../support/packs.js';
import { compiled, published, signed, tableNow } from '../support/reports.js';
import { smallYear } from '../support/year.js';

interface Line {
  index: number;
  readonly type: string;
  stream: string;
  revision: number;
  eventId: string;
  occurredAt: string | null;
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

const file = packFile();
const changed = packFile();
let ledger: TestLedger;

beforeAll(async () => {
  ledger = openTestLedger();
  await ledger.send(...smallYear());
  const first = await tableNow(ledger);
  await ledger.send(compiled(first), ...signed(first), published(first));
  // A restatement of the same table: two rounds, two publications.
  const about = { day: '2018-02-20' };
  const receipts = await ledger.send(compiled(first, about, 'second-compiler'), ...signed(first, about), published(first, about));
  expect(receipts.map(({ status }) => status)).toEqual(receipts.map(() => 'recorded'));
  await ledger.settled();
  await makePack(ledger, file);
});

afterAll(() => ledger.finish());

/** Every finding of an error, of the pack with these events instead. */
async function rewritten(change: (events: Line[]) => void): Promise<{ readonly rule: string; readonly message: string }[]> {
  const members = membersOf(file);
  forged((lines) => {
    const events = lines.map((line) => JSON.parse(line) as Line);
    change(events);
    return events.map((event) => canonicalJson(event));
  })(members);
  remake(changed, members);
  return (await verify(changed)).findings.filter(({ severity }) => severity === 'error');
}

/** Of the acts on the report of one type the first, or the one with this step. */
const actIn = (events: readonly Line[], type: string, step?: string): Line =>
  events.find((event) => event.type === type && (step === undefined || event.data['step'] === step)) as Line;

const dated = (event: Line, at: string): void => {
  event.occurredAt = at;
  event.metadata['at'] = at;
};

test('as it was recorded it holds', async () => {
  const result = await verify(file);
  expect(errorsOf(result)).toEqual([]);
  expect(result.reports).toBe(2);
  expect(await rewritten(() => undefined)).toEqual([]);
});

test.each<[string, RegExp, (events: Line[]) => void]>([
  [
    'a step that nobody passed',
    /without the step regulations/,
    (events) => void (actIn(events, 'report.cleared', 'regulations').data['verdict'] = 'escalated'),
  ],
  [
    'a step the chain does not have',
    /no step legal/,
    (events) => void (actIn(events, 'report.cleared', 'regulations').data['step'] = 'legal'),
  ],
  [
    'a step passed by somebody without the role',
    /clerk does not hold the role office-reviewer/,
    (events) => void (actIn(events, 'report.cleared', 'office').metadata['actor'] = 'clerk'),
  ],
  [
    'approved by somebody without the role',
    /clerk does not hold the role deputy-leader/,
    (events) => void (actIn(events, 'report.approved').metadata['actor'] = 'clerk'),
  ],
  [
    'one person for two steps',
    /office passed two steps/,
    (events) => void (actIn(events, 'report.cleared', 'regulations').metadata['actor'] = 'office'),
  ],
  [
    'compiled by who approved it',
    /leader compiled or cleared it and approved/,
    (events) => void (actIn(events, 'report.compiled').metadata['actor'] = 'leader'),
  ],
  [
    'compiled by who cleared it',
    /lawyer compiled it and cleared/,
    (events) => void (actIn(events, 'report.compiled').metadata['actor'] = 'lawyer'),
  ],
  [
    'a clearance of another table',
    /signed another table/,
    (events) => void (actIn(events, 'report.cleared', 'office').data['tableHash'] = `sha256:${'1'.repeat(64)}`),
  ],
  [
    'approved before it was cleared',
    /without the step office passed before/,
    (events) => dated(actIn(events, 'report.approved'), '2018-01-20T09:30:00+08:00'),
  ],
  [
    'cleared before it was compiled',
    /cleared before it was compiled/,
    (events) => dated(actIn(events, 'report.cleared', 'office'), '2018-01-19T09:30:00+08:00'),
  ],
  [
    'published before it was approved',
    /published before it was approved/,
    (events) => dated(actIn(events, 'report.published'), '2018-01-20T11:30:00+08:00'),
  ],
  [
    'a role that was given later',
    /lawyer does not hold/,
    (events) =>
      dated(
        events.find(({ type, data }) => type === 'agency.role-assigned' && data['actor'] === 'lawyer') as Line,
        '2018-01-21T09:00:00+08:00',
      ),
  ],
  [
    'the publication names another compilation',
    /another table is published/,
    (events) =>
      void ((actIn(events, 'report.published').data['derived'] as Record<string, unknown>)['compiled'] = actIn(
        events,
        'report.approved',
      ).eventId),
  ],
  [
    'what was published taken back',
    /rests on was taken back/,
    (events) => {
      const last = events.filter(({ type }) => type === 'report.cleared').at(-1) as Line;
      const { id } = actIn(events, 'report.approved').metadata;
      Object.assign(last, { type: 'record.voided', data: { message: { id, source: SOURCE }, reason: '更正' } });
    },
  ],
])('%s', async (_what, message, change) => {
  const found = await rewritten(change);
  expect(
    found
      .filter(({ rule }) => rule === 'report-chain')
      .map((finding) => finding.message)
      .join('\n'),
  ).toMatch(message);
});

test('one compilation published twice', async () => {
  const found = await rewritten((events) => {
    const [first, second] = events.filter(({ type }) => type === 'report.published') as [Line, Line];
    const between = events.filter(({ index, type }) => index > first.index && index < second.index && type.startsWith('report.'));
    // What lies between becomes acts of another kind.
    between.forEach((event, at) => {
      event.stream = `meeting-${AGENCY}/between-${at}`;
      event.revision = 0;
      event.metadata['subject'] = `meeting/between-${at}`;
      Object.assign(event, { type: 'meeting.held', data: { title: '会议' } });
    });
    second.revision = first.revision + 1;
    second.data = first.data;
  });
  expect(found.map(({ message }) => message).join('\n')).toMatch(/one compilation is published twice/);
});

test('a table with an error that nobody accepted', async () => {
  const found = await rewritten((events) => {
    for (const event of events.filter(({ type }) => type.startsWith('report.'))) {
      const frozen = actIn(events, 'report.compiled').data['derived'] as { table: Record<string, unknown> };
      if (event === actIn(events, 'report.compiled'))
        frozen.table['findings'] = [{ rule: 'sum', severity: 'error', cells: ['1.1'], left: '1', right: '2', message: '' }];
      if (event.revision < 5) event.data['tableHash'] = tableHash(frozen.table);
    }
    const { derived, tableHash: hash } = actIn(events, 'report.compiled').data as {
      derived: { table: { hash: string } };
      tableHash: string;
    };
    derived.table.hash = hash;
  });
  expect(found.map(({ rule }) => rule)).toEqual(['report-findings']);
});

test('a table of another year is found', async () => {
  // A table of another year under the report of this one.
  const found = await rewritten((events) => {
    for (const event of events.filter(({ stream }) => stream.startsWith('report-'))) {
      event.stream = `report-${AGENCY}/2016`;
      event.metadata['subject'] = 'report/2016';
    }
  });
  expect(found.map(({ rule }) => rule)).toContain('report-table');
});

test.each<[string, number, string]>([
  ['of another history', 0, 'ledger.example/disclosure'],
  ['that does not reach the approval', -10, 'ledger.example/disclosure'],
])('a checkpoint %s', async (_what, more, origin) => {
  const key = generateSignerKey(origin);
  const found = await rewritten((events) => {
    const publication = actIn(events, 'report.published');
    const size = publication.index + more;
    (publication.data['derived'] as Record<string, unknown>)['checkpoint'] = signCheckpoint(
      { origin, size, root: Buffer.alloc(32, 1) },
      [key],
      0,
    );
  });
  expect(found.map(({ rule }) => rule)).toEqual(['report-checkpoint']);
});
