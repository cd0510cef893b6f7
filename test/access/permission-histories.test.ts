/**
 * Random histories of permissions: what is recorded, what everybody then may, and what stood at every earlier moment
 * are those of a naive scan.
 */
import fc from 'fast-check';
import { RightsReader } from '../../src/access/rights.js';
import { decideSending } from '../../src/access/sending.js';
import { agencyRules } from '../../src/domain/agency/rules.js';
import { agencyIdOf } from '../../src/read-models/agencies/agency-reader.js';
import { grantsIn } from '../../src/read-models/permissions/permission-reader.js';
import { CaseStore, viewOf } from '../../src/recording/facts/case-store.js';
import type { Sender } from '../../src/recording/sender.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { message } from '../support/messages.js';
import { budget } from '../support/budget.js';

const ISSUER = 'https://login.example';
const AGENCIES = ['city', 'town', 'bureau', 'office'] as const;
const FIRST_PARENTS: Readonly<Record<string, string>> = { bureau: 'city', office: 'bureau' };
const CALLERS = ['a', 'b'] as const;
const NAMES = ['one', 'two'] as const;
const SOURCES = ['/web', '/post'] as const;
const DAYS = ['2029-06-30', '2029-07-01', '2029-07-02'] as const;
/** Every day that a grant may be asked about: the last stands for all behind it. */
const CALENDAR = ['2029-06-30', '2029-07-01', '2029-07-02', '2029-07-03', '2029-07-04', '2029-07-05'];
const START = Date.parse('2029-06-30T20:00:00+08:00');
const HOUR = 60 * 60 * 1000;
const OPERATOR: Sender = { attestation: 'none', caller: { issuer: ISSUER, subject: 'op' }, operator: true, identity: true };
const caller = (subject: string): { issuer: string; subject: string } => ({ issuer: ISSUER, subject });

interface Step {
  readonly kind: 'grant' | 'end' | 'reporting' | 'parent';
  readonly agency: (typeof AGENCIES)[number];
  readonly who: (typeof CALLERS)[number];
  readonly permission: 'act' | 'audit' | 'emit';
  readonly name: (typeof NAMES)[number];
  readonly sources: readonly string[] | null;
  readonly below: boolean;
  readonly from: string | null;
  readonly until: string | null;
  readonly vertical: boolean;
  readonly parent: (typeof AGENCIES)[number];
}

/** What was recorded, with the index it has in the ledger. */
type Recorded = readonly { readonly index: number; readonly step: Step }[];

const day = fc.option(fc.constantFrom(...DAYS), { nil: null, freq: 1 });
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('grant', 'grant', 'grant', 'grant', 'end', 'reporting', 'parent'),
  agency: fc.constantFrom(...AGENCIES),
  who: fc.constantFrom(...CALLERS),
  permission: fc.constantFrom('act', 'act', 'act', 'act', 'emit', 'audit'),
  name: fc.constantFrom(...NAMES),
  sources: fc.constantFrom(null, ['/web'], ['/web', '/post'], ['/web/more']),
  below: fc.boolean(),
  from: day,
  until: day,
  vertical: fc.boolean(),
  parent: fc.constantFrom(...AGENCIES),
});

function messageOf(one: Step): [type: string, data: Record<string, unknown>] {
  if (one.kind === 'reporting') return ['agency.changed', { from: '2029-06-01', reporting: one.vertical ? 'vertical' : 'included' }];
  if (one.kind === 'parent') return ['agency.changed', { from: '2029-06-01', parent: one.parent }];
  const of = { caller: caller(one.who), permission: one.permission };
  if (one.kind === 'end') return ['agency.permission-ended', of];
  const { from, until, below, sources } = one;
  return [
    'agency.permission-granted',
    {
      ...of,
      below,
      ...(from === null ? {} : { from }),
      ...(until === null ? {} : { until }),
      ...(one.permission === 'act' ? { actor: one.name } : {}),
      ...(one.permission === 'emit' && sources !== null ? { sources } : {}),
    },
  ];
}

// ---- by the sentences of the rules, from everything recorded each time ---------------------------------------------

const steps = (recorded: Recorded): Step[] => recorded.map(({ step: one }) => one);

function parentOf(recorded: Recorded, code: string): string | null {
  const moved = steps(recorded).findLast(({ kind, agency }) => kind === 'parent' && agency === code);
  return moved?.parent ?? FIRST_PARENTS[code] ?? null;
}

