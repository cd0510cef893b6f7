/**
 * What counts where: small histories with their tables written out. Every table is given whole: cells not named are
 * zero or blank.
 */
import { form2014Shandong } from '../../src/statistics/forms/2014-shandong.js';
import type { Table } from '../../src/tables/table.js';
import { checkExplained, figures, record, type Cells } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, approvedItem, at, hashOf, message, released, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;

beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, setUp());
});

afterEach(() => ledger.finish());

/**
 * Cells that these histories can touch: nothing here is applied for, reconsidered, sued over, complained about or paid.
 */
const IN_USE = form2014Shandong.rows.map(({ code }) => code).filter((code) => !/^[34568]/.test(code));

/** The tables of these years, and that the events behind every cell add up to it. */
async function expectTables(tables: Readonly<Record<number, Cells>>): Promise<void> {
  for (const [year, cells] of Object.entries(tables)) {
    expect({ year, ...(await figures(ledger, AGENCY, Number(year))) }).toEqual({ year, ...cells });
    await checkExplained(ledger, AGENCY, Number(year), IN_USE);
  }
}

const table = async (year: number): Promise<Table> => {
  await ledger.settled();
  return ledger.tables.table({ agency: AGENCY, year });
};

const voidOf = (taken: Message, day = '2019-03-01'): Message =>
  message('record.voided', taken.subject, at(day), 'auditor', { message: { id: taken.id }, reason: '录入错误', approvedBy: 'leader' });

const one = (type: string, number: string, day: string, data: Record<string, unknown> = {}): Message =>
  message(type, `${type.slice(0, type.indexOf('.'))}/${number}`, at(day), 'clerk', data);

