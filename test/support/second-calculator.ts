/** The second calculator over the log of a test ledger, and its tables beside those of the ledger. */
import { chinaCalendar } from '../../src/calendars/china.js';
import type { EventLog } from '../../src/log/event-log.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { Calculator } from '../../src/verifier/calculator/calculator.js';
import { compareTable, type Difference, type PrintedTable } from '../../src/verifier/calculator/compare.js';
import type { CalendarYear } from '../../src/verifier/calculator/days.js';
import type { RawEvent } from '../../src/verifier/calculator/raw-event.js';
import type { TestLedger } from './ledger.js';

export const CALENDARS: readonly CalendarYear[] = [...chinaCalendar.values()].map(({ year, off, worked }) => ({
  year,
  off: [...off],
  worked: [...worked],
}));

const CHECKPOINTS = 'checkpoints';

/** Every event with a leaf, as it is stored. */
export async function rawEvents(log: EventLog): Promise<RawEvent[]> {
  const events: RawEvent[] = [];
  for (let after: string | null = null; ;) {
    const page = await log.readAll(after, 1000);
    const last = page.at(-1);
    if (last === undefined) return events;
    after = last.position;
    for (const { id, stream, revision, type, version, recordedAt, data, metadata } of page) {
      if (stream === CHECKPOINTS) continue;
      const occurredAt = typeof metadata['at'] === 'string' ? metadata['at'] : null;
      // Through JSON: nothing of the ledger's own objects is shared.
      const stored = JSON.parse(JSON.stringify({ data, metadata })) as Pick<RawEvent, 'data' | 'metadata'>;
      events.push({ index: events.length, stream, revision, eventId: id, type, version, occurredAt, recordedAt, ...stored });
    }
  }
}

/** Without what decisions added: counting must not need it. */
export function withoutDerived(event: RawEvent): RawEvent {
  const { derived: _derived, ...data } = event.data;
  return { ...event, data };
}

export function calculatorOf(events: Iterable<RawEvent>, calendars: readonly CalendarYear[] = CALENDARS): Calculator {
  const calculator = new Calculator({ calendars });
  for (const event of events) calculator.add(event);
  return calculator;
}

export interface Disagreement extends Difference {
  readonly agency: string;
  readonly year: number;
  readonly form: string;
  readonly index: number;
}

export interface Asked {
  readonly agencies: readonly string[];
  readonly years: readonly number[];
  readonly forms?: readonly string[];
  /** As of these indices; absent = the end of the log. */
  readonly at?: readonly number[];
  readonly view?: 'live';
}

/**
 * Every cell in which the ledger's own tables and the second calculator's differ, and how many cells were looked at.
 */
export async function disagreements(
  ledger: TestLedger,
  calculator: Calculator,
  { agencies, years, forms = FORMS.map(({ id }) => id), at, view }: Asked,
): Promise<{ readonly cells: number; readonly differing: Disagreement[] }> {
  let cells = 0;
  const differing: Disagreement[] = [];
  for (const index of at ?? [undefined])
    for (const agency of agencies)
      for (const year of years)
        for (const form of forms) {
          const asOf = index === undefined ? {} : { asOf: `index:${index}` };
          const asked = { agency, year, form, ...asOf, ...(view === undefined ? {} : { view }) };
          const table = (await ledger.tables.table(asked)) as PrintedTable;
          cells += table.rows.reduce((sum, row) => sum + (row.cells === undefined ? 1 : Object.keys(row.cells).length), 0);
          for (const difference of compareTable(calculator, table))
            differing.push({ agency, year, form, index: table.asOf.index ?? -1, ...difference });
        }
  return { cells, differing };
}
