/** What was published and made, and what else the tables of any form count. */
import { one, type Dimension, type Topic, type WordRule } from '../rule.js';

const ITEMS = /^(?:条|件|条次|篇|份|项|个|则)$/;
const TIMES = /^(?:次|场|期|场次|个|起|件)$/;
const PEOPLE = /^(?:人次|人)$/;
const PIECES = /^(?:条|件|份|项|部|个|宗|起|例|次|件次)$/;

const rule = (
  id: string,
  { topic, dimension = 'figure', units }: { readonly topic: Topic; readonly dimension?: Dimension; readonly units: WordRule['units'] },
  words: RegExp,
  says: string,
  more: Pick<WordRule, 'examples'> & Partial<WordRule>,
): WordRule => ({ id, topic, dimension, units, words, readings: [one(says, id)], ...more });

const release = { topic: 'release', units: ITEMS } as const;
const channel = { topic: 'release', dimension: 'channel', units: ITEMS } as const;
const documents = { topic: 'documents', units: PIECES } as const;
const rules = { topic: 'rules', units: PIECES } as const;

export const OTHER_WAYS = '其他方式公开政府信息数';

/** A way that a ledger counts by itself, and forms within those of other ways. */
const among = (place: string, says: string): Pick<WordRule, 'only' | 'readings'> => ({
  only: 'release',
  readings: [one(says, place), { ...one(OTHER_WAYS, 'other-channels'), without: place }],
});

export const RELEASED: readonly WordRule[] = [
  rule(
    'released-so-far',
    release,
    /(?:历年|以来|年底)累?计?[^，。；]{0,16}公开(?:各类|各种)?(?:政府|政务|文件)?(?:信息|文件)?(?:总?数量?)?/,
    '历年累计',
    {
      examples: ['历年累计主动公开政府信息〔3542条〕'],
    },
  ),
  rule('released-so-far', release, /历年累计|累计/, '历年累计', {
    ...{ only: 'release', bare: true },
    readings: [one('历年累计', 'released-so-far'), one('主动公开政府信息数', 'released')],
    examples: ['主动公开政府信息2543条，历年累计〔78967条〕'],
  }),
  rule('released', release, /主动公开(?:各类|各种)?(?:政府|政务|文件)?(?:信息|文件)?(?:总?数量?)?/, '主动公开政府信息数', {
    not: /规范性文件|规章|属于|已主动|招标|采购/,
    examples: ['2017年，我局主动公开政府信息〔72条〕', '主动公开〔2026条〕'],
  }),
  rule('released', release, /公开(?:各类|各种)?(?:政府|政务)信息(?:总?数量?)?/, '主动公开政府信息数', {
    ...{ bare: true, loose: true, not: /申请/ },
    examples: ['全年公开政府信息〔72条〕'],
  }),
  rule(
    'website',
    channel,
    /(?:门户|政府|官方)?网站[^，。；：、]{0,16}(?:公开|发布)(?:政府)?(?:信息)?|(?:门户|政府|官方)网站/,
    '政府网站公开政府信息数',
    {
      only: 'release',
      not: /新媒体|累计|新闻/,
      examples: ['主动公开72条，含门户网站公开〔37条〕'],
    },
  ),
  rule('weibo', channel, /微博[^，。；：、]{0,12}/, '政务微博公开政府信息数', {
    only: 'release',
    not: /微信/,
    examples: ['主动公开72条，政务微博公开〔0条〕'],
  }),
  rule('wechat', channel, /微信[^，。；：、]{0,16}/, '政务微信公开政府信息数', {
    only: 'release',
    not: /微博/,
    examples: ['主动公开72条，微信公众号“金乡商务”公开〔20条〕'],
  }),
  rule('gazette', channel, /公报[^，。；：、]{0,8}/, '政府公报公开数', {
    ...among('gazette', '政府公报公开数'),
    examples: ['主动公开72条，政府公报公开〔3条〕'],
  }),
  rule('bulletin-board', channel, /(?:公告栏|公示栏|公开栏|告知栏)[^，。；：、]{0,8}/, '通过信息公告栏公开政府信息数', {
    ...among('bulletin-board', '通过信息公告栏公开政府信息数'),
    examples: ['主动公开72条，信息公告栏公开〔10条〕'],
  }),
  rule('press-conference-items', channel, /新闻发布会[^，。；：、]{0,8}/, '通过新闻发布会公开政府信息数', {
    ...among('press-conference-items', '通过新闻发布会公开政府信息数'),
    examples: ['主动公开72条，新闻发布会公开〔5条〕'],
  }),
  rule('other-channels', channel, /(?:报刊|报纸|广播|电视|电子屏|其[他它](?:方式|渠道|途径|形式))[^，。；：、]{0,8}/, OTHER_WAYS, {
    only: 'release',
    readings: [one(OTHER_WAYS, 'other-channels'), one('通过其他方式公开政府信息数', 'other-channel-alone')],
    examples: ['主动公开72条，其他方式公开〔15条〕'],
  }),
];

