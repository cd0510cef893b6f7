// The real service over either store, and who sends to it and asks it over HTTP.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { boundHeapGrowth } from '../../dist/cli/heap-growth.js';
import { createApp, listen } from '../../dist/main.js';
import { openWriterOrHolder } from '../../dist/runtime/open-writer.js';
import { runImport } from '../../dist/cli/commands/import.js';
import { inFlight, timed } from '../measure.mjs';
import { byCase } from './events.mjs';
import { atRate, client, record } from './http-client.mjs';

/** How exactly stops of the event loop are seen, ms: what it takes when nothing stops it. */
const RESOLUTION_MS = 1;

/**
 * Serves until told to stop. Between two rounds it is asked whether its read models have come to rest, what it used,
 * and how long its event loop stopped since it was asked last, ms.
 */
export async function serve({ url, namespace, folder }) {
  boundHeapGrowth();
  const thread = process.env.BENCH_THREAD !== '0';
  const { runtime } = await openWriterOrHolder({ config: { data: folder, eventStoreDbUrl: url, namespace }, thread });
  const { runner } = runtime.writer;
  await runner.started(60_000);
  const app = await createApp(runtime);
  const address = await listen(app, 0);
  // An import into its folder finds it by this.
  runtime.writer.lock.announce({ url: address, certificate: null });
  process.send({ kind: 'listening', address });
  let cpu = process.cpuUsage();
  const stops = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  stops.enable();
  await new Promise((resolve) => {
    process.on('message', ({ kind }) => {
      if (kind === 'stop') return resolve();
      const { user, system } = process.cpuUsage(cpu);
      const stopped = { p99: stops.percentile(99) / 1e6, max: stops.max / 1e6 };
      void runner.caughtUp(60_000).then(() => {
        cpu = process.cpuUsage();
        stops.reset();
        process.send({ kind: 'resting', cpuSeconds: (user + system) / 1e6, stopped });
      });
    });
  });
  await app.close();
  await runtime.close();
}

/** Whole cases after each other, at most `most` messages together; a longer case stands alone. */
function together(cases, most) {
  const batches = [];
  for (const bodies of cases) {
    const last = batches.at(-1);
    if (last !== undefined && last.length + bodies.length <= most) last.push(...bodies);
    else batches.push([...bodies]);
  }
  return batches;
}

/**
 * Sends cases `from` to `to` of a history, each case in order, `flight` requests at once with up to `batch` messages
 * each; agencies first and not timed.
 */
export async function load({ address, file, from, to, flight, batch = 1 }) {
  const { send, close } = client(address, flight);
  const messages = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((body) => ({ body, subject: JSON.parse(body).subject }));
  const cases = byCase(messages, ({ subject }) => subject);
  const isAgency = ([{ subject }]) => subject.startsWith('agency/');
  const bodiesOf = (acts) => acts.map(({ body }) => body);
  const items = cases
    .filter((acts) => !isAgency(acts))
    .slice(from, to)
    .map(bodiesOf);
  if (from === 0) for (const body of cases.filter(isAgency).flatMap(bodiesOf)) await record(send, [body]);
  // One act after the other where they are sent alone: two of a case side by side would be decided in any order.
  const tasks = batch === 1 ? items.map((bodies) => bodies.map((body) => [body])) : together(items, batch).map((bodies) => [bodies]);
  let next = 0;
  const { seconds, cpu } = await timed(() =>
    inFlight(flight, () => {
      const requests = tasks[next++];
      if (requests === undefined) return undefined;
      return async () => {
        for (const bodies of requests) await record(send, bodies);
      };
    }),
  );
  close();
  return { count: items.flat().length, seconds, cpu };
}

/** `disclosure import` of a file into a folder that a service holds: it sends the lines to the service. */
export async function importThrough({ folder, file }) {
  process.env.DISCLOSURE_DATA = folder;
  const { value, seconds, cpu } = await timed(() => runImport([file]));
  if (value.refused > 0) throw new Error(`refused: ${JSON.stringify(value.refusals[0])}`);
  return { count: value.recorded + value.duplicate, seconds, cpu };
}

/** Asks for tables of agencies at a fixed rate until told to stop. */
export async function askTables({ address, agencies, years, perSecond }) {
  const { send, close } = client(address, 16);
  const ask = async (n) => {
    const { status, text } = await send('GET', `/v1/agencies/agency-${n % agencies}/tables/${years[n % years.length]}`);
    if (status !== 200) throw new Error(`${status} ${text.slice(0, 500)}`);
  };
  let asking = true;
  process.once('message', () => (asking = false));
  // The first ones compile.
  for (let n = 0; n < 100; n += 1) await ask(n);
  process.send({ kind: 'asking' });
  const asked = await atRate({ perSecond, going: () => asking, ask });
  close();
  return asked;
}
