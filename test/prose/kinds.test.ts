/**
 * Sentences made after the kinds that real reports have, true of real tables: each is quiet, and every number in it one
 * higher is found. The others are real sentences with tables made for them, in which nothing is wrong.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkReport } from '../../src/prose/check-report.js';
import { PROSE_RULES } from '../../src/prose/findings.js';
import type { PublishedTable } from '../../src/statistics/published-table.js';
import { FIXTURES, published } from '../support/tables.js';

/** Table, sentence, and a year before where it is compared with. */
const TRUE_OF_TABLES: readonly (readonly [string, string, string?])[] = [
  ['shuyang-2025', '2025年，全县共收到政府信息公开申请713件，上年结转36件，办结718件，结转下年度31件。'],
  ['shuyang-2025', '2025年，全县新收政府信息公开申请713件，其中自然人705件，法人或其他组织8件。'],
  [
    'shuyang-2025',
    '共受理依申请公开749件（含上年结转36件），予以公开294件，部分公开101件，不予公开32件，无法提供113件，不予处理19件，其他处理159件。',
  ],
  ['shuyang-2025', '全年收到申请七百一十三件，办结七百一十八件。'],
  ['shuyang-2025', '全年收到申请７１３件，办结７１８件。'],
  ['shuyang-2025', '因政府信息公开引发行政复议案件61件，其中维持27件，纠正10件，其他结果9件，尚未审结15件；行政诉讼案件13件。'],
  ['shuyang-2025', '行政复议、行政诉讼分别为61件和13件。'],
  ['shuyang-2025', '本年共制发行政规范性文件6件，废止1件，现行有效32件。'],
  ['shuyang-2025', '行政许可517645件，行政处罚693957件，行政强制2154件，行政事业性收费4068.208万元。'],
  ['shuyang-2025', '行政事业性收费4068.21万元。'],
  ['shuyang-2025', '行政事业性收费约4068万元。'],
  ['shuyang-2025', '属于信访举报投诉类申请12件，重复申请7件。'],
  ['shuyang-2025', '予以公开294件，占办结总数的40.95%。'],
  ['shuyang-2025', '收到政府信息公开申请713件，其中商业企业3件，法律服务机构5件。'],
  ['shuyang-2025', '全年共办理政府信息公开申请718件，其中，予以公开294件、部分公开101件、不予公开32件、其他处理159件。'],
  ['shuyang-2025', '受理申请七百余件。'],
  ['suqian-2023', '全市新收政府信息公开申请3511件，上年度结转96件，本年度办理3486件，结转下年度继续办理121件。'],
  ['suqian-2023', '行政复议440件，结果维持309件、结果纠正17件、其他结果88件、尚未审结26件。'],
  ['suqian-2023', '未经复议直接起诉24件，复议后起诉89件。'],
  ['suqian-2023', '全市制定规章2件，现行有效规章11件；制定行政规范性文件109件，废止489件，现行有效597件。'],
  ['suqian-2023', '本年度办结3486件，其中予以公开1191件，部分公开328件。'],
  ['jinhu-2023', '2023年，全县共收到政府信息公开申请143件，较去年增加12件。'],
  ['jinhu-2023', '收到申请143件，其中自然人140件，商业企业1件，其他2件。'],
  ['jinhu-2023', '143件申请均已办结，其中予以公开62件，部分公开4件，不予公开5件，无法提供48件，不予处理5件，其他处理19件。'],
  ['pingtan-2021', '2021年，全区共收到信息公开申请70件，同比增长16.67%。'],
  ['pingtan-2021', '2021年行政许可2293件、行政处罚1282件、行政强制42件。'],
  ['pingtan-2021', '行政事业性收费24252.31万元，即2.43亿元。'],
  ['pingtan-2014', '2014年，全区主动公开政府信息2543条，历年累计78967条。'],
  ['pingtan-2014', '受理依申请公开1条，其中信函申请1条，已答复1条。'],
  ['jinxiang-commerce-2017', '举办新闻发布会1次，其中主要负责同志参加新闻发布会1次。'],
  ['jinxiang-commerce-2017', '召开政府信息公开工作会议一次，举办培训班1次，接受培训人员12人次，专项经费2000元。'],
  ['jinxiang-commerce-2017', '从事政府信息公开工作人员1人，其中兼职人员1人，设置查阅点1个。'],
  ['xuwen-sifaju-2023', '本年度未收到政府信息公开申请，没有因政府信息公开被申请行政复议、提起行政诉讼。'],
  ['xuwen-sifaju-2023', '制发规范性文件3件，现行有效规范性文件101件。'],
  ['bureau-report29-2023', '2023年，我局共收到依申请公开36件，均已按时办结。'],
  ['bureau-report29-2023', '共受理依申请公开三十六件，全部为自然人申请。'],
  ['pingtan-2021', '收到申请70件，比上年增加10件，增长16.7%。', 'P60'],
  ['shuyang-2025', '2025年度，沭阳县共收到政府信息公开申请713件（自然人705件、法人及其他组织8件），上年结转36件。'],
  ['shuyang-2025', '本年新收申请713件、上年结转36件，合计749件，已办结718件，其余31件结转下年度办理。'],
  ['shuyang-2025', '办结718件（含上年结转36件）。'],
  ['shuyang-2025', '受理申请749件，其中自然人申请741件，占98.93%，法人或其他组织申请8件，占1.07%。'],
  ['shuyang-2025', '行政复议案件61件（维持27件、纠正10件、其他9件、未审结15件）。'],
  ['shuyang-2025', '行政诉讼共13件，其中未经复议直接起诉3件，复议后起诉10件。'],
  ['shuyang-2025', '被提起行政复议61起，被提起行政诉讼13起。'],
  ['shuyang-2025', '政府信息公开行政复议61件、行政诉讼13件，合计74件。'],
  ['shuyang-2025', '予以公开294件、部分公开101件，合计395件。'],
  ['shuyang-2025', '无法提供113件，其中本机关不掌握111件、没有现成信息需要另行制作2件。'],
  ['shuyang-2025', '不予公开32件，其中属于行政查询事项9件、内部事务信息13件。'],
  ['shuyang-2025', '行政事业性收费金额40682080元。'],
  ['shuyang-2025', '共收到公民、法人或其他组织提出的政府信息公开申请749件。'],
  ['shuyang-2025', '共收到申请近750件，办结700多件。'],
  ['shuyang-2025', '制定行政规范性文件6件、废止1件，截至年底现行有效32件。'],
  ['shuyang-2025', '现行有效行政规范性文件32件，本年制发6件，本年废止1件。'],
  ['shuyang-2025', '行政复议61件，已审结46件，尚未审结15件。'],
  [
    'shuyang-2025',
    '2025年新收政府信息公开申请713件，办理结果：予以公开294件，部分公开101件，不予公开32件，无法提供113件，不予处理19件，其他处理159件，总计718件。',
  ],
  ['shuyang-2025', '（二）依申请公开情况。今年以来，我县共受理依申请公开事项749件，其中：予以公开294件、部分公开101件。'],
  ['shuyang-2025', '全年办结申请718件，公开294件，部分公开101件，不予公开32件。'],
  ['shuyang-2025', '申请人中自然人705件，企业3件，法律服务机构5件。'],
  ['shuyang-2025', '收到依申请公开申请713件，同比增长20.85%。', '2024'],
  ['shuyang-2025', '收到依申请公开申请713件，较2024年的590件增加123件。', '2024'],
  ['shuyang-2025', '2024年收到申请590件，2025年收到713件。', '2024'],
  ['shuyang-2025', '申请量由上年的590件增加到713件，增幅20.8%。', '2024'],
  ['shuyang-2025', '行政许可517645件、行政处罚693957件、行政强制2154件。'],
  ['shuyang-2025', '行政许可处理决定51.76万件，行政处罚处理决定69.4万件。'],
  ['shuyang-2025', '结转至2026年继续办理31件。'],
  [
    'shuyang-2025',
    '因政府信息公开引发的行政复议61件，其中结果维持27件，结果纠正10件，其他结果9件，尚未审结15件；行政诉讼13件，其中结果维持11件，其他结果1件，尚未审结1件。',
  ],
  ['shuyang-2025', '被申请行政复议、提起行政诉讼共计74件。'],
  ['shuyang-2025', '信访举报投诉类申请12件、重复申请7件不予处理。'],
  ['shuyang-2025', '申请人逾期不补正9件、逾期未缴费7件、其他143件。'],
  ['jinxiang-commerce-2017', '主动公开政府信息数为72条，政府网站公开37条，政务微博公开0条，政务微信公开20条，其他方式公开15条。'],
  ['jinxiang-commerce-2017', '收到申请数0件，办结0件，答复0件。'],
  ['jinxiang-commerce-2017', '主动公开规范性文件数0条，制发规范性文件总数0件。'],
  ['jinxiang-commerce-2017', '公开政府信息72条，其中通过政府网站公开37条、微信公开20条、公告栏公开10条、新闻发布会公开5条。'],
  ['jinxiang-commerce-2017', '全年主动公开政府信息七十二条，其中门户网站三十七条，微信公众号二十条。'],
  ['jinxiang-commerce-2017', '微博未发布信息。参加或举办新闻发布会总次数1次。'],
  ['jinxiang-commerce-2017', '政府信息公开专项经费0.2万元。'],
  ['jinxiang-commerce-2017', '设政府信息公开查阅点1个，兼职工作人员1名。'],
  ['tongzhou-bureau-2019', '政府集中采购项目9个，采购总金额103.39万元。'],
  ['tongzhou-bureau-2019', '行政许可处理决定780件，其他对外管理服务事项889件。'],
  ['pingtan-2019', '全年未发生行政诉讼。'],
  ['jinhu-2023', '行政复议7件，其中维持1件，其他结果6件。'],
  ['suqian-2023', '行政复议440件，行政诉讼113件。'],
  ['suqian-2023', '受理3607件，办结3486件，办结率96.65%。'],
];

