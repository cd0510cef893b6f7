/**
 * The yearly statistics table of report years 2014 to 2018 as Shandong printed it: ten sections, 69 rows. Labels, order
 * and units are those of 《金乡县商务局2017年度政府信息公开工作情况统计表》 (2018-02-08,
 * http://www.jinxiang.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=113708280043170646&fbtime=2017); national basis
 * 国办发〔2014〕32号.
 *
 * Row names: section.subsection.item; `.ofN` is an 其中 row, part of its parent; `.ref1` is printed under its parent and
 * not part of it. The printed footnote (各子栏目数总数要等于总栏目数量) holds where `SUMS` says so; it cannot hold between 一(一),
 * counted once an item, and 一(二), counted per channel.
 */
import type { Rule } from '../checks.js';
import type { CellSource, FormRow, Scale, Selection } from '../form.js';
import { ABSENT_IN_2014, FIRST_RELEASED, form2014, received, refused, released, replied } from './2014.js';
import type { RegisteredForm } from './registered.js';

const SUMS: Readonly<Record<string, readonly string[]>> = {
  '3.1': ['3.1.1', '3.1.2', '3.1.3', '3.1.4', '3.1.5'],
  '3.2': ['3.2.1', '3.2.2'],
  '3.3': ['3.3.1', '3.3.2', '3.3.3', '3.3.4', '3.3.5', '3.3.6', '3.3.7', '3.3.8'],
  '3.3.4': ['3.3.4.of1', '3.3.4.of2', '3.3.4.of3', '3.3.4.of4', '3.3.4.of5', '3.3.4.of6'],
  '4': ['4.1', '4.2', '4.3'],
  '5': ['5.1', '5.2', '5.3'],
  '6': ['6.1', '6.2', '6.3'],
  '7': ['7.1', '7.2'],
  '9.3': ['9.3.1', '9.3.2'],
};

const HEADING = null;
const DECLARED: CellSource = { basis: 'declared' };

export function counted(select: Selection): CellSource {
  return { basis: 'counted', select };
}

function total(code: string): CellSource {
  return { basis: 'computed', sumOf: SUMS[code] ?? [] };
}

/** A row of one value. */
export function row(code: string, label: string, unit: string | null, source: CellSource | null): FormRow {
  const scale: Scale = unit === '万元' ? 6 : 0;
  return { code, label, unit, scale, source };
}

