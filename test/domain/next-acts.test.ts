/**
 * Who must act next, held against the decisions themselves: after any history each act that is named is accepted from
 * each holder and from nobody else, and no step that is accepted is left out.
 */
import fc from 'fast-check';
import { chainAt, holdersOn, type Agency } from '../../src/domain/agency/state.js';
import { applicationRules } from '../../src/domain/application/rules.js';
import { standingActs, type CaseRules } from '../../src/domain/case.js';
import { progressOf } from '../../src/domain/next-acts/progress.js';
import { mayWaitFor, waitKey } from '../../src/domain/next-acts/wait-key.js';
import { waitsFor, type Awaited } from '../../src/domain/next-acts/waits-for.js';
import { publicationRules } from '../../src/domain/publication/rules.js';
import type { Application } from '../../src/domain/application/state.js';
import type { Publication } from '../../src/domain/publication/state.js';
import type { Report } from '../../src/domain/report/state.js';
import { textHashOf } from '../../src/domain/report/text.js';
import { reportRules } from '../../src/domain/report/rules.js';
import { CASE_STATES } from '../../src/domain/states.js';
import { dateInShanghai, parseInstant } from '../../src/time/instant.js';
import { budget } from '../support/budget.js';
import {
  agencyWith,
  assigned,
  chainSet,
  does,
  ended,
  specification,
  STAFF,
  standardAgency,
  unreviewedAgency,
  type Doing,
  type Given,
} from '../support/given-when-then.js';
import { hashOf } from '../support/messages.js';
import { askSupplement, decided, receive, reply, signed, supplement } from './applications.js';
import { clear, draft, FIRST_VERSION, on, release, revise, SIGNED, SIGNED_AGAIN, V2 } from './items.js';
import { act, takingBack, walk } from './walking.js';

const PEOPLE = ['drafter', 'office', 'office-2', 'lawyer', 'lawyer-2', 'leader', 'leader-2', 'root', 'stranger'];
/** Behind every act of the histories; one role ends the day before. */
const LATER = on('06-01 09:00');
const INSTANT = parseInstant(LATER) ?? 0;
const TODAY = dateInShanghai(INSTANT);

const AGENCIES: Readonly<Record<string, Agency>> = {
  reviewed: standardAgency(
    assigned('leader', 'office-reviewer'),
    assigned('office', 'regulations-reviewer'),
    ended('lawyer-2', 'regulations-reviewer', on('05-31')),
  ),
  unreviewed: unreviewedAgency(),
  emptied: standardAgency(chainSet(on('03-09'), [], null)),
  // Another chain since: what passed the old steps is not lost, the new step is open.
  extended: standardAgency(
    assigned('root', 'archive', on('01-01'), 'second-root'),
    chainSet(on('03-09'), [
      { step: 'office', role: 'office-reviewer', unit: '办公室' },
      { step: 'archive', role: 'archive', unit: '档案室' },
    ]),
  ),
  // Nobody reviewed before: a correction of then may have been written by who clears now.
  filled: agencyWith(...STAFF, chainSet(on('01-01'), [], null), chainSet(on('03-09'))),
  unset: agencyWith(...STAFF),
};

function waits<View>(given: Given<View>, agency: Agency, reopened = false): readonly Awaited[] {
  const progress = progressOf(standingActs(given.state));
  const { kind } = given.rules;
  const chain = chainAt(agency, INSTANT);
  const entries = waitsFor(kind, progress, { chain, holdersOf: (role) => holdersOn(agency, role, TODAY), reopened });
  // Whom it waits for finds it by its key.
  for (const name of [...entries.flatMap(({ role, holders }) => [...(role === null ? [] : [role]), ...(holders ?? [])])]) {
    const key = waitKey(kind, progress);
    const roles = new Set(
      entries.flatMap(({ role, holders }) => (role !== null && (role === name || holders?.includes(name) === true) ? [role] : [])),
    );
    expect(key !== null && mayWaitFor(key, { name, roles, chain })).toBe(true);
  }
  return entries;
}

function accepted<View>(given: Given<View>, actor: string, type: string, data: Record<string, unknown>): boolean {
  return given.when(does(actor, type, LATER, data, { id: 'next' })).decision.ok;
}

const named = (entries: readonly Awaited[], type: string): Awaited | undefined => entries.find((entry) => entry.act === type);

