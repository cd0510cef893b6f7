/**
 * What each type of message says. Written by `npm run docs` out of the classes that validate messages: never by hand.
 * The rules of each field stand in docs/contract/messages.md.
 */
export interface DataByType {
  /** The agency takes part from now on, with its first administrator. */
  'disclosure.agency.registered': {
    name: string;
    administrator: string;
    parent?: string;
    reporting?: 'included' | 'vertical';
    forms?: readonly string[];
  };
  /** Its name, parent, way of reporting or forms are others from a day on. */
  'disclosure.agency.changed': {
    name?: string;
    parent?: string;
    reporting?: 'included' | 'vertical';
    forms?: readonly string[];
    from: string;
  };
  /** Its steps of review 审查 and who approves 审批, from the time of the act on. */
  'disclosure.agency.clearance-chain-set': {
    steps: readonly { step: string; role: string; unit: string }[];
    approver?: { role: string; unit: string };
    attested?: boolean;
  };
  /** A caller may send, act, audit or read in the agency, from its recording on. */
  'disclosure.agency.permission-granted': {
    caller: { issuer: string; subject: string };
    permission: 'emit' | 'act' | 'audit' | 'read';
    actor?: string;
    sources?: readonly string[];
    below?: boolean;
    from?: string;
    until?: string;
  };
  /** The caller may no longer, from its recording on. */
  'disclosure.agency.permission-ended': { caller: { issuer: string; subject: string }; permission: 'emit' | 'act' | 'audit' | 'read' };
  /** An officer holds a role from that day on. */
  'disclosure.agency.role-assigned': { actor: string; role: string };
  /** The officer holds it no longer after that day. */
  'disclosure.agency.role-ended': { actor: string; role: string };
  /** A figure 填报数 that no act stands for: staff, budget, a base. */
  'disclosure.agency.figure-declared': { year: number; form: string; cell: string; value: string; evidence: string };
  /** An item 信息 is drafted; its first version goes into review. */
  'disclosure.publication.drafted': {
    title: string;
    contentHash: string;
    documentNumber?: string;
    indexNumber?: string;
    category?: string;
    normative?: 'rules' | 'normative';
    formedOn?: string;
    attribute?: 'proactive' | 'on-request' | 'withheld';
  };
  /** Another version; it opens a new round of review. */
  'disclosure.publication.revised': { contentHash: string; title?: string };
  /** One step of the chain reviewed 保密审查 the version. */
  'disclosure.publication.cleared': { step: string; verdict: 'passed' | 'returned' | 'escalated'; contentHash: string; opinion?: string };
  /** The approver signed 签发 the version. */
  'disclosure.publication.approved': {
    contentHash: string;
    channels?: readonly ('website' | 'weibo' | 'wechat' | 'gazette' | 'bulletin-board' | 'press-conference' | 'other')[];
  };
  /** The item is not published 不予公开. */
  'disclosure.publication.rejected': { reason: string };
  /** The item is published 公开 on one channel. */
  'disclosure.publication.released': {
    channel: 'website' | 'weibo' | 'wechat' | 'gazette' | 'bulletin-board' | 'press-conference' | 'other';
    contentHash: string;
    url?: string;
  };
  /** Somebody looked whether the released item is in order. */
  'disclosure.publication.checked': { finding: 'ok' | 'fault'; note?: string };
  /** The released item was replaced by an approved version. */
  'disclosure.publication.corrected': { contentHash: string; reason: string };
  /** The item, or one channel of it, was taken down. */
  'disclosure.publication.withdrawn': {
    reason: string;
    channel?: 'website' | 'weibo' | 'wechat' | 'gazette' | 'bulletin-board' | 'press-conference' | 'other';
  };
  /** An application 依申请公开 was received; its time is the legal receipt. */
  'disclosure.application.received': {
    channel: 'in-person' | 'fax' | 'online' | 'email' | 'letter' | 'other';
    applicant: {
      kind: 'natural-person' | 'business' | 'research' | 'public-welfare' | 'legal-service' | 'other';
      name?: string;
      idNumber?: string;
      contact?: string;
    };
    request: string;
    law?: '2008' | '2019';
    submittedOn?: string;
    confirmedOn?: string;
  };
  /** The applicant was asked to supplement 补正 it. */
  'disclosure.application.supplement-requested': { dueOn?: string };
  /** The supplement came; the period begins again. */
  'disclosure.application.supplemented': Readonly<Record<string, never>>;
  /** A third party 第三方 was asked; the days until its answer do not count. */
  'disclosure.application.third-party-consulted': { party?: string };
  /** The third party answered, or let its time pass. */
  'disclosure.application.third-party-answered': { party?: string; answer: 'agreed' | 'objected' | 'silent' };
  /** The period was extended 延期, once. */
  'disclosure.application.extended': { days: number; reason: string; approvedBy: string };
  /** An answer was drafted. */
  'disclosure.application.reply-drafted': {
    outcome:
      | 'already-public'
      | 'granted'
      | 'partly-granted'
      | 'refused'
      | 'other-agency'
      | 'not-existing'
      | 'amend-supplement'
      | 'other-channel'
      | 'unavailable'
      | 'not-processed'
      | 'otherwise';
    ground?:
      | 'state-secret'
      | 'trade-secret'
      | 'privacy'
      | 'safety-stability'
      | 'not-government-information'
      | 'other-law'
      | 'forbidden-by-law'
      | 'third-party-rights'
      | 'internal-affairs'
      | 'process-information'
      | 'enforcement-file'
      | 'inquiry-matter'
      | 'not-held'
      | 'needs-creation'
      | 'still-unclear'
      | 'petition'
      | 'repeated'
      | 'published-material'
      | 'excessive'
      | 'confirm-again'
      | 'not-supplemented'
      | 'fee-unpaid'
      | 'other';
    contentHash: string;
  };
  /** Another version of the answer. */
  'disclosure.application.reply-revised': {
    outcome:
      | 'already-public'
      | 'granted'
      | 'partly-granted'
      | 'refused'
      | 'other-agency'
      | 'not-existing'
      | 'amend-supplement'
      | 'other-channel'
      | 'unavailable'
      | 'not-processed'
      | 'otherwise';
    ground?:
      | 'state-secret'
      | 'trade-secret'
      | 'privacy'
      | 'safety-stability'
      | 'not-government-information'
      | 'other-law'
      | 'forbidden-by-law'
      | 'third-party-rights'
      | 'internal-affairs'
      | 'process-information'
      | 'enforcement-file'
      | 'inquiry-matter'
      | 'not-held'
      | 'needs-creation'
      | 'still-unclear'
      | 'petition'
      | 'repeated'
      | 'published-material'
      | 'excessive'
      | 'confirm-again'
      | 'not-supplemented'
      | 'fee-unpaid'
      | 'other';
    contentHash: string;
  };
  /** One step of the chain reviewed the answer. */
  'disclosure.application.cleared': { step: string; verdict: 'passed' | 'returned' | 'escalated'; contentHash: string; opinion?: string };
  /** The approver signed the answer. */
  'disclosure.application.approved': { contentHash: string };
  /** The applicant was answered 答复; every outcome but `amend-supplement` closes the case. */
  'disclosure.application.replied': {
    outcome:
      | 'already-public'
      | 'granted'
      | 'partly-granted'
      | 'refused'
      | 'other-agency'
      | 'not-existing'
      | 'amend-supplement'
      | 'other-channel'
      | 'unavailable'
      | 'not-processed'
      | 'otherwise';
    ground?:
      | 'state-secret'
      | 'trade-secret'
      | 'privacy'
      | 'safety-stability'
      | 'not-government-information'
      | 'other-law'
      | 'forbidden-by-law'
      | 'third-party-rights'
      | 'internal-affairs'
      | 'process-information'
      | 'enforcement-file'
      | 'inquiry-matter'
      | 'not-held'
      | 'needs-creation'
      | 'still-unclear'
      | 'petition'
      | 'repeated'
      | 'published-material'
      | 'excessive'
      | 'confirm-again'
      | 'not-supplemented'
      | 'fee-unpaid'
      | 'other';
    contentHash: string;
  };
  /** A new answer that a decision ordered; it is not counted again. */
  'disclosure.application.reply-remade': {
    orderedBy: string;
    outcome:
      | 'already-public'
      | 'granted'
      | 'partly-granted'
      | 'refused'
      | 'other-agency'
      | 'not-existing'
      | 'amend-supplement'
      | 'other-channel'
      | 'unavailable'
      | 'not-processed'
      | 'otherwise';
    ground?:
      | 'state-secret'
      | 'trade-secret'
      | 'privacy'
      | 'safety-stability'
      | 'not-government-information'
      | 'other-law'
      | 'forbidden-by-law'
      | 'third-party-rights'
      | 'internal-affairs'
      | 'process-information'
      | 'enforcement-file'
      | 'inquiry-matter'
      | 'not-held'
      | 'needs-creation'
      | 'still-unclear'
      | 'petition'
      | 'repeated'
      | 'published-material'
      | 'excessive'
      | 'confirm-again'
      | 'not-supplemented'
      | 'fee-unpaid'
      | 'other';
    contentHash: string;
  };
  /** A fee 收费 was charged. */
  'disclosure.application.fee-charged': { amountFen: number; basis: string };
  /** A fee was waived 减免. */
  'disclosure.application.fee-waived': { amountFen: number; reason: string };
  /** Closed without an answer, because the applicant did not do his part. */
  'disclosure.application.abandoned': { reason: 'not-supplemented' | 'fee-unpaid' | 'other'; note?: string };
  /** The applicant took it back. */
  'disclosure.application.withdrawn': { note?: string };
  /** An administrative reconsideration 行政复议 was filed. */
  'disclosure.reconsideration.filed': { application?: string; publication?: string; caseNumber?: string };
  /** It was decided. */
  'disclosure.reconsideration.decided': { result: 'upheld' | 'corrected' | 'other'; note?: string };
  /** An administrative lawsuit 行政诉讼 was filed. */
  'disclosure.lawsuit.filed': {
    route: 'direct' | 'after-reconsideration';
    role?: 'defendant' | 'co-defendant-reviewer';
    application?: string;
    publication?: string;
    court?: string;
    caseNumber?: string;
  };
  /** It was decided. */
  'disclosure.lawsuit.decided': { result: 'upheld' | 'corrected' | 'other'; note?: string };
  /** A complaint 举报投诉 was received. */
  'disclosure.complaint.received': { topic: string; application?: string; publication?: string };
  /** It was decided. */
  'disclosure.complaint.decided': { result: 'upheld' | 'corrected' | 'other'; note?: string };
  /** A press conference 新闻发布会 was held. */
  'disclosure.press-conference.held': { title: string; chiefAttended: boolean };
  /** An interpretation 政策解读 was published. */
  'disclosure.interpretation.published': { title: string; of?: string };
  /** A meeting 工作会议 on disclosure was held. */
  'disclosure.meeting.held': { title: string };
  /** A training 培训 was held. */
  'disclosure.training.held': { title: string; trainees: number };
  /** Copies were delivered to a public place 查阅点. */
  'disclosure.delivery.made': { place: string; medium: 'paper' | 'electronic'; items: number };
  /** The daily check of a whole site or account. */
  'disclosure.site.checked': { finding: 'ok' | 'fault'; note?: string };
  /** A normative document 规范性文件 was issued. */
  'disclosure.normative-document.issued': { documentNumber: string; title: string; rank?: 'rules' | 'normative' };
  /** It was repealed 废止. */
  'disclosure.normative-document.repealed': { documentNumber: string; title: string; rank?: 'rules' | 'normative' };
  /** A hot topic 热点 was answered by one means. */
  'disclosure.hotspot.answered': { topic: string; means: 'press-conference' | 'interpretation' | 'weibo-wechat' | 'other' };
  /** The working days of a year 节假日安排, for the agency and those below it. */
  'disclosure.calendar.announced': { year: number; off: readonly string[]; worked: readonly string[]; notice: string };
  /** The table of a year known from paper only. */
  'disclosure.table.declared': { year: number; form: string; cells: Readonly<Record<string, string | null>>; evidence: string };
  /** The table of a year is frozen, as of an index. */
  'disclosure.report.compiled': {
    year: number;
    form: string;
    index: number;
    tableHash: string;
    accepted?: readonly { rule: string; cells: readonly string[]; reason: string }[];
    reason?: string;
    rollup?: boolean;
  };
  /** The text 正文 of the report is written; its numbers are references. */
  'disclosure.report.text-drafted': { year: number; form: string; textHash: string; parts: Readonly<Record<string, string>> };
  /** Another version of the text; it opens a new round of review. */
  'disclosure.report.text-revised': { year: number; form: string; textHash: string; parts: Readonly<Record<string, string>> };
  /** One step of the chain reviewed the table, and the text where there is one. */
  'disclosure.report.cleared': {
    step: string;
    verdict: 'passed' | 'returned' | 'escalated';
    tableHash: string;
    textHash?: string;
    opinion?: string;
  };
  /** The approver signed the table, and the text where there is one. */
  'disclosure.report.approved': { tableHash: string; textHash?: string };
  /** The table and the text, as signed, are published. */
  'disclosure.report.published': { tableHash: string; textHash?: string; url?: string };
  /** An act of this case is taken back 撤销. */
  'disclosure.record.voided': { message: { id: string; source?: string }; reason: string; approvedBy: string };
  /** The sealed texts of this case are unreadable 销毁 for good. */
  'disclosure.record.erased': { reason: string; approvedBy: string };
}

/** Type → the fields of its data that name another case of the agency. */
export const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  'disclosure.application.reply-remade': ['orderedBy'],
  'disclosure.reconsideration.filed': ['application', 'publication'],
  'disclosure.lawsuit.filed': ['application', 'publication'],
  'disclosure.complaint.received': ['application', 'publication'],
  'disclosure.interpretation.published': ['of'],
};
