/** Taking acts back. Contract, rule "Void". */
import { standingOf } from '../../src/domain/case.js';
import { agencyRules } from '../../src/domain/agency/rules.js';
import {
  agencyWith,
  assigned,
  chainSet,
  CODE,
  does,
  ended,
  specification,
  standardAgency,
  STAFF,
  unreviewedAgency,
} from '../support/given-when-then.js';
import {
  approve,
  approvedItem,
  check,
  clear,
  correct,
  draft,
  item,
  on,
  reject,
  release,
  revise,
  SIGNED_AGAIN,
  V2,
  voided,
  withdraw,
} from './items.js';

const released = approvedItem().given(release('03-02'));
const unreviewed = { agency: unreviewedAgency() };

describe('what is taken back', () => {
  test('the void names act and new state', () => {
    // An act of this case; the void says which, and where the case then stands.
    released.when(voided('release-website', '05-01')).then({
      voided: { eventId: 'release-website', type: 'publication.released', on: '2017-03-02', actor: 'editor' },
      firsts: [{ slot: 'release', was: '2017-03-02', is: null }],
      leaves: { state: 'approved', title: null },
      rank: null,
    });
  });

  test('a message this case does not hold', () => {
    released.when(voided('elsewhere', '05-01')).refused('unknown-message');
    item().when(voided('draft', '05-01')).refused('unknown-message');
  });

  test('once', () => {
    const once = released.given(voided('release-website', '05-01'));
    once.when({ ...voided('release-website', '05-02'), id: 'again' }).refused('already-voided', { voidedBy: 'void-release-website' });
  });

  test('not before it happened', () => {
    released.when(voided('release-website', '03-01')).refused('out-of-order');
    released.when(voided('release-website', '03-02')).accepted();
  });

  test('no void is voided: send again', () => {
    // No void is taken back: the act is sent again under a new id.
    const once = released.given(voided('release-website', '05-01'));
    once.when(voided('void-release-website', '05-02')).refused('not-voidable');
    once.when({ ...release('03-02'), id: 'anew' }).accepted({ firsts: [{ slot: 'release', was: null, is: '2017-03-02' }] });
  });

  test('of an agency only figures', () => {
    const figure = does(
      'clerk',
      'agency.figure-declared',
      on('03-01'),
      { year: 2016, form: '2014-shandong', cell: '9.1', value: '1', evidence: 'x' },
      { id: 'figure' },
    );
    const named = STAFF.map((act, index) => ({ ...act, id: `staff-${index}` }));
    const changes = [
      { ...chainSet(on('01-01')), id: 'chain' },
      does('root', 'agency.changed', on('01-02'), { name: '新名', from: '2017-01-01' }, { id: 'change' }),
      { ...ended('office', 'office-reviewer', on('01-03')), id: 'end' },
    ];
    const agency = specification(agencyRules).given(...named, ...changes, figure);
    for (const id of ['staff-0', 'staff-1', 'chain', 'change', 'end']) agency.when(voided(id, '05-01')).refused('not-voidable');
    agency.when(voided('figure', '05-01')).accepted({
      figure: { year: 2016, form: '2014-shandong', cell: '9.1', was: { eventId: 'figure', value: '1' }, is: null },
    });
    const twice = agency.given({ ...figure, id: 'second', data: { ...figure.data, value: '2' } });
    const is = { eventId: 'figure', value: '1' };
    twice
      .when(voided('second', '05-01'))
      .accepted({ figure: { year: 2016, form: '2014-shandong', cell: '9.1', was: { eventId: 'second', value: '2' }, is } });
    const second = { eventId: 'second', value: '2' };
    twice.when(voided('figure', '05-01')).accepted({ figure: { year: 2016, form: '2014-shandong', cell: '9.1', was: second, is: second } });
    expect(agency.state.view?.code).toBe(CODE);
  });
});

