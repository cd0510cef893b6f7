// The service over the embedded log: how much it takes over HTTP, and what readers wait for meanwhile.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { interleaved, measure, medianOf, perSecond, start } from './measure.mjs';
import { line, microseconds, ms, processorOf, rate, share, spread } from './report.mjs';
import { writeHistory } from './measures/events.mjs';
import { loaded, openService } from './service-load.mjs';

const FLIGHT = 64;
/** Cases of a round at most, five or six messages each. */
const CASES = 2000;
/** Events imported while tables are asked for, at most. */
const IMPORTED = 30_000;
const ASKED_A_SECOND = 50;
const YEARS = [2014, 2015, 2016, 2017, 2018];
const TARGETS = { 1: 4000, 100: 10_000 };
const BATCHES = [1, 100];

export async function overHttp(context) {
  await intake(context);
  await besideIntake(context);
}

async function inService(folder, run) {
  const service = await openService({ url: null, folder });
  try {
    return await run(service);
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function intake({ temporary, history, log, events, rounds }) {
  // Every round sends cases that no other has sent.
  const cases = Math.min(CASES, Math.floor(events / 6 / (BATCHES.length * (rounds + 1))));
  await inService(join(temporary, 'intake'), async (service) => {
    let turn = 0;
    const send = (batch) => async () => {
      const from = cases * turn++;
      return loaded(service, { file: history, from, to: from + cases, flight: FLIGHT, batch });
    };
    // The first of each kind warm the service up.
    for (const batch of BATCHES) await send(batch)();
    const bare = (round) => measure('import', 'bare', { log, folder: join(temporary, `intake-bare-${round}`), count: cases * 5 });
    const results = await interleaved(rounds, { bare, ...Object.fromEntries(BATCHES.map((batch) => [batch, send(batch)])) });
    const base = medianOf(results.bare, perSecond);
    for (const batch of BATCHES) {
      const mid = medianOf(results[batch], perSecond);
      line({
        what: `intake over HTTP, ${FLIGHT} in flight, ${batch === 1 ? 'one each' : `batches of ${batch}`}`,
        ours: rate(perSecond(mid)),
        baseline: `read-decide-append ${rate(perSecond(base))}`,
        ratio: perSecond(mid) / perSecond(base),
        target: `>= ${TARGETS[batch].toLocaleString('en')}/s`,
        met: perSecond(mid) >= TARGETS[batch],
        bounds: [
          `${spread(results[batch], perSecond)}; service ${share(mid.serviceCpu)} (${microseconds(processorOf({ ...mid, cpu: mid.serviceCpu }))} a message), sender ${share(mid.cpu)}; ` +
            `longest stop of its event loop ${ms(mid.stopped.max)}; service and sender share these cores`,
        ],
      });
    }
  });
}

/** Tables asked while something happens, and how long the event loop of the service stood meanwhile. */
async function asked({ address, rest }, agencies, meanwhile) {
  await rest();
  const asker = start('service', 'askTables', { address, agencies, years: YEARS, perSecond: ASKED_A_SECOND });
  await asker.message('asking');
  await rest();
  const sent = await meanwhile();
  asker.send({ kind: 'stop' });
  const { result } = await asker.message('result');
  await asker.exit;
  const { stopped } = await rest();
  return { sent, tables: result, stopped };
}

/** What is sent at full speed while tables are asked for. */
const SENDERS = {
  import: { what: 'table while a file is imported', target: 10 },
  batches: { what: `table beside batches of 100, ${FLIGHT} in flight`, target: null },
};

/** Into a ledger that knows the agencies only: the tables grow while they are asked for. */
async function besideOne(kind, { folder, file, agencies, events }) {
  return inService(folder, async (service) => {
    const send = (from, to) => measure('service', 'load', { address: service.address, file, from, to, flight: FLIGHT, batch: 100 });
    await send(0, 1);
    const busy = await asked(service, agencies, () =>
      kind === 'import' ? measure('service', 'importThrough', { folder, file }) : send(1, events),
    );
    const idle = await asked(service, agencies, () => measure('living', 'send', { seconds: Math.min(10, busy.sent.seconds) }));
    return { busy, idle };
  });
}

async function besideIntake({ temporary, agencies, events, rounds }) {
  const file = join(temporary, 'beside.ndjson');
  const count = writeHistory(Math.min(events, IMPORTED), file, agencies);
  const run = (kind) => (round) => besideOne(kind, { folder: join(temporary, `${kind}-${round}`), file, agencies, events: count });
  const results = await interleaved(rounds, { import: run('import'), batches: run('batches') });
  for (const [kind, { what, target }] of Object.entries(SENDERS)) report(results[kind], { what, target });
}

function report(rounds, { what, target }) {
  const { busy, idle } = medianOf(rounds, (round) => round.busy.tables.p99);
  const longest = medianOf(rounds, (round) => round.busy.stopped.max);
  line({
    what,
    ours: `p50 ${ms(busy.tables.p50)}, p99 ${ms(busy.tables.p99)}`,
    baseline: `idle p50 ${ms(idle.tables.p50)}, p99 ${ms(idle.tables.p99)}`,
    ratio: busy.tables.p99 / idle.tables.p99,
    target: target === null ? '' : `p99 < ${target} ms`,
    met: target === null ? null : busy.tables.p99 < target,
    bounds: [
      `${busy.tables.count.toLocaleString('en')} asked, ${ASKED_A_SECOND} a second, while ${busy.sent.count.toLocaleString('en')} messages were taken at ${rate(perSecond(busy.sent))}; max ${ms(busy.tables.max)}`,
    ],
  });
  line({
    what: '  the longest stop of its event loop',
    ours: `${ms(longest.busy.stopped.max)}, p99 ${ms(longest.busy.stopped.p99)}`,
    baseline: `idle ${ms(longest.idle.stopped.max)}, p99 ${ms(longest.idle.stopped.p99)}`,
    ratio: longest.busy.stopped.max / longest.idle.stopped.max,
    target: target === null ? '' : '< 50 ms',
    met: target === null ? null : longest.busy.stopped.max < 50,
    bounds: [
      `over ${rounds.length} rounds: ${rounds.map((round) => ms(round.busy.stopped.max)).join(', ')}; 1 ms is what is seen where nothing stops it`,
    ],
  });
}
