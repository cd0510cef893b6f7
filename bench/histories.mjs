// Generated histories for measuring: agencies with a chain, items through the whole chain, some of them on several
// channels, a few other acts.
import { createHash } from 'node:crypto';

const CHANNELS = ['website', 'wechat', 'weibo', 'bulletin-board'];
const pad = (value, length) => String(value).padStart(length, '0');
const hash = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

function message(agency, id, type, subject, time, actor, data) {
  return { specversion: '1.0', id, source: `/bench/${agency}`, type: `disclosure.${type}`, subject, time, agency, actor, data };
}

function* setUp(agency) {
  const act = (id, type, data) => message(agency, id, type, `agency/${agency}`, '2007-12-01T09:00:00+08:00', 'root', data);
  yield act('registered', 'agency.registered', { name: `机关 ${agency}`, administrator: 'root' });
  for (const [actor, role] of [
    ['office', 'office-reviewer'],
    ['lawyer', 'regulations-reviewer'],
    ['leader', 'deputy-leader'],
  ]) {
    yield act(`role-${role}`, 'agency.role-assigned', { actor, role });
  }
  yield act('chain', 'agency.clearance-chain-set', {
    steps: [
      { step: 'office', role: 'office-reviewer', unit: '办公室' },
      { step: 'regulations', role: 'regulations-reviewer', unit: '法规科' },
    ],
    approver: { role: 'deputy-leader', unit: '分管领导' },
  });
}

/**
 * About `count` messages of `agencies` agencies over the ten years 2014 to 2023, in order of time within each agency.
 */
export function* history(count, agencies = 10) {
  const codes = Array.from({ length: agencies }, (_, index) => `agency-${index}`);
  for (const code of codes) yield* setUp(code);
  const items = Math.ceil(count / 5.5);
  for (let item = 0; item < items; item += 1) {
    const agency = codes[item % agencies];
    const serial = Math.floor((item / items) * 3650);
    const day = new Date(Date.UTC(2014, 0, 1 + serial)).toISOString().slice(0, 10);
    const number = `${day.slice(0, 4)}-${pad(item, 7)}`;
    const subject = `publication/${number}`;
    const contentHash = hash(number);
    const act = (step, hour, type, actor, data) =>
      message(agency, `${number}-${step}`, type, subject, `${day}T${pad(hour, 2)}:00:00+08:00`, actor, data);
    yield act('draft', 9, 'publication.drafted', 'drafter', {
      title: `关于第 ${item} 号事项的信息公开`,
      contentHash,
      category: '招商引资',
      attribute: 'proactive',
    });
    yield act('office', 10, 'publication.cleared', 'office', { step: 'office', verdict: 'passed', contentHash, opinion: '不涉密、不敏感' });
    yield act('law', 11, 'publication.cleared', 'lawyer', { step: 'regulations', verdict: 'passed', contentHash });
    yield act('leader', 12, 'publication.approved', 'leader', { contentHash });
    yield act('web', 15, 'publication.released', 'editor', { channel: CHANNELS[item % 4], contentHash });
    if (item % 2 === 0) yield act('second', 16, 'publication.released', 'editor', { channel: CHANNELS[(item + 1) % 4], contentHash });
  }
}

const KINDS = ['natural-person', 'natural-person', 'natural-person', 'business', 'legal-service', 'other'];
const CHANNELS_IN = ['online', 'letter', 'in-person', 'email'];
/** By the text in force on the day of receipt. */
const ANSWERS = {
  2008: [
    { outcome: 'granted' },
    { outcome: 'partly-granted' },
    { outcome: 'not-existing' },
    { outcome: 'refused', ground: 'privacy' },
    { outcome: 'other-channel' },
  ],
  2019: [
    { outcome: 'granted' },
    { outcome: 'partly-granted' },
    { outcome: 'unavailable', ground: 'not-held' },
    { outcome: 'refused', ground: 'internal-affairs' },
    { outcome: 'not-processed', ground: 'petition' },
  ],
};
export const APPLICATION_YEARS = Array.from({ length: 10 }, (_, index) => 2014 + index);

/**
 * `count` applications to one agency over the ten years 2014 to 2023, each answered through the chain some three weeks
 * later: one in five with a third party, one in ten extended, one in two hundred never answered. In the order of time
 * of receipt.
 */
export function* applications(count, agency = 'agency-0') {
  yield* setUp(agency);
  for (let turn = 0; turn < count; turn += 1) {
    const start = Date.UTC(2014, 0, 1) + Math.floor((turn / count) * 3650) * 86_400_000;
    const day = (days) => new Date(start + days * 86_400_000).toISOString().slice(0, 10);
    const number = `${day(0).slice(0, 4)}-${pad(turn, 7)}`;
    const contentHash = hash(number);
    const act = (step, days, type, data = {}, actor = 'clerk', hour = 9) =>
      message(
        agency,
        `${number}-${step}`,
        `application.${type}`,
        `application/${number}`,
        `${day(days)}T${pad(hour, 2)}:00:00+08:00`,
        actor,
        data,
      );
    yield act('received', 0, 'received', {
      channel: CHANNELS_IN[turn % 4],
      applicant: { kind: KINDS[turn % 6] },
      request: `第 ${turn} 号事项的文件`,
    });
    if (turn % 5 === 0) {
      yield act('consulted', 3, 'third-party-consulted');
      yield act('answered', 8, 'third-party-answered', { answer: 'agreed' });
    }
    if (turn % 10 === 1) yield act('extended', 15, 'extended', { days: 10, reason: '情况复杂', approvedBy: 'leader' });
    if (turn % 200 === 7) continue;
    const after = 14 + (turn % 8);
    const answer = { ...ANSWERS[day(0) < '2019-05-15' ? 2008 : 2019][turn % 5], contentHash };
    yield act('draft', after, 'reply-drafted', answer, 'drafter');
    yield act('office', after, 'cleared', { step: 'office', verdict: 'passed', contentHash }, 'office', 10);
    yield act('law', after, 'cleared', { step: 'regulations', verdict: 'passed', contentHash }, 'lawyer', 11);
    yield act('leader', after, 'approved', { contentHash }, 'leader', 12);
    yield act('replied', after, 'replied', answer, 'clerk', 15);
  }
}
