/** The review and sign-off chain: who may clear and approve what, when, in which order. Contract, rule "Clearance". */
import { assigned, chainSet, standardAgency, STAFF, agencyWith, unreviewedAgency } from '../support/given-when-then.js';
import { approve, approvedItem, check, clear, draft, FIRST_VERSION, item, on, reject, release, revise, SIGNED, V2, V3 } from './items.js';

const drafted = item().given(draft('03-01 09:00'));
const office = clear('03-01 10:00', 'office', 'office');
const regulations = clear('03-01 11:00', 'lawyer', 'regulations');
const cleared = drafted.given(office, regulations);

describe('drafting and revising', () => {
  test('a draft begins a case, once', () => {
    drafted.when(draft('03-02')).refused('already-exists');
  });

  test('nothing is done before a draft', () => {
    // Nothing is done to a case that was not drafted.
    for (const act of [revise('03-02'), office, approve('03-02'), reject('03-02'), release('03-02'), check('03-02')]) {
      item().when(act).refused('unknown-case');
    }
  });

  test('a revision rests on and follows its version', () => {
    // A revision rests on the version it revises and is not dated before it.
    drafted.when(revise('03-01 09:00')).then({ basis: ['draft'], role: null });
    drafted.when(revise('03-01 08:59')).refused('out-of-order', { notBefore: on('03-01 09:00') });
  });

  test('a revision after a return rests on it', () => {
    // A revision after a return rests on the return too.
    const returned = drafted.given(clear('03-01 10:00', 'office', 'office', { verdict: 'returned' }));
    returned.when(revise('03-02')).then({ basis: ['draft', 'office-returned'], role: null });
  });
});

