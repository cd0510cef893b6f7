/**
 * Figures that a yearly report gives in its prose and no cell of its form holds. A form of 2021 counts published items
 * nowhere, yet part one of its report must say how many there were; the form of 2014 has no row for a bulletin board.
 *
 * A code is `s.<name>` or `s.<name>:<dimension>`. None is in a pack, and no figure of a form depends on one.
 * Like a form they name measures, never events.
 */
import { RECEIVED_BY, type ReceivedBy } from '../../domain/application/acts.js';
import { CHANNELS, type Channel } from '../../domain/publication/acts.js';
import { MEANS, type Means } from '../../domain/small-kinds/acts.js';
import { formatDecimal } from '../../encoding/decimal.js';
import type { Scale, Selection } from '../form.js';

/** What a figure is called, and in what it is counted. */
export interface FigureHead {
  readonly code: string;
  readonly label: string;
  readonly unit: string;
}

/** The sum of the year's contributions that it selects. */
export interface CountedFigure extends FigureHead {
  readonly select: Selection;
  /** Decimals of the whole-number amounts it adds up: 2 where they are fen; absent = 0. */
  readonly scale?: Scale;
}

/** A part of another figure: how many of `whole` are in `part`, in percent. */
export interface ShareOf {
  readonly part: { readonly code: string; readonly value: string };
  readonly whole: { readonly code: string; readonly value: string };
}

/** A case of a median, with its working days. */
export interface CaseDays {
  readonly case: string;
  readonly days: number;
}

export interface ProseFigure extends FigureHead {
  /** A decimal string; null where there is nothing to take a share or a median of. */
  readonly value: string | null;
  /** Of a share: its two sums. */
  readonly of?: ShareOf;
  /** Of a median: every case it is of, in the order of the log. */
  readonly cases?: readonly CaseDays[];
}

export const PROSE_PREFIX = 's.';

/** Whether a name of a cell is one of these codes: no form has such a row. */
export function isProseCode(cell: string): boolean {
  return cell.startsWith(PROSE_PREFIX);
}

/** As reports and catalogues print channels. */
export const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
  website: '政府网站',
  weibo: '政务微博',
  wechat: '政务微信',
  gazette: '政府公报',
  'bulletin-board': '信息公告栏',
  'press-conference': '新闻发布会',
  other: '其他方式',
};

const MEANS_NAMES: Readonly<Record<Means, string>> = {
  'press-conference': '新闻发布会',
  interpretation: '政策解读',
  'weibo-wechat': '微博微信',
  other: '其他方式',
};

/** As reports and registers print the ways of applications. */
export const RECEIVED_NAMES: Readonly<Record<ReceivedBy, string>> = {
  'in-person': '当面',
  fax: '传真',
  online: '网络',
  email: '电子邮件',
  letter: '信函',
  other: '其他形式',
};

export const ITEMS: CountedFigure = {
  code: 's.items',
  label: '主动公开政府信息数(不同渠道和方式公开相同信息计1条)',
  unit: '条',
  select: { measure: 'item.first-released' },
};

const ITEMS_BY_CHANNEL = CHANNELS.map((channel): CountedFigure => ({
  code: `s.items-by-channel:${channel}`,
  label: `通过${CHANNEL_NAMES[channel]}公开政府信息数`,
  unit: '条',
  select: { measure: 'item.released', where: { channel: [channel] } },
}));

const RESPONSES: readonly CountedFigure[] = [
  { code: 's.interpretations', label: '政策解读稿件发布数', unit: '篇', select: { measure: 'interpretation.published' } },
  { code: 's.concerns', label: '回应公众关注热点或重大舆情数', unit: '次', select: { measure: 'topic.first-answered' } },
  ...MEANS.map((means): CountedFigure => ({
    code: `s.concerns-by-means:${means}`,
    label: `通过${MEANS_NAMES[means]}回应事件数`,
    unit: '次',
    select: { measure: 'topic.first-answered-by', where: { means: [means] } },
  })),
];

