/**
 * Answers: what either text of the regulation knows, the chain before one is sent, an answer that asks for a change, an
 * answer made again.
 */
import { agencyWith, assigned, chainSet, OFFICE, STAFF, standardAgency, type Doing } from '../support/given-when-then.js';
import {
  abandon,
  application,
  approve,
  clear,
  consult,
  decided,
  draft,
  GRANTED,
  receive,
  remake,
  reply,
  revise,
  signed,
  unreviewed,
  withdraw,
} from './applications.js';
import { FIRST_VERSION as V1, V2, V3, voided } from './items.js';

const received = application().given(receive());
const open = unreviewed().given(receive());
const AMEND = { outcome: 'amend-supplement', contentHash: V1 };

// ---- what each text knows, as the contract lists it -----------------------------------------------------------------

const TEXTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '2008': {
    'already-public': [],
    granted: [],
    'partly-granted': [],
    refused: ['state-secret', 'trade-secret', 'privacy', 'safety-stability', 'not-government-information', 'other-law'],
    'other-agency': [],
    'not-existing': [],
    'amend-supplement': [],
    'other-channel': [],
  },
  '2019': {
    granted: [],
    'partly-granted': [],
    refused: [
      'state-secret',
      'forbidden-by-law',
      'safety-stability',
      'third-party-rights',
      'internal-affairs',
      'process-information',
      'enforcement-file',
      'inquiry-matter',
    ],
    unavailable: ['not-held', 'needs-creation', 'still-unclear'],
    'not-processed': ['petition', 'repeated', 'published-material', 'excessive', 'confirm-again'],
    otherwise: ['not-supplemented', 'fee-unpaid', 'other'],
  },
};
const outcomes = [...new Set(Object.values(TEXTS).flatMap((text) => Object.keys(text)))];
const grounds = [...new Set(Object.values(TEXTS).flatMap((text) => Object.values(text).flat()))];

function expected(law: string, outcome: string, ground: string | undefined): string {
  const text = TEXTS[law] ?? {};
  const needed = text[outcome];
  const ofThisText = ground === undefined || Object.values(text).some((some) => some.includes(ground));
  if (needed === undefined || !ofThisText) return 'wrong-law';
  if (ground === undefined) return needed.length > 0 ? 'ground-required' : 'accepted';
  return needed.includes(ground) ? 'accepted' : 'ground-not-allowed';
}

describe.each(['2008', '2019'])('under the text of %s', (law) => {
  const direct = unreviewed().given(receive('03-06', { law }));
  const reviewed = application().given(receive('03-06', { law }));
  const drafted = reviewed.given(draft('03-07'));
  const closed = direct.in({ decisions: [decided('lawsuit/1', '03-15')] }).given(reply('03-10'));

  test.each(outcomes)('%s with every ground and with none', (outcome) => {
    for (const ground of [undefined, ...grounds]) {
      const what = { outcome, contentHash: V1, ...(ground === undefined ? {} : { ground }) };
      const tried = [
        direct.when(reply('03-10', what)),
        reviewed.when(draft('03-10', what)),
        drafted.when(revise('03-10', what)),
        closed.when(remake('03-20', 'lawsuit/1', what)),
      ];
      for (const { command, decision } of tried) {
        const found = decision.ok ? 'accepted' : decision.refusal.code;
        expect([command.type, outcome, ground, found]).toEqual([command.type, outcome, ground, expected(law, outcome, ground)]);
      }
    }
  });
});

// ---- the chain ------------------------------------------------------------------------------------------------------