/** Behind a number of documents the words alone say it: 制发规章2件，废止1件. */
function inSentence(topic: 'documents' | 'rules'): WordRule[] {
  const name = topic === 'rules' ? '规章' : '规范性文件';
  const behind = { topic, units: PIECES } as const;
  const bare = { only: topic, bare: true } as const;
  return [
    rule(`${topic}-made`, behind, /(?:制发|制定|新制[定发]?|印发|出台|新增)/, `${name} 制发`, {
      ...bare,
      examples: [`${name}现行有效5件，新制定〔1件〕`],
    }),
    rule(`${topic}-repealed`, behind, /废止(?:和?失效)?(?:文件)?/, `${name} 废止`, { ...bare, examples: [`制发${name}2件，废止〔1件〕`] }),
    rule(`${topic}-in-force`, behind, /(?:现行有效|有效存续|继续有效)(?:文件|件数)?/, `${name} 现行有效`, {
      ...bare,
      examples: [`制发${name}2件，现行有效〔11件〕`, `制发${name}2件，有效存续〔11件〕`],
    }),
  ];
}

export const DOCUMENTS: readonly WordRule[] = [
  rule(
    'documents-made',
    documents,
    /(?:制发|制定|新制[定发作]?|印发|出台|制作)(?:了)?(?:本级|新增)?(?:行政)?规范性文件(?:总?数)?/,
    '规范性文件 制发',
    {
      examples: ['制发行政规范性文件〔69件〕', '制定规范性文件〔六件〕'],
    },
  ),
  rule('documents-published', documents, /(?:公开|发布|公布)(?:了)?[^，。；：、]{0,12}规范性文件(?:总?数)?/, '规范性文件 公开', {
    readings: [
      one('规范性文件 公开', 'documents-published'),
      one('规范性文件 制发', 'documents-made'),
      one('规范性文件 现行有效', 'documents-in-force'),
    ],
    loose: true,
    examples: ['主动公开规范性文件〔2件〕'],
  }),
  rule('documents-repealed', documents, /(?:废止|失效)(?:了)?(?:和失效)?(?:行政)?规范性文件/, '规范性文件 废止', {
    not: /规章/,
    examples: ['废止行政规范性文件〔3件〕'],
  }),
  rule('documents-in-force', documents, /现行有效(?:的)?(?:行政)?规范性文件(?:总?数)?|规范性文件现行有效/, '规范性文件 现行有效', {
    not: /规章/,
    examples: ['现行有效规范性文件〔665件〕'],
  }),
  ...(['documents', 'rules'] as const).flatMap((topic) => inSentence(topic)),
  rule('rules-made', rules, /(?:制发|制定|新制定?|出台)(?:了)?(?:政府)?规章/, '规章 制发', { examples: ['制发规章〔2件〕'] }),
  rule('rules-published', rules, /(?:公开|发布|公布)(?:了)?[^，。；：、]{0,6}规章/, '规章 公开', {
    readings: [one('规章 公开', 'rules-published'), one('规章 制发', 'rules-made'), one('规章 现行有效', 'rules-in-force')],
    loose: true,
    examples: ['主动公开市政府规章〔13件〕'],
  }),
  rule('rules-repealed', rules, /(?:废止|失效)(?:了)?(?:政府)?规章/, '规章 废止', { examples: ['废止规章〔1件〕'] }),
  rule('rules-in-force', rules, /现行有效(?:的)?(?:政府)?规章|规章现行有效/, '规章 现行有效', { examples: ['现行有效规章〔11件〕'] }),
];

