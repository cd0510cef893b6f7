/** The yearly report: compiled, cleared, approved, published, restated. Contract, rules "Reports" and "Clearance". */
import { standingOf } from '../../src/domain/case.js';
import type { Act, AnyData } from '../../src/domain/acts.js';
import { describeReport } from './described.js';
import fc from 'fast-check';
import type { Compiling, FrozenTable, TableFinding } from '../../src/domain/report/frozen-table.js';
import type { Report } from '../../src/domain/report/state.js';
import { reportRules } from '../../src/domain/report/rules.js';
import {
  agencyWith,
  assigned,
  chainSet,
  does,
  specification,
  STAFF,
  standardAgency,
  unreviewedAgency,
  type Doing,
  type Given,
  type World,
} from '../support/given-when-then.js';
import { hashOf } from '../support/messages.js';
import { on, voided } from './items.js';
import { act, foldsAlike, takingBack, walk } from './walking.js';

const FORM = hashOf('the form as data');
const [H1, H2] = [hashOf('first table'), hashOf('second table')];
const tableOf = (hash: string, ...findings: TableFinding[]): FrozenTable => ({ hash, policy: 'policy/1', findings, rows: [] });
const computed = (hash: string, ...findings: TableFinding[]): Compiling => ({ table: tableOf(hash, ...findings), formHash: FORM });
const [T1, T2] = [computed(H1), computed(H2)];
const SUM: TableFinding = { rule: 'sum', severity: 'error', cells: ['9.3', '9.3.1', '9.3.2'] };
const LATE: TableFinding = { rule: 'late-reply', severity: 'warning', cells: [] };

type More = Record<string, unknown>;

const compile = (moment: string, tableHash = H1, more: More = {}, actor = 'drafter', id = `compiled-${moment}`): Doing =>
  does(actor, 'report.compiled', on(moment), { year: 2016, form: '2014-shandong', index: 9, tableHash, ...more }, { id });
const clear = (moment: string, actor: string, step: string, more: More = {}): Doing =>
  does(actor, 'report.cleared', on(moment), { step, verdict: 'passed', tableHash: H1, ...more }, { id: `${step}-${moment}` });
const approve = (moment: string, tableHash = H1, actor = 'leader'): Doing =>
  does(actor, 'report.approved', on(moment), { tableHash }, { id: `approved-${moment}` });
const publish = (moment: string, tableHash = H1): Doing =>
  does('editor', 'report.published', on(moment), { tableHash }, { id: `published-${moment}` });

const report = (world: World = {}): Given<Report> =>
  specification(reportRules, { agency: standardAgency(), number: '2016', compiling: T1, ...world });

const SIGNED = [clear('03-01 10:00', 'office', 'office'), clear('03-01 11:00', 'lawyer', 'regulations'), approve('03-01 12:00')];
const compiled = report().given(compile('03-01 09:00'));
const approved = compiled.given(...SIGNED);

