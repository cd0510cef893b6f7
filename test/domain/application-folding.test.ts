/**
 * Any sequence of commands on an application or a remedy: nothing throws, fold and step by step agree, and what the
 * rules promise holds.
 */
import { describeApplication, describeRemedy } from './described.js';
import fc from 'fast-check';
import { applicationRules } from '../../src/domain/application/rules.js';
import type { Act, AnyFacts } from '../../src/domain/acts.js';
import { basisOf } from '../../src/domain/case.js';
import { remedyRules } from '../../src/domain/small-kinds/remedy.js';
import {
  agencyWith,
  assigned,
  chainSet,
  specification,
  STAFF,
  standardAgency,
  unreviewedAgency,
  type Doing,
  type Given,
} from '../support/given-when-then.js';
import { clear, decided, draft, GRANTED, receive, remake, reply, signed } from './applications.js';
import { FIRST_VERSION, V2 } from './items.js';
import { act, foldsAlike, takingBack, walk } from './walking.js';
import { budget } from '../support/budget.js';

const AMEND = { outcome: 'amend-supplement', contentHash: FIRST_VERSION };
const SECOND = { ...GRANTED, contentHash: V2 };
const hash = fc.constantFrom(FIRST_VERSION, V2);
const what = fc.oneof(
  { arbitrary: fc.record({ outcome: fc.constantFrom('granted', 'amend-supplement'), contentHash: hash }), weight: 4 },
  fc.record({ outcome: fc.constant('refused'), ground: fc.constantFrom('privacy', 'state-secret'), contentHash: hash }),
);
const party = fc.constantFrom({}, { party: 'A' }, { party: 'B' });
const nothing = fc.constant({});

