/** What older versions said is what today's say: step by step, on any data that could have been stored. */
import fc from 'fast-check';
import { agencyRules } from '../../src/domain/agency/rules.js';
import { profileOn } from '../../src/domain/agency/state.js';
import type { ActOf } from '../../src/domain/acts.js';
import { upcast } from '../../src/events/upcasters.js';
import { FORMS } from '../../src/statistics/forms/registry.js';
import { CODE, does, specification } from '../support/given-when-then.js';

type Registered = ActOf<'agency.registered'>;

const FORM_IDS = FORMS.map(({ id }) => id);

describe('agency.registered', () => {
  /** Version 1: what the message said, and nothing of what it left open. */
  function asV1({ data, derived }: Registered): Record<string, unknown> {
    const { profile: _decided, ...rest } = derived;
    return { ...data, derived: rest };
  }

  const data = fc.record(
    {
      name: fc.constantFrom('某县商务局', '某县民政局'),
      administrator: fc.constant('root'),
      reporting: fc.constantFrom('included', 'vertical'),
      forms: fc.subarray(FORM_IDS, { minLength: 1 }),
    },
    { requiredKeys: ['name', 'administrator'] },
  );

  test('version 1 folds like version 2', () => {
    // Stored in version 1 it folds to what version 2 folds to.
    fc.assert(
      fc.property(data, (said) => {
        const registered = does('root', 'agency.registered', '2017-01-01T09:00:00+08:00', said);
        const { acts, view } = specification(agencyRules).given(registered).state;
        const [act] = acts as [Registered];
        const { derived, ...rest } = upcast('agency.registered', 1, asV1(act)) as { derived: Registered['derived'] } & Registered['data'];
        expect({ data: rest, derived }).toEqual({ data: act.data, derived: act.derived });
        expect(agencyRules.evolve(null, { ...act, data: rest, derived })).toEqual(view);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  test('version 1 keeps the defaults of its time', () => {
    // What version 1 left open is what its time took for granted;
    // what version 2 decided holds whatever the defaults are.
    const silent = { name: '某县商务局', administrator: 'root', derived: { basis: [], role: null } };
    const decided = { reporting: 'included', forms: ['2014-fujian'] };
    const { acts } = specification(agencyRules).given(
      does('root', 'agency.registered', '2017-01-01T09:00:00+08:00', { name: '某县商务局', administrator: 'root' }),
    ).state;
    const [act] = acts as [Registered];
    const profileOf = (derived: unknown): unknown =>
      profileOn(agencyRules.evolve(null, { ...act, derived: derived as Registered['derived'] }) ?? fail(), '2017-12-31');
    expect(profileOf(upcast('agency.registered', 1, silent)['derived'])).toMatchObject({
      reporting: 'included',
      forms: ['2014-shandong', '2019', '2021'],
    });
    expect(profileOf({ basis: [], role: null, profile: decided })).toMatchObject(decided);
  });

  function fail(): never {
    throw new Error(`${CODE} was not folded`);
  }
});
