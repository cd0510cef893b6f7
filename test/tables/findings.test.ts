/**
 * What stands beside the figures: one finding per rule, with its cases, its severity, its year, and gone when its cause
 * is taken back.
 */
import type { Finding, RuleName } from '../../src/statistics/checks.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, approvedItem, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
});

afterEach(() => ledger.finish());

async function found(rule: RuleName, year: number, agency = AGENCY): Promise<readonly Finding[]> {
  await ledger.settled();
  const { findings } = await ledger.tables.table({ agency, year, form: '2014-shandong' });
  return findings.filter((finding) => finding.rule === rule);
}

const voidOf = (taken: Message, approvedBy = 'leader'): Message =>
  message(
    'record.voided',
    taken.subject,
    at('2019-03-01'),
    'auditor',
    { message: { id: taken.id }, reason: '错', approvedBy },
    { agency: taken.agency },
  );

const agencyAct = (type: string, day: string, data: Record<string, unknown>): Message =>
  message(`agency.${type}`, `agency/${AGENCY}`, at(day), 'root', data);

const CHAIN = {
  steps: [
    { step: 'office', role: 'office-reviewer', unit: '办公室' },
    { step: 'regulations', role: 'regulations-reviewer', unit: '综合法规科' },
  ],
  approver: { role: 'deputy-leader', unit: '分管领导' },
};

test('an interpretation of nothing is a wrong reference', async () => {
  // An interpretation of a case of which nothing stands any more is a wrong reference.
  const meeting = message('meeting.held', 'meeting/1', at('2017-03-01'), 'clerk', { title: '会议' });
  const interpretation = (number: string): Message =>
    message('interpretation.published', `interpretation/${number}`, at('2017-04-01'), 'clerk', { title: '解读', of: 'meeting/1' });
  await record(ledger, [...setUp(), meeting, interpretation('1'), voidOf(meeting)]);
  const [receipt] = await ledger.send(interpretation('2'));
  expect(receipt).toMatchObject({ status: 'refused', error: { code: 'wrong-reference' } });
  await record(ledger, [{ ...meeting, id: 'meeting-again' }, interpretation('3')]);
});

test('the summary counts first releases and unreviewed ones', async () => {
  // The summary of a year: released is by first release, without review by any release of the year.
  const contentHash = hashOf('1');
  await record(ledger, [
    ...setUp(AGENCY, { chain: false }),
    message('publication.drafted', 'publication/1', at('2016-03-01'), 'drafter', { title: '信息', contentHash }),
    released('1', '2016-03-02', 'website'),
    released('1', '2017-03-02', 'weibo'),
  ]);
  await ledger.settled();
  expect(ledger.trails.year(AGENCY, 2016)).toMatchObject({ released: 1, releasedWithoutReview: 1 });
  expect(ledger.trails.year(AGENCY, 2017)).toMatchObject({ released: 0, releasedWithoutReview: 1 });
});

describe('same-item', () => {
  const items = (a: Record<string, unknown>, b: Record<string, unknown>): Message[] => [
    ...approvedItem('1', '2017-03-01', a),
    ...approvedItem('2', '2017-03-01', b),
  ];
  const content = { contentHash: hashOf('same') };

  test('two items released with the same content', async () => {
    await record(ledger, [...setUp(), ...items(content, content), released('1', '2017-03-02', 'website', content.contentHash)]);
    expect(await found('same-item', 2017)).toEqual([]);
    const second = released('2', '2017-04-02', 'wechat', content.contentHash);
    await record(ledger, [second]);
    expect(await found('same-item', 2017)).toMatchObject([{ severity: 'warning', cases: ['publication/1', 'publication/2'] }]);
    expect(await found('same-item', 2016)).toEqual([]);
    await record(ledger, [voidOf(second)]);
    expect(await found('same-item', 2017)).toEqual([]);
  });

  test('equal document numbers are one finding', async () => {
    // Or with the same document number; one pair of items is one finding.
    const both = { ...content, documentNumber: '一号' };
    await record(ledger, [
      ...setUp(),
      ...items(both, both),
      ...['1', '2'].map((item) => released(item, '2017-03-02', 'website', content.contentHash)),
    ]);
    expect(await found('same-item', 2017)).toMatchObject([{ cases: ['publication/1', 'publication/2'] }]);
  });

  test('a number is enough, two channels are none', async () => {
    // A number alone is enough; the same item on two channels is none.
    await record(ledger, [...setUp(), ...items({ documentNumber: '一号' }, { documentNumber: '一号' })]);
    await record(ledger, [released('1', '2017-03-02', 'website'), released('1', '2017-03-02', 'weibo')]);
    expect(await found('same-item', 2017)).toEqual([]);
    await record(ledger, [released('2', '2017-03-02', 'website')]);
    expect(await found('same-item', 2017)).toMatchObject([{ cases: ['publication/1', 'publication/2'] }]);
  });

  test('another agency’s item is its own', async () => {
    // Of one agency: another agency’s item is its own.
    const elsewhere = items(content, content).map((act) => ({ ...act, agency: 'other' }));
    await record(ledger, [...setUp(), ...setUp('other'), ...items(content, content), ...elsewhere]);
    await record(ledger, [
      released('1', '2017-03-02', 'website', content.contentHash),
      { ...released('2', '2017-03-02', 'website', content.contentHash), agency: 'other' },
    ]);
    expect(await found('same-item', 2017)).toEqual([]);
    expect(await found('same-item', 2017, 'other')).toEqual([]);
  });
});

