/**
 * Random acts on reports through the ordinary door, by anybody and in any order, while chains and roles change:
 * whatever was recorded of them holds in a pack, so the two readings of the rules of sign-off agree on what is allowed;
 * published are enough of them.
 */
import fc from 'fast-check';
import { openTestLedger } from '../support/ledger.js';
import { AGENCY, message, SOURCE, type Message } from '../support/messages.js';
import { errorsOf, makePack, packFile, verify } from '../support/packs.js';
import { tableNow } from '../support/reports.js';
import { smallYear } from '../support/year.js';
import { budget } from '../support/budget.js';

const YEARS = [2014, 2015, 2016, 2017, 2018] as const;
const HOUR_MS = 60 * 60 * 1000;
const START = Date.parse('2018-03-01T08:00:00Z');

const OFFICE = { step: 'office', role: 'office-reviewer', unit: '办公室' };
const REGULATIONS = { step: 'regulations', role: 'regulations-reviewer', unit: '法规科' };
const APPROVER = { approver: { role: 'deputy-leader', unit: '分管领导' } };
const FULL = { steps: [OFFICE, REGULATIONS], ...APPROVER };
const CHAINS = [FULL, FULL, { steps: [OFFICE], ...APPROVER }, FULL, { steps: [] }];
const PEOPLE = [
  ['office', 'office-reviewer'],
  ['lawyer', 'regulations-reviewer'],
  ['leader', 'deputy-leader'],
  ['stand-in', 'office-reviewer'],
  ['stand-in', 'regulations-reviewer'],
  ['second-leader', 'deputy-leader'],
] as const;
const ACTORS = [...new Set(PEOPLE.map(([actor]) => actor)), 'compiler', 'second-compiler'];

interface Roll {
  readonly act: string;
  readonly year: number;
  readonly actor: string;
  readonly verdict: string;
  readonly earlier: boolean;
  readonly other: number;
}

const rolls = fc.array(
  fc.record({
    act: fc.oneof(
      { arbitrary: fc.constantFrom('compiled'), weight: 2 },
      // What would come next, by whom it should.
      { arbitrary: fc.constantFrom('next'), weight: 14 },
      { arbitrary: fc.constantFrom('cleared', 'approved', 'published'), weight: 4 },
      { arbitrary: fc.constantFrom('void'), weight: 2 },
      { arbitrary: fc.constantFrom('chain', 'role'), weight: 1 },
    ),
    year: fc.constantFrom(...YEARS),
    actor: fc.constantFrom(...ACTORS),
    verdict: fc.constantFrom('passed', 'passed', 'passed', 'passed', 'returned', 'escalated'),
    earlier: fc.nat(7).map((of) => of === 0),
    other: fc.nat(1000),
  }),
  { minLength: 180, maxLength: 180 },
);

test('whatever was recorded of reports holds', async () => {
  const ledger = openTestLedger();
  await ledger.send(...smallYear());
  const hashes = new Map<number, string>();
  const acts = new Map<number, Message[]>(YEARS.map((year) => [year, []]));
  const recorded = new Map<string, number>();
  const NEXT = ['compiled', 'office', 'regulations', 'approved', 'published'];
  const state = new Map<number, number>();
  let now = START;

  const report = (year: number, name: string, actor: string, time: string, data: Record<string, unknown>): Message =>
    message(`report.${name}`, `report/${year}`, time, actor, data);

  async function messageOf({ act, year, actor, verdict, earlier, other }: Roll): Promise<Message | null> {
    now += HOUR_MS;
    const time = new Date(earlier ? now - 3 * HOUR_MS : now).toISOString();
    const agency = `agency/${AGENCY}`;
    const tableHash = hashes.get(year) ?? `sha256:${'0'.repeat(64)}`;
    if (act === 'chain') return message('agency.clearance-chain-set', agency, time, 'root', CHAINS[other % CHAINS.length]);
    if (act === 'role') {
      const [holder, role] = PEOPLE[other % PEOPLE.length] as (typeof PEOPLE)[number];
      return message(other % 3 === 0 ? 'agency.role-ended' : 'agency.role-assigned', agency, time, 'root', { actor: holder, role });
    }
    if (act === 'void') {
      const last = acts.get(year)?.at(-1);
      const data = { message: { id: last?.id, source: SOURCE }, reason: '误填', approvedBy: other % 4 === 0 ? 'second-leader' : 'leader' };
      return last === undefined ? null : message('record.voided', `report/${year}`, time, 'compiler', data);
    }
    const next = act === 'next' ? (NEXT[(state.get(year) ?? 0) % NEXT.length] as string) : act;
    if (next === 'compiled') {
      const { form, asOf, hash, findings } = await tableNow(ledger, { year });
      const accepted = findings.filter(({ severity }) => severity === 'error').map(({ rule, cells }) => ({ rule, cells, reason: '如实' }));
      return report(year, 'compiled', other % 25 === 0 ? actor : act === 'next' ? 'compiler' : 'second-compiler', time, {
        year,
        form,
        index: asOf.index,
        tableHash: hash,
        ...(accepted.length === 0 ? {} : { accepted }),
      });
    }
    const proper: Readonly<Record<string, string>> = { office: 'office', regulations: 'lawyer', approved: 'leader', published: 'editor' };
    const by = act === 'next' && other % 5 > 0 ? (proper[next] as string) : actor;
    if (next === 'approved' || next === 'published') return report(year, next, by, time, { tableHash });
    const step = next === 'cleared' ? (['office', 'regulations'][other % 2] as string) : next;
    return report(year, 'cleared', by, time, { step, verdict, tableHash });
  }

  for (const roll of fc.sample(rolls, { numRuns: budget(1, 3), seed: 49 }).flat()) {
    const sent = await messageOf(roll);
    if (sent === null) continue;
    const [receipt] = await ledger.send(sent);
    if (receipt?.status !== 'recorded') {
      // Whatever was in the way, it begins anew now and then.
      if (roll.other % 4 === 0) state.set(roll.year, roll.other % 3 === 0 ? 0 : (state.get(roll.year) ?? 0) + 1);
      continue;
    }
    recorded.set(sent.type, (recorded.get(sent.type) ?? 0) + 1);
    const mine = acts.get(roll.year) as Message[];
    if (sent.type === 'disclosure.record.voided') {
      mine.pop();
      const compiled = mine.findLast(({ type }) => type === 'disclosure.report.compiled');
      if (compiled !== undefined) hashes.set(roll.year, (compiled.data as { tableHash: string }).tableHash);
      state.set(roll.year, 0);
    } else if (sent.subject.startsWith('report/')) {
      mine.push(sent);
      state.set(roll.year, (state.get(roll.year) ?? 0) + 1);
      if (sent.type === 'disclosure.report.compiled') {
        hashes.set(roll.year, (sent.data as { tableHash: string }).tableHash);
        state.set(roll.year, 1);
      }
    }
  }
  await ledger.settled();
  const file = packFile();
  await makePack(ledger, file);
  const result = await verify(file);
  expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(errorsOf(result)).toEqual([]);
  expect(result.reports).toBe(recorded.get('disclosure.report.published'));
  for (const [type, least] of Object.entries({
    'report.published': budget(2, 8),
    'report.cleared': budget(8, 30),
    'record.voided': budget(2, 8),
    'agency.role-ended': budget(0, 1),
  }))
    expect([type, (recorded.get(`disclosure.${type}`) ?? 0) >= least, recorded]).toEqual([type, true, recorded]);
  await ledger.finish();
});