const APPLICATIONS: readonly CountedFigure[] = [
  { code: 's.applications', label: '收到政府信息公开申请数', unit: '件', select: { measure: 'application.received' } },
  ...RECEIVED_BY.map((channel): CountedFigure => ({
    code: `s.applications-by-channel:${channel}`,
    label: `${RECEIVED_NAMES[channel]}申请数`,
    unit: '件',
    select: { measure: 'application.received', where: { channel: [channel] } },
  })),
  { code: 's.fees', label: '收取的政府信息公开费用', unit: '元', select: { measure: 'application.fee' }, scale: 2 },
  { code: 's.fees-waived', label: '减免的政府信息公开费用', unit: '元', select: { measure: 'application.fee-waived' }, scale: 2 },
];

/** Those about items, and behind what groups them the others. */
export const COUNTED_FIGURES = { items: [ITEMS, ...ITEMS_BY_CHANNEL], others: [...RESPONSES, ...APPLICATIONS] } as const;

export const MONTHS = Array.from({ length: 12 }, (_, month) => String(month + 1).padStart(2, '0'));

/** What groups the items of a year. Each is in one month, in one category at most, and with every unit that signed. */
export type Grouping = 'month' | 'category' | 'unit';

const GROUPED: Readonly<Record<Grouping, { readonly name: string; readonly label: (dimension: string) => string }>> = {
  month: { name: 's.items-by-month', label: (month) => `${Number(month)}月公开政府信息数` },
  category: { name: 's.items-by-category', label: (category) => `${category}类公开政府信息数` },
  unit: { name: 's.items-by-unit', label: (unit) => `${unit}审查审批公开政府信息数` },
};

/** The figure of one group of items. */
export function groupHead(grouping: Grouping, dimension: string): FigureHead {
  const { name, label } = GROUPED[grouping];
  return { code: `${name}:${dimension}`, label: label(dimension), unit: '条' };
}

/** The group a code names, whatever its dimension; null where it names none. There are twelve months. */
export function groupOf(code: string): { readonly grouping: Grouping; readonly dimension: string } | null {
  const colon = code.indexOf(':');
  const name = code.slice(0, colon);
  const dimension = code.slice(colon + 1);
  for (const grouping of ['month', 'category', 'unit'] as const) {
    if (GROUPED[grouping].name !== name || colon < 0 || dimension === '') continue;
    return grouping === 'month' && !MONTHS.includes(dimension) ? null : { grouping, dimension };
  }
  return null;
}

export const WITHOUT_CATEGORY: FigureHead = { code: 's.items-without-category', label: '未标注类别的公开政府信息数', unit: '条' };
export const WITHOUT_REVIEW: FigureHead = { code: 's.items-without-review', label: '未经审查审批的公开政府信息数', unit: '条' };

export const ANSWERS: FigureHead = { code: 's.answers', label: '以答复办结的申请数', unit: '件' };
export const ANSWERS_IN_TIME: FigureHead = { code: 's.answers-in-time', label: '在法定期限内答复的申请数', unit: '件' };
export const SHARE_IN_TIME: FigureHead = { code: 's.share-in-time', label: '按期答复率', unit: '%' };
export const MEDIAN_DAYS: FigureHead = { code: 's.median-days', label: '答复用时中位数', unit: '工作日' };

/** The head of a code that there is, whatever its year; null for any other. Every category and every unit has one. */
export function headOf(code: string): FigureHead | null {
  const group = groupOf(code);
  if (group !== null) return groupHead(group.grouping, group.dimension);
  const { items, others } = COUNTED_FIGURES;
  const all = [...items, ...others, WITHOUT_CATEGORY, WITHOUT_REVIEW, ANSWERS, ANSWERS_IN_TIME, SHARE_IN_TIME, MEDIAN_DAYS];
  return all.find((head) => head.code === code) ?? null;
}

/** In percent, rounded half up to two decimals; null of nothing. */
export function shareOf(part: bigint, whole: bigint): string | null {
  return whole <= 0n ? null : formatDecimal((part * 20_000n + whole) / (2n * whole), 2);
}

/** The middle one, or half the sum of the middle two; null of nothing. */
export function medianOf(days: readonly number[]): string | null {
  const sorted = [...days].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return low === undefined || high === undefined ? null : formatDecimal(BigInt(low + high) * 5n, 1);
}
