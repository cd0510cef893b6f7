/**
 * An application from its receipt to its close: what each act rests on, what is refused and why. Answers are in
 * application-answers.test.ts.
 */
import { standingOf } from '../../src/domain/case.js';
import { BUILT_IN, standardAgency, type Doing } from '../support/given-when-then.js';
import {
  abandon,
  answer,
  application,
  approve,
  askSupplement,
  charge,
  clear,
  consult,
  draft,
  extend,
  GRANTED,
  receive,
  reply,
  revise,
  signed,
  supplement,
  unreviewed,
  waive,
  withdraw,
} from './applications.js';
import { FIRST_VERSION as V1, on, V2, voided } from './items.js';

const received = application().given(receive());
const open = unreviewed().given(receive());

describe('the receipt', () => {
  test('keeps channel, applicant kind and text in force', () => {
    // Keeps what counting needs: channel, kind of applicant, and the text in force that day.
    application().when(receive('03-06')).then({ basis: [], role: null, channel: 'letter', kind: 'business', law: '2008' });
    application().when(receive('2019-05-14 23:59')).accepted({ law: '2008' });
    application().when(receive('2019-05-15 00:00')).accepted({ law: '2019' });
  });

  test('either text may be chosen whatever the date', () => {
    application()
      .when(receive('03-06', { law: '2019' }))
      .accepted({ law: '2019' });
    application()
      .when(receive('2021-03-06', { law: '2008' }))
      .accepted({ law: '2008' });
  });

  test('once a case', () => {
    received.when(receive('03-07', {}, 'again')).refused('already-exists');
    open
      .given(withdraw('03-08'))
      .when(receive('03-09', {}, 'again'))
      .refused('already-exists');
  });

  test('is dated no earlier than the submission', () => {
    // Is not dated before the submission; on its day it is.
    application()
      .when(receive('03-06', { submittedOn: '2017-03-07' }))
      .refused('out-of-order');
    application()
      .when(receive('03-06', { submittedOn: '2017-03-06', confirmedOn: '2017-03-06' }))
      .accepted();
  });
});

/** Every act but the receipt, at a moment. */
const ACTS: readonly (readonly [string, (moment: string) => Doing])[] = [
  ['asked to supplement', (moment) => askSupplement(moment)],
  ['supplemented', (moment) => supplement(moment)],
  ['third party consulted', (moment) => consult(moment, 'A', 'another')],
  ['third party answered', (moment) => answer(moment)],
  ['extended', (moment) => extend(moment)],
  ['reply drafted', (moment) => draft(moment)],
  ['reply revised', (moment) => revise(moment, { outcome: 'granted', contentHash: V2 })],
  ['cleared', (moment) => clear(moment, 'office', 'office')],
  ['approved', (moment) => approve(moment)],
  ['replied', (moment) => reply(moment)],
  ['abandoned', (moment) => abandon(moment)],
  ['withdrawn', (moment) => withdraw(moment)],
  ['fee charged', (moment) => charge(moment)],
  ['fee waived', (moment) => waive(moment)],
];

test.each(ACTS)('before any receipt is recorded: %s', (_name, act) => {
  application().when(act('03-08')).refused('unknown-case');
});

// An act that needs the receipt only is not dated before it.
describe('an act may not precede its receipt', () => {
  test.each<[string, Doing]>([
    ['asked to supplement', askSupplement('03-05')],
    ['third party consulted', consult('03-05')],
    ['extended', extend('03-05')],
    ['reply drafted', draft('03-05')],
    ['replied', reply('03-05')],
    ['abandoned', abandon('03-05')],
    ['withdrawn', withdraw('03-05')],
  ])('%s: out of order', (_name, act) => {
    open.when(act).refused('out-of-order', { notBefore: on('03-06') });
  });
});

