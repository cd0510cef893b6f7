/**
 * Where a reader of the feed is, and the bookmark that says it. A bookmark is one of the list of events; beside the
 * event it says how far behind that event the tables were last told. So a reader that was cut off between an event and
 * the tables it moved is told of these again, by any replica.
 */
import { bookmarkOf, placeOf } from '../read-models/lists.js';

/** The list whose bookmarks these are: that of `GET /v1/events`. */
const EVENTS = 'events';
/** One digit of a bookmark, as a power of this: how many events were told since the tables were. */
const BASE = 4;
const DIGITS = 10;

/** Events that may be told before the tables are: what a bookmark can say. */
export const MOST_BEFORE_TABLES = BASE ** (DIGITS - 1);

/** Both are indexes of the ledger, -1 before the first event. */
export interface FeedPlace {
  /** The last event that was told. */
  readonly index: number;
  /** Tables are told as they are after this event, or a later one. */
  readonly told: number;
}

export function feedBookmark({ index, told }: FeedPlace): string {
  let nth = 0;
  while (BASE ** nth < index - told) nth += 1;
  return bookmarkOf(EVENTS, { index, nth });
}

/** null where none is given. Errors: `bad-parameter` for what is no bookmark of events. */
export function feedPlaceOf(bookmark: string | undefined): FeedPlace | null {
  const place = placeOf(EVENTS, bookmark);
  return place === null ? null : { index: place.index, told: Math.max(-1, place.index - BASE ** place.nth) };
}

/** The list of a page's places that say: all tables up to this event are on it, or were told. */
const DRAWN = 'drawn';

/**
 * The bookmark of a page. The feed tells a table again to who comes back behind it; a page that was drawn with it, or
 * was told, must not take that for something newer.
 */
export function pageBookmark(place: FeedPlace): string {
  return place.told < place.index ? feedBookmark(place) : bookmarkOf(DRAWN, { index: place.index, nth: 0 });
}

/** null where none is given. Errors: `bad-parameter` for what is no bookmark of a page. */
export function pagePlaceOf(bookmark: string | undefined): FeedPlace | null {
  const said = Buffer.from(bookmark ?? '', 'base64url').toString();
  if (!said.startsWith(`${DRAWN} `)) return feedPlaceOf(bookmark);
  const place = placeOf(DRAWN, bookmark);
  return place === null ? null : { index: place.index, told: place.index };
}
