/**
 * What a page is told while somebody looks at it: that something newer was recorded which he may see, and nothing of
 * it. It is the feed with other words; src/main.ts hands it to the pages, as one edge does not import the other.
 */
import type { FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { FeedBatch, FeedReader } from '../feed/feed-reader.js';
import { pageBookmark, pagePlaceOf } from '../feed/places.js';
import { askedNow, askerOf, holds, type Asker } from './access/caller.js';
import { streamed } from './access/streamed.js';
import { FEED_PERMISSIONS, feedStream } from './feed-stream.js';

/** Of one agency; `stream` of one case of it. */
interface Watched {
  readonly agency: string;
  readonly stream?: string;
}

export function pageChanges(feed: FeedReader) {
  return {
    /** Where a page stands that is drawn now. */
    place: (): string => pageBookmark(feed.placeOf(undefined)),
    /** Behind a place. Errors: `unknown-agency`, `bad-parameter` for what is no place. */
    follow: (request: Pick<FastifyRequest, 'asker'>, watched: Watched, after: string | undefined): Readable => {
      const asker = askerOf(request);
      feed.requireFilter({ agency: watched.agency });
      const tells = (batch: FeedBatch): readonly string[] => (concerns(batch, watched, asker) ? [changed(batch)] : []);
      const begin = pagePlaceOf(after) ?? feed.placeOf(undefined);
      return streamed(asker, FEED_PERMISSIONS, feedStream(feed, begin, { asker, tells, bookmark: pageBookmark }));
    },
  };
}

/** Whether something in it is for the asker: acts for who sees cases, a table that moved for every reader. */
function concerns({ pieces }: FeedBatch, { agency, stream }: Watched, asker: Asker): boolean {
  const now = askedNow(asker);
  if (!holds(now, agency, FEED_PERMISSIONS)) return false;
  const seesCases = holds(now, agency, ['act', 'audit']);
  return pieces.some((piece) => {
    if (piece.kind === 'table') return stream === undefined && piece.agency === agency;
    const { event } = piece;
    return seesCases && event.metadata['agency'] === agency && (stream === undefined || event.stream === stream);
  });
}

function changed({ place }: FeedBatch): string {
  return `event: changed\nid: ${pageBookmark(place)}\ndata: {"index":${place.index}}\n\n`;
}
