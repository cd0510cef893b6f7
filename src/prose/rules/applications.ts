/** What is counted of applications: what came in and what became of it. Examples mark the number that is meant. */
import { one, type WordRule } from '../rule.js';

const CASES = /^(?:件|条|宗|份|起|项|例|件次|人次|个)$/;

/** 收到 in reports is 一 as well as 一 + 二. */
const CAME_IN = [one('一、本年新收', 'received'), one('一 + 二, 含上年结转', 'received', 'carried-in')] as const;

/** What else is received and decided by agencies. */
const OTHER_CASES =
  /信访|投诉|举报|咨询|来信|来电|来访|留言|建议|提案|议案|审批|许可|证照|热线|复议|诉讼|应诉|网民|邮件|执法|纠纷|意见|维权|12345|报告|办件|补贴|救助|资金/;

/** Words between a verb and 申请 that make it no part of all: 收到涉及征收的申请 counts another thing. */
const BETWEEN =
  '(?:公民|法人|自然人|其[他它]组织|组织|企业|社会|公众|群众|申请人|各界|各类|提[出交]|递交|依法?|政府|政务|信息|公开|网[上络]|' +
  '在线|平台|书面|当面|信函|信件|邮寄|电子邮件|申请(?=、)|有效|有关|相关|我[局县市区]|本?机关|等|形式|方式|向|的|和|或|及|与|、|共)*';