describe('compiling', () => {
  test('freezes the whole table with its policy', () => {
    // Freezes the whole table with the policy it was counted by.
    report()
      .when(compile('03-01'))
      .then({ basis: [], role: null, year: 2016, policy: 'policy/1', formHash: FORM, table: tableOf(H1) });
  });

  test('the hash is checked, the right one told', () => {
    // The hash is that of the table as of the index; the refusal gives the right one.
    report().when(compile('03-01', H2)).refused('table-hash-mismatch', { expected: H1, actual: H2, index: 9, form: '2014-shandong' });
  });

  test('subject, year and form must agree', () => {
    // Subject and year agree, and the form is known.
    report({ number: '2017' }).when(compile('03-01')).refused('bad-subject', { year: 2016 });
    report({ number: 'annual' }).when(compile('03-01')).refused('bad-subject');
    report()
      .when(compile('03-01', H1, { form: '2099' }))
      .refused('unknown-form', { form: '2099' });
  });

  test('an impossible index, agency or table is refused', () => {
    // An index that is not recorded yet, an agency not registered at that index, a table that no event holds.
    report({ compiling: { lastIndex: 8 } })
      .when(compile('03-01'))
      .refused('invalid-data', { index: 9, lastIndex: 8 });
    report({ compiling: undefined }).when(compile('03-01')).refused('invalid-data');
    report({ compiling: { unregistered: true } })
      .when(compile('03-01'))
      .refused('invalid-data', { index: 9 });
    report({ compiling: { bytes: 9, limit: 8 } })
      .when(compile('03-01'))
      .refused('too-large', { bytes: 9, limit: 8 });
  });

  test('an error finding needs named acceptance and reason', () => {
    // An error finding is accepted by its rule and all of its cells, with a reason, or refused.
    const faulty = report({ compiling: computed(H1, LATE, SUM) });
    faulty.when(compile('03-01')).refused('open-error-finding', { findings: [SUM] });
    const accepting = (rule: string, ...cells: string[]): Doing =>
      compile('03-01', H1, { accepted: [{ rule, cells, reason: '印刷如此' }] });
    faulty.when(accepting('sum', '9.3.2', '9.3', '9.3.1')).accepted();
    for (const partly of [['9.3'], ['9.3', '9.3.1', '9.3.2', '9.4'], ['9.3', '9.3', '9.3.1'], []])
      faulty.when(accepting('sum', ...partly)).refused('invalid-data');
    faulty.when(accepting('row-total', ...SUM.cells)).refused('invalid-data');
    faulty.when(accepting('late-reply')).refused('open-error-finding');
    report()
      .when(accepting('sum', ...SUM.cells))
      .refused('invalid-data', { accepted: [{ rule: 'sum', cells: SUM.cells }] });
  });

  test('of many open errors twenty are named', () => {
    const many = Array.from({ length: 30 }, (_, at) => ({ ...SUM, cells: [`${at}`] }));
    report({ compiling: computed(H1, ...many) })
      .when(compile('03-01'))
      .refused('open-error-finding', { findings: many.slice(0, 20) });
  });

  test('warnings stand in no way', () => {
    report({ compiling: computed(H1, LATE) })
      .when(compile('03-01'))
      .accepted();
  });

  test('compiling again rests on what came before', () => {
    // Again: rests on the compilation before, is not dated before it, and after a return rests on that too.
    compiled
      .in({ compiling: T2 })
      .when(compile('03-02', H2))
      .accepted({ basis: ['compiled-03-01 09:00'] });
    compiled
      .in({ compiling: T2 })
      .when(compile('03-01 08:59', H2))
      .refused('out-of-order', { notBefore: on('03-01 09:00') });
    compiled
      .given(clear('03-01 10:00', 'office', 'office', { verdict: 'returned' }))
      .when(compile('03-02'))
      .accepted({ basis: ['compiled-03-01 09:00', 'office-03-01 10:00'] });
  });
});

describe('before a compilation', () => {
  test.each([
    ['cleared', SIGNED[0]],
    ['approved', SIGNED[2]],
    ['published', publish('03-01')],
  ] as [string, Doing][])('nothing is %s', (_what, doing) => {
    report().when(doing).refused('not-compiled');
    report({ agency: unreviewedAgency() }).when(doing).refused('not-compiled');
  });
});

