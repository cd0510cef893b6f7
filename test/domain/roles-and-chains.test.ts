/** Who holds a role on a day, and which chain is in force at a time. Contract, rules "Setting up" and "Clearance". */
import { assigned, chainSet, ended, LEADER, OFFICE, standardAgency } from '../support/given-when-then.js';
import { approve, clear, draft, item, on } from './items.js';

const drafted = item().given(draft('03-01 09:00'));
const office = clear('03-01 10:00', 'office', 'office');
const regulations = clear('03-01 11:00', 'lawyer', 'regulations');
const cleared = drafted.given(office, regulations);

describe('roles', () => {
  const world = {
    agency: standardAgency(assigned('temp', 'office-reviewer', on('03-10 14:00')), ended('temp', 'office-reviewer', on('03-20 09:00'))),
  };
  const early = item(world).given(draft('03-01'));

  test('without the role of the step', () => {
    drafted.when(clear('03-02', 'lawyer', 'office')).refused('missing-role', { role: 'office-reviewer' });
    drafted.when(clear('03-02', 'nobody', 'office')).refused('missing-role');
  });

  test.each([
    ['the day before the first', '03-09 23:59', false],
    ['the first day, before the hour of the assignment', '03-10 00:00', true],
    ['the last day, after the hour of the end', '03-20 23:59', true],
    ['the day after the last', '03-21 00:00', false],
  ])('%s', (_day, moment, holds) => {
    const outcome = early.when(clear(moment, 'temp', 'office'));
    if (holds) outcome.accepted({ role: 'office-reviewer' });
    else outcome.refused('missing-role');
  });

  test('first and last day are Shanghai days', () => {
    // First and last day are those of Shanghai: 16:00 UTC is the next day.
    early.when({ ...clear('03-09', 'temp', 'office'), at: '2017-03-09T16:00:00Z' }).accepted();
    early.when({ ...clear('03-20', 'temp', 'office'), at: '2017-03-20T16:00:00Z' }).refused('missing-role');
  });

  test('assigned again after an end', () => {
    const again = item({
      agency: standardAgency(ended('office', 'office-reviewer', on('03-05')), assigned('office', 'office-reviewer', on('03-20'))),
    });
    const begun = again.given(draft('03-01'));
    begun.when(clear('03-05', 'office', 'office')).accepted();
    begun.when(clear('03-10', 'office', 'office')).refused('missing-role');
    begun.when(clear('03-20', 'office', 'office')).accepted();
  });

  test('a late, earlier end holds from its date', () => {
    // An end recorded late with an earlier date holds from that date.
    const moved = standardAgency(ended('office', 'office-reviewer', on('03-20')), ended('office', 'office-reviewer', on('03-05')));
    item({ agency: moved })
      .given(draft('03-01'))
      .when(clear('03-10', 'office', 'office'))
      .refused('missing-role');
  });

  test('the approver holds his role that day', () => {
    // The approver holds his role on the day of the approval.
    const gone = cleared.in({ agency: standardAgency(ended('leader', 'deputy-leader', on('02-28'))) });
    gone.when(approve('03-01 12:00')).refused('missing-role', { role: 'deputy-leader' });
    cleared.when(approve('03-01 12:00', {}, 'root')).refused('missing-role');
  });
});

describe('the chain in force at the act', () => {
  // From 03-10 on a single step "security" replaces office and regulations.
  const SECURITY = { step: 'security', role: 'office-reviewer', unit: '保密办' };
  const changed = { agency: standardAgency(chainSet(on('03-10'), [SECURITY], LEADER)) };
  const begun = item(changed).given(draft('03-01 09:00'), office, regulations);

  test('approval needs the steps of its own date', () => {
    // An approval before the change needs the old steps, one after it the new ones.
    begun.when(approve('03-09')).accepted();
    begun.when(approve('03-10')).refused('step-missing', { missing: ['security'] });
    begun
      .given(clear('03-11', 'office-2', 'security'))
      .when(approve('03-12'))
      .accepted({ basis: ['draft', 'security-passed'] });
  });

  test('a clearance needs a step of its day', () => {
    // A clearance names a step of the chain of its own day, also when it arrives after the change.
    const late = item(changed).given(draft('03-01 09:00'));
    late.when(clear('03-05', 'office', 'office')).accepted();
    late.when(clear('03-11', 'office', 'office')).refused('unknown-step', { steps: ['security'] });
    late.when(clear('03-05', 'office', 'security')).refused('unknown-step');
  });

  test('a late, earlier chain holds from its date', () => {
    // A chain recorded late with an earlier date holds from that date.
    const late = standardAgency(chainSet(on('03-10'), [SECURITY], LEADER), chainSet(on('03-05'), [OFFICE], LEADER));
    const ready = item({ agency: late }).given(draft('03-01 09:00'), office);
    ready.when(approve('03-07')).accepted();
    ready.when(approve('03-11')).refused('step-missing', { missing: ['security'] });
  });

  test('of simultaneous chains the last recorded holds', () => {
    // Of two chains set at the same instant the one recorded last holds.
    const twice = standardAgency(chainSet(on('03-10'), [SECURITY], LEADER), chainSet(on('03-10'), [OFFICE], LEADER));
    item({ agency: twice })
      .given(draft('03-01 09:00'))
      .when(clear('03-10', 'office', 'office'))
      .accepted();
  });
});
