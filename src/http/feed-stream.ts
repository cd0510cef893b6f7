/** The feed as a client reads it: an event stream of the HTML standard, of what the asker may see at each moment. */
import type { FeedBatch, FeedReader } from '../feed/feed-reader.js';
import { publicType } from '../events/catalog.js';
import { feedBookmark, type FeedPlace } from '../feed/places.js';
import type { Permission } from '../domain/agency/acts.js';
import { auditedBy } from './access/audited.js';
import { askedNow, holds, type Asker } from './access/caller.js';

/** What a feed rests on: `audit` for events, each of them for tables. */
export const FEED_PERMISSIONS: readonly Permission[] = ['audit', 'read', 'act'];
/** How long a client waits before it comes again, ms. */
const RETRY_MS = 2000;
/** A silent connection is taken for a dead one by many on the way. */
const HEARTBEAT_MS = 15_000;
/** What is handed on at once, in characters: more waits for the client to read. */
const CHUNK_CHARS = 64 * 1024;

export interface FeedFilter {
  readonly agency?: string;
  /** Of the events; tables have none. */
  readonly type?: string;
}

interface FeedTold extends FeedFilter {
  readonly asker: Asker;
  readonly now?: () => number;
  /** What is told of a batch; absent = every piece that the asker may see, as the feed has it. */
  readonly tells?: (batch: FeedBatch) => readonly string[];
  /** How its places are written. */
  readonly bookmark?: (place: FeedPlace) => string;
}

type Feed = Pick<FeedReader, 'next'>;

/**
 * Without end, until the service stops; nothing is read ahead of the client. What waits for something to tell is woken
 * where the stream ends before: else it would be closed with the next heartbeat only.
 */
export function feedStream(feed: Feed, begin: FeedPlace, told: FeedTold): AsyncGenerator<string> {
  const gone = new AbortController();
  const pieces = piecesOf(feed, begin, { ...told, gone: gone.signal });
  const [back, fail] = [pieces.return.bind(pieces), pieces.throw.bind(pieces)];
  return Object.assign(pieces, {
    return: (value: unknown) => {
      gone.abort();
      return back(value);
    },
    throw: (error: unknown) => {
      gone.abort();
      return fail(error);
    },
  });
}

async function* piecesOf(
  feed: Feed,
  begin: FeedPlace,
  { asker, gone, now = Date.now, tells, bookmark = feedBookmark, ...filter }: FeedTold & { readonly gone: AbortSignal },
): AsyncGenerator<string> {
  // A client that is cut off before the first piece comes again to where it began.
  yield `retry: ${RETRY_MS}\nid: ${bookmark(begin)}\n\n`;
  let sentAt = now();
  for (let place = begin; !gone.aborted;) {
    const batch = await feed.next(place, Math.max(0, sentAt + HEARTBEAT_MS - now()), gone);
    if (batch === 'stopped') return;
    place = batch?.place ?? place;
    for (const text of inChunks(batch === null ? [] : (tells?.(batch) ?? seenOf(batch, filter, asker)))) {
      yield text;
      sentAt = now();
    }
    if (now() - sentAt < HEARTBEAT_MS) continue;
    yield ':\n\n';
    sentAt = now();
  }
}

function seenOf({ pieces }: FeedBatch, { agency, type }: FeedFilter, asker: Asker): string[] {
  const now = askedNow(asker);
  const audits = auditedBy(now);
  return pieces
    .filter((piece) => {
      if (piece.kind === 'table') return (agency === undefined || piece.agency === agency) && holds(now, piece.agency, FEED_PERMISSIONS);
      const { event } = piece;
      if (agency !== undefined && event.metadata['agency'] !== agency) return false;
      return (type === undefined || event.type === type || event.type === publicType(type)) && audits(event);
    })
    .map(({ text }) => text);
}

function* inChunks(texts: readonly string[]): Generator<string> {
  let chunk = '';
  for (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