describe('what later standing acts depend on', () => {
  test.each([
    ['a release on its approval', released, 'approval', 'publication.released'],
    ['an approval on its clearances', approvedItem(), 'office-passed', 'publication.approved'],
    ['an approval on each of them', approvedItem(), 'regulations-passed', 'publication.approved'],
    ['a clearance on the draft', item().given(draft('03-01'), clear('03-02', 'office', 'office')), 'draft', 'publication.cleared'],
    ['a revision on the version it revises', item().given(draft('03-01'), revise('03-02')), 'draft', 'publication.revised'],
    [
      'a revision on the return it answers',
      item().given(draft('03-01'), clear('03-02', 'office', 'office', { verdict: 'returned' }), revise('03-03')),
      'office-returned',
      'publication.revised',
    ],
    ['a rejection on the version it rejects', item().given(draft('03-01'), reject('03-02')), 'draft', 'publication.rejected'],
    ['a correction on its approval', released.given(...SIGNED_AGAIN, correct('04-02')), 'approval-again', 'publication.corrected'],
    [
      'a correction on there being a release',
      released.given(...SIGNED_AGAIN, correct('04-02')),
      'release-website',
      'publication.corrected',
    ],
    ['a withdrawal on there being a release', released.given(withdraw('04-01')), 'release-website', 'publication.withdrawn'],
    [
      'a withdrawal from a channel on its release',
      released.given(withdraw('04-01', 'website')),
      'release-website',
      'publication.withdrawn',
    ],
    ['a release without review on the draft', item(unreviewed).given(draft('03-01'), release('03-02')), 'draft', 'publication.released'],
  ])('%s', (_what, history, target, type) => {
    history.when(voided(target, '06-01')).refused('depended-upon', { type });
  });

  test('everything can be voided, last first', () => {
    // From the last to the first everything can be taken back.
    const undone = released.given(
      voided('release-website', '05-01'),
      voided('approval', '05-02'),
      voided('office-passed', '05-03'),
      voided('regulations-passed', '05-04'),
      voided('draft', '05-05'),
    );
    expect(standingOf(undone.rules, undone.state)).toEqual({ state: 'unknown', title: null });
    undone.when(draft('06-01')).accepted();
  });

  test('a later release needs no earlier one', () => {
    // A later release does not depend on an earlier one.
    const two = released.given(release('03-05', 'weibo'));
    two.when(voided('release-website', '05-01')).accepted({ firsts: [{ slot: 'release', was: '2017-03-02', is: '2017-03-05' }] });
    two.when(voided('release-weibo', '05-01')).accepted({ firsts: [] });
  });

  test('withdrawal and correction need any one release', () => {
    // A withdrawal or correction needs some release, not a particular one.
    const two = released.given(release('03-05', 'weibo'), withdraw('04-01'));
    two.given(voided('release-website', '05-01')).when(voided('release-weibo', '05-02')).refused('depended-upon');
  });

  test('a clearance no approval rests on may go', () => {
    const escalated = item().given(
      draft('03-01'),
      clear('03-02', 'office', 'office', { verdict: 'escalated' }),
      clear('03-03', 'office-2', 'office'),
    );
    escalated.when(voided('office-escalated', '05-01')).accepted();
    escalated.when(voided('office-passed', '05-01')).accepted({ leaves: { state: 'in-clearance', title: null } });
  });

  test('checks never block a void', () => {
    // Checks never block, neither the release nor, with it gone, what came before.
    const checked = released.given(check('03-03'));
    const withoutRelease = checked.when(voided('release-website', '05-01')).accepted();
    withoutRelease
      .given(voided('approval', '05-02'), voided('office-passed', '05-03'), voided('regulations-passed', '05-04'))
      .when(voided('draft', '05-05'))
      .accepted();
  });

  test('the same without review', () => {
    const checked = item(unreviewed).given(
      draft('03-01'),
      release('03-02'),
      check('03-03'),
      voided('release-website', '05-01', 'second-root'),
    );
    checked.when(voided('draft', '05-02', 'second-root')).accepted({ leaves: { state: 'unknown', title: null } });
  });

  test('a voided close lets waiting acts in', () => {
    // A close is voided like any act, and what waited for it is recorded.
    const rejected = item().given(draft('03-01'), reject('03-05'));
    rejected
      .given(voided('rejection', '05-01'))
      .when(clear('03-04', 'office', 'office'))
      .accepted();
    const withdrawn = released.given(withdraw('03-10'));
    withdrawn.given(voided('withdrawal-all', '05-01')).when(release('03-04', 'weibo')).accepted();
    released.given(withdraw('03-10', 'website'), voided('withdrawal-website', '05-01')).when(withdraw('03-11', 'website')).accepted();
  });

  test('a voided revision restores the version before', () => {
    // A voided revision leaves the version before it, with its approval.
    const revised = released.given(revise('03-05'));
    revised.when(release('03-06', 'weibo')).refused('not-approved');
    revised.given(voided('revision', '05-01')).when(release('03-06', 'weibo')).accepted({ approval: 'approval' });
  });

  test('a voided return leaves the version open', () => {
    const returned = item().given(
      draft('03-01'),
      clear('03-02', 'office', 'office', { verdict: 'returned' }),
      voided('office-returned', '05-01'),
    );
    returned.when(clear('03-03', 'office', 'office')).accepted();
  });

  test('who wrote only a voided version wrote none', () => {
    const both = { agency: standardAgency(assigned('helper', 'office-reviewer')) };
    const given = item(both).given(draft('03-01'), revise('03-02', V2, 'helper'), voided('revision', '05-01'));
    given.when(clear('03-03', 'helper', 'office')).accepted();
  });
});

