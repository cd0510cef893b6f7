// Writes jinxiang-commerce-2017.ndjson: one year of disclosure acts of one county bureau, one CloudEvents message a line.
//
// The history is CONSTRUCTED. The bureau published a report with figures, never the acts behind them; these acts are made up so that counting
// them gives exactly the published figures. Every `source` says so. The output is the same on every run: nothing is drawn at random and no
// clock is read. Run it with Node 20 or later, from anywhere: node examples/build-jinxiang-commerce-2017.mjs
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const OUTPUT = new URL('./jinxiang-commerce-2017.ndjson', import.meta.url);
const AGENCY = '370828-commerce';
const SOURCE = '/constructed/jinxiang-commerce-2017';

// Role-like names only: who really held these posts is nobody's business here.
const DIRECTOR = 'office-director';
const OFFICE = 'office-reviewer-1';
const REGULATIONS = 'regulations-reviewer-1';
const APPROVER = 'deputy-leader-1';
const KEEPER = 'site-keeper-1';

// channel → who puts the item there and which desk sends the message
const CHANNELS = {
  website: { actor: 'website-editor', desk: 'website' },
  wechat: { actor: 'wechat-editor', desk: 'wechat' },
  'bulletin-board': { actor: 'bulletin-board-keeper', desk: 'bulletin-board' },
  'press-conference': { actor: 'press-officer', desk: 'press' },
};

const PRESS_DAY = '2017-06-08';
const RETURNED = '2017-0034';
const CORRECTED = '2017-0048';

