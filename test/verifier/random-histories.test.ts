/**
 * Random histories: the second calculator, without what decisions added, gives every cell of every form and year as the
 * ledger prints it, now and as of earlier events.
 */
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadStore } from '../../src/read-models/read-store.js';
import { NO_IDENTITY } from '../../src/recording/sender.js';
import { AGENCIES, sendAll } from '../support/histories.js';
import { identified, sendIdentified } from '../support/identified-histories.js';
import { openTestLedger, recorderBeside, type TestLedger } from '../support/ledger.js';
import type { Message } from '../support/messages.js';
import { MIXED_YEARS, mixedHistory, mixedMessages } from '../support/mixed-histories.js';
import { calculatorOf, disagreements, rawEvents, withoutDerived } from '../support/second-calculator.js';
import { budget } from '../support/budget.js';

const YEARS = [...MIXED_YEARS, 2023];
const RUNS = Number(process.env['HISTORY_RUNS'] ?? budget(1, 3));
const SEED = Number(process.env['HISTORY_SEED'] ?? 20171231);

async function expectAgreement(ledger: TestLedger, moments: readonly number[]): Promise<number> {
  await ledger.settled();
  const events = (await rawEvents(ledger.log)).map(withoutDerived);
  const calculator = calculatorOf(events);
  const now = await disagreements(ledger, calculator, { agencies: AGENCIES, years: YEARS });
  expect(now.differing).toEqual([]);
  // Beside a table declared for the year, the counted one.
  const live = await disagreements(ledger, calculator, { agencies: AGENCIES, years: YEARS, view: 'live' });
  expect(live.differing).toEqual([]);
  const at = moments.map((moment) => 30 + (moment % (events.length - 30)));
  const earlier = await disagreements(ledger, calculator, { agencies: AGENCIES, years: YEARS.filter((_, n) => n % 2 === 0), at });
  expect(earlier.differing).toEqual([]);
  return now.cells + live.cells + earlier.cells;
}

test('every cell of random histories agrees', async () => {
  // Every cell of random histories, live, beside paper, and as of earlier events.
  let cells = 0;
  const types = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(mixedHistory, fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), async (steps, moments) => {
      const ledger = openTestLedger();
      try {
        const messages = mixedMessages(steps);
        const receipts = await sendAll(ledger, messages);
        messages.forEach(({ type }, nth) => {
          if (receipts[nth]?.status === 'recorded') types.set(type, (types.get(type) ?? 0) + 1);
        });
        cells += await expectAgreement(ledger, moments);
      } finally {
        await ledger.discard();
      }
    }),
    { seed: SEED, numRuns: RUNS, endOnFailure: true },
  );
  expect(cells).toBeGreaterThan(budget(30_000, 100_000));
  for (const type of [
    'record.voided',
    'calendar.announced',
    'table.declared',
    'agency.figure-declared',
    'application.extended',
    'agency.changed',
  ])
    expect([type, (types.get(`disclosure.${type}`) ?? 0) > budget(0, 2)]).toEqual([type, true]);
});

test('histories under permissions and tokens agree', async () => {
  // Permissions count nothing, and an act counts the same whatever attests it.
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(mixedHistory, fc.array(fc.nat(1_000_000), { minLength: 300, maxLength: 300 }), async (steps, dice) => {
      const ledger = openTestLedger();
      try {
        await sendIdentified(ledger, identified(mixedMessages(steps), dice));
        await expectAgreement(ledger, dice.slice(0, 2));
        const events = await rawEvents(ledger.log);
        for (const { type, data, metadata } of events)
          for (const what of [type, `${type} ${String(metadata['attestation'])}`, ...(data['attested'] === true ? ['attested'] : [])])
            seen.set(what, (seen.get(what) ?? 0) + 1);
        const counted = calculatorOf(events.filter(({ type }) => !type.startsWith('agency.permission-')));
        expect((await disagreements(ledger, counted, { agencies: AGENCIES, years: YEARS })).differing).toEqual([]);
      } finally {
        await ledger.discard();
      }
    }),
    { seed: SEED + 2, numRuns: Math.ceil(RUNS / 2), endOnFailure: true },
  );
  for (const what of [
    'agency.permission-granted',
    'agency.permission-ended',
    'attested',
    'publication.cleared own-token',
    'publication.approved own-token',
    'publication.released own-token',
    'hotspot.answered own-token',
    'hotspot.answered none',
  ])
    expect([what, (seen.get(what) ?? 0) > 0]).toEqual([what, true]);
});

test('histories with ids slipping through agree', async () => {
  // The same where ids of other cases slip through.
  let reused = 0;
  await fc.assert(
    fc.asyncProperty(mixedHistory, fc.array(fc.nat(), { minLength: 300, maxLength: 300 }), async (steps, dice) => {
      const ledger = openTestLedger();
      const folder = mkdtempSync(join(tmpdir(), 'disclosure-behind-'));
      const behind = new ReadStore(join(folder, 'read.db'));
      try {
        const ids: Pick<Message, 'id' | 'source'>[] = [];
        for (const [nth, said] of mixedMessages(steps).entries()) {
          const roll = dice[nth % dice.length] as number;
          const { id, source } = ids[roll % (ids.length || 1)] ?? said;
          const sent = nth > 60 && roll % 6 === 0 && !said.type.startsWith('disclosure.agency.r') ? { ...said, id, source } : said;
          const { status } = await recorderBeside(ledger, behind).recordValue(sent, NO_IDENTITY);
          if (status !== 'recorded') continue;
          if (sent !== said) reused += 1;
          ids.push({ id: sent.id, source: sent.source });
        }
        await expectAgreement(ledger, dice.slice(0, 2));
      } finally {
        await ledger.discard();
        behind.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { seed: SEED + 1, numRuns: Math.ceil((RUNS + 1) / 2), endOnFailure: true },
  );
  expect(reused).toBeGreaterThan(budget(8, 20));
});
