/**
 * Names from before there was one spelling of each: a decision takes them for the person, role, step or party they were
 * meant to be. Nothing that is folded changes by it. Every place that compares names has a row.
 */
import type { Act } from '../../src/domain/acts.js';
import { isSameName } from '../../src/domain/names.js';
import { agencyRules } from '../../src/domain/agency/rules.js';
import { maySeeSealed } from '../../src/domain/who-may-read.js';
import {
  agencyWith,
  assigned,
  chainSet,
  does,
  ended,
  LEADER,
  OFFICE,
  REGISTERED,
  REGULATIONS,
  specification,
  STAFF,
  standardAgency,
  type Doing,
} from '../support/given-when-then.js';
import { answer, application, consult, extend, receive } from './applications.js';
import { approve, check, clear, draft, item, on, release, revise, SIGNED, voided } from './items.js';

/** A case nobody has handled. */
const NOTHING = { acts: [], voided: new Map<string, string>() };

/** Other spellings of a name, as they were stored once. */
const spellings = (name: string): string[] => [
  ...[`${name} `, ` ${name}`, `${name}\u200b`, `\ufeff${name}`, `${name}\u00a0`, `${name}\u3000`, `${name[0]}\u00ad${name.slice(1)}`],
  ...[[...name].map((char) => (/[a-z]/.test(char) ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char)).join('')],
];

describe.each(spellings('office'))('whoever is stored as %j', (stored) => {
  test('and drafted, clears no step', () => {
    item()
      .given(draft('03-01', {}, stored))
      .when(clear('03-02', 'office', 'office'))
      .refused('drafter-cannot-clear');
  });

  test('and revised, approves nothing', () => {
    const world = { agency: standardAgency(assigned('office', 'deputy-leader')) };
    const second = (step: string, actor: string, id: string): Doing =>
      clear('03-04', actor, step, { contentHash: revise('03-03').data['contentHash'] as string, id });
    item(world)
      .given(draft('03-01'), revise('03-03', undefined, stored), second('office', 'office-2', 'a'), second('regulations', 'lawyer', 'b'))
      .when(approve('03-05', { contentHash: revise('03-03').data['contentHash'] }, 'office'))
      .refused('approver-not-independent');
  });

  test('and passed a step, signs nothing more', () => {
    // And passed a step, passes no other and approves nothing.
    const world = {
      agency: standardAgency(
        assigned(stored, 'office-reviewer'),
        assigned('office', 'regulations-reviewer'),
        assigned('office', 'deputy-leader'),
      ),
    };
    const once = item(world).given(draft('03-01'), clear('03-02', stored, 'office'));
    once.when(clear('03-03', 'office', 'regulations')).refused('same-person-twice');
    once
      .given(clear('03-03', 'lawyer', 'regulations'))
      .when(approve('03-04', {}, 'office'))
      .refused('approver-not-independent');
  });

  test('and acted, approves no void of that act', () => {
    const world = { agency: standardAgency(assigned('office', 'deputy-leader')) };
    const checked = item(world).given(...SIGNED, release('03-05'), { ...check('03-06'), actor: stored });
    checked.when(voided('check', '03-07', 'office')).refused('approver-not-independent');
    checked.when(voided('check', '03-07', 'leader')).accepted();
  });

  test('holds and ends the role under his name', () => {
    // Holds the role under his name, until it ends under it.
    const staff = STAFF.filter(({ data }) => data['actor'] !== 'office');
    const chain = chainSet('2010-01-02T09:00:00+08:00');
    const held = [...staff, assigned(stored, 'office-reviewer'), chain];
    item({ agency: agencyWith(...held) }).given(draft('03-01'), clear('03-02', 'office', 'office'));
    expect(maySeeSealed(agencyWith(...held), NOTHING, { actor: 'office', instant: Date.parse(on('03-02')) })).toBe(true);
    const over = agencyWith(...held, ended('office', 'office-reviewer', on('02-01')));
    item({ agency: over })
      .given(draft('03-01'))
      .when(clear('03-02', 'office', 'office'))
      .refused('missing-role');
    expect(maySeeSealed(over, NOTHING, { actor: 'office', instant: Date.parse(on('03-02')) })).toBe(false);
  });

  test('and received the application, reads its texts', () => {
    const acts = [{ type: 'application.received', actor: stored, eventId: 'r' } as Act];
    const asks = (actor: string): boolean =>
      maySeeSealed(standardAgency(), { acts, voided: new Map<string, string>() }, { actor, instant: Date.parse(on('03-02')) });
    expect([asks('office'), asks('officer')]).toEqual([true, false]);
  });

  test('is not the name of somebody else', () => {
    expect(['Office', 'officer', 'оffice', 'off ice'].filter((other) => isSameName(other, stored, 'person'))).toEqual([]);
  });
});

