/**
 * The list of cases and the officers against a scan: for any history, voids, late acts and reused ids among it, each
 * filter finds what somebody finds who folds every case of the log.
 */
import fc from 'fast-check';
import { chainAt, holdersOn } from '../../src/domain/agency/state.js';
import type { Agency } from '../../src/domain/agency/state.js';
import type { Act, AnyData, AnyFacts } from '../../src/domain/acts.js';
import { standingActs, type CaseAct } from '../../src/domain/case.js';
import { NOT_STANDING } from '../../src/domain/facts.js';
import { parseCaseName } from '../../src/domain/identifiers.js';
import { progressOf } from '../../src/domain/next-acts/progress.js';
import { waitsFor } from '../../src/domain/next-acts/waits-for.js';
import { decisionAbout, isRemedy, type Remedy } from '../../src/domain/small-kinds/remedy.js';
import { CASE_STATES } from '../../src/domain/states.js';
import { isActType, publicType } from '../../src/events/catalog.js';
import type { CaseFilters, ListedCase } from '../../src/read-models/cases/case-list.js';
import { OfficerReader } from '../../src/read-models/officers/officer-reader.js';
import { CaseStore, type LoadedCase } from '../../src/recording/facts/case-store.js';
import { budget } from '../support/budget.js';
import { AGENCIES, sendAll } from '../support/histories.js';
import { openTestLedger, TEST_NOW, type TestLedger } from '../support/ledger.js';
import { message } from '../support/messages.js';
import { mixedHistory, mixedMessages } from '../support/mixed-histories.js';

const TODAY = '2030-01-01';

/** A case as a scan of the log finds it. */
interface Scanned {
  readonly listed: ListedCase;
  readonly actors: ReadonlySet<string>;
  readonly number: string | null;
  readonly standing: readonly CaseAct[];
}

/** State, title and the day of the act that brought the state: of what stands after the last act. */
function stoodAt({ rules, state }: LoadedCase): { state: string; title: string | null; since: string } {
  let before = { ...NOT_STANDING, since: '' };
  state.acts.forEach((act, at) => {
    const acts = state.acts.slice(0, at + 1);
    const voided = new Map(
      acts.flatMap((one) => (one.type === 'record.voided' ? [[one.derived.voided.eventId, one.eventId] as const] : [])),
    );
    let here = { ...NOT_STANDING, since: before.state === NOT_STANDING.state && before.since !== '' ? before.since : act.on };
    for (const one of standingActs({ acts, voided })) {
      const { state: next, title } = rules.standingAfter(here, one);
      here = { state: next, title, since: next === here.state ? here.since : one.on };
    }
    before = here;
  });
  return before;
}

function numberOf(standing: readonly CaseAct[]): string | null {
  const numbers = standing.flatMap(({ type, data, derived }) => {
    const said: AnyData = data;
    const facts: AnyFacts = derived;
    if (type === 'publication.released') return facts.documentNumber ?? [];
    return type.startsWith('normative-document.') ? (said.documentNumber ?? []) : [];
  });
  return numbers.at(-1) ?? null;
}

