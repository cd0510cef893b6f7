/**
 * Releasing, checking, correcting, withdrawing, rejecting. Contract, rules "Clearance", "Order" and "Without review".
 */
import { standingOf } from '../../src/domain/case.js';
import { agencyWith, assigned, chainSet, does, standardAgency, STAFF, unreviewedAgency } from '../support/given-when-then.js';
import { hashOf } from '../support/messages.js';
import {
  approve,
  approvedItem,
  check,
  clear,
  correct,
  draft,
  FIRST_VERSION,
  item,
  on,
  release,
  revise,
  SIGNED,
  SIGNED_AGAIN,
  V2,
  V3,
  withdraw,
} from './items.js';

const approved = approvedItem();
const released = approved.given(release('03-02'));
const unreviewed = { agency: unreviewedAgency() };

describe('releasing', () => {
  test('the first release carries what counting needs', () => {
    approved.when(release('03-02')).then({
      basis: ['approval'],
      approval: 'approval',
      role: null,
      rank: null,
      documentNumber: null,
      document: { title: '信息' },
      firsts: [{ slot: 'release', was: null, is: '2017-03-02' }],
    });
  });

  test('rank and number of the draft are released', () => {
    // Rank and document number of the draft go into the release.
    const normative = item(unreviewed).given(draft('03-01', { normative: 'rules', documentNumber: '金商发〔2017〕1号' }));
    normative
      .when(release('03-02'))
      .accepted({ rank: 'rules', documentNumber: '金商发〔2017〕1号', document: { title: '信息', documentNumber: '金商发〔2017〕1号' } });
  });

  test('only an earlier date changes the first release', () => {
    // A further channel changes no first; one recorded late with an earlier date does.
    released.when(release('03-05', 'weibo')).accepted({ firsts: [] });
    released.when(release('03-01 15:00', 'weibo')).accepted({ firsts: [{ slot: 'release', was: '2017-03-02', is: '2017-03-01' }] });
  });

  test('an earlier hour is no other first day', () => {
    released.when(release('03-02 08:00', 'weibo')).accepted({ firsts: [] });
  });

  test('not approved', () => {
    item().given(draft('03-01')).when(release('03-02')).refused('not-approved');
    item()
      .given(...SIGNED.slice(0, 3))
      .when(release('03-02'))
      .refused('not-approved');
  });

  test('not before the approval', () => {
    approved.when(release('03-01 11:59')).refused('out-of-order');
    approved.when(release('03-01 12:00')).accepted();
  });

  test('only the approved content', () => {
    approved.when(release('03-02', 'website', V2)).refused('content-changed');
  });

  test('each channel once', () => {
    released.when(release('03-03')).refused('already-released');
    released.given(withdraw('03-03', 'website')).when(release('03-04')).refused('already-released');
    released
      .given(...SIGNED_AGAIN)
      .when(release('04-02', 'website', V2))
      .refused('already-released');
  });

  test('where the approval names channels, only those', () => {
    const limited = item().given(...SIGNED.slice(0, 3), approve('03-01 12:00', { channels: ['website', 'gazette'] }));
    limited.when(release('03-02', 'weibo')).refused('channel-not-approved', { channels: ['website', 'gazette'] });
    limited.given(release('03-02', 'gazette')).when(release('03-02')).accepted();
  });

  test('the channels are those of the round', () => {
    // The channels are those of the round: another approval names others.
    const limited = item().given(...SIGNED.slice(0, 3), approve('03-01 12:00', { channels: ['website'] }));
    const again = limited.given(
      ...SIGNED_AGAIN.slice(0, 3),
      approve('04-01 12:00', { contentHash: V2, channels: ['weibo'] }, 'leader', 'second'),
    );
    again.when(release('04-02', 'website', V2)).refused('channel-not-approved');
    again.when(release('04-02', 'weibo', V2)).accepted({ approval: 'second' });
  });

  test.each(['withheld', 'on-request'])('drafted %s, it is not released', (attribute) => {
    // An item drafted … is not released, approved or not.
    item()
      .given(draft('03-01 09:00', { attribute }), ...SIGNED.slice(1))
      .when(release('03-02'))
      .refused('not-approved');
    item(unreviewed).given(draft('03-01', { attribute })).when(release('03-02')).refused('not-approved');
    item()
      .given(draft('03-01 09:00', { attribute: 'proactive' }), ...SIGNED.slice(1))
      .when(release('03-02'))
      .accepted();
  });

  test('a revision voids the approval on every channel', () => {
    // A revision voids the approval: nothing is released until its own round is approved, on any channel.
    const revised = approved.given(revise('03-03'));
    revised.when(release('03-04')).refused('not-approved');
    revised.when(release('03-04', 'website', V2)).refused('not-approved');
    const afterRelease = released.given(revise('03-03'));
    afterRelease.when(release('03-04', 'weibo')).refused('not-approved');
    released
      .given(...SIGNED_AGAIN)
      .when(release('04-02', 'weibo', V2))
      .accepted({ approval: 'approval-again' });
    released
      .given(...SIGNED_AGAIN)
      .when(release('04-02', 'weibo'))
      .refused('content-changed');
  });

  test('a late revision voids the approval too', () => {
    // A revision recorded late, dated before the approval, voids it all the same.
    approved.given(revise('03-01 09:30')).when(release('03-02')).refused('not-approved');
  });
});

