// What a reader of pages waits for: the whole way of a request, from the questions to the HTML.
import { smallLedger } from './answers.mjs';
import { measure, start } from './measure.mjs';
import { line, ms } from './report.mjs';

/** Ms, p99; and what a page may weigh. */
const LIMITS = { table: 50, home: 100 };
const MOST_BYTES = 150_000;

const both = ({ p50, p99 }) => `p50 ${ms(p50)}, p99 ${ms(p99)}`;

async function ask(folder, agencies) {
  const service = start('service', 'serve', { url: null, folder });
  const { address } = await service.message('listening');
  const found = await measure('pages', 'pages', { address, agencies, years: [2017], times: 200 });
  await service.stop();
  return found;
}

export async function showing(context) {
  const { folder, agencies, events } = context;
  const small = await ask(await smallLedger(context), agencies);
  const large = await ask(folder, agencies);
  for (const [name, page] of Object.entries(large)) {
    const limit = LIMITS[name];
    line({
      what: `page ${name}, ${events.toLocaleString('en')} events`,
      ours: both(page),
      baseline: `1,000 events ${both(small[name])}`,
      ratio: page.p99 / small[name].p99,
      target: `${limit === undefined ? '' : `p99 < ${limit} ms, `}< ${MOST_BYTES / 1000} KB`,
      met: page.bytes < MOST_BYTES && (limit === undefined || page.p99 < limit),
      bounds: [`max ${ms(page.max)} of ${page.times}; ${Math.round(page.bytes / 1000)} KB`],
    });
  }
}
