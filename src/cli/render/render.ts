/** Tables, explanations and trails as text for people: Chinese with English beside. */
import { withPrefix } from './severity.js';
import { pad, padLeft } from './output.js';
import { dateInShanghai, parseInstant } from '../../time/instant.js';
import { renderRows, titleOf } from './render-table.js';
import type { Difference, Explanation, Table } from '../../tables/table.js';
import type { Trail } from '../../read-models/trail/trail-reader.js';
import type { YearSummary } from '../../read-models/trail/year-summary.js';

/** `name`: of the agency, over the table. */
export function renderTable(table: Table, name: string): string[] {
  const rolledUp = table.members === undefined ? '' : '  汇总 roll-up';
  return [
    `${name} ${titleOf(table.form)} ${table.year} 年度  表式 ${table.form}${rolledUp}`,
    '',
    ...renderRows(table),
    ...(table.members === undefined ? [] : renderMembers(table.members)),
    ...renderView(table),
    ...renderMoment(table),
    ...renderStale(table),
    table.findings.length === 0 ? '核对无异常 no findings' : '核对结果 findings:',
    ...table.findings.map((finding) => `  ${withPrefix(finding, table.form)}`),
  ];
}

function renderView({ view }: Table): string[] {
  if (view !== 'paper') return [];
  return ['所示为据纸质报表填报的数; --view live 为台账计数', '(as declared from paper; --view live shows what the acts count)'];
}

function renderMoment({ asOf, policy, hash, published }: Table): string[] {
  const at =
    asOf.index === null
      ? '尚无事项 no event yet'
      : `截至第 ${asOf.index} 号事件 as of event ${asOf.index}, recorded ${asOf.recordedAt ?? ''}`;
  const report =
    published == null
      ? []
      : [
          `${published.differs ? '! 与已公布报表不同 differs from the report published' : '与已公布报表一致 as published'}, 截至 index ${published.index}`,
        ];
  return [at, `计数规则 policy ${policy}`, hash, ...report];
}

const STALE = { behind: '正在补记 behind', failing: '反复重试 failing', stopped: '已停止 stopped' } as const;

/** Never without a sign: the figures are short of what was recorded since. */
function renderStale({ stale }: Table): string[] {
  if (stale === null) return [];
  const where = [stale.projection, stale.eventId].filter((part) => part !== undefined).join(', ');
  return [`✗ 未含 ${stale.since} 起记录的事项 stale: ${STALE[stale.why]}${where === '' ? '' : ` (${where})`}`];
}

/** Who is in a sum, who is not and why; every figure is short of the missing ones. */
function renderMembers(members: NonNullable<Table['members']>): string[] {
  const of = (status: string): string[] => members.filter((member) => member.status === status).map(({ agency }) => agency);
  const named = (words: string, agencies: readonly string[]): string[] =>
    agencies.length === 0 ? [] : [`${words} ${agencies.length}: ${agencies.join(', ')}`];
  return [
    ...named('汇总单位 included', of('included')),
    ...named('✗ 未报单位, 各数均不含 missing, in no figure', of('missing')),
    ...named('垂直管理单位, 不计入 vertical, left out', of('vertical')),
  ];
}

/** `named` says a cell for people. */
export function renderExplanation({ cell, value, events }: Explanation, named: (cell: string) => string): string[] {
  return [`${named(cell)} = ${value ?? '—'}`, ...renderEvents(events)];
}

function renderEvents(events: Explanation['events']): string[] {
  if (events.length === 0) return ['  无 (no events)'];
  return events.map(
    ({ amount, occurredOn, case: of, type, agency, source, id }) =>
      `  ${padLeft(amount, 5)}  ${occurredOn}  ${pad(of, 30)} ${pad(type, 42)} ${agency === undefined ? '' : `${agency} `}${source} ${id}`,
  );
}

export function renderDifference({ changes }: Difference, named: (cell: string) => string): string[] {
  if (changes.length === 0) return ['与已公布报表一致 as published: no cell has changed'];
  return changes.flatMap(({ cell, published, live, events }) => [
    `${named(cell)}  已公布 published ${published ?? '—'}  现为 now ${live ?? '—'}`,
    ...renderEvents(events),
  ]);
}

export function renderTrail(trail: Trail): string[] {
  const lines = [`${trail.case} ${trail.title ?? ''} [${trail.state}]`];
  for (const entry of trail.entries) {
    const act = [entry.type.replace(/^disclosure\./, ''), entry.step, entry.verdict, entry.channel]
      .filter((part) => part !== undefined)
      .join(' ');
    const waited = entry.waited === null ? '' : `  等待 waited ${entry.waited}`;
    lines.push(`  ${entry.at}  ${pad(act, 48)} ${entry.actor}${entry.role === null ? '' : ` (${entry.role})`}${waited}`);
    if (!isSameDay(entry)) lines.push(`      记录于 ${entry.recordedAt} (recorded ${entry.recordedAfter} after the act)`);
    if (entry.opinion !== null) lines.push(`      意见 ${entry.opinion}`);
    if (entry.contentHash !== null) lines.push(`      内容 ${entry.contentHash}`);
    for (const remark of entry.remarks) lines.push(`      ! ${remark.message}`);
  }
  for (const remark of trail.remarks) lines.push(`  ! ${remark.message}`);
  return lines;
}

/** Whether an act was recorded on its own day in Asia/Shanghai. */
function isSameDay({ at, recordedAt }: Trail['entries'][number]): boolean {
  const [act, recorded] = [parseInstant(at), parseInstant(recordedAt)];
  return act === null || recorded === null || dateInShanghai(act) === dateInShanghai(recorded);
}

export function renderSummary(summary: YearSummary): string[] {
  return [
    `${summary.agency} ${summary.year} 年度审查审批概况`,
    `  经审查 items reviewed ${summary.reviewed}, 退回 returned ${summary.returned}`,
    `  公开 released ${summary.released}, 未经审查公开 released without review ${summary.releasedWithoutReview}`,
    `  起草至公开天数中位数 median days from draft to release ${summary.medianDaysToRelease ?? '—'}`,
  ];
}
