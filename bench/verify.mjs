// Verifying the live store, and asking about any earlier moment of it.
import { join } from 'node:path';
import { applicationsLedger, smallLedger } from './answers.mjs';
import { interleaved, measure, medianOf, perSecond } from './measure.mjs';
import { effort, line, megabytes, ms, rate, spread } from './report.mjs';

const MB = 1024 * 1024;
const TIMES = 500;
const both = ({ p50, p99 }) => `p50 ${ms(p50)}, p99 ${ms(p99)}`;

export async function verifying(context) {
  await wholeStore(context);
  await earlierMoments(context);
}

async function wholeStore({ temporary, folder, log, events, rounds }) {
  const file = join(temporary, 'rebuilt.db');
  const { ours, bare } = await interleaved(rounds, {
    ours: () => measure('verifying', 'verified', { folder, temporary, count: events }),
    bare: () => measure('rebuilding', 'fromEmbedded', { log, file, count: events }),
  });
  const [mid, base] = [ours, bare].map((results) => medianOf(results, perSecond));
  const { reading, rebuilding } = mid.steps;
  const processor = ({ seconds, cpu }) => seconds * cpu;
  line({
    what: `verify of the live store, ${mid.count.toLocaleString('en')} events`,
    ours: rate(perSecond(mid)),
    baseline: `rebuild ${rate(perSecond(base))}`,
    ratio: perSecond(mid) / perSecond(base),
    target: '1,000,000 < 90 s',
    met: (mid.seconds * 1e6) / mid.count < 90,
    bounds: [
      `${spread(ours, perSecond)}; ${effort(mid)}; ${mid.seconds.toFixed(1)} s, of two threads side by side: ${reading.toFixed(1)} s check the files, ` +
        `read the log and build its tree, ${rebuilding.toFixed(1)} s build the read models anew; then ` +
        `${(mid.seconds - Math.max(reading, rebuilding)).toFixed(1)} s compare ${mid.rows.toLocaleString('en')} rows`,
      `${(processor(mid) / processor(base)).toFixed(2)} × the processor time of a rebuild; the larger thread is the rebuild itself`,
    ],
  });
  const largest = medianOf(ours, ({ peak }) => -peak);
  const quarters = [...mid.quarters.reading, ...mid.quarters.rebuilding];
  line({
    what: '  its resident memory',
    ours: `peak ${megabytes(largest.peak)}`,
    baseline: `rebuild ${megabytes(base.peak)}`,
    ratio: largest.peak / base.peak,
    target: '< 300 MB',
    met: largest.peak < 300 * MB,
    bounds: [`at each quarter of reading and of building, side by side: ${quarters.map(megabytes).join(', ')}`],
  });
}

async function earlierMoments(context) {
  const { folder, agencies, applications } = context;
  const ask = (where) => measure('verifying', 'earlier', { folder: where, agencies, times: TIMES });
  const small = await ask(await smallLedger(context));
  const large = await ask(folder);
  for (const [key, what, limit, bound] of [
    ['trail', 'trail of a case as of an event', 50, 'the acts of the case read from the log and folded'],
    ['table', 'table as of a random event', 50, 'the contributions of one part block of 8,192 events, of all agencies'],
    ['page', 'GET /v1/events, 100 of them', 50, 'read from the log side by side, an entry and two digests each'],
    [
      'filtered',
      'GET /v1/events, 100 by any one filter',
      50,
      'found by an index, each read by its stream; alone or in an agency, both orders',
    ],
    ['fruitless', 'GET /v1/events, two filters that meet nowhere', 1000, 'all that the narrower one gives is looked at'],
  ]) {
    line({
      what: `${what}, ${(large.end + 1).toLocaleString('en')}`,
      ours: both(large[key]),
      baseline: `1,000 events ${both(small[key])}`,
      ratio: large[key].p99 / small[key].p99,
      target: `p99 < ${limit} ms`,
      met: large[key].p99 < limit,
      bounds: [`max ${ms(large[key].max)} of ${large[key].times}; ${bound}`],
    });
  }
  const at = async (count) => measure('verifying', 'deadlines', { folder: await applicationsLedger(context, count), times: TIMES });
  const [base, wide] = [await at(1000), await at(applications)];
  line({
    what: `deadlines of any day as of an event, ${applications.toLocaleString('en')}`,
    ours: both(wide.asked),
    baseline: `1,000 applications ${both(base.asked)}`,
    ratio: wide.asked.p99 / base.asked.p99,
    target: 'p99 < 50 ms',
    met: wide.asked.p99 < 50,
    bounds: [
      `${(wide.end + 1).toLocaleString('en')} events; max ${ms(wide.asked.max)} of ${wide.asked.times}; what was known for a while is found by powers of two`,
    ],
  });
}
