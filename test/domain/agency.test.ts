/**
 * Setting up an agency: registration, chain, roles, parents, forms, declared figures. Contract, rule "Setting up", and
 * what is declarable.
 */
import { agencyRules, DEFAULT_FORMS } from '../../src/domain/agency/rules.js';
import { profileOn, type Agency, type AgencyView } from '../../src/domain/agency/state.js';
import { form2014Shandong } from '../../src/statistics/forms/2014-shandong.js';
import {
  assigned,
  chainSet,
  CODE,
  does,
  ended,
  LEADER,
  OFFICE,
  REGISTERED,
  REGULATIONS,
  specification,
  type Doing,
  type World,
} from '../support/given-when-then.js';
import { on } from './items.js';

const empty = specification(agencyRules);
const registered = empty.given(REGISTERED);
const view = (given: { state: { view: AgencyView } }): Agency => given.state.view as Agency;

const change = (data: Record<string, unknown>, actor = 'root', moment = '03-01'): Doing =>
  does(actor, 'agency.changed', on(moment), { from: '2017-03-01', ...data });

describe('registration', () => {
  test('begins the agency, its officer is administrator', () => {
    // Begins the agency; the officer named holds the role of administrator from then on.
    empty.when(REGISTERED).then({ basis: [], role: null, profile: { reporting: 'included', forms: ['2014-shandong', '2019', '2021'] } });
    registered.when(assigned('a', 'reviewer', '2010-01-01T10:00:00+08:00')).accepted();
    registered.when(assigned('a', 'reviewer', '2010-01-01T08:00:00+08:00')).refused('out-of-order');
  });

  test('who registers is not thereby an administrator', () => {
    const other = empty.given(does('clerk', 'agency.registered', on('01-01'), { name: '局', administrator: 'root' }));
    other.when(assigned('a', 'reviewer', on('01-02'), 'clerk')).refused('not-administrator');
    other.when(assigned('a', 'reviewer', on('01-02'), 'root')).accepted();
  });

  test('once', () => {
    registered.when(does('root', 'agency.registered', on('01-01'), { name: '局', administrator: 'x' })).refused('already-registered');
  });

  test('forms default to the three national ones', () => {
    // Without forms the three national ones; only forms that are known.
    expect(profileOn(view(registered), '2017-01-01').forms).toEqual(DEFAULT_FORMS);
    expect(DEFAULT_FORMS).toEqual(['2014-shandong', '2019', '2021']);
    const named = (forms: string[]): Doing => does('root', 'agency.registered', on('01-01'), { name: '局', administrator: 'root', forms });
    empty.when(named(['2014-fujian', '2019'])).accepted();
    empty.when(named(['2014-shandong', '1999'])).refused('unknown-form', { form: '1999' });
  });

  test('nothing is done to an agency before it', () => {
    for (const act of [
      change({ name: 'x' }),
      chainSet(on('03-01')),
      assigned('a', 'b'),
      ended('a', 'b', on('03-01')),
      figure('9.1', '1'),
    ]) {
      empty.when(act).refused('unknown-agency');
    }
  });

  test('no act is dated before its registration', () => {
    registered.when(chainSet('2009-12-31T09:00:00+08:00')).refused('out-of-order');
  });
});

describe('administrators', () => {
  test.each([
    ['the chain', chainSet(on('03-01'))],
    ['a role', assigned('a', 'reviewer', on('03-01'))],
    ['the end of a role', ended('a', 'reviewer', on('03-01'))],
    ['a change', change({ name: '新名' })],
  ])('%s needs one', (_what, act) => {
    const given = registered.given(assigned('a', 'reviewer'));
    given.when({ ...act, actor: 'nobody' }).refused('not-administrator');
    given.when({ ...act, actor: 'a' }).refused('not-administrator');
    given.when(act).accepted({ role: 'administrator' });
  });

  test('a later administrator acts within his days', () => {
    // One assigned since does it too, from his first to his last day.
    const two = registered.given(assigned('second', 'administrator', on('03-10')), ended('second', 'administrator', on('03-20')));
    two.when({ ...chainSet(on('03-09 23:59')), actor: 'second' }).refused('not-administrator');
    two.when({ ...chainSet(on('03-10 00:00')), actor: 'second' }).accepted();
    two.when({ ...chainSet(on('03-20 23:59')), actor: 'second' }).accepted();
    two.when({ ...chainSet(on('03-21 00:00')), actor: 'second' }).refused('not-administrator');
  });

  test('nobody assigns a role to himself', () => {
    registered.when(assigned('root', 'office-reviewer')).refused('self-assignment');
    registered.when(assigned('root', 'administrator')).refused('self-assignment');
    registered.when(assigned('nobody', 'administrator', on('03-01'), 'nobody')).refused('not-administrator');
  });

  test('the last administrator stays', () => {
    registered.when(ended('root', 'administrator', on('03-01'))).refused('not-administrator');
    const two = registered.given(assigned('second', 'administrator'));
    two.when(ended('root', 'administrator', on('03-01'))).accepted();
    two
      .given(ended('root', 'administrator', on('03-01')))
      .when(ended('second', 'administrator', on('03-01'), 'second'))
      .refused('not-administrator');
  });

  test('only a role that is held ends', () => {
    registered.when(ended('a', 'reviewer', on('03-01'))).refused('missing-role');
    const held = registered.given(assigned('a', 'reviewer', on('03-10')));
    held.when(ended('a', 'reviewer', on('03-09'))).refused('missing-role');
    held.when(ended('a', 'other', on('03-11'))).refused('missing-role');
    held
      .given(ended('a', 'reviewer', on('03-11')))
      .when(ended('a', 'reviewer', on('03-12')))
      .refused('missing-role');
  });
});