/** Clearances and approvals: exactly the holders of exactly the open steps. */
function signaturesAgree<View>(given: Given<View>, agency: Agency, entries: readonly Awaited[], signed: Record<string, unknown>): void {
  const { kind } = given.rules;
  const steps = chainAt(agency, INSTANT)?.steps ?? [];
  const approval = named(entries, `${kind}.approved`);
  const signing = approval !== undefined || entries.some(({ step }) => step !== null);
  for (const actor of PEOPLE) {
    for (const { step } of steps) {
      const entry = entries.find((one) => one.step === step);
      const may = accepted(given, actor, `${kind}.cleared`, { step, verdict: 'passed', ...signed });
      if (entry !== undefined) expect([actor, step, may]).toEqual([actor, step, entry.holders?.includes(actor)]);
      // A step that was passed may be passed by another one too: nothing waits for it.
      else expect(may && !signing).toBe(false);
    }
    expect([actor, accepted(given, actor, `${kind}.approved`, signed)]).toEqual([actor, approval?.holders?.includes(actor) === true]);
  }
}

/** Named with holders: each of them may. Named without: anybody may. */
function namedAreAccepted<View>(given: Given<View>, entries: readonly Awaited[], data: (type: string) => Record<string, unknown>): void {
  for (const { act: type, role, holders } of entries) {
    if (role !== null) continue;
    for (const actor of holders ?? PEOPLE) expect([type, actor, accepted(given, actor, type, data(type))]).toEqual([type, actor, true]);
  }
}

const hash = fc.constantFrom(FIRST_VERSION, V2);
const clearing = (kind: string, signedBy: string): fc.Arbitrary<Doing> =>
  act(
    `${kind}.cleared`,
    fc.record({
      step: fc.constantFrom('office', 'regulations', 'archive'),
      verdict: fc.constantFrom('passed', 'passed', 'passed', 'returned', 'escalated'),
      [signedBy]: hash,
    }),
  );
const back = { arbitrary: takingBack, weight: 5 };
type Weighted = fc.Arbitrary<Doing> | { readonly arbitrary: fc.Arbitrary<Doing>; readonly weight: number };
const histories = (openings: readonly (readonly Doing[])[], ...acts: Weighted[]): fc.Arbitrary<Doing[]> =>
  fc
    .tuple(fc.constantFrom(...openings), fc.array(fc.oneof({ maxDepth: 1 }, ...acts), { minLength: 4, maxLength: 30 }))
    .map(([opening, some]) => [...opening, ...some]);

const RUNS = { seed: 20170301, numRuns: budget(60, 250) };

function hold<View>(rules: CaseRules<View>, world: object, doings: readonly Doing[], check: (given: Given<View>) => void): void {
  walk(specification(rules, world), doings, ({ given, standing: { state } }) => {
    expect(Object.keys(CASE_STATES[rules.kind] ?? {})).toContain(state);
    check(given);
  });
}

/** Who escalated a step approves nothing of this round, whatever role he holds. */
const ESCALATED: readonly Doing[] = [
  draft('03-01'),
  clear('03-02 08:00', 'leader', 'office', { verdict: 'escalated' }),
  clear('03-02 09:00', 'office-2', 'office'),
  clear('03-02 10:00', 'lawyer', 'regulations'),
];

