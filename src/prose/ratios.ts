/** Shares, rates and growth: what a percentage says of the numbers it stands with. */
import { plain, proseFinding, type ProseFinding } from './findings.js';
import { isFigure, valueIn, type Tables } from './judge.js';
import type { Mention } from './mentions.js';
import type { Quantity } from './quantities.js';
import type { Parted } from './sums.js';
import { GROWTH } from './years.js';
import { ONE } from './numerals.js';

const SHARE = /占|比例|比重/;
const RATE = /(?:办结|答复|办理|回复|处理)率/;
const IN_TIME = /按[时期]|及时|限时/;
const DOWN = /下降|减少|降低|降幅|下滑|回落|减幅|少$/;

/** Whether `part` of `whole` is the per cent said. */
function isShare({ low, high }: Quantity, part: Quantity, whole: bigint): boolean {
  if (whole <= 0n) return false;
  return (part.low * 100n * ONE) / whole <= high && (part.high * 100n * ONE) / whole >= low;
}

export function ratioFindings(mentions: readonly Mention[], parted: readonly Parted[], tables: Tables): ProseFinding[] {
  return mentions.flatMap((mention, at) => {
    const words = mention.near === '' ? mention.after : mention.near;
    const before = mentions.slice(0, at);
    if (mention.quantity.kind === 'percent' && SHARE.test(words)) return shareFinding(mention, before, { parted, tables });
    if (mention.quantity.kind === 'percent' && RATE.test(words)) return rateFinding(mention, before);
    if (GROWTH.test(mention.near)) return growthFinding(mention, before, tables);
    return [];
  });
}

interface Known {
  readonly parted: readonly Parted[];
  readonly tables: Tables;
}

/** Of what a number may be a share, in the table. */
const WHOLES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  applications: [
    ['received'],
    ['received', 'carried-in'],
    ['closed'],
    ['replied'],
    ['refused'],
    ['unavailable'],
    ['not-processed'],
    ['otherwise'],
  ],
  remedies: [['remedy.total'], ['reconsideration.total'], ['lawsuit.total']],
  release: [['released'], ['documents-made']],
};

function shareFinding(share: Mention, before: readonly Mention[], { parted, tables }: Known): ProseFinding[] {
  const part = before.findLast(({ quantity: { kind } }) => kind === 'pieces' || kind === 'money');
  if (part === undefined || part.year !== 'this') return [];
  const earlier = before
    .filter((other) => other !== part && other.quantity.unit === part.quantity.unit)
    .map(({ quantity }) => quantity.value);
  const sums = parted
    .filter(({ parts }) => parts.includes(part))
    .map(({ parts }) => parts.reduce((sum, { quantity }) => sum + quantity.value, 0n));
  const printed = wholesIn(tables, part);
  const wholes = [...earlier, ...sums, ...printed];
  if (wholes.length === 0 || wholes.some((whole) => isShare(share.quantity, part.quantity, whole))) return [];
  return [ratio('share-differs', share, `${part.quantity.text} 不是其 ${share.quantity.text} (no such share)`, wholes[0], part)];
}

function wholesIn({ now }: Tables, { rule, readings, columns }: Mention): bigint[] {
  if (now === null) return [];
  const places = WHOLES[rule?.topic ?? ''] ?? [];
  const own = columns === null ? [] : readings.map((reading) => valueIn(now, reading, null)?.value);
  const found = [...own, ...places.map((plus) => valueIn(now, { says: '', plus }, null)?.value)];
  return found.filter((value) => typeof value === 'bigint');
}