function isVertical(recorded: Recorded, code: string): boolean {
  return steps(recorded).findLast(({ kind, agency }) => kind === 'reporting' && agency === code)?.vertical ?? false;
}

/** The agency and all above it, nearest first; `reaching`: only those that reach it with `below`. */
function upwards(recorded: Recorded, code: string, reaching: boolean): string[] {
  const parent = reaching && isVertical(recorded, code) ? null : parentOf(recorded, code);
  return [code, ...(parent === null ? [] : upwards(recorded, parent, reaching))];
}

/** What stands in an agency, in the order of the log: of each caller and permission the last word. */
function standing(recorded: Recorded, code: string): Step[] {
  const words = steps(recorded).filter(({ kind, agency }) => agency === code && (kind === 'grant' || kind === 'end'));
  const isLast = (word: Step, at: number): boolean =>
    !words.slice(at + 1).some(({ who, permission }) => who === word.who && permission === word.permission);
  return words.filter((word, at) => word.kind === 'grant' && isLast(word, at));
}

const isOn = ({ from, until }: Step, on: string): boolean => (from ?? on) <= on && on <= (until ?? on);
const reaches = (recorded: Recorded, grant: Step, code: string): boolean =>
  grant.agency === code || (grant.below && upwards(recorded, code, true).includes(grant.agency));

function naiveRight(recorded: Recorded, asked: Pick<Step, 'agency' | 'who' | 'permission'>, today: string): Step | null {
  for (const code of upwards(recorded, asked.agency, true)) {
    const found = standing(recorded, code).find(
      (one) => one.who === asked.who && one.permission === asked.permission && isOn(one, today) && reaches(recorded, one, asked.agency),
    );
    if (found !== undefined) return found;
  }
  return null;
}

/** Whether another caller has the name, or this caller another name, on a day from today on in an agency of both. */
function isTaken(recorded: Recorded, wanted: Step, today: string): boolean {
  const others = AGENCIES.flatMap((code) => standing(recorded, code)).filter(
    ({ permission, agency, who }) => permission === 'act' && !(agency === wanted.agency && who === wanted.who),
  );
  return others.some(
    (other) =>
      (other.who === wanted.who) !== (other.name === wanted.name) &&
      CALENDAR.some((on) => on >= today && isOn(wanted, on) && isOn(other, on)) &&
      AGENCIES.some((code) => reaches(recorded, wanted, code) && reaches(recorded, other, code)),
  );
}

function naiveAnswer(recorded: Recorded, one: Step, today: string): string {
  if (one.kind === 'reporting') return 'recorded';
  if (one.kind === 'parent') return upwards(recorded, one.parent, false).includes(one.agency) ? 'unknown-parent' : 'recorded';
  if (one.kind === 'end') {
    const isHeld = standing(recorded, one.agency).some(({ who, permission }) => who === one.who && permission === one.permission);
    return isHeld ? 'recorded' : 'not-granted';
  }
  if (one.from !== null && one.until !== null && one.until < one.from) return 'invalid-data';
  return one.permission === 'act' && isTaken(recorded, one, today) ? 'name-taken' : 'recorded';
}

/** Of an act under a name from a source. */
function naiveSending(recorded: Recorded, asked: Pick<Step, 'agency' | 'who' | 'name'> & { source: string }, today: string): string {
  if (naiveRight(recorded, { ...asked, permission: 'act' }, today)?.name === asked.name) return 'own-token';
  const emit = naiveRight(recorded, { ...asked, permission: 'emit' }, today);
  return emit !== null && (emit.sources?.includes(asked.source) ?? true) ? 'emitter' : 'not-permitted';
}

// ---- the same asked of the ledger ----------------------------------------------------------------------------------

type Plain = readonly [who: string, permission: string, name: string | null, sources: readonly string[] | null, below: boolean];
const plainStep = ({ who, permission, name, sources, below }: Step): Plain => [
  who,
  permission,
  permission === 'act' ? name : null,
  permission === 'emit' ? sources : null,
  below,
];
const plainGrant = (grant: ReturnType<typeof grantsIn>[number] | Omit<ReturnType<typeof grantsIn>[number], 'agency'>): Plain => [
  grant.caller.subject,
  grant.permission,
  grant.actor,
  grant.sources,
  grant.below,
];