describe('clearing', () => {
  test('each step by its role, in any order', () => {
    // Each step by a holder of its role, in any order.
    drafted.when(office).then({ basis: ['draft'], role: 'office-reviewer', unit: '办公室' });
    drafted
      .given(regulations)
      .when(office)
      .then({ basis: ['draft'], role: 'office-reviewer', unit: '办公室' });
    drafted.given(regulations, office).when(approve('03-01 12:00')).accepted({ role: 'deputy-leader' });
  });

  test('a step the chain does not have', () => {
    drafted.when(clear('03-01 10:00', 'office', 'archive')).refused('unknown-step', { steps: ['office', 'regulations'] });
  });

  test('no step before or under an empty chain', () => {
    // Not before a chain is set, and no step under an empty chain.
    const unset = item({ agency: agencyWith(...STAFF) }).given(draft('03-01'));
    unset.when(clear('03-02', 'office', 'office')).refused('no-clearance-chain');
    unset.when(approve('03-02')).refused('no-clearance-chain');
    item({ agency: unreviewedAgency() })
      .given(draft('03-01'))
      .when(clear('03-02', 'office', 'office'))
      .refused('unknown-step');
  });

  test('no author of any version clears', () => {
    // Not by the drafter, nor by anyone who revised an earlier version, in any step.
    const holders = standardAgency(assigned('drafter', 'office-reviewer'), assigned('reviser', 'regulations-reviewer'));
    const revised = item({ agency: holders }).given(
      draft('03-01'),
      revise('03-02', V2, 'reviser'),
      revise('03-03', V3, 'office-2', 'again'),
    );
    for (const actor of ['drafter', 'office-2'])
      revised.when(clear('03-04', actor, 'office', { contentHash: V3 })).refused('drafter-cannot-clear');
    revised.when(clear('03-04', 'reviser', 'regulations', { contentHash: V3 })).refused('drafter-cannot-clear');
    revised.when(clear('03-04', 'office', 'office', { contentHash: V3 })).accepted();
  });

  test('nobody passes two steps of a round', () => {
    // Nobody passes two steps of a round; he may in the next.
    const both = standardAgency(assigned('office', 'regulations-reviewer'));
    const once = item({ agency: both }).given(draft('03-01 09:00'), office);
    once.when(clear('03-01 11:00', 'office', 'regulations')).refused('same-person-twice');
    once.when(clear('03-01 11:00', 'office', 'office')).refused('same-person-twice');
    once
      .given(revise('03-02'))
      .when(clear('03-03', 'office', 'regulations', { contentHash: V2 }))
      .accepted();
  });

  test('returning or escalating is no second pass', () => {
    // Returning or escalating one step and passing another is no second pass.
    const both = standardAgency(assigned('office', 'regulations-reviewer'));
    const escalated = item({ agency: both }).given(
      draft('03-01 09:00'),
      clear('03-01 10:00', 'office', 'office', { verdict: 'escalated' }),
    );
    escalated.when(clear('03-01 11:00', 'office', 'regulations')).accepted();
    escalated.when(clear('03-01 11:00', 'office', 'office')).accepted();
  });

  test('a passer may return or escalate another step', () => {
    // Who passed one step may return or escalate another: that is no pass.
    const both = standardAgency(assigned('office', 'regulations-reviewer'));
    const once = item({ agency: both }).given(draft('03-01 09:00'), office);
    for (const verdict of ['returned', 'escalated']) once.when(clear('03-01 11:00', 'office', 'regulations', { verdict })).accepted();
  });

  test('another version’s hash is refused', () => {
    drafted
      .when(clear('03-01 10:00', 'office', 'office', { contentHash: V2 }))
      .refused('content-changed', { expected: FIRST_VERSION, actual: V2 });
  });

  test('is dated no earlier than its version', () => {
    // Not dated before the draft or the revision it clears.
    drafted.when(clear('03-01 08:59', 'office', 'office')).refused('out-of-order');
    drafted.when(clear('03-01 09:00', 'office', 'office')).accepted();
    drafted
      .given(revise('03-02'))
      .when(clear('03-01 10:00', 'office', 'office', { contentHash: V2 }))
      .refused('out-of-order');
  });

  test('a late clearance counts for its version only', () => {
    // A clearance that arrives late is held only against the version it clears.
    const late = drafted.given(clear('03-05', 'lawyer', 'regulations'));
    late.when(clear('03-02', 'office', 'office')).accepted({ basis: ['draft'] });
  });

  test('after the approval the version is signed', () => {
    approvedItem()
      .when(clear('03-02', 'office-2', 'office'))
      .refused('already-approved');
  });
});

describe('returning', () => {
  const returned = drafted.given(office, clear('03-01 11:00', 'lawyer', 'regulations', { verdict: 'returned' }));

  test('only a revision or a rejection follows', () => {
    returned.when(clear('03-02', 'office-2', 'office')).refused('returned');
    returned.when(clear('03-02', 'lawyer', 'regulations')).refused('returned');
    returned.when(approve('03-02')).refused('returned');
    returned.when(revise('03-02')).accepted();
    returned.when(reject('03-02')).accepted();
  });

  test('an empty chain releases no returned version', () => {
    // Under an empty chain a returned version is not released either.
    const emptied = returned.in({ agency: standardAgency(chainSet(on('03-02'), [], null)) });
    emptied.when(release('03-03')).refused('returned');
    emptied
      .given(revise('03-03'))
      .when(release('03-04', 'website', V2))
      .accepted({ approval: null });
  });

  test('earlier passes count no more', () => {
    // Passes of the earlier round count no more, even for the same hash.
    const same = returned.given(revise('03-02', FIRST_VERSION));
    same.when(approve('03-03')).refused('step-missing', { missing: ['office', 'regulations'] });
    const onceMore = same.given(clear('03-03', 'office', 'office', { id: 'o2' }));
    onceMore.when(approve('03-04')).refused('step-missing', { missing: ['regulations'] });
    onceMore
      .given(clear('03-04', 'lawyer', 'regulations', { id: 'r2' }))
      .when(approve('03-05'))
      .accepted({ basis: ['revision', 'o2', 'r2'] });
  });
});

