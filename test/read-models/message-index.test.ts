/** A message that was recorded is never taken for a new one, whoever remembers it. */
import { randomUUID } from 'node:crypto';
import { KnownIds } from '../../src/read-models/journal/known-ids.js';
import { idBytes } from '../../src/read-models/journal/journal.js';
import { MessageIndex } from '../../src/read-models/journal/message-index.js';
import { record } from '../support/histories.js';
import { openTestLedger, type TestLedger } from '../support/ledger.js';
import { at, message, setUp } from '../support/messages.js';

test('ids that were added are told', () => {
  // All of them, also those of an earlier part; of others about one in a hundred.
  const ids = new KnownIds();
  const added = Array.from({ length: 2000 }, () => randomUUID());
  for (const id of added.slice(0, 1000)) ids.add(id);
  for (let filler = 0; filler < 800_000; filler += 1) ids.add(randomUUID());
  for (const id of added.slice(1000)) ids.add(id);
  expect(added.filter((id) => !ids.mayHold(id))).toEqual([]);
  const others = Array.from({ length: 20_000 }, () => randomUUID()).filter((id) => ids.mayHold(id));
  expect(others.length).toBeLessThan(800);
});

test('an id is one as text and as bytes', () => {
  const pairs = Array.from({ length: 500 }, () => randomUUID()).map((text) => ({ text, bytes: idBytes(text) }));
  for (const added of ['text', 'bytes'] as const) {
    const ids = new KnownIds();
    for (const pair of pairs.slice(0, 250)) ids.add(pair[added]);
    for (const { text, bytes } of pairs) expect(ids.mayHold(text)).toBe(ids.mayHold(bytes));
    expect(pairs.slice(0, 250).every(({ text }) => ids.mayHold(text))).toBe(true);
    expect(pairs.slice(250).filter(({ text }) => ids.mayHold(text)).length).toBeLessThan(10);
  }
});

test('nothing is held before the first', () => {
  expect(new KnownIds().mayHold(randomUUID())).toBe(false);
});

describe('over a ledger', () => {
  let ledger: TestLedger;
  beforeEach(async () => {
    ledger = openTestLedger({ thread: false });
    const meetings = Array.from({ length: 300 }, (_, n) =>
      message('meeting.held', `meeting/${n}`, at('2017-03-01'), 'clerk', { title: 'a' }),
    );
    await record(ledger, [...setUp(), ...meetings]);
    await ledger.settled();
  });
  afterEach(() => ledger.finish());

  const stored = (): string[] =>
    ledger.store.db.prepare<unknown[], Buffer>('SELECT event_id FROM events ORDER BY idx').pluck().all().map(textOf);
  const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
  const textOf = (id: Buffer): string => id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

  test('every stored message is found', () => {
    // While its ids are learned, and from then on; what was never recorded is not.
    const index = new MessageIndex(ledger.store, { settled: () => true });
    for (let round = 0; round < 2; round += 1) {
      expect(stored().filter((id) => index.find(id) === null)).toEqual([]);
      expect(index.find(randomUUID())).toBeNull();
    }
  });

  test('what is remembered is found', () => {
    const index = new MessageIndex(ledger.store, { settled: () => true });
    const known = { stream: 'a', revision: 0, position: '1', digest: 'sha256:' };
    const id = randomUUID();
    index.remember(id, known);
    expect(index.find(id)).toEqual(known);
  });

  test('what is remembered no more is found', () => {
    // The store knows it by then: it was learned when it was recorded, not with what the store held before.
    const index = new MessageIndex(ledger.store, { settled: () => true });
    for (let round = 0; round < 3; round += 1) expect(index.find(randomUUID())).toBeNull();
    const [id = ''] = stored();
    const later = randomUUID();
    ledger.store.db.prepare('UPDATE events SET event_id = ? WHERE idx = 0').run(bytesOf(later));
    const known = { stream: 'a', revision: 0, position: '1', digest: 'sha256:' };
    index.remember(later, known);
    for (let other = 0; other < 5000; other += 1) index.remember(randomUUID(), known);
    expect(index.find(later)).toMatchObject({ stream: 'agency-test-agency/test-agency', revision: 0 });
    ledger.store.db.prepare('UPDATE events SET event_id = ? WHERE idx = 0').run(bytesOf(id));
  });

  test('the store is asked before the end was reached', () => {
    // Events that it takes in later are found then.
    const reached = false;
    const index = new MessageIndex(ledger.store, { settled: () => reached });
    expect(stored().filter((id) => index.find(id) === null)).toEqual([]);
  });
});
