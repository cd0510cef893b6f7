/**
 * Any sequence of commands on one case: nothing throws, the fold and its step by step agree, and what the rules promise
 * holds of the state.
 */
import fc from 'fast-check';
import type { AnyFacts } from '../../src/domain/acts.js';
import { standingOf, type CaseRules, type CaseState } from '../../src/domain/case.js';
import type { Standing } from '../../src/domain/facts.js';
import { describeDocument, describeHotspot, describePublication } from './described.js';
import { firstRelease, type Publication } from '../../src/domain/publication/state.js';
import { publicationRules } from '../../src/domain/publication/rules.js';
import { hotspotRules } from '../../src/domain/small-kinds/hotspot.js';
import { normativeDocumentRules } from '../../src/domain/small-kinds/normative-document.js';
import {
  agencyWith,
  assigned,
  chainSet,
  specification,
  STAFF,
  standardAgency,
  unreviewedAgency,
  type Doing,
} from '../support/given-when-then.js';
import { draft, FIRST_VERSION, release, revise, SIGNED, SIGNED_AGAIN, V2 } from './items.js';
import { deliveryRules, meetingRules } from './rules.js';
import { act, foldsAlike, takingBack, walk } from './walking.js';
import { budget } from '../support/budget.js';

const hash = fc.constantFrom(FIRST_VERSION, V2);

const publicationAct = fc.oneof(
  act('publication.drafted', fc.record({ title: fc.constant('信息'), contentHash: hash })),
  act('publication.revised', fc.record({ contentHash: hash })),
  {
    arbitrary: act(
      'publication.cleared',
      fc.record({
        step: fc.constantFrom('office', 'regulations'),
        verdict: fc.constantFrom('passed', 'passed', 'passed', 'returned', 'escalated'),
        contentHash: hash,
      }),
    ),
    weight: 5,
  },
  { arbitrary: act('publication.approved', fc.record({ contentHash: hash })), weight: 3 },
  act('publication.rejected', fc.constant({ reason: 'x' })),
  {
    arbitrary: act('publication.released', fc.record({ channel: fc.constantFrom('website', 'weibo', 'gazette'), contentHash: hash })),
    weight: 5,
  },
  act('publication.checked', fc.constant({ finding: 'ok' })),
  { arbitrary: act('publication.corrected', fc.record({ contentHash: hash, reason: fc.constant('x') })), weight: 2 },
  act(
    'publication.withdrawn',
    fc.oneof(
      fc.constant({ reason: 'x' }),
      fc.constantFrom('website', 'weibo').map((channel) => ({ reason: 'x', channel })),
    ),
  ),
  { arbitrary: takingBack, weight: 5 },
);

const AGENCIES = {
  reviewed: standardAgency(assigned('leader', 'office-reviewer'), assigned('office', 'regulations-reviewer')),
  unreviewed: unreviewedAgency(),
  changing: agencyWith(
    ...STAFF,
    chainSet('2017-01-01T09:00:00+08:00', [], null),
    chainSet('2017-03-05T09:00:00+08:00'),
    chainSet('2017-03-09T09:00:00+08:00', [], null),
  ),
};

