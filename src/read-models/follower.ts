/**
 * What the rest of the program asks of who applies the events to the read models, in this thread or in another one: how
 * far they are, and to be told when they are further.
 */
import { comparePositions, type EventLog } from '../log/event-log.js';
import type { Bookmark } from './read-store.js';

export interface RunnerStatus {
  readonly bookmarks: readonly Bookmark[];
  /** The end of the log was reached at least once since the start. */
  readonly caughtUp: boolean;
  /**
   * Why nothing is applied just now, and tried again: a full disk, a log that does not answer; null while it goes on.
   */
  readonly failing: string | null;
  /** Why nothing is applied any more: the log is broken or cannot be read; null while it runs. */
  readonly broken: string | null;
}

export abstract class Follower {
  readonly #log: Pick<EventLog, 'head'>;
  readonly #waiters = new Set<() => void>();

  constructor(log: Pick<EventLog, 'head'>) {
    this.#log = log;
  }

  abstract start(): void;

  /** Resolves when nothing is applied any more: what was begun is committed, or was not begun. */
  abstract stop(): Promise<void>;

  /** Looks at the disk too. */
  abstract status(): RunnerStatus;

  /** The end of the log has been reached once since the start. Asked for every message. */
  abstract get isCaughtUp(): boolean;

  /** How often what applies the events has been started again, as it died. */
  abstract get restarts(): number;

  /** Position that every running read model has reached; null before the bookmarks are known to be of this log. */
  abstract get reachedPosition(): string | null;

  /** Nothing will be applied any more. */
  protected abstract get hasEnded(): boolean;

  /**
   * Resolves true when every running read model has reached the position, false after `timeout` ms or when nothing will
   * reach it.
   */
  async reached(position: string, timeout: number): Promise<boolean> {
    const has = (): boolean => {
      const { reachedPosition } = this;
      return reachedPosition !== null && comparePositions(reachedPosition, position) >= 0;
    };
    return this.until(has, timeout);
  }

  /** Resolves true when the end of the log has been reached once since the start. */
  started(timeout: number): Promise<boolean> {
    return this.until(() => this.isCaughtUp, timeout);
  }

  /** Resolves true when the end of the log as it was at some moment after the call began has been reached. */
  async caughtUp(timeout: number): Promise<boolean> {
    const head = await this.#log.head();
    return head === null ? this.started(timeout) : this.reached(head, timeout);
  }

  /**
   * Resolves true when the condition holds, which is looked at whenever something was applied; false after `timeout` ms
   * or when nothing will be applied any more.
   */
  until(condition: () => boolean, timeout: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    if (this.hasEnded) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (value: boolean): void => {
        clearTimeout(timer);
        this.#waiters.delete(look);
        resolve(value);
      };
      const look = (): void => {
        if (condition()) settle(true);
        else if (this.hasEnded) settle(false);
      };
      const timer = setTimeout(() => settle(condition()), timeout);
      this.#waiters.add(look);
    });
  }

  /** To be called whenever an answer of the above may have changed. */
  protected wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }
}
