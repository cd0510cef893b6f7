/**
 * The thread that appends to EventStoreDB, as it begins: one client, on the long stream that its usual appends share.
 * Whatever an error of that stream throws where nobody can catch it ends this thread and nothing else; what it had not
 * answered is sent again by the thread that began it (appender.ts).
 */
import { EventStoreDBClient, jsonEvent, type AppendResult } from '@eventstore/db-client';
import { parentPort, workerData } from 'node:worker_threads';
import { membersOf, messageOf, sure } from '../../encoding/unknown-values.js';
import type { Answer, Asked, Begun } from './words.js';

const { url } = workerData as Begun;
const port = sure(parentPort);
let client = EventStoreDBClient.connectionString(url);
/** Answers of one turn go in one message. */
let answers: Answer[] = [];

function answer(one: Answer): void {
  if (answers.length === 0)
    setImmediate(() => {
      port.postMessage(answers);
      answers = [];
    });
  answers.push(one);
}

/** A client that could not find the server once never looks again: its next calls fail with the same error. */
function replace(failed: EventStoreDBClient): void {
  if (client !== failed) return;
  client = EventStoreDBClient.connectionString(url);
  failed.dispose().catch(() => undefined);
}

function append({ stream, expected, deadline, events }: Asked): Promise<AppendResult> {
  const proposed = events.map(({ id, type, data, metadata }) =>
    jsonEvent({ id, type, data: JSON.parse(data) as Record<string, unknown>, metadata: new Uint8Array(Buffer.from(metadata)) }),
  );
  return client.appendToStream(stream, proposed, { expectedRevision: expected, deadline });
}

async function take(asked: Asked): Promise<void> {
  const { seq } = asked;
  if (Date.now() > asked.sendBy) {
    answer({ seq, message: 'it came too late to be sent', type: undefined, code: undefined, actualVersion: undefined });
    return;
  }
  const used = client;
  try {
    const { nextExpectedRevision, position } = await append(asked);
    answer({ seq, revision: Number(nextExpectedRevision), position: position === undefined ? null : String(position.commit) });
  } catch (error) {
    const { type, code, actualVersion } = membersOf(error);
    if (type === undefined) replace(used);
    answer({ seq, message: messageOf(error), type, code, actualVersion });
  }
}

port.on('message', (asked: readonly Asked[]) => {
  for (const one of asked) void take(one);
});
