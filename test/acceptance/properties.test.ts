/**
 * Random histories through the ordinary recorder: set-up, items, voids, late arrivals, repeats, ids used twice.
 * Whatever was accepted, the tables keep the rules of their form, are explained to the last event, come out the same
 * again, and agree with a count made here from the messages.
 */
import fc from 'fast-check';
import type { Receipt } from '../../src/recording/receipts.js';
import { AGENCIES, checkExplained, figuresOf, history, played, sendAll, YEARS } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import type { Message } from '../support/messages.js';
import { budget } from '../support/budget.js';

const RUNS = { seed: 20170101, numRuns: 6, endOnFailure: true };

// ---- a count by the words of the contract, from the messages alone --------------------------------------------------

const shanghai = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', year: 'numeric' });
const yearOf = (act: Message): number => Number(shanghai.format(new Date(act.time)));
const typeOf = (act: Message): string => act.type.slice('disclosure.'.length);
const key = (source: string, id: string): string => JSON.stringify([source, id]);

/** The accepted messages of an agency that no accepted void takes back, in the order of recording. */
function standingOf(accepted: readonly Message[], agency: string): Message[] {
  const voided = new Set(
    accepted
      .filter((act) => typeOf(act) === 'record.voided')
      .map((act) => {
        const { id, source } = (act.data as { message: { id: string; source?: string } }).message;
        return key(source ?? act.source, id);
      }),
  );
  return accepted.filter((act) => act.agency === agency && !voided.has(key(act.source, act.id)));
}

/** The earliest per name; of two at the same instant the one recorded first. */
function earliest(acts: readonly Message[], nameOf: (act: Message) => string): Message[] {
  const first = new Map<string, Message>();
  for (const act of acts) {
    const known = first.get(nameOf(act));
    if (known === undefined || Date.parse(act.time) < Date.parse(known.time)) first.set(nameOf(act), act);
  }
  return [...first.values()];
}

function naiveTable(accepted: readonly Message[], agency: string, year: number): Record<string, string> {
  const standing = standingOf(accepted, agency);
  const of = (...types: string[]): Message[] => standing.filter((act) => types.includes(typeOf(act)));
  const counted = (acts: readonly Message[]): number => acts.filter((act) => yearOf(act) === year).length;
  const added = (acts: readonly Message[], field: string): number =>
    acts.filter((act) => yearOf(act) === year).reduce((sum, act) => sum + (act.data?.[field] as number), 0);
  const with_ = (acts: readonly Message[], field: string, ...values: unknown[]): Message[] =>
    acts.filter((act) => values.includes(act.data?.[field]));

  const releases = of('publication.released');
  const firstReleases = earliest(releases, ({ subject }) => subject);
  const normative = new Set(
    of('publication.drafted')
      .filter((act) => act.data?.['normative'] !== undefined)
      .map(({ subject }) => subject),
  );
  const answers = of('hotspot.answered');
  const byMeans = earliest(answers, (act) => `${act.subject} ${act.data?.['means'] as string}`);
  const conferences = of('press-conference.held');
  const deliveries = of('delivery.made');
  const declared = (cell: string): string | undefined =>
    of('agency.figure-declared').findLast((act) => act.data?.['cell'] === cell && act.data['year'] === year)?.data?.['value'] as
      string | undefined;

  const numbers: Record<string, number> = {
    '1.1': counted(firstReleases),
    '1.1.of1': counted(firstReleases.filter(({ subject }) => normative.has(subject))),
    '1.1.ref1': counted(of('normative-document.issued')),
    '1.2.1': counted(with_(releases, 'channel', 'website')),
    '1.2.2': counted(with_(releases, 'channel', 'weibo')),
    '1.2.3': counted(with_(releases, 'channel', 'wechat')),
    '1.2.4': counted(with_(releases, 'channel', 'gazette', 'bulletin-board', 'press-conference', 'other')),
    '2.1': counted(earliest(answers, ({ subject }) => subject)),
    '2.2.1': counted(conferences),
    '2.2.1.of1': counted(with_(conferences, 'chiefAttended', true)),
    '2.2.2': counted(of('interpretation.published')),
    '2.2.3': counted(with_(byMeans, 'means', 'weibo-wechat')),
    '2.2.4': counted(with_(byMeans, 'means', 'other')),
    '7': added(deliveries, 'items'),
    '7.1': added(with_(deliveries, 'medium', 'paper'), 'items'),
    '7.2': added(with_(deliveries, 'medium', 'electronic'), 'items'),
    '9.3': Number(declared('9.3.1') ?? 0) + Number(declared('9.3.2') ?? 0),
    '10.1': counted(of('meeting.held')),
    '10.2': counted(of('training.held')),
    '10.3': added(of('training.held'), 'trainees'),
  };
  const table = Object.fromEntries(Object.entries(numbers).filter(([, amount]) => amount !== 0)) as Record<string, number | string>;
  for (const cell of ['9.1', '9.2', '9.3.1', '9.3.2', '9.4']) {
    const value = declared(cell);
    if (value !== undefined && value !== '0') table[cell] = value;
  }
  return Object.fromEntries(Object.entries(table).map(([cell, value]) => [cell, String(value)]));
}

