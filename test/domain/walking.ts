/** Random acts on one case, and how a case walks through them: for properties of any sequence of commands. */
import fc from 'fast-check';
import { emptyCase, evolveCase, foldCase, standingOf, type CaseRules } from '../../src/domain/case.js';
import type { Act } from '../../src/domain/acts.js';
import { NOT_STANDING, type Standing } from '../../src/domain/facts.js';
import { does, type Doing, type Given } from '../support/given-when-then.js';

const PEOPLE = ['drafter', 'office', 'office-2', 'lawyer', 'lawyer-2', 'leader', 'leader-2', 'root'];

const moment = fc
  .record({ day: fc.integer({ min: 1, max: 12 }), hour: fc.integer({ min: 0, max: 23 }) })
  .map(({ day, hour }) => `2017-03-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00+08:00`);
const person = fc.constantFrom(...PEOPLE);

export function act(type: string, data: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Doing> {
  return fc.record({ person, moment, data }).map(({ person: actor, moment: at, data: said }) => does(actor, type, at, said));
}

/** Takes back the act at this place of the history; `voids` is filled in when it runs. */
export const takingBack = fc
  .record({ person, moment, approvedBy: person, place: fc.nat(30) })
  .map(({ person: actor, moment: at, approvedBy, place }) => does(actor, 'record.voided', at, { approvedBy, reason: 'x', place }));

interface Path<View> {
  readonly given: Given<View>;
  readonly standing: Standing;
}

/** Tries one act after the other on a case; what is refused leaves it as it was. */
export function walk<View>(start: Given<View>, doings: readonly Doing[], hold: (walk: Path<View>, act: Act) => void): Path<View> {
  let here: Path<View> = { given: start, standing: NOT_STANDING };
  doings.forEach((doing, at) => {
    const { acts } = here.given.state;
    const named = {
      ...doing,
      id: `${at}`,
      ...(doing.type === 'record.voided' ? { voids: acts[(doing.data['place'] as number) % (acts.length + 1)]?.eventId ?? 'none' } : {}),
    };
    const outcome = here.given.when(named);
    if (!outcome.decision.ok) return;
    const given = outcome.recorded();
    const recorded = given.state.acts.at(-1) as Act;
    const standing = recorded.type === 'record.voided' ? recorded.derived.leaves : movedBy(start.rules, here.standing, recorded);
    expect(standingOf(start.rules, given.state)).toEqual(standing);
    here = { given, standing };
    hold(here, recorded);
  });
  return here;
}

function movedBy<View>(rules: CaseRules<View>, before: Standing, recorded: Act): Standing {
  if (recorded.type === 'record.voided' || recorded.type === 'record.erased') throw new Error(`${recorded.type} moves no case`);
  return rules.standingAfter(before, recorded);
}

export function foldsAlike<View>(rules: CaseRules<View>, acts: readonly Act[]): void {
  const steps = acts.reduce((state, one) => evolveCase(rules, state, one), emptyCase(rules));
  expect(foldCase(rules, acts)).toEqual(steps);
}
