/** The text of a yearly report: drafted, revised, signed with its table, published. Contract, rules "Reports". */
import fc from 'fast-check';
import type { Act, AnyData } from '../../src/domain/acts.js';
import { standingOf } from '../../src/domain/case.js';
import { reportRules } from '../../src/domain/report/rules.js';
import type { Report } from '../../src/domain/report/state.js';
import { textHashOf } from '../../src/domain/report/text.js';
import { budget } from '../support/budget.js';
import {
  assigned,
  does,
  specification,
  standardAgency,
  unreviewedAgency,
  type Doing,
  type Given,
  type World,
} from '../support/given-when-then.js';
import { hashOf } from '../support/messages.js';
import { on, voided } from './items.js';
import { act, foldsAlike, walk, takingBack } from './walking.js';

const H1 = hashOf('first table');
const H2 = hashOf('second table');
const FORM = '2014-shandong';

type More = Record<string, unknown>;

const text = (words: string, form = FORM, year = 2016): More => {
  const said = { year, form, parts: { '1': words } };
  return { ...said, textHash: textHashOf(said) };
};
const FIRST = text('公开信息{1.1#}。');
const SECOND = text('公开信息{1.1#},{growth 1.1}。');
const [T1, T2] = [String(FIRST['textHash']), String(SECOND['textHash'])];

const compile = (moment: string, more: More = {}): Doing =>
  does(
    'drafter',
    'report.compiled',
    on(moment),
    { year: 2016, form: FORM, index: 9, tableHash: H1, ...more },
    { id: `compiled-${moment}` },
  );
const write = (moment: string, data: More = FIRST, actor = 'writer'): Doing =>
  does(actor, 'report.text-drafted', on(moment), data, { id: 'drafted' });
const revise = (moment: string, data: More = SECOND, actor = 'writer'): Doing =>
  does(actor, 'report.text-revised', on(moment), data, { id: `revised-${moment}` });
const BOTH = { tableHash: H1, textHash: T1 };
const clear = (moment: string, actor: string, step: string, more: More = BOTH): Doing =>
  does(actor, 'report.cleared', on(moment), { step, verdict: 'passed', ...more }, { id: `${step}-${moment}` });
const approve = (moment: string, signed: More = BOTH, actor = 'leader'): Doing =>
  does(actor, 'report.approved', on(moment), signed, { id: `approved-${moment}` });
const publish = (moment: string, signed: More = BOTH): Doing =>
  does('editor', 'report.published', on(moment), signed, { id: `published-${moment}` });
const round = (day: string, signed: More = BOTH): Doing[] => [
  clear(`${day} 10:00`, 'office', 'office', signed),
  clear(`${day} 11:00`, 'lawyer', 'regulations', signed),
  approve(`${day} 12:00`, signed),
];

const compiling = (hash: string): World['compiling'] => ({ table: { hash, policy: 'policy/1', findings: [], rows: [] }, formHash: H2 });
const report = (world: World = {}): Given<Report> =>
  specification(reportRules, { agency: standardAgency(), number: '2016', compiling: compiling(H1), ...world });
const stateOf = ({ state }: Given<Report>): string => standingOf(reportRules, state).state;

const written = report().given(compile('03-01 08:00'), write('03-01 09:00'));

