/** Tables and cells over HTTP: live, as of an earlier moment, after a position; and what is asked wrongly. */
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import type { Explanation, Table } from '../../src/tables/table.js';
import { AGENCY, message, setUp } from '../support/messages.js';
import { expectProblem, startService, type TestService } from '../support/service.js';
import { oneMoreItem, smallYear, TABLE } from '../support/year.js';

let service: TestService;
let clock = Date.parse('2030-01-01T09:00:00+08:00');
const DAY = 24 * 60 * 60 * 1000;

beforeAll(async () => {
  service = await startService({ now: () => clock });
  await service.record(...smallYear());
  await service.settled();
});

afterAll(() => service.finish());

async function table(query = ''): Promise<Table> {
  const answer = await service.get(`${TABLE}${query}`);
  expect([answer.status, answer.type]).toEqual([200, 'application/json']);
  return answer.json<Table>();
}

const value = (found: Table, cell: string): string | null | undefined => found.rows.find(({ code }) => code === cell)?.value;

/** By the contract, from what was answered alone. */
function hashOf({
  hash: _hash,
  view: _view,
  stale: _stale,
  columns: _columns,
  published: _published,
  contentHash,
  asOf,
  ...rest
}: Table): string {
  const content = { ...rest, rows: rest.rows.map(({ section: _section, ...row }) => row) };
  const digest = (of: unknown): string =>
    `sha256:${createHash('sha256')
      .update(canonicalize(of) as string)
      .digest('hex')}`;
  expect(contentHash).toBe(digest(content));
  return digest({ ...content, asOf: { index: asOf.index, recordedAt: asOf.recordedAt } });
}

async function lastPosition(): Promise<string> {
  return (await service.head()) as string;
}