async function send(
  ledger: TestLedger,
  sent: { type: string; agency: string; data: Record<string, unknown>; id: string },
): Promise<string> {
  const { type, agency, data, id } = sent;
  const local = type === 'agency.changed';
  const value = { ...message(type, `agency/${agency}`, '2029-06-01T12:00:00+08:00', 'root', data, { agency }), id };
  const receipt = await ledger.recorder.recordValue(value, local ? { attestation: 'none', caller: null } : OPERATOR);
  await ledger.settled();
  return receipt.error?.code ?? receipt.status;
}

/** Where the last act stands: kept refusals have indexes of their own. */
const lastIndex = (ledger: TestLedger): number =>
  ledger.store.db.prepare<unknown[], number>('SELECT MAX(idx) FROM trail').pluck().get() ?? -1;

interface Counted {
  readonly answers: Map<string, number>;
}

const count = ({ answers }: Counted, what: string): void => void answers.set(what, (answers.get(what) ?? 0) + 1);

function expectRights(ledger: TestLedger, recorded: Recorded, now: number, counted: Counted): void {
  const today = new Date(now + 8 * HOUR).toISOString().slice(0, 10);
  const reader = new RightsReader(ledger.store, () => now);
  for (const who of CALLERS) {
    const rights = reader.of(caller(who));
    for (const agency of AGENCIES) {
      for (const permission of ['act', 'audit', 'emit'] as const) {
        const found = rights.in(agency, permission);
        const expected = naiveRight(recorded, { agency, who, permission }, today);
        expect(found === null ? null : [found.agency, plainGrant(found)]).toEqual(
          expected === null ? null : [expected.agency, plainStep(expected)],
        );
        count(counted, expected === null ? 'none' : expected.agency === agency ? 'here' : 'from above');
      }
      for (const name of NAMES)
        for (const source of SOURCES) {
          const sent = { source, type: 'meeting.held', agency, actor: name } as const;
          const decided = decideSending(sent, { caller: caller(who), operator: false }, rights);
          const expected = naiveSending(recorded, { agency, who, name, source }, today);
          expect(decided.ok ? decided.attestation : decided.refusal.code).toBe(expected);
          count(counted, expected);
        }
    }
  }
}

/** At each index there is: what the read model says stood; at the last one what the acts of the agency fold to. */
async function expectMoments(ledger: TestLedger, recorded: Recorded): Promise<void> {
  const { db } = ledger.store;
  const cases = new CaseStore(ledger.log, ledger.keys);
  for (const agency of AGENCIES) {
    const agencyId = agencyIdOf(db, agency);
    for (let index = 0; index <= lastIndex(ledger); index += 1) {
      const then = recorded.filter((one) => one.index <= index);
      expect(grantsIn(db, agencyId, index).map(plainGrant)).toEqual(standing(then, agency).map(plainStep));
    }
    const view = viewOf(agencyRules, await cases.load(agency, { kind: 'agency', number: agency }));
    expect(view?.grants.map(plainGrant)).toEqual(standing(recorded, agency).map(plainStep));
  }
}

test('rights are those of a naive scan', async () => {
  const counted: Counted = { answers: new Map() };
  const property = fc.asyncProperty(fc.array(step, { minLength: 18, maxLength: 24 }), async (history) => {
    let now = START;
    const ledger = openTestLedger({ now: () => now });
    for (const code of AGENCIES) {
      const parent = FIRST_PARENTS[code] === undefined ? {} : { parent: FIRST_PARENTS[code] };
      const data = { name: code, administrator: 'root', ...parent };
      expect(await send(ledger, { type: 'agency.registered', agency: code, data, id: code })).toBe('recorded');
    }
    const recorded: { index: number; step: Step }[] = [];
    for (const [at, one] of history.entries()) {
      now += 4 * HOUR;
      const today = new Date(now + 8 * HOUR).toISOString().slice(0, 10);
      const [type, data] = messageOf(one);
      const answer = await send(ledger, { type, agency: one.agency, data, id: `s${at}` });
      expect([one, answer]).toEqual([one, naiveAnswer(recorded, one, today)]);
      count(counted, answer);
      if (answer === 'recorded') recorded.push({ index: lastIndex(ledger), step: one });
      expectRights(ledger, recorded, now, counted);
    }
    await expectMoments(ledger, recorded);
    await ledger.finish();
  });
  await fc.assert(property, { seed: 20290630, numRuns: budget(6, 40), endOnFailure: true });
  const { answers } = counted;
  for (const what of ['recorded', 'name-taken', 'not-granted', 'unknown-parent', 'here', 'from above', 'none', 'own-token', 'emitter'])
    expect([what, (answers.get(what) ?? 0) > 3]).toEqual([what, true]);
}, 120_000);