describe('supplements', () => {
  test('a supplement needs and rests on its requests', () => {
    // A supplement rests on every request it answers, and needs one.
    received.when(askSupplement('03-08', { dueOn: '2017-03-20' })).then({ basis: ['receipt'], role: null });
    received.when(supplement('03-09')).refused('no-open-supplement');
    received
      .given(askSupplement('03-08', {}, 'first'), askSupplement('03-09', {}, 'second'))
      .when(supplement('03-10'))
      .then({ basis: ['receipt', 'first', 'second'], role: null });
  });

  test('an answered request awaits nothing', () => {
    // Once answered nothing is awaited until it is asked again.
    const supplemented = received.given(askSupplement('03-08'), supplement('03-10'));
    supplemented.when(supplement('03-11', {}, 'again')).refused('no-open-supplement');
    supplemented
      .given(askSupplement('03-12', {}, 'second'))
      .when(supplement('03-13', {}, 'again'))
      .accepted({ basis: ['receipt', 'second'] });
  });

  test('is not dated before it was asked for', () => {
    received.given(askSupplement('03-08')).when(supplement('03-07')).refused('out-of-order', { notBefore: '2017-03-08' });
  });

  test('a supplement answers requests made before it', () => {
    // Requests recorded in another order than they were made: the supplement answers those made before it.
    const asked = received.given(askSupplement('03-20', {}, 'later'), askSupplement('03-10', {}, 'earlier'));
    const once = asked.when(supplement('03-15')).accepted({ basis: ['receipt', 'earlier'] });
    once
      .when(supplement('03-22', {}, 'again'))
      .accepted({ basis: ['receipt', 'later'] })
      .when(supplement('03-23', {}, 'third'))
      .refused('no-open-supplement');
  });
});

describe('third parties', () => {
  test('an answer rests on the consultation it answers', () => {
    received.when(consult('03-08', 'A')).then({ basis: ['receipt'], role: null });
    received
      .given(consult('03-08', 'A'))
      .when(answer('03-10'))
      .then({ basis: ['consultation-A'], role: null });
    received
      .given(consult('03-08', 'A'))
      .when(answer('03-10', 'A'))
      .then({ basis: ['consultation-A'], role: null });
  });

  test('the party is required while two are open', () => {
    // The party is required while two are open, and only then.
    const both = received.given(consult('03-08', 'A'), consult('03-09', 'B'));
    both.when(answer('03-10')).refused('invalid-data');
    both.when(answer('03-10', 'B')).accepted({ basis: ['consultation-B'] });
    both
      .given(answer('03-10', 'B'))
      .when(answer('03-11'))
      .accepted({ basis: ['consultation-A'] });
  });

  test('a late answer closes its own consultation', () => {
    // An answer recorded late closes what was open at its time: no party is asked for beyond that.
    const both = received.given(consult('03-08', 'A'), consult('03-13', 'B'));
    both.when(answer('03-10')).accepted({ basis: ['consultation-A'] });
    both.when(answer('03-10', 'B')).refused('out-of-order', { notBefore: '2017-03-13' });
    both.when(answer('03-07')).refused('out-of-order', { notBefore: '2017-03-08' });
    both.when(answer('03-14')).refused('invalid-data');
  });

  test('none is open, or none of this party', () => {
    received.when(answer('03-10')).refused('no-open-consultation');
    received.given(consult('03-08', 'A')).when(answer('03-10', 'B')).refused('no-open-consultation');
    received
      .given(consult('03-08', 'A'), answer('03-10', 'A'))
      .when(answer('03-11', 'A', 'again'))
      .refused('no-open-consultation');
  });

  test('an answer is not dated before its consultation', () => {
    received.given(consult('03-08')).when(answer('03-07')).refused('out-of-order', { notBefore: '2017-03-08' });
  });
});