describe('the table', () => {
  test('has the contract’s fields, rows and figures', async () => {
    // Has exactly the fields of the contract, 69 rows of five fields, and the figures of its acts.
    const found = await table();
    expect(Object.keys(found).sort()).toEqual([
      ...['agency', 'asOf', 'calendar', 'columns', 'contentHash', 'findings', 'form', 'hash', 'policy', 'published', 'rows', 'stale'],
      ...['view', 'year'],
    ]);
    expect(found).toMatchObject({ agency: AGENCY, year: 2017, form: '2014-shandong', view: 'live' });
    expect(found.policy).toMatch(/\S/);
    expect(Object.keys(found.asOf).sort()).toEqual(['index', 'position', 'recordedAt']);
    expect(found.rows).toHaveLength(69);
    for (const row of found.rows) {
      expect(Object.keys(row).sort()).toEqual(['basis', 'code', 'label', 'unit', 'value']);
      expect(['counted', 'declared', 'paper', 'computed', null]).toContain(row.basis);
      if (row.value !== null) expect(row.value).toMatch(/^-?\d+(\.\d+)?$/);
    }
    expect(['1.1', '1.1.of1', '1.2.1', '9.1'].map((cell) => value(found, cell))).toEqual(['2', '1', '2', '1']);
    for (const finding of found.findings) {
      expect(Object.keys(finding)).toEqual(expect.arrayContaining(['rule', 'severity', 'cells', 'left', 'right', 'message']));
    }
  });

  test('has the hash of its RFC 8785 form', async () => {
    // Has the hash of the RFC 8785 form of everything but what says where it stands and how it is printed.
    const found = await table();
    expect(found.hash).toBe(hashOf(found));
  });

  test('takes form and view, names a foreign form', async () => {
    // Takes form and view, and says when the form is not that of the year.
    expect(await table('?form=2014-shandong&view=live')).toEqual(await table());
    const answer = await service.get(`/v1/agencies/${AGENCY}/tables/2019?form=2014-shandong`);
    expect(answer.status).toBe(200);
    expect(answer.json<Table>().findings).toContainEqual(expect.objectContaining({ rule: 'not-this-years-form', severity: 'warning' }));
  });

  test.each([
    ['an unknown parameter', `${TABLE}?asof=1`, 400, 'bad-parameter'],
    ['a parameter given twice', `${TABLE}?form=2014-shandong&form=2014-shandong`, 400, 'bad-parameter'],
    ['an empty parameter', `${TABLE}?form=`, 400, 'bad-parameter'],
    ['a parameter named like a builtin', `${TABLE}?__proto__=x`, 400, 'bad-parameter'],
    ['an unknown agency', '/v1/agencies/nobody/tables/2017', 404, 'unknown-agency'],
    ['an agency that can be none', '/v1/agencies/%E6%B5%8E%E5%8D%97/tables/2017', 404, 'unknown-agency'],
    ['an unknown form', `${TABLE}?form=2099`, 404, 'unknown-form'],
    ['no year', `/v1/agencies/${AGENCY}/tables/latest`, 400, 'bad-year'],
    ['a year of two digits', `/v1/agencies/${AGENCY}/tables/17`, 400, 'bad-year'],
    ['a year that has not begun', `/v1/agencies/${AGENCY}/tables/2031`, 400, 'bad-year'],
    ['the same as of an event', `/v1/agencies/${AGENCY}/tables/2031?asOf=index:3`, 400, 'bad-year'],
    ['a cell of it', `/v1/agencies/${AGENCY}/tables/2031/cells/3.1:total`, 400, 'bad-year'],
    ['a year of five digits', `/v1/agencies/${AGENCY}/tables/20170`, 400, 'bad-year'],
    ['a year with a sign', `/v1/agencies/${AGENCY}/tables/-2017`, 400, 'bad-year'],
    ['a year in full width', `/v1/agencies/${AGENCY}/tables/${encodeURIComponent('２０１７')}`, 400, 'bad-year'],
    ['an unknown view', `${TABLE}?view=yesterday`, 400, 'bad-view'],
    ['the published view of a year without a published report', `${TABLE}?view=published`, 404, 'no-published-table'],
    ['its difference', `${TABLE}?view=difference`, 404, 'no-published-table'],
    ['a roll-up that was not published', `${TABLE}?rollup=true&view=published`, 404, 'no-published-table'],
    ['the difference of a roll-up', `${TABLE}?rollup=true&view=difference`, 400, 'bad-view'],
    ['the published view in an unknown form', `${TABLE}?view=published&form=2099`, 404, 'unknown-form'],
    ['the difference of a cell', `${TABLE}/cells/1.1?view=difference`, 400, 'bad-view'],
    ['a cell of a table that was not published', `${TABLE}/cells/1.1?view=published`, 404, 'no-published-table'],
    ['the paper view of a year without a declared table', `${TABLE}?view=paper`, 404, 'no-paper-table'],
    ['a roll-up that is neither true nor false', `${TABLE}?rollup=yes`, 400, 'bad-parameter'],
    ['a roll-up on paper', `${TABLE}?rollup=true&view=paper`, 400, 'bad-view'],
    ['an unknown cell', `${TABLE}/cells/99.9`, 404, 'unknown-cell'],
    ['a cell of another form', `${TABLE}/cells/3.1%3Atotal`, 404, 'unknown-cell'],
    ['a cell named like a builtin', `${TABLE}/cells/constructor`, 404, 'unknown-cell'],
    ['an unknown parameter of a cell', `${TABLE}/cells/1.1?limit=1`, 400, 'bad-parameter'],
  ])('%s', async (_what, path, status, code) => {
    expect(expectProblem(await service.get(path), status, code).hint).toMatch(/\S/);
  });

  test('a year without acts counts nothing', async () => {
    // Of a year without acts counts nothing and is no error.
    const answer = await service.get(`/v1/agencies/${AGENCY}/tables/2016`);
    expect([answer.status, value(answer.json<Table>(), '1.1')]).toEqual([200, '0']);
  });
});

