/**
 * Reconsiderations, lawsuits, complaints: filed once, decided once, about an application or a publication or neither.
 */
import { standingOf } from '../../src/domain/case.js';
import { decisionAbout, remedyRules, type Remedy } from '../../src/domain/small-kinds/remedy.js';
import { does, specification, standardAgency, type Doing, type Given, type World } from '../support/given-when-then.js';
import { on, voided } from './items.js';

function remedy(kind: string, world: World = {}): Given<Remedy> {
  const rules = remedyRules.find((one) => one.kind === kind);
  if (rules === undefined) throw new Error(`no rules for ${kind}`);
  return specification(rules, { agency: standardAgency(), existingCases: ['application/1', 'publication/1'], ...world });
}

const KINDS = [
  ['reconsideration', 'reconsideration.filed', {}],
  ['lawsuit', 'lawsuit.filed', { route: 'direct' }],
  ['complaint', 'complaint.received', { topic: '未按时答复' }],
] as const;

describe.each(KINDS)('%s', (kind, opening, needed) => {
  const file = (moment: string, data: Record<string, unknown> = {}, id = 'filing'): Doing =>
    does('clerk', opening, on(moment), { ...needed, ...data }, { id });
  const decide = (moment: string, result = 'upheld', id = 'decision'): Doing =>
    does('clerk', `${kind}.decided`, on(moment), { result }, { id });
  const filed = remedy(kind).given(file('03-06'));
  const facts = kind === 'lawsuit' ? { route: 'direct', courtRole: 'defendant' } : {};

  test('the decision rests on the filing', () => {
    // Is filed, then decided: the decision rests on the filing and says when that was.
    remedy(kind)
      .when(file('03-06'))
      .then({ basis: [], role: null, ...facts });
    filed.when(decide('05-02')).then({ basis: ['filing'], role: null, filedOn: '2017-03-06', ...facts });
  });

  test('a decision without a filing', () => {
    remedy(kind).when(decide('05-02')).refused('unknown-case');
  });

  test('is filed once', () => {
    filed.when(file('03-07', {}, 'again')).refused('already-exists');
    filed
      .given(decide('05-02'))
      .when(file('05-03', {}, 'again'))
      .refused('already-exists');
  });

  test('is decided once, whatever the second date', () => {
    // Is decided once, whatever the date of the second decision.
    const decided = filed.given(decide('05-02'));
    for (const day of ['03-01', '04-01', '05-02', '06-01']) decided.when(decide(day, 'other', 'again')).refused('already-closed');
  });

  test('a decision is not dated before the filing', () => {
    filed.when(decide('03-05')).refused('out-of-order', { notBefore: on('03-06') });
    filed.when(decide('03-06')).accepted();
  });

  test('names an application or a publication, never both', () => {
    // Names an application, a publication, or neither; never both.
    remedy(kind)
      .when(file('03-06', { application: 'application/1' }))
      .accepted();
    remedy(kind)
      .when(file('03-06', { publication: 'publication/1' }))
      .accepted();
    remedy(kind)
      .when(file('03-06', { application: 'application/1', publication: 'publication/1' }))
      .refused('invalid-data');
  });

  test.each([
    [{ application: 'application/2' }],
    [{ publication: 'publication/2' }],
    [{ application: 'publication/1' }],
    [{ publication: 'application/1' }],
    [{ application: 'lawsuit/1' }],
  ])('a reference to nothing or another kind: %j', (data) => {
    // A reference to nothing, or to a case of another kind.
    remedy(kind, { existingCases: ['application/1', 'publication/1', 'lawsuit/1'] })
      .when(file('03-06', data))
      .refused('wrong-reference', { reference: Object.values(data)[0] });
  });

  test('is about the application while its decision stands', () => {
    // Is about the application it names, once decided and as long as the decision stands.
    const about = remedy(kind).given(file('03-06', { application: 'application/1' }));
    expect(decisionAbout(about.state.view, 'application/1')).toBeNull();
    const decided = about.given(decide('05-02'));
    expect(decisionAbout(decided.state.view, 'application/1')).toEqual({ at: on('05-02'), instant: Date.parse(on('05-02')) });
    expect(decisionAbout(decided.state.view, 'application/2')).toBeNull();
    expect(decisionAbout(filed.given(decide('05-02')).state.view, 'application/1')).toBeNull();
    expect(decisionAbout(decided.given(voided('decision', '06-01')).state.view, 'application/1')).toBeNull();
  });

  test('the filing is voided after the decision only', () => {
    // The filing is taken back after the decision only; both may be sent again.
    const decided = filed.given(decide('05-02'));
    decided.when(voided('filing', '06-01')).refused('depended-upon', { type: `${kind}.decided` });
    const undecided = decided.given(voided('decision', '06-01'));
    undecided.when(decide('05-03', 'corrected', 'again')).accepted();
    const gone = undecided.given(voided('filing', '06-02'));
    gone.when(decide('05-03', 'other', 'again')).refused('unknown-case');
    gone.when(file('03-01', { application: 'application/1' }, 'again')).accepted();
  });

  test('says where it stands', () => {
    const standing = (given: Given<Remedy>): string => standingOf(given.rules, given.state).state;
    const decided = filed.given(decide('05-02'));
    expect([remedy(kind), filed, decided, decided.given(voided('decision', '06-01'))].map(standing)).toEqual([
      'unknown',
      'pending',
      'decided',
      'pending',
    ]);
  });
});

describe('the role of the agency in court', () => {
  const file = (data: Record<string, unknown>): Doing => does('clerk', 'lawsuit.filed', on('03-06'), data, { id: 'filing' });
  test.each([
    [{ route: 'direct' }, { route: 'direct', courtRole: 'defendant' }],
    [
      { route: 'after-reconsideration', role: 'defendant' },
      { route: 'after-reconsideration', courtRole: 'defendant' },
    ],
    [
      { route: 'after-reconsideration', role: 'co-defendant-reviewer' },
      { route: 'after-reconsideration', courtRole: 'co-defendant-reviewer' },
    ],
  ])('%j is kept with filing and decision', (data, kept) => {
    // … is kept with the filing and with the decision.
    remedy('lawsuit')
      .when(file(data))
      .accepted(kept)
      .when(does('clerk', 'lawsuit.decided', on('05-02'), { result: 'other' }))
      .accepted(kept);
  });
});
