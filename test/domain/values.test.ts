/** Dates of Shanghai on any machine, times, names of cases, decimals. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { ALL_RULES } from '../../src/domain/kinds.js';
import { dateInShanghai, endOfDay, formatInstant, parseInstant } from '../../src/time/instant.js';
import { formatDecimal, parseDecimal } from '../../src/encoding/decimal.js';
import { isAgencyCode, isContentHash, parseCaseName, streamOf } from '../../src/domain/identifiers.js';
import { isCalendarDate, yearOf } from '../../src/time/calendar-date.js';

const instantOf = (text: string): number => parseInstant(text) as number;

describe('an act’s day is Shanghai’s', () => {
  test.each([
    ['2017-12-31T23:30:00+08:00', '2017-12-31'],
    ['2017-12-31T15:30:00Z', '2017-12-31'],
    ['2017-12-31T15:59:59.999Z', '2017-12-31'],
    ['2017-12-31T15:59:59.999999999Z', '2017-12-31'],
    ['2017-12-31T16:00:00Z', '2018-01-01'],
    ['2018-01-01T00:30:00+09:00', '2017-12-31'],
    ['2018-01-01T01:00:00+09:00', '2018-01-01'],
    ['2017-12-31T11:00:00-05:00', '2018-01-01'],
    ['2017-12-31T10:59:59-05:00', '2017-12-31'],
    ['2016-02-29T12:00:00+08:00', '2016-02-29'],
  ])('%s is %s', (text, day) => {
    expect(dateInShanghai(instantOf(text))).toBe(day);
    expect(yearOf(dateInShanghai(instantOf(text)))).toBe(Number(day.slice(0, 4)));
  });

  test('agrees with the platform since 2008', () => {
    // Agrees with the calendar of the platform for Asia/Shanghai on every day since 2008.
    const platform = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' });
    const range = { min: Date.parse('2008-05-01T00:00:00Z'), max: Date.parse('2100-01-01T00:00:00Z') };
    fc.assert(
      fc.property(fc.integer(range), (instant) => dateInShanghai(instant) === platform.format(instant)),
      { seed: 1, numRuns: 2000 },
    );
  });

  test('whatever zone the machine runs in', () => {
    // The module as it is built, in processes of their own: a zone is read once, when a process starts.
    const module = (name: string): string => pathToFileURL(join(__dirname, `../../dist/time/${name}.js`)).href;
    const script = `
      import { dateInShanghai, endOfDay, formatInstant, parseInstant } from '${module('instant')}';
      import { isCalendarDate } from '${module('calendar-date')}';
      const instant = parseInstant('2017-12-31T15:30:00Z');
      const local = parseInstant('2018-01-01T00:00:00+08:00');
      console.log(JSON.stringify([new Date(instant).getTimezoneOffset(), dateInShanghai(instant), formatInstant(instant),
        dateInShanghai(local), endOfDay('2017-12-31'), isCalendarDate('2017-12-31')]));`;
    const zones = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Niue', 'Asia/Kolkata'];
    const answers = zones.map(
      (TZ) =>
        JSON.parse(
          execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, TZ }, encoding: 'utf8' }),
        ) as unknown[],
    );
    expect(new Set(answers.map(([offset]) => offset)).size).toBe(zones.length);
    for (const [, ...answer] of answers) {
      expect(answer).toEqual(['2017-12-31', '2017-12-31T23:30:00.000+08:00', '2018-01-01', Date.parse('2017-12-31T15:59:59.999Z'), true]);
    }
  });

  test('a day ends in its last millisecond', () => {
    // The end of a day is its last millisecond, written times read back.
    expect(dateInShanghai(endOfDay('2017-12-31'))).toBe('2017-12-31');
    expect(dateInShanghai(endOfDay('2017-12-31') + 1)).toBe('2018-01-01');
    expect(instantOf(formatInstant(1514734200123))).toBe(1514734200123);
  });
});

describe('RFC 3339', () => {
  test.each([
    '2017-03-02T09:00:00+08:00',
    '2017-03-02t09:00:00z',
    '2017-03-02T09:00:00.1Z',
    '2017-03-02T09:00:00-00:00',
    '2000-02-29T00:00:00Z',
  ])('%s is a time', (text) => expect(parseInstant(text)).toEqual(expect.any(Number)));

  test.each([
    '2017-03-02T09:00:00',
    '2017-03-02T09:00+08:00',
    '2017-03-02 09:00:00+08:00',
    '2017-03-02',
    '2017-02-29T09:00:00+08:00',
    '2017-13-01T09:00:00Z',
    '2017-00-10T09:00:00Z',
    '2017-03-02T24:00:00Z',
    '2017-03-02T09:60:00Z',
    '2017-03-02T09:00:00+0800',
    '2017-03-02T09:00:00+08',
    '2017-03-02T09:00:00+24:00',
    '2017-03-02T09:00:00+08:60',
    '2017-03-02T09:00:00.Z',
    '２０１７-03-02T09:00:00Z',
    ' 2017-03-02T09:00:00Z',
    '2017-03-02T09:00:00Z\n',
    '',
    1488416400000,
    null,
    undefined,
  ])('%j is none', (text) => expect(parseInstant(text)).toBeNull());

  test('digits beyond milliseconds are dropped', () => {
    // Digits beyond the millisecond are dropped, never rounded into the next year.
    expect(instantOf('2017-12-31T15:59:59.9999Z')).toBe(Date.parse('2017-12-31T15:59:59.999Z'));
  });

  test('days that exist', () => {
    expect(['2016-02-29', '2017-12-31'].every(isCalendarDate)).toBe(true);
    expect(['2017-02-29', '2017-04-31', '2017-1-1', '17-01-01', '2017-12-31 ', 20171231, null].some(isCalendarDate)).toBe(false);
  });
});

describe('names', () => {
  test.each([
    ['publication/2017-0001', { kind: 'publication', number: '2017-0001' }],
    ['normative-document/金商发〔2017〕1号', { kind: 'normative-document', number: '金商发〔2017〕1号' }],
    ['site/www.jinxiang.gov.cn', { kind: 'site', number: 'www.jinxiang.gov.cn' }],
    ['hotspot/a(b)_c-d', { kind: 'hotspot', number: 'a(b)_c-d' }],
    [`site/${'x'.repeat(64)}`, { kind: 'site', number: 'x'.repeat(64) }],
    ['site/é', { kind: 'site', number: 'é' }],
  ])('%s', (text, ref) => expect(parseCaseName(text)).toEqual(ref));

  test.each([
    ['full-width digits are not in NFKC form', 'publication/２０１７'],
    ['a letter and a combining mark are not in NFKC form', 'site/e\u0301'],
    ['a ligature', 'site/ﬁle'],
    ['full-width brackets', 'site/（一）'],
    ['beginning with a dot', 'site/.hidden'],
    ['too long', `site/${'x'.repeat(65)}`],
    ['empty', 'site/'],
    ['no slash', 'site'],
    ['no kind', '/1'],
    ['a second slash', 'site/a/b'],
    ['a blank', 'site/a b'],
    ['a line end', 'site/a\n'],
    ['upper case in the kind', 'Site/1'],
    ['other punctuation', 'site/a:b'],
    ['a control character', 'site/a\u0000'],
    ['an emoji', 'site/😀'],
    ['no text', 17],
  ])('%s', (_why, text) => expect(parseCaseName(text)).toBeNull());

  test('no two cases share a stream', () => {
    const names = [
      streamOf('a', { kind: 'site', number: 'b' }),
      streamOf('a-b', { kind: 'site', number: 'b' }),
      streamOf('a', { kind: 'site', number: 'b-b' }),
      streamOf('a', { kind: 'site', number: 'B' }),
      streamOf('a', { kind: 'meeting', number: 'b' }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test('no kind begins with another and a hyphen', () => {
    // Nor would they if an agency were called like the rest of a kind: no kind begins with another and a hyphen.
    const kinds = ALL_RULES.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kinds.some((other) => kind.startsWith(`${other}-`)))).toEqual([]);
  });

  test('codes of agencies and hashes', () => {
    expect(['370828-commerce', 'a', 'x'.repeat(40)].every(isAgencyCode)).toBe(true);
    expect(['', 'A', 'a_b', 'a/b', 'x'.repeat(41), '商务局', 1, 'a\n'].some(isAgencyCode)).toBe(false);
    expect(isContentHash(`sha256:${'0a'.repeat(32)}`)).toBe(true);
    for (const wrong of [`sha256:${'0A'.repeat(32)}`, `sha256:${'0a'.repeat(31)}`, `md5:${'0a'.repeat(32)}`, '0a'.repeat(32), null]) {
      expect(isContentHash(wrong)).toBe(false);
    }
  });
});

describe('decimals', () => {
  test.each([
    ['0.2', 6, 200000n],
    ['24252.311082', 6, 24252311082n],
    ['-18', 0, -18n],
    ['0', 6, 0n],
    ['999999999999999', 6, 999999999999999000000n],
  ])('%s in 10^-%d', (text, scale, value) => {
    expect(parseDecimal(text, scale)).toBe(value);
    expect(formatDecimal(value, scale)).toBe(text);
  });

  test.each(['', '.', '1.', '.5', '+1', '1e3', '1,000', ' 1', '1 ', '١', '１', '--1', 'NaN', '0.2元', '1\n'])('%j is none', (text) =>
    expect(parseDecimal(text, 6)).toBeNull(),
  );

  test('more decimals than the cell prints are none', () => {
    expect(parseDecimal('0.1234567', 6)).toBeNull();
    expect(parseDecimal('1.0', 0)).toBeNull();
  });

  test('money is exact to the fen', () => {
    // Money is exact: what is printed reads back, and sums are those of whole fen.
    const fen = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    fc.assert(
      fc.property(fen, fc.constantFrom(0, 2, 6), (value, scale) => {
        const printed = formatDecimal(value, scale);
        const [whole = ''] = printed.replace('-', '').split('.');
        return whole.length > 15 || parseDecimal(printed, scale) === value;
      }),
      { seed: 2, numRuns: 1000 },
    );
    // 0.1 and 0.2 in 万元: a float would print 0.30000000000000004.
    expect(formatDecimal((parseDecimal('0.1', 6) as bigint) + (parseDecimal('0.2', 6) as bigint), 6)).toBe('0.3');
  });
});
