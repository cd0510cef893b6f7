/**
 * The read model against the fold: for any history of applications, acts recorded late and voids among them, deadlines
 * are those of the case itself.
 */
import fc from 'fast-check';
import { chinaCalendar } from '../../src/calendars/china.js';
import type { Application } from '../../src/domain/application/state.js';
import { clockOn } from '../../src/domain/application/clock.js';
import { dateInShanghai } from '../../src/time/instant.js';
import { dateOfDay, dayNumber } from '../../src/time/working-days.js';
import { CaseStore } from '../../src/recording/facts/case-store.js';
import { application, extended, received, replied, taken } from '../support/applications.js';
import { record } from '../support/histories.js';
import { openTestLedger } from '../support/ledger.js';
import { AGENCY, setUp, type Message } from '../support/messages.js';
import { budget } from '../support/budget.js';

const FIRST = dayNumber('2021-01-04');

const PARTIES = [undefined, '甲', '乙'] as const;
const party = (named: number): Record<string, unknown> => (PARTIES[named] === undefined ? {} : { party: PARTIES[named] });

type Write = (number: string, day: string, detail: number) => Message;
const ACTS: readonly Write[] = [
  (number, day) => application('supplement-requested', number, day),
  (number, day) => application('supplemented', number, day),
  (number, day, detail) => application('third-party-consulted', number, day, party(detail % 3)),
  (number, day, detail) => application('third-party-answered', number, day, { ...party(detail % 3), answer: 'silent' }),
  (number, day, detail) => extended(number, day, 1 + detail),
  (number, day, detail) => replied(number, day, detail % 2 === 0 ? 'amend-supplement' : 'granted'),
  (number, day) => application('withdrawn', number, day),
];

/**
 * What happens to one application: days after the receipt in any order, and which of the acts before it a step takes
 * back instead.
 */
interface Step {
  readonly act: number;
  readonly after: number;
  readonly detail: number;
  readonly back: number | null;
}
const steps = fc.array(
  fc.record<Step>({ act: fc.nat(ACTS.length - 1), after: fc.nat(40), detail: fc.nat(9), back: fc.option(fc.nat(9), { freq: 4 }) }),
  { maxLength: 9 },
);

function history(number: string, law: string, start: number, some: readonly Step[]): Message[] {
  const messages = [received(number, dateOfDay(FIRST + start), { law })];
  for (const { act, after, detail, back } of some) {
    const target = back === null ? undefined : messages[back];
    const day = dateOfDay(FIRST + start + after);
    messages.push(target === undefined ? (ACTS[act] as Write)(number, day, detail) : taken(target, dateOfDay(FIRST + start + 60)));
  }
  return messages;
}

const applications = fc.array(fc.tuple(fc.constantFrom('2008', '2019'), fc.nat(60), steps), { minLength: 15, maxLength: 25 });

test('deadlines are those of the folded cases', async () => {
  // Deadlines on any day are those of the folded cases.
  await fc.assert(
    fc.asyncProperty(applications, fc.array(fc.nat(140), { minLength: 8, maxLength: 8 }), async (all, days) => {
      const ledger = openTestLedger();
      await record(ledger, setUp(AGENCY, { chain: false }));
      const histories = all.map(([law, start, some], at) => history(`a${at}`, law, start, some));
      for (const messages of histories) await ledger.send(...messages);
      await ledger.settled();
      const cases = new CaseStore(ledger.log, ledger.keys);
      for (const on of days.map((day) => dateOfDay(FIRST + day))) {
        const expected = new Map<string, unknown>();
        for (const [at] of histories.entries()) {
          const { state } = await cases.load(AGENCY, { kind: 'application', number: `a${at}` });
          const { received: receipt, clock, closed } = state.view as Application;
          if (receipt === null || receipt.on > on || (closed !== null && dateInShanghai(closed.instant) <= on)) continue;
          const { receivedOn, ordinaryEnd, dueOn, waitingFor } = clockOn(chinaCalendar, receipt.law, clock, on);
          expected.set(`application/a${at}`, { receivedOn, ordinaryEnd, dueOn, waitingFor });
        }
        const { open } = ledger.deadlines.deadlines({ agency: AGENCY, on });
        const found = open.map((one) => [
          one.case,
          { receivedOn: one.receivedOn, ordinaryEnd: one.ordinaryEnd, dueOn: one.dueOn, waitingFor: one.waitingFor ?? null },
        ]);
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
      }
      await ledger.finish();
    }),
    { numRuns: budget(3, 8) },
  );
});
