// What a reader waits for: tables, the way from a receipt to the figure, the first answer after a restart.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { measure, medianOf, start } from './measure.mjs';
import { writeApplications, writeHistory } from './measures/events.mjs';
import { line, ms } from './report.mjs';

const PROGRAM = fileURLToPath(new URL('../bin/disclosure.js', import.meta.url));

const both = ({ p50, p99 }) => `p50 ${ms(p50)}, p99 ${ms(p99)}`;

/** A small ledger beside the large one: what of an answer's time is size, and what would be there anyway. */
export async function smallLedger(context) {
  if (context.small === undefined) {
    const file = join(context.temporary, 'small.ndjson');
    const folder = join(context.temporary, 'small');
    writeHistory(1000, file, context.agencies);
    await measure('import', 'throughTheCommand', { file, folder });
    context.small = folder;
  }
  return context.small;
}

export async function answering(context) {
  const { folder, agencies, events } = context;
  const ask = (where) => measure('questions', 'tables', { folder: where, agencies, times: 1000 });
  const small = await ask(await smallLedger(context));
  const large = await ask(folder);
  const lines = [
    ['table', 'table, live', 5, 'its queries, each prepared anew; the ratio says what grows with the ledger'],
    ['tableAsOf', 'table as of a random event', 50, 'the contributions of one part block of 8,192 events, of all agencies'],
    ['explain', 'events behind a cell', null, 'one look-up for each event named'],
  ];
  for (const [key, what, limit, bound] of lines) {
    line({
      what: `${what}, ${events.toLocaleString('en')} events`,
      ours: both(large[key]),
      baseline: `1,000 events ${both(small[key])}`,
      ratio: large[key].p99 / small[key].p99,
      target: limit === null ? '' : `p99 < ${limit} ms`,
      met: limit === null ? null : large[key].p99 < limit,
      bounds: [`max ${ms(large[key].max)} of ${large[key].times}; ${bound}`],
    });
  }
}

export async function receiptToFigure({ folder }) {
  const { figure, receipt, times } = await measure('reading', 'receiptToFigure', { folder, times: 500 });
  line({
    what: 'from the receipt to the figure',
    ours: both(figure),
    baseline: `message to receipt ${both(receipt)}`,
    ratio: figure.p99 / receipt.p99,
    target: 'p99 < 100 ms',
    met: figure.p99 < 100,
    bounds: [`max ${ms(figure.max)} of ${times}; one transaction of the read store, and the table asked for`],
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Seconds from starting `disclosure serve` to its first table. */
async function firstAnswer(folder) {
  const port = await freePort();
  const env = { ...process.env, DISCLOSURE_DATA: folder };
  delete env.EVENTSTOREDB_URL;
  const begun = performance.now();
  const server = spawn(process.execPath, [PROGRAM, 'serve', '--port', String(port)], { env, stdio: 'ignore' });
  const exit = once(server, 'exit');
  try {
    for (;;) {
      if (server.exitCode !== null || performance.now() - begun > 60_000) throw new Error('disclosure serve did not answer');
      const status = await fetch(`http://127.0.0.1:${port}/v1/agencies/agency-0/tables/2017`).then(
        async (response) => {
          await response.arrayBuffer();
          return response.status;
        },
        () => null,
      );
      if (status === 200) return performance.now() - begun;
      await sleep(10);
    }
  } finally {
    server.kill('SIGTERM');
    await exit;
  }
}

export async function restarting(context) {
  const small = await smallLedger(context);
  const taken = { large: [], small: [] };
  for (let round = 0; round < context.rounds; round += 1) {
    taken.small.push(await firstAnswer(small));
    taken.large.push(await firstAnswer(context.folder));
  }
  const [large, base] = [taken.large, taken.small].map((times) => medianOf(times, (time) => time));
  line({
    what: `first answer after a restart, ${context.events.toLocaleString('en')} events`,
    ours: ms(large),
    baseline: `1,000 events ${ms(base)}`,
    ratio: large / base,
    target: '< 2 s',
    met: large < 2000,
    bounds: [`${taken.large.map(ms).join(', ')}; loading Nest and its packages: the log is not read, the bookmark is at its end`],
  });
}

/** Ten years of applications to one agency, in a ledger of their own. */
export async function applicationsLedger({ temporary }, count) {
  const [file, folder] = [`${count}.ndjson`, `applications-${count}`].map((name) => join(temporary, name));
  if (existsSync(folder)) return folder;
  writeApplications(count, file);
  await measure('import', 'throughTheCommand', { file, folder });
  return folder;
}

/** Every list of the API with each of its filters, over HTTP. */
export async function lists(context) {
  const { applications: cases } = context;
  const ask = async (count) => {
    const service = start('service', 'serve', { url: null, folder: await applicationsLedger(context, count) });
    const { address } = await service.message('listening');
    const found = await measure('lists', 'lists', { address, agency: 'agency-0', cases: count, times: 200 });
    await service.stop();
    return Object.entries(found).sort(([, one], [, other]) => other.p99 - one.p99);
  };
  const [[, few]] = await ask(1000);
  const many = await ask(cases);
  const [[slowest, most]] = many;
  line({
    what: `slowest of ${many.length} lists (${slowest}), ${cases.toLocaleString('en')} applications`,
    ours: both(most),
    baseline: `slowest of 1,000 applications ${both(few)}`,
    ratio: most.p99 / few.p99,
    target: 'p99 < 50 ms',
    met: most.p99 < 50,
    bounds: [many.map(([name, { p99 }]) => `${name} ${ms(p99)}`).join(', ')],
  });
}

export async function applications(context) {
  const ask = async (count) => measure('reading', 'applications', { folder: await applicationsLedger(context, count), times: 1000 });
  const few = await ask(1000);
  const many = await ask(context.applications);
  for (const [key, what, limit, bound] of [
    ['live', 'table of any year', 5, 'its queries; balances add up the years before by their sums'],
    ['asOf', 'the same as of a random event', 50, 'the contributions of one part block of 8,192 events'],
    ['deadlines', 'deadlines on any day', 50, `up to ${many.mostOpen} open, each reckoned day by day`],
  ]) {
    line({
      what: `${what}, ${context.applications.toLocaleString('en')} applications`,
      ours: both(many[key]),
      baseline: `1,000 applications ${both(few[key])}`,
      ratio: many[key].p99 / few[key].p99,
      target: `p99 < ${limit} ms`,
      met: many[key].p99 < limit,
      bounds: [`${many.events.toLocaleString('en')} events; max ${ms(many[key].max)} of ${many[key].times}; ${bound}`],
    });
  }
}
