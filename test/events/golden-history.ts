/**
 * One message of every type, with ids and times of its own choosing: what today's program stores for them is what the
 * golden files hold.
 */
import { textHashOf } from '../../src/domain/report/text.js';
import type { Sender } from '../../src/recording/sender.js';
import type { StoredEvent } from '../../src/log/event-log.js';
import { record } from '../support/histories.js';
import type { TestLedger } from '../support/ledger.js';
import { at, hashOf, type Message } from '../support/messages.js';

const CODE = '370828-golden';

function golden(type: string, number: string, day: string, actor: string, data: Record<string, unknown> = {}, id = type): Message {
  const kind = type.slice(0, type.indexOf('.'));
  return {
    specversion: '1.0',
    id: `golden-${id}`,
    source: '/golden',
    type: `disclosure.${type}`,
    subject: `${kind}/${kind === 'agency' ? CODE : number}`,
    time: at(day),
    agency: CODE,
    actor,
    data,
  };
}

const [V1, V2] = [hashOf('golden 1'), hashOf('golden 2')];
const assign = (actor: string, role: string): Message =>
  golden('agency.role-assigned', '', '2017-01-02', 'root', { actor, role }, `role-${actor}-${role}`);
const round = (number: string, day: string, contentHash: string, id: string): Message[] => [
  golden(
    'publication.cleared',
    number,
    day,
    'office',
    { step: 'office', verdict: 'passed', contentHash, opinion: '可以公开' },
    `cleared-${id}`,
  ),
  golden('publication.approved', number, day, 'leader', { contentHash, channels: ['website', 'wechat'] }, `approved-${id}`),
];

/**
 * One application with everything that can happen to one and its answer made again; three more for the other ways out
 * and an answer cleared.
 */
function applications(): Message[] {
  const applicant = { kind: 'natural-person', name: '张某', idNumber: '370828000000000000', contact: '县城某路1号' };
  const received = (number: string, day: string, more: Record<string, unknown> = {}): Message =>
    golden(
      'application.received',
      number,
      day,
      'clerk',
      { channel: 'letter', applicant, request: '2016年补贴发放表', ...more },
      `received-${number}`,
    );
  const answer = { outcome: 'refused', ground: 'privacy', contentHash: V1 };
  const again = { outcome: 'partly-granted', contentHash: V2 };
  const through = (day: string, contentHash: string, id: string): Message[] => [
    golden(
      'application.cleared',
      '1',
      day,
      'office',
      { step: 'office', verdict: 'passed', contentHash, opinion: '同意' },
      `answer-cleared-${id}`,
    ),
    golden('application.approved', '1', day, 'leader', { contentHash }, `answer-approved-${id}`),
  ];
  return [
    received('1', '2017-03-01', { law: '2008', submittedOn: '2017-02-27', confirmedOn: '2017-03-01' }),
    golden('application.supplement-requested', '1', '2017-03-02', 'clerk', { dueOn: '2017-03-17' }),
    golden('application.supplemented', '1', '2017-03-06', 'clerk'),
    golden('application.third-party-consulted', '1', '2017-03-07', 'clerk', { party: '某公司' }),
    golden('application.third-party-answered', '1', '2017-03-10', 'clerk', { party: '某公司', answer: 'objected' }),
    golden('application.extended', '1', '2017-03-13', 'clerk', { days: 15, reason: '情况复杂', approvedBy: 'leader' }),
    golden('application.fee-charged', '1', '2017-03-14', 'clerk', { amountFen: 1200, basis: '苏价费〔2008〕301号' }),
    golden('application.fee-waived', '1', '2017-03-14', 'clerk', { amountFen: 1200, reason: '低保对象' }),
    golden('application.reply-drafted', '1', '2017-03-15', 'clerk', { outcome: 'granted', contentHash: V2 }),
    golden('application.reply-revised', '1', '2017-03-16', 'clerk', answer),
    ...through('2017-03-17', V1, 'first'),
    golden('application.replied', '1', '2017-03-20', 'clerk', answer),
    golden('reconsideration.filed', '1', '2017-04-20', 'clerk', { application: 'application/1', caseNumber: '金政复〔2017〕1号' }),
    golden('reconsideration.decided', '1', '2017-06-19', 'clerk', { result: 'corrected', note: '责令重新答复' }),
    golden('application.reply-drafted', '1', '2017-06-20', 'clerk', again, 'drafted-again'),
    ...through('2017-06-21', V2, 'second'),
    golden('application.reply-remade', '1', '2017-06-22', 'clerk', { ...again, orderedBy: 'reconsideration/1' }),
    golden('lawsuit.filed', '1', '2017-07-03', 'clerk', {
      route: 'after-reconsideration',
      role: 'defendant',
      application: 'application/1',
      court: '金乡县人民法院',
      caseNumber: '(2017)鲁0828行初1号',
    }),
    golden('lawsuit.decided', '1', '2017-12-01', 'clerk', { result: 'upheld' }),
    golden('complaint.received', '1', '2017-08-01', 'clerk', { topic: '答复不及时', application: 'application/1' }),
    golden('complaint.decided', '1', '2017-08-20', 'clerk', { result: 'other', note: '已沟通' }),
    golden('complaint.received', '2', '2017-08-01', 'clerk', { topic: '电话无人接听' }, 'complaint-2'),
    received('2', '2017-03-01'),
    golden('application.abandoned', '2', '2017-04-01', 'clerk', { reason: 'not-supplemented', note: '逾期未补正' }),
    received('3', '2017-03-01'),
    golden('application.withdrawn', '3', '2017-03-02', 'clerk', { note: '申请人撤回' }),
  ];
}