describe('writing', () => {
  test('before the table or after it', () => {
    // A text rests on the version before it; the state says what is there.
    report().when(write('03-01')).then({ basis: [], role: null });
    const alone = report().given(write('03-01 09:00'));
    expect(stateOf(alone)).toBe('text-drafted');
    alone.when(compile('03-01 10:00')).accepted({ basis: ['drafted'] });
    written.when(revise('03-02')).then({ basis: ['drafted'], role: null });
    expect(stateOf(written)).toBe('compiled');
    alone.when(revise('03-01 08:00')).refused('out-of-order');
  });

  test('nothing is signed before a table', () => {
    for (const doing of [...round('03-02'), publish('03-02')]) report().given(write('03-01')).when(doing).refused('not-compiled');
  });

  test('drafted once, then revised', () => {
    written.when({ ...write('03-02'), id: 'again' }).refused('already-exists');
    report().given(compile('03-01')).when(revise('03-02')).refused('out-of-order');
  });

  test('on the report of its year, in its form', () => {
    report({ number: '2017' }).when(write('03-01')).refused('bad-subject', { year: 2016 });
    report({ number: '2016-rollup' }).when(write('03-01')).accepted();
    report()
      .when(write('03-01', text('无。', '2099')))
      .refused('unknown-form');
    report()
      .given(compile('03-01'))
      .when(write('03-02', text('无。', '2019')))
      .refused('invalid-data');
  });

  test('a text under review counts its own hash', () => {
    // The hint has the right one.
    const outcome = report().when(write('03-01', { ...FIRST, textHash: T2 }));
    outcome.refused('invalid-data', { expected: T1, actual: T2 });
    expect(outcome.decision.ok ? '' : outcome.decision.refusal.hint).toContain(T1);
  });

  test('each number is a reference to what there is', () => {
    const refused = (parts: Record<string, string>, form = FORM): string | null => {
      const said = { year: 2016, form, parts };
      const { decision } = report().when(write('03-01', { ...said, textHash: textHashOf(said) }));
      return decision.ok ? null : `${decision.refusal.code} ${JSON.stringify(decision.refusal.details?.['problems'])}`;
    };
    expect(refused({ '1': '公开信息5条。' })).toMatch(/^invalid-data .*"data.parts.1".*the number 5/);
    expect(refused({ '2': '受理申请十二件。' })).toMatch(/^invalid-data .*"data.parts.2".*十二件/);
    expect(refused({ '3': '公开{99.9}。' })).toMatch(/^invalid-data .*"data.parts.3".*99\.9/);
    expect(refused({ '3': '公开{s.nothing}。' })).toMatch(/^invalid-data .*"data.parts.3".*s\.nothing/);
    expect(refused({ '4': '公开{1.1。' })).toMatch(/^invalid-data .*"data.parts.4".*does not end/);
    expect(refused({ '12': '无。' })).toMatch(/^invalid-data .*"data.parts.12".*whose parts are 1 to 11/);
    expect(refused({ '7': '无。' }, '2021')).toMatch(/^invalid-data .*"data.parts.7".*whose parts are 1 to 6/);
    expect(refused({ '6': '{s.fees|未收取信息处理费。|收取{s.fees#}。}' }, '2021')).toBeNull();
  });
});

describe('signing', () => {
  test('one signature names both hashes', () => {
    const [first] = round('03-02');
    written.when(first as Doing).then({ basis: ['drafted'], role: 'office-reviewer', unit: '办公室' });
    for (const sign of [clear('03-02', 'office', 'office', { tableHash: H1 }), publish('03-02', { tableHash: H1 })])
      (sign.type === 'report.published' ? written.given(...round('03-01')) : written).when(sign).refused('invalid-data');
    written.when(clear('03-02', 'office', 'office', { ...BOTH, textHash: T2 })).refused('content-changed', { expected: T1, actual: T2 });
    written.when(clear('03-02', 'office', 'office', { ...BOTH, tableHash: H2 })).refused('table-hash-mismatch');
    report()
      .given(compile('03-01'))
      .when(clear('03-02', 'office', 'office'))
      .refused('invalid-data');
  });

  test('who wrote any version clears nothing', () => {
    const agency = standardAgency(assigned('writer', 'office-reviewer'), assigned('writer', 'deputy-leader'));
    const again = report({ agency }).given(compile('03-01 08:00'), write('03-01 09:00'), revise('03-01 09:30', SECOND, 'second'));
    const signed = { tableHash: H1, textHash: T2 };
    again.when(clear('03-02', 'writer', 'office', signed)).refused('drafter-cannot-clear');
    again
      .given(...round('03-02', signed).slice(0, 2))
      .when(approve('03-02 12:00', signed, 'writer'))
      .refused('approver-not-independent');
  });

  test('a new text or table opens a round', () => {
    const approved = written.given(...round('03-02'));
    const revised = approved.given(revise('03-03'));
    for (const signed of [BOTH, { tableHash: H1, textHash: T2 }]) revised.when(publish('03-04', signed)).refused('not-approved');
    approved
      .in({ compiling: compiling(H2) })
      .given(compile('03-03', { tableHash: H2 }))
      .when(publish('03-04'))
      .refused('not-approved');
    revised.given(voided('revised-03-03', '03-05')).when(publish('03-06')).accepted();
  });

  test('the text must be of the table’s form', () => {
    const other = written.given(compile('03-02 09:00', { form: '2019' }));
    other.when(clear('03-02', 'office', 'office')).refused('content-changed', { form: '2019' });
  });

  test('after a return either is mended', () => {
    const returned = written.given(clear('03-02', 'office', 'office', { ...BOTH, verdict: 'returned' }));
    returned.when(round('03-03')[1] as Doing).refused('returned');
    for (const mended of [revise('03-03'), compile('03-03')]) returned.when(mended).accepted({ basis: ['drafted', 'office-03-02'] });
  });
});

