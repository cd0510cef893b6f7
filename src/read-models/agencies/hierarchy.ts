/** Which agencies are below another, once the read models have everything the log holds. */
import { StoreUnavailable } from '../../log/event-log.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import type { ReadStore } from '../read-store.js';
import { descendantsOn, LATEST } from './agency-reader.js';

/** How long a decision waits for the read models, ms. */
const PATIENCE_MS = 5000;

export class Hierarchy {
  readonly #store: ReadStore;
  readonly #caughtUp: (timeout: number) => Promise<boolean>;

  constructor(store: ReadStore, caughtUp: (timeout: number) => Promise<boolean>) {
    this.#store = store;
    this.#caughtUp = caughtUp;
  }

  /** Codes, without vertical agencies and what is below them. Errors: `StoreUnavailable`. */
  async below(agency: string, on: CalendarDate): Promise<readonly string[]> {
    if (!(await this.#caughtUp(PATIENCE_MS))) throw new StoreUnavailable('the read models have not come so far');
    return descendantsOn(this.#store.db, agency, on, LATEST)
      .filter(({ vertical }) => !vertical)
      .map(({ agency: { code } }) => code);
  }
}