// ---- the properties -------------------------------------------------------------------------------------------------

const acceptedOf = (messages: readonly Message[], receipts: readonly Receipt[]): Message[] =>
  messages.filter((_, index) => receipts[index]?.status === 'recorded');

async function everyTable(look: (agency: string, year: number) => Promise<void>): Promise<void> {
  for (const agency of AGENCIES) for (const year of [...YEARS, 2019]) await look(agency, year);
}

const tableOf = (ledger: TestLedger, agency: string, year: number): ReturnType<TestLedger['tables']['table']> =>
  ledger.tables.table({ agency, year, form: '2014-shandong' });

test('tables of random histories hold and agree', async () => {
  // Tables of random histories: the rules hold, every figure is explained, and a naive count agrees.
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const ledger = openTestLedger();
      const messages = played(steps);
      const receipts = await sendAll(ledger, messages);
      for (const { status, error } of receipts) seen.set(error?.code ?? status, (seen.get(error?.code ?? status) ?? 0) + 1);
      const accepted = acceptedOf(messages, receipts);
      await ledger.settled();
      await everyTable(async (agency, year) => {
        const table = await tableOf(ledger, agency, year);
        expect({ agency, year, errors: table.findings.filter(({ severity }) => severity === 'error') }).toEqual({
          agency,
          year,
          errors: [],
        });
        expect({ agency, year, ...figuresOf(table) }).toEqual({ agency, year, ...naiveTable(accepted, agency, year) });
        // Every cell of one year, the figures of the others: an explanation of each of 69 cells takes its time.
        await checkExplained(ledger, agency, year, year === 2016 ? undefined : Object.keys(figuresOf(table)));
      });
      // Replay from nothing equals live, byte for byte.
      await ledger.finish();
    }),
    RUNS,
  );
  // The histories are worth something: much was accepted, and a good deal refused for many reasons.
  expect(seen.get('recorded')).toBeGreaterThan(500);
  expect(seen.get('duplicate')).toBeGreaterThan(5);
  for (const code of ['id-reused', 'already-released', 'depended-upon', 'unknown-case', 'already-exists', 'out-of-order']) {
    expect([code, seen.get(code)]).toEqual([code, expect.any(Number)]);
  }
  expect(seen.get('store-unavailable')).toBeUndefined();
});

test('a history sent again changes nothing', async () => {
  // The whole history sent again records nothing and changes nothing.
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const ledger = openTestLedger();
      const messages = played(steps);
      const receipts = await sendAll(ledger, messages);
      // What was refused may be accepted the second time, when what it waited for has come: only what was recorded is
      // sent again.
      const accepted = acceptedOf(messages, receipts);
      await ledger.settled();
      const before = { head: await ledger.log.head(), tables: [] as unknown[] };
      await everyTable(async (agency, year) => void before.tables.push(await tableOf(ledger, agency, year)));
      const first = new Map(
        receipts.flatMap((receipt) =>
          receipt.status === 'recorded' ? [[key(receipt.source ?? '', receipt.id ?? ''), receipt] as const] : [],
        ),
      );
      for (const again of await sendAll(ledger, accepted)) {
        const { stream, revision, position, eventIds } = first.get(key(again.source ?? '', again.id ?? '')) as Receipt;
        expect(again).toMatchObject({ status: 'duplicate', stream, revision, position, eventIds });
      }
      await ledger.settled();
      const after = { head: await ledger.log.head(), tables: [] as unknown[] };
      await everyTable(async (agency, year) => void after.tables.push(await tableOf(ledger, agency, year)));
      expect(after).toEqual(before);
      await ledger.finish();
    }),
    { ...RUNS, seed: 20170102, numRuns: budget(1, 3) },
  );
});

test('the order of cases changes no figure', async () => {
  // The order in which cases arrive does not matter to the figures. Messages of one case keep their order; cases are
  // sent one after the other instead of mixed. Set-up first, as always.
  const byCase = (messages: readonly Message[]): Message[] => {
    const groups = new Map<string, Message[]>();
    for (const one of messages) {
      const name = `${one.agency} ${one.subject}`;
      groups.set(name, [...(groups.get(name) ?? []), one]);
    }
    return [...groups.values()].flat();
  };
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const [mixed, grouped] = [openTestLedger(), openTestLedger()];
      const messages = played(steps);
      const accepted = acceptedOf(messages, await sendAll(mixed, messages));
      const receipts = await sendAll(grouped, byCase(accepted));
      expect(receipts.filter(({ status }) => status !== 'recorded')).toEqual([]);
      await Promise.all([mixed.settled(), grouped.settled()]);
      await everyTable(async (agency, year) => {
        const [one, other] = [await tableOf(mixed, agency, year), await tableOf(grouped, agency, year)];
        expect(other.rows).toEqual(one.rows);
      });
      await mixed.finish();
      await grouped.finish();
    }),
    { ...RUNS, seed: 20170103, numRuns: budget(1, 3) },
  );
});
