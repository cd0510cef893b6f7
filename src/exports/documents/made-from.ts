/** The line at the foot of a document that says what it was made of, so that a reader can ask for the same again. */
import type { ReportText } from '../../tables/texts/report-text.js';
import type { Table } from '../../tables/table.js';

/** Words of a view, for people. */
const VIEWS: Readonly<Record<string, string>> = { live: '台账', paper: '纸质申报', published: '已发布' };

/** Nothing of where or when it was written: the same ledger gives the same line. */
export function madeFrom({ view, asOf, hash, stale, members = [] }: Table): string {
  const index = asOf.index === null ? '无事项 no event' : `index:${asOf.index}`;
  const missing = members.filter(({ status }) => status === 'missing').map(({ agency }) => agency);
  return [
    `数据来源 made from: ${VIEWS[view] ?? view} ${view}, ${index}, ${hash}`,
    ...(stale === null ? [] : [`尚缺 not in it: 自 ${stale.since} 起记录的事项 what was recorded since`]),
    ...(missing.length === 0 ? [] : [`缺少下级机关 agencies that are missing: ${missing.join(', ')}`]),
  ].join('; ');
}

/**
 * What a report is signed as, and under which checkpoint: outside of what either hash covers, so behind it. Before it
 * what of its words no table can show.
 */
export function signedAs({ text, statistics, checkpoint }: ReportText): string[] {
  return [
    ...(statistics.length === 0 ? [] : [`下列数据不在统计表内 in no table and no pack: ${statistics.join(' ')}`]),
    ...(text === null ? [] : [`正文 text: ${text.status === 'published' ? '已公布 published' : '未公布 not published'}, ${text.textHash}`]),
    ...(checkpoint === null ? [] : [`检查点 checkpoint: 事件数 size ${checkpoint.size}, 树根 root ${checkpoint.root}`]),
  ];
}