describe('the chain', () => {
  test('without a chain a reply is refused', () => {
    // Without any a reply is refused; a draft is not.
    const chainless = application({ agency: agencyWith(...STAFF) }).given(receive());
    chainless.when(reply('03-10')).refused('no-clearance-chain');
    chainless
      .given(draft('03-07'))
      .when(clear('03-08', 'office', 'office'))
      .refused('no-clearance-chain');
    chainless.when(withdraw('03-10')).accepted();
  });

  test('an empty chain replies directly, without approval', () => {
    // Explicitly empty, a received application is replied to directly, shown as without approval.
    open.when(reply('03-10')).accepted({ approval: null, basis: ['receipt'], role: null });
    open
      .when(reply('03-10', AMEND))
      .then({ approval: null, basis: ['receipt'], role: null, kind: 'business', law: '2008', channel: 'letter' });
  });

  test('a set chain must be passed before sending', () => {
    // Set, nothing is sent that is not drafted, cleared by every step and approved.
    const [drafted, office, lawyer, approval] = signed('03-10') as [Doing, Doing, Doing, Doing];
    for (const start of [received, received.given(drafted), received.given(drafted, office), received.given(drafted, office, lawyer)]) {
      start.when(reply('03-11')).refused('not-approved');
      start.when(reply('03-11', { ...GRANTED, outcome: 'already-public' })).refused('not-approved');
    }
    received
      .given(drafted, office)
      .when(approval)
      .refused('step-missing', { missing: ['regulations'] });
    received
      .given(drafted, office, lawyer, approval)
      .when(reply('03-11'))
      .accepted({ approval: 'approval', basis: ['approval', 'receipt'] });
  });

  test('signatures name roles, rest on draft and passes', () => {
    // A clearance and an approval say in which role; they rest on the draft and the passes.
    const drafted = received.given(draft('03-10'));
    drafted.when(clear('03-11', 'office', 'office')).then({ basis: ['draft'], role: 'office-reviewer', unit: '办公室' });
    drafted
      .given(clear('03-11', 'office', 'office'), clear('03-11', 'lawyer', 'regulations'))
      .when(approve('03-12'))
      .then({ basis: ['draft', 'office-passed', 'regulations-passed'], role: 'deputy-leader', unit: '分管领导' });
  });

  test('nothing precedes the draft, one a round', () => {
    // Nothing is revised, cleared or approved before a draft; one draft a round.
    received.when(revise('03-10', GRANTED)).refused('out-of-order');
    received.when(clear('03-10', 'office', 'office')).refused('out-of-order');
    received.when(approve('03-10')).refused('out-of-order');
    received
      .given(draft('03-10'))
      .when(draft('03-11', GRANTED, 'second'))
      .refused('already-exists');
  });

  test('an author neither clears nor approves', () => {
    // An author of any version clears no step and approves none.
    const agency = standardAgency(
      assigned('drafter', 'office-reviewer'),
      assigned('drafter', 'deputy-leader'),
      assigned('lawyer', 'office-reviewer'),
    );
    const drafted = application({ agency }).given(receive(), draft('03-10'));
    drafted.when(clear('03-11', 'drafter', 'office')).refused('drafter-cannot-clear');
    const revised = drafted.given(revise('03-11', { outcome: 'granted', contentHash: V2 }, 'revision', 'lawyer'));
    for (const [actor, step] of [
      ['drafter', 'office'],
      ['lawyer', 'office'],
      ['lawyer', 'regulations'],
    ] as const)
      revised.when(clear('03-12', actor, step, { contentHash: V2 })).refused('drafter-cannot-clear');
    const cleared = revised.given(
      clear('03-12', 'office', 'office', { contentHash: V2 }),
      clear('03-12', 'lawyer-2', 'regulations', { contentHash: V2 }),
    );
    cleared.when(approve('03-13', V2, 'drafter')).refused('approver-not-independent');
    cleared.when(approve('03-13', V2, 'leader')).accepted();
  });

  test('one holder per step, on this hash', () => {
    // By holders of the roles, one person one step, each on this very hash.
    const agency = standardAgency(assigned('office', 'regulations-reviewer'), assigned('office', 'deputy-leader'));
    const drafted = application({ agency }).given(receive(), draft('03-10'));
    drafted.when(clear('03-11', 'lawyer', 'office')).refused('missing-role', { role: 'office-reviewer' });
    drafted.when(clear('03-11', 'office', 'archive')).refused('unknown-step');
    drafted.when(clear('03-11', 'office', 'office', { contentHash: V2 })).refused('content-changed');
    drafted.when(clear('03-09', 'office', 'office')).refused('out-of-order');
    const half = drafted.given(clear('03-11', 'office', 'office'));
    half.when(clear('03-11', 'office', 'regulations')).refused('same-person-twice');
    const passed = half.given(clear('03-11', 'lawyer', 'regulations'));
    passed.when(approve('03-12', V2)).refused('content-changed');
    passed.when(approve('03-12', V1, 'office')).refused('approver-not-independent');
    passed.when(approve('03-12', V1, 'clerk')).refused('missing-role', { role: 'deputy-leader' });
    passed.when(approve('03-10 12:00')).refused('out-of-order');
    passed
      .given(approve('03-12'))
      .when(approve('03-13', V1, 'leader-2', 'again'))
      .refused('already-approved');
  });

  test('after a return only a revision follows', () => {
    const returned = received.given(draft('03-10'), clear('03-11', 'office', 'office', { verdict: 'returned' }));
    returned.when(clear('03-12', 'lawyer', 'regulations')).refused('returned');
    returned.when(approve('03-12')).refused('returned');
    returned.when(reply('03-12')).refused('returned');
    returned.when(draft('03-12', GRANTED, 'second')).refused('already-exists');
    returned.when(revise('03-10 12:00', { outcome: 'granted', contentHash: V2 })).accepted({ basis: ['draft'] });
    const revised = returned.given(revise('03-12', { outcome: 'granted', contentHash: V2 }));
    revised.when(clear('03-13', 'lawyer', 'regulations', { contentHash: V2 })).accepted({ basis: ['revision'] });
  });

  test('an escalated step stays open', () => {
    const escalated = received.given(draft('03-10'), clear('03-11', 'office', 'office', { verdict: 'escalated' }));
    escalated
      .given(clear('03-11', 'lawyer', 'regulations'))
      .when(approve('03-12'))
      .refused('step-missing', { missing: ['office'] });
    escalated.when(clear('03-12', 'office-2', 'office')).accepted();
  });

  test('a revision after approval opens a new round', () => {
    // A revision after the approval voids it and opens a round of its own.
    const revised = received.given(...signed('03-10'), revise('03-11', { outcome: 'not-existing', contentHash: V2 }));
    revised.when(reply('03-12')).refused('not-approved');
    revised.when(reply('03-12', { outcome: 'not-existing', contentHash: V2 })).refused('not-approved');
    revised.when(approve('03-12', V2, 'leader', 'again')).refused('step-missing');
  });

  test('only the approved draft is sent', () => {
    // What is sent is the approved draft: outcome, ground and hash.
    const secret = { outcome: 'refused', ground: 'state-secret', contentHash: V1 };
    const ready = received.given(...signed('03-10', secret));
    ready.when(reply('03-11', secret)).accepted();
    for (const other of [
      { ...secret, contentHash: V2 },
      { ...secret, ground: 'privacy' },
      { outcome: 'granted', contentHash: V1 },
      { outcome: 'amend-supplement', contentHash: V1 },
    ])
      ready.when(reply('03-11', other)).refused('content-changed', { expected: secret });
    received
      .given(...signed('03-10'))
      .when(reply('03-11', secret))
      .refused('content-changed');
  });

  test('it is not sent before its approval', () => {
    received
      .given(...signed('03-10'))
      .when(reply('03-10 11:30'))
      .refused('out-of-order');
  });

  test('the chain at approval counts, not at draft', () => {
    // The chain in force when it is approved has passed, not the one of the draft.
    const agency = standardAgency(chainSet('2017-03-11T09:00:00+08:00', [OFFICE]));
    const half = application({ agency }).given(receive(), draft('03-10 09:00'), clear('03-10 10:00', 'office', 'office'));
    half.when(approve('03-10 12:00')).refused('step-missing');
    half.when(approve('03-12')).accepted({ basis: ['draft', 'office-passed'] });
  });

  test('it may be closed without an answer', () => {
    // An application is closed without an answer whatever its draft.
    for (const start of [received.given(draft('03-10')), received.given(...signed('03-10'))]) {
      start.given(withdraw('03-11')).when(reply('03-12')).refused('already-closed');
      start
        .given(abandon('03-11'))
        .when(clear('03-12', 'office-2', 'office'))
        .refused('not-open');
    }
  });
});