describe('as of an earlier moment', () => {
  test('stays byte for byte, however it is named', async () => {
    // By position, index, time and date it stays what it was, byte for byte, whatever is recorded later.
    const before = await table();
    const position = await lastPosition();
    const then = new Date(clock).toISOString();
    clock += DAY;
    await service.record(...oneMoreItem('later-1'));
    await service.settled();
    expect(value(await table(), '1.1')).toBe('3');

    const questions = [position, `index:${before.asOf.index ?? ''}`, encodeURIComponent(then), '2030-01-01'];
    const first = await Promise.all(questions.map((asOf) => service.get(`${TABLE}?asOf=${asOf}`)));
    for (const answer of first) {
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual(before);
    }

    // A release dated before all others, a void, a changed chain, another declaration: all of the same year, recorded
    // later.
    await service.record(
      ...oneMoreItem('later-2'),
      message('record.voided', 'meeting/1', '2017-05-03T09:00:00+08:00', 'root', {
        message: { id: smallYearMeetingId(await service.eventsAfter(null)) },
        reason: '重复录入',
        approvedBy: 'leader',
      }),
      message('agency.clearance-chain-set', `agency/${AGENCY}`, '2017-07-01T09:00:00+08:00', 'root', { steps: [] }),
      message('agency.changed', `agency/${AGENCY}`, '2017-01-01T09:00:00+08:00', 'root', { name: '新名称', from: '2017-01-01' }),
      message('agency.figure-declared', `agency/${AGENCY}`, '2018-01-06T09:00:00+08:00', 'root', {
        year: 2017,
        form: '2014-shandong',
        cell: '9.1',
        value: '7',
        evidence: '更正',
      }),
      message('agency.role-ended', `agency/${AGENCY}`, '2017-01-01T09:00:00+08:00', 'root', { actor: 'office', role: 'office-reviewer' }),
    );
    await service.settled();
    expect((await table()).findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['chain-changed', 'signed-without-role']));
    const again = await Promise.all(questions.map((asOf) => service.get(`${TABLE}?asOf=${asOf}`)));
    expect(again.map(({ text }) => text)).toEqual(first.map(({ text }) => text));
  });

  test('every index has its table', async () => {
    // Every index of the log has its table, and the last one is the live table.
    const live = await table();
    const last = live.asOf.index as number;
    const counts: number[] = [];
    for (let index = 0; index <= last; index += 1) {
      const answer = await service.get(`${TABLE}?asOf=index:${index}`);
      expect([index, answer.status]).toEqual([index, 200]);
      counts.push(Number(value(answer.json<Table>(), '1.1')));
    }
    expect([counts[0], counts.at(-1)]).toEqual([0, Number(value(live, '1.1'))]);
    expect((await service.get(`${TABLE}?asOf=index:${last}`)).json()).toEqual(live);
  });

  test('a cell is explained as of then', async () => {
    // A cell too is explained as of then: its amounts add up to the value of then.
    const then = await table('?asOf=2030-01-01');
    for (const cell of ['1.1', '1.2.1', '1.2.4', '9.1']) {
      const explained = (await service.get(`${TABLE}/cells/${cell}?asOf=2030-01-01`)).json<Explanation>();
      expect(explained.value).toBe(value(then, cell));
      expect(explained.events.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(Number(explained.value));
    }
  });

  test('before the agency was registered it is unknown', async () => {
    await service.record(...setUp('late-agency'));
    await service.settled();
    expectProblem(await service.get('/v1/agencies/late-agency/tables/2017?asOf=index:0'), 404, 'unknown-agency');
  });

  test.each(['yesterday', 'index:', 'index:-1', 'index:x', '-1', '1.5', '2018-02-30', '2018-01-01T24:00:00Z', '2018-01-01T00:00:00'])(
    '"%s" is no moment',
    async (asOf) => {
      expectProblem(await service.get(`${TABLE}?asOf=${encodeURIComponent(asOf)}`), 400, 'bad-as-of');
    },
  );

  test('an unreached index is refused at every address', async () => {
    // An index that no event has is a bad parameter, not an older table, at every address that takes a moment.
    await service.settled();
    const end = (await service.eventsAfter(null)).length;
    const cases = `/v1/agencies/${AGENCY}/cases/agency/${AGENCY}`;
    const [summary, reports, deadlines] = ['review-summary/2017', 'reports/2017', 'deadlines'].map(
      (name) => `/v1/agencies/${AGENCY}/${name}`,
    );
    for (const address of [TABLE, `${TABLE}/cells/1.1`, cases, `${cases}/trail`, summary, reports, deadlines]) {
      for (const index of [end, 999_999, 10 ** 15 - 1]) {
        const { hint } = expectProblem(await service.get(`${address}?asOf=index:${index}`), 400, 'bad-parameter');
        expect([address, hint]).toEqual([address, `The last one has index:${end - 1}.`]);
      }
    }
    for (const view of ['live', 'difference', 'published'])
      expectProblem(await service.get(`${TABLE}?view=${view}&asOf=index:${end}`), 400, 'bad-parameter');
    expect((await service.get(`${TABLE}?asOf=index:${end - 1}`)).status).toBe(200);
  });
});

