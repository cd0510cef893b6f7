/**
 * Which of some things in a row were moved, when they stand in another order: the fewest that, taken out, leave the
 * others in theirs. Pure.
 */
import { sure } from '../../encoding/unknown-values.js';

export interface Moved {
  /** Place before, and now, of the first of `count` that moved together. */
  readonly old: number;
  readonly now: number;
  readonly count: number;
  /** Place before of the one it changed places with; null where it did not. */
  readonly with: number | null;
}

/**
 * `pairs`: place now and before, by the place now; `count` of them. Memory grows with `count` only where the order
 * differs.
 */
export function movedOf(pairs: Iterable<readonly [number, number]>, count: number): Moved[] {
  const now = new Float64Array(count);
  const old = new Float64Array(count);
  let at = 0;
  let inOrder = true;
  for (const [place, before] of pairs) {
    now[at] = place;
    old[at] = before;
    inOrder &&= at === 0 || sure(old[at - 1]) < before;
    at += 1;
  }
  if (inOrder) return [];
  const stays = longestRising(old);
  const moved: { old: number; now: number; count: number; with: number | null }[] = [];
  for (let one = 0; one < count; one += 1) {
    if (stays[one] === 1) continue;
    const [place, before] = [sure(now[one]), sure(old[one])];
    const last = moved.at(-1);
    if (last !== undefined && last.now + last.count === place && last.old + last.count === before) last.count += 1;
    else moved.push({ old: before, now: place, count: 1, with: null });
  }
  return paired(moved, now, old);
}

/** Two that stand where the other stood are one change of places. */
function paired(moved: readonly Moved[], now: Float64Array, old: Float64Array): Moved[] {
  const [first, second] = moved;
  if (first === undefined) return [];
  if (
    moved.length === 2 &&
    second !== undefined &&
    first.count === 1 &&
    second.count === 1 &&
    first.old > second.old &&
    first.now - second.old === second.now - first.old
  )
    return [{ ...second, with: first.old }];
  // Of two side by side that changed places one is enough to move.
  const at = now.indexOf(first.now);
  for (const beside of [at - 1, at + 1]) {
    if (moved.length === 1 && first.count === 1 && Math.abs((old[beside] ?? NaN) - first.old) === 1)
      return [{ ...first, old: Math.min(first.old, sure(old[beside])), with: Math.max(first.old, sure(old[beside])) }];
  }
  return [...moved];
}

/** 1 for each that is part of one longest rising subsequence; with `orEqual` of one that never falls. */
export function longestRising(values: Float64Array, orEqual = false): Uint8Array {
  const { length } = values;
  /** Of each length the place of the smallest value that ends one so long. */
  const ends = new Int32Array(length);
  const before = new Int32Array(length);
  let longest = 0;
  for (let at = 0; at < length; at += 1) {
    let [low, high] = [0, longest];
    while (low < high) {
      const middle = (low + high) >> 1;
      const [end, value] = [values[ends[middle] as number] as number, values[at] as number];
      if (end < value || (orEqual && end === value)) low = middle + 1;
      else high = middle;
    }
    before[at] = low === 0 ? -1 : (ends[low - 1] as number);
    ends[low] = at;
    if (low === longest) longest += 1;
  }
  const part = new Uint8Array(length);
  for (let at = longest === 0 ? -1 : (ends[longest - 1] as number); at >= 0; at = before[at] as number) part[at] = 1;
  return part;
}
