// EventStoreDB: the service's intake and the rebuild, against the bare client. Streams begin with `bench-`, never with
// the ledger's own prefix.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { interleaved, measure, medianOf, perSecond } from './measure.mjs';
import { effort, line, microseconds, processorOf, rate, share, spread } from './report.mjs';
import { loaded, openService } from './service-load.mjs';

const FLIGHT = 64;
/** Cases of a round, five or six messages each. */
const CASES = 1000;
const REBUILT_EVENTS = 100_000;

export async function eventStoreDb(context) {
  const url = context.eventStoreDbUrl;
  if (url === null) {
    console.log('EventStoreDB: intake (>= 0.6x the bare client) and rebuild (>= 0.6x) were not measured: EVENTSTOREDB_URL is not set');
    return;
  }
  const prefix = `bench-${randomUUID().slice(0, 8)}-`;
  try {
    await intake(context, url, prefix);
    await rebuild(context, url, prefix);
  } finally {
    await measure('client', 'remove', { url, prefix });
  }
}

async function intake({ temporary, history, log, events, rounds }, url, prefix) {
  const cases = Math.min(CASES, Math.floor(events / 6 / (rounds + 1)));
  const service = await openService({ url, namespace: `${prefix}app-`, folder: join(temporary, 'service') });
  const part = (round) => ({ from: round * cases, to: (round + 1) * cases, flight: FLIGHT });
  const ours = (round) => loaded(service, { file: history, ...part(round) });
  const bare = (name, calls) => (round) =>
    measure('client', 'append', { url, namespace: `${prefix}${name}${round}-`, log, count: events, ...part(round), calls });
  try {
    // Round 0 sends the agencies and warms both up.
    await ours(0);
    await bare('warm', false)(0);
    const results = await interleaved(rounds, {
      ours: (round) => ours(round + 1),
      stream: (round) => bare('stream', false)(round + 1),
      calls: (round) => bare('calls', true)(round + 1),
    });
    const [mid, stream, calls] = [results.ours, results.stream, results.calls].map((some) => medianOf(some, perSecond));
    // The service appends by the client's stream.
    const ratio = perSecond(mid) / perSecond(stream);
    line({
      what: `intake over HTTP into EventStoreDB, ${FLIGHT} in flight`,
      ours: rate(perSecond(mid)),
      baseline: `the client's stream ${rate(perSecond(stream))}`,
      ratio,
      target: '>= 0.6x',
      met: ratio >= 0.6,
      bounds: [
        `${spread(results.ours, perSecond)}; service ${share(mid.serviceCpu)}, sender ${share(mid.cpu)}, the bare client ${share(stream.cpu)}; server, service and sender share these cores`,
      ],
    });
    line({
      what: '  the same',
      ours: rate(perSecond(mid)),
      baseline: `a call for each append ${rate(perSecond(calls))}`,
      ratio: perSecond(mid) / perSecond(calls),
    });
    const [own, bareStream, bareCalls] = [{ ...mid, cpu: mid.serviceCpu }, stream, calls].map(processorOf);
    line({
      what: '  its processor time for a message',
      ours: microseconds(own),
      baseline: `the client's stream ${microseconds(bareStream)}`,
      ratio: own / bareStream,
      target: '<= 2x',
      met: own <= 2 * bareStream,
      bounds: [`a call for each append ${microseconds(bareCalls)}; HTTP, rules, seals and read models are in ours alone`],
    });
  } finally {
    await service.stop();
  }
}

async function rebuild({ temporary, log, events, rounds }, url, prefix) {
  const namespace = `${prefix}rebuild-`;
  const { count } = await measure('client', 'copy', { url, namespace, log, count: Math.min(events, REBUILT_EVENTS) });
  const file = join(temporary, 'rebuilt.db');
  const { ours, bare } = await interleaved(rounds, {
    ours: () => measure('rebuilding', 'fromEventStoreDb', { url, namespace, file, count }),
    bare: () => measure('client', 'read', { url, namespace, count }),
  });
  const [mid, base] = [ours, bare].map((results) => medianOf(results, perSecond));
  const ratio = perSecond(mid) / perSecond(base);
  line({
    what: `rebuild from EventStoreDB, ${count.toLocaleString('en')} events`,
    ours: rate(perSecond(mid)),
    baseline: `bare on('data') ${rate(perSecond(base))}`,
    ratio,
    target: '>= 0.6x',
    met: ratio >= 0.6,
    bounds: [
      `${spread(ours, perSecond)}; ${effort(mid)}, the bare read ${effort(base)}: the client's conversion has a thread behind the first 4,000 events, beside that of the read models`,
    ],
  });
}
