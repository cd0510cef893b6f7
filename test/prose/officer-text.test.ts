/** What officers may write into a report: references, and numbers that no table could say. */
import { flawsOf } from '../../src/prose/officer-text.js';
import { REPORT_TEMPLATES } from '../../src/statistics/prose/report-templates.js';

const FORM = '2021';
const problems = (text: string, form = FORM): string[] => flawsOf(form, { '1': text }).map(({ problem }) => problem);

test.each([
  '{year}年,本机关主动公开政府信息{s.items#},{growth s.items},较{last-year}年{difference s.items}。',
  '收到申请{3.1:total}件,{3.1:total@last|上年没有|上年{3.1:total@last}件}。',
  '收费{s.fees}万元以上的没有;{share 3.3.1:total of 3.3.7:total}予以公开。',
  '依据《国务院办公厅关于2023年工作的通知》(国办发〔2023〕30号)、国令第711号、条例第十四条第二款。',
  '2022年3月2日至2022年12月31日,3月份、12月1日每天9:00至17:30受理。',
  '一、健全机构\n(二)完善制度\n3.加强培训\n（4）其他',
  '进一步统一三项制度,一次性告知,一件事一次办,十四五期间八项规定、二十大精神、五公开、万元项目。',
  '电话0537-8712345,网址www.jinxiang.gov.cn、https://www.gov.cn/2022/1.htm,邮箱a1@b2.gov.cn。',
  '第三次会议,第一时间全部落实。',
  // In traditional print too.
  '依據國辦發〔2023〕30號,2022年3月2號起進一步統一三項制度。',
])('taken: %s', (text) => {
  expect(problems(text)).toEqual([]);
});

test.each([
  ['公开信息5条。', 'the number 5'],
  ['公开信息５条。', 'the number 5'],
  ['公开信息1,234.5条。', 'the number 1,234.5'],
  ['收到申请十二件。', '十二件'],
  ['收到申请一件。', '一件'],
  ['收到十余件。', '十余件'],
  ['增长百分之三十。', '百分之三十'],
  ['收费三百元。', '三百元'],
  ['收到申請兩件。', '两件'],
  ['公開信息十二條。', '十二条'],
  ['收費三萬元。', '三万元'],
  ['第5件申请。', 'the number 5'],
  ['2023年5条。', 'the number 5'],
  ['共{s.items}5条。', 'the number 5'],
  // A place of a reference is no beginning of a line.
  ['{s.items}5、其他', 'the number 5'],
  ['{s.items|没有|有3条}', 'the number 3'],
  ['{3.1:nobody}', 'refers to 3.1:nobody'],
  ['{1.1}', 'refers to 1.1'],
  ['{s.items-by-month:13}', 'refers to s.items-by-month:13'],
  ['{growth 3.1:total@last}', 'no reference'],
  ['{3.1:total|一种}', 'words are chosen'],
  ['未完{3.1:total', 'does not end'],
])('refused: %s', (text, why) => {
  expect(problems(text).join()).toContain(why);
});

test('parts are those of the form', () => {
  for (const [form, { parts }] of Object.entries(REPORT_TEMPLATES)) {
    expect(flawsOf(form, { [String(parts.length)]: '无。' })).toEqual([]);
    for (const part of ['0', '01', String(parts.length + 1), '一', 'constructor'])
      expect(flawsOf(form, { [part]: '无。' })).toHaveLength(1);
  }
  expect(flawsOf('1999', { '1': '无。' })).toHaveLength(1);
});
