/** Since when one case stands where it stands, whom it waits for and when it is due; now, or as it stood. */
import { streamOf, type CaseRef } from '../../domain/identifiers.js';
import { preparedOnce, type Preparing } from '../../sqlite/statements.js';
import type { CalendarDate } from '../../time/calendar-date.js';
import { dateInShanghai, parseInstant } from '../../time/instant.js';
import { agencyIdOf, LATEST } from '../agencies/agency-reader.js';
import { DueDates } from '../deadlines/due-dates.js';
import type { DeadlineReader } from '../deadlines/deadline-reader.js';
import { describeMoment } from '../journal/as-of.js';
import type { ReadStore } from '../read-store.js';
import type { CaseAsOf } from './case-as-of.js';
import { CaseWaits, type Standing, type Waiting } from './case-waits.js';

export interface CasePlace {
  /** The day of the act that brought the state, in Asia/Shanghai. */
  readonly since: CalendarDate;
  readonly waitsFor: readonly Waiting[];
  /** Of an open application; null while something is awaited. */
  readonly dueOn: CalendarDate | null;
}

export interface CasePlaceParts {
  readonly store: ReadStore;
  readonly deadlines: DeadlineReader;
  readonly now: () => number;
}

export class CasePlaceReader {
  readonly #parts: CasePlaceParts;
  #preparing: Preparing | null = null;

  constructor(parts: CasePlaceParts) {
    this.#parts = parts;
  }

  get #db(): Preparing {
    return (this.#preparing ??= preparedOnce(this.#parts.store.db));
  }

  /** Of a case that is there. `then`: as it stood at an earlier moment. */
  of(agency: string, ref: CaseRef, then?: CaseAsOf): CasePlace {
    return then === undefined ? this.#now(agency, ref) : this.#then(agency, ref, then);
  }

  #now(agency: string, ref: CaseRef): CasePlace {
    const instant = this.#parts.now();
    const on = dateInShanghai(instant);
    const agencyId = agencyIdOf(this.#db, agency);
    const row = this.#db
      .prepare<unknown[], Standing & { readonly since: CalendarDate }>(
        `SELECT c.stream_id AS streamId, c.kind, c.number, c.state, c.erased, c.since_on AS since FROM streams s CROSS JOIN cases c USING (stream_id)
         WHERE s.stream = ?`,
      )
      .get(streamOf(agency, ref));
    if (row === undefined) throw new Error(`${agency} has no case that was found a moment ago`);
    const waits = new CaseWaits(this.#db, { agencyId, index: LATEST, on, instant });
    const due = ref.kind === 'application' ? new DueDates(this.#db, { agency: agencyId, on }).of(row.streamId) : null;
    return { since: row.since, waitsFor: waits.of(row), dueOn: due };
  }

  #then(agency: string, ref: CaseRef, { index, place }: CaseAsOf): CasePlace {
    const { store, deadlines } = this.#parts;
    const instant = parseInstant(describeMoment(store.db, { index }).recordedAt ?? '') ?? 0;
    const on = dateInShanghai(instant);
    const agencyId = agencyIdOf(this.#db, agency);
    const waits = new CaseWaits(this.#db, { agencyId, index, on, instant });
    const [due] = ref.kind === 'application' ? deadlines.deadlines({ agency, on, asOf: `index:${index}`, case: ref }).open : [];
    return { since: place.since, waitsFor: waits.from(ref.kind, ref.number, place.progress, true), dueOn: due?.dueOn ?? null };
  }
}
