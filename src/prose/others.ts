/** Numbers that are judged with others of their sentence: 其他, and channels that share a cell. */
import type { JudgedMention, Tables, Verdict } from './judge.js';
import { valueIn } from './judge.js';
import { one } from './rule.js';
import { OTHER_WAYS } from './rules/release.js';

export function othersJudged(judged: readonly JudgedMention[], tables: Tables): JudgedMention[] {
  const channels = channelsTogether(judged);
  return channels.map((one) => (one.mention.rule?.id === 'others' ? asRest(one, judged, tables) : one));
}

/** 公告栏10条、新闻发布会5条 are together the row of other ways; one of them alone is a part of it. */
function channelsTogether(judged: readonly JudgedMention[]): JudgedMention[] {
  const shared = judged.filter(({ mention, readings: [first] }) => mention.dimension === 'channel' && first?.says === OTHER_WAYS);
  const cell = shared[0]?.readings[0]?.value ?? null;
  if (cell === null || (shared.length === 1 && /其[他它]/.test(shared[0]?.mention.near ?? ''))) return [...judged];
  const sum = shared.reduce((total, { mention }) => total + mention.quantity.value, 0n);
  const verdict: Verdict = sum === cell ? 'held' : sum < cell && shared.length === 1 ? 'part' : 'differs';
  return judged.map((one) => (shared.includes(one) ? { ...one, verdict } : one));
}

/** What 其他 may take in, where the row 其他 alone is not meant. */
const RESULTS = [
  ...['granted', 'already-public', 'partly-granted', 'refused', 'unavailable', 'not-processed', 'otherwise'],
  ...['other-agency', 'not-existing', 'supplement', 'other-channel'],
];

/**
 * 其他 is the row of that name, or all rows that the sentence does not name. It is not one row of another name: a report
 * that calls 部分公开 其他 has shifted its labels. 其余 is what is left, whatever that is.
 */
function asRest(one: JudgedMention, judged: readonly JudgedMention[], { now }: Tables): JudgedMention {
  if (now === null || one.verdict === 'held') return one;
  const named = new Set(judged.map(({ mention }) => mention.rule?.id));
  const left = RESULTS.filter((place) => !named.has(place)).flatMap((place) => valueOf(now, place));
  const filled = left.filter(({ value }) => value > 0n);
  const sum = filled.reduce((total, { value }) => total + value, 0n);
  const isRest = /其余/.test(one.mention.near) || filled.length > 1 || filled.some(({ place }) => place === 'otherwise');
  const cells = filled.flatMap((row) => row.cells);
  const fits = sum >= one.mention.quantity.low && sum <= one.mention.quantity.high;
  if (cells.length === 0 || (!isRest && one.readings.some(({ value }) => value !== null))) return one;
  const readings = [...one.readings, { says: '其余各项', cells, value: sum, fits: fits && isRest }];
  return { ...one, readings, verdict: fits && isRest ? 'held' : 'differs' };
}

function valueOf(now: NonNullable<Tables['now']>, place: string): { place: string; value: bigint; cells: readonly string[] }[] {
  const judged = valueIn(now, one(place, place), null);
  return judged?.value == null ? [] : [{ place, value: judged.value, cells: judged.cells }];
}