describe('without review', () => {
  test('until a chain is set nothing is released', () => {
    item({ agency: agencyWith(...STAFF) })
      .given(draft('03-01'))
      .when(release('03-02'))
      .refused('no-clearance-chain');
    const later = agencyWith(...STAFF, chainSet(on('03-05'), [], null));
    item({ agency: later }).given(draft('03-01')).when(release('03-04')).refused('no-clearance-chain');
    item({ agency: later }).given(draft('03-01')).when(release('03-05')).accepted();
  });

  test('an empty chain releases directly, as unreviewed', () => {
    // Under an explicitly empty chain a drafted item is released directly, said to be unreviewed.
    item(unreviewed)
      .given(draft('03-01'))
      .when(release('03-02'))
      .accepted({ basis: ['draft'], approval: null });
  });

  test('only what was drafted, not before it was', () => {
    item(unreviewed)
      .given(draft('03-01'))
      .when(release('03-02', 'website', V2))
      .refused('content-changed');
    item(unreviewed).given(draft('03-01')).when(release('02-28')).refused('out-of-order');
    item(unreviewed)
      .given(draft('03-01'), revise('03-03'))
      .when(release('03-02', 'website', V2))
      .refused('out-of-order');
    item(unreviewed)
      .given(draft('03-01'), revise('03-03'))
      .when(release('03-03', 'website', V2))
      .accepted();
  });

  test('an approved item stays approved under empty chain', () => {
    // What was approved under a chain stays approved when the chain is emptied.
    approved
      .in({ agency: standardAgency(chainSet(on('03-02'), [], null)) })
      .when(release('03-03'))
      .accepted({ approval: 'approval' });
  });

  test('a chain set later asks for approval', () => {
    // A chain set afterwards asks for its approval from then on.
    const later = { agency: unreviewedAgency(chainSet(on('03-10'))) };
    const begun = item(later).given(draft('03-01'));
    begun.when(release('03-09')).accepted({ approval: null });
    begun.when(release('03-10')).refused('not-approved');
  });
});

describe('checking', () => {
  test('follows the first release, also after a withdrawal', () => {
    // After the first release, also after a withdrawal from one channel.
    approved.when(check('03-03')).refused('not-released');
    released.when(check('03-01')).refused('out-of-order');
    released.when(check('03-02')).then({ basis: [], role: null });
    released.given(check('03-03'), withdraw('03-04', 'website')).when(check('03-05')).accepted();
  });
});

describe('correcting', () => {
  test('needs the approval of its own round', () => {
    released.when(correct('03-03', FIRST_VERSION)).refused('not-approved');
    released.when(correct('03-03')).refused('not-approved');
    released.given(revise('03-03')).when(correct('03-04')).refused('not-approved');
    released
      .given(...SIGNED_AGAIN)
      .when(correct('04-02'))
      .then({ basis: ['approval-again'], approval: 'approval-again', role: null, document: { title: '信息' } });
  });

  test('needs release, approval and approved content', () => {
    // Of a released item, with the approved content, not before its approval.
    approved.when(correct('03-03')).refused('not-released');
    const again = released.given(...SIGNED_AGAIN);
    again.when(correct('04-02', V3)).refused('content-changed');
    again.when(correct('04-01 11:59')).refused('out-of-order');
    again.when(correct('03-01')).refused('out-of-order');
  });

  test('each correction has a round of its own', () => {
    const corrected = released.given(...SIGNED_AGAIN, correct('04-02'));
    corrected.when(correct('04-03')).refused('not-approved');
    corrected
      .given(revise('04-03', V3, 'drafter', 'third'))
      .when(correct('04-04', V3, 'second'))
      .refused('not-approved');
  });

  test('a further channel is not the correction', () => {
    // A further channel with the new version does not stand for the correction of the old one.
    released
      .given(...SIGNED_AGAIN, release('04-02', 'weibo', V2))
      .when(correct('04-03'))
      .accepted();
  });

  test('under an empty chain it is done directly', () => {
    const direct = item(unreviewed).given(draft('03-01'), release('03-02'));
    direct.when(correct('03-03')).accepted({ approval: null });
    direct
      .given(revise('03-03'))
      .when(correct('03-04'))
      .accepted({ approval: null, basis: ['revision'] });
    direct.given(revise('03-03')).when(correct('03-04', V3)).refused('content-changed');
    direct
      .given(correct('03-03'))
      .when(correct('03-04', V3, 'second'))
      .accepted();
    direct.when(correct('03-01')).refused('out-of-order');
  });

  test('who corrects wrote a version, and clears none', () => {
    // Who brings new content by a correction wrote a version: he does not clear it later.
    const world = { agency: unreviewedAgency(assigned('editor', 'office-reviewer'), chainSet(on('03-10'))) };
    const corrected = item(world).given(draft('03-01'), release('03-02'), correct('03-03'));
    corrected.when(clear('03-11', 'editor', 'office', { contentHash: V2 })).refused('drafter-cannot-clear');
  });
});

test('people are told the released title', () => {
  // A title may change with a revision; people are told the one that was released.
  const renamed = item(unreviewed).given(
    draft('03-01', { indexNumber: 'X-1' }),
    release('03-02'),
    does('drafter', 'publication.revised', on('03-03'), { contentHash: hashOf('x'), title: '新标题' }),
  );
  const told = ({ rules, state }: typeof renamed): unknown => standingOf(rules, state);
  expect(told(item(unreviewed).given(draft('03-01')))).toEqual({ state: 'drafted', title: null });
  expect(told(renamed)).toEqual({ state: 'released-under-revision', title: '信息' });
  const corrected = renamed.when(correct('03-04', hashOf('x'))).accepted({ document: { title: '新标题', indexNumber: 'X-1' } });
  expect(told(corrected)).toEqual({ state: 'released', title: '新标题' });
  const back = corrected.given({ ...does('auditor', 'record.voided', on('03-05'), { approvedBy: 'root' }), voids: 'correction' });
  expect(told(back)).toEqual({ state: 'released-under-revision', title: '信息' });
});