describe('extension', () => {
  test('carries its end and the calendar', () => {
    // Carries the end it was decided by, and the calendar.
    received.when(extend('03-20')).then({ basis: ['receipt'], role: null, ordinaryEnd: '2017-03-27', calendar: BUILT_IN });
  });

  test.each([
    ['03-06', '03-27', '03-28', 15],
    ['2019-06-03', '2019-07-02', '2019-07-03', 20],
  ])('received %s: until %s, not %s (%d days)', (day, last, late, most) => {
    // Of an application received on …: up to …, not on …, at most … days.
    const start = application().given(receive(day));
    start.when(extend(`${last} 23:59`, most)).accepted();
    start.when(extend(`${late} 00:00`, most)).refused('extension-too-late');
    start.when(extend(last, most + 1)).refused('extension-too-long', { atMost: most });
  });

  test('once; a shorter one too', () => {
    received
      .given(extend('03-20', 1))
      .when(extend('03-21', 1, {}, 'again'))
      .refused('already-extended');
    received
      .given(extend('03-20', 1), voided('extension', '03-21'))
      .when(extend('03-22', 15, {}, 'again'))
      .accepted();
  });

  test('approved by anyone but the actor', () => {
    received.when(extend('03-20', 15, { approvedBy: 'clerk' })).refused('approver-not-independent');
    received.when(extend('03-20', 15, { approvedBy: 'nobody-known' })).accepted();
  });

  test('a supplement restarts the period to extend', () => {
    // A supplement restarts the period the extension is judged by; while one is awaited it has not ended.
    const asked = received.given(askSupplement('03-08'));
    asked.when(extend('04-20')).accepted({ ordinaryEnd: null });
    const restarted = asked.given(supplement('03-20'));
    restarted.when(extend('04-11')).accepted({ ordinaryEnd: '2017-04-11' });
    restarted.when(extend('04-12')).refused('extension-too-late');
  });

  test('a consultation moves it by its working days', () => {
    const consulted = received.given(consult('03-08'), answer('03-10'));
    consulted.when(extend('03-29')).accepted({ ordinaryEnd: '2017-03-29' });
    consulted.when(extend('03-30')).refused('extension-too-late');
  });

  test('acts dated later do not move it', () => {
    // Acts recorded already but dated after it do not move it.
    received.given(consult('03-27 12:00')).when(extend('03-27 10:00')).accepted({ ordinaryEnd: '2017-03-27' });
    received.given(consult('03-29')).when(extend('03-28')).refused('extension-too-late');
  });
});

