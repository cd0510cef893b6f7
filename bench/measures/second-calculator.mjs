// Every event through the second calculator and every year's table of every agency; and the least it needs: reading and
// parsing the same events.
import { chinaCalendar } from '../../dist/calendars/china.js';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';
import { Calculator } from '../../dist/verifier/calculator/calculator.js';
import { timed } from '../measure.mjs';

const PAGE = 1000;

async function readThrough(file, take) {
  const log = new SqliteEventLog({ file, readonly: true });
  let index = 0;
  let after = null;
  for (;;) {
    const page = await log.readAll(after, PAGE);
    if (page.length === 0) break;
    for (const event of page) take(event, index++);
    after = page.at(-1).position;
  }
  await log.close();
  return index;
}

export async function calculated({ log }) {
  const calendars = [...chinaCalendar.values()].map(({ year, off, worked }) => ({ year, off: [...off], worked: [...worked] }));
  let tables = 0;
  const calculator = new Calculator({ calendars });
  const { value, seconds, cpu } = await timed(async () => {
    const count = await readThrough(log, ({ id, ...event }, index) => calculator.add({ ...event, index, eventId: id, occurredAt: null }));
    for (const agency of calculator.agencies())
      for (const year of calculator.years(agency)) {
        calculator.table({ agency, year, form: calculator.formOf(agency, year) ?? '2021' });
        tables += 1;
      }
    return count;
  });
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { count: value, seconds, cpu, tables, held: heapUsed + arrayBuffers, peak: process.resourceUsage().maxRSS * 1024 };
}

export async function read({ log }) {
  let bytes = 0;
  const { value, seconds, cpu } = await timed(() => readThrough(log, ({ revision }) => (bytes += revision)));
  return { count: value, seconds, cpu, bytes, peak: process.resourceUsage().maxRSS * 1024 };
}