/** 受理117件，办结171件，办结率100%: where both numbers are there, the rate is theirs. */
function rateFinding(rate: Mention, before: readonly Mention[]): ProseFinding[] {
  const received = before.findLast(({ near }) => /收到|受理|收办|接收|收件|登记/.test(near));
  const closed = before.findLast(
    ({ near, quantity }) => /办结|答复|办理|回复|处理/.test(near) && quantity.unit === received?.quantity.unit,
  );
  if (received === undefined || closed === undefined || received === closed) return [];
  const carried = before.find(({ near }) => /结转|转结/.test(near))?.quantity.value ?? 0n;
  const wholes = [received.quantity.value, received.quantity.value + carried];
  if (wholes.some((whole) => isShare(rate.quantity, closed.quantity, whole))) return [];
  // What was closed in time is not all that was received; more than that it cannot be.
  if (IN_TIME.test(rate.near) && closed.quantity.value <= (wholes[1] ?? 0n)) return [];
  const turned = [...plain(closed.quantity.value)].sort().join('') === [...plain(received.quantity.value)].sort().join('');
  const hint = turned ? ', 数字颠倒 (digits transposed)' : '';
  return [
    ratio(
      'share-differs',
      rate,
      `${closed.quantity.text} / ${received.quantity.text} 不是 ${rate.quantity.text} (no such rate)${hint}`,
      wholes[0],
      closed,
    ),
  ];
}

function ratio(rule: 'share-differs', share: Mention, message: string, whole: bigint | undefined, part: Mention): ProseFinding {
  const right = whole === undefined || whole === 0n ? null : plain(((part.quantity.value * 10_000n * 100n) / whole) * (ONE / 10_000n));
  return proseFinding(rule, share.sentence, { text: share.quantity.text, left: plain(share.quantity.value), right, message });
}

/** By how much the figure before it, or the one whose words stand beside it, is above last year's. */
function growthFinding(growth: Mention, before: readonly Mention[], tables: Tables): ProseFinding[] {
  const base =
    growth.rule !== null && growth.quantity.kind === 'percent'
      ? growth
      : before.findLast((other) => isFigure(other) && isOwn(other, tables));
  if (base === undefined) return [];
  const last = before.findLast((other) => other.quantity.unit === base.quantity.unit && !isOwn(other, tables) && other.year !== 'part');
  const pairs = [...pairsIn(base, tables), ...(last === undefined ? [] : [[base.quantity.value, last.quantity.value] as const])];
  const known = pairs.filter(([, then]) => then !== 0n || growth.quantity.kind === 'pieces' || growth.quantity.kind === 'money');
  if (known.length === 0 || known.some((pair) => isGrowth(growth, pair))) return [];
  const [[now, then] = [0n, 0n]] = known;
  const change = growth.quantity.kind === 'percent' ? ((now - then) * 1_000_000n) / then : now - then;
  const right = growth.quantity.kind === 'percent' ? plain(change * (ONE / 10_000n)) : plain(change);
  const message = `${growth.near}${growth.quantity.text}: 本年 ${plain(now)}, 上年 ${plain(then)} (does not follow)`;
  return [
    proseFinding('growth-differs', growth.sentence, { text: growth.quantity.text, left: plain(growth.quantity.value), right, message }),
  ];
}

/** Of the year that is reported on. Without a table any year that is not called last year's. */
function isOwn({ year }: Mention, { now }: Tables): boolean {
  return year === 'this' || (typeof year === 'number' && (now === null || year === now.year));
}

/** This year's and last year's figure of each reading that fits the number. */
function pairsIn({ readings, columns, quantity: { kind, low, high } }: Mention, { now, before }: Tables): (readonly [bigint, bigint])[] {
  if (now === null || before === null) return [];
  return readings.flatMap((reading) => {
    const [own, last] = [valueIn(now, reading, columns)?.value ?? null, valueIn(before, reading, columns)?.value ?? null];
    const fits = kind === 'percent' || (own !== null && own >= low && own <= high);
    return own === null || last === null || !fits ? [] : [[own, last] as const];
  });
}

function isGrowth({ near, quantity: { kind, low, high } }: Mention, [now, then]: readonly [bigint, bigint]): boolean {
  const change = DOWN.test(near) ? then - now : now - then;
  if (kind === 'pieces' || kind === 'money') return change >= low && change <= high;
  if (then === 0n) return false;
  const scaled = (change * ONE * (kind === 'percent' ? 100n : 1n)) / then;
  return scaled >= low && scaled <= high;
}
