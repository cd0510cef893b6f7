// What is sampled of a running service: from its /metrics, as an operator would, and the write-ahead logs on the disk.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MB = 1024 * 1024;

/** `metric`: its name in /metrics, and what one of its unit is in ours. `floor`: a rise nobody minds. */
export const SERIES = {
  memory: { what: 'resident memory, MB', metric: 'process_resident_memory_bytes', per: MB, floor: 16 },
  wal: { what: 'write-ahead logs, MB', floor: 16 },
  files: { what: 'open files', metric: 'process_open_fds', per: 1, floor: 2 },
  lag: { what: 'read models behind, s', metric: 'disclosure_tables_stale_seconds', per: 1, floor: 0.5 },
  delay: {
    what: 'longest stop of the event loop since the last sample, ms',
    metric: 'nodejs_eventloop_lag_max_seconds',
    per: 0.001,
    floor: 20,
  },
};

function walBytes(folder) {
  const logs = readdirSync(folder).filter((name) => name.endsWith('-wal'));
  return logs.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

async function sampleOf({ address, folder }) {
  const text = await (await fetch(`${address}/metrics`)).text();
  const read = (metric) => Number(new RegExp(`^${metric} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const values = Object.entries(SERIES).map(([name, { metric, per }]) => [
    name,
    metric === undefined ? walBytes(folder) / MB : read(metric) / per,
  ]);
  // A system that does not say how many files are open has no such series.
  return Object.fromEntries(values.filter(([, value]) => Number.isFinite(value)));
}

/** Samples every so many seconds until `signal` aborts; `at` in seconds from the first. */
export async function sampled(service, { every, signal }) {
  const samples = [];
  const begun = performance.now();
  // What stopped before belongs to nobody.
  await sampleOf(service);
  while (!signal.aborted) {
    const due = begun + (samples.length + 1) * every * 1000;
    await sleep(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    samples.push({ at: (performance.now() - begun) / 1000, ...(await sampleOf(service)) });
  }
  return samples;
}