const ROWS: readonly FormRow[] = [
  row('1', '一、主动公开情况', null, HEADING),
  row('1.1', '(一)主动公开政府信息数(不同渠道和方式公开相同信息计1条)', '条', counted(FIRST_RELEASED)),
  row('1.1.of1', '其中:主动公开规范性文件数', '条', counted({ measure: 'item.first-released', where: { rank: ['rules', 'normative'] } })),
  row('1.1.ref1', '制发规范性文件总数', '件', counted({ measure: 'normative-document.issued' })),
  row('1.2', '(二)通过不同渠道和方式公开政府信息的情况', null, HEADING),
  row('1.2.1', '1.政府网站公开政府信息数', '条', counted(released('website'))),
  row('1.2.2', '2.政务微博公开政府信息数', '条', counted(released('weibo'))),
  row('1.2.3', '3.政务微信公开政府信息数', '条', counted(released('wechat'))),
  row('1.2.4', '4.其他方式公开政府信息数', '条', counted(released('gazette', 'bulletin-board', 'press-conference', 'other'))),
  row('2', '二、回应解读情况', null, HEADING),
  row('2.1', '(一)回应公众关注热点或重大舆情数(不同方式回应同一热点或舆情计1次)', '次', counted({ measure: 'topic.first-answered' })),
  row('2.2', '(二)通过不同渠道和方式回应解读的情况', null, HEADING),
  row('2.2.1', '1.参加或举办新闻发布会总次数', '次', counted({ measure: 'press-conference.held' })),
  row('2.2.1.of1', '其中:主要负责同志参加新闻发布会次数', '次', counted({ measure: 'press-conference.held', where: { chief: ['yes'] } })),
  row('2.2.2', '2.政策解读稿件发布数', '篇', counted({ measure: 'interpretation.published' })),
  row('2.2.3', '3.微博微信回应事件数', '次', counted({ measure: 'topic.first-answered-by', where: { means: ['weibo-wechat'] } })),
  row('2.2.4', '4.其他方式回应事件数', '次', counted({ measure: 'topic.first-answered-by', where: { means: ['other'] } })),
  row('3', '三、依申请公开情况', null, HEADING),
  row('3.1', '(一)收到申请数', '件', total('3.1')),
  row('3.1.1', '1.当面申请数', '件', counted(received('in-person'))),
  row('3.1.2', '2.传真申请数', '件', counted(received('fax'))),
  row('3.1.3', '3.网络申请数', '件', counted(received('online', 'email'))),
  row('3.1.4', '4.信函申请数', '件', counted(received('letter'))),
  row('3.1.5', '5.其他形式', '件', counted(received('other'))),
  row('3.2', '(二)申请办结数', '件', total('3.2')),
  row('3.2.1', '1.按时办结数', '件', counted({ measure: 'application.closed', where: { term: ['ordinary'] } })),
  row('3.2.2', '2.延期办结数', '件', counted({ measure: 'application.closed', where: { term: ['extended'] } })),
  row('3.3', '(三)申请答复数', '件', total('3.3')),
  row('3.3.1', '1.属于已主动公开范围数', '件', counted(replied('already-public'))),
  row('3.3.2', '2.同意公开答复数', '件', counted(replied('granted'))),
  row('3.3.3', '3.同意部分公开答复数', '件', counted(replied('partly-granted'))),
  row('3.3.4', '4.不同意公开答复数', '件', total('3.3.4')),
  row('3.3.4.of1', '其中:涉及国家秘密', '件', counted(refused('state-secret'))),
  row('3.3.4.of2', '涉及商业秘密', '件', counted(refused('trade-secret'))),
  row('3.3.4.of3', '涉及个人隐私', '件', counted(refused('privacy'))),
  row('3.3.4.of4', '危及国家安全、公共安全、经济安全和社会稳定', '件', counted(refused('safety-stability'))),
  row('3.3.4.of5', '不是《条例》所指政府信息', '件', counted(refused('not-government-information'))),
  row('3.3.4.of6', '法律法规规定的其他情形', '件', counted(refused('other-law'))),
  row('3.3.5', '5.不属于本行政机关公开数', '件', counted(replied('other-agency'))),
  row('3.3.6', '6.申请信息不存在数', '件', counted(replied('not-existing'))),
  row('3.3.7', '7.告知作出更改补充数', '件', counted(replied('amend-supplement'))),
  row('3.3.8', '8.告知通过其他途径办理数', '件', counted(replied('other-channel'))),
  row('4', '四、行政复议数量', '件', total('4')),
  row('4.1', '(一)维持具体行政行为数', '件', counted({ measure: 'reconsideration.decided', where: { result: ['upheld'] } })),
  row('4.2', '(二)被依法纠错数', '件', counted({ measure: 'reconsideration.decided', where: { result: ['corrected'] } })),
  row('4.3', '(三)其他情形数', '件', counted({ measure: 'reconsideration.decided', where: { result: ['other'] } })),
  row('5', '五、行政诉讼数量', '件', total('5')),
  row('5.1', '(一)维持具体行政行为或者驳回原告诉讼请求数', '件', counted({ measure: 'lawsuit.decided', where: { result: ['upheld'] } })),
  row('5.2', '(二)被依法纠错数', '件', counted({ measure: 'lawsuit.decided', where: { result: ['corrected'] } })),
  row('5.3', '(三)其他情形数', '件', counted({ measure: 'lawsuit.decided', where: { result: ['other'] } })),
  row('6', '六、被举报投诉数量', '件', total('6')),
  row('6.1', '(一)维持具体行政行为数', '件', counted({ measure: 'complaint.decided', where: { result: ['upheld'] } })),
  row('6.2', '(二)被纠错数', '件', counted({ measure: 'complaint.decided', where: { result: ['corrected'] } })),
  row('6.3', '(三)其他情形数', '件', counted({ measure: 'complaint.decided', where: { result: ['other'] } })),
  row('7', '七、向图书馆、档案馆等查阅场所报送信息数', '条', total('7')),
  row('7.1', '(一)纸质文件数', '条', counted({ measure: 'delivery.items', where: { medium: ['paper'] } })),
  row('7.2', '(二)电子文件数', '条', counted({ measure: 'delivery.items', where: { medium: ['electronic'] } })),
  row('8', '八、依申请公开信息收取的费用', '万元', counted({ measure: 'application.fee' })),
  row('9', '九、机构建设和保障经费情况', null, HEADING),
  row('9.1', '(一)政府信息公开工作专门机构数', '个', DECLARED),
  row('9.2', '(二)设置政府信息公开查阅点数', '个', DECLARED),
  row('9.3', '(三)从事政府信息公开工作人员数', '人', total('9.3')),
  row('9.3.1', '1.专职人员数(不包括政府网站工作人员数)', '人', DECLARED),
  row('9.3.2', '2.兼职人员数', '人', DECLARED),
  row('9.4', '(四)政府信息公开专项经费(不包括政府网站建设维护等方面的经费)', '万元', DECLARED),
  row('10', '十、政府信息公开会议和培训情况', null, HEADING),
  row('10.1', '(一)召开政府信息公开工作会议或专题会议数', '次', counted({ measure: 'meeting.held' })),
  row('10.2', '(二)举办各类培训班数', '次', counted({ measure: 'training.held' })),
  row('10.3', '(三)接受培训人员数', '人次', counted({ measure: 'training.trainees' })),
];

const RULES: readonly Rule[] = [
  ...Object.entries(SUMS).map(([code, parts]): Rule => ({ rule: 'sum', total: code, parts })),
  { rule: 'part-of', parts: ['1.1.of1'], whole: '1.1' },
  { rule: 'part-of', parts: ['2.2.1.of1'], whole: '2.2.1' },
  { rule: 'distinct-bound', whole: '1.1', channels: ['1.2.1', '1.2.2', '1.2.3', '1.2.4'] },
];

export const form2014Shandong = form2014({
  id: '2014-shandong',
  title: '政府信息公开工作情况统计表',
  basis: '国办发〔2014〕32号; 金乡县商务局2017年度政府信息公开工作情况统计表',
  rows: ROWS,
  rules: RULES,
});

export const shandong2014: RegisteredForm = {
  form: form2014Shandong,
  heads: [],
  absent: [
    ...ABSENT_IN_2014,
    { measure: 'application.fee-waived' },
    // Rows 二(二)1 and 2 count conferences and interpretations by their own acts.
    { measure: 'topic.first-answered-by', where: { means: ['press-conference', 'interpretation'] } },
  ],
};