describe('signed-without-role', () => {
  const signed = approvedItem('1', '2017-03-10');
  const office = signed[1] as Message;
  const ended = agencyAct('role-ended', '2017-03-05', { actor: 'office', role: 'office-reviewer' });

  test('a role ended in retrospect is reported', async () => {
    // A role ended afterwards with an earlier date un-signs nothing, and is told.
    await record(ledger, [...setUp(), ...signed, released('1', '2017-03-11', 'website')]);
    expect(await found('signed-without-role', 2017)).toEqual([]);
    await record(ledger, [ended]);
    expect(await found('signed-without-role', 2017)).toMatchObject([{ severity: 'warning', cases: ['publication/1'] }]);
    expect(await found('signed-without-role', 2016)).toEqual([]);
    const { rows } = await ledger.tables.table({ agency: AGENCY, year: 2017 });
    expect(rows.find(({ code }) => code === '1.1')?.value).toBe('1');
  });

  test('the last day of a role is inclusive', async () => {
    // Ended on the day of the signature: the last day is inclusive.
    await record(ledger, [...setUp(), ...signed, agencyAct('role-ended', '2017-03-10', { actor: 'office', role: 'office-reviewer' })]);
    expect(await found('signed-without-role', 2017)).toEqual([]);
  });

  test('a role assigned again clears it', async () => {
    // Assigned again from a day before the signature: no longer.
    await record(ledger, [
      ...setUp(),
      ...signed,
      ended,
      agencyAct('role-assigned', '2017-03-06', { actor: 'office', role: 'office-reviewer' }),
    ]);
    expect(await found('signed-without-role', 2017)).toEqual([]);
  });

  test('a voided signature is none', async () => {
    // A signature that was taken back is none, whether before the end of the role or after.
    const alone = [signed[0] as Message, office];
    await record(ledger, [...setUp(), ...alone, ended, voidOf(office)]);
    expect(await found('signed-without-role', 2017)).toEqual([]);
    const other = approvedItem('2', '2017-03-10').slice(0, 3);
    const lawyer = other[2] as Message;
    await record(ledger, [other[0], lawyer, voidOf(lawyer)]);
    await record(ledger, [agencyAct('role-ended', '2017-03-05', { actor: 'lawyer', role: 'regulations-reviewer' })]);
    expect(await found('signed-without-role', 2017)).toEqual([]);
  });
});

describe('without-review', () => {
  test('each unreviewed case of the year', async () => {
    // Each case released or corrected without review in the year.
    await record(ledger, setUp(AGENCY, { chain: false }));
    const [first, second] = [released('1', '2017-03-02', 'website'), released('2', '2017-03-02', 'website')];
    await record(ledger, [approvedItem('1', '2017-03-01')[0], approvedItem('2', '2017-03-01')[0], first, second]);
    await record(ledger, [
      message('publication.corrected', 'publication/1', at('2018-03-02'), 'editor', { contentHash: hashOf('x'), reason: '错字' }),
    ]);
    expect(await found('without-review', 2017)).toMatchObject([{ severity: 'info', cases: ['publication/1', 'publication/2'] }]);
    expect(await found('without-review', 2018)).toMatchObject([{ cases: ['publication/1'] }]);
    await record(ledger, [voidOf(second, 'second-root')]);
    expect(await found('without-review', 2017)).toMatchObject([{ cases: ['publication/1'] }]);
    const { entries } = ledger.trails.trail(AGENCY, { kind: 'publication', number: '1' });
    expect(entries.map(({ remarks }) => remarks.map(({ code }) => code))).toEqual([[], ['without-review'], ['without-review']]);
  });

  test('an item through the chain is none', async () => {
    // An item that went through the chain is none.
    await record(ledger, [...setUp(), ...approvedItem('1', '2017-03-01'), released('1', '2017-03-02', 'website')]);
    expect(await found('without-review', 2017)).toEqual([]);
  });
});