describe('approving', () => {
  test('the approval rests on all passes', () => {
    // Every step of the chain passed this version: the approval rests on the passes.
    cleared.when(approve('03-01 12:00')).then({
      basis: ['draft', 'office-passed', 'regulations-passed'],
      role: 'deputy-leader',
      unit: '分管领导',
    });
  });

  test('a step is missing', () => {
    drafted.when(approve('03-01 12:00')).refused('step-missing', { missing: ['office', 'regulations'] });
    drafted
      .given(office)
      .when(approve('03-01 12:00'))
      .refused('step-missing', { missing: ['regulations'] });
  });

  test('an escalated step is open', () => {
    const escalated = drafted.given(office, clear('03-01 11:00', 'lawyer', 'regulations', { verdict: 'escalated' }));
    escalated.when(approve('03-01 12:00')).refused('step-missing', { missing: ['regulations'] });
    escalated
      .given(clear('03-01 11:30', 'lawyer', 'regulations'))
      .when(approve('03-01 12:00'))
      .accepted();
  });

  test('the approver neither wrote nor cleared', () => {
    // The approver wrote no version and cleared nothing in this round.
    const leaders = {
      agency: standardAgency(
        assigned('drafter', 'deputy-leader'),
        assigned('office', 'deputy-leader'),
        assigned('lawyer', 'deputy-leader'),
      ),
    };
    const ready = cleared.in(leaders);
    for (const actor of ['drafter', 'office', 'lawyer']) ready.when(approve('03-01 12:00', {}, actor)).refused('approver-not-independent');
    const escalating = drafted
      .in(leaders)
      .given(clear('03-01 09:30', 'office', 'office', { verdict: 'escalated' }), clear('03-01 10:00', 'office-2', 'office'), regulations);
    escalating.when(approve('03-01 12:00', {}, 'office')).refused('approver-not-independent');
  });

  test('a clearer of an earlier round may approve', () => {
    // Who cleared only in an earlier round may approve this one.
    const leaders = { agency: standardAgency(assigned('office', 'deputy-leader')) };
    const second = cleared
      .in(leaders)
      .given(
        revise('03-02'),
        clear('03-03', 'office-2', 'office', { contentHash: V2, id: 'o2' }),
        clear('03-03', 'lawyer', 'regulations', { contentHash: V2, id: 'r2' }),
      );
    second.when(approve('03-04', { contentHash: V2 }, 'office')).accepted();
  });

  test('another hash', () => {
    cleared.when(approve('03-01 12:00', { contentHash: V2 })).refused('content-changed');
  });

  test('once', () => {
    approvedItem()
      .when(approve('03-02', {}, 'leader-2'))
      .refused('already-approved');
  });

  test('not dated before the clearances it rests on', () => {
    cleared.when(approve('03-01 10:30')).refused('out-of-order', { notBefore: on('03-01 11:00') });
    cleared.when(approve('03-01 11:00')).accepted();
    cleared.when(approve('02-28')).refused('out-of-order');
  });

  test('it rests on a pass in time', () => {
    // Of several passes of a step the approval rests on one that was there in time.
    const twice = drafted.given(
      clear('03-05', 'office', 'office', { id: 'late-pass' }),
      clear('03-01 10:00', 'office-2', 'office', { id: 'pass' }),
      regulations,
    );
    twice.when(approve('03-01 12:00')).accepted({ basis: ['draft', 'pass', 'regulations-passed'] });
  });

  test('an empty chain has no approver', () => {
    item({ agency: unreviewedAgency() }).given(draft('03-01')).when(approve('03-02')).refused('missing-role');
  });
});

test('the signed history shows the whole chain', () => {
  // The signed history of the other tests is the whole chain.
  expect(
    item()
      .given(...SIGNED)
      .state.acts.map(({ type }) => type),
  ).toEqual(['publication.drafted', 'publication.cleared', 'publication.cleared', 'publication.approved']);
});
