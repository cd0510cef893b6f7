/** Every list that gives pages, walked while eight senders write: nothing is left out, nothing comes twice. */
import { AgencyLister } from '../../src/read-models/agencies/agency-lister.js';
import type { CaseFilters } from '../../src/read-models/cases/case-list.js';
import { LIST_LIMIT, type PageAsked } from '../../src/read-models/lists.js';
import { OfficerReader } from '../../src/read-models/officers/officer-reader.js';
import { openTestLedger, TEST_NOW, type TestLedger } from '../support/ledger.js';
import { AGENCY, at, hashOf, message, setUp, type Message } from '../support/messages.js';
import { whileEightSend } from '../support/senders.js';

interface Listed {
  readonly keys: readonly string[];
  readonly next: string | null;
}

type List = (asked: PageAsked) => Listed;

/** Each of them by the name its elements have for ever. */
function listsOf(ledger: TestLedger): { readonly [name: string]: List } {
  const { store } = ledger;
  const cases =
    (filters: CaseFilters): List =>
    (asked) => {
      const { cases: found, next } = ledger.caseList.list({ agency: AGENCY, ...filters, ...asked });
      return { keys: found.map((one) => one.case), next };
    };
  return {
    cases: cases({}),
    drafted: cases({ kind: 'publication', state: 'drafted' }),
    waiting: cases({ waitingFor: 'office-reviewer' }),
    acted: cases({ actor: 'drafter' }),
    officers: (asked) => {
      const { officers, next } = new OfficerReader(store).list({ agency: AGENCY, ...asked });
      return { keys: officers.map(({ actor }) => actor), next };
    },
    agencies: (asked) => {
      const { agencies, next } = new AgencyLister(store, () => TEST_NOW).list(asked);
      return { keys: agencies.map(({ agency }) => agency), next };
    },
    refusals: (asked) => {
      const { refusals, next } = ledger.refusals.list(asked);
      return { keys: refusals.map(({ refusalId }) => refusalId), next };
    },
  };
}

/** Cases that begin and go on, new officers, agencies in between, refusals of which some come again and some leave. */
function turn(sender: number, nth: number): Message[] {
  const name = `${sender}-${nth}`;
  const contentHash = hashOf(name);
  const drafted = message('publication.drafted', `publication/${name}`, at('2017-05-01'), 'drafter', { title: '信息', contentHash });
  const cleared = message('publication.cleared', drafted.subject, at('2017-05-02'), 'office', {
    step: 'office',
    verdict: 'passed',
    contentHash,
  });
  const met = message('meeting.held', `meeting/${name}`, at('2017-05-01'), `clerk-${(nth * 7) % 30}-${sender}`, { title: '会' });
  const refused = { ...met, id: `refused-${name}`, subject: `meeting/refused-${name}`, data: {} };
  const first = { ...refused, id: `first-${sender}`, subject: `meeting/first-${sender}`, actor: 'clerk', time: at('2017-05-01') };
  const mended = nth % 3 === 1 ? [{ ...refused, data: { title: '会' } }] : [];
  const founded = nth % 2 === 0 ? setUp(`z${(nth * 11) % 100}-${sender}`).slice(0, 1) : [];
  return [drafted, ...(nth % 2 === 0 ? [cleared] : []), met, refused, ...mended, first, ...founded];
}

const wholeOf = (list: List): readonly string[] => {
  const { keys, next } = list({ limit: LIST_LIMIT });
  expect(next).toBeNull();
  return keys;
};

/** Page by page, as somebody who goes on behind each; others write meanwhile. */
async function walked(list: List, limit: number, more: () => Promise<unknown>): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | undefined; ;) {
    const { keys, next } = list({ limit, ...(after === undefined ? {} : { after }) });
    found.push(...keys);
    if (next === null) return found;
    after = next;
    await more();
  }
}

interface Walk {
  readonly list: string;
  readonly before: readonly string[];
  readonly found: readonly string[];
  readonly after: readonly string[];
}

/** What is there all the time comes, and once; nobody is there who was not; the order is that of the whole list. */
function faultsOf({ before, found, after }: Walk): string[] {
  const all = new Set(found);
  const rest = new Set(after);
  const stayed = after.filter((key) => all.has(key));
  return [
    ...found.filter((key, at) => found.indexOf(key) !== at).map((key) => `${key} came twice`),
    ...before.filter((key) => rest.has(key) && !all.has(key)).map((key) => `${key} was left out`),
    ...(stayed.join() === found.filter((key) => rest.has(key)).join() ? [] : ['the order changed']),
  ];
}

test('lists have no gaps, nothing comes twice', async () => {
  const ledger = openTestLedger();
  await ledger.send(...setUp());
  await ledger.settled();
  const lists = Object.entries(listsOf(ledger));
  const walks: Walk[] = [];
  await whileEightSend(ledger, {
    turns: 40,
    turn,
    look: async (_last, more) => {
      const limit = 5 + (walks.length % 9);
      const walk = async ([name, list]: readonly [string, List]): Promise<void> => {
        const before = wholeOf(list);
        const found = await walked(list, limit, more);
        walks.push({ list: name, before, found, after: wholeOf(list) });
      };
      await Promise.all(lists.map(walk));
    },
  });
  expect(walks.flatMap((walk) => faultsOf(walk).map((fault) => `${walk.list}: ${fault}`))).toEqual([]);
  // Lists were written to while somebody walked them, and each has many pages at the end.
  expect(walks.filter(({ before, after }) => before.join() !== after.join()).length).toBeGreaterThan(lists.length);
  for (const [name, list] of lists) expect([name, wholeOf(list).length > 30]).toEqual([name, true]);
  await ledger.finish();
});