describe('chain-changed', () => {
  test('each change of the year, not the first', async () => {
    // Each change in the year, with its time and time of recording; the first setting is none.
    await record(ledger, [
      ...setUp(),
      agencyAct('clearance-chain-set', '2017-05-01', { steps: [] }),
      agencyAct('clearance-chain-set', '2017-06-01', CHAIN),
    ]);
    const findings = await found('chain-changed', 2017);
    expect(findings).toMatchObject([{ severity: 'info' }, { severity: 'info' }]);
    expect(findings[0]?.message).toMatch(/2017-05-01T09:00:00\+08:00.*2030-01-01T00:00:00/);
    expect(findings[1]?.message).toContain('2017-06-01T09:00:00+08:00');
    expect(await found('chain-changed', 2010)).toEqual([]);
    expect(await found('chain-changed', 2018)).toEqual([]);
  });

  test('two changes at the same instant are two', async () => {
    const other = { ...CHAIN, steps: CHAIN.steps.slice(0, 1) };
    await record(ledger, [
      ...setUp(),
      agencyAct('clearance-chain-set', '2017-05-01', { steps: [] }),
      agencyAct('clearance-chain-set', '2017-05-01', other),
    ]);
    expect(await found('chain-changed', 2017)).toHaveLength(2);
  });

  test('set anew as it was is no change', async () => {
    await record(ledger, [...setUp(), agencyAct('clearance-chain-set', '2017-05-01', CHAIN)]);
    expect(await found('chain-changed', 2017)).toEqual([]);
  });

  test('attested alone is no change', async () => {
    // The same offices pass the same steps, whatever token is asked of them.
    await record(ledger, [
      ...setUp(),
      agencyAct('clearance-chain-set', '2017-05-01', { ...CHAIN, attested: true }),
      agencyAct('clearance-chain-set', '2017-06-01', { ...CHAIN, attested: false }),
    ]);
    expect(await found('chain-changed', 2017)).toEqual([]);
    await record(ledger, [agencyAct('clearance-chain-set', '2017-07-01', { steps: [] })]);
    expect(await found('chain-changed', 2017)).toHaveLength(1);
  });

  test('a late chain makes the next a change', async () => {
    // A chain recorded late makes the one set after it a change.
    const [registered, ...more] = setUp();
    await record(ledger, [registered, ...more.slice(0, -1)]);
    await record(ledger, [
      agencyAct('clearance-chain-set', '2017-05-01', CHAIN),
      agencyAct('clearance-chain-set', '2016-05-01', { steps: [] }),
    ]);
    expect(await found('chain-changed', 2017)).toHaveLength(1);
  });

  test('a late chain takes a repeating change back', async () => {
    // A chain recorded late that a later one only repeats takes the change back from it.
    await record(ledger, [...setUp(), agencyAct('clearance-chain-set', '2018-05-01', { steps: [] })]);
    expect(await found('chain-changed', 2018)).toHaveLength(1);
    await record(ledger, [agencyAct('clearance-chain-set', '2017-05-01', { steps: [] })]);
    expect(await found('chain-changed', 2018)).toEqual([]);
    expect(await found('chain-changed', 2017)).toHaveLength(1);
  });
});

describe('not-declared and not-this-years-form', () => {
  test('undeclared is info, an unserved year warns', async () => {
    // What nobody declared is an info; a year the form does not serve a warning.
    await record(ledger, [
      ...setUp(),
      agencyAct('figure-declared', '2017-01-05', { year: 2016, form: '2014-shandong', cell: '9.1', value: '0', evidence: '文' }),
    ]);
    expect((await found('not-declared', 2016)).map(({ cells, severity }) => [...cells, severity])).toEqual(
      ['9.2', '9.3.1', '9.3.2', '9.4'].map((cell) => [cell, 'info']),
    );
    expect(await found('not-declared', 2017)).toHaveLength(5);
    expect(await found('not-this-years-form', 2018)).toEqual([]);
    expect(await found('not-this-years-form', 2019)).toMatchObject([{ severity: 'warning' }]);
  });
});

test('two channels over two years break no rule', async () => {
  // An item first released on one channel and a year later on the website is no error of the Fujian form.
  await record(ledger, [
    ...setUp(),
    ...approvedItem('1', '2016-03-01'),
    released('1', '2016-03-02', 'wechat'),
    released('1', '2017-03-02', 'website'),
  ]);
  await ledger.settled();
  const { rows, findings } = await ledger.tables.table({ agency: AGENCY, year: 2017, form: '2014-fujian' });
  expect(rows.slice(0, 2).map(({ cells }) => cells?.['year'])).toEqual(['0', '1']);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});
