// Whether one body holds up everybody else: the longest gap between two answers of /health/live while it is read.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { measure, medianOf, start } from './measure.mjs';
import { line, ms } from './report.mjs';

const KINDS = [
  ['brackets', '16 MiB of ['],
  ['lines', '100,000 lines of x'],
];

/** The gaps while something is sent, and how long that took. */
async function gapsWhile(address, what) {
  const asker = start('living', 'ask', { address });
  await asker.message('asking');
  const sent = await measure('living', 'send', { address, ...what });
  asker.send({ kind: 'stop' });
  const { result } = await asker.message('result');
  await asker.exit;
  return { ...result, ...sent };
}

export async function living({ temporary, rounds }) {
  const folder = join(temporary, 'living');
  mkdirSync(folder);
  const service = start('service', 'serve', { url: null, folder });
  const { address } = await service.message('listening');
  try {
    for (const [kind, name] of KINDS) {
      const [reading, idle] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        const one = await gapsWhile(address, { kind });
        reading.push(one);
        idle.push(await gapsWhile(address, { seconds: one.seconds }));
      }
      const [ours, base] = [reading, idle].map((results) => medianOf(results, ({ max }) => max));
      line({
        what: `longest gap of /health/live, ${name}`,
        ours: ms(ours.max),
        baseline: `idle ${ms(base.max)}`,
        ratio: ours.max / base.max,
        bounds: [
          `${ours.count} answers in ${ours.seconds.toFixed(1)} s while it was read (answer ${ours.status}), p99 ${ms(ours.p99)}; idle ${base.count}, p99 ${ms(base.p99)}`,
        ],
      });
    }
  } finally {
    await service.stop();
  }
}