describe('signing', () => {
  test('follows publication rules, over the table’s hash', () => {
    // The same rules as for a publication, with the hash of the table.
    compiled.when(SIGNED[0] as Doing).then({ basis: ['compiled-03-01 09:00'], role: 'office-reviewer', unit: '办公室' });
    compiled.when(clear('03-01 10:00', 'office', 'office', { tableHash: H2 })).refused('table-hash-mismatch', { expected: H1, actual: H2 });
    compiled.when(clear('03-01 10:00', 'office', 'archive')).refused('unknown-step');
    compiled.when(clear('03-01 10:00', 'lawyer', 'office')).refused('missing-role');
    compiled.when(clear('03-01 08:00', 'office', 'office')).refused('out-of-order');
    compiled.when(approve('03-01 12:00')).refused('step-missing', { missing: ['office', 'regulations'] });
    const cleared = compiled.given(...SIGNED.slice(0, 2));
    cleared.when(approve('03-01 12:00', H2)).refused('table-hash-mismatch');
    cleared.when(approve('03-01 12:00', H1, 'office-2')).refused('missing-role');
    approved.when(approve('03-02', H1, 'leader-2')).refused('already-approved');
    approved.when(clear('03-02', 'office-2', 'office')).refused('already-approved');
  });

  test('a compiler neither clears nor approves', () => {
    // A compiler of any version clears no step and does not approve.
    const agency = standardAgency(assigned('drafter', 'office-reviewer'), assigned('drafter', 'deputy-leader'));
    const again = report({ agency })
      .given(compile('03-01 09:00'))
      .in({ compiling: T1 })
      .given(compile('03-01 09:30', H1, {}, 'second'));
    again.when(clear('03-01 10:00', 'drafter', 'office')).refused('drafter-cannot-clear');
    again
      .given(...SIGNED.slice(0, 2))
      .when(approve('03-01 12:00', H1, 'drafter'))
      .refused('approver-not-independent');
  });

  test('one person signs one step or approves', () => {
    // One person passes one step, and who cleared does not approve.
    const agency = standardAgency(assigned('office', 'regulations-reviewer'), assigned('office', 'deputy-leader'));
    const first = report({ agency }).given(compile('03-01 09:00'), SIGNED[0] as Doing);
    first.when(clear('03-01 11:00', 'office', 'regulations')).refused('same-person-twice');
    first
      .given(SIGNED[1] as Doing)
      .when(approve('03-01 12:00', H1, 'office'))
      .refused('approver-not-independent');
  });

  test('after a return only another compilation follows', () => {
    const returned = compiled.given(clear('03-01 10:00', 'office', 'office', { verdict: 'returned', opinion: '3.1 有误' }));
    for (const doing of [SIGNED[1] as Doing, approve('03-02'), publish('03-02')]) returned.when(doing).refused('returned');
    returned
      .given(compile('03-02 09:00'))
      .when(clear('03-02 10:00', 'office', 'office'))
      .accepted();
  });

  test('compiling again voids the approval', () => {
    const again = approved.in({ compiling: T2 }).given(compile('03-02 09:00', H2));
    again.when(publish('03-02 15:00', H2)).refused('not-approved');
    again.when(publish('03-02 15:00', H1)).refused('not-approved');
    again.when(clear('03-02 10:00', 'office', 'office')).refused('table-hash-mismatch');
  });
});

describe('publishing', () => {
  test('names the compilation and the checkpoint', () => {
    approved
      .in({ checkpoint: 'note' })
      .when(publish('03-01 15:00'))
      .then({
        basis: ['approved-03-01 12:00'],
        approval: 'approved-03-01 12:00',
        role: null,
        year: 2016,
        compiled: 'compiled-03-01 09:00',
        checkpoint: 'note',
      });
  });

  test('needs the last table’s approval, once', () => {
    // Needs the approval of the table compiled last, is not dated before it, and happens once.
    compiled.when(publish('03-01 15:00')).refused('not-approved');
    approved.when(publish('03-01 11:59')).refused('out-of-order', { notBefore: on('03-01 12:00') });
    approved.when(publish('03-01 15:00', H2)).refused('table-hash-mismatch');
    approved.given(publish('03-01 15:00')).when(publish('03-02')).refused('already-released');
  });

  test('needs a chain, even an empty one', () => {
    // Needs a chain that was set, be it empty.
    report({ agency: agencyWith(...STAFF) })
      .given(compile('03-01 09:00'))
      .when(publish('03-02'))
      .refused('no-clearance-chain');
  });

  test('under an empty chain it is not reviewed', () => {
    // Under an empty chain directly, as not reviewed; what went out so is not signed afterwards.
    const direct = report({ agency: unreviewedAgency() }).given(compile('03-01 09:00'));
    direct.when(clear('03-01 10:00', 'office', 'office')).refused('unknown-step');
    direct.when(approve('03-01 12:00')).refused('missing-role');
    direct.when(publish('03-01 08:00')).refused('out-of-order');
    const out = direct.when(publish('03-01 15:00')).accepted({ approval: null, basis: ['compiled-03-01 09:00'], checkpoint: null });
    const signing = out.in({ agency: standardAgency() });
    signing.when(clear('03-02', 'office', 'office')).refused('already-released');
    signing.when(approve('03-02')).refused('already-released');
  });

  test('a restatement passes the chain as well', () => {
    // A restatement goes through the chain like the first.
    const second = approved
      .given(publish('03-01 15:00'))
      .in({ compiling: T2 })
      .given(
        compile('04-01 09:00', H2),
        clear('04-01 10:00', 'office', 'office', { tableHash: H2 }),
        clear('04-01 11:00', 'lawyer', 'regulations', { tableHash: H2 }),
        approve('04-01 12:00', H2),
      );
    expect(standingOf(reportRules, second.state)).toEqual({ state: 'being-restated', title: '2016' });
    second.when(publish('04-01 15:00', H1)).refused('table-hash-mismatch');
    const done = second.when(publish('04-01 15:00', H2)).accepted({ compiled: 'compiled-04-01 09:00' });
    expect(standingOf(reportRules, done.state)).toEqual({ state: 'published', title: '2016' });
  });
});