// The 72 items in the order of drafting: day, channel, drafting section, waits, category, title.
// Waits, in working days: office review and regulations review after the draft (they review side by side, so either may be first), approval
// after the later of the two, release after approval. Titles keep clear of normative documents and interpretations: the report counts none.
const ITEMS = [
  ['01-03', 'website', 'office', '0011', '机构职能', '金乡县商务局机构职能和内设科室'],
  ['01-05', 'website', 'approval', '1110', '行政审批备案', '对外贸易经营者备案登记办事指南（2017年版）'],
  ['01-09', 'wechat', 'market', '0000', '市场运行', '春节期间生活必需品市场供应情况'],
  ['01-11', 'website', 'safety', '0101', '安全生产', '春节前商贸领域安全生产检查情况'],
  ['01-13', 'website', 'investment', '2111', '招商引资', '2016年全县招商引资工作完成情况'],
  ['01-16', 'bulletin-board', 'finance', '0011', '财政预算', '2016年第四季度机关经费支出公示'],
  ['01-18', 'wechat', 'ecommerce', '0001', '电子商务', '年货网上购物消费提示'],
  ['01-22', 'bulletin-board', 'office', '0000', '通知公告', '2017年春节放假和值班安排公告'],
  ['02-06', 'website', 'enforcement', '1221', '行政执法', '2017年商务领域随机抽查事项清单'],
  ['02-08', 'website', 'finance', '1322', '财政预算', '2017年部门预算公开'],
  ['02-10', 'website', 'finance', '1220', '财政预算', '2017年“三公”经费预算情况说明'],
  ['02-14', 'wechat', 'trade', '0010', '大蒜出口', '1月份大蒜出口情况'],
  ['02-17', 'website', 'market', '0111', '成品油市场', '成品油零售经营资格年度检查公告'],
  ['02-21', 'website', 'investment', '3212', '招商引资', '2017年重点招商项目推介目录'],
  ['02-24', 'bulletin-board', 'approval', '0001', '行政审批备案', '行政审批备案事项窗口服务时间公告'],
  ['02-27', 'wechat', 'ecommerce', '1010', '电子商务', '农村电商服务站便民服务介绍'],
  ['03-01', 'website', 'office', '2132', '政府信息公开', '2016年度政府信息公开工作年度报告'],
  ['03-06', 'website', 'market', '0010', '市场秩序', '“3·15”消费者权益日商务领域宣传活动安排'],
  ['03-08', 'wechat', 'market', '0000', '市场秩序', '单用途商业预付卡消费风险提示'],
  ['03-13', 'website', 'enforcement', '1211', '行政执法', '2017年商务行政执法检查计划'],
  ['03-15', 'wechat', 'market', '0101', '家政服务', '家政服务合同签订提示'],
  ['03-20', 'website', 'approval', '1110', '行政审批备案', '再生资源回收经营者备案办事指南'],
  ['03-22', 'bulletin-board', 'market', '0011', '成品油市场', '成品油零售经营企业年检材料提交须知'],
  ['03-27', 'website', 'trade', '2011', '对外贸易', '2016年全县外贸进出口运行情况'],
  ['03-30', 'wechat', 'trade', '0000', '对外贸易', '第121届广交会参展企业须知'],
  ['04-05', 'website', 'market', '1121', '成品油市场', '2016年度成品油零售经营资格年检结果公示'],
  ['04-07', 'website', 'safety', '0111', '安全生产', '2017年商贸领域安全生产工作要点'],
  ['04-10', 'wechat', 'ecommerce', '0010', '电子商务', '大蒜网上销售标准化包装提示'],
  ['04-13', 'website', 'enforcement', '0311', '行政执法', '2017年第一季度行政处罚信息公示'],
  ['04-17', 'website', 'approval', '0110', '行政审批备案', '2017年第一季度行政备案信息公示'],
  ['04-20', 'website', 'investment', '2112', '招商引资', '2017年第一季度招商引资项目进展情况'],
  ['04-24', 'bulletin-board', 'finance', '0110', '财政预算', '2017年第一季度机关经费支出公示'],
  ['04-26', 'wechat', 'safety', '0001', '安全生产', '“五一”假期商场超市安全提示'],
  ['05-03', 'website', 'ecommerce', '0111', '电子商务', '电子商务进农村综合示范项目建设进度公示'],
  ['05-08', 'website', 'approval', '1211', '行政审批备案', '外商投资企业设立及变更备案办事指南'],
  ['05-10', 'wechat', 'trade', '0010', '大蒜购销', '新蒜收获季大蒜购销信息服务指引'],
  ['05-12', 'website', 'safety', '1011', '安全生产', '2017年商贸领域“安全生产月”活动安排'],
  ['05-16', 'wechat', 'trade', '0101', '大蒜出口', '4月份大蒜出口情况'],
  ['05-18', 'website', 'market', '2221', '家政服务', '全县家政服务业发展情况'],
  ['05-22', 'bulletin-board', 'trade', '0001', '大蒜购销', '大蒜收购期间商务服务咨询点公告'],
  ['05-24', 'press-conference', 'trade', '1210', '大蒜网络经济', '2017国际大蒜网络经济峰会总体安排'],
  ['05-25', 'press-conference', 'ecommerce', '1110', '电子商务', '全县大蒜电子商务发展情况'],
  ['05-25', 'press-conference', 'trade', '2120', '大蒜出口', '全县大蒜出口情况'],
  ['05-26', 'press-conference', 'investment', '1310', '招商引资', '2017国际大蒜网络经济峰会招商推介项目'],
  ['05-31', 'press-conference', 'office', '0110', '大蒜网络经济', '2017国际大蒜网络经济峰会参会服务和交通安排'],
  ['06-02', 'wechat', 'safety', '0010', '安全生产', '加油站安全用油常识'],
  ['06-06', 'wechat', 'ecommerce', '0001', '大蒜网络经济', '2017国际大蒜网络经济峰会参会指南'],
  ['06-12', 'website', 'market', '1111', '成品油市场', '成品油市场专项整治情况'],
  ['06-15', 'website', 'safety', '0101', '安全生产', '商贸领域汛期安全生产检查情况'],
  ['06-20', 'wechat', 'market', '0010', '居民服务', '夏季家电维修服务消费提示'],
  ['06-23', 'website', 'investment', '2321', '招商引资', '2017国际大蒜网络经济峰会签约项目情况'],
  ['07-04', 'website', 'enforcement', '0211', '行政执法', '2017年第二季度行政处罚信息公示'],
  ['07-06', 'website', 'approval', '0110', '行政审批备案', '2017年第二季度行政备案信息公示'],
  ['07-11', 'website', 'investment', '1211', '招商引资', '2017年上半年招商引资工作进展情况'],
  ['07-14', 'bulletin-board', 'finance', '0011', '财政预算', '2017年第二季度机关经费支出公示'],
  ['07-19', 'wechat', 'trade', '1010', '大蒜出口', '2017年上半年大蒜出口情况'],
  ['07-25', 'website', 'approval', '2112', '行政审批备案', '汽车销售企业信息备案办事指南'],
  ['08-03', 'wechat', 'market', '0001', '成品油市场', '成品油质量升级消费提示'],
  ['08-09', 'website', 'ecommerce', '1121', '电子商务', '2017年上半年全县电子商务运行情况'],
  ['08-17', 'website', 'finance', '2332', '财政预算', '2016年部门决算公开'],
  ['08-24', 'wechat', 'market', '0010', '家政服务', '家政服务业诚信经营倡议'],
  ['08-30', 'bulletin-board', 'safety', '0110', '安全生产', '商贸企业安全生产责任公示'],
  ['09-06', 'website', 'market', '1011', '市场秩序', '2017年“诚信兴商宣传月”活动安排'],
  ['09-13', 'wechat', 'ecommerce', '0000', '电子商务', '农产品网上销售质量提示'],
  ['09-20', 'website', 'safety', '0111', '安全生产', '中秋国庆节前商贸领域安全生产检查情况'],
  ['09-25', 'wechat', 'market', '0010', '市场运行', '中秋国庆期间生活必需品市场供应情况'],
  ['10-11', 'website', 'enforcement', '1221', '行政执法', '2017年第三季度行政处罚信息公示'],
  ['10-18', 'bulletin-board', 'finance', '0110', '财政预算', '2017年第三季度机关经费支出公示'],
  ['11-02', 'website', 'investment', '2112', '招商引资', '2017年前三季度招商引资项目进展情况'],
  ['11-09', 'wechat', 'ecommerce', '0001', '电子商务', '“双十一”网络购物消费提示'],
  ['11-22', 'bulletin-board', 'safety', '0011', '安全生产', '冬季商贸场所消防安全提示公告'],
  ['12-07', 'website', 'approval', '1321', '行政审批备案', '2017年行政审批备案事项目录'],
];