/** Of what a word names no cell, or a part of what a cell counts: nothing may be said of them. */
const QUIET: readonly (readonly [Readonly<Record<string, string | number>>, string])[] = [
  [
    { '3.1:total': '20', '3.2:total': '0', '3.3.7:total': '20', '3.4:total': '0' },
    '2023年共收到网上申请、信件邮寄等形式的依申请公开件20件，按时序办理20件，结转下年度办理0件。',
  ],
  [
    { year: 2025, '3.1:total': '14', '3.2:total': '0', '3.3.7:total': '11', '3.4:total': '3' },
    '2025年共受理依申请公开政府信息14件，已办结11件，余下3件转至2026年办理。',
  ],
  [
    { year: 2025, '2.1.2:made': '8', '2.1.2:repealed': '15', '2.1.2:in-force': '37' },
    '全年公开重点领域信息183条，制发新增规范性文件8份、废止15份、有效存续37份，及时动态更新并在门户网站上设置专栏集中发布。',
  ],
  [
    { '3.1:total': '2', '3.1:natural-person': '2', '3.2:total': '0', '3.3.7:total': '2' },
    '全年合计受理依申请公开数量2件，为网络申请办件。申请主体为自然人。受理件按规定及时办理答复。',
  ],
  [
    { '3.1:total': '24', '3.2:total': '0', '3.3.7:total': '24' },
    '2023年度共收到政府信息案件依申请公开24件，其中政府信息公开平台收到政府信息依申请公开11件，信函13件。',
  ],
  [
    { '3.1:total': '2', '3.2:total': '0', '3.3.7:total': '2' },
    '2023年，宿城区农业农村局共收到政府信息公开申请2件，均为邮件申请，申请的信息均为退圩还湖相关信息。',
  ],
  [
    { '3.1:total': '16', '3.2:total': '0', '3.3.7:total': '16' },
    '全年共收到政府信息公开申请16件，均在法定时限内完成答复，答复率100%，切实回应公众合理信息需求。',
  ],
  [{ '3.1:total': '3', '3.2:total': '0', '3.3.7:total': '3' }, '2023年新受理依申请政府信息公开3件，已依规及时完成回复。'],
  [
    { '3.1:total': '5', '3.2:total': '1', '3.3.7:total': '6', '3.4:total': '0', '3.3.1:total': '4', '3.3.4.1:total': '2' },
    '本年度我局收到政府信息公开申请5件，上年度结转1件，已全部办结。其中予以公开4件，本机关不掌握相关政府信息2件。',
  ],
  [{ '3.1:total': '5', '3.2:total': '1', '3.3.7:total': '6', '3.4:total': '0' }, '今年，共办理公众依申请公开6件次，其中上年结转1件。'],
  [
    { '4.1:total': '2', '4.1:upheld': '1', '4.1:other': '1', '4.1:pending': '0', '4.1:corrected': '0', '4.2:total': '0', '4.3:total': '0' },
    '本年度因政府信息公开被申请行政复议2件，结果维持1件，其他结果1件；未发生行政诉讼案件。',
  ],
  [{ '3.1:total': '58', '3.2:total': '2' }, '全年受理信访件120件、12345热线工单340件，办结率100%；收到政府信息公开申请58件。'],
  [
    { '3.1:total': '58', '3.2:total': '2' },
    '全年共举办新闻发布会12场，发布政策解读56篇，回应公众关切34次，在线访谈3期，征集调查5次，办理人大代表建议23件、政协委员提案45件，办复率100%。',
  ],
  [{ '3.1:total': '58', '3.2:total': '2' }, '“双公示”行政许可信息1234条，行政处罚信息56条；公开行政许可事项78项。'],
  [
    { '3.1:total': '58', '3.2:total': '2', '2.5.1:decisions': '10' },
    '发布公告32条，其中行政许可公示12件，督查整改问题6个，培训3期120人次，召开会议2次，印发文件5份。',
  ],
  [
    { '3.1:total': '0', '3.2:total': '0', '3.3.7:total': '0', '4.1:total': '0' },
    '本单位2023年未收取信息处理费，无政府信息公开申请，无行政复议、行政诉讼案件，无其他需要报告的事项。',
  ],
  [
    { '3.1:total': '8', '3.2:total': '0', '3.3.7:total': '8', '4.1:total': '0', '4.2:total': '0', '4.3:total': '0' },
    '我局未发生因政府信息公开工作引发的行政复议和行政诉讼，没有申请人提出异议，未出现逾期未答复情况。',
  ],
  [
    { '3.1:total': '8', '3.2:total': '0', '3.3.7:total': '8', '3.3.5.1:total': '1' },
    '依申请公开政府信息工作规范有序，未发现无正当理由大量反复申请的情况，没有收取信息处理费。',
  ],
  [{ '3.1:total': '8', '3.2:total': '0', '3.3.7:total': '8' }, '部分单位没有及时受理申请，个别答复不规范，无专职人员。'],
  [{ '3.1:total': '8', '3.2:total': '0', '3.3.7:total': '8' }, '2022年收到申请12件，2021年收到9件，2023年收到8件。'],
  [
    { '3.1:total': '713', '3.2:total': '36', '3.3.7:total': '718', '3.4:total': '31' },
    '按照“谁受理、谁办理”原则，第一季度受理申请200件，第二季度受理180件，全年受理749件。',
  ],
  [
    { '3.1:total': '713', '3.2:total': '36', '3.3.7:total': '718', '3.4:total': '31' },
    '征地拆迁类申请210件，占29.5%；教育类申请15件；收到涉及房屋征收的申请35件。',
  ],
  [
    { '3.1:total': '713', '3.2:total': '36', '3.3.7:total': '718', '3.4:total': '31' },
    '开展依申请公开案例培训2次，编发典型案例10件，抽查依申请公开答复文书50份。',
  ],
];

