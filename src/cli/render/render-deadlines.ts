/** Deadlines as text for people: Chinese with English beside. */
import { pad, padLeft } from './output.js';
import type { ReckonedDeadline } from '../../read-models/deadlines/reckoned.query.js';
import type { DayOfDeadline, Deadline, Deadlines } from '../../read-models/deadlines/deadline-reader.js';

const WAITING: Readonly<Record<string, string>> = { supplement: '待补正 supplement', 'third-party': '征求第三方意见 third party' };

const KIND: Readonly<Record<DayOfDeadline['kind'], string>> = {
  working: '工作日',
  'make-up': '调休上班',
  weekend: '休息日',
  holiday: '放假',
};

const RULE: Readonly<Record<DayOfDeadline['rule'], string>> = {
  received: '收到申请之日不计 day of receipt',
  counted: '计入 counted',
  extension: '延期内计入 counted, extension',
  weekend: '不计 weekend',
  holiday: '不计 holiday',
  'third-party': '征求第三方意见不计 third party consulted',
  supplement: '待补正 supplement awaited',
  restarted: '补正后重新计算 before the supplement',
};

/** `code`: whose list it is; a case of another agency says which. */
export function renderDeadlines({ on, open }: Deadlines, name: string, code: string): string[] {
  const lines = [`${name} ${on} 未办结申请 open applications: ${open.length}`];
  if (open.length === 0) return lines;
  lines.push(`${pad('事项 case', 34)}${pad('收到 received', 15)}${pad('期限 due', 13)}${padLeft('剩余 left', 10)}`);
  lines.push('─'.repeat(90));
  for (const deadline of open) lines.push(...renderDeadline(deadline, code));
  return lines;
}

function renderDeadline(deadline: Deadline, code: string): string[] {
  const { receivedOn, ordinaryEnd, dueOn, daysLeft, waitingFor, provisional, explanation = [], redated = [] } = deadline;
  const marks = [
    ...(deadline.agency === code ? [] : [deadline.agency]),
    ...(daysLeft !== null && daysLeft < 0 ? ['✗ 已逾期 overdue'] : []),
    ...(waitingFor === undefined ? [] : [WAITING[waitingFor] ?? waitingFor]),
    ...(ordinaryEnd !== dueOn ? [`已延期 extended, 原期限 ordinary end ${ordinaryEnd ?? ''}`] : []),
    ...(provisional ? ['暂定 provisional: 该年节假日安排未公布'] : []),
  ];
  const left = daysLeft === null ? '—' : String(daysLeft);
  return [
    `${pad(deadline.case, 34)}${pad(receivedOn, 15)}${pad(dueOn ?? '—', 13)}${padLeft(left, 10)}  ${marks.join('; ')}`.trimEnd(),
    ...explanation.map(renderDay),
    ...redated.map(
      ({ by, year, recordedAt, dueOnBefore, dueOn: after }) =>
        `    ! ${year} 年安排公布后期限变更 re-dated from ${dueOnBefore ?? '—'} to ${after ?? '—'} by ${by}, recorded ${recordedAt}`,
    ),
  ];
}

export function renderReckoned({ receivedOn, law, ordinaryEnd, dueOn, provisional, explanation }: ReckonedDeadline): string[] {
  return [
    `收到 received ${receivedOn}, ${law} 年条例 text of the regulation`,
    `期限 due ${dueOn ?? ordinaryEnd ?? '—'}${provisional ? '  暂定 provisional: 该年节假日安排未公布' : ''}`,
    ...explanation.map(renderDay),
  ];
}

function renderDay({ date, kind, counted, rule, notice }: DayOfDeadline): string {
  const number = counted === null ? '' : String(counted);
  // The ordinary days of a year need no source; what a notice changed names it.
  const source = notice === null ? '  暂无该年安排 no calendar' : kind === 'holiday' || kind === 'make-up' ? `  ${notice}` : '';
  return `    ${date}  ${pad(KIND[kind], 10)}${padLeft(number, 3)}  ${RULE[rule]}${source}`;
}