/** Every case of the agency, folded from the log, in the order of their first events. */
async function scan(ledger: TestLedger, agency: string): Promise<{ scanned: Scanned[]; acts: Act[] }> {
  const cases = new CaseStore(ledger.log, ledger.keys);
  const events = (await ledger.log.readAll(null, 100_000)).filter(({ type, metadata }) => isActType(type) && metadata['agency'] === agency);
  const names = [...new Set(events.map(({ metadata }) => String(metadata['subject'])))];
  const load = async (name: string): Promise<LoadedCase> => cases.load(agency, parseCaseName(name) ?? { kind: '', number: '' });
  const loaded = new Map<string, LoadedCase>();
  for (const name of names) loaded.set(name, await load(name));
  const own = loaded.get(`agency/${agency}`)?.state.view as Agency;
  const due = new Map(ledger.deadlines.deadlines({ agency }).open.map((one) => [one.case, one.dueOn]));
  const decisions = (name: string): number[] =>
    [...loaded].flatMap(([of, { state }]) =>
      isRemedy(of.split('/')[0] ?? '') ? (decisionAbout(state.view as Remedy, name)?.instant ?? []) : [],
    );
  const scanned = [...loaded]
    .filter(([name]) => !/^(agency|calendar)\//.test(name))
    .map(([name, one]): Scanned => {
      const { kind, number } = parseCaseName(name) ?? { kind: '', number: '' };
      const standing = standingActs(one.state);
      const progress = { ...progressOf(standing), erased: one.state.erased !== null };
      const reopened = decisions(name).some((instant) => instant > (progress.remadeAt ?? -Infinity)) && progress.stage === 'closed';
      const around = { chain: chainAt(own, TEST_NOW), holdersOf: (role: string) => holdersOn(own, role, TODAY), reopened };
      const waits = waitsFor(kind, progress, around).map((awaited) => ({ ...awaited, act: publicType(awaited.act) }));
      const listed = { case: name, kind, number, ...stoodAt(one), waitsFor: waits, dueOn: due.get(name) ?? null };
      const actors = new Set(standing.map(({ actor }) => actor));
      return { listed, actors, number: numberOf(standing), standing };
    });
  return { scanned, acts: [...loaded.values()].flatMap(({ state }) => state.acts) };
}

const waitsOn = ({ waitsFor: waits }: ListedCase, name: string): boolean =>
  waits.some(({ role, holders }) => role === name || holders?.includes(name) === true);

function matches(ledger: TestLedger, agency: string, filters: CaseFilters): (one: Scanned) => boolean {
  const open = filters.openOn === undefined ? null : ledger.deadlines.deadlines({ agency, on: filters.openOn }).open.map((one) => one.case);
  return ({ listed, actors, number }) =>
    (filters.kind ?? listed.kind) === listed.kind &&
    (filters.state ?? listed.state) === listed.state &&
    (filters.actor === undefined || actors.has(filters.actor)) &&
    (filters.waitingFor === undefined || waitsOn(listed, filters.waitingFor)) &&
    (filters.dueBefore === undefined || (listed.dueOn !== null && listed.dueOn < filters.dueBefore)) &&
    (open?.includes(listed.case) ?? true) &&
    (filters.documentNumber === undefined || number === filters.documentNumber);
}

/** Every page of a list, one after the other. */
function allPages(ledger: TestLedger, agency: string, filters: CaseFilters, limit: number): ListedCase[] {
  const found: ListedCase[] = [];
  for (let after: string | undefined; ;) {
    const { cases, next } = ledger.caseList.list({ agency, ...filters, limit, ...(after === undefined ? {} : { after }) });
    expect(cases.length).toBeLessThanOrEqual(limit);
    found.push(...cases);
    if (next === null) return found;
    after = next;
  }
}

const PEOPLE = ['drafter', 'office', 'lawyer', 'leader', 'editor', 'clerk', 'second-root', 'root', 'nobody'];
const ROLES = ['office-reviewer', 'regulations-reviewer', 'deputy-leader', 'administrator'];
const days = fc
  .tuple(fc.integer({ min: 2014, max: 2023 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}-15`);

const FILTERS: { readonly [F in keyof CaseFilters]-?: fc.Arbitrary<string> } = {
  kind: fc.constantFrom(...Object.keys(CASE_STATES)),
  state: fc.constantFrom(...new Set(Object.values(CASE_STATES).flatMap((states) => Object.keys(states)))),
  actor: fc.constantFrom(...PEOPLE),
  waitingFor: fc.constantFrom(...PEOPLE, ...ROLES),
  dueBefore: days,
  openOn: days,
  documentNumber: fc.constantFrom('一号', ...Array.from({ length: 9 }, (_, at) => `${at}号`)),
};

/** Each filter alone, and some together. */
const questions = fc
  .tuple(fc.record(FILTERS), fc.array(fc.record(FILTERS, { requiredKeys: [] }), { minLength: 12, maxLength: 12 }))
  .map(([each, some]): CaseFilters[] => [{}, ...Object.entries(each).map(([name, value]) => ({ [name]: value })), ...some]);

/** What an officer did, and what he released or sent of his own, by the log alone. */
function officersBy(acts: readonly Act[], scanned: readonly Scanned[]): Map<string, { done: Map<string, number>; own: Set<string> }> {
  const found = new Map<string, { done: Map<string, number>; own: Set<string> }>();
  const of = (actor: string) => {
    const one = found.get(actor) ?? { done: new Map<string, number>(), own: new Set<string>() };
    found.set(actor, one);
    return one;
  };
  for (const { actor, type } of acts) of(actor).done.set(publicType(type), (of(actor).done.get(publicType(type)) ?? 0) + 1);
  for (const { standing, listed } of scanned) {
    const wrote = new Set<string>();
    let hash: string | undefined;
    for (const { actor, type, data, derived } of standing) {
      const said: AnyData = data;
      const facts: AnyFacts = derived;
      if (type === 'publication.released' && wrote.has(actor)) of(actor).own.add(`released-own-draft ${listed.case}`);
      if (type === 'application.replied' && facts.approval === null && wrote.has(actor))
        of(actor).own.add(`replied-own-draft ${listed.case}`);
      const writes =
        /\.(drafted|revised|reply-drafted|reply-revised)$/.test(type) || (type === 'publication.corrected' && said.contentHash !== hash);
      if (writes) wrote.add(actor);
      if (writes) hash = said.contentHash;
    }
  }
  return found;
}

test('lists find what a scan of the log finds', async () => {
  await fc.assert(
    fc.asyncProperty(mixedHistory, questions, fc.integer({ min: 1, max: 40 }), async (steps, asked, limit) => {
      const ledger = openTestLedger();
      await sendAll(ledger, mixedMessages(steps));
      // A role that ends leaves what waits for it.
      await ledger.send(
        message(
          'agency.role-ended',
          'agency/reviewing',
          '2024-01-01T09:00:00+08:00',
          'root',
          { actor: 'lawyer', role: 'regulations-reviewer' },
          { agency: 'reviewing' },
        ),
      );
      await ledger.settled();
      const officers = new OfficerReader(ledger.store);
      for (const agency of AGENCIES) {
        const { scanned, acts: all } = await scan(ledger, agency);
        for (const filters of asked) {
          const expected = scanned.filter(matches(ledger, agency, filters)).map(({ listed }) => listed);
          expect([filters, allPages(ledger, agency, filters, limit)]).toEqual([filters, expected]);
        }
        for (const [actor, { done, own }] of officersBy(all, scanned)) {
          const { acts, conflicts } = officers.officer(agency, actor);
          const counted = acts.map(({ type, count }) => [type, count]);
          expect([actor, Object.fromEntries(counted)]).toEqual([actor, Object.fromEntries(done)]);
          const found = conflicts.filter(({ rule }) => rule.endsWith('own-draft')).map(({ rule, case: name }) => `${rule} ${name}`);
          expect([actor, found.sort()]).toEqual([actor, [...own].sort()]);
          expect(officers.list({ agency, limit: 1000 }).officers.find((one) => one.actor === actor)?.conflicts).toBe(conflicts.length);
        }
      }
      await ledger.finish();
    }),
    { numRuns: budget(1, 8), seed: Number(process.env['CASE_SEED'] ?? 2017569372), endOnFailure: true },
  );
});