const FOLDERS = [FIXTURES, join(FIXTURES, '../cases/published')];

function tableOf(id: string): PublishedTable {
  const folder = FOLDERS.find((candidate) => readdirSync(candidate).includes(`${id}.json`)) ?? '';
  return published(JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as Parameters<typeof published>[0]);
}

/** 590 applications came in the year before, or 60, as the sentence says. */
function before({ year }: PublishedTable, sentence: string): PublishedTable {
  const received = sentence.includes('增加10件') || sentence.includes('70件') ? '60' : '590';
  return published({ year: year - 1, form: year > 2021 ? '2021' : '2019', cells: { '3.1:total': received, '3.2:total': '0' } });
}

function found(sentence: string, table: PublishedTable, compared: boolean): string[] {
  const { findings } = checkReport(sentence, { table, previous: compared ? before(table, sentence) : null });
  return findings.map(({ rule, message }) => `${rule}: ${message}`);
}

/** Every exact number of pieces or money, one higher. */
function raised(sentence: string): string[] {
  return [...sentence.matchAll(/(?<!约)\d+(?:\.\d+)?(?=[件条次篇个人起名万元])/g)].map(({ 0: number, index }) => {
    const [, fraction = ''] = number.split('.');
    const higher = fraction === '' ? String(Number(number) + 1) : (Number(number) + 1).toFixed(fraction.length);
    return sentence.slice(0, index) + higher + sentence.slice(index + number.length);
  });
}