const anyAct: fc.Arbitrary<Doing> = fc.oneof(
  act('application.received', fc.constant(receive().data)),
  act('application.supplement-requested', nothing),
  act('application.supplemented', nothing),
  act('application.third-party-consulted', party),
  act(
    'application.third-party-answered',
    party.map((of) => ({ ...of, answer: 'agreed' })),
  ),
  act(
    'application.extended',
    fc.record({ days: fc.integer({ min: 1, max: 16 }), reason: fc.constant('x'), approvedBy: fc.constant('leader') }),
  ),
  { arbitrary: act('application.reply-drafted', what), weight: 2 },
  act('application.reply-revised', what),
  {
    arbitrary: act(
      'application.cleared',
      fc.record({
        step: fc.constantFrom('office', 'regulations'),
        verdict: fc.constantFrom('passed', 'passed', 'passed', 'returned', 'escalated'),
        contentHash: hash,
      }),
    ),
    weight: 5,
  },
  { arbitrary: act('application.approved', fc.record({ contentHash: hash })), weight: 3 },
  { arbitrary: act('application.replied', what), weight: 4 },
  {
    arbitrary: fc
      .tuple(act('application.reply-remade', what), fc.constantFrom('lawsuit/1', 'complaint/1'))
      .map(([doing, orderedBy]) => ({ ...doing, data: { ...doing.data, orderedBy } })),
    weight: 2,
  },
  act('application.fee-charged', fc.constant({ amountFen: 1, basis: 'x' })),
  act('application.abandoned', fc.constant({ reason: 'other' })),
  act('application.withdrawn', nothing),
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
const runs = { seed: 20190515, numRuns: budget(80, 250) };

describe.each(Object.entries(AGENCIES))('an agency with a chain: %s', (name, agency) => {
  const start = specification(applicationRules, { agency, decisions: [decided('lawsuit/1', '03-04')] });
  const answered =
    name === 'unreviewed' ? [receive('03-01'), reply('03-02')] : [receive('03-01 08:00'), ...signed('03-06'), reply('03-07')];
  // Some begin well on their way, so that rare states are reached as often as common ones.
  const openings: readonly (readonly Doing[])[] = [
    [receive('03-01')],
    [receive('03-01'), draft('03-01')],
    answered,
    [...answered, draft('03-08', GRANTED)],
    ...(name === 'unreviewed'
      ? [[...answered, remake('03-05', 'lawsuit/1')]]
      : [
          [receive('03-01'), draft('03-06'), clear('03-06', 'office-2', 'office', { verdict: 'returned' })],
          [receive('03-01'), ...signed('03-06', AMEND), reply('03-07', AMEND)],
          [...answered, ...signed('03-08', SECOND), remake('03-09', 'lawsuit/1', SECOND)],
        ]),
  ];
  const history = fc
    .tuple(fc.constantFrom(...openings), fc.array(anyAct, { minLength: 5, maxLength: 40 }))
    .map(([opening, acts]) => [...opening, ...acts]);

  test('steps and fold agree', () => {
    // Where it stands step by step is where its fold says it stands.
    const reached = new Set<string>();
    fc.assert(
      fc.property(history, (doings) => {
        walk(start, doings, ({ given, standing }) => {
          reached.add(standing.state);
          expect(standing).toEqual(describeApplication(given.state.view));
        });
      }),
      runs,
    );
    // The histories are worth something: every state but that of a receipt taken back is among them, in each agency.
    expect([...reached].filter((state) => state !== 'unknown').sort()).toEqual(
      [
        'abandoned',
        'amendment-requested',
        ...(name === 'unreviewed' ? [] : ['approved', 'in-clearance', 'returned']),
        'answered-again',
        'being-answered-again',
        'received',
        'replied',
        'reply-drafted',
        'withdrawn',
      ].sort(),
    );
  });

  test('the fold never fails, stepwise or whole', () => {
    // The fold never fails, and folding all at once is folding one by one.
    fc.assert(
      fc.property(history, (doings) => {
        foldsAlike(applicationRules, walk(start, doings, () => undefined).given.state.acts);
      }),
      runs,
    );
  });

  const standing = ({ state }: Given<unknown>): Act[] =>
    state.acts.filter(({ type, eventId }) => type !== 'record.voided' && !state.voided.has(eventId));

  test('one close at most, nothing before its basis', () => {
    // At most one close stands, nothing stands on what was taken back, and nothing is dated before what it rests on.
    fc.assert(
      fc.property(history, (doings) => {
        walk(start, doings, ({ given }) => {
          const stand = standing(given);
          const byId = new Map(stand.map((one) => [one.eventId, one]));
          const closes = stand.filter(
            ({ type, data }) =>
              ['application.abandoned', 'application.withdrawn'].includes(type) ||
              (type === 'application.replied' && data['outcome'] !== 'amend-supplement'),
          );
          expect(closes.length).toBeLessThanOrEqual(1);
          for (const one of stand) {
            for (const id of basisOf(one)) expect(byId.get(id)?.instant).toBeLessThanOrEqual(one.instant);
          }
        });
      }),
      runs,
    );
  });

  test('every sent text had separate author, clearer, approver', () => {
    // What is sent under a chain was drafted by one, cleared by others and approved by another still, word for word.
    if (name === 'unreviewed') return;
    fc.assert(
      fc.property(history, (doings) => {
        walk(start, doings, ({ given }, recorded) => {
          const { approval }: AnyFacts = recorded.derived;
          if (typeof approval !== 'string') return;
          const byId = new Map(given.state.acts.map((one) => [one.eventId, one]));
          const signature = byId.get(approval) as Act;
          const behind = basisOf(signature).map((id) => byId.get(id) as Act);
          const version = behind.find(({ type }) => /reply-(drafted|revised)$/.test(type)) as Act;
          const clearings = behind.filter(({ type }) => type === 'application.cleared');
          const { outcome, ground, contentHash } = recorded.data as Record<string, unknown>;
          expect({ outcome, ground, contentHash }).toEqual({ ground: undefined, ...version.data });
          const people = [version.actor, ...clearings.map(({ actor }) => actor), signature.actor];
          expect(new Set(people).size).toBe(people.length);
        });
      }),
      runs,
    );
  });
});

test.each(remedyRules.map((rules) => [rules.kind, rules] as const))('%s: step by step and fold agree', (kind, rules) => {
  const opening = kind === 'complaint' ? 'complaint.received' : `${kind}.filed`;
  const one = fc.oneof(
    act(opening, fc.constantFrom({ route: 'direct' }, { route: 'direct', application: 'application/1' })),
    act(`${kind}.decided`, fc.constantFrom({ result: 'upheld' }, { result: 'other' })),
    takingBack,
  );
  fc.assert(
    fc.property(fc.array(one, { maxLength: 25 }), (doings) => {
      const { given } = walk(specification(rules, { agency: AGENCIES.reviewed, existingCases: ['application/1'] }), doings, (here) =>
        expect(here.standing).toEqual(describeRemedy(here.given.state.view)),
      );
      foldsAlike(rules, given.state.acts);
    }),
    { seed: 7, numRuns: budget(60, 200) },
  );
});