describe('the clearance chain', () => {
  test('steps and approver both given or both empty', () => {
    registered.when(chainSet(on('03-01'), [OFFICE], null)).refused('incomplete-chain');
    registered.when(chainSet(on('03-01'), [], LEADER)).refused('incomplete-chain');
    registered.when(chainSet(on('03-01'), [], null)).accepted();
    registered.when(chainSet(on('03-01'), [OFFICE, REGULATIONS])).accepted();
  });

  test('two steps may not share a name', () => {
    // Two steps of one name would be one step.
    registered.when(chainSet(on('03-01'), [OFFICE, { ...REGULATIONS, step: 'office' }])).refused('incomplete-chain');
  });

  test('each setting names the one before', () => {
    // Each setting says what was in force before it.
    registered.when(chainSet(on('03-01'))).accepted({ basis: [], role: 'administrator', previous: null });
    const set = registered.given(chainSet(on('03-01')));
    set.when(chainSet(on('05-01'), [], null)).accepted({ previous: { steps: [OFFICE, REGULATIONS], approver: LEADER } });
    set.when(chainSet(on('02-01'), [], null)).accepted({ previous: null });
  });
});

describe('parents', () => {
  const other = (administrator: string, lineage: readonly string[] = []): World => {
    const agency = view(empty.given(does('x', 'agency.registered', '2010-01-01T09:00:00+08:00', { name: '县政府', administrator })));
    return { parent: { agency: { ...agency, code: 'county' }, lineage } };
  };
  const under = (moment = '03-01'): Doing => change({ parent: 'county' }, 'root', moment);
  const registering = does('root', 'agency.registered', on('03-01'), { name: '局', administrator: 'root', parent: 'county' });

  test('naming a parent needs its administrator', () => {
    // Naming one needs an administrator of it, at registration as later.
    specification(agencyRules, other('root')).when(registering).accepted();
    specification(agencyRules, other('somebody')).when(registering).refused('not-administrator');
    registered.in(other('root')).when(under()).accepted({ role: 'administrator' });
    registered.in(other('somebody')).when(under()).refused('not-administrator');
  });

  test('an agency nobody registered', () => {
    registered
      .in({ parent: { agency: null, lineage: [] } })
      .when(under())
      .refused('unknown-parent', { parent: 'county' });
    specification(agencyRules, { parent: { agency: null, lineage: [] } })
      .when(registering)
      .refused('unknown-parent');
  });

  test('not itself, and none below it however deep', () => {
    const itself = { parent: { agency: view(registered), lineage: [] } };
    registered
      .in(itself)
      .when(change({ parent: CODE }))
      .refused('unknown-parent');
    registered
      .in(other('root', [CODE]))
      .when(under())
      .refused('unknown-parent');
    registered
      .in(other('root', ['middle', 'upper', CODE]))
      .when(under())
      .refused('unknown-parent');
    registered
      .in(other('root', ['province']))
      .when(under())
      .accepted();
  });

  test('a change of anything else names no parent', () => {
    registered.when(change({ name: '新名' })).accepted();
  });
});

describe('changes hold from their date', () => {
  test('and leave what they do not name', () => {
    const changed = registered.given(
      change({ name: '乙局', from: '2015-01-01' }),
      change({ forms: ['2014-fujian'], from: '2017-01-01' }),
      change({ reporting: 'vertical', from: '2016-01-01' }),
    );
    const at = (day: string): unknown => {
      const { name, reporting, forms } = profileOn(view(changed), day);
      return { name, reporting, forms: forms[0] };
    };
    expect(at('2014-12-31')).toEqual({ name: '某县商务局', reporting: 'included', forms: '2014-shandong' });
    expect(at('2015-06-30')).toEqual({ name: '乙局', reporting: 'included', forms: '2014-shandong' });
    expect(at('2016-06-30')).toEqual({ name: '乙局', reporting: 'vertical', forms: '2014-shandong' });
    expect(at('2017-01-01')).toMatchObject({ name: '乙局', forms: '2014-fujian' });
  });

  test('a late change reaches later recorded days', () => {
    // A change recorded late goes on into what was recorded for later days.
    const changed = registered.given(change({ forms: ['2014-fujian'], from: '2017-01-01' }), change({ name: '乙局', from: '2015-01-01' }));
    expect(profileOn(view(changed), '2018-01-01')).toMatchObject({ name: '乙局', forms: ['2014-fujian'] });
  });

  test('forms that are not known', () => {
    registered.when(change({ forms: ['1999'] })).refused('unknown-form');
  });
});