test.each(TRUE_OF_TABLES.map(([id, sentence, compared]) => ({ id, sentence, compared })))(
  '$id: $sentence',
  ({ id, sentence, compared }) => {
    const table = tableOf(id);
    expect(found(sentence, table, compared !== undefined)).toEqual([]);
    const missed = raised(sentence).filter((other) => other !== sentence && found(other, table, compared !== undefined).length === 0);
    expect(missed.filter((other) => !NOT_KNOWN.some((words) => other.includes(words)))).toEqual([]);
  },
);

/** Without the table of the year before nothing is known of it. */
const NOT_KNOWN = ['较去年增加13件'];

test.each(QUIET)('%j: %s', ({ year = 2023, ...cells }, sentence) => {
  expect(found(sentence, published({ year: Number(year), form: '2021', cells }), false)).toEqual([]);
});

test('all upheld while some are not is found', () => {
  const cells = { '4.1:upheld': '2', '4.1:pending': '1', '4.1:total': '3' };
  expect(found('行政复议3件，均获维持。', published({ year: 2023, form: '2021', cells }), false)[0]).toMatch(/^not-none/);
});

test('an office of a government is a part of it', () => {
  const table = { year: 2023, form: '2021', cells: { '3.1:total': '713' } };
  expect(found('县住建局收到申请210件。', { ...published(table), agency: '沭阳县' }, false)).toEqual([]);
  expect(found('县住建局收到申请210件。', { ...published(table), agency: '沭阳县住房和城乡建设局' }, false)).toHaveLength(1);
});

