/** Bookmarks of the feed: an event, and how far behind it tables were told. */
import fc from 'fast-check';
import { feedBookmark, feedPlaceOf, MOST_BEFORE_TABLES, pageBookmark, pagePlaceOf } from '../../src/feed/places.js';
import { bookmarkOf } from '../../src/read-models/lists.js';

const place = fc
  .record({ told: fc.integer({ min: -1, max: 5_000_000 }), more: fc.integer({ min: 1, max: MOST_BEFORE_TABLES }) })
  .map(({ told, more }) => ({ told, index: told + more }));

test('no table is forgotten between two connections', () => {
  // A bookmark says never that tables were told which were not, and not that four times as many are to be looked at.
  fc.assert(
    fc.property(place, ({ index, told }) => {
      const again = feedPlaceOf(feedBookmark({ index, told }));
      expect(again?.index).toBe(index);
      expect(again?.told).toBeLessThanOrEqual(told);
      expect(again?.told).toBeGreaterThanOrEqual(Math.max(-1, index - 4 * (index - told)));
    }),
    { numRuns: 300 },
  );
});

test('one event at a time has the bookmark of events', () => {
  expect(feedBookmark({ index: 7, told: 6 })).toBe(bookmarkOf('events', { index: 7, nth: 0 }));
  expect(feedBookmark({ index: 7, told: 7 })).toBe(bookmarkOf('events', { index: 7, nth: 0 }));
  expect(feedPlaceOf(feedBookmark({ index: -1, told: -1 }))).toEqual({ index: -1, told: -1 });
});

test('a page says that all of it was told', () => {
  fc.assert(
    fc.property(place, ({ index, told }) => {
      expect(pagePlaceOf(pageBookmark({ index, told: index }))).toEqual({ index, told: index });
      expect(pagePlaceOf(pageBookmark({ index, told }))).toEqual(feedPlaceOf(feedBookmark({ index, told })));
    }),
    { numRuns: 100 },
  );
});
