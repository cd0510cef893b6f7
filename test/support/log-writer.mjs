// Appends to a log without end, many in flight, and says each acknowledged append on stdout: "ack <id>,<id> end". Its
// argument says which log (LogTarget in log-bench.ts). It is there to be killed; it runs on dist/, so nothing but Node
// stands between it and the log.
import { randomUUID } from 'node:crypto';
import { EventStoreDbEventLog } from '../../dist/log/eventstoredb-event-log.js';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';

const LANES = 24;

const { adapter, options } = JSON.parse(process.argv[2]);
const log = adapter === 'sqlite' ? new SqliteEventLog(options) : new EventStoreDbEventLog(options);

async function append(lane) {
  const stream = `lane-${lane}`;
  // Streams outlive the writers: each goes on behind the last event its predecessors left.
  let end = null;
  for (let page; (page = await log.readStream(stream, end === null ? 0 : end + 1, 1000)).length > 0;) end = page.at(-1).revision;
  for (let turn = 0; ; turn += 1) {
    const [call, of] = [randomUUID(), 1 + ((turn + lane) % 3)];
    const events = Array.from({ length: of }, () => ({ id: randomUUID(), type: 'Written', version: 1, data: { call, of }, metadata: {} }));
    ({ revision: end } = await log.append(stream, end ?? 'no-stream', events));
    // Writing to a pipe is synchronous: what was said here was said before the kill.
    process.stdout.write(`ack ${events.map((event) => event.id).join(',')} end\n`);
  }
}

await Promise.all(Array.from({ length: LANES }, (_, lane) => append(lane)));