describe('after a position', () => {
  test('the receipt’s message counts at once', async () => {
    // The table counts the message of that receipt at once.
    for (let round = 0; round < 15; round += 1) {
      const before = Number(value(await table(), '1.1'));
      const item = [
        message('publication.drafted', `publication/after-${round}`, '2017-08-01T09:00:00+08:00', 'drafter', {
          title: 't',
          contentHash: `sha256:${String(round).padStart(64, '0')}`,
        }),
        message('publication.released', `publication/after-${round}`, '2017-08-01T10:00:00+08:00', 'editor', {
          channel: 'website',
          contentHash: `sha256:${String(round).padStart(64, '0')}`,
        }),
      ];
      const receipts = await service.record(...item);
      const position = receipts.at(-1)?.position ?? '';
      expect([round, value(await table(`?after=${position}`), '1.1')]).toEqual([round, String(before + 1)]);
      const explained = (await service.get(`${TABLE}/cells/1.1?after=${position}`)).json<Explanation>();
      expect(explained.events.map(({ id }) => id)).toContain(item[1]?.id);
    }
  });

  test('an unreached position is 503 after five seconds', async () => {
    // A position never reached is answered 503 after five seconds.
    const started = Date.now();
    expectProblem(await service.get(`${TABLE}?after=999999999`), 503, 'not-reached');
    expect(Date.now() - started).toBeGreaterThanOrEqual(4500);
  });

  test('waits for a message still to come', async () => {
    const next = String(BigInt(await lastPosition()) + 1n);
    const waiting = service.get(`${TABLE}?after=${next}`);
    let given = false;
    void waiting.then(() => (given = true));
    // Another is asked after it and answered before it: it waits.
    expect((await service.get(TABLE)).status).toBe(200);
    expect(given).toBe(false);
    await service.record(message('meeting.held', 'meeting/meantime', '2017-05-02T09:00:00+08:00', 'office', { title: 't' }));
    expect((await waiting).status).toBe(200);
  });

  test('after=index:N waits, or refuses an unknown index', async () => {
    // after=index:N waits for the event of that index; one that no event has is a bad parameter.
    const end = (await service.eventsAfter(null)).length;
    const [receipt] = await service.record(
      message('meeting.held', 'meeting/after-index', '2017-05-02T09:00:00+08:00', 'office', { title: 't' }),
    );
    const counted = (await service.get(`${TABLE}?after=index:${end}`)).json<Table>();
    expect([counted.asOf.index, counted.asOf.position]).toEqual([end, receipt?.position]);
    expectProblem(await service.get(`${TABLE}?after=index:${end + 1}`), 400, 'bad-parameter');
  });

  test.each(['latest', '-1', '1.5', 'index:', 'index:-1', 'index:1.5'])('"%s" is no position', async (after) => {
    expectProblem(await service.get(`${TABLE}?after=${after}`), 400, 'bad-parameter');
  });
});

