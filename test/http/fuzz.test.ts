/**
 * Whatever comes in: an answer that the contract knows, never a 500, never an unhandled rejection (which fails the test
 * by itself).
 */
import fc from 'fast-check';
import { REFUSAL_CODES } from '../../src/domain/refusal-codes.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { AGENCY, approvedItem, hashOf, message, setUp } from '../support/messages.js';
import { asLines, BATCH, expectRefusal, NDJSON, SINGLE, startService, type Answer, type TestService } from '../support/service.js';
import { budget } from '../support/budget.js';

let service: TestService;

beforeAll(async () => {
  service = await startService();
  await service.record(...setUp(), ...approvedItem('known', '2017-03-02'));
});

afterAll(() => service.finish());

const CODES: ReadonlySet<string> = new Set(REFUSAL_CODES);
const time = '2017-03-03T09:00:00+08:00';

/** One valid message of every type, with an id and a case of its own. */
function valid(serial: number): readonly unknown[] {
  const agency = `agency/${AGENCY}`;
  const contentHash = hashOf('known');
  const acts: readonly [string, string, string, Record<string, unknown>][] = [
    ['agency.registered', agency, 'root', { name: 'n', administrator: 'root', parent: 'p', reporting: 'vertical', forms: ['2019'] }],
    ['agency.changed', agency, 'root', { name: 'n', from: '2017-01-01' }],
    ['agency.clearance-chain-set', agency, 'root', { steps: [{ step: 's', role: 'r', unit: 'u' }], approver: { role: 'a', unit: 'u' } }],
    ['agency.role-assigned', agency, 'root', { actor: 'x', role: 'r' }],
    ['agency.role-ended', agency, 'root', { actor: 'x', role: 'r' }],
    ['agency.figure-declared', agency, 'root', { year: 2017, form: '2014-shandong', cell: '9.1', value: '3', evidence: 'e' }],
    ['publication.drafted', `publication/f${serial}`, 'drafter', { title: 't', contentHash, normative: 'rules', formedOn: '2017-01-01' }],
    ['publication.revised', 'publication/known', 'drafter', { contentHash, title: 't' }],
    ['publication.cleared', 'publication/known', 'office', { step: 'office', verdict: 'passed', contentHash, opinion: 'o' }],
    ['publication.approved', 'publication/known', 'leader', { contentHash, channels: ['website'] }],
    ['publication.rejected', 'publication/known', 'leader', { reason: 'r' }],
    ['publication.released', 'publication/known', 'editor', { channel: 'website', contentHash, url: 'https://example.org' }],
    ['publication.checked', 'publication/known', 'editor', { finding: 'ok', note: 'n' }],
    ['publication.corrected', 'publication/known', 'editor', { contentHash, reason: 'r' }],
    ['publication.withdrawn', 'publication/known', 'editor', { reason: 'r', channel: 'website' }],
    ['site.checked', 'site/s', 'editor', { finding: 'fault', note: 'n' }],
    ['normative-document.issued', `normative-document/f${serial}`, 'editor', { documentNumber: 'd', title: 't', rank: 'rules' }],
    ['normative-document.repealed', `normative-document/f${serial}`, 'editor', { documentNumber: 'd', title: 't' }],
    ['hotspot.answered', 'hotspot/h', 'editor', { topic: 't', means: 'other' }],
    ['press-conference.held', `press-conference/f${serial}`, 'editor', { title: 't', chiefAttended: true }],
    ['interpretation.published', `interpretation/f${serial}`, 'editor', { title: 't', of: 'publication/known' }],
    ['delivery.made', 'delivery/d', 'editor', { place: 'p', medium: 'paper', items: 3 }],
    ['meeting.held', `meeting/f${serial}`, 'editor', { title: 't' }],
    ['training.held', `training/f${serial}`, 'editor', { title: 't', trainees: 3 }],
    ['calendar.announced', 'calendar/2017', 'root', { year: 2017, off: ['2017-01-02'], worked: ['2017-01-22'], notice: 'n' }],
    ['record.voided', 'publication/known', 'root', { message: { id: 'x', source: '/test' }, reason: 'r', approvedBy: 'leader' }],
  ];
  return acts.map(([type, subject, actor, data]) => message(type, subject, time, actor, data));
}