describe('closing', () => {
  const closed = {
    kind: 'business',
    law: '2008',
    channel: 'letter',
    receivedOn: '2017-03-06',
    ordinaryEnd: '2017-03-27',
    lawfulEnd: '2017-03-27',
    provisional: false,
    calendar: BUILT_IN,
  };

  test('abandonment and withdrawal need no earlier act', () => {
    // An abandonment and a withdrawal need no earlier act and carry the ends they are judged by.
    open.when(abandon('03-10')).then({ ...closed, basis: ['receipt'], role: null });
    open.when(withdraw('03-10')).then({ ...closed, basis: ['receipt'], role: null });
  });

  test('while something is awaited they are on time', () => {
    const waiting = open.given(askSupplement('03-08'));
    waiting.when(abandon('09-01')).accepted({ ordinaryEnd: null, lawfulEnd: null });
    open.given(consult('03-08')).when(withdraw('09-01')).accepted({ ordinaryEnd: null, lawfulEnd: null });
  });

  test('a reply while awaiting is judged as answered', () => {
    // A reply while something is awaited is judged as if answered that day and nothing asked for.
    open.given(consult('03-08')).when(reply('03-31')).accepted({ ordinaryEnd: '2017-04-20', lawfulEnd: '2017-04-20' });
    open.given(askSupplement('03-08')).when(reply('03-31')).accepted({ ordinaryEnd: '2017-03-27', lawfulEnd: '2017-03-27' });
  });

  test('an extension moves the lawful end only', () => {
    open.given(extend('03-20')).when(reply('04-18')).accepted({ ordinaryEnd: '2017-03-27', lawfulEnd: '2017-04-18' });
  });

  test('it rests on earlier extensions, consultations and supplements', () => {
    // It rests on every extension, consultation and supplement before it, not on those after it.
    const busy = open.given(
      askSupplement('03-07'),
      supplement('03-08'),
      consult('03-09', 'A'),
      answer('03-10', 'A'),
      extend('03-11'),
      consult('03-20', 'B'),
    );
    const before = ['receipt', 'supplement-requested', 'supplemented', 'consultation-A', 'answer-A', 'extension'];
    for (const close of [reply('03-15'), abandon('03-15'), withdraw('03-15')]) busy.when(close).accepted({ basis: before });
    busy.when(withdraw('03-21')).accepted({ basis: [...before, 'consultation-B'] });
  });

  test('later acts that day change nothing', () => {
    // What happened later on the day of the close does not move what the close is judged by.
    const asked = open.given(askSupplement('03-08'), supplement('04-20 15:00'));
    asked.when(reply('04-20 09:00')).accepted({ basis: ['receipt', 'supplement-requested'], ordinaryEnd: '2017-03-27' });
    asked.when(reply('04-20 16:00')).accepted({ ordinaryEnd: '2017-05-12' });
  });

  const CLOSES: readonly (readonly [string, Doing])[] = [
    ['reply', reply('03-15')],
    ['abandonment', abandon('03-15')],
    ['withdrawal', withdraw('03-15')],
  ];
  const CLOSING = new Set(['replied', 'abandoned', 'withdrawn']);

  describe.each(CLOSES)('after a %s', (_name, close) => {
    const shut = open.given(askSupplement('03-07', {}, 'asked'), consult('03-07'), close);

    test.each(ACTS.filter(([name]) => !CLOSING.has(name) && !name.startsWith('fee')))(
      '%s: not open; dated earlier it waits',
      (_act, act) => {
        // Not open; dated before it: waits for its void.
        shut.when(act('03-20')).refused('not-open');
        shut.when(act('03-10')).refused('case-closed');
      },
    );

    test.each(ACTS.filter(([name]) => CLOSING.has(name)))('a second close whatever its date: %s', (_act, act) => {
      for (const day of ['03-10', '03-15', '03-20']) shut.when({ ...act(day), id: 'second' }).refused('already-closed');
    });

    test('fees go on; late ones wait', () => {
      // Fees go on; a fee dated before it and recorded after it waits for its void.
      shut.when(charge('03-20')).then({ basis: [], role: null });
      shut.when(waive('03-20')).then({ basis: [], role: null });
      shut.when(charge('03-10')).refused('case-closed');
      shut.when(waive('03-10')).refused('case-closed');
    });

    test('an answer asking for change keeps it open', () => {
      // An answer that asks for a change does not close and is not open to be given.
      shut.when(reply('03-20', { outcome: 'amend-supplement', contentHash: V1 }, 'second')).refused('not-open');
      shut.when(reply('03-10', { outcome: 'amend-supplement', contentHash: V1 }, 'second')).refused('case-closed');
    });
  });
});

