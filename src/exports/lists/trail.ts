/** The review and sign-off trail of a case as a sheet. */
import type { Trail, TrailEntry } from '../../read-models/trail/trail-reader.js';
import type { Sheet } from '../sheets/sheet.js';
import { listSheet, type ListColumn } from './list-sheet.js';
import { actName } from './words.js';

/** Of an entry some may be missing: to who may only read no names are shown. */
export type ShownEntry = Pick<TrailEntry, 'type' | 'at' | 'recordedAt' | 'recordedAfter' | 'role' | 'remarks'> & Partial<TrailEntry>;

export type ShownTrail = Pick<Trail, 'case'> & { readonly entries: readonly ShownEntry[] };

const COLUMNS: readonly ListColumn<ShownEntry>[] = [
  { head: '行为 act', width: 34, of: ({ type }) => actName(type) },
  { head: '时间 at', width: 26, of: ({ at }) => at },
  { head: '经办人 actor', width: 16, of: ({ actor = '' }) => actor },
  { head: '职责 role', width: 16, of: ({ role }) => role ?? '' },
  { head: '可信度 attestation', width: 12, of: ({ attestation = '' }) => attestation },
  { head: '步骤 step', width: 14, of: ({ step = '' }) => step },
  { head: '结论 verdict', width: 12, of: ({ verdict = '' }) => verdict },
  { head: '渠道 channel', width: 12, of: ({ channel = '' }) => channel },
  { head: '意见 opinion', width: 40, of: ({ opinion, sealed }) => opinion ?? (sealed === true ? '〔封存 sealed〕' : '') },
  { head: '等候 waited', width: 14, of: ({ waited }) => waited ?? '' },
  { head: '内容摘要 content hash', width: 40, of: ({ contentHash }) => contentHash ?? '' },
  { head: '记录时间 recorded at', width: 28, of: ({ recordedAt }) => recordedAt },
  { head: '记录延迟 recorded after', width: 14, of: ({ recordedAfter }) => recordedAfter },
  { head: '备注 remarks', width: 50, of: ({ remarks }) => remarks.map(({ message }) => message).join('; ') },
];

export function trailSheet({ case: name, entries }: ShownTrail): Sheet {
  return listSheet(`轨迹 ${name}`, COLUMNS, entries);
}
