/** Random histories of permissions: the answer at every moment is that of a naive scan of what was recorded. */
import fc from 'fast-check';
import { RightsReader } from '../../src/access/rights.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { message } from '../support/messages.js';

const ISSUER = 'https://login.example';
const AGENCIES = ['city', 'bureau', 'office'] as const;
const CALLERS = ['a', 'b'] as const;
const DAYS = ['2029-06-30', '2029-07-01', '2029-07-02'] as const;
const START = Date.parse('2029-06-30T23:00:00+08:00');
const HOUR = 60 * 60 * 1000;
const OPERATOR = { attestation: 'none', caller: { issuer: ISSUER, subject: 'op' }, operator: true, identity: true } as const;
const caller = (subject: string): { issuer: string; subject: string } => ({ issuer: ISSUER, subject });

interface Step {
  readonly kind: 'grant' | 'end' | 'change';
  readonly agency: (typeof AGENCIES)[number];
  readonly who: (typeof CALLERS)[number];
  readonly permission: 'act' | 'audit';
  readonly below: boolean;
  readonly from: string | null;
  readonly until: string | null;
  readonly vertical: boolean;
}

const day = fc.option(fc.constantFrom(...DAYS), { nil: null });
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('grant', 'grant', 'end', 'change'),
  agency: fc.constantFrom(...AGENCIES),
  who: fc.constantFrom(...CALLERS),
  permission: fc.constantFrom('act', 'audit'),
  below: fc.boolean(),
  from: day,
  until: day,
  vertical: fc.boolean(),
});

function typeAndData(one: Step): [string, Record<string, unknown>] {
  const of = { caller: caller(one.who), permission: one.permission };
  if (one.kind === 'end') return ['agency.permission-ended', of];
  const { from, until, below } = one;
  const days = { ...(from === null ? {} : { from }), ...(until === null ? {} : { until }) };
  return ['agency.permission-granted', { ...of, ...(one.permission === 'act' ? { actor: `n-${one.who}` } : {}), below, ...days }];
}

/** By the sentences of the rules: from the agency upwards, never past a vertical one; the last word on each counts. */
function naive(recorded: readonly Step[], asked: Pick<Step, 'agency' | 'who' | 'permission'>, today: string): string | null {
  const { who, permission } = asked;
  const vertical = (code: string): boolean => recorded.findLast((one) => one.kind === 'change' && one.agency === code)?.vertical ?? false;
  for (let at = AGENCIES.indexOf(asked.agency); at >= 0; at -= 1) {
    const code = AGENCIES[at] as string;
    const word = recorded.findLast(
      (one) => one.kind !== 'change' && one.agency === code && one.who === who && one.permission === permission,
    );
    const stands = word?.kind === 'grant' && (word.from ?? today) <= today && today <= (word.until ?? today);
    if (stands && (code === asked.agency || word.below)) return code;
    if (vertical(code)) return null;
  }
  return null;
}

async function send(
  ledger: TestLedger,
  type: string,
  agency: string,
  sent: { data: Record<string, unknown>; id: string },
): Promise<boolean> {
  const time = '2029-06-01T12:00:00+08:00';
  const local = type === 'agency.changed';
  const value = { ...message(type, `agency/${agency}`, time, 'root', sent.data, { agency }), id: sent.id };
  const receipt = await ledger.recorder.recordValue(value, local ? { attestation: 'none', caller: null } : OPERATOR);
  return receipt.status === 'recorded';
}

test('rights are those of a naive scan', async () => {
  const counted = { held: 0, none: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 10 }), async (steps) => {
      let now = START;
      const ledger = openTestLedger({ now: () => now });
      for (const [at, code] of AGENCIES.entries()) {
        const parent = at === 0 ? {} : { parent: AGENCIES[at - 1] };
        expect(await send(ledger, 'agency.registered', code, { data: { name: code, administrator: 'root', ...parent }, id: code })).toBe(
          true,
        );
      }
      const recorded: Step[] = [];
      const rights = new RightsReader(ledger.store, () => now);
      for (const [at, one] of steps.entries()) {
        now += 5 * HOUR;
        const [type, data] =
          one.kind === 'change'
            ? ['agency.changed', { from: '2029-06-01', reporting: one.vertical ? 'vertical' : 'included' }]
            : typeAndData(one);
        if (await send(ledger, type, one.agency, { data: data, id: `s${at}` })) recorded.push(one);
        await ledger.settled();
        const today = new Date(now + 8 * HOUR).toISOString().slice(0, 10);
        for (const agency of AGENCIES)
          for (const who of CALLERS)
            for (const permission of ['act', 'audit'] as const) {
              const expected = naive(recorded, { agency, who, permission }, today);
              expect(rights.of(caller(who)).in(agency, permission)?.agency ?? null).toBe(expected);
              counted[expected === null ? 'none' : 'held'] += 1;
            }
      }
      await ledger.finish();
    }),
    { numRuns: 5, endOnFailure: true },
  );
  expect(counted.held).toBeGreaterThan(20);
  expect(counted.none).toBeGreaterThan(20);
}, 120_000);
