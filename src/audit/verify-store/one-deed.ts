/**
 * One deed, one finding. A change of the log shows in several ways: an event that was taken out also contradicts a
 * checkpoint, makes the log shorter than was signed, and leaves a gap. What tells best what was done is the finding;
 * the rest stands under it as `also`. Pure.
 */
import type { Place, Rule, StoreFinding, Trace } from './findings.js';

export interface Deeds {
  readonly found: readonly StoreFinding[];
  /** Events that the log has now, and how many are known to be missing from it beside those cut off its end. */
  readonly size: number;
  readonly missing: number;
}

/** Findings that say where the log itself was touched. */
const LOCATED: ReadonlySet<Rule> = new Set([
  'event-changed',
  'event-removed',
  'event-inserted',
  'event-reordered',
  'event-unreadable',
  'event-duplicate',
  'stream-removed',
  'stream-replaced',
  'stream-gap',
  'log-truncated',
]);
/** Of what is said of one checkpoint the first of these tells best. */
const OF_CHECKPOINT: readonly Rule[] = [
  'checkpoint-inserted',
  'cosignature-forged',
  'checkpoint-changed',
  'checkpoint-unreadable',
  'checkpoint-signature',
  'checkpoint-contradicted',
];
/** What a stream that the store was told to withhold leaves of it. */
const OF_WITHHELD: ReadonlySet<Rule> = new Set(['stream-gap', 'stream-removed', 'event-removed']);
/** What an event says of itself once it was changed or put in. */
const OF_EVENT: ReadonlySet<Rule> = new Set(['event-inconsistent', 'published-table']);

export function oneDeed({ found, size, missing }: Deeds): StoreFinding[] {
  const also = new Map<StoreFinding, Trace[]>();
  const folded = new Set<StoreFinding>();
  const fold = (into: StoreFinding | undefined, one: StoreFinding): void => {
    if (into === undefined || into === one || folded.has(into)) return;
    folded.add(one);
    // What the one had gathered goes along.
    also.set(into, [...(also.get(into) ?? []), { rule: one.rule, where: one.where }, ...(also.get(one) ?? [])]);
    also.delete(one);
  };
  const standing = (test: (one: StoreFinding) => boolean): StoreFinding | undefined => found.find((one) => !folded.has(one) && test(one));
  for (const one of found) {
    if (OF_WITHHELD.has(one.rule))
      fold(
        standing(({ rule, where }) => rule === 'stream-withheld' && where.stream === one.where.stream),
        one,
      );
    if (OF_EVENT.has(one.rule))
      fold(
        standing((other) => LOCATED.has(other.rule) && isSameEvent(other.where, one.where)),
        one,
      );
  }
  for (const one of found) fold(tellsBetter(one, standing), one);
  foldShorter({ found, size, missing }, standing, fold);
  for (const one of found) {
    if (folded.has(one)) continue;
    if (one.rule === 'checkpoint-contradicted')
      fold(
        standing((other) => isLocated(other) && overlaps(other.where, one.where)),
        one,
      );
    if (one.rule === 'read-model-stopped')
      fold(
        standing(({ rule }) => LOCATED.has(rule) || OF_CHECKPOINT.includes(rule)),
        one,
      );
  }
  return found
    .filter((one) => !folded.has(one))
    .map((one) => {
      const traces = also.get(one);
      return traces === undefined ? one : { ...one, also: traces };
    });
}

type Standing = (test: (one: StoreFinding) => boolean) => StoreFinding | undefined;

/** Of the same checkpoint, what tells more of it. */
function tellsBetter({ rule, where }: StoreFinding, standing: Standing): StoreFinding | undefined {
  const rank = OF_CHECKPOINT.indexOf(rule);
  if (rank < 0 || typeof where.checkpoint !== 'number') return undefined;
  return standing((other) => {
    const better = OF_CHECKPOINT.indexOf(other.rule);
    return better >= 0 && better < rank && other.where.checkpoint === where.checkpoint;
  });
}

/** A log that is shorter than was signed: put back, cut off, or events taken out of it. */
function foldShorter(
  { found, size, missing }: Deeds,
  standing: Standing,
  fold: (into: StoreFinding | undefined, one: StoreFinding) => void,
): void {
  const back = found.find(({ rule }) => rule === 'log-rolled-back');
  if (back === undefined) return;
  const cutOff = standing(({ rule }) => rule === 'log-truncated');
  const taken = standing(({ rule }) => rule === 'checkpoint-removed');
  // Without its last checkpoints it is an older log; with them somebody cut events off and left them.
  if (cutOff !== undefined && taken === undefined) return fold(cutOff, back);
  const short = (back.where.to ?? size) + 1 - size;
  if (cutOff === undefined && taken === undefined && missing >= short)
    return fold(
      standing(({ rule }) => rule === 'event-removed' || rule === 'stream-removed' || rule === 'stream-gap' || rule === 'stream-withheld'),
      back,
    );
  for (const one of [cutOff, taken]) if (one !== undefined) fold(back, one);
}

const isLocated = ({ rule }: StoreFinding): boolean => LOCATED.has(rule) || rule === 'stream-withheld' || rule === 'log-rolled-back';

/** A stream that is withheld says no index: whatever is contradicted may be of it. */
function overlaps({ index, to }: Place, range: Place): boolean {
  if (index === undefined) return true;
  return index <= (range.to ?? range.index ?? Infinity) && (to ?? index) >= (range.index ?? 0);
}

function isSameEvent(a: Place, b: Place): boolean {
  return a.stream === b.stream && (a.revision === b.revision || a.revision === undefined);
}
