/** The ledger of a copy whose tiles come from elsewhere: it stands still where the ledger itself would. */
import { signCheckpoint } from '../../../src/ledger/checkpoint.js';
import { leafHash } from '../../../src/ledger/merkle.js';
import { generateSignerKey } from '../../../src/ledger/signed-note.js';
import type { StoredEvent } from '../../../src/log/event-log.js';
import { EventsById } from '../../../src/read-models/journal/events-by-id.js';
import { untiledLedgerProjection } from '../../../src/read-models/ledger/ledger.js';
import type { Applier, ProjectedEvent } from '../../../src/read-models/projection.js';
import { ReadStore } from '../../../src/read-models/read-store.js';
import { NOTHING } from '../../../src/statistics/measures.js';

const key = generateSignerKey('ledger.example/disclosure');
const stored: StoredEvent = {
  id: 'e',
  stream: 's',
  revision: 0,
  position: '1',
  type: 'checkpoint.signed',
  version: 1,
  recordedAt: '2026-01-01T00:00:00.000+08:00',
  data: {},
  metadata: {},
};
const event = (index: number): ProjectedEvent => ({
  ...{ index, stored, unreadable: null, act: null, recordedAt: 0, streamId: 1, agencyId: 1, reused: false },
  counted: () => NOTHING,
});

function checkpoint(size: number): StoredEvent {
  return { ...stored, data: { note: signCheckpoint({ origin: key.name, size, root: leafHash('x') }, [key], 0) } };
}

let store: ReadStore;
let ledger: Applier;

beforeEach(() => {
  store = new ReadStore(':memory:');
  ledger = untiledLedgerProjection.open(store.db, new EventsById(store.db));
});

afterEach(() => store.close());

test('a checkpoint of events to come stops it', () => {
  ledger.apply(event(0));
  ledger.apply(event(1));
  ledger.checkpoint?.(checkpoint(2));
  expect(() => ledger.checkpoint?.(checkpoint(3))).toThrow('which do not all stand before it');
  expect(() => ledger.checkpoint?.(stored)).toThrow();
});

test('what was taken back stands before none', () => {
  ledger.apply(event(0));
  ledger.flush();
  ledger.apply(event(1));
  ledger.reset();
  expect(() => ledger.checkpoint?.(checkpoint(2))).toThrow('which do not all stand before it');
  ledger.checkpoint?.(checkpoint(1));
});

test('it writes no tile', () => {
  ledger.apply(event(0));
  ledger.flush();
  expect(store.db.prepare('SELECT COUNT(*) FROM tiles').pluck().get()).toBe(0);
});