const MESSAGES: readonly Message[] = [
  golden('agency.registered', '', '2017-01-01', 'root', {
    name: '金乡县商务局',
    administrator: 'root',
    reporting: 'included',
    forms: ['2014-shandong', '2019'],
  }),
  assign('office', 'office-reviewer'),
  assign('leader', 'deputy-leader'),
  golden('agency.clearance-chain-set', '', '2017-01-03', 'root', {
    steps: [{ step: 'office', role: 'office-reviewer', unit: '办公室' }],
    approver: { role: 'deputy-leader', unit: '分管领导' },
  }),
  golden('agency.changed', '', '2017-01-04', 'root', { name: '金乡县商务和投资促进局', from: '2018-01-01' }),
  golden('agency.figure-declared', '', '2018-01-05', 'clerk', {
    year: 2017,
    form: '2014-shandong',
    cell: '9.4',
    value: '0.2万元（含培训费）',
    evidence: '2017年部门预算批复',
  }),
  golden('publication.drafted', '1', '2017-03-01', 'drafter', {
    title: '关于做好2017年市场保供工作的通知',
    contentHash: V1,
    documentNumber: '金商发〔2017〕1号',
    indexNumber: '370828-2017-0001',
    category: '通知公告',
    normative: 'normative',
    formedOn: '2017-02-28',
    attribute: 'proactive',
  }),
  ...round('1', '2017-03-02', V1, 'first'),
  golden('publication.released', '1', '2017-03-03', 'editor', {
    channel: 'website',
    contentHash: V1,
    url: 'http://www.jinxiang.gov.cn/art/1',
  }),
  golden('publication.checked', '1', '2017-03-04', 'office', { finding: 'ok', note: '页面正常' }),
  golden('publication.revised', '1', '2017-03-05', 'drafter', { contentHash: V2, title: '关于做好2017年市场保供工作的通知(更正)' }),
  ...round('1', '2017-03-06', V2, 'second'),
  golden('publication.corrected', '1', '2017-03-07', 'editor', { contentHash: V2, reason: '附件有误' }),
  golden('publication.withdrawn', '1', '2018-03-08', 'editor', { reason: '文件失效' }),
  golden('publication.drafted', '2', '2017-03-01', 'drafter', { title: '内部资料', contentHash: V1 }, 'drafted-second'),
  golden('publication.rejected', '2', '2017-03-02', 'leader', { reason: '不宜公开' }),
  ...applications(),
  golden('site.checked', 'www.jinxiang.gov.cn', '2017-03-04', 'office', { finding: 'fault', note: '栏目空白' }),
  golden('normative-document.issued', '1', '2017-02-01', 'clerk', {
    documentNumber: '金商发〔2017〕1号',
    title: '市场管理办法',
    rank: 'normative',
  }),
  golden('normative-document.repealed', '1', '2018-02-01', 'clerk', { documentNumber: '金商发〔2017〕1号', title: '市场管理办法' }),
  golden('hotspot.answered', '1', '2017-04-01', 'spokesman', { topic: '成品油价格', means: 'weibo-wechat' }),
  golden('press-conference.held', '1', '2017-04-02', 'spokesman', { title: '商贸流通新闻发布会', chiefAttended: true }),
  golden('interpretation.published', '1', '2017-04-03', 'clerk', { title: '解读', of: 'publication/1' }),
  golden('delivery.made', '1', '2017-05-01', 'clerk', { place: '县档案馆', medium: 'paper', items: 12 }),
  golden('meeting.held', '1', '2017-06-01', 'clerk', { title: '政务公开工作会议' }),
  golden('training.held', '1', '2017-06-02', 'clerk', { title: '政务公开培训', trainees: 12 }),
  golden('table.declared', '2016', '2018-01-08', 'clerk', {
    year: 2016,
    form: '2014-shandong',
    cells: { '1': null, '1.1': '68（其中补报2条）', '8': '/', '9.4': '2000元', '10.1': null },
    evidence: '2016年度政府信息公开工作情况统计表(盖章件扫描)',
  }),
  {
    ...golden('record.voided', '3', '2017-06-03', 'auditor', {
      message: { id: 'golden-application.withdrawn', source: '/golden' },
      reason: '申请人未撤回',
      approvedBy: 'leader',
    }),
    subject: 'application/3',
  },
  {
    ...golden('record.erased', '2', '2018-06-03', 'auditor', { reason: '超过保存期限', approvedBy: 'leader' }),
    subject: 'complaint/2',
  },
  golden('calendar.announced', '2018', '2017-12-01', 'root', {
    year: 2018,
    off: ['2018-01-01', '2018-02-15', '2018-02-16'],
    worked: ['2018-02-11', '2018-02-24'],
    notice: '国办发明电〔2017〕12号',
  }),
  golden('agency.role-ended', '', '2018-06-01', 'root', { actor: 'office', role: 'office-reviewer' }),
];