function figure(cell: string, value: string, more: Record<string, unknown> = {}, id = `figure-${cell}-${value}`): Doing {
  return does(
    'clerk',
    'agency.figure-declared',
    on('03-01'),
    { year: 2016, form: '2014-shandong', cell, value, evidence: '编办批复', ...more },
    { id },
  );
}

describe('declared figures', () => {
  const DECLARABLE = ['9.1', '9.2', '9.3.1', '9.3.2', '9.4'];

  test('exactly these cells of the form', () => {
    const accepted = form2014Shandong.rows.map(({ code }) => code).filter((code) => registered.when(figure(code, '1')).decision.ok);
    expect(accepted).toEqual(DECLARABLE);
    for (const { code } of form2014Shandong.rows.filter(({ code }) => !DECLARABLE.includes(code))) {
      registered.when(figure(code, '1')).refused('cell-not-declarable', { cell: code });
    }
  });

  test('a form or cell that does not exist', () => {
    registered.when(figure('9.9', '1')).refused('unknown-cell');
    registered.when(figure('9.1', '1', { form: '1999' })).refused('unknown-form');
  });

  test('needs no administrator, and says what it replaces', () => {
    registered.when(figure('9.1', '1', {}, 'a')).then({
      basis: [],
      role: null,
      figure: { year: 2016, form: '2014-shandong', cell: '9.1', was: null, is: { eventId: 'a', value: '1' } },
    });
    const declared = registered.given(figure('9.1', '1', {}, 'a'), figure('9.1', '5', { year: 2015 }, 'b'), figure('9.2', '7', {}, 'c'));
    declared.when(figure('9.1', '2', {}, 'd')).accepted({
      figure: { year: 2016, form: '2014-shandong', cell: '9.1', was: { eventId: 'a', value: '1' }, is: { eventId: 'd', value: '2' } },
    });
  });

  test.each([
    ['9.1', '0', true],
    ['9.1', '12', true],
    ['9.1', '1.5', false],
    ['9.1', '-1', false],
    ['9.1', '', false],
    ['9.1', '/', false],
    ['9.1', '1e3', false],
    ['9.1', '１', true],
    ['9.1', ' 1', true],
    ['9.1', '5.0', true],
    ['9.1', '3个（含1个分点）', true],
    ['9.1', '3元', false],
    ['9.1', '+3', false],
    ['9.1', '-', false],
    ['9.1', '无', false],
    ['9.1', '--3', false],
    ['9.1', '3（一）（二）', false],
    ['9.1', '-1（注）', false],
    ['9.1', '1.5个', false],
    ['9.4', '0.2', true],
    ['9.4', '24252.311082', true],
    ['9.4', '0.1234567', false],
    ['9.4', '2000元', true],
    ['9.4', '0.001元', false],
    ['9.4', '0.2万元 (含税)', true],
    ['9.4', '2人', false],
    ['9.4', '1,000', false],
    ['9.4', '-0.2', false],
  ])('cell %s with the value "%s": %s', (cell, value, fine) => {
    const outcome = registered.when(figure(cell, value));
    if (fine) outcome.accepted();
    else outcome.refused('invalid-data', { field: 'data.value' });
  });

  test.each([
    ['2.5.1:change', '+3', true],
    ['2.5.1:change', '＋3项（新增）', true],
    ['2.5.1:change', '-3', true],
    ['2.5.1:change', '--3', false],
    ['2.5.1:change', '+1.5', false],
    ['2.5.1:change', '/', false],
    ['2.5.1:items-last-year', '+3', false],
    ['2.9.1:amount', '1033879.123456', true],
    ['2.9.1:amount', '103.3879万元', true],
    ['2.9.1:amount', '1033879.1234567', false],
    ['2.9.1:amount', '-1', false],
    ['2.1.2:total-public', '55（含自然失效29件）', true],
  ])('cell %s of 2019, value "%s": %s', (cell, value, fine) => {
    // Cell … of 2019 with the value "…".
    const outcome = registered.when(figure(cell, value, { year: 2019, form: '2019' }));
    if (fine) outcome.accepted();
    else outcome.refused('invalid-data', { field: 'data.value' });
  });
});