describe('taking back', () => {
  test('a publication never; else the last first', () => {
    // Never a publication, nor what it rests on; before that the last act first.
    const out = approved.given(publish('03-01 15:00'));
    out.when(voided('published-03-01 15:00', '03-05')).refused('not-voidable');
    out.when(voided('approved-03-01 12:00', '03-05')).refused('depended-upon');
    out.when(voided('compiled-03-01 09:00', '03-05')).refused('depended-upon');
    approved.when(voided('office-03-01 10:00', '03-05')).refused('depended-upon');
    approved.given(voided('approved-03-01 12:00', '03-05')).when(publish('03-06')).refused('not-approved');
  });

  test('voiding the second compilation restores the first round', () => {
    // Of a second compilation brings the first round back.
    const back = approved.in({ compiling: T2 }).given(compile('03-02 09:00', H2)).given(voided('compiled-03-02 09:00', '03-05'));
    back.when(publish('03-06')).accepted({ compiled: 'compiled-03-01 09:00' });
  });
});

test('the state of the case at each step', () => {
  const states = [compiled, compiled.given(SIGNED[0] as Doing), approved, approved.given(publish('03-02'))].map(
    ({ state }) => standingOf(reportRules, state).state,
  );
  expect(states).toEqual(['compiled', 'in-clearance', 'approved', 'published']);
});

describe('any sequence of acts', () => {
  const hash = fc.constantFrom(H1, H2);
  const anyAct = fc.oneof(
    {
      arbitrary: act(
        'report.compiled',
        hash.map((tableHash) => ({ year: 2016, form: '2014-shandong', index: 9, tableHash })),
      ),
      weight: 3,
    },
    {
      arbitrary: act(
        'report.cleared',
        fc.record({
          step: fc.constantFrom('office', 'regulations'),
          verdict: fc.constantFrom('passed', 'passed', 'passed', 'returned', 'escalated'),
          tableHash: hash,
        }),
      ),
      weight: 6,
    },
    { arbitrary: act('report.approved', fc.record({ tableHash: hash })), weight: 3 },
    { arbitrary: act('report.published', fc.record({ tableHash: hash })), weight: 3 },
    { arbitrary: takingBack, weight: 4 },
  );
  const AGENCIES = {
    reviewed: standardAgency(assigned('leader', 'office-reviewer'), assigned('office', 'regulations-reviewer')),
    unreviewed: unreviewedAgency(),
    changing: agencyWith(...STAFF, chainSet('2017-01-01T09:00:00+08:00', [], null), chainSet('2017-03-06T12:00:00+08:00')),
  };

  test.each(Object.entries(AGENCIES))('folds alike, publishes only what was signed: %s', (name, agency) => {
    // Never throws, folds alike, and publishes only what was signed.
    let publications = 0;
    fc.assert(
      fc.property(fc.array(anyAct, { minLength: 20, maxLength: 60 }), hash, (doings, now) => {
        const start = specification(reportRules, { agency, number: '2016', compiling: computed(now) });
        const { given } = walk(start, [compile('03-01 09:00', now), ...SIGNED, ...doings], ({ given: here, standing }, one) => {
          expect(describeReport(here.state.view)).toEqual(standing);
          if (one.type !== 'report.published') return;
          publications += 1;
          const signatures = here.state.acts.filter(({ eventId }) => one.derived.basis.includes(eventId));
          if (name === 'reviewed') expect(signatures.map(({ type }) => type)).toEqual(['report.approved']);
          for (const signature of signatures) {
            expect(here.state.voided.has(signature.eventId)).toBe(false);
            expect(tableHashOf(signature)).toBe(one.data.tableHash);
            expect(signature.instant).toBeLessThanOrEqual(one.instant);
          }
        });
        foldsAlike(reportRules, given.state.acts);
      }),
      { seed: 20170105, numRuns: 150 },
    );
    expect(publications).toBeGreaterThan(5);
  });
});

function tableHashOf({ data }: Act): string | undefined {
  const { tableHash }: AnyData = data;
  return tableHash;
}
