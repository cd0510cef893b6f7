// Durable appends: the embedded log with many in flight, against a commit for each.
import Database from 'better-sqlite3';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';
import { inFlight, timed } from '../measure.mjs';
import { storedEvents } from './events.mjs';

export async function embedded({ log, folder, count, appenders }) {
  // Values, as callers hand them in; writing them as JSON is part of the append.
  const events = storedEvents(log, count).map((event) => ({
    ...event,
    data: JSON.parse(event.data),
    metadata: JSON.parse(event.metadata),
  }));
  mkdirSync(folder);
  const target = new SqliteEventLog({ file: join(folder, 'log.db') });
  let next = 0;
  const { seconds, cpu } = await timed(() =>
    inFlight(appenders, () => {
      const event = events[next++];
      if (event === undefined) return undefined;
      const { stream, revision, ...newEvent } = event;
      return () => target.append(stream, revision === 0 ? 'no-stream' : revision - 1, [newEvent]);
    }),
  );
  await target.close();
  return { count: events.length, seconds, cpu };
}

export async function oneCommitEach({ log, folder, count }) {
  const events = storedEvents(log, count);
  mkdirSync(folder);
  const db = new Database(join(folder, 'bare.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    data TEXT NOT NULL, metadata TEXT NOT NULL, UNIQUE (stream, revision)) STRICT`);
  const insert = db.prepare('INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)');
  const { seconds, cpu } = await timed(() => {
    for (const { stream, revision, id, type, data, metadata } of events) insert.run(stream, revision, id, type, data, metadata);
  });
  db.close();
  return { count: events.length, seconds, cpu };
}
