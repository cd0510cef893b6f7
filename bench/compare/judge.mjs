// What got slower: figures of two runs, and whether they differ by more than chance. Pure.

/** A smaller share is never told from chance. Wall time is mostly what else the machine does: it must double. */
export const FLOORS = { processor: 0.15, wall: 1, memory: 0.15 };
/** From the median absolute deviation to the standard deviation of a normal distribution. */
const TO_DEVIATION = 1.4826;
const DEVIATIONS = 3;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median absolute deviation: how far rounds lie apart, whatever one of them did. */
export function spreadOf(values) {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** How far rounds lie apart as a share of their own median, as one standard deviation. */
const deviationOf = (values) => (TO_DEVIATION * spreadOf(values)) / median(values);

/**
 * `change` is a share of the figure before (0.2 = a fifth more), `noise` the share that chance explains: the floor of
 * the figure, or three deviations of both runs' rounds where these lie further apart.
 */
function judged({ part, figure, before, now }) {
  const base = median(before);
  const noise = Math.max(FLOORS[figure], DEVIATIONS * Math.hypot(deviationOf(before), deviationOf(now)));
  const change = median(now) / base - 1;
  return { part, figure, before: base, now: median(now), change, noise, verdict: verdictOf({ base, now, change, noise }) };
}

/** One round that had bad luck moves a median of few: no round may lie on the other side of the median before. */
function verdictOf({ base, now, change, noise }) {
  if (change > noise && Math.min(...now) > base) return 'slower';
  // Nothing takes less than nothing: faster is told by the same factor as slower.
  return 1 / (1 + change) - 1 > noise && Math.max(...now) < base ? 'faster' : 'same';
}

/**
 * `before` and `now`: part → figure → one value for each round, the larger the worse. `missing` are parts of before
 * that now lack or have no figures, `added` those that before lacks.
 */
export function judge(before, now) {
  const has = (parts, name) => Object.values(parts[name] ?? {}).some((values) => values.length > 0);
  const both = Object.keys(before).filter((name) => has(before, name) && has(now, name));
  const figures = both.flatMap((part) =>
    Object.keys(FLOORS)
      .filter((figure) => before[part][figure]?.length > 0 && now[part][figure]?.length > 0)
      .map((figure) => judged({ part, figure, before: before[part][figure], now: now[part][figure] })),
  );
  return {
    figures,
    missing: Object.keys(before).filter((name) => !has(now, name)),
    added: Object.keys(now).filter((name) => has(now, name) && !has(before, name)),
    slower: figures.filter(({ verdict }) => verdict === 'slower'),
  };
}