const DECISIONS = { topic: 'work', units: /^(?:件|项|宗|起|例|个|件次|次)$/ } as const;
const NOT_DECISIONS = /公示|公开|信息|事项|清单|目录|指南|发布|培训|评查|案卷/;

export const DECIDED: readonly WordRule[] = [
  rule('permits', DECISIONS, /行政许可(?:处理)?(?:决定)?(?:总?数量?)?/, '行政许可 本年处理决定数量', {
    ...{ not: NOT_DECISIONS, loose: true },
    examples: ['作出行政许可决定〔2293件〕', '行政许可〔517645件〕'],
  }),
  rule('other-services', DECISIONS, /其他对外管理服务事项(?:处理决定)?(?:数量?)?/, '其他对外管理服务事项 处理决定数量', {
    loose: true,
    examples: ['其他对外管理服务事项〔889件〕'],
  }),
  rule('punishments', DECISIONS, /行政处罚(?:处理)?(?:决定|案件)?(?:总?数量?)?/, '行政处罚 本年处理决定数量', {
    ...{ not: NOT_DECISIONS, loose: true },
    examples: ['行政处罚〔1282件〕'],
  }),
  rule('coercions', DECISIONS, /行政强制(?:处理|措施|执行)?(?:决定)?(?:总?数量?)?/, '行政强制 本年处理决定数量', {
    ...{ not: NOT_DECISIONS, loose: true },
    examples: ['行政强制〔42件〕'],
  }),
];

const money = { topic: 'fees', units: 'money' } as const;

export const MONEY: readonly WordRule[] = [
  rule('fee-income', money, /行政事业性收费(?:项目)?(?:收费)?(?:金额|总额|收入)?/, '行政事业性收费 本年收费金额', {
    examples: ['行政事业性收费〔24252.31万元〕'],
  }),
  rule('purchase-amount', money, /(?:政府)?集中采购[^，。；：]{0,6}(?:总?金额|金额)?|采购总?金额/, '政府集中采购 采购总金额', {
    examples: ['政府集中采购总金额〔103.39万元〕'],
  }),
  rule('purchases', { topic: 'work', units: /^(?:项|件|个|次|宗)$/ }, /(?:政府)?集中采购(?:项目)?(?:数量)?/, '政府集中采购 采购项目数量', {
    examples: ['政府集中采购项目〔9个〕'],
  }),
  rule('processing-fee', money, /信息处理费/, '信息处理费', { readings: [], examples: ['收取信息处理费〔2950元〕'] }),
  rule('fees-waived', money, /(?:收费)?减免(?:收费|费用)?(?:金额)?/, '政府信息公开收费减免金额', { examples: ['收费减免金额〔200元〕'] }),
  rule('fees', money, /(?:依申请公开|信息公开)[^，。；：]{0,10}(?:收费|收取[^，。；：]{0,6}费用?)(?:金额)?/, '依申请公开信息收取的费用', {
    not: /行政事业性|减免/,
    examples: ['依申请公开信息收取费用〔0.2万元〕'],
  }),
  rule('funds', money, /专项经费|工作经费/, '政府信息公开专项经费', { examples: ['政府信息公开专项经费〔2000元〕'] }),
];

