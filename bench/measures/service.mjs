// The real service over EventStoreDB, in a namespace of its own, and who sends to it over HTTP.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createApp, listen } from '../../dist/main.js';
import { openWriterOrHolder } from '../../dist/runtime/open-writer.js';
import { inFlight, timed } from '../measure.mjs';
import { byCase } from './events.mjs';

/**
 * Serves until told to stop; between two rounds it is asked whether its read models have come to rest, and what it
 * used.
 */
export async function serve({ url, namespace, folder }) {
  const { runtime } = await openWriterOrHolder({ config: { data: folder, eventStoreDbUrl: url, namespace } });
  const { runner } = runtime.writer;
  await runner.started(60_000);
  const app = await createApp(runtime);
  process.send({ kind: 'listening', address: await listen(app, 0) });
  let cpu = process.cpuUsage();
  await new Promise((resolve) => {
    process.on('message', ({ kind }) => {
      if (kind === 'stop') return resolve();
      const { user, system } = process.cpuUsage(cpu);
      void runner.caughtUp(60_000).then(() => {
        cpu = process.cpuUsage();
        process.send({ kind: 'resting', cpuSeconds: (user + system) / 1e6 });
      });
    });
  });
  await app.close();
  await runtime.close();
}

/**
 * Sends cases `from` to `to` of a history, each case in order, `flight` messages at once; agencies first and not timed.
 */
export async function load({ address, file, from, to, flight }) {
  const agent = new Agent({ keepAlive: true, maxSockets: flight });
  const { hostname, port } = new URL(address);
  const options = { agent, hostname, port, path: '/v1/events', method: 'POST' };
  const post = (body) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/cloudevents+json', 'content-length': Buffer.byteLength(body) };
      const sent = request({ ...options, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => (response.statusCode === 201 ? resolve() : reject(new Error(`${response.statusCode} ${text}`))));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const messages = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((body) => ({ body, subject: JSON.parse(body).subject }));
  const cases = byCase(messages, ({ subject }) => subject);
  const agencies = cases.filter(([{ subject }]) => subject.startsWith('agency/'));
  const items = cases.filter(([{ subject }]) => !subject.startsWith('agency/')).slice(from, to);
  if (from === 0) for (const acts of agencies) for (const { body } of acts) await post(body);
  let next = 0;
  const { seconds, cpu } = await timed(() =>
    inFlight(flight, () => {
      const acts = items[next++];
      if (acts === undefined) return undefined;
      return async () => {
        for (const { body } of acts) await post(body);
      };
    }),
  );
  agent.destroy();
  return { count: items.flat().length, seconds, cpu };
}
