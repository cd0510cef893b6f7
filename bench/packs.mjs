// The audit pack of the whole ledger.
import { join } from 'node:path';
import { measure, perSecond } from './measure.mjs';
import { effort, line, megabytes, rate } from './report.mjs';

const TARGET_SECONDS = 60;
const TARGET_BYTES = 300 * 1024 * 1024;
const TARGET = '1,000,000 < 60 s, 300 MB';
const MILLION = 1_000_000;

const held = ({ seconds, count, peak }) => (seconds * MILLION) / count < TARGET_SECONDS && peak < TARGET_BYTES;

export async function packing({ temporary, folder, log }) {
  const file = join(temporary, 'ledger.pack');
  const read = await measure('packing', 'reading', { log });
  const written = await measure('packing', 'exporting', { folder, file });
  const verified = await measure('packing', 'verifying', { file });
  const baseline = `reading the log ${rate(perSecond(read))}`;
  line({
    what: `export --pack, ${written.count.toLocaleString('en')} events`,
    ours: rate(perSecond(written)),
    baseline,
    ratio: perSecond(written) / perSecond(read),
    target: TARGET,
    met: held(written),
    bounds: [
      `${written.seconds.toFixed(1)} s, ${megabytes(written.bytes)}, ${written.tables} tables, peak ${megabytes(written.peak)}; ${effort(written)}: canonical text, ` +
        'three digests an event, and gzip beside it',
    ],
  });
  line({
    what: `verify --pack, ${verified.count.toLocaleString('en')} events`,
    ours: rate(perSecond(verified)),
    baseline,
    ratio: perSecond(verified) / perSecond(read),
    target: TARGET,
    met: held(verified),
    bounds: [
      `${verified.seconds.toFixed(1)} s, ${verified.cells.toLocaleString('en')} cells recomputed, peak ${megabytes(verified.peak)}; ${effort(verified)}: every event is parsed, ` +
        'written again in canonical form, hashed and counted',
    ],
  });
}
