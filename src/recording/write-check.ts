/** Whether messages are taken just now: what a load balancer asks before it sends any. */
import { causeOf, membersOf, messageOf } from '../encoding/unknown-values.js';
import type { EventLog } from '../log/event-log.js';
import type { Freshness } from '../read-models/freshness.js';
import type { Follower } from '../read-models/follower.js';
import type { CaseKeys } from '../sealing/case-keys.js';

export interface WriteParts {
  readonly log: EventLog;
  readonly keys: CaseKeys;
  readonly freshness: Freshness;
  /** null where another process writes. */
  readonly runner: Pick<Follower, 'status'> | null;
}

export class WriteCheck {
  readonly #parts: WriteParts;

  constructor(parts: WriteParts) {
    this.#parts = parts;
  }

  /** Why every message is refused; null where they are taken. */
  async refused(): Promise<string | null> {
    const { log, keys, freshness, runner } = this.#parts;
    if (runner === null) return 'another process writes this ledger';
    const { caughtUp, broken, failing } = runner.status();
    const away = log.trouble ?? freshness.cutOff;
    if (away !== null) return away;
    // A repeat would not be recognised before that.
    if (!caughtUp) return broken ?? failing ?? 'the read models are still being built from the log';
    try {
      await log.writable();
      keys.writable();
      return null;
    } catch (error) {
      const { message: why } = membersOf(causeOf(error));
      return typeof why === 'string' ? `${messageOf(error)}: ${why}` : messageOf(error);
    }
  }
}
