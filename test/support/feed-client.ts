/** A reader of the feed: the client of another maker (`eventsource`), with what it was told. */
import { EventSource } from 'eventsource';

export interface ToldPiece {
  readonly kind: 'event' | 'table';
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface FeedClient {
  readonly pieces: ToldPiece[];
  readonly source: EventSource;
  /** Indexes of the events it was told, in their order. */
  readonly indexes: () => number[];
  readonly tables: () => ToldPiece[];
  /** Of the last piece. */
  readonly lastId: () => string | undefined;
  readonly close: () => void;
}

export interface FeedOptions {
  readonly query?: string;
  /** Where an earlier client came to. */
  readonly last?: string;
  readonly token?: string;
  readonly heard?: (piece: ToldPiece) => void;
}

/** `url` of the service. */
export function followFeed(url: string, { query = '', last, token, heard = () => undefined }: FeedOptions = {}): FeedClient {
  const pieces: ToldPiece[] = [];
  const headers: Record<string, string> = {
    ...(last === undefined ? {} : { 'last-event-id': last }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const source = new EventSource(`${url}/v1/feed${query}`, {
    // The client sends its own bookmark once it has one.
    fetch: (address, init) => fetch(address, { ...init, headers: { ...headers, ...init.headers } }),
  });
  for (const kind of ['event', 'table'] as const)
    source.addEventListener(kind, ({ lastEventId: id, data }: { readonly lastEventId: string; readonly data: string }) => {
      const piece = { kind, id, data: JSON.parse(data) as ToldPiece['data'] };
      pieces.push(piece);
      heard(piece);
    });
  return {
    pieces,
    source,
    indexes: () => pieces.filter(({ kind }) => kind === 'event').map(({ data }) => Number(data['index'])),
    tables: () => pieces.filter(({ kind }) => kind === 'table'),
    lastId: () => pieces.at(-1)?.id,
    close: () => source.close(),
  };
}

/** Until it is connected. */
export function opened({ source }: FeedClient): Promise<void> {
  return new Promise((resolve) => {
    if (source.readyState === source.OPEN) resolve();
    else source.addEventListener('open', () => resolve());
  });
}