test('the year of title and period', () => {
  const table = published({ year: 2023, form: '2021', cells: {} });
  const text = (year: number): string => `沭阳县${year}年政府信息公开工作年度报告\n统计期限自${year}年1月1日起至${year}年12月31日止。`;
  expect(found(text(2023), table, false)).toEqual([]);
  expect(found(text(2022), table, false)).toHaveLength(2);
});

test('a blank is what the sums of its form say', () => {
  // 0 of 0 in all columns; what the one blank part leaves.
  const none = published({ year: 2023, form: '2021', cells: { '3.1:total': '0', '3.2:total': '0' } });
  expect(found('收到申请0件，其中自然人1件。', none, false).map((line) => line.split(':')[0])).toContain('cell-differs');
  const cells = { '4.1:upheld': '2', '4.1:corrected': '0', '4.1:other': '0', '4.1:total': '3' };
  const left = published({ year: 2023, form: '2021', cells });
  expect(found('行政复议3件，尚未审结1件。', left, false)).toEqual([]);
  expect(found('行政复议3件，尚未审结2件。', left, false)).toHaveLength(1);
});

test('the page names every rule with its severity', () => {
  const page = readFileSync(join(__dirname, '../../docs/checking-reports.md'), 'utf8');
  const missing = Object.entries(PROSE_RULES).filter(
    ([rule, [severity, says]]) => !page.includes(`| \`${rule}\` | ${severity} | ${says} |`),
  );
  expect(missing).toEqual([]);
});