/** The paths of a JSON value to everything in it, itself left out. */
function paths(value: unknown, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...paths(inner, [...path, key])]);
}

interface Mutation {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'add' | 'repeat';
  readonly key: string;
  readonly value: unknown;
}

function mutate(sent: unknown, { at, kind, key, value }: Mutation): unknown {
  const copy = structuredClone(sent) as Record<string, unknown>;
  const all = paths(copy);
  const path = all[at % all.length] as string[];
  const last = path.at(-1) as string;
  const holder = path.slice(0, -1).reduce<Record<string, unknown>>((inner, name) => inner[name] as Record<string, unknown>, copy);
  const put = (target: object, name: string, put: unknown): void =>
    void Object.defineProperty(target, name, { value: put, enumerable: true, configurable: true, writable: true });
  switch (kind) {
    case 'replace':
      put(holder, last, value);
      break;
    case 'remove':
      delete holder[last];
      break;
    case 'add':
      if (!Array.isArray(holder)) put(holder, key, value);
      break;
    case 'repeat':
      put(holder, last, Array(50).fill(holder[last]));
      break;
  }
  return copy;
}

const NAMES = ['__proto__', 'constructor', 'hasOwnProperty', 'derived', 'x'];
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(200),
  kind: fc.constantFrom('replace', 'remove', 'add', 'repeat'),
  key: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: fc.string() }),
  value: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 2, arbitrary: fc.constantFrom(1, 'x', [], {}, [[]], [{}], -0, 1e21, '9999-12-31T00:00:00Z', 'publication/x', '..') },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    { weight: 1, arbitrary: fc.double() },
  ),
});

function expectKnownAnswer(answer: Answer): void {
  const known = [200, 201, 400, 409, 422].includes(answer.status);
  expect(known ? 'known' : `${answer.status} ${answer.text}`).toBe('known');
  if (answer.status === 400) expect(CODES).toContain(answer.json<{ code: string }>().code);
  else expectKnownReceipt(answer.json<Receipt>());
}

function expectKnownReceipt(receipt: Receipt): void {
  if (receipt.status !== 'refused') return;
  const { code } = expectRefusal(receipt);
  expect(CODES).toContain(code);
  expect(['conflict', 'store-unavailable']).not.toContain(code);
}

const RUNS = { numRuns: budget(80, 300) };

test('any JSON value as one message', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }), async (value) => {
      expectKnownAnswer(await service.post(JSON.stringify(value)));
    }),
    RUNS,
  );
});

test('any bytes under any of the media types', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(SINGLE, BATCH, NDJSON), async (bytes, type) => {
      const answer = await service.post(Buffer.from(bytes), type);
      expect([200, 400, 422]).toContain(answer.status);
      expect(answer.text).not.toContain('internal');
    }),
    RUNS,
  );
});

test('valid messages with one to three changes', async () => {
  // Valid messages of every type with one to three things changed.
  let serial = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(1000), fc.array(mutation, { minLength: 1, maxLength: 3 }), async (pick, mutations) => {
      const acts = valid((serial += 1));
      const changed = mutations.reduce<unknown>((sent, change) => mutate(sent, change), acts[pick % acts.length]);
      expectKnownAnswer(await service.post(JSON.stringify(changed)));
    }),
    { numRuns: budget(150, 600) },
  );
});

test('changed batches and lines get receipts each', async () => {
  // Changed messages side by side in batches and lines: a receipt for each.
  let serial = 10_000;
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 30 }), fc.boolean(), async (mutations, inLines) => {
      const acts = valid((serial += 1));
      const changed = mutations.map((change, place) => mutate(acts[(change.at + place) % acts.length], change));
      const answer = inLines ? await service.post(asLines(changed), NDJSON) : await service.post(changed, BATCH);
      expect({ status: answer.status, text: answer.text.slice(0, 500) }).toMatchObject({ status: 200 });
      const receipts = inLines ? answer.lines<Receipt>() : answer.json<Receipt[]>();
      expect(receipts).toHaveLength(changed.length);
      for (const receipt of receipts) expectKnownReceipt(receipt);
    }),
    { numRuns: budget(15, 60) },
  );
});
