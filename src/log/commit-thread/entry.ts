/**
 * The thread that commits to the embedded log, as it begins: it writes what it is given and flushes it to the disk,
 * while the thread that began it goes on deciding and answering.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { codeOf, membersOf, messageOf, sure } from '../../encoding/unknown-values.js';
import { SqliteCommits, type ToCommit } from '../sqlite-commits.js';
import { openLogFile } from '../sqlite-rows.js';
import type { Begun, FromThread, ToThread } from './words.js';

function isBegun(data: unknown): data is Begun {
  return typeof membersOf(data)['file'] === 'string';
}

if (!isBegun(workerData)) throw new Error('this is no program: committer.ts begins it');
const port = sure(parentPort);
const db = openLogFile(workerData.file, { fileMustExist: true });
const commits = new SqliteCommits(db);

function answer(group: readonly ToCommit[]): FromThread {
  try {
    return { committed: commits.commit(group) };
  } catch (error) {
    return { message: messageOf(error), code: codeOf(error) ?? '' };
  }
}

port.on('message', (group: ToThread) => {
  if (group !== null) {
    port.postMessage(answer(group));
    return;
  }
  db.close();
  port.close();
});
