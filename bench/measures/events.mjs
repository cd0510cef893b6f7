// The material of the measurements: messages as files, and stored events as any log would have to keep them.
import Database from 'better-sqlite3';
import { closeSync, openSync, writeSync } from 'node:fs';
import { applications, history } from '../histories.mjs';

/** Writes about `count` messages as NDJSON; gives how many. */
export function writeHistory(count, file, agencies) {
  return writeMessages(history(count, agencies), file);
}

/** Writes the messages of `count` applications; gives how many. */
export function writeApplications(count, file) {
  return writeMessages(applications(count), file);
}

function writeMessages(messages, file) {
  const descriptor = openSync(file, 'w');
  let written = 0;
  let lines = [];
  const flush = () => {
    writeSync(descriptor, lines.join(''));
    lines = [];
  };
  for (const message of messages) {
    lines.push(`${JSON.stringify(message)}\n`);
    written += 1;
    if (lines.length === 5000) flush();
  }
  flush();
  closeSync(descriptor);
  return written;
}

/** The first `count` events of an embedded log, data and metadata as stored texts. */
export function storedEvents(logFile, count) {
  const db = new Database(logFile, { readonly: true });
  const events = db
    .prepare(
      'SELECT s.name AS stream, e.revision, e.id, e.type, e.version, e.data, e.metadata FROM events e JOIN streams s USING (stream_id) ORDER BY e.position LIMIT ?',
    )
    .all(count);
  db.close();
  return events;
}

/** Things of one case belong together and keep their order: cases in order of their first appearance. */
export function byCase(things, caseOf) {
  const cases = new Map();
  for (const thing of things) {
    const name = caseOf(thing);
    const found = cases.get(name);
    if (found === undefined) cases.set(name, [thing]);
    else found.push(thing);
  }
  return [...cases.values()];
}
