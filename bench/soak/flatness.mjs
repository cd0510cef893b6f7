// Whether a series of samples stays flat: its slope against how far the samples lie apart. Pure.
import { spreadOf } from '../compare/judge.mjs';

/** What comes before is warming up: caches fill, code is compiled. */
const LOOKED_AT = 3 / 4;
const DEVIATIONS = 2;
const TO_DEVIATION = 1.4826;

/** The line of least squares; `at` in any unit of time. */
function lineThrough(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [at, value] = [mean(points.map((point) => point.at)), mean(points.map((point) => point.value))];
  const along = points.reduce((sum, point) => sum + (point.at - at) ** 2, 0);
  const slope = along === 0 ? 0 : points.reduce((sum, point) => sum + (point.at - at) * (point.value - value), 0) / along;
  return { slope, start: value - slope * at };
}

/**
 * `samples`: `{at, value}` in order. `rise` is what the line climbs over the last three quarters, `spread` how far
 * samples lie from it. Flat is what rises by no more than the spread, or by no more than `floor`, which is of no
 * interest. Falling is flat. `flat` is null where there are too few samples to say.
 */
export function flatness(samples, floor) {
  const points = samples.slice(Math.floor(samples.length * (1 - LOOKED_AT)));
  if (points.length < 3) return { flat: null, first: null, last: null, rise: 0, spread: 0 };
  const { slope, start } = lineThrough(points);
  const rise = slope * (points.at(-1).at - points[0].at);
  const spread = DEVIATIONS * TO_DEVIATION * spreadOf(points.map(({ at, value }) => value - start - slope * at));
  return { flat: rise <= Math.max(spread, floor), first: points[0].value, last: points.at(-1).value, rise, spread };
}