describe('who approves a void', () => {
  test('not the one who voids', () => {
    released.when(voided('release-website', '05-01', 'leader-2', 'leader-2')).refused('approver-not-independent');
  });

  test('not the one whose act it was', () => {
    const own = { agency: standardAgency(assigned('editor', 'deputy-leader')) };
    released
      .in(own)
      .when(voided('release-website', '05-01', 'editor'))
      .refused('approver-not-independent');
    approvedItem()
      .when(voided('approval', '05-01', 'leader'))
      .refused('approver-not-independent');
    approvedItem()
      .when(voided('approval', '05-01', 'leader-2'))
      .accepted();
  });

  test('the actor may void with another’s approval', () => {
    // Whose act it was may void it himself, with somebody else’s approval.
    released.when(voided('release-website', '05-01', 'leader', 'editor')).accepted();
  });

  test('the approver holds the role that day', () => {
    // A holder of the approver’s role on the day of the void.
    released.when(voided('release-website', '05-01', 'office')).refused('missing-role', { role: 'deputy-leader' });
    released.when(voided('release-website', '05-01', 'root')).refused('missing-role');
    const gone = released.in({ agency: standardAgency(ended('leader-2', 'deputy-leader', on('04-30'))) });
    gone.when(voided('release-website', '04-30 23:00')).accepted();
    gone.when(voided('release-website', '05-01')).refused('missing-role');
  });

  test('the approver belongs to that day’s chain', () => {
    // The approver of the chain in force on the day of the void.
    const changed = {
      agency: standardAgency(chainSet(on('04-01'), [{ step: 'a', role: 'b', unit: 'c' }], { role: 'office-reviewer', unit: '办公室' })),
    };
    released
      .in(changed)
      .when(voided('release-website', '03-20', 'leader-2'))
      .accepted();
    released
      .in(changed)
      .when(voided('release-website', '04-02', 'leader-2'))
      .refused('missing-role', { role: 'office-reviewer' });
    released
      .in(changed)
      .when(voided('release-website', '04-02', 'office'))
      .accepted();
  });

  test('with an empty chain an administrator', () => {
    // With an empty chain an administrator, also where the act went through a chain before.
    const direct = item(unreviewed).given(draft('03-01'), release('03-02'));
    direct.when(voided('release-website', '05-01', 'leader')).refused('missing-role', { role: 'administrator' });
    direct.when(voided('release-website', '05-01', 'root')).accepted();
    released
      .in({ agency: standardAgency(chainSet(on('04-01'), [], null)) })
      .when(voided('release-website', '05-01', 'second-root'))
      .accepted();
  });

  test('a voided figure needs an approver too', () => {
    // The void of a declared figure needs an approver as well.
    const figure = does(
      'clerk',
      'agency.figure-declared',
      on('03-01'),
      { year: 2016, form: '2014-shandong', cell: '9.1', value: '1', evidence: 'x' },
      { id: 'figure' },
    );
    const agency = specification(agencyRules).given(...STAFF, chainSet(on('01-01')), figure);
    agency.when(voided('figure', '05-01', 'office')).refused('missing-role');
    agency.when(voided('figure', '05-01', 'leader', 'leader')).refused('approver-not-independent');
    agency.when(voided('figure', '05-01', 'leader')).accepted();
    expect(agencyWith(...STAFF).figures).toEqual([]);
  });

  test('a voided approval may be given again', () => {
    // An approval voided by another leader may be given again.
    approvedItem().given(voided('approval', '05-01')).when(approve('05-02')).accepted();
  });
});