// ---- an answer that asks for a change -------------------------------------------------------------------------------

describe('amend-supplement', () => {
  const asked = received.given(...signed('03-10', AMEND), reply('03-11', AMEND, 'amendment'));

  test('passes the chain, stays open, opens a round', () => {
    // Is sent through the chain, leaves the application open, and opens a new round.
    asked.when(reply('03-12', AMEND, 'again')).refused('not-approved');
    asked.when(clear('03-12', 'office', 'office')).refused('out-of-order');
    asked.when(revise('03-12', GRANTED)).refused('out-of-order');
    asked.when(draft('03-12', GRANTED, 'second')).then({ basis: ['receipt', 'amendment'], role: null });
    asked.when(draft('03-10 18:00', GRANTED, 'second')).refused('out-of-order');
    asked
      .given(...signed('03-13', GRANTED, '-again'))
      .when(reply('03-14', GRANTED, 'final'))
      .accepted({ approval: 'approval-again' });
  });

  test('the first round counts nothing in the second', () => {
    asked
      .given(draft('03-13', GRANTED, 'second'))
      .when(approve('03-14', V1, 'leader', 'again'))
      .refused('step-missing', { missing: ['office', 'regulations'] });
    asked
      .given(...signed('03-13', { ...GRANTED, contentHash: V2 }, '-again'))
      .when(reply('03-14', AMEND, 'final'))
      .refused('content-changed');
  });

  test('repeats; what rests on it blocks voids', () => {
    // May be asked several times, and is taken back only before what rests on it.
    const twice = open.given(reply('03-10', AMEND, 'first'), reply('03-12', AMEND, 'second'));
    twice.when(reply('03-14')).accepted({ basis: ['receipt', 'second'] });
    twice.when(reply('03-11')).accepted({ basis: ['receipt'] });
    asked
      .given(draft('03-12', GRANTED, 'second'))
      .when(voided('amendment', '03-20'))
      .refused('depended-upon', { type: 'application.reply-drafted' });
    const back = asked.given(voided('amendment', '03-20'));
    back.when(reply('03-11', AMEND, 'again')).accepted({ approval: 'approval' });
  });

  test('neither stops nor restarts the clock', () => {
    open
      .given(reply('03-10', AMEND, 'first'))
      .when(reply('03-28'))
      .accepted({ ordinaryEnd: '2017-03-27', lawfulEnd: '2017-03-27' });
  });
});