describe.each(spellings('root'))('an agency whose administrator is stored as %j', (stored) => {
  const registered = { ...REGISTERED, actor: stored, data: { ...REGISTERED.data, administrator: stored } };
  const agency = specification(agencyRules).given(registered);

  test('administers under his name, not for himself', () => {
    // Is set up by him under his name, and he assigns nothing to himself.
    agency.when(assigned('office', 'office-reviewer')).accepted();
    agency.when(assigned('root', 'office-reviewer')).refused('self-assignment');
    agency.when(assigned('office', 'office-reviewer', undefined, 'somebody')).refused('not-administrator');
  });

  test('keeps its last administrator under any name', () => {
    // Does not lose its last administrator under his other name.
    agency.when(ended('root', 'administrator', on('03-01'))).refused('not-administrator');
    agency
      .given(assigned('second-root', 'administrator'))
      .when(ended('root', 'administrator', on('03-01')))
      .accepted();
  });
});

test.each(spellings('root'))('whoever acts as %j assigns nothing to root', (stored) => {
  const agency = specification(agencyRules).given({ ...REGISTERED, data: { ...REGISTERED.data, administrator: stored } });
  agency.when(assigned('root', 'office-reviewer', undefined, stored)).refused('self-assignment');
});

describe.each(spellings('office'))('a chain with a step stored as %j', (stored) => {
  const steps = [{ ...OFFICE, step: stored }, REGULATIONS];
  const world = { agency: agencyWith(...STAFF, chainSet('2010-01-02T09:00:00+08:00', steps)) };

  test('is passed under the name of the step', () => {
    const cleared = item(world).given(draft('03-01'), clear('03-02', 'office', 'office'), clear('03-03', 'lawyer', 'regulations'));
    cleared.when(approve('03-04')).accepted();
    item(world)
      .given(draft('03-01'))
      .when(clear('03-02', 'office', 'offices'))
      .refused('unknown-step');
  });
});

describe.each(spellings('office-reviewer'))('a chain with a role stored as %j', (stored) => {
  test('is cleared by the role’s holder', () => {
    // Is cleared by who holds the role under its name.
    const steps = [{ ...OFFICE, role: stored }, REGULATIONS];
    const agency = agencyWith(...STAFF, chainSet('2010-01-02T09:00:00+08:00', steps, LEADER));
    item({ agency })
      .given(draft('03-01'))
      .when(clear('03-02', 'office', 'office'))
      .accepted({ role: stored });
    item({ agency })
      .given(draft('03-01'))
      .when(clear('03-02', 'lawyer', 'office'))
      .refused('missing-role');
  });
});

test('full-width punctuation of a role stays as spelled', () => {
  // Full-width punctuation of a stored role is kept or not, as it is spelled today.
  for (const today of ['法规科（一）', '法规科(一)']) {
    const steps = [{ ...OFFICE, role: '法规科（一） ' }, REGULATIONS];
    const agency = agencyWith(...STAFF, assigned('office', today), chainSet('2010-01-02T09:00:00+08:00', steps, LEADER));
    item({ agency })
      .given(draft('03-01'))
      .when(clear('03-02', 'office', 'office'))
      .accepted();
  }
  expect(isSameName('法规科（一）', '法规科(一)', 'office')).toBe(false);
});

test.each(spellings('acme'))('a party stored as %j answers by name', (stored) => {
  // A party consulted as … answers under its name.
  const consulted = application().given(receive(), consult('03-08', stored, 'first'), consult('03-08', 'other', 'second'));
  consulted.when(answer('03-09', 'acme')).accepted({ basis: ['first'] });
  consulted.when(answer('03-09', 'nobody')).refused('no-open-consultation');
  consulted.given(answer('03-09', 'acme')).when(answer('03-10', 'acme')).refused('no-open-consultation');
});

test.each(spellings('clerk'))('an extension by %j is not self-approved', (stored) => {
  // An extension by … is not approved by clerk.
  application()
    .given(receive())
    .when({ ...extend('03-08', 5, { approvedBy: 'clerk' }), actor: stored })
    .refused('approver-not-independent');
});

test('an erasure needs another person as well', () => {
  const doing = does('leader ', 'record.erased', on('06-01'), { reason: '期满', approvedBy: 'leader' });
  item().given(draft('03-01')).when(doing).refused('approver-not-independent');
});

test('what is stored is folded as it is', () => {
  const { view } = item().given(draft('03-01', {}, 'drafter '), revise('03-02', undefined, 'drafter')).state;
  expect(view).toMatchObject({ drafters: ['drafter ', 'drafter'] });
});