test('every cell is explained by its events', async () => {
  // Every cell of the form is explained by events that add up to it.
  const live = await table();
  for (const { code, value: printed } of live.rows) {
    const answer = await service.get(`${TABLE}/cells/${encodeURIComponent(code)}`);
    expect([code, answer.status]).toEqual([code, 200]);
    const explained = answer.json<Explanation>();
    expect(Object.keys(explained).sort()).toEqual(['cell', 'events', 'value']);
    expect([explained.cell, explained.value]).toEqual([code, printed]);
    for (const event of explained.events) {
      expect(Object.keys(event).sort()).toEqual(['amount', 'case', 'eventId', 'id', 'occurredOn', 'recordedAt', 'source', 'type']);
      expect(event.type).toMatch(/^disclosure\./);
      expect(event.occurredOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
    expect([code, explained.events.reduce((sum, { amount }) => sum + Number(amount), 0)]).toEqual([code, Number(printed ?? 0)]);
  }
});

function smallYearMeetingId(events: readonly { type: string; metadata: Readonly<Record<string, unknown>> }[]): string {
  return events.find(({ type, metadata }) => type === 'meeting.held' && metadata['subject'] === 'meeting/1')?.metadata['id'] as string;
}

test('a paper year shows by default, hashed alike', async () => {
  // A year declared from paper is shown so by default, its hash of everything but hash, view and position.
  const path = `/v1/agencies/${AGENCY}/tables/2015`;
  await service.record(
    message('table.declared', 'table/2015', '2018-01-05T09:00:00+08:00', 'root', {
      year: 2015,
      form: '2014-shandong',
      cells: { '1.1': '68', '9.4': '2000元' },
      evidence: '盖章件扫描',
    }),
  );
  await service.settled();
  const found = (await service.get(path)).json<Table>();
  expect([found.view, value(found, '1.1'), value(found, '9.4'), value(found, '9.1')]).toEqual(['paper', '68', '2000元', null]);
  expect((await service.get(`${path}?view=paper`)).json()).toEqual(found);
  expect((await service.get(`${path}?view=live`)).json<Table>()).toMatchObject({ view: 'live' });
  expect(found.hash).toBe(hashOf(found));
  const explained = (await service.get(`${path}/cells/9.4`)).json<Explanation>();
  expect([explained.value, explained.events.map(({ type, amount }) => [type, amount])]).toEqual([
    '2000元',
    [['disclosure.table.declared', '0.2']],
  ]);
});

test('rollup=true adds members below, rollup=false none', async () => {
  // rollup=true adds the agencies below, names the members, and its hash holds them; rollup=false is the agency alone.
  const below = { agency: 'below' };
  await service.record(
    message(
      'agency.registered',
      'agency/below',
      '2011-01-01T09:00:00+08:00',
      'root',
      { name: '下属单位', administrator: 'root', parent: AGENCY },
      below,
    ),
    message('meeting.held', 'meeting/1', '2017-05-02T09:00:00+08:00', 'office', { title: '会议' }, below),
  );
  await service.settled();
  const alone = await table();
  expect(await table('?rollup=false')).toEqual(alone);
  const found = await table('?rollup=true');
  expect(found.members).toEqual([
    { agency: AGENCY, status: 'included' },
    { agency: 'below', status: 'included' },
  ]);
  expect(Number(value(found, '10.1'))).toBe(Number(value(alone, '10.1')) + 1);
  expect(found.hash).toBe(hashOf(found));
  const { events } = (await service.get(`${TABLE}/cells/10.1?rollup=true`)).json<Explanation>();
  expect(events.at(-1)).toMatchObject({ agency: 'below', case: 'meeting/1', amount: '1' });
});

describe('heads, rows in their sections', () => {
  const LABELS = { '2021': '2023', '2019': '2019', '2014-fujian': '2016', '2014-shandong': '2016' } as const;

  test.each(Object.entries(LABELS))('form %s', async (form, year) => {
    const found = (await service.get(`/v1/agencies/${AGENCY}/tables/${year}?form=${form}`)).json<Table>();
    expect(found.hash).toBe(hashOf(found));
    const keys = found.columns.map(({ section, key }) => `${section} ${key}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const row of found.rows) {
      if (row.cells === undefined) expect(row.section).toBeUndefined();
      else
        expect([row.code, Object.keys(row.cells)]).toEqual([
          row.code,
          found.columns.filter(({ section }) => section === row.section).map(({ key }) => key),
        ]);
    }
    for (const head of found.columns) expect(found.rows.map(({ section }) => section)).toContain(head.section);
  });

  test('a key names what the form prints above', async () => {
    // A key says in each section what the form prints over it.
    const { columns } = (await service.get(`/v1/agencies/${AGENCY}/tables/2023?form=2021`)).json<Table>();
    const of = (section: string): string[] => columns.filter((head) => head.section === section).map(({ label }) => label);
    expect(of('3')).toEqual(['自然人', '商业企业', '科研机构', '社会公益组织', '法律服务机构', '其他', '总计']);
    expect(of('4')).toEqual(['结果维持', '结果纠正', '其他结果', '尚未审结', '总计']);
    expect(of('2.1')).toEqual(['本年制发件数', '本年废止件数', '现行有效件数']);
    expect(columns.filter(({ group }) => group === '法人或其他组织').map(({ key }) => key)).toEqual([
      ...['business', 'research', 'public-welfare', 'legal-service', 'other'],
    ]);
    const fujian = (await service.get(`/v1/agencies/${AGENCY}/tables/2016?form=2014-fujian`)).json<Table>().columns;
    expect(fujian.map(({ label }) => label)).toEqual(['年度', '历年累计']);
  });
});
