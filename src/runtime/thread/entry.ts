/**
 * The thread of the read models, as it begins: a runner on connections of its own to the log and to the read store.
 * What it cannot mend ends it by an uncaught error, and whoever began it begins it again (follower-thread.ts).
 */
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { membersOf, sure } from '../../encoding/unknown-values.js';
import { SqliteEventLog } from '../../log/sqlite-event-log.js';
import type { Erased } from '../../read-models/accesses/accesses.js';
import { ReadStore } from '../../read-models/read-store.js';
import { ProjectionRunner } from '../../read-models/runner.js';
import { giveWay } from '../give-way.js';
import { openLog, withAdapter } from '../stores.js';
import type { Begun, FromThread, State, ToThread } from './words.js';

/** How often it looks for what changes without an event: a log that gives no answer, a file that is gone, ms. */
const LOOK_MS = 250;

function isBegun(data: unknown): data is Begun {
  return 'config' in membersOf(data);
}

if (!isBegun(workerData)) throw new Error('this is no program: follower-thread.ts begins it');
// Whoever answers goes first, and this thread catches up.
giveWay();
const { config } = workerData;
const port = sure(parentPort);
const say = (words: FromThread): void => port.postMessage(words);
const log = openLog(await withAdapter({ config }), true);
const store = new ReadStore(join(config.data, 'read.db'));
const erased: Erased[] = [];
let said = '';

function sayState(): void {
  const state: Omit<State, 'erased'> = {
    kind: 'state',
    status: runner.status(),
    reachedPosition: runner.reachedPosition,
    damage: store.damage,
  };
  const text = JSON.stringify(state);
  if (text === said && erased.length === 0) return;
  said = text;
  say({ ...state, erased: erased.splice(0) });
}

const runner = new ProjectionRunner(log, store, {
  notice: (line) => say({ kind: 'notice', line }),
  committed: (found) => {
    erased.push(...found);
    store.emptyWal();
  },
  changed: sayState,
});
const looking = setInterval(sayState, LOOK_MS);

/** What was begun is committed first. */
async function stop(): Promise<void> {
  clearInterval(looking);
  const stopped = runner.stop();
  await log.close();
  await stopped;
  store.close();
  // Of a thread: the process goes on.
  process.exit();
}

port.on('message', (words: ToThread) => {
  if (words.kind === 'damage') store.learnDamage(words.damage);
  else if (words.kind === 'stop') void stop();
  else if (log instanceof SqliteEventLog) log.look();
});
runner.start();
