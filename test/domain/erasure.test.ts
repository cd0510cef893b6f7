/** Erasing the sealed texts of a case: who may, when, and what the case takes afterwards. */
import { standingOf } from '../../src/domain/case.js';
import { applicationRules } from '../../src/domain/application/rules.js';
import { agencyRules } from '../../src/domain/agency/rules.js';
import { ALL_RULES } from '../../src/domain/kinds.js';
import { remedyRules } from '../../src/domain/small-kinds/remedy.js';
import { isSealedKind } from '../../src/events/sealed-fields.js';
import { does, specification, standardAgency, unreviewedAgency, type Doing } from '../support/given-when-then.js';
import { clear, draft, item, on, release, SIGNED, voided } from './items.js';

const erase = (moment: string, approvedBy = 'leader-2', actor = 'clerk'): Doing =>
  does(actor, 'record.erased', on(moment), { reason: '保存期限已满', approvedBy }, { id: 'erasure' });

const application = specification(applicationRules, { agency: standardAgency() });
const received = does('clerk', 'application.received', on('03-01'), {
  channel: 'letter',
  applicant: { kind: 'natural-person', name: '张某' },
  request: '预算',
});
const abandoned = does('clerk', 'application.abandoned', on('04-01'), { reason: 'other' }, { id: 'abandoned' });

test('an erasure derives nothing to count', () => {
  // An erasure derives nothing but that it rests on nothing: there is nothing to count.
  item().given(draft('03-01')).when(erase('03-02')).then({ basis: [], role: null });
});

test('an application is erased after its close', () => {
  // An application only after its close, and not dated before it.
  application.given(received).when(erase('03-02')).refused('out-of-order');
  application.given(received, abandoned).when(erase('03-31')).refused('out-of-order');
  application.given(received, abandoned).when(erase('04-01')).accepted();
  application
    .given(received, abandoned, { ...voided('abandoned', '04-02'), id: 'undo' })
    .when(erase('04-03'))
    .refused('out-of-order');
});

test('a case in which nothing is recorded', () => {
  application.when(erase('03-02')).refused('unknown-case');
  item().when(erase('03-02')).refused('unknown-case');
});

test('the approver’s role approves, never the sender', () => {
  // Approved by a holder of the approver’s role on that day, who is not the sender.
  const drafted = item().given(draft('03-01'));
  drafted.when(erase('03-02', 'clerk')).refused('approver-not-independent');
  drafted.when(erase('03-02', 'leader', 'leader')).refused('approver-not-independent');
  drafted.when(erase('03-02', 'root')).refused('missing-role', { role: 'deputy-leader' });
  drafted.when(erase('03-02', 'drafter')).refused('missing-role');
  drafted.when(erase('03-02', 'leader', 'drafter')).accepted();
});

test('an administrator where the chain is empty', () => {
  const drafted = item({ agency: unreviewedAgency() }).given(draft('03-01'));
  drafted.when(erase('03-02', 'leader')).refused('missing-role', { role: 'administrator' });
  drafted.when(erase('03-02', 'root')).accepted();
});

describe('afterwards', () => {
  const erased = item().given(...SIGNED, release('03-02'), erase('03-03'));

  test('only a void may follow', () => {
    // No act but a void; not another erasure either.
    erased.when(release('03-04', 'weibo')).refused('already-erased');
    erased.when(clear('03-04', 'office-2', 'office')).refused('already-erased');
    erased.when({ ...erase('03-04'), id: 'again' }).refused('already-erased');
    application.given(received, abandoned, erase('04-02')).when(received).refused('already-erased');
  });

  test('a void works, the erasure stays', () => {
    // A void takes its act back as before; the erasure itself stands for ever.
    const taken = erased.when(voided('release-website', '03-05')).accepted({
      firsts: [{ slot: 'release', was: '2017-03-02', is: null }],
      leaves: { state: 'approved', title: null },
    });
    taken.when(voided('approval', '03-06')).accepted();
    erased.when(voided('erasure', '03-05')).refused('not-voidable');
  });

  test('where the case stands is what it was', () => {
    expect(standingOf(erased.rules, erased.state)).toEqual({ state: 'released', title: '信息' });
  });
});

test('only kinds with sealed fields are erased', () => {
  // Kinds that have something sealed can be erased, others are
  // refused: who could end an agency’s own case could end the agency.
  expect(
    ALL_RULES.filter((rules) => 'refuseErasure' in rules)
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(
    ALL_RULES.map(({ kind }) => kind)
      .filter(isSealedKind)
      .sort(),
  );
  specification(agencyRules)
    .given(does('root', 'agency.registered', on('01-01'), { name: '局', administrator: 'root' }))
    .when(erase('03-01', 'root'))
    .refused('bad-subject');
});

test('a pending reconsideration may be erased', () => {
  // A reconsideration may be erased while it is pending: its figures stand.
  const [reconsideration] = remedyRules;
  if (reconsideration === undefined) throw new Error('no remedies');
  specification(reconsideration, { agency: standardAgency() })
    .given(does('clerk', 'reconsideration.filed', on('03-01'), { caseNumber: '1号' }))
    .when(erase('03-02'))
    .accepted();
});