describe.each(Object.entries(AGENCIES))('an agency with a chain: %s', (_name, agency) => {
  const start = specification(publicationRules, { agency });
  const runs = { seed: 20170301, numRuns: budget(80, 250) };
  // Some begin well on their way, so that rare states are reached as often as common ones.
  const openings: readonly (readonly Doing[])[] = [
    [draft('03-01')],
    SIGNED,
    [...SIGNED, release('03-02')],
    [...SIGNED, release('03-02'), revise('03-03')],
    [...SIGNED, release('03-02'), ...SIGNED_AGAIN],
  ];
  const history = fc
    .tuple(fc.constantFrom(...openings), fc.array(publicationAct, { minLength: 5, maxLength: 40 }))
    .map(([opening, acts]) => [...opening, ...acts]);

  test('steps and fold agree', () => {
    // Where it stands step by step is where its fold says it stands.
    fc.assert(
      fc.property(history, (doings) => {
        walk(start, doings, ({ given, standing }) => expect(standing).toEqual(describePublication(given.state.view)));
      }),
      runs,
    );
  });

  test('the fold never fails, stepwise or whole', () => {
    // The fold never fails, and folding all at once is folding one by one.
    fc.assert(
      fc.property(history, (doings) => {
        foldsAlike(publicationRules, walk(start, doings, () => undefined).given.state.acts);
      }),
      runs,
    );
  });

  test('nobody signs his own version, or passes twice', () => {
    // Nobody signs his own version, the approver cleared nothing, each pass is another person’s.
    fc.assert(
      fc.property(history, (doings) => {
        walk(start, doings, ({ given }, recorded) => {
          const view = given.state.view;
          if (view.status === 'unknown') return;
          const passed = view.round.clearings.filter(({ verdict }) => verdict === 'passed').map(({ actor }) => actor);
          expect(new Set(passed).size).toBe(passed.length);
          if (recorded.type === 'publication.cleared' || recorded.type === 'publication.approved')
            expect(view.drafters).not.toContain(recorded.actor);
          if (recorded.type === 'publication.approved')
            expect(view.round.clearings.map(({ actor }) => actor)).not.toContain(recorded.actor);
          expect(new Set(view.releases.map(({ channel }) => channel)).size).toBe(view.releases.length);
        });
      }),
      runs,
    );
  });

  test('changes of the first release add up', () => {
    // The changes of the first release add up to the first release that stands.
    fc.assert(
      fc.property(history, (doings) => {
        const { given } = walk(start, doings, () => undefined);
        const counts = new Map<string, number>();
        const add = (on: string | null, amount: number): void => void (on !== null && counts.set(on, (counts.get(on) ?? 0) + amount));
        for (const { derived } of given.state.acts) {
          const { firsts = [] }: AnyFacts = derived;
          for (const { was, is } of firsts) {
            add(was, -1);
            add(is, 1);
          }
        }
        const view: Publication = given.state.view;
        const first = view.status === 'unknown' ? undefined : firstRelease(view);
        expect([...counts].filter(([, amount]) => amount !== 0)).toEqual(first === undefined ? [] : [[first.on, 1]]);
      }),
      runs,
    );
  });
});

test.each([
  [
    hotspotRules,
    act(
      'hotspot.answered',
      fc.record({ topic: fc.constantFrom('一', '二'), means: fc.constantFrom('other', 'weibo-wechat', 'interpretation') }),
    ),
    describeHotspot,
  ],
  [meetingRules, act('meeting.held', fc.record({ title: fc.constantFrom('一', '二') })), null],
  [
    deliveryRules,
    act('delivery.made', fc.record({ place: fc.constantFrom('一', '二'), medium: fc.constant('paper'), items: fc.constant(1) })),
    null,
  ],
  [
    normativeDocumentRules,
    fc.oneof(
      act('normative-document.issued', fc.record({ documentNumber: fc.constant('1'), title: fc.constantFrom('一', '二') })),
      act('normative-document.repealed', fc.record({ documentNumber: fc.constant('1'), title: fc.constantFrom('一', '二') })),
    ),
    describeDocument,
  ],
] as unknown as [CaseRules<unknown>, fc.Arbitrary<Doing>, ((view: unknown) => Standing) | null][])(
  '$kind: step by step and fold agree',
  (rules, one, view) => {
    // Of a plain act nothing is folded that says where its case stands: there the acts are asked.
    const describes = (state: CaseState<unknown>): Standing => view?.(state.view) ?? standingOf(rules, state);
    fc.assert(
      fc.property(fc.array(fc.oneof({ arbitrary: one, weight: 2 }, takingBack), { maxLength: 25 }), (doings) => {
        const { given } = walk(specification(rules, { agency: AGENCIES.reviewed }), doings, (here) =>
          expect(here.standing).toEqual(describes(here.given.state)),
        );
        foldsAlike(rules, given.state.acts);
      }),
      { seed: 7, numRuns: budget(60, 200) },
    );
  },
);
