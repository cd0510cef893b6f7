// Whether the service answers others while one client has it read a body: who asks, and who sends, each in a process of
// its own.
import { setTimeout as sleep } from 'node:timers/promises';
import { percentiles, timed } from '../measure.mjs';

const BODIES = {
  brackets: { type: 'application/cloudevents-batch+json', make: () => Buffer.alloc(16 * 1024 * 1024, '[') },
  lines: { type: 'application/x-ndjson', make: () => Buffer.from('x\n'.repeat(100_000)) },
};

/** Asks for /health/live again and again until told to stop; gives the times between two answers, ms. */
export async function ask({ address }) {
  let asking = true;
  process.once('message', () => (asking = false));
  const gaps = [];
  const url = `${address}/health/live`;
  const answered = async () => (await fetch(url)).arrayBuffer();
  await answered();
  process.send({ kind: 'asking' });
  for (let last = performance.now(); asking;) {
    await answered();
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  return { ...percentiles(gaps), count: gaps.length };
}

/** Sends one body and waits for its answer; without a kind it only waits for so many seconds. */
export async function send({ address, kind, seconds }) {
  if (kind === undefined) return timed(() => sleep(seconds * 1000));
  const { type, make } = BODIES[kind];
  const body = make();
  const sent = await timed(async () => {
    const answer = await fetch(`${address}/v1/events`, { method: 'POST', headers: { 'content-type': type }, body });
    await answer.arrayBuffer();
    return answer.status;
  });
  return { status: sent.value, seconds: sent.seconds };
}
