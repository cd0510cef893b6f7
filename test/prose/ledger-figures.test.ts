/** Figures that a ledger counts and no form prints: numbers of a report are held against them. */
import { checkReport, type CheckedReport } from '../../src/prose/check-report.js';
import { FIGURE_PLACES } from '../../src/prose/rules/figure-places.js';
import { headOf } from '../../src/statistics/prose/figures.js';
import { fixture, published } from '../support/tables.js';

const ITEMS = 's.items-by-channel';
const COUNTED = new Map([
  ...Object.entries({
    website: '37',
    weibo: '0',
    wechat: '20',
    gazette: '0',
    'bulletin-board': '10',
    'press-conference': '5',
    other: '0',
  }).map(([channel, value]): [string, string] => [`${ITEMS}:${channel}`, value]),
  ...Object.entries({ 's.items': '72', 's.interpretations': '4', 's.concerns': '2', 's.applications-by-channel:online': '3' }),
  ...Object.entries({ 's.fees': '12.5', 's.items-by-category:安全生产': '9', 's.items-by-category:生产': '1' }),
]);

function check(text: string, id: string, counted = COUNTED): CheckedReport {
  return checkReport(text, { table: published(fixture(id)), previous: null, counted: { table: counted, previous: new Map() } });
}

const held = ({ numbers }: CheckedReport): string[] =>
  numbers.map(({ text, verdict, readings }) => `${text} ${verdict} ${readings.find(({ fits }) => fits)?.cells.join('+') ?? '-'}`);

test('every place is a figure there is', () => {
  expect(
    Object.values(FIGURE_PLACES)
      .flat()
      .filter((code) => headOf(code) === null),
  ).toEqual([]);
});

test('ways within a cell are held one by one', () => {
  const say = (board: number, press: number): CheckedReport =>
    check(`主动公开政府信息72条，信息公告栏公开${board}条，新闻发布会公开${press}条。`, 'jinxiang-commerce-2017');
  expect(held(say(10, 5)).slice(1)).toEqual([
    `信息公告栏公开10条 held ${ITEMS}:bulletin-board`,
    `新闻发布会公开5条 held ${ITEMS}:press-conference`,
  ]);
  // Together they are what the cell prints, and each is wrong.
  const { findings } = say(11, 4);
  expect(findings).toMatchObject([
    { rule: 'cell-differs', cells: [`${ITEMS}:bulletin-board`], left: '11', right: '10' },
    { rule: 'cell-differs', cells: [`${ITEMS}:press-conference`], left: '4', right: '5' },
  ]);
  expect(check('主动公开政府信息72条，信息公告栏公开11条，新闻发布会公开4条。', 'jinxiang-commerce-2017', new Map()).findings).toEqual([]);
});

test('what a form of 2021 prints nowhere', () => {
  const text =
    '主动公开政府信息72条，其中政府网站公开37条，微信公众号公开20条，公告栏公开10条，其他方式公开15条。发布政策解读稿件4篇。回应公众关注热点2次。';
  const checked = check(text, 'pingtan-2021');
  expect(held(checked)).toEqual([
    '主动公开政府信息72条 held s.items',
    `其中政府网站公开37条 held ${ITEMS}:website`,
    `微信公众号公开20条 held ${ITEMS}:wechat`,
    `公告栏公开10条 held ${ITEMS}:bulletin-board`,
    `其他方式公开15条 held ${ITEMS}:gazette+${ITEMS}:bulletin-board+${ITEMS}:press-conference+${ITEMS}:other`,
    '发布政策解读稿件4篇 held s.interpretations',
    '回应公众关注热点2次 held s.concerns',
  ]);
  // Without a ledger nothing is said of them.
  expect(check(text, 'pingtan-2021', new Map()).numbers.every(({ verdict }) => verdict === 'not-held')).toBe(true);
  expect(check('主动公开政府信息73条。', 'pingtan-2021').findings).toMatchObject([{ rule: 'cell-differs', right: '72' }]);
  expect(check('申请公开政府信息，网上申请4件。', 'pingtan-2021').findings).toMatchObject([
    { cells: ['s.applications-by-channel:online'] },
  ]);
  expect(check('全年未收取信息公开费用。', 'pingtan-2021').findings).toMatchObject([{ rule: 'not-none', right: '12.5' }]);
});

test('items by category, the longest name first', () => {
  const say = (words: string): CheckedReport => check(`主动公开政府信息72条。其中，${words}。`, 'jinxiang-commerce-2017');
  expect(held(say('安全生产类信息9条')).at(-1)).toBe('安全生产类信息9条 held s.items-by-category:安全生产');
  // Agencies group otherwise in prose than in their catalogue: no error.
  expect(say('安全生产方面信息8条').findings).toMatchObject([{ rule: 'loosely-differs', severity: 'warning', right: '9' }]);
  expect(held(say('召开安全生产会议8次')).at(-1)).toContain('not-held');
});