export const WORK: readonly WordRule[] = [
  rule('topics', { topic: 'work', units: TIMES }, /回应[^，。；：]{0,12}(?:热点|舆情)(?:事件|问题)?/, '回应公众关注热点或重大舆情数', {
    not: /微博|微信/,
    examples: ['回应公众关注热点〔三次〕'],
  }),
  rule(
    'press-conferences-chief',
    { topic: 'work', units: TIMES },
    /主要负责(?:同志|人)[^，。；：]{0,8}新闻发布会/,
    '主要负责同志参加新闻发布会次数',
    {
      examples: ['主要负责同志参加新闻发布会〔1次〕'],
    },
  ),
  rule('press-conferences', { topic: 'work', units: TIMES }, /新闻发布会(?:总?次数)?/, '参加或举办新闻发布会总次数', {
    not: /主要负责/,
    examples: ['举办新闻发布会〔1次〕', '举办〔一场〕新闻发布会'],
  }),
  rule(
    'interpretations',
    { topic: 'work', units: /^(?:篇|条|件|份|次|个|期)$/ },
    /(?:政策)?解读(?:稿件|材料|文章|信息)?(?:发布)?/,
    '政策解读稿件发布数',
    {
      not: /[及和、]解读/,
      examples: ['发布政策解读稿件〔5篇〕'],
    },
  ),
  rule(
    'topics-weibo-wechat',
    { topic: 'work', units: TIMES },
    /(?:微博微信|微博、微信|两微)[^，。；：]{0,6}回应(?:事件)?/,
    '微博微信回应事件数',
    {
      examples: ['微博微信回应事件〔2次〕'],
    },
  ),
  rule(
    'complaints',
    { topic: 'remedies', dimension: 'remedy', units: /^(?:件|起|次|例|宗)$/ },
    /(?:被|受理|接到)?(?:举报投诉|投诉举报|举报、投诉)/,
    '被举报投诉数量',
    {
      not: /不予处理|类申请|信访/,
      loose: true,
      examples: ['因政府信息公开被举报投诉〔1件〕'],
    },
  ),
  rule(
    'deliveries',
    { topic: 'deliveries', units: ITEMS },
    /向[^，。；]{0,16}(?:图书馆|档案馆|查阅场所)[^，。；]{0,16}(?:报送|移送|提供)[^，。；]{0,12}/,
    '向图书馆、档案馆等查阅场所报送信息数',
    {
      examples: ['向图书馆、档案馆等查阅场所报送信息〔20条〕'],
    },
  ),
  rule('deliveries-paper', { topic: 'deliveries', units: ITEMS }, /纸质文件/, '纸质文件数', {
    only: 'deliveries',
    examples: ['向档案馆报送信息20条，其中纸质文件〔5条〕'],
  }),
  rule('deliveries-electronic', { topic: 'deliveries', units: ITEMS }, /电子文件/, '电子文件数', {
    only: 'deliveries',
    examples: ['向档案馆报送信息20条，其中电子文件〔15条〕'],
  }),
  rule('offices', { topic: 'work', units: /^(?:个|家|处)$/ }, /专门(?:工作)?机构/, '政府信息公开工作专门机构数', {
    examples: ['设立政府信息公开专门机构〔1个〕'],
  }),
  rule('reading-rooms', { topic: 'work', units: /^(?:个|处|家)$/ }, /(?:信息公开)?查阅(?:点|场所)/, '设置政府信息公开查阅点数', {
    not: /报送|移送/,
    examples: ['设置政府信息公开查阅点〔1个〕'],
  }),
  rule('staff-full-time', { topic: 'work', units: /^(?:人|名)$/ }, /(?<!兼)专职(?:工作)?(?:人员)?/, '专职人员数', {
    not: /专兼职/,
    examples: ['专职人员〔2人〕'],
  }),
  rule('staff-part-time', { topic: 'work', units: /^(?:人|名)$/ }, /(?<!专)兼职(?:工作)?(?:人员)?/, '兼职人员数', {
    not: /专兼职/,
    examples: ['兼职人员〔1人〕'],
  }),
  rule('staff', { topic: 'work', units: /^(?:人|名)$/ }, /从事政府信息公开工作(?:的)?人员/, '从事政府信息公开工作人员数', {
    examples: ['从事政府信息公开工作人员〔1人〕'],
  }),
  rule('trainees', { topic: 'work', units: PEOPLE }, /(?:接受)?培训(?:班)?(?:各类)?(?:工作)?(?:人员)?|参训(?:人员)?/, '接受培训人员数', {
    loose: true,
    examples: ['接受培训人员〔12人次〕'],
  }),
  rule('trainings', { topic: 'work', units: TIMES }, /(?:举办|组织|开展|召开)[^，。；：]{0,16}培训班?/, '举办各类培训班数', {
    loose: true,
    examples: ['举办各类培训班〔1次〕'],
  }),
  rule(
    'meetings',
    { topic: 'work', units: TIMES },
    /(?:政府信息公开|政务公开)[^，。；：]{0,8}会议?|召开[^，。；：]{0,16}(?:信息公开|政务公开)[^，。；：]{0,8}会议?/,
    '召开政府信息公开工作会议或专题会议数',
    {
      ...{ not: /发布会|申请/, loose: true },
      examples: ['召开政府信息公开工作会议〔1次〕'],
    },
  ),
];
