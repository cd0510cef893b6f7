// Builds read models from a log and says each commit, until it is killed: rebuild.mjs LOG READ-STORE SHARED
import { setInterval } from 'node:timers';
import { SqliteEventLog } from '../../dist/log/sqlite-event-log.js';
import { ReadStore } from '../../dist/read-models/read-store.js';
import { ProjectionRunner } from '../../dist/read-models/runner.js';

const [file, copy, shared] = process.argv.slice(2);
const log = new SqliteEventLog({ file, readonly: true });
const committed = () => process.stdout.write('committed\n');
const runner = new ProjectionRunner(log, new ReadStore(copy), { shared: Number(shared), committed });
runner.start();
await runner.caughtUp(60_000);
process.stdout.write('done\n');
// Until it is killed.
setInterval(() => undefined, 1000);