export const FLOWS: readonly WordRule[] = [
  {
    ...{ id: 'received', topic: 'applications', dimension: 'flow', units: CASES },
    words: new RegExp(
      `(?:收到|受理|接收|接到|收办|收悉|登记|收取|提出|提交)${BETWEEN}(?:申请(?:公开)?(?:的?政府信息)?件?|依申请公开(?:政府信息)?件?)` +
        '(?:总?数量?|总量)?|(?:信息公开|依申请公开|公开)申请(?:总?数量?|总量|量)|^申请(?:总?数量|总?量|总数)',
    ),
    not: OTHER_CASES,
    readings: CAME_IN,
    examples: [
      '共受理政府信息公开申请〔2件〕',
      '收到依申请公开〔26件〕',
      '全年政府信息公开申请总数〔一百二十三件〕',
      '〔五件〕公民提出的申请',
    ],
  },
  {
    ...{ id: 'received', topic: 'applications', dimension: 'flow', units: CASES, bare: true },
    words: /(?:收到|受理|接收|接到|收办|收件)(?:总?数量?)?/,
    not: OTHER_CASES,
    readings: CAME_IN,
    examples: ['共收到〔143件〕', '收办〔3607件〕', '本年度我局受理〔749件〕'],
  },
  {
    ...{ id: 'received-new', topic: 'applications', dimension: 'flow', units: CASES },
    words: new RegExp(
      `(?:本年|当年)?新(?:收到?|受理|增)${BETWEEN}申请(?:公开)?(?:政府信息(?:公开)?)?(?:总?数量?)?|(?:本年|当年)?新(?:收到?|受理)(?:总?数量?)?`,
    ),
    not: OTHER_CASES,
    readings: [one('一、本年新收', 'received')],
    examples: ['本年新收政府信息公开申请〔70件〕', '新收〔713件〕'],
  },
  {
    ...{ id: 'applications', topic: 'applications', dimension: 'flow', units: CASES },
    words: /(?:依申请公开|(?:信息)?公开申请|申请公开(?:政府)?信息)(?:事项)?/,
    not: OTHER_CASES,
    readings: [...CAME_IN, one('三（七）总计', 'closed')],
    examples: ['依申请公开政府信息〔26件〕', '〔30件〕信息公开申请'],
  },
  {
    ...{ id: 'handled', topic: 'applications', dimension: 'flow', units: CASES },
    words: new RegExp(`(?:办理|处理)${BETWEEN}申请(?:公开)?`),
    not: OTHER_CASES,
    readings: [one('三（七）总计', 'closed'), ...CAME_IN],
    examples: ['办理政府信息公开申请〔26件〕'],
  },
  {
    ...{ id: 'carried-in', topic: 'applications', dimension: 'flow', units: CASES },
    words:
      /(?:上年度?|上一年度?|去年|往年|以前年度|20\d\d年度?|年初)(?:度)?(?:未办结)?(?:结转|转结|转入|遗留)(?:[^，。；：]{0,14}申请)?|(?:结转|转结)(?:上年|上一年|去年|20\d\d年)度?/,
    not: /下年|下一年|次年/,
    readings: [one('二、上年结转', 'carried-in')],
    examples: ['上年结转政府信息公开申请〔36件〕', '含上年度结转〔1件〕', '〔两件〕为上年结转'],
  },
  {
    ...{ id: 'carried-over', topic: 'applications', dimension: 'flow', units: CASES },
    words:
      /(?:结转|转结|转入|转至|顺延)[^，。；：]{0,4}(?:下年|下一年|次年|明年|20\d\d年)度?(?:继续)?(?:办理)?|下年度?继续办理|(?:尚未|未|尚待|正在)(?:办结|办理|处理)(?:完毕|中)?/,
    not: OTHER_CASES,
    readings: [one('四、结转下年度继续办理', 'carried-over')],
    examples: ['结转下年度继续办理〔31件〕', '〔三件〕结转下一年度', '尚未办结〔4件〕'],
  },
  {
    ...{ id: 'carried', topic: 'applications', dimension: 'flow', units: CASES },
    words: /结转|转结/,
    not: OTHER_CASES,
    readings: [one('四、结转下年度继续办理', 'carried-over'), one('二、上年结转', 'carried-in')],
    examples: ['转结〔31件〕'],
  },
  {
    ...{ id: 'closed-extended', topic: 'applications', dimension: 'result', units: CASES },
    words: /(?:延期|延长)(?:办结|答复|办理)/,
    readings: [one('延期办结', 'closed-extended')],
    examples: ['延期办结〔2件〕'],
  },
  {
    ...{ id: 'closed-in-time', topic: 'applications', dimension: 'flow', units: CASES },
    words:
      /(?:按[期时]|按规定|及时|如期|在?(?:法定|规定)?(?:期限|时限)内)(?:依法)?(?:全部)?(?:予以)?(?:办结|办理完毕|答复|办理|回复)(?:完毕)?/,
    not: OTHER_CASES,
    readings: [
      one('按时办结', 'closed-in-time'),
      one('申请办结', 'closed'),
      { says: '办结, 不含上年结转', plus: ['closed'], minus: ['carried-in'] },
      one('申请答复', 'replied'),
    ],
    examples: ['按期办结〔143件〕', '已在法定期限内答复〔26件〕'],
  },
  {
    ...{ id: 'closed', topic: 'applications', dimension: 'flow', units: CASES },
    words: new RegExp(`(?:办结|审结|结案)(?:${BETWEEN}申请)?(?:总?数量?)?|(?:办理|处理|答复)完[毕成]|办理(?:政府信息公开)?(?:总数)?$`),
    not: OTHER_CASES,
    readings: [one('三（七）总计, 含上年结转', 'closed'), { says: '办结, 不含上年结转', plus: ['closed'], minus: ['carried-in'] }],
    examples: ['办结〔143件〕', '办理〔718件〕', '〔718件〕均已办结'],
  },
  {
    ...{ id: 'replied', topic: 'applications', dimension: 'flow', units: CASES },
    words: /(?:答复|回复)(?:[^，。；：]{0,12}(?:申请人?|依申请公开(?:政府信息)?))?(?:总?数量?)?/,
    not: OTHER_CASES,
    readings: [
      one('答复总数', 'replied'),
      one('申请办结', 'closed'),
      { says: '答复, 不含（六）其他处理', plus: ['replied'], minus: ['otherwise'] },
      { says: '答复, 不含（五）（六）', plus: ['replied'], minus: ['not-processed', 'otherwise'] },
      { says: '答复, 不含上年结转', plus: ['replied'], minus: ['carried-in'] },
    ],
    examples: ['答复〔3条〕', '〔5件〕均已答复', '已答复申请人〔三件〕'],
  },
];

const result = (
  id: string,
  words: RegExp,
  readings: WordRule['readings'],
  examples: readonly string[],
  more: Partial<WordRule> = {},
): WordRule => ({ id, topic: 'applications', dimension: 'result', units: CASES, words, readings, examples, ...more });

const ground = (id: string, words: RegExp, says: string, example: string): WordRule => ({
  ...{ id, topic: 'applications', dimension: 'ground', units: CASES, words, readings: [one(says, id)], examples: [example] },
});

const NOT_A_DECISION = /主动|依申请公开的|信息公开(?:目录|指南|栏)/;

