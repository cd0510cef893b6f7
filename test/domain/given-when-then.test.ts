/** A test helper whose own failure passes is worse than none: it must fail where it should. */
import { meetingRules } from './rules.js';
import { publicationRules } from '../../src/domain/publication/rules.js';
import { agencyWith, assigned, does, REGISTERED, specification, standardAgency } from '../support/given-when-then.js';
import { at, hashOf } from '../support/messages.js';

const drafted = does('drafter', 'publication.drafted', at('2017-03-01'), { title: '信息', contentHash: hashOf('a') }, { id: 'draft' });
const released = does('editor', 'publication.released', at('2017-03-02'), { channel: 'website', contentHash: hashOf('a') });
const item = specification(publicationRules, { agency: standardAgency() });

test('refused() passes on its code, case unchanged', () => {
  // refused() passes on that code and gives the unchanged case back.
  const before = item.given(drafted);
  expect(before.when(released).refused('not-approved').state).toBe(before.state);
});

test('refused() fails on acceptance or other details', () => {
  // refused() fails on an accepted act, on another code, and on other details.
  expect(() => item.when(drafted).refused('already-exists')).toThrow(/accepted; expected the refusal already-exists/);
  expect(() => item.given(drafted).when(released).refused('content-changed')).toThrow(
    /expected the refusal content-changed, found not-app/,
  );
  const late = does('drafter', 'publication.revised', at('2017-02-01'), { contentHash: hashOf('b') });
  expect(() => item.given(drafted).when(late).refused('out-of-order', { notBefore: 'yesterday' })).toThrow(/details.notBefore/);
  item.given(drafted).when(late).refused('out-of-order', { notBefore: drafted.at });
});

test('then() fails on refusal or other facts', () => {
  // then() fails on a refused act, on a differing, a missing and a superfluous fact.
  expect(() => item.when(released).then({})).toThrow(/was refused: unknown-case/);
  expect(() => item.when(drafted).then({ basis: ['x'], role: null })).toThrow(/derived facts differ/);
  expect(() => item.when(drafted).then({ basis: [] })).toThrow(/derived facts differ/);
  expect(() => item.when(drafted).then({ basis: [], role: null, more: 1 })).toThrow(/derived facts differ/);
  item.when(drafted).then({ basis: [], role: null });
});

test('accepted() checks the named facts only', () => {
  // accepted() fails on a refused act and on a differing fact, and says nothing about the others.
  expect(() => item.when(released).accepted()).toThrow(/was refused/);
  expect(() => item.when(drafted).accepted({ role: 'editor' })).toThrow(/derived.role: expected 'editor', found null/);
  item.when(drafted).accepted({ role: null });
});

test('given() fails on a refused act', () => {
  // given() fails on an act that is refused: no test stands on a history that could not be.
  expect(() => item.given(released)).toThrow(/given publication.released .* was refused: unknown-case/);
  expect(() => item.given(drafted, drafted)).toThrow(/was refused: already-exists/);
});

test('an accepted act enters the case, voids too', () => {
  // An accepted act is in the case afterwards, also when it was a void.
  const before = specification(meetingRules, { agency: standardAgency() }).given(
    does('clerk', 'meeting.held', at('2017-03-01'), { title: '会议' }, { id: 'meeting' }),
  );
  expect(before.state.acts).toHaveLength(1);
  const after = before.given(
    does(
      'clerk',
      'record.voided',
      at('2017-03-02'),
      { message: { id: 'meeting' }, reason: '重复', approvedBy: 'leader' },
      { voids: 'meeting' },
    ),
  );
  expect([...after.state.voided.keys()]).toEqual(['meeting']);
});

test('an agency with impossible acts fails', () => {
  // An agency that its acts never register, or acts that contradict each other, fail.
  expect(() => agencyWith()).toThrow(/register no agency/);
  expect(() => agencyWith(assigned('a', 'b'))).toThrow(/unknown-agency/);
  expect(() => agencyWith(REGISTERED, assigned('a', 'b', '2010-01-01T10:00:00+08:00', 'nobody'))).toThrow(/not-administrator/);
});
