/**
 * Places that the form of a year does not print, and a ledger counts all the same: each is figures of
 * statistics/prose/figures.ts. A cell of the form comes first.
 */
import type { Figures } from '../figures.js';

const ITEMS = 's.items-by-channel';

/** Codes whose sum it is. */
export const FIGURE_PLACES: Readonly<Record<string, readonly string[]>> = {
  released: ['s.items'],
  website: [`${ITEMS}:website`],
  weibo: [`${ITEMS}:weibo`],
  wechat: [`${ITEMS}:wechat`],
  gazette: [`${ITEMS}:gazette`],
  'bulletin-board': [`${ITEMS}:bulletin-board`],
  'press-conference-items': [`${ITEMS}:press-conference`],
  'other-channels': ['gazette', 'bulletin-board', 'press-conference', 'other'].map((channel) => `${ITEMS}:${channel}`),
  'other-channel-alone': [`${ITEMS}:other`],
  interpretations: ['s.interpretations'],
  topics: ['s.concerns'],
  'topics-weibo-wechat': ['s.concerns-by-means:weibo-wechat'],
  'in-person': ['s.applications-by-channel:in-person'],
  fax: ['s.applications-by-channel:fax'],
  online: ['s.applications-by-channel:online'],
  email: ['s.applications-by-channel:email'],
  letter: ['s.applications-by-channel:letter'],
  'other-way': ['s.applications-by-channel:other'],
  fees: ['s.fees'],
  'fees-waived': ['s.fees-waived'],
};

const CATEGORY = 's.items-by-category:';

/** The code of the category that words name, of those the ledger has: 安全生产类信息. null where they name none. */
export function categoryIn(words: string, { counted }: Figures): string | null {
  const names = [...counted.keys()].filter((code) => code.startsWith(CATEGORY)).map((code) => code.slice(CATEGORY.length));
  const named = names.filter((name) => name.length >= 2 && endsWith(words, name));
  const [longest] = named.sort((one, other) => other.length - one.length);
  return longest === undefined ? null : `${CATEGORY}${longest}`;
}

/** Nothing but what items are called stands behind the name, and nothing that would be part of it before. */
function endsWith(words: string, name: string): boolean {
  const at = words.lastIndexOf(name);
  if (at < 0) return false;
  const [before, behind] = [words.slice(0, at), words.slice(at + name.length)];
  return BEFORE.test(before) && BEHIND.test(behind);
}

const BEFORE = /(?:^|公开|发布|公布|其中|包括|含|涉及|[的“"\s□])$/;
const BEHIND = /^[”"]?(?:类|方面)(?:的)?(?:政府|政务)?(?:信息|文件)?(?:公开|发布)?(?:了|共|为)?\s*$/;