describe('publishing', () => {
  test('unseals what the hash covers', () => {
    written
      .given(...round('03-02'))
      .when(publish('03-02 15:00'))
      .then({
        ...{ basis: ['approved-03-02 12:00'], approval: 'approved-03-02 12:00', role: null, year: 2016 },
        ...{ compiled: 'compiled-03-01 08:00', checkpoint: null },
        text: { year: 2016, form: FORM, parts: FIRST['parts'] },
      });
  });

  test('under an empty chain both directly', () => {
    const direct = report({ agency: unreviewedAgency() }).given(compile('03-01 08:00'), write('03-01 09:00'));
    direct.when(publish('03-02', { tableHash: H1 })).refused('invalid-data');
    direct.when(publish('03-02')).accepted({ basis: ['drafted'], approval: null });
  });

  test('a text alone may be restated', () => {
    const signed = { tableHash: H1, textHash: T2 };
    const out = written.given(...round('03-02'), publish('03-02 15:00'));
    out.when(publish('03-03')).refused('already-released');
    const again = out.given(revise('03-04'), ...round('03-05', signed));
    expect(stateOf(again)).toBe('being-restated');
    again
      .when(publish('03-05 15:00', signed))
      .accepted({ compiled: 'compiled-03-01 08:00', text: { year: 2016, form: FORM, parts: SECOND['parts'] } });
  });
});

test('a roll-up has a report of its own', () => {
  // The subject says it as well as the data.
  const rolled = report({ number: '2016-rollup' });
  rolled.when(compile('03-01', { rollup: true })).accepted();
  for (const rollup of [undefined, false]) rolled.when(compile('03-01', { rollup })).refused('bad-subject');
  report()
    .when(compile('03-01', { rollup: true }))
    .refused('bad-subject');
  report()
    .when(compile('03-01', { rollup: false }))
    .accepted();
});

test('erased only before it is published', () => {
  const erase = (moment: string): Doing =>
    does('clerk', 'record.erased', on(moment), { reason: '写错机关', approvedBy: 'leader-2' }, { id: 'erasure' });
  const signed = written.given(...round('03-02'));
  signed.when(erase('03-03')).accepted();
  signed.given(erase('03-03')).when(publish('03-04')).refused('already-erased');
  signed.given(publish('03-02 15:00')).when(erase('03-03')).refused('already-released');
});

describe('any sequence of acts', () => {
  const signed = fc.constantFrom<More>({ tableHash: H1 }, BOTH, BOTH, { tableHash: H1, textHash: T2 });
  const anyAct = fc.oneof(
    { arbitrary: act('report.compiled', fc.constant(compile('03-01').data as More)), weight: 2 },
    { arbitrary: act('report.text-drafted', fc.constant(FIRST)), weight: 2 },
    { arbitrary: act('report.text-revised', fc.constantFrom(FIRST, SECOND)), weight: 2 },
    {
      arbitrary: act(
        'report.cleared',
        fc
          .tuple(fc.constantFrom('office', 'regulations'), fc.constantFrom('passed', 'passed', 'passed', 'returned'), signed)
          .map(([step, verdict, both]) => ({ step, verdict, ...both })),
      ),
      weight: 6,
    },
    { arbitrary: act('report.approved', signed), weight: 3 },
    { arbitrary: act('report.published', signed), weight: 3 },
    { arbitrary: takingBack, weight: 3 },
  );

  const hashesOf = ({ data }: Act): unknown[] => {
    const { tableHash, textHash }: AnyData = data;
    return [tableHash, textHash];
  };

  test('no text goes out that was not approved', () => {
    // The round of each publication begins with the last compilation or text that stands, and all of it signs both.
    let withText = 0;
    fc.assert(
      fc.property(fc.array(anyAct, { minLength: 10, maxLength: 50 }), fc.boolean(), (doings, opened) => {
        const opening = opened
          ? [compile('03-01 08:00'), write('03-01 09:00'), ...round('03-02')]
          : [write('03-01 08:00'), compile('03-01 09:00')];
        const agency = standardAgency(assigned('leader', 'office-reviewer'), assigned('office', 'regulations-reviewer'));
        const { given } = walk(report({ agency }), [...opening, ...doings], ({ given: { state } }, one) => {
          if (one.type !== 'report.published') return;
          const standing = state.acts.filter(({ eventId, type }) => !state.voided.has(eventId) && type !== 'record.voided');
          const at = standing.findLastIndex(({ type }) => type === 'report.compiled' || type.startsWith('report.text-'));
          const last = standing.findLast(({ type }) => type.startsWith('report.text-'));
          const inRound = standing.slice(at + 1);
          const approvals = inRound.filter(({ type }) => type === 'report.approved');
          expect(approvals).toHaveLength(1);
          for (const each of inRound)
            expect(hashesOf(each)).toEqual([H1, last === undefined ? undefined : (last.data as AnyData).textHash]);
          expect(one.derived.text === undefined ? undefined : textHashOf(one.derived.text)).toBe(one.data.textHash);
          if (one.data.textHash !== undefined) withText += 1;
        });
        foldsAlike(reportRules, given.state.acts);
      }),
      { seed: 20170212, numRuns: budget(150, 600), endOnFailure: true },
    );
    expect(withText).toBeGreaterThan(5);
  });
});
