// Appends to an SQLite log whose files may not grow beyond a limit of the shell that started this (`ulimit -f`): a disk
// that is full. Arguments: the file, and
// whether a thread commits. Says one line of JSON: what became of each append, in the order they were made.
import { randomUUID } from 'node:crypto';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';

const SMALL = { text: 'small' };
const LARGE = { text: 'x'.repeat(800_000) };

const log = new SqliteEventLog({ file: process.argv[2], thread: process.argv[3] === 'true' });
const event = (data) => ({ id: randomUUID(), type: 'Written', version: 1, data, metadata: {} });
const outcome = (call) =>
  call.then(
    () => 'stored',
    (error) => `${error.name} ${error.cause?.code}`,
  );

// All in one turn of the event loop, each to a stream of its own: every small one would have room, also behind the
// large ones.
const sizes = [...Array(700).fill(SMALL), ...Array(4).fill(LARGE), ...Array(1500).fill(SMALL)];
const events = sizes.map(event);
const first = await Promise.all(events.map((one, index) => outcome(log.append(`stream-${index}`, 'no-stream', [one]))));
// There is room for the small ones behind: sent again, the first that was taken along and the last.
const again = [first.lastIndexOf('stored') + 1, events.length - 1];
if (sizes[again[0]] === LARGE) again[0] = sizes.lastIndexOf(LARGE) + 1;
const refused = await outcome(log.writable());
const second = [];
for (const index of again) second.push(await outcome(log.append(`stream-${index}`, 'no-stream', [events[index]])));
const taken = await outcome(log.writable());
await log.close();
process.stdout.write(`${JSON.stringify({ ids: events.map(({ id }) => id), first, again, second, refused, taken })}\n`);
