/** Ids in memory answer what their index answers, from the first event on, after a start, and beyond what is kept. */
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { BY_ID, EventsById } from '../../src/read-models/journal/events-by-id.js';
import { JOURNAL_SCHEMA } from '../../src/read-models/journal/journal.js';

/** Ids of which many are alike: in the bits that a table is ordered by, or altogether. */
const ID = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0, 0, 0, 7))
  .map(([n, other]) => Buffer.from([...Array<number>(15).fill(other), n]));
const HISTORY = fc.array(fc.tuple(ID, fc.integer({ min: 1, max: 5 })), { maxLength: 120 });

function emptyEvents(): Database.Database {
  const db = new Database(':memory:');
  db.exec(JOURNAL_SCHEMA);
  return db;
}

function insert(db: Database.Database, index: number, id: Buffer, streamId: number): void {
  db.prepare(
    `INSERT INTO events (idx, position, event_id, stream_id, revision, agency_id, type_id, source_id, message_id, digest, at, recorded_at)
     VALUES (?, ?, ?, ?, 0, 1, 1, 1, '', x'', '', 0)`,
  ).run(index, index, id, streamId);
}

function answers(events: EventsById, ids: readonly Buffer[]) {
  return ids.map((id) => [events.first(id), events.places(id), [1, 2, 3, 4, 5, 6].map((streamId) => events.inStream(id, streamId))]);
}

test.each([1_000_000, 9])('ids in memory answer as their index, at most %d', (most) => {
  fc.assert(
    fc.property(HISTORY, (history) => {
      const [db, indexed] = [emptyEvents(), emptyEvents()];
      for (const [name, of] of Object.entries(BY_ID)) indexed.exec(`CREATE INDEX ${name} ON ${of}`);
      const [events, byIndex] = [new EventsById(db, most), new EventsById(indexed, most)];
      const ids = [...history.map(([id]) => id), Buffer.alloc(16, 9)];
      for (const [index, [id, streamId]] of history.entries()) {
        for (const [at, by] of [[db, events] as const, [indexed, byIndex] as const]) {
          const earlier = by.first(id);
          insert(at, index, id, streamId);
          by.add(id, [index, streamId], earlier);
        }
      }
      const expected = answers(byIndex, ids);
      expect(answers(events, ids)).toEqual(expected);
      expect(answers(new EventsById(db, most), ids)).toEqual(expected);
      for (const one of [db, indexed]) one.close();
    }),
    { endOnFailure: true, numRuns: 60 },
  );
});

/** With the index, and events of stream 1. */
function indexedEvents(ids: readonly Buffer[]): Database.Database {
  const db = emptyEvents();
  for (const [name, of] of Object.entries(BY_ID)) db.exec(`CREATE INDEX ${name} ON ${of}`);
  for (const [index, id] of ids.entries()) insert(db, index, id, 1);
  return db;
}

test('an index hides nothing while it is learned', () => {
  // More than are learned at once; asked from the end on, where they are learned last.
  const ids = Array.from({ length: 1000 }, () => randomBytes(16));
  const db = indexedEvents(ids);
  const events = new EventsById(db);
  const found = ids.map((id, index) => [index, id] as const).reverse();
  for (const [index, id] of found) expect(events.first(id)).toEqual([index, 1]);
  for (const [index, id] of found) expect(events.first(id)).toEqual([index, 1]);
  const added = randomBytes(16);
  expect(events.first(added)).toBeUndefined();
  insert(db, 1000, added, 2);
  events.add(added, [1000, 2], undefined);
  expect(events.first(added)).toEqual([1000, 2]);
  db.close();
});

test('hardly any new id is asked for', () => {
  const db = indexedEvents(Array.from({ length: 300 }, () => randomBytes(16)));
  const events = new EventsById(db);
  for (let learning = 0; learning < 3; learning += 1) events.first(randomBytes(16));
  db.exec('DROP TABLE events');
  const asked = Array.from({ length: 200 }, () => randomBytes(16)).filter((id) => {
    try {
      return events.first(id) !== undefined;
    } catch {
      return true;
    }
  });
  expect(asked.length).toBeLessThan(10);
  db.close();
});

test('what was taken back is not found', () => {
  const db = emptyEvents();
  const events = new EventsById(db);
  const id = Buffer.alloc(16, 1);
  const earlier = events.first(id);
  db.exec('BEGIN');
  insert(db, 0, id, 1);
  events.add(id, [0, 1], earlier);
  expect(events.first(id)).toEqual([0, 1]);
  db.exec('ROLLBACK');
  events.forget();
  expect(events.first(id)).toBeUndefined();
  db.close();
});

test('beyond what is kept there is an index', () => {
  const db = emptyEvents();
  const events = new EventsById(db, 3);
  const isIndexed = (): boolean => db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'events_by_id'").get() !== undefined;
  for (let index = 0; index < 3; index += 1) {
    expect(isIndexed()).toBe(false);
    const id = Buffer.alloc(16, index);
    const earlier = events.first(id);
    insert(db, index, id, 1);
    events.add(id, [index, 1], earlier);
  }
  expect(isIndexed()).toBe(true);
  expect(events.first(Buffer.alloc(16, 2))).toEqual([2, 1]);
  db.close();
});