describe('publications', () => {
  const website = released('1', '2017-03-02', 'website');
  const wechat = released('1', '2017-04-02', 'wechat');
  const weibo = released('1', '2018-01-05', 'weibo');

  test('an item on three channels counts once', async () => {
    // An item on three channels over two years counts once, in its first year, and once per channel in the channel’s.
    await record(ledger, [...approvedItem('1', '2017-03-01'), website, wechat, weibo]);
    await expectTables({ 2016: {}, 2017: { '1.1': '1', '1.2.1': '1', '1.2.3': '1' }, 2018: { '1.2.2': '1' } });
  });

  test('an unreleased item counts nothing', async () => {
    // An approved item that is not released counts nothing.
    await record(ledger, approvedItem('1', '2017-03-01'));
    await expectTables({ 2017: {} });
  });

  test('voiding a later release takes its channel only', async () => {
    // A void of a later release takes back its channel only.
    await record(ledger, [...approvedItem('1', '2017-03-01'), website, wechat, weibo, voidOf(weibo)]);
    await expectTables({ 2017: { '1.1': '1', '1.2.1': '1', '1.2.3': '1' }, 2018: {}, 2019: {} });
  });

  test('voiding the first release promotes the next', async () => {
    // A void of the first release leaves the next one first, in its own year.
    await record(ledger, [...approvedItem('1', '2017-03-01'), website, weibo, voidOf(website)]);
    await expectTables({ 2017: {}, 2018: { '1.1': '1', '1.2.2': '1' }, 2019: {} });
    await record(ledger, [voidOf(weibo)]);
    await expectTables({ 2017: {}, 2018: {}, 2019: {} });
  });

  test('a voided release sent again counts again', async () => {
    // A voided release sent again under a new id counts again.
    await record(ledger, [...approvedItem('1', '2017-03-01'), website, voidOf(website), released('1', '2017-03-09', 'website')]);
    await expectTables({ 2017: { '1.1': '1', '1.2.1': '1' } });
  });

  describe.each([
    ['within the year', '2017-11-05', '2017'],
    ['across the years', '2018-01-05', '2018'],
  ])('an earlier release recorded late, %s', (_name, later, laterYear) => {
    const late = released('1', later, 'weibo');
    const early = released('1', '2017-03-02', 'website');
    const both: Readonly<Record<number, Cells>> =
      laterYear === '2017'
        ? { 2017: { '1.1': '1', '1.2.1': '1', '1.2.2': '1' }, 2018: {} }
        : { 2017: { '1.1': '1', '1.2.1': '1' }, 2018: { '1.2.2': '1' } };

    beforeEach(() => record(ledger, [...approvedItem('1', '2017-03-01'), late, early]));

    test('moves the first release', () => expectTables(both));

    test('voided first, then the other', async () => {
      await record(ledger, [voidOf(early)]);
      await expectTables(laterYear === '2017' ? { 2017: { '1.1': '1', '1.2.2': '1' } } : { 2017: {}, 2018: { '1.1': '1', '1.2.2': '1' } });
      await record(ledger, [voidOf(late)]);
      await expectTables({ 2017: {}, 2018: {}, 2019: {} });
    });

    test('the other voided first, then it', async () => {
      await record(ledger, [voidOf(late)]);
      await expectTables({ 2017: { '1.1': '1', '1.2.1': '1' }, 2018: {} });
      await record(ledger, [voidOf(early)]);
      await expectTables({ 2017: {}, 2018: {}, 2019: {} });
    });
  });

  test('three releases recorded backwards count once throughout', async () => {
    // Three releases recorded backwards and voided forwards: the item counts once at every moment.
    const third = released('1', '2018-06-01', 'gazette');
    await record(ledger, [...approvedItem('1', '2016-03-01'), third, weibo, released('1', '2016-05-01', 'other')]);
    await expectTables({ 2016: { '1.1': '1', '1.2.4': '1' }, 2018: { '1.2.2': '1', '1.2.4': '1' } });
    await record(ledger, [voidOf(weibo)]);
    await expectTables({ 2016: { '1.1': '1', '1.2.4': '1' }, 2018: { '1.2.4': '1' } });
  });

  test('withdrawals and corrections change no figure', async () => {
    // A withdrawal or a correction changes no figure, in no year.
    const second = hashOf('second');
    await record(ledger, [...approvedItem('1', '2017-03-01'), website, wechat]);
    await record(ledger, [
      message('publication.withdrawn', 'publication/1', at('2017-05-01'), 'editor', { reason: '失效', channel: 'wechat' }),
    ]);
    await record(ledger, [
      message('publication.revised', 'publication/1', at('2017-06-01'), 'drafter', { contentHash: second }),
      ...approvedItem('1', '2017-06-02', { contentHash: second }).slice(1),
      message('publication.corrected', 'publication/1', at('2017-06-03'), 'editor', { contentHash: second, reason: '错字' }),
      message('publication.checked', 'publication/1', at('2017-06-04'), 'checker', { finding: 'ok' }),
      message('publication.withdrawn', 'publication/1', at('2018-02-01'), 'editor', { reason: '失效' }),
    ]);
    await expectTables({ 2017: { '1.1': '1', '1.2.1': '1', '1.2.3': '1' }, 2018: {} });
  });

  test('two carriers of 其他方式 count twice, 1.1 once', async () => {
    // On two carriers of 其他方式 an item counts twice there and once in 1.1.
    await record(ledger, [
      ...approvedItem('1', '2017-03-01'),
      released('1', '2017-03-02', 'gazette'),
      released('1', '2017-03-03', 'bulletin-board'),
    ]);
    await expectTables({ 2017: { '1.1': '1', '1.2.4': '2' } });
  });

  test('ranked items count in 其中, documents count apart', async () => {
    // Items with a rank are in 其中; documents issued are counted apart, both ranks.
    await record(ledger, [
      ...approvedItem('1', '2017-03-01', { normative: 'normative' }),
      ...approvedItem('2', '2017-03-01', { normative: 'rules' }),
      ...approvedItem('3', '2017-03-01'),
      ...['1', '2', '3'].map((number) => released(number, '2017-03-02', 'website')),
      one('normative-document.issued', '1', '2017-02-01', { documentNumber: '一号', title: '办法' }),
      one('normative-document.issued', '2', '2017-02-01', { documentNumber: '二号', title: '规章', rank: 'rules' }),
      one('normative-document.repealed', '2', '2018-02-01', { documentNumber: '二号', title: '规章' }),
    ]);
    await expectTables({ 2017: { '1.1': '3', '1.1.of1': '2', '1.1.ref1': '2', '1.2.1': '3' }, 2018: {} });
  });

  test('voiding the first release moves its 其中 count', async () => {
    // A void of the first release moves the 其中 count along.
    const first = released('1', '2017-03-02', 'website');
    await record(ledger, [
      ...approvedItem('1', '2017-03-01', { normative: 'rules' }),
      first,
      released('1', '2018-03-02', 'weibo'),
      voidOf(first),
    ]);
    await expectTables({ 2017: {}, 2018: { '1.1': '1', '1.1.of1': '1', '1.2.2': '1' } });
  });
});