// ---- an answer made again -------------------------------------------------------------------------------------------

describe('an answer made again', () => {
  const answered = received.given(...signed('03-10'), reply('03-11'));
  const ordered = answered.in({ decisions: [decided('reconsideration/1', '04-10'), decided('complaint/2', '04-20')] });
  const SECOND = { outcome: 'partly-granted', contentHash: V2 };

  test('only after a close', () => {
    open
      .in({ decisions: [decided('reconsideration/1', '03-10')] })
      .when(remake('03-12', 'reconsideration/1'))
      .refused('out-of-order');
  });

  test('its draft waits for a decided case', () => {
    // After the close a draft waits for a decided case that names this application.
    answered.when(draft('04-12', SECOND, 'second')).refused('not-open');
    ordered.when(draft('04-09', SECOND, 'second')).refused('not-open');
    ordered.when(draft('03-10', SECOND, 'second')).refused('case-closed');
    ordered.when(draft('04-12', SECOND, 'second')).then({ basis: ['receipt', 'reply'], role: null });
  });

  test('passes the chain and repeats the approved draft', () => {
    // Goes through the chain and repeats the approved draft.
    ordered.when(remake('04-15', 'reconsideration/1', SECOND)).refused('not-approved');
    const drafted = ordered.given(draft('04-12', SECOND, 'second'));
    drafted.when(remake('04-15', 'reconsideration/1', SECOND)).refused('not-approved');
    drafted.when(clear('04-12', 'drafter', 'office', { contentHash: V2 })).refused('drafter-cannot-clear');
    drafted.when(approve('04-13', V2, 'leader', 'again')).refused('step-missing');
    const ready = ordered.given(...signed('04-12', SECOND, '-again'));
    ready.when(remake('04-15', 'reconsideration/1')).refused('content-changed');
    ready.when(remake('04-12 11:00', 'reconsideration/1', SECOND)).refused('out-of-order');
    ready
      .when(remake('04-15', 'reconsideration/1', SECOND))
      .then({ approval: 'approval-again', basis: ['approval-again', 'reply'], role: null, law: '2008', kind: 'business' });
  });

  test('names a decided case, not dated before it', () => {
    // Names a decided case about this application and is not dated before its decision.
    const ready = ordered.given(...signed('04-12', SECOND, '-again'));
    for (const other of ['lawsuit/1', 'reconsideration/9', 'publication/1', 'application/1'])
      ready.when(remake('04-15', other, SECOND)).refused('wrong-reference', { reference: other });
    ready.when(remake('04-15', 'complaint/2', SECOND)).refused('out-of-order');
    ready.when(remake('04-21', 'complaint/2', SECOND)).accepted();
  });

  test('under an empty chain it is made directly', () => {
    open
      .in({ decisions: [decided('lawsuit/1', '04-10')] })
      .given(reply('03-10'))
      .when(remake('04-15', 'lawsuit/1', SECOND))
      .accepted({ approval: null, basis: ['receipt', 'reply'] });
  });

  test('dated before the close, it waits', () => {
    // Dated before the close it waits for the void of the close, whatever was decided meanwhile.
    open
      .in({ decisions: [decided('complaint/1', '03-07')] })
      .given(reply('03-10'))
      .when(remake('03-08', 'complaint/1', SECOND))
      .refused('case-closed');
  });

  test('after an abandonment or a withdrawal too', () => {
    for (const close of [abandon('03-10'), withdraw('03-10')])
      open
        .in({ decisions: [decided('lawsuit/1', '04-10')] })
        .given(close)
        .when(remake('04-15', 'lawsuit/1', SECOND))
        .accepted();
  });

  test('leaves the close as it is', () => {
    // Leaves the close as it is: a second close stays refused, fees go on, nothing else is open.
    const again = ordered.given(...signed('04-12', SECOND, '-again'), remake('04-15', 'reconsideration/1', SECOND));
    again.when(reply('04-20', SECOND, 'third')).refused('already-closed');
    again.when(consult('04-20')).refused('not-open');
    again.when(clear('04-20', 'office-2', 'office', { contentHash: V2 })).refused('not-open');
    again.when(revise('04-20', { outcome: 'granted', contentHash: V3 }, 'late')).refused('not-open');
    again.when(draft('04-20', { outcome: 'granted', contentHash: V3 }, 'third')).accepted({ basis: ['receipt', 'reply', 'remade'] });
    again.when(draft('04-14', { outcome: 'granted', contentHash: V3 }, 'third')).refused('out-of-order');
  });

  test('close, approval and draft are voided after it', () => {
    // The close, the approval and the draft it rests on are taken back after it only.
    const again = ordered.given(...signed('04-12', SECOND, '-again'), remake('04-15', 'reconsideration/1', SECOND));
    for (const id of ['reply', 'approval-again', 'draft-again']) again.when(voided(id, '04-20')).refused('depended-upon');
    const back = again.given(voided('remade', '04-20'));
    back.when(voided('approval-again', '04-21')).accepted();
    back.when(remake('04-16', 'reconsideration/1', SECOND, 'once more')).accepted();
  });

  test('a late one rests on no later one', () => {
    // One recorded late does not rest on a later one.
    const twice = open
      .in({ decisions: [decided('lawsuit/1', '04-10')] })
      .given(reply('03-10'), remake('05-10', 'lawsuit/1', SECOND, 'later'));
    twice.when(remake('05-20', 'lawsuit/1', SECOND)).accepted({ basis: ['receipt', 'reply', 'later'] });
    twice.when(remake('04-20', 'lawsuit/1', SECOND)).accepted({ basis: ['receipt', 'reply'] });
  });

  test('a return after the close takes a revision', () => {
    // A return after the close is answered by a revision.
    const returned = ordered.given(
      draft('04-12', SECOND, 'second'),
      clear('04-13', 'office', 'office', { contentHash: V2, verdict: 'returned' }),
    );
    returned.when(remake('04-15', 'reconsideration/1', SECOND)).refused('returned');
    returned.when(revise('04-14', { outcome: 'granted', contentHash: V3 })).accepted();
    returned.when(revise('03-10', { outcome: 'granted', contentHash: V3 })).refused('case-closed');
  });
});
