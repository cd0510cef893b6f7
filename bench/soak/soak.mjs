// `--soak MINUTES`: mixed load at half the peak that was measured just before, and whether memory, files and delays
// stay flat.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { measure, perSecond, start } from '../measure.mjs';
import { columns, ms, rate } from '../report.mjs';
import { openService } from '../service-load.mjs';
import { AGENCIES, circumstances, describe, keepResult, resultFile } from '../setting.mjs';
import { flatness } from './flatness.mjs';
import { sampled, SERIES } from './sampling.mjs';

const QUESTIONS_A_SECOND = 20;
const SAMPLES = 240;
const WIDTHS = [58, 12, 12, 12, 12, 10];

/** Seconds of warming up, and of measuring the peak: a tenth of the soak each, a quarter of a minute at most. */
const prelude = (minutes) => Math.min(15, Math.max(2, minutes * 6));

async function soaked({ address, folder }, { minutes, seed }) {
  const drive = (args) => measure('soak', 'drive', { address, agencies: AGENCIES, ...args });
  const warm = await drive({ done: 0, seconds: prelude(minutes) });
  const peak = await drive({ done: warm.done, seconds: prelude(minutes) });
  const half = perSecond(peak) / 2;
  console.log(`peak ${rate(perSecond(peak))}; ${minutes} minutes at ${rate(half)} and ${QUESTIONS_A_SECOND} questions a second`);
  const reader = start('soak', 'read', { address, agencies: AGENCIES, perSecond: QUESTIONS_A_SECOND, seed });
  await reader.message('reading');
  const end = new globalThis.AbortController();
  const sampling = sampled({ address, folder }, { every: Math.max(0.5, (minutes * 60) / SAMPLES), signal: end.signal });
  const sent = await drive({ done: peak.done, seconds: minutes * 60, perSecond: half });
  end.abort();
  const samples = await sampling;
  reader.send({ kind: 'stop' });
  const { result: read } = await reader.message('result');
  await reader.exit;
  return { peak: perSecond(peak), sent: { count: sent.count, again: sent.again, perSecond: perSecond(sent) }, read, samples };
}

function judged(samples) {
  const values = (name) => samples.filter((sample) => name in sample).map((sample) => ({ at: sample.at, value: sample[name] }));
  return Object.fromEntries(Object.entries(SERIES).map(([name, { floor }]) => [name, flatness(values(name), floor)]));
}

function print({ sent, read, series }) {
  const number = (value) => (value === null ? '' : value.toFixed(1));
  console.log(
    `${sent.count.toLocaleString('en')} messages at ${rate(sent.perSecond)}; ${read.count.toLocaleString('en')} answers, p99 ${ms(read.p99)}`,
  );
  if (sent.again > 0) console.log(`sent again, as the store did not take it for the moment: ${sent.again.toLocaleString('en')} times`);
  for (const [what, times] of Object.entries(read.others)) console.log(`not answered, ${times} times: ${what}`);
  console.log(columns(['over the last three quarters', 'first', 'last', 'rise', 'spread', 'flat'], WIDTHS));
  for (const [name, { flat, first, last, rise, spread }] of Object.entries(series)) {
    const cells = [first, last, rise, spread].map(number);
    console.log(columns([SERIES[name].what, ...cells, flat === null ? 'too few samples' : flat ? 'yes' : 'NO'], WIDTHS));
  }
  const rising = Object.entries(series).filter(([, { flat }]) => flat !== true);
  console.log(rising.length === 0 ? 'flat' : `not flat: ${rising.map(([name]) => name).join(', ')}`);
}

/** The stores that can be soaked here, or the one that is asked for, each in a folder or a namespace of its own. */
function storesOf(temporary, only) {
  const stores = { embedded: { url: null, folder: join(temporary, 'embedded') } };
  const url = process.env.EVENTSTOREDB_URL;
  if (url !== undefined)
    stores.eventstoredb = { url, namespace: `bench-${randomUUID().slice(0, 8)}-`, folder: join(temporary, 'eventstoredb') };
  if (only === undefined) return stores;
  if (!(only in stores)) throw new Error('EVENTSTOREDB_URL is not set');
  return { [only]: stores[only] };
}

/** What half an hour has measured must not be lost where the server has gone since. */
async function removed({ url, namespace: prefix }) {
  if (url === null) return;
  await measure('client', 'remove', { url, prefix }).catch((error) => console.log(`the streams ${prefix}… are left: ${error.message}`));
}

export async function soak(temporary, { soak: minutes, store: only, seed, into }) {
  const about = circumstances(seed);
  console.log(describe(about));
  const stores = {};
  for (const [store, where] of Object.entries(storesOf(temporary, only))) {
    console.log(`\n${store}`);
    mkdirSync(where.folder, { mode: 0o700 });
    const service = await openService(where);
    try {
      const taken = await soaked({ address: service.address, folder: where.folder }, { minutes, seed });
      stores[store] = { ...taken, series: judged(taken.samples) };
      print(stores[store]);
    } finally {
      await service.stop();
      await removed(where);
    }
  }
  await keepResult(resultFile(about, { into, kind: '-soak' }), { kind: 'soak', ...about, minutes, stores });
  return 0;
}
