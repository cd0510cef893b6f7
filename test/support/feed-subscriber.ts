/** A subscriber of the feed that is cut off, comes again, and checks what it is told against the contract. */
import { setTimeout as sleep } from 'node:timers/promises';
import { feedBookmark } from '../../src/feed/places.js';
import { followFeed, type FeedClient, type ToldPiece } from './feed-client.js';

/** `from`: index of the event behind which it begins. */
export class FeedSubscriber {
  /** `agency year` → the content it was told last. */
  readonly tables = new Map<string, string>();
  /** What was told otherwise than the contract says. */
  readonly wrong: string[] = [];
  #upTo: number;
  #told = 0;
  #last: string | undefined;
  #client: FeedClient;
  #stopped = false;
  #cuts = 0;

  constructor(
    private url: string,
    private readonly from: number,
  ) {
    this.#upTo = from;
    this.#client = this.#connect();
  }

  /** Index of the last event it was told, none before it missing. */
  get upTo(): number {
    return this.#upTo;
  }

  /** How often it was told an event. */
  get told(): number {
    return this.#told;
  }

  get client(): FeedClient {
    return this.#client;
  }

  stop = (): void => {
    this.#stopped = true;
    this.#client.close();
  };

  /** Cuts the connection and comes again after so many ms, at this address. */
  cut = async (ms: number, url: string): Promise<void> => {
    this.#cuts += 1;
    const cut = this.#cuts;
    this.#client.close();
    this.url = url;
    await sleep(ms);
    // Cut again meanwhile it comes again once.
    if (!this.#stopped && cut === this.#cuts) this.#client = this.#connect();
  };

  #connect(): FeedClient {
    let before = -1;
    const client = followFeed(this.url, {
      last: this.#last,
      // A client that is cut off before it is told anything comes again with what it asked first.
      query: `?after=${feedBookmark({ index: this.from, told: this.from })}`,
      heard: (piece) => {
        const index = Number(piece.data['index']);
        if (piece.kind === 'table' ? index !== before && before >= 0 : index <= before)
          this.wrong.push(`${piece.kind} ${index} after ${before}`);
        before = index;
        this.#hear(piece, index);
      },
    });
    // The client of a browser gives up on an answer that is no stream, such as 503: who is told so comes again.
    client.source.addEventListener('error', () => {
      if (client.source.readyState === client.source.CLOSED && client === this.#client) void this.cut(100, this.url);
    });
    return client;
  }

  #hear({ kind, id, data }: ToldPiece, index: number): void {
    this.#last = id;
    if (kind === 'table') {
      this.tables.set(`${String(data['agency'])} ${String(data['year'])}`, String(data['contentHash']));
      return;
    }
    this.#told += 1;
    if (index > this.#upTo + 1) this.wrong.push(`event ${index} after ${this.#upTo}`);
    this.#upTo = Math.max(this.#upTo, index);
  }
}
