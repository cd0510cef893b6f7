/** Which folded cases are kept: bounded by what they take, and never fewer than messages on their way need. */
import { emptyCase } from '../../src/domain/case.js';
import type { Command } from '../../src/domain/acts.js';
import { rulesOf, type AnyRules } from '../../src/domain/kinds.js';
import { streamOf, type CaseRef } from '../../src/domain/identifiers.js';
import { storedAct, toStoredAct } from '../../src/events/envelope.js';
import { CaseStore } from '../../src/recording/facts/case-store.js';
import { CaseKeys } from '../../src/sealing/case-keys.js';
import { TrialKeyStore } from '../../src/sealing/trial-keys.js';

const AGENCY = 'a';
const refOf = (number: number): CaseRef => ({ kind: 'meeting', number: String(number) });

let cases: CaseStore;

beforeEach(() => {
  const noKeys = new TrialKeyStore({ get: () => null, secret: Buffer.alloc(32), writable: () => undefined });
  cases = new CaseStore({ readStream: async () => Promise.resolve([]) }, new CaseKeys(noKeys));
});

/** The case after an act that says so much. */
function recordOne(number: number, title: string): void {
  const subject = refOf(number);
  const at = '2017-03-01T09:00:00+08:00';
  const command = { type: 'meeting.held', eventId: `e${number}`, agency: AGENCY, subject, at, instant: Date.parse(at), on: '2017-03-01' };
  const act = { ...command, actor: 'clerk', data: { title } } as Command;
  const event = toStoredAct(act, {}, { source: '/a', messageId: `m${number}`, digest: '' }, { attestation: 'none', caller: null }, 0, null);
  const stream = streamOf(AGENCY, subject);
  const rules = rulesOf('meeting') as AnyRules;
  const loaded = { stream, rules, state: emptyCase(rules), revision: null, sealKey: null, bytes: 0 };
  cases.recorded(loaded, storedAct({ ...event, stream, revision: 0, position: '', recordedAt: '' }, act));
}

const atHand = (count: number): number[] =>
  Array.from({ length: count }, (_, number) => number).filter((number) => cases.atHand(AGENCY, refOf(number)) !== undefined);

test('small cases are kept by the thousand', () => {
  for (let number = 0; number < 10_000; number += 1) recordOne(number, 'a');
  expect(atHand(10_000).length).toBe(10_000);
});

test('large cases push out those used least', () => {
  // Each is said to take 200 KB; however large they are, more are kept than messages are on their way at once.
  for (let number = 0; number < 3000; number += 1) {
    recordOne(number, 'x'.repeat(100_000));
    // Asked for again and again.
    expect(cases.atHand(AGENCY, refOf(0))).toBeDefined();
  }
  expect(atHand(3000)).toEqual([0, ...Array.from({ length: 1999 }, (_, at) => 1001 + at)]);
});

test('what is forgotten takes no room', () => {
  for (let round = 0; round < 3; round += 1) {
    for (let number = 0; number < 3000; number += 1) recordOne(number, 'x'.repeat(100_000));
    cases.clear();
  }
  for (let number = 0; number < 10_000; number += 1) recordOne(number, 'a');
  expect(atHand(10_000).length).toBe(10_000);
});
