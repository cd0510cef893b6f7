/**
 * The calendar a decision gets: the agency's own announcement, else that of the nearest agency above it that day, else
 * the built-in year.
 */
import { emptyCase } from '../../src/domain/case.js';
import type { Command } from '../../src/domain/acts.js';
import type { Agency } from '../../src/domain/agency/state.js';
import { plainActRules } from '../../src/domain/small-kinds/plain-rules.js';
import { parseInstant } from '../../src/time/instant.js';
import type { AnyRules } from '../../src/domain/kinds.js';
import { calendarFor, calendarLanes, type CalendarFacts } from '../../src/recording/facts/calendars.js';
import { CaseStore, type LoadedCase } from '../../src/recording/facts/case-store.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, message, setUp, type Message } from '../support/messages.js';

let ledger: TestLedger;
beforeEach(async () => {
  ledger = openTestLedger();
  await record(ledger, [...setUp('city'), ...setUp('county'), ...setUp(AGENCY)]);
  await record(ledger, [under('city', 'county', '2010-02-01'), under('county', AGENCY, '2020-01-01')]);
});
afterEach(() => ledger.finish());

const under = (parent: string, agency: string, from: string): Message =>
  message('agency.changed', `agency/${agency}`, at('2010-02-01'), 'root', { parent, from }, { agency });
const announced = (agency: string, year: number, more: Partial<Message> = {}): Message =>
  message(
    'calendar.announced',
    `calendar/${year}`,
    at('2019-11-20'),
    'root',
    { year, off: [], worked: [], notice: agency },
    { agency, ...more },
  );

async function facts(type: string, on: string): Promise<CalendarFacts | null> {
  const cases = new CaseStore(ledger.log, ledger.keys);
  const agency = (await cases.load(AGENCY, { kind: 'agency', number: AGENCY })).state.view as Agency;
  const rules = plainActRules[0] as unknown as AnyRules;
  const loaded: LoadedCase = { stream: 'application-a/1', rules, state: emptyCase(rules), revision: null, sealKey: null, bytes: 0 };
  const instant = parseInstant(at(on)) as number;
  const command = {
    type,
    eventId: 'e',
    agency: AGENCY,
    subject: { kind: 'application', number: '1' },
    at: at(on),
    instant,
    on,
    actor: 'clerk',
    data: {},
  } as Command;
  return calendarFor(command, loaded, agency, (code, ref) => cases.load(code, ref));
}

test('own before above before built-in', async () => {
  // Own before above before built-in, as the agency stood that day.
  await record(ledger, [announced('city', 2021), announced('county', 2021), announced('city', 2022), announced(AGENCY, 2030)]);
  const found = await facts('application.replied', '2021-03-01');
  expect(found?.calendar.get(2021)?.notice).toBe('county');
  expect(found?.calendar.get(2022)?.notice).toBe('city');
  expect(found?.calendar.get(2023)?.eventId).toBeUndefined();
  expect(found?.calendar.has(2030)).toBe(false);
  expect(found?.calendarUsed).toEqual({
    builtIn: 'china-2008-2026/1',
    announced: [
      { year: 2021, eventId: found?.calendar.get(2021)?.eventId },
      { year: 2022, eventId: found?.calendar.get(2022)?.eventId },
    ],
  });
  // before it came under the county nothing above it counts
  expect((await facts('application.replied', '2019-12-31'))?.calendarUsed.announced).toEqual([]);
  await record(ledger, [announced(AGENCY, 2021)]);
  expect((await facts('application.replied', '2021-03-01'))?.calendar.get(2021)?.notice).toBe(AGENCY);
});

test('acts without deadlines get and await no calendar', async () => {
  // Acts that ask no calendar get none, and wait for no announcement.
  expect(await facts('application.received', '2021-03-01')).toBeNull();
  expect(calendarLanes({ type: 'publication.released' })).toEqual({ writes: [], reads: [] });
  expect(calendarLanes({ type: 'application.replied' }).reads).toEqual(calendarLanes({ type: 'calendar.announced' }).writes);
});

test('bad fields, dates and subjects are refused', async () => {
  // What a message may not say: other fields, dates that do not exist, other subjects.
  const codes = async (...messages: Message[]): Promise<unknown[]> =>
    (await ledger.send(...messages)).map(({ error }) => error?.code ?? null);
  const data = { year: 2021, off: ['2021-01-01'], worked: [], notice: '通知' };
  const say = (change: Record<string, unknown>): Message => announced(AGENCY, 2021, { data: { ...data, ...change } });
  expect(
    await codes(
      say({ off: ['2021-02-29'] }),
      say({ off: '2021-01-01' }),
      say({ worked: undefined }),
      say({ year: '2021' }),
      say({ name: '元旦' }),
      say({ notice: ' ' }),
      say({ year: 2022, off: [] }),
      announced(AGENCY, 2021, { subject: 'meeting/2021' }),
      announced(AGENCY, 2021, { actor: 'office' }),
      say({}),
    ),
  ).toEqual([
    'invalid-data',
    'invalid-data',
    'invalid-data',
    'invalid-data',
    'unknown-field',
    'invalid-data',
    'bad-subject',
    'bad-subject',
    'not-administrator',
    null,
  ]);
  await ledger.settled();
  expect(ledger.trails.case(AGENCY, { kind: 'calendar', number: '2021' })).toMatchObject({ state: 'announced', title: '通知', acts: 1 });
});
