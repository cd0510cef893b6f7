/** Tables, explanations and trails as text for people: Chinese with English beside. */
import { withPrefix } from './severity.js';
import { pad, padLeft } from './output.js';
import { dateInShanghai, parseInstant } from '../domain/values.js';
import type { Difference, Explanation, Table } from '../use-cases/table-reader.js';
import type { Trail, YearSummary } from '../use-cases/trail-reader.js';

const BASIS: Readonly<Record<string, string>> = { counted: '计 counted', declared: '报 declared', computed: '合 sum', paper: '纸 paper' };

export function renderTable(table: Table, title: string): string[] {
  const rolledUp = table.members === undefined ? '' : '  汇总 roll-up';
  const lines = [`${title} ${table.year} 年度  表式 ${table.form}${rolledUp}`, ''];
  lines.push(`${pad('编号', 11)}${pad('统计指标', 64)}${pad('单位', 6)}${padLeft('统计数', 8)}  依据`);
  lines.push('─'.repeat(102));
  for (const row of table.rows) {
    const indent = '  '.repeat(Math.max(0, row.code.split('.').length - 1));
    const value = row.value ?? (row.basis === null || row.cells !== undefined ? '' : '—');
    lines.push(
      `${pad(row.code, 11)}${pad(indent + row.label, 64)}${pad(row.unit ?? '', 6)}${padLeft(value, 8)}  ${row.basis === null ? '' : (BASIS[row.basis] ?? '')}${row.partial === true ? ' 不全 partial' : ''}`.trimEnd(),
    );
    if (row.cells !== undefined) lines.push(renderCells(row.cells));
  }
  lines.push('─'.repeat(102));
  const at =
    table.asOf.index === null
      ? '尚无事项 no event yet'
      : `截至第 ${table.asOf.index} 号事件 as of event ${table.asOf.index}, recorded ${table.asOf.recordedAt ?? ''}`;
  if (table.members !== undefined) lines.push(...renderMembers(table.members));
  if (table.view === 'paper')
    lines.push('所示为据纸质报表填报的数; --view live 为台账计数 (as declared from paper; --view live shows what the acts count)');
  lines.push(`${at}; 计数规则 policy ${table.policy}`);
  lines.push(table.hash);
  if (table.stale !== undefined)
    lines.push(`✗ 统计已停在事件 ${table.stale.eventId} 之前 (stale: ${table.stale.projection} stopped: ${table.stale.why})`);
  lines.push(table.findings.length === 0 ? '核对无异常 no findings' : '核对结果 findings:');
  for (const finding of table.findings) lines.push(`  ${withPrefix(finding)}`);
  return lines;
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

/** A row of several values, under its label. */
function renderCells(cells: Readonly<Record<string, string | null>>): string {
  const values = Object.entries(cells).map(([column, value]) => `${column} ${value ?? '—'}`);
  return `${' '.repeat(13)}${values.join('  ')}`;
}

export function renderExplanation({ cell, value, events }: Explanation, label: string): string[] {
  return [`${cell} ${label} = ${value ?? '—'}`, ...renderEvents(events)];
}

function renderEvents(events: Explanation['events']): string[] {
  if (events.length === 0) return ['  无 (no events)'];
  return events.map(
    ({ amount, occurredOn, case: of, type, agency, source, id }) =>
      `  ${padLeft(amount, 5)}  ${occurredOn}  ${pad(of, 30)} ${pad(type, 42)} ${agency === undefined ? '' : `${agency} `}${source} ${id}`,
  );
}

export function renderDifference({ changes }: Difference): string[] {
  if (changes.length === 0) return ['与已公布报表一致 as published: no cell has changed'];
  return changes.flatMap(({ cell, published, live, events }) => [
    `${cell}  已公布 published ${published ?? '—'}  现为 now ${live ?? '—'}`,
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
