/** Rejecting and withdrawing, and what a closed item still takes. Contract, rule "Order". */
import { approve, approvedItem, check, clear, correct, draft, item, reject, release, revise, withdraw } from './items.js';

const approved = approvedItem();
const released = approved.given(release('03-02'));

describe('closing', () => {
  const rejected = item().given(draft('03-01'), reject('03-05'));
  const withdrawn = released.given(withdraw('03-10'));

  test('a rejection rests on the rejected version', () => {
    // A rejection rests on the version it rejects, also after its approval.
    item()
      .given(draft('03-01'))
      .when(reject('03-01'))
      .then({ basis: ['draft'], role: null });
    approved.when(reject('03-02')).accepted();
    item().given(draft('03-02')).when(reject('03-01')).refused('out-of-order');
  });

  test('released items are withdrawn, unreleased rejected', () => {
    // A released item is withdrawn, not rejected; an unreleased one rejected, not withdrawn.
    released.when(reject('03-03')).refused('already-released');
    approved.when(withdraw('03-03')).refused('not-released');
    released.when(withdraw('03-03', 'weibo')).refused('not-released');
  });

  test('a withdrawal follows the releases it takes back', () => {
    // A withdrawal is not dated before the releases it takes back.
    released.when(withdraw('03-01')).refused('out-of-order');
    released.given(release('03-08', 'weibo')).when(withdraw('03-07')).refused('out-of-order');
    released
      .given(release('03-08', 'weibo'))
      .when(withdraw('03-07', 'website'))
      .accepted({ basis: ['release-website'] });
    released.when(withdraw('03-02', 'website')).accepted();
  });

  test('withdrawal from one channel is no close', () => {
    // Withdrawn from a channel is no close, and once per channel.
    const partly = released.given(withdraw('03-03', 'website'));
    partly.when(withdraw('03-04', 'website')).refused('withdrawn');
    partly.when(release('03-04', 'weibo')).accepted();
    partly.when(revise('03-04')).accepted();
    partly.when(withdraw('03-04')).accepted();
  });

  test('a second close, whatever its date', () => {
    for (const moment of ['03-01', '03-05', '03-20']) {
      rejected.when(reject(moment)).refused('already-closed');
      withdrawn.when(withdraw(moment)).refused('already-closed');
      withdrawn.when(reject(moment)).refused('already-closed');
    }
  });

  test.each([
    ['revised', revise('03-20'), revise('03-04')],
    ['cleared', clear('03-20', 'office', 'office'), clear('03-04', 'office', 'office')],
    ['approved', approve('03-20'), approve('03-04')],
    ['released', release('03-20', 'gazette'), release('03-04', 'gazette')],
    ['checked', check('03-20'), check('03-04')],
    ['corrected', correct('03-20'), correct('03-04')],
    ['withdrawn from a channel', withdraw('03-20', 'website'), withdraw('03-04', 'website')],
  ])('after a close nothing is %s', (_name, after, late) => {
    // After a close nothing more is …, and what arrives late waits for the void of the close.
    rejected.when(after).refused('rejected');
    rejected.when(late).refused('case-closed');
    withdrawn.when(after).refused('withdrawn');
    withdrawn.when(late).refused('case-closed');
  });
});