export const RESULTS: readonly WordRule[] = [
  result(
    'granted',
    /(?<!不)(?:予以|给予|准予|同意|全部|决定)公开(?:答复)?数?|(?<!不)同意/,
    [
      one('（一）予以公开', 'granted'),
      one('同意公开与已主动公开', 'granted', 'already-public'),
      one('（一）与（二）', 'granted', 'partly-granted'),
    ],
    ['予以公开〔294件〕', '〔2件〕予以公开', '同意〔2条〕'],
    { not: /部分公开|主动公开/ },
  ),
  result(
    'granted',
    /公开/,
    [one('（一）予以公开', 'granted'), one('（一）与（二）', 'granted', 'partly-granted')],
    ['收到申请3件，公开〔3件〕'],
    {
      ...{ only: 'applications', bare: true },
      not: NOT_A_DECISION,
    },
  ),
  result(
    'already-public',
    /(?:属于|已经?)主动公开(?:范围)?|已公开/,
    [one('属于已主动公开范围', 'already-public'), one('（一）予以公开', 'granted')],
    ['办结申请3件，属于已主动公开范围〔3件〕'],
    { only: 'applications' },
  ),
  result(
    'partly-granted',
    /(?:予以|同意)?部分(?:予以)?公开(?:答复)?数?/,
    [one('（二）部分公开', 'partly-granted')],
    ['部分公开〔101件〕', '〔1件〕部分公开'],
  ),
  result(
    'refused',
    /(?:不予?|不同意|免予|不准予)公开(?:答复)?数?/,
    [one('（三）不予公开', 'refused')],
    ['不予公开〔32件〕', '不同意公开〔两件〕'],
  ),
  result('unavailable', /(?:无法|不能|未能)提供/, [one('（四）无法提供', 'unavailable')], ['无法提供〔113件〕']),
  result('not-processed', /不予处理|不予受理|不再处理/, [one('（五）不予处理', 'not-processed')], ['不予处理〔19件〕'], {
    not: /逾期|补正|缴纳/,
  }),
  result(
    'otherwise',
    /其他处理|其他(?:类型)?答复|其他(?:方式|情形|情况)处理|作其他处理/,
    [one('（六）其他处理', 'otherwise')],
    ['其他处理〔159件〕', '其他类型答复〔零件〕'],
  ),
  result(
    'others',
    /其[他它](?:类型|情形|情况|结果)?|其余/,
    [one('其他', 'otherwise'), one('（六）3.其他', 'otherwise-other')],
    ['答复3条，同意2条，其它〔1条〕'],
    {
      only: 'applications',
      bare: true,
    },
  ),
  result(
    'other-agency',
    /(?:不属于?|非)本(?:行政)?(?:机关|单位|部门|级|局)(?:职责|公开|掌握|职权|负责)?(?:范围)?(?:公开)?/,
    [one('不属于本行政机关公开', 'other-agency'), one('1.本机关不掌握', 'not-held')],
    ['不属于本行政机关公开〔2件〕'],
  ),
  result(
    'not-existing',
    /(?:信息)?不存在/,
    [one('申请信息不存在', 'not-existing'), one('1.本机关不掌握', 'not-held')],
    ['信息不存在〔1件〕'],
  ),
  result('supplement', /(?:更改|补正|补充)(?:申请)?(?:材料)?/, [one('告知作出更改补充', 'supplement')], ['告知作出更改补充〔1件〕'], {
    not: /逾期|不补正|仍不明确/,
  }),
  result(
    'other-channel',
    /(?:通过)?其他途径(?:办理|获取)/,
    [one('告知通过其他途径办理', 'other-channel')],
    ['告知通过其他途径办理〔1件〕'],
  ),
];