describe.each(Object.entries(AGENCIES))('chain %s', (_name, agency) => {
  test('publications', () => {
    const history = histories(
      [
        [draft('03-01')],
        ESCALATED,
        [
          draft('03-01'),
          release('03-02'),
          does('office', 'publication.corrected', on('03-03'), { contentHash: V2, reason: 'x' }),
          revise('03-04'),
        ],
        [draft('03-01', { attribute: 'on-request' })],
        SIGNED,
        [...SIGNED, release('03-02')],
        [...SIGNED, release('03-02'), revise('03-03')],
        [...SIGNED, release('03-02'), ...SIGNED_AGAIN],
      ],
      act('publication.revised', fc.record({ contentHash: hash })),
      { arbitrary: clearing('publication', 'contentHash'), weight: 6 },
      { arbitrary: act('publication.approved', fc.record({ contentHash: hash })), weight: 3 },
      act('publication.rejected', fc.constant({ reason: 'x' })),
      { arbitrary: act('publication.released', fc.record({ channel: fc.constantFrom('website', 'weibo'), contentHash: hash })), weight: 4 },
      { arbitrary: act('publication.corrected', fc.record({ contentHash: hash, reason: fc.constant('x') })), weight: 2 },
      act('publication.checked', fc.constant({ finding: 'ok' })),
      act('publication.withdrawn', fc.constantFrom<Record<string, unknown>>({ reason: 'x' }, { reason: 'x', channel: 'website' })),
      back,
    );
    const check = (given: Given<Publication>): void => {
      const entries = waits(given, agency);
      const { view } = given.state;
      if (view.status === 'unknown') return expect(entries).toEqual([]);
      const contentHash = view.round.contentHash;
      const out = view.publicVersion === view.round.opener.eventId;
      // What went out unreviewed may still be cleared under a chain that was set since: nothing waits for that.
      if (!out) signaturesAgree(given, agency, entries, { contentHash });
      namedAreAccepted(given, entries, () => ({ contentHash, channel: 'gazette', reason: 'x' }));
      const releasable = accepted(given, 'editor', 'publication.released', { channel: 'gazette', contentHash });
      // What is out may go on further channels: nothing waits for that.
      expect(named(entries, 'publication.released') !== undefined || named(entries, 'publication.corrected') !== undefined).toBe(
        releasable && !out,
      );
      const empty = chainAt(agency, INSTANT)?.steps.length === 0;
      const correctable = accepted(given, 'editor', 'publication.corrected', { contentHash, reason: 'x' });
      if (correctable && !out && !empty) expect(named(entries, 'publication.corrected')).toBeDefined();
    };
    fc.assert(
      fc.property(history, (doings) => hold(publicationRules, { agency }, doings, check)),
      RUNS,
    );
  });

  test('applications', () => {
    const what = fc.record({ outcome: fc.constantFrom('granted', 'amend-supplement'), contentHash: hash });
    const party = fc.constantFrom<Record<string, unknown>>({}, { party: 'A' }, { party: 'B' });
    const history = histories(
      [
        [receive('03-01')],
        [receive('03-01 08:00'), ...signed('03-06')],
        [receive('03-01 08:00'), ...signed('03-06'), reply('03-07')],
        [receive('03-01'), reply('03-02')],
        [receive('03-01'), askSupplement('03-06', {}, 'a'), supplement('03-08'), askSupplement('03-07', {}, 'b')],
        [receive('03-01'), askSupplement('03-06', {}, 'a'), askSupplement('03-09', {}, 'b'), supplement('03-08')],
      ],
      act('application.received', fc.constant(receive().data)),
      act('application.supplement-requested', fc.constant({})),
      act('application.supplemented', fc.constant({})),
      act('application.third-party-consulted', party),
      act(
        'application.third-party-answered',
        party.map((of) => ({ ...of, answer: 'agreed' })),
      ),
      { arbitrary: act('application.reply-drafted', what), weight: 3 },
      act('application.reply-revised', what),
      { arbitrary: clearing('application', 'contentHash'), weight: 6 },
      { arbitrary: act('application.approved', fc.record({ contentHash: hash })), weight: 3 },
      { arbitrary: act('application.replied', what), weight: 3 },
      {
        arbitrary: act(
          'application.reply-remade',
          what.map((of) => ({ ...of, orderedBy: 'lawsuit/1' })),
        ),
        weight: 2,
      },
      act('application.withdrawn', fc.constant({})),
      back,
    );
    const decision = decided('lawsuit/1', '03-04');
    const check = (given: Given<Application>): void => {
      const { view } = given.state;
      const reopened = view.remade === null || decision.instant > view.remade.instant;
      const entries = waits(given, agency, reopened);
      if (view.received === null) return expect(entries).toEqual([]);
      const { outcome = 'granted', contentHash = FIRST_VERSION } = view.round ?? {};
      const said = { outcome, contentHash, orderedBy: 'lawsuit/1', party: 'A', answer: 'agreed' };
      if (view.round !== null) signaturesAgree(given, agency, entries, { contentHash });
      namedAreAccepted(
        given,
        entries.filter(({ act: type }) => type !== 'application.third-party-answered'),
        () => said,
      );
      const may = (type: string): boolean => accepted(given, 'editor', `application.${type}`, said);
      for (const type of ['replied', 'supplemented'] as const)
        expect([type, named(entries, `application.${type}`) !== undefined]).toEqual([type, may(type)]);
      // A decision that a new answer followed asks for no other; under an empty chain an answer needs no draft.
      if (view.closed === null || (reopened && view.round === null))
        expect(named(entries, 'application.reply-drafted') !== undefined).toBe(may('reply-drafted'));
      if (named(entries, 'application.reply-remade') === undefined && view.round !== null) expect(may('reply-remade')).toBe(false);
      const answerable = [undefined, 'A', 'B'].some((of) =>
        accepted(given, 'clerk', 'application.third-party-answered', { answer: 'agreed', ...(of === undefined ? {} : { party: of }) }),
      );
      expect(named(entries, 'application.third-party-answered') !== undefined).toBe(answerable);
    };
    fc.assert(
      fc.property(history, (doings) => hold(applicationRules, { agency, decisions: [decision] }, doings, check)),
      RUNS,
    );
  });

  test('reports', () => {
    const H1 = hashOf('table');
    const said = { year: 2016, form: '2014-shandong', parts: { '1': '公开信息{1.1#}。' } };
    const text = { ...said, textHash: textHashOf(said) };
    const signatures = fc.constantFrom<Record<string, unknown>>({ tableHash: H1 }, { tableHash: H1, textHash: text.textHash });
    const compile = does(
      'drafter',
      'report.compiled',
      on('03-01'),
      { year: 2016, form: '2014-shandong', index: 9, tableHash: H1 },
      { id: 'compiled' },
    );
    const world = { agency, number: '2016', compiling: { table: { hash: H1, policy: 'p', findings: [], rows: [] }, formHash: H1 } };
    const history = histories(
      [[compile], [does('writer', 'report.text-drafted', on('03-01'), text, { id: 'text' }), compile]],
      act('report.compiled', fc.constant(compile.data)),
      act('report.text-drafted', fc.constant(text)),
      act('report.text-revised', fc.constant(text)),
      {
        arbitrary: act(
          'report.cleared',
          fc
            .tuple(
              fc.constantFrom('office', 'regulations', 'archive'),
              fc.constantFrom('passed', 'passed', 'returned', 'escalated'),
              signatures,
            )
            .map(([step, verdict, signed]) => ({ step, verdict, ...signed })),
        ),
        weight: 8,
      },
      { arbitrary: act('report.approved', signatures), weight: 5 },
      { arbitrary: act('report.published', signatures), weight: 2 },
      back,
    );
    const check = (given: Given<Report>): void => {
      const entries = waits(given, agency);
      const { view } = given.state;
      if (view.status === 'unknown') return expect(entries).toEqual([]);
      const signed = { tableHash: H1, ...(view.text === null ? {} : { textHash: text.textHash }) };
      signaturesAgree(given, agency, entries, signed);
      const data: Readonly<Record<string, Record<string, unknown>>> = { 'report.compiled': compile.data, 'report.text-revised': text };
      namedAreAccepted(given, entries, (type) => data[type] ?? signed);
      expect(named(entries, 'report.published') !== undefined).toBe(accepted(given, 'editor', 'report.published', signed));
      if (view.compiled === null) expect(entries.map(({ act: next }) => next)).toEqual(['report.compiled']);
      expect(named(entries, 'report.text-revised') === undefined || view.text !== null).toBe(true);
    };
    fc.assert(
      fc.property(history, (doings) => hold(reportRules, world, doings, check)),
      RUNS,
    );
  });
});

test('who is barred holds nothing', () => {
  // Drafters clear nothing, who passed one step passes no other, and no clearer approves.
  const agency = standardAgency(
    assigned('office', 'regulations-reviewer'),
    assigned('office', 'deputy-leader'),
    assigned('drafter', 'office-reviewer'),
  );
  const drafted = specification(publicationRules, { agency }).given(draft('03-01'));
  expect(waits(drafted, agency).map(({ holders }) => holders)).toEqual([
    ['office', 'office-2'],
    ['lawyer', 'lawyer-2', 'office'],
  ]);
  const once = drafted.given(
    does('office', 'publication.cleared', on('03-02'), { step: 'office', verdict: 'passed', contentHash: FIRST_VERSION }),
  );
  expect(waits(once, agency)).toMatchObject([{ step: 'regulations', holders: ['lawyer', 'lawyer-2'] }]);
  const twice = once.given(
    does('lawyer', 'publication.cleared', on('03-03'), { step: 'regulations', verdict: 'passed', contentHash: FIRST_VERSION }),
  );
  expect(waits(twice, agency)).toMatchObject([{ act: 'publication.approved', step: null, holders: ['leader', 'leader-2'] }]);
});
