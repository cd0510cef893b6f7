/** The events behind a figure are named some at a time: whoever asks for a year's has others answered meanwhile. */
import { Figures } from '../../src/read-models/figures/figures.js';
import { eventsNamed, type ExplainedEvent, type PrintedShare } from '../../src/read-models/journal/explained-event.js';
import { explanationOf } from '../../src/tables/table.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { setUp } from '../support/messages.js';
import { turnsOf } from '../support/turns.js';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, setUp());
  await ledger.settled();
});
afterEach(() => ledger.finish());

async function explainedEvents(figures: Figures, shares: readonly PrintedShare[]): Promise<readonly ExplainedEvent[]> {
  const { events } = await explanationOf({ cell: '1', value: null, shares, named: (some) => eventsNamed(figures, some) });
  return events;
}

test('others have their turn between them', async () => {
  const figures = new Figures(ledger.store);
  const shares = Array.from({ length: 350 }, (_, at) => ({ index: at % 3, amount: String(at) }));
  const { turns, answer: events } = await turnsOf(() => explainedEvents(figures, shares));
  expect(turns).toBeGreaterThanOrEqual(3);
  expect(events).toEqual(shares.flatMap((share) => eventsNamed(figures, [share])));
});

test('of a roll-up each names its agency', async () => {
  const [event] = await explainedEvents(new Figures(ledger.store), [{ index: 0, amount: '1', agency: 'county' }]);
  expect(event).toMatchObject({ amount: '1', agency: 'county' });
});