const CALLER = { issuer: 'https://login.example.gov.cn', subject: 'f3b0c442' };

/** Sent last, by an operator: permissions are taken from callers who are identified. */
const IDENTIFIED: readonly Message[] = [
  golden('agency.permission-granted', '', '2018-06-04', 'root', {
    caller: CALLER,
    permission: 'act',
    actor: 'clerk',
    below: true,
    from: '2018-06-04',
    until: '2038-06-03',
  }),
  golden('agency.permission-ended', '', '2018-06-05', 'root', { caller: CALLER, permission: 'act' }),
];
const OPERATOR: Sender = {
  attestation: 'none',
  caller: { issuer: CALLER.issuer, subject: 'operator' },
  operator: true,
  identity: true,
};

/** Refused twice, then settled: the three events of a refusal. */
const REFUSED = golden('publication.released', '9', '2017-03-03', 'editor', { channel: 'website', contentHash: V1 }, 'refused');

/** The report of 2017, of whatever its table says by now; one of its findings is accepted by name. */
async function reportMessages(ledger: TestLedger): Promise<Message[]> {
  await ledger.settled();
  const { form, asOf, hash: tableHash, findings } = await ledger.tables.table({ agency: CODE, year: 2017 });
  const accepted = findings.slice(0, 1).map(({ rule, cells }) => ({ rule, cells, reason: '按实际情况填报' }));
  const data = { year: 2017, form, index: asOf.index, tableHash, accepted, reason: '补报漏登信息' };
  const drafted = { year: 2017, form, parts: { '1': '{year}年主动公开政府信息{1.1#}。' } };
  const revised = { ...drafted, parts: { '1': '{year}年主动公开政府信息{1.1#},{growth 1.1}。', '11': '无。' } };
  const textHash = textHashOf(revised);
  const url = 'http://www.jinxiang.gov.cn/art/report-2017';
  return [
    golden('report.compiled', '2017', '2018-01-20', 'clerk', data),
    golden('report.text-drafted', '2017', '2018-01-20', 'clerk', { ...drafted, textHash: textHashOf(drafted) }),
    golden('report.text-revised', '2017', '2018-01-20', 'clerk', { ...revised, textHash }),
    golden('report.cleared', '2017', '2018-01-21', 'office', {
      ...{ step: 'office', verdict: 'passed', opinion: '数据无误' },
      ...{ tableHash, textHash },
    }),
    golden('report.approved', '2017', '2018-01-22', 'leader', { tableHash, textHash }),
    golden('report.published', '2017', '2018-01-23', 'editor', { tableHash, textHash, url }),
  ];
}

/** The first stored event of every type, in the order of the log. */
export async function recordGoldenHistory(ledger: TestLedger): Promise<Map<string, StoredEvent>> {
  await record(ledger, MESSAGES);
  await record(ledger, await reportMessages(ledger));
  await ledger.send(REFUSED, REFUSED);
  await ledger.settled();
  await ledger.refusals.settle(ledger.refusals.list().refusals[0]?.refusalId ?? '');
  const asking = { agency: CODE, ref: { kind: 'application', number: '1' }, reason: '行政复议答辩', caller: null };
  await ledger.personalData.reveal({ ...asking, actor: 'leader' });
  await ledger.personalData.reveal({ ...asking, actor: 'passer-by' }).catch(() => undefined);
  for (const message of IDENTIFIED) {
    const receipt = await ledger.recorder.recordValue(message, OPERATOR);
    if (receipt.status !== 'recorded') throw new Error(`not recorded: ${JSON.stringify(receipt)}`);
  }
  const stored = new Map<string, StoredEvent>();
  for (const event of await ledger.log.readAll(null, 1000)) if (!stored.has(event.type)) stored.set(event.type, event);
  return stored;
}