describe('voids', () => {
  /** Under an empty chain an administrator approves a void. */
  const revoked = (id: string, moment: string): Doing => voided(id, moment, 'root');
  const standing = open.given(
    askSupplement('03-07'),
    supplement('03-08'),
    consult('03-09'),
    answer('03-10'),
    extend('03-11'),
    charge('03-12'),
    waive('03-12'),
  );
  const closed = standing.given(reply('03-15'));

  test.each(['supplement-requested', 'supplemented', 'consultation-any', 'answer-any', 'extension'])(
    'the close depends on %s before it',
    (id) => {
      closed.when(revoked(id, '03-20')).refused('depended-upon');
    },
  );

  test('fees block nothing and nothing blocks them', () => {
    closed.when(revoked('fee', '03-20')).accepted();
    closed.when(revoked('waiver', '03-20')).accepted();
    open
      .given(charge('03-12'))
      .when(revoked('receipt', '03-20'))
      .accepted({ leaves: { state: 'unknown', title: null } });
  });

  test.each<[string, readonly Doing[]]>([
    ['a request for a supplement', [askSupplement('03-07')]],
    ['a consultation', [consult('03-07')]],
    ['an extension', [extend('03-07')]],
    ['a draft', [draft('03-07')]],
    ['a reply', [reply('03-07')]],
    ['an answer asking for a change', [reply('03-07', { outcome: 'amend-supplement', contentHash: V1 })]],
    ['an abandonment', [abandon('03-07')]],
    ['a withdrawal', [withdraw('03-07')]],
  ])('everything rests on the receipt: %s', (_name, acts) => {
    open
      .given(...acts)
      .when(revoked('receipt', '03-20'))
      .refused('depended-upon');
  });

  test('answers rest on what they answer', () => {
    // A supplement rests on its request, an answer on its consultation.
    standing.when(revoked('supplement-requested', '03-20')).refused('depended-upon', { type: 'application.supplemented' });
    standing.when(revoked('consultation-any', '03-20')).refused('depended-upon', { type: 'application.third-party-answered' });
    standing.given(revoked('answer-any', '03-20')).when(revoked('consultation-any', '03-20')).accepted();
  });

  test('reply, approval, clearance, draft rest in turn', () => {
    // An approval rests on the clearances, a clearance on the draft, the reply on the approval.
    const replied = received.given(...signed('03-10'), reply('03-11'));
    for (const id of ['draft', 'office', 'regulations', 'approval']) replied.when(voided(id, '03-20')).refused('depended-upon');
    const again = replied.given(voided('reply', '03-20'));
    again.when(voided('office', '03-20')).refused('depended-upon', { type: 'application.approved' });
    again.given(voided('approval', '03-20')).when(voided('office', '03-20')).accepted();
    again
      .given(voided('approval', '03-20'), voided('office', '03-20'))
      .when(voided('draft', '03-20'))
      .refused('depended-upon', { type: 'application.cleared' });
  });

  test('void, reopen, record what was late, close again', () => {
    const reopened = closed.given(revoked('reply', '03-20'));
    expect(standingOf(reopened.rules, reopened.state).state).toBe('received');
    reopened.when(askSupplement('03-13', {}, 'late')).accepted();
    reopened.when(revoked('extension', '03-21')).accepted();
    const again = reopened.given(reply('03-16', GRANTED, 'second reply'));
    again.when(withdraw('03-20')).refused('already-closed');
    again.when(revoked('reply', '03-22')).refused('already-voided');
  });

  test('a voided receipt may be recorded again', () => {
    // A receipt taken back may be recorded again, with another date and text.
    const gone = open.given(revoked('receipt', '03-07'));
    gone.when(withdraw('03-08')).refused('unknown-case');
    gone
      .given(receive('03-02', { law: '2019' }, 'again'))
      .when(extend('03-20', 20))
      .accepted({ basis: ['again'] });
  });

  test('a void needs the chain’s approver or administrator', () => {
    // The void needs an approver: the deputy leader under the chain, an administrator under an empty one.
    received.when(voided('receipt', '03-20', 'root')).refused('missing-role');
    open.when(voided('receipt', '03-20', 'leader')).refused('missing-role');
    open.when(voided('receipt', '03-20', 'second-root')).accepted();
    open
      .in({ agency: standardAgency() })
      .when(voided('receipt', '03-20', 'clerk', 'auditor'))
      .refused('approver-not-independent');
  });

  test('unknown messages and early voids are refused', () => {
    // Unknown messages, and a void dated before its act.
    received.when(voided('never', '03-20')).refused('unknown-message');
    received.when(voided('receipt', '03-05')).refused('out-of-order');
  });
});
