/** The summary of a year and the waits of its reviews, counted again from the trail of each case. */
import fc from 'fast-check';
import { parseCaseName } from '../../src/domain/identifiers.js';
import { sure } from '../../src/encoding/unknown-values.js';
import { ReadStore } from '../../src/read-models/read-store.js';
import { standingParameters, standingRows } from '../../src/read-models/trail/standing-acts.js';
import { duration } from '../../src/time/duration.js';
import { dateInShanghai, parseInstant } from '../../src/time/instant.js';
import type { TrailEntry } from '../../src/read-models/trail/trail-reader.js';
import { budget } from '../support/budget.js';
import { AGENCIES, history, played, sendAll, YEARS } from '../support/histories.js';
import { at, hashOf, message } from '../support/messages.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { queryPlan } from '../support/query-plan.js';

interface Acted {
  readonly kind: string;
  readonly entries: readonly TrailEntry[];
  readonly inYear: readonly TrailEntry[];
}

const isIn =
  (year: number) =>
  ({ at }: TrailEntry): boolean =>
    dateInShanghai(sure(parseInstant(at))).startsWith(`${year}-`);
const has = (entries: readonly TrailEntry[], type: string): boolean => entries.some((entry) => entry.type.endsWith(`.${type}`));
const firstReleases = ({ entries }: Acted): TrailEntry[] => entries.filter(({ type }) => type.endsWith('publication.released')).slice(0, 1);

function recounted(cases: readonly Acted[], year: number): Record<string, number> {
  return {
    reviewed: cases.filter(({ inYear }) => has(inYear, 'publication.cleared')).length,
    returned: cases.filter(({ inYear }) => inYear.some(({ verdict }) => verdict === 'returned')).length,
    released: cases.filter((one) => firstReleases(one).some(isIn(year))).length,
    releasedWithoutReview: cases.filter(({ inYear }) =>
      inYear.some(({ type, remarks }) => type.endsWith('publication.released') && remarks.some(({ code }) => code === 'without-review')),
    ).length,
  };
}

/** Every case that is reviewed, with its acts that stand. */
function reviewed({ store, trails }: TestLedger, agency: string, year: number): Acted[] {
  return store.db
    .prepare<unknown[], string>("SELECT DISTINCT kind || '/' || number FROM cases WHERE kind IN ('publication', 'application', 'report')")
    .pluck()
    .all()
    .flatMap((name) => {
      const of = sure(parseCaseName(name));
      if (store.db.prepare('SELECT 1 FROM streams WHERE stream = ?').get(`${of.kind}-${agency}/${of.number}`) === undefined) return [];
      const entries = trails.trail(agency, of).entries.filter(({ remarks }) => !remarks.some(({ code }) => code === 'voided'));
      return [{ kind: of.kind, entries, inYear: entries.filter(isIn(year)) }];
    });
}

const waited = (cases: readonly Acted[]): string[] =>
  cases.flatMap(({ inYear }) =>
    inYear.flatMap(({ type, waited: since }) => (/\.(cleared|approved|rejected)$/.test(type) ? (since ?? []) : [])),
  );

/** The random acts return nothing. */
const RETURNED = [
  message(
    'publication.drafted',
    'publication/90',
    at('2016-05-04'),
    'drafter',
    { title: '信息', contentHash: hashOf('90') },
    { agency: 'reviewing' },
  ),
  message(
    'publication.cleared',
    'publication/90',
    at('2016-05-04', 10),
    'office',
    { step: 'office', verdict: 'returned', contentHash: hashOf('90'), opinion: '涉及第三方' },
    { agency: 'reviewing' },
  ),
];

test('a year counts what its trails show', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      const ledger = openTestLedger();
      await sendAll(ledger, [...played(steps), ...RETURNED]);
      await ledger.settled();
      for (const agency of AGENCIES)
        for (const year of YEARS) {
          const cases = reviewed(ledger, agency, year);
          const counted = recounted(
            cases.filter(({ kind }) => kind === 'publication'),
            year,
          );
          expect(ledger.trails.year(agency, year)).toMatchObject(counted);
          const waits = ledger.trails.waits(agency, year).flatMap((step) => step.waits.map((ms) => duration(ms)));
          expect(waits.sort()).toEqual(waited(cases).sort());
          for (const [name, count] of Object.entries({ ...counted, waits: waits.length })) seen.set(name, (seen.get(name) ?? 0) + count);
        }
      await ledger.finish();
    }),
    { numRuns: budget(20, 200), seed: 2017, endOnFailure: true },
  );
  for (const [name, count] of seen) expect([name, count > 0]).toEqual([name, true]);
});

test('what was under way is found by an index', () => {
  const store = new ReadStore(':memory:');
  while (store.createNextIndex());
  const asked = { agencyId: 1, index: 9, year: 2017, kinds: ['publication', 'report'] };
  const plan = queryPlan(store.db, `SELECT tr.idx ${standingRows(asked)}`, ...standingParameters(asked));
  expect(plan[0]).toContain('cases_by_days (agency_id=? AND kind=? AND last_on>?)');
  for (const step of plan) expect(step).toMatch(/^SEARCH .* USING (COVERING INDEX|(INTEGER )?PRIMARY KEY)/);
  store.close();
});