export const GROUNDS: readonly WordRule[] = [
  ground('state-secret', /国家秘密/, '1.属于国家秘密', '属于国家秘密〔1件〕'),
  ground(
    'forbidden-by-law',
    /(?:其他)?法律、?(?:行政)?法规(?:禁止|规定)(?:公开|的其他情形)?/,
    '2.其他法律行政法规禁止公开',
    '其他法律行政法规禁止公开〔27件〕',
  ),
  ground(
    'safety-stability',
    /三安全一稳定|□{4,9}(?=数?$)|危及国家安全[^，。；：]{0,20}/,
    '3.危及“三安全一稳定”',
    '危及国家安全、公共安全、经济安全和社会稳定〔2件〕',
  ),
  ground('third-party', /第三方(?:合法)?权益/, '4.保护第三方合法权益', '保护第三方合法权益〔2件〕'),
  ground('trade-secret', /商业秘密/, '涉及商业秘密', '涉及商业秘密〔1件〕'),
  ground('privacy', /个人隐私/, '涉及个人隐私', '涉及个人隐私〔1件〕'),
  ground('internal-affairs', /内部(?:事务|管理)(?:性)?(?:信息)?/, '5.属于三类内部事务信息', '属于内部事务信息〔13件〕'),
  ground('process-information', /过程性(?:信息)?/, '6.属于四类过程性信息', '属于过程性信息〔2件〕'),
  ground('enforcement-file', /(?:行政)?执法案卷(?:信息)?/, '7.属于行政执法案卷', '属于行政执法案卷〔4件〕'),
  ground('inquiry-matter', /(?:行政)?查询事项/, '8.属于行政查询事项', '属于行政查询事项〔9件〕'),
  ground(
    'not-held',
    /(?:本(?:机关|单位|局|级))?不掌握(?:相关)?(?:政府)?(?:信息)?/,
    '1.本机关不掌握相关政府信息',
    '本机关不掌握相关政府信息〔111件〕',
  ),
  ground('needs-creation', /没有现成信息|(?:需要?)?另行制作/, '2.没有现成信息需要另行制作', '没有现成信息需要另行制作〔2件〕'),
  ground('still-unclear', /仍不明确/, '3.补正后申请内容仍不明确', '补正后申请内容仍不明确〔2件〕'),
  ground('petition', /信访、?举报、?投诉(?:类)?(?:申请)?/, '1.信访举报投诉类申请', '信访举报投诉类申请〔12件〕'),
  ground('repeated', /(?<!反复)重复(?:提出)?(?:的)?申请/, '2.重复申请', '重复申请〔7件〕'),
  ground('published-material', /公开出版物/, '3.要求提供公开出版物', '要求提供公开出版物〔1件〕'),
  ground('excessive', /(?:大量)?反复申请/, '4.无正当理由大量反复申请', '无正当理由大量反复申请〔58件〕'),
  ground(
    'confirm-again',
    /(?:确认|重新出具)(?:或重新出具)?(?:已获取)?(?:的)?信息?/,
    '5.要求行政机关确认或重新出具已获取信息',
    '要求行政机关确认或重新出具已获取信息〔4件〕',
  ),
  ground('not-supplemented', /逾期(?:不|未)补正/, '1.申请人无正当理由逾期不补正', '申请人无正当理由逾期不补正〔9件〕'),
  ground('fee-unpaid', /逾期未(?:按[^，。；]{0,12})?缴(?:纳|费)(?:费用)?/, '2.申请人逾期未按收费通知要求缴纳费用', '逾期未缴纳费用〔7件〕'),
];

/** By which way it came. Annual reports count it in no cell. */
const way = (id: string, words: RegExp, says: string, example: string, also: readonly string[] = []): WordRule => ({
  ...{ id, topic: 'applications', dimension: 'way', units: CASES, words },
  readings: [one(says, id), ...(also.length === 0 ? [] : [one(`${says} 与 ${also.join('、')}`, id, ...also)])],
  examples: [example],
});

export const WAYS: readonly WordRule[] = [
  way('in-person', /(?:当面|现场|到场|窗口)(?:提交|提出|递交|受理)?(?:的)?(?:申请)?数?/, '当面申请', '当面申请〔1件〕'),
  way('fax', /传真(?:方式)?(?:提交|提出)?(?:申请)?数?/, '传真申请', '传真申请〔1件〕'),
  way(
    'online',
    /(?:网上|网络|在线|互联网|网站(?=申请)|平台(?=申请))(?:平台|渠道|方式)?(?:提交|提出)?(?:的)?(?:申请)?数?/,
    '网络申请',
    '网上申请〔3条〕',
    ['email'],
  ),
  way(
    'letter',
    /(?:信函|邮寄|信件|书面邮寄|邮政)(?:方式|渠道)?(?:提交|提出)?(?:、传真)?(?:的)?(?:申请)?数?/,
    '信函申请',
    '信函申请〔4条〕',
  ),
  way('email', /(?:电子邮件|电子邮箱|邮箱)(?:申请)?数?/, '电子邮件申请', '电子邮件申请〔3条〕'),
  way('other-way', /其[他它](?:形式|方式)(?:申请)?/, '其他形式申请', '其他形式申请〔1件〕'),
].map(({ words, examples, ...rule }): WordRule => {
  // 收到网上申请 is of one way: as long as what counts all that came in, and looked at before it (mentions.ts).
  const came = new RegExp(`(?:(?:收到|受理|接收|接到|收办|收悉)(?:公民|群众|申请人)?(?:通过|以)?)?(?:${words.source})`);
  return { ...rule, words: came, only: 'applications', examples: [...examples, ...examples.map((example) => `收到${example}`)] };
});