// Not every reviewer writes an opinion: a bare signature is as valid, so some entries are empty.
const OFFICE_OPINIONS = ['不涉密、不敏感，同意列入初步公开信息', '', '不涉密，表述准确，同意公开', '', '经核对，内容不敏感，同意'];
const REGULATIONS_OPINIONS = ['', '不涉及国家秘密、商业秘密和个人隐私，同意列入初步公开信息', '', '已作保密安全审核，不涉密、不敏感'];

// ---- working days: 国办发明电〔2016〕17号 for 2017; outside 2017 only plain weekdays are used, none of them a holiday

const OFF = new Set(
  '01-02 01-27 01-30 01-31 02-01 02-02 04-03 04-04 05-01 05-29 05-30 10-02 10-03 10-04 10-05 10-06'.split(' ').map((day) => `2017-${day}`),
);
const WORKED = new Set('01-22 02-04 04-01 05-27 09-30'.split(' ').map((day) => `2017-${day}`));

const weekday = (date) => new Date(`${date}T00:00:00Z`).getUTCDay();
const isWorkingDay = (date) => WORKED.has(date) || (weekday(date) % 6 !== 0 && !OFF.has(date));
const addDays = (date, count) => new Date(Date.parse(`${date}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);

function addWorkingDays(date, count) {
  let day = date;
  for (let left = count; left > 0;) {
    day = addDays(day, 1);
    if (isWorkingDay(day)) left -= 1;
  }
  return day;
}

// ---- times: each kind of act has its part of the working day, in the order of the procedure, so acts of one day never overtake each other

const SLOTS = {
  check: [8 * 60 + 35, 10],
  draft: [8 * 60 + 55, 50],
  office: [10 * 60, 95],
  regulations: [14 * 60, 75],
  approve: [15 * 60 + 30, 45],
  release: [16 * 60 + 30, 45],
  approveNextDay: [9 * 60, 50],
  releaseNextDay: [10 * 60, 95],
};

const taken = new Set();

/** The minute of an act; a taken one moves to the next free one, so that order by time is a total order. */
function at(date, slot, salt) {
  const [start, length] = SLOTS[slot];
  return atMinute(date, start + ((salt * 37) % length));
}

function atMinute(date, wanted) {
  let minute = wanted;
  const text = () => `${date}T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00+08:00`;
  while (taken.has(text())) minute += 1;
  taken.add(text());
  return text();
}

// ---- the messages

const messages = [];

function emit(desk, id, type, subject, time, actor, data) {
  const source = `${SOURCE}/${desk}`;
  messages.push({ specversion: '1.0', id, source, type: `disclosure.${type}`, subject, time, agency: AGENCY, actor, data });
}

/** The text itself was never published with the report; its hash stands for the version that was reviewed. */
const hashOf = (title, version) => `sha256:${createHash('sha256').update(`${title}\n第${version}版\n`, 'utf8').digest('hex')}`;

const later = (one, other) => (one > other ? one : other);

/** Set up in December 2016: a chain set within the year would be a change of chain in 2017. */
function setUp() {
  const subject = `agency/${AGENCY}`;
  emit('office', 'agency-registered', 'agency.registered', subject, atMinute('2016-12-19', 9 * 60), DIRECTOR, {
    name: '金乡县商务局',
    administrator: DIRECTOR,
  });
  const roles = [
    ['administrator', 'office-deputy-director'],
    ['office-reviewer', OFFICE],
    ['regulations-reviewer', REGULATIONS],
    ['deputy-leader', APPROVER],
    ['site-keeper', KEEPER],
  ];
  roles.forEach(([role, actor], index) => {
    const time = atMinute('2016-12-19', 10 * 60 + index * 5);
    emit('office', `role-assigned-${role}`, 'agency.role-assigned', subject, time, DIRECTOR, { actor, role });
  });
  emit('office', 'clearance-chain-set', 'agency.clearance-chain-set', subject, atMinute('2016-12-20', 9 * 60), DIRECTOR, {
    steps: [
      { step: 'office', role: 'office-reviewer', unit: '局办公室' },
      { step: 'regulations', role: 'regulations-reviewer', unit: '综合法规科' },
    ],
    approver: { role: 'deputy-leader', unit: '分管领导' },
  });
}

function clear(item, step, round, date, verdict, contentHash, opinion) {
  const actor = step === 'office' ? OFFICE : REGULATIONS;
  const data = { step, verdict, contentHash, ...(opinion === '' ? {} : { opinion }) };
  emit(
    'office',
    `${item.id}-cleared-${step}-${round}`,
    'publication.cleared',
    item.subject,
    at(date, step, item.salt + round),
    actor,
    data,
  );
}

/** One round passed and approved, then released on the item's channel or, for an item already out, corrected there. */
function passRound(item, round, from, waits, contentHash, finish) {
  const [office, regulations, approval, release] = waits;
  const officeDay = addWorkingDays(from, office);
  const regulationsDay = addWorkingDays(from, regulations);
  clear(item, 'office', round, officeDay, 'passed', contentHash, OFFICE_OPINIONS[item.salt % OFFICE_OPINIONS.length]);
  clear(item, 'regulations', round, regulationsDay, 'passed', contentHash, REGULATIONS_OPINIONS[item.salt % REGULATIONS_OPINIONS.length]);

  const approvalDay = addWorkingDays(later(officeDay, regulationsDay), approval);
  const approvedAt = at(approvalDay, approval === 0 ? 'approve' : 'approveNextDay', item.salt);
  const approved = { contentHash, channels: [item.channel] };
  emit('office', `${item.id}-approved-${round}`, 'publication.approved', item.subject, approvedAt, APPROVER, approved);

  const releaseDay = item.channel === 'press-conference' ? PRESS_DAY : addWorkingDays(approvalDay, release);
  const { actor, desk } = CHANNELS[item.channel];
  const time =
    item.channel === 'press-conference'
      ? atMinute(releaseDay, 9 * 60 + 45)
      : at(releaseDay, release === 0 ? 'release' : 'releaseNextDay', item.salt);
  emit(desk, `${item.id}-${finish.type}`, `publication.${finish.type}`, item.subject, time, actor, { ...finish.data, contentHash });
  return releaseDay;
}

function publish([day, channel, section, waitDigits, category, title], index) {
  const number = `2017-${String(index + 1).padStart(4, '0')}`;
  const item = { id: `pub-${number}`, subject: `publication/${number}`, salt: index + 1, channel, drafter: `drafter-${section}`, title };
  const waits = [...waitDigits].map(Number);
  const drafted = `2017-${day}`;
  emit('office', `${item.id}-drafted`, 'publication.drafted', item.subject, at(drafted, 'draft', item.salt), item.drafter, {
    title,
    contentHash: hashOf(title, 1),
    indexNumber: `SW-${number}`,
    category,
    attribute: 'proactive',
  });
  // .invalid never resolves (RFC 2606): the real pages' addresses are not known and none is made up to look real.
  const url = channel === 'website' ? { url: `https://example.invalid/jinxiang-commerce/2017/${number.slice(5)}` } : {};
  const release = { type: 'released', data: { channel, ...url } };

  if (number === RETURNED) {
    const revisedOn = returnToDrafter(item, drafted);
    passRound(item, 2, revisedOn, waits, hashOf(title, 2), release);
    return;
  }
  const releasedOn = passRound(item, 1, drafted, waits, hashOf(title, 1), release);
  if (number === CORRECTED) correct(item, releasedOn);
}

/** The regulations section sends the item back; only a revision helps, and it opens a new round for both steps. */
function returnToDrafter(item, drafted) {
  const contentHash = hashOf(item.title, 1);
  clear(item, 'office', 1, drafted, 'passed', contentHash, '不涉密，请综合法规科审核附表');
  const returnedOn = addWorkingDays(drafted, 1);
  clear(item, 'regulations', 1, returnedOn, 'returned', contentHash, '附表列有服务站经办人联系方式，属个人信息，删除后重新送审');
  const revisedOn = addWorkingDays(returnedOn, 1);
  revise(item, revisedOn);
  return revisedOn;
}

/** A slip found after release: the mended text goes through the whole chain again before it replaces the old one. */
function correct(item, releasedOn) {
  const foundOn = addWorkingDays(releasedOn, 2);
  const fault = { finding: 'fault', note: '错字：正文第二段“成品油”误作“成品抽”' };
  emit('website', `${item.id}-checked-1`, 'publication.checked', item.subject, at(foundOn, 'check', item.salt), KEEPER, fault);
  revise(item, foundOn);
  const finish = { type: 'corrected', data: { reason: '更正错字：“成品抽”改为“成品油”，其余内容不变' } };
  const correctedOn = passRound(item, 2, foundOn, [0, 0, 1, 0], hashOf(item.title, 2), finish);
  const ok = { finding: 'ok', note: '更正后复查无误' };
  const rechecked = at(addWorkingDays(correctedOn, 1), 'check', item.salt);
  emit('website', `${item.id}-checked-2`, 'publication.checked', item.subject, rechecked, KEEPER, ok);
}

function revise(item, date) {
  const time = at(date, 'draft', item.salt);
  emit('office', `${item.id}-revised`, 'publication.revised', item.subject, time, item.drafter, { contentHash: hashOf(item.title, 2) });
}

/** The portal on the first working day of each week (and the day after a fault), the WeChat account on the first of each month. */
function checkSites() {
  const faults = new Map([
    ['2017-04-17', '“政府信息公开”栏目第二页无法打开，已报门户网站维护单位'],
    ['2017-09-11', '栏目首页一条链接点击无响应，已报门户网站维护单位'],
  ]);
  const check = (desk, id, name, date, data) =>
    emit(desk, `${id}-${date}`, 'site.checked', `site/${name}`, at(date, 'check', Number(date.slice(8))), KEEPER, data);

  for (let monday = '2017-01-02'; monday <= '2017-12-31'; monday = addDays(monday, 7)) {
    const date = isWorkingDay(monday) ? monday : addWorkingDays(monday, 1);
    if (date >= addDays(monday, 7)) continue; // a week without a working day: National Day
    const note = faults.get(date);
    check('website', 'portal', '门户网站', date, note === undefined ? { finding: 'ok' } : { finding: 'fault', note });
    if (note !== undefined) check('website', 'portal', '门户网站', addWorkingDays(date, 1), { finding: 'ok', note: '前一日问题已解决' });
  }
  for (let month = 1; month <= 12; month += 1) {
    const first = `2017-${String(month).padStart(2, '0')}-01`;
    check('wechat', 'account', '金乡商务', isWorkingDay(first) ? first : addWorkingDays(first, 1), { finding: 'ok' });
  }
}

function holdMeetings() {
  const conference = { title: '2017国际大蒜网络经济峰会新闻发布会', chiefAttended: true };
  const opening = atMinute(PRESS_DAY, 9 * 60 + 30);
  emit('press', 'press-conference-2017-01-held', 'press-conference.held', 'press-conference/2017-01', opening, 'press-officer', conference);
  const meeting = { title: '政务公开领导小组专题会议' };
  emit('office', 'meeting-2017-01-held', 'meeting.held', 'meeting/2017-01', atMinute('2017-03-16', 15 * 60), DIRECTOR, meeting);
  const training = { title: '政务公开业务培训班', trainees: 12 };
  emit('office', 'training-2017-01-held', 'training.held', 'training/2017-01', atMinute('2017-04-19', 14 * 60 + 30), DIRECTOR, training);
}

/** What no act can show is declared, after the year's end and before the report's date (2018-02-08). */
const FIGURES = [
  ['9.1', '0', '未设专门机构，日常工作由局办公室负责'],
  ['9.2', '1', '设政府信息公开查阅点1个'],
  ['9.3.1', '0', '无专职人员'],
  ['9.3.2', '1', '局办公室安排专人1名负责政务公开工作，为兼职'],
  ['9.4', '0.2', '2017年政府信息公开专项经费0.2万元，不含网站建设维护经费'],
];

function declareFigures() {
  FIGURES.forEach(([cell, value, evidence], index) => {
    const data = { year: 2017, form: '2014-shandong', cell, value, evidence };
    const time = atMinute('2018-01-15', 9 * 60 + index * 5);
    emit('office', `figure-2017-${cell}`, 'agency.figure-declared', `agency/${AGENCY}`, time, DIRECTOR, data);
  });
}

// ---- the self-check: reads the produced lines back and knows nothing of how they were made

function must(holds, what) {
  if (!holds) throw new Error(`self-check: ${what}`);
}

/** Replays one item by the rules of the acts; returns its channel, its hashes and what happened on the way. */
function replayItem(subject, acts, roleHolders) {
  const holds = (actor, role, act) =>
    must(roleHolders.get(`${role} ${actor}`) <= act.time, `${subject}: ${actor} holds ${role} at ${act.time}`);
  const item = { hashes: [], drafters: new Set(), passed: new Map(), returned: 0, corrected: 0, faults: 0 };
  acts.forEach((act, index) => {
    const { data, actor } = act;
    const kind = act.type.replace('disclosure.publication.', '');
    must((index === 0) === (kind === 'drafted'), `${subject}: drafted first and once`);
    switch (kind) {
      case 'drafted':
      case 'revised':
        must(!item.hashes.includes(data.contentHash), `${subject}: a new version has a new hash`);
        if (kind === 'drafted')
          must(data.attribute === 'proactive' && data.normative === undefined, `${subject}: proactive, not normative`);
        item.hashes.push(data.contentHash);
        item.drafters.add(actor);
        Object.assign(item, { hash: data.contentHash, passed: new Map(), sentBack: false, approved: null });
        break;
      case 'cleared':
        must(data.contentHash === item.hash && !item.sentBack && !item.approved, `${subject}: clearance is of the open round`);
        must(['office', 'regulations'].includes(data.step), `${subject}: known step`);
        holds(actor, `${data.step}-reviewer`, act);
        must(!item.drafters.has(actor), `${subject}: the drafter clears nothing`);
        must(![...item.passed.values()].includes(actor) && !item.passed.has(data.step), `${subject}: one person, one step, once`);
        if (data.verdict === 'passed') item.passed.set(data.step, actor);
        else [item.sentBack, item.returned] = [true, item.returned + 1];
        break;
      case 'approved':
        must(
          data.contentHash === item.hash && item.passed.size === 2 && !item.sentBack && !item.approved,
          `${subject}: approval after both steps`,
        );
        holds(actor, 'deputy-leader', act);
        must(!item.drafters.has(actor) && ![...item.passed.values()].includes(actor), `${subject}: the approver is independent`);
        item.approved = data;
        break;
      case 'released':
        must(item.channel === undefined, `${subject}: released once`);
        must(
          item.approved?.contentHash === data.contentHash && item.approved.channels.includes(data.channel),
          `${subject}: released as approved`,
        );
        must((data.channel === 'website') === (data.url !== undefined), `${subject}: an address on the website only`);
        Object.assign(item, { channel: data.channel, releasedAt: act.time });
        break;
      case 'checked':
        must(item.channel !== undefined, `${subject}: checked after release`);
        holds(actor, 'site-keeper', act);
        if (data.finding === 'fault') item.faults += 1;
        break;
      case 'corrected':
        must(item.channel !== undefined && item.faults > 0, `${subject}: corrected after release and a found fault`);
        must(
          item.approved?.contentHash === data.contentHash && item.hashes.length === 2,
          `${subject}: corrected to the approved new version`,
        );
        item.corrected += 1;
        break;
      default:
        must(false, `${subject}: no act ${kind} in this history`);
    }
  });
  must(item.channel !== undefined, `${subject}: released`);
  return item;
}

const ENVELOPE = 'specversion id source type subject time agency actor data';

function checkEnvelopes(events) {
  const keys = new Set();
  let before = '';
  for (const event of events) {
    must(Object.keys(event).join(' ') === ENVELOPE && event.specversion === '1.0' && event.agency === AGENCY, `${event.id}: the envelope`);
    must(/^\/constructed\/jinxiang-commerce-2017\/(website|wechat|bulletin-board|press|office)$/.test(event.source), `${event.id}: source`);
    must(/^[a-z-]+\/[\p{L}\p{Nd}〔〕()._-]{1,64}$/u.test(event.subject), `${event.id}: subject`);
    must(event.subject === event.subject.normalize('NFKC'), `${event.id}: subject in NFKC form`);
    must(/^[a-z][a-z0-9-]*$/.test(event.actor), `${event.id}: a role-like actor`);
    must(!keys.has(`${event.source} ${event.id}`), `${event.id}: unique in its source`);
    keys.add(`${event.source} ${event.id}`);
    // One offset everywhere, so the texts compare as the instants do.
    must(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\+08:00$/.test(event.time) && event.time > before, `${event.id}: in order of time`);
    before = event.time;
    const [date, clock] = [event.time.slice(0, 10), event.time.slice(11, 16)];
    must(
      isWorkingDay(date) && clock >= '08:30' && clock <= '17:30' && !(clock > '12:00' && clock < '14:00'),
      `${event.id}: in working hours`,
    );
    must(event.time.slice(0, 4) === '2017' || event.type.startsWith('disclosure.agency.'), `${event.id}: within 2017`);
  }
}

function checkSettingUpAndFigures(events) {
  const acts = events.filter((event) => event.type.startsWith('disclosure.agency.'));
  const [settingUp, figures] = [acts.filter((act) => act.time < '2017'), acts.filter((act) => act.time >= '2017')];
  must(settingUp[0].type === 'disclosure.agency.registered' && settingUp[0].data.administrator === DIRECTOR, 'registered first');
  must(settingUp.filter((act) => act.type === 'disclosure.agency.clearance-chain-set').length === 1, 'one chain, set before 2017');
  const roleHolders = new Map();
  for (const act of settingUp.filter((each) => each.type === 'disclosure.agency.role-assigned')) {
    must(act.actor === DIRECTOR && act.data.actor !== act.actor, `${act.id}: by the administrator, not to himself`);
    roleHolders.set(`${act.data.role} ${act.data.actor}`, act.time);
  }
  const declared = figures.map(({ type, time, data }) => {
    must(type === 'disclosure.agency.figure-declared' && time > '2018-01-01' && time < '2018-02-01', 'figures in January 2018');
    must(data.year === 2017 && data.form === '2014-shandong' && data.evidence.length > 0, 'figures for the form of 2017');
    return `${data.cell}=${data.value}`;
  });
  must(declared.join(' ') === '9.1=0 9.2=1 9.3.1=0 9.3.2=1 9.4=0.2', 'the five declared figures');
  return roleHolders;
}

function checkItems(events, roleHolders) {
  const acts = new Map();
  for (const event of events.filter((each) => each.type.startsWith('disclosure.publication.'))) {
    acts.set(event.subject, [...(acts.get(event.subject) ?? []), event]);
  }
  const items = [...acts].map(([subject, list]) => ({ subject, ...replayItem(subject, list, roleHolders) }));
  must(items.length === 72, '72 items');
  const perChannel = (channel) => items.filter((item) => item.channel === channel).length;
  must(perChannel('website') === 37 && perChannel('wechat') === 20, '37 on the website, 20 on WeChat');
  must(perChannel('bulletin-board') === 10 && perChannel('press-conference') === 5, '10 on the bulletin board, 5 at the press conference');

  const hashes = items.flatMap((item) => item.hashes);
  must(
    hashes.length === 74 && new Set(hashes).size === 74 && hashes.every((hash) => /^sha256:[0-9a-f]{64}$/.test(hash)),
    '74 versions, 74 hashes',
  );
  const drafts = events.filter((event) => event.type === 'disclosure.publication.drafted').map((event) => event.data);
  must(new Set(drafts.map((draft) => draft.title)).size === 72, 'titles differ');
  must(new Set(drafts.map((draft) => draft.indexNumber)).size === 72, 'index numbers differ');

  const subjects = (test) =>
    items
      .filter(test)
      .map((item) => item.subject)
      .join(' ');
  must(subjects((item) => item.returned > 0) === `publication/${RETURNED}`, 'one item returned');
  must(subjects((item) => item.corrected > 0) === `publication/${CORRECTED}`, 'one item corrected');
  must(subjects((item) => item.faults > 0) === `publication/${CORRECTED}`, 'no fault left standing');

  const held = events.find((event) => event.type === 'disclosure.press-conference.held');
  must(held.data.chiefAttended === true, 'the chief attended');
  for (const item of items.filter((each) => each.channel === 'press-conference')) {
    must(
      item.releasedAt > held.time && item.releasedAt.slice(0, 10) === held.time.slice(0, 10),
      `${item.subject}: at the press conference`,
    );
  }
}

function checkRest(events) {
  const ofType = (type) => events.filter((event) => event.type === `disclosure.${type}`);
  const portal = ofType('site.checked').filter((event) => event.subject === 'site/门户网站');
  must(portal.filter((event) => event.data.finding === 'fault').length === 2, 'two faults of the portal');
  must(
    portal.every((event, index) => event.data.finding === 'ok' || portal[index + 1].data.finding === 'ok'),
    'each mended by the next check',
  );
  must(portal.length === 53 && ofType('site.checked').length === 65, 'site checks: 51 weeks, 2 re-checks, 12 months of the account');
  must(ofType('press-conference.held').length === 1 && ofType('meeting.held').length === 1, 'one press conference, one meeting');
  must(
    ofType('training.held')
      .map((event) => event.data.trainees)
      .join() === '12',
    'one training with 12 trainees',
  );
  const kinds = new Set(events.map((event) => event.type.split('.')[1]));
  must([...kinds].sort().join(' ') === 'agency meeting press-conference publication site training', 'no other kind of case');
}

function selfCheck(text) {
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  checkEnvelopes(events);
  checkItems(events, checkSettingUpAndFigures(events));
  checkRest(events);
  return events.length;
}

setUp();
holdMeetings();
ITEMS.forEach(publish);
checkSites();
declareFigures();
messages.sort((one, other) => (one.time < other.time ? -1 : 1));
const text = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
const lines = selfCheck(text); // before writing: a history that does not hold never replaces one that does
writeFileSync(OUTPUT, text);
console.log(`${lines} messages written`);
