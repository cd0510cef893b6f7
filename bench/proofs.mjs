// What anybody can check: proofs at size, and what the tree behind them costs.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { smallLedger } from './answers.mjs';
import { interleaved, measure, medianOf, percentiles, perSecond } from './measure.mjs';
import { effort, line, ms, rate, spread } from './report.mjs';

const both = ({ p50, p99 }) => `p50 ${ms(p50)}, p99 ${ms(p99)}`;

/** Signs on a copy: the ledger of the other parts stays without checkpoints. */
async function askCopyOf(temporary, folder) {
  const copy = join(temporary, 'proved');
  try {
    cpSync(folder, copy, { recursive: true });
    return await measure('proving', 'proofs', { folder: copy, times: 1000 });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

export async function proving(context) {
  const { temporary, folder, events, rounds, log } = context;
  const small = await askCopyOf(temporary, await smallLedger(context));
  const large = await askCopyOf(temporary, folder);
  const proofBound = 'the tiles along the way from the read store, half of each hashed again, and the event out of the log';
  for (const [key, what, limit, bound] of [
    ['inclusion', 'proof that an event is in the ledger', 5, proofBound],
    ['file', 'the same as a proof file', 5, proofBound],
    ['consistency', 'proof that the ledger only grew', 5, 'the tiles along both edges'],
  ]) {
    line({
      what: `${what}, ${large.size.toLocaleString('en')}`,
      ours: both(large[key]),
      baseline: `1,000 events ${both(small[key])}`,
      ratio: large[key].p99 / small[key].p99,
      target: `p99 < ${limit} ms`,
      met: large[key].p99 < limit,
      bounds: [`max ${ms(large[key].max)} of ${large[key].times}; ${ms(large[key].processor)} of processor time each: ${bound}`],
    });
  }
  const [cut, smallCut] = [large, small].map((result) => percentiles(result.cut));
  line({
    what: 'a checkpoint, from the last event to its note read',
    ours: both(cut),
    baseline: `1,000 events ${both(smallCut)}`,
    ratio: cut.p99 / smallCut.p99,
    bounds: [`max ${ms(cut.max)} of ${large.cut.length}; a root, a signature, an append with its fsync, and the read models' transaction`],
  });
  const file = join(temporary, 'rebuilt.db');
  const run = (name) => () => measure('rebuilding', name, { log, file, count: events });
  const { ours, bare } = await interleaved(rounds, { ours: run('fromEmbedded'), bare: run('withoutLedger') });
  const [mid, base] = [ours, bare].map((results) => medianOf(results, perSecond));
  const ratio = perSecond(mid) / perSecond(base);
  line({
    what: `rebuild with the tree, ${events.toLocaleString('en')} events`,
    ours: rate(perSecond(mid)),
    baseline: `without it ${rate(perSecond(base))}`,
    ratio,
    target: '>= 0.5x (at most half)',
    met: ratio >= 0.5,
    bounds: [
      `${spread(ours, perSecond)}; ${effort(mid)}, without ${effort(base)}: the tree takes ${Math.round(100 * (1 - (base.seconds * base.cpu) / (mid.seconds * mid.cpu)))}% of its processor time: entry, digests and leaf of each event`,
    ],
  });
}