describe('the year turns at Shanghai midnight', () => {
  test.each([
    ['2017-12-31T23:30:00+08:00', 2017],
    ['2017-12-31T15:30:00Z', 2017],
    ['2017-12-31T10:30:00-05:00', 2017],
    ['2018-01-01T00:30:00+09:00', 2017],
    ['2017-12-31T16:00:00Z', 2018],
    ['2018-01-01T00:00:00+08:00', 2018],
  ])('%s counts in %d', async (time, year) => {
    await record(ledger, [
      ...approvedItem('1', '2017-03-01'),
      { ...released('1', '2017-12-31', 'website'), time },
      { ...one('meeting.held', '1', '2017-12-31', { title: '会' }), time },
    ]);
    await expectTables({ 2017: {}, 2018: {}, [year]: { '1.1': '1', '1.2.1': '1', '10.1': '1' } });
  });
});

describe('answers, conferences, interpretations', () => {
  const answered = (number: string, day: string, means: string): Message => one('hotspot.answered', number, day, { topic: '物价', means });

  test('a hot topic counts once, and per means', async () => {
    // A hot topic counts once in the year of its first answer,
    // and once per means in the year of the first answer by it.
    await record(ledger, [
      answered('1', '2017-03-01', 'press-conference'),
      answered('1', '2017-04-01', 'weibo-wechat'),
      answered('1', '2017-05-01', 'weibo-wechat'),
      answered('1', '2018-02-01', 'weibo-wechat'),
      answered('1', '2018-03-01', 'other'),
      answered('2', '2018-03-01', 'other'),
    ]);
    await expectTables({ 2017: { '2.1': '1', '2.2.3': '1' }, 2018: { '2.1': '1', '2.2.4': '2' } });
  });

  test('voids leave the earliest standing answer', async () => {
    // Voids leave the earliest answer that stands, of the topic and of each means.
    const [first, second, third] = [
      answered('1', '2017-03-01', 'other'),
      answered('1', '2018-04-01', 'other'),
      answered('1', '2018-05-01', 'weibo-wechat'),
    ];
    await record(ledger, [second, third, first]);
    await expectTables({ 2017: { '2.1': '1', '2.2.4': '1' }, 2018: { '2.2.3': '1' } });
    await record(ledger, [voidOf(first)]);
    await expectTables({ 2017: {}, 2018: { '2.1': '1', '2.2.3': '1', '2.2.4': '1' } });
    await record(ledger, [voidOf(second)]);
    await expectTables({ 2018: { '2.1': '1', '2.2.3': '1' } });
    await record(ledger, [voidOf(third)]);
    await expectTables({ 2017: {}, 2018: {} });
  });

  test('press conferences with and without the chief; interpretations', async () => {
    const chief = one('press-conference.held', '1', '2017-03-01', { title: '发布会', chiefAttended: true });
    await record(ledger, [chief, one('press-conference.held', '2', '2017-04-01', { title: '发布会', chiefAttended: false })]);
    await record(ledger, [one('interpretation.published', '1', '2017-04-02', { title: '解读', of: 'press-conference/1' })]);
    await expectTables({ 2017: { '2.2.1': '2', '2.2.1.of1': '1', '2.2.2': '1' } });
    await record(ledger, [voidOf(chief)]);
    await expectTables({ 2017: { '2.2.1': '1', '2.2.2': '1' } });
  });
});

