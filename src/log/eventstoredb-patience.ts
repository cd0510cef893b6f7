/**
 * How long calls are waited for. The client's promises may never settle, and a connection may be given up under them;
 * what is waited for here always ends.
 */
import { ConnectionRenewed } from './eventstoredb-connection.js';
import { NoAnswer, type Server } from './eventstoredb-server.js';
import { StoreUnavailable } from './event-log.js';

/** How long a call is waited for where the server is known to be away, ms. */
const AWAY_MS = 2000;

export class Patience {
  readonly #server: Server;
  readonly #timeout: number;
  /** Rejects a call that waits, each its own. */
  readonly #waiting = new Set<(why: StoreUnavailable) => void>();

  /** `timeout`: how long a call is waited for, ms. */
  constructor(server: Server, timeout: number) {
    this.#server = server;
    this.#timeout = timeout;
  }

  /** Rejects whatever waits: the log is closed. */
  close(): void {
    this.#giveUp(new StoreUnavailable('the log is closed'));
  }

  /** Rejects whatever waits for an answer of a connection that was given up. */
  renewed(): void {
    this.#giveUp(new ConnectionRenewed());
  }

  #giveUp(why: StoreUnavailable): void {
    for (const reject of [...this.#waiting]) reject(why);
  }

  /** The client's promise may never settle; this one does. An abandoned promise may fail late, and ends nothing. */
  inTime<T>(promise: Promise<T>): Promise<T> {
    const timeout = this.#server.trouble === null ? this.#timeout : Math.min(this.#timeout, AWAY_MS);
    return new Promise((resolve, reject) => {
      let given = false;
      const settle = (finish: () => void): void => {
        given = true;
        clearTimeout(timer);
        this.#waiting.delete(giveUp);
        finish();
      };
      const giveUp = (why: StoreUnavailable): void => settle(() => reject(why));
      const timer = setTimeout(() => giveUp(new NoAnswer(timeout)), timeout);
      this.#waiting.add(giveUp);
      promise.then(
        (value) => {
          // A read that was given up is cancelled, and ends as if it had been answered.
          if (!given) this.#server.settled(null);
          settle(() => resolve(value));
        },
        (error: Error) => {
          if (!given) this.#server.settled(error);
          settle(() => reject(error));
        },
      );
    });
  }

  /** What a call gives, however long a server takes that answers others: it may look through all that others wrote. */
  async whileItAnswers<T>(call: () => Promise<T>): Promise<T> {
    const promise = call();
    for (;;) {
      try {
        return await this.inTime(promise);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        await this.#server.reachable();
      }
    }
  }
}
