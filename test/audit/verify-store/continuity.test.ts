/** What may be wrong with the streams of a log is doubted; what is sound is known to be. */
import fc from 'fast-check';
import { Continuity } from '../../../src/audit/verify-store/continuity.js';

interface Seen {
  readonly stream: string;
  readonly revision: number;
}

const idOf = (at: number): Buffer => Buffer.from(String(at).padStart(32, '0'), 'utf8').reverse();

function isSound(events: readonly Seen[], id: (at: number) => Buffer = idOf): boolean {
  const continuity = new Continuity();
  events.forEach(({ stream, revision }, at) => continuity.take(stream, revision, id(at)));
  return continuity.isSound();
}

/** Each event is the next of its stream. */
function gapless(streams: readonly number[]): Seen[] {
  const counts = new Map<number, number>();
  return streams.map((stream) => {
    const revision = counts.get(stream) ?? 0;
    counts.set(stream, revision + 1);
    return { stream: `publication-a/${stream}`, revision };
  });
}

test('streams without gaps are sound', () => {
  // More streams and ids than there is room for at first.
  expect(isSound(gapless(Array.from({ length: 150_000 }, (_, at) => (at * 7) % 60_000)))).toBe(true);
  expect(isSound([])).toBe(true);
});

test('a gap, a repeat, a lost id are doubted', () => {
  const streams = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(streams, fc.nat(), (some, where) => {
      const events = gapless(some);
      const at = where % events.length;
      expect(isSound(events)).toBe(true);
      expect(isSound(events.map((event, index) => (index === at ? { ...event, revision: event.revision + 1 } : event)))).toBe(false);
      expect(isSound(events, (index) => idOf(index === at ? (at + 1) % events.length : index))).toBe(events.length === 1);
      expect(isSound(events, (index) => (index === at ? Buffer.alloc(0) : idOf(index)))).toBe(false);
    }),
    { endOnFailure: true },
  );
});