test('deliveries, meetings, trainings and trainees count', async () => {
  // Deliveries count their items by medium; meetings, trainings and trainees.
  const second = one('delivery.made', '1', '2017-04-01', { place: '图书馆', medium: 'paper', items: 30 });
  const training = one('training.held', '1', '2017-05-01', { title: '培训', trainees: 12 });
  await record(ledger, [
    one('delivery.made', '1', '2017-03-01', { place: '图书馆', medium: 'paper', items: 12 }),
    second,
    one('delivery.made', '2', '2017-04-01', { place: '档案馆', medium: 'electronic', items: 5 }),
    one('meeting.held', '1', '2017-05-01', { title: '会议' }),
    training,
    one('training.held', '2', '2017-05-01', { title: '培训', trainees: 0 }),
    one('site.checked', 'www', '2017-05-01', { finding: 'ok' }),
  ]);
  await expectTables({ 2017: { '7': '47', '7.1': '42', '7.2': '5', '10.1': '1', '10.2': '2', '10.3': '12' } });
  await record(ledger, [voidOf(second), voidOf(training)]);
  await expectTables({ 2017: { '7': '17', '7.1': '12', '7.2': '5', '10.1': '1', '10.2': '1' }, 2019: {} });
});

describe('declared figures', () => {
  const declared = (cell: string, value: string, year = 2016): Message =>
    message('agency.figure-declared', `agency/${AGENCY}`, at('2017-01-20'), 'clerk', {
      year,
      form: '2014-shandong',
      cell,
      value,
      evidence: '预算批复',
    });
  const blank = async (year: number): Promise<string[]> =>
    (await table(year)).findings.flatMap(({ rule, cells }) => (rule === 'not-declared' ? cells : []));

  test('years, blanks and fen stay as declared', async () => {
    // The year is the one they name; blank is not zero; money to the fen.
    await record(ledger, [
      declared('9.1', '0'),
      declared('9.3.1', '2'),
      declared('9.3.2', '3'),
      declared('9.4', '24252.311082'),
      declared('9.4', '0.2', 2017),
    ]);
    await expectTables({ 2016: { '9.3': '5', '9.3.1': '2', '9.3.2': '3', '9.4': '24252.311082' }, 2017: { '9.4': '0.2' } });
    expect(await blank(2016)).toEqual(['9.2']);
    expect(await blank(2017)).toEqual(['9.1', '9.2', '9.3.1', '9.3.2']);
    const { rows } = await table(2016);
    expect(rows.find(({ code }) => code === '9.1')).toMatchObject({ value: '0', basis: 'declared' });
    expect(rows.find(({ code }) => code === '9.2')).toMatchObject({ value: null, basis: 'declared' });
  });

  test('the last recorded holds until it is voided', async () => {
    // Of several the last recorded holds; a void leaves the one before it, or none.
    const [first, second] = [declared('9.2', '1'), declared('9.2', '2')];
    await record(ledger, [first, second]);
    await expectTables({ 2016: { '9.2': '2' } });
    await record(ledger, [voidOf(second)]);
    await expectTables({ 2016: { '9.2': '1' } });
    await record(ledger, [voidOf(first)]);
    await expectTables({ 2016: {} });
    expect(await blank(2016)).toContain('9.2');
  });

  test('voiding a replaced declaration changes nothing', async () => {
    // A void of a declaration that was replaced changes nothing.
    const first = declared('9.2', '1');
    await record(ledger, [first, declared('9.2', '2'), voidOf(first)]);
    await expectTables({ 2016: { '9.2': '2' } });
  });
});
