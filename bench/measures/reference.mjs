// A fixed piece of pure computing, the same on every machine and in every version: what a machine's speed is taken out
// with. Nothing of the program runs here.
import { createHash } from 'node:crypto';
import { timed } from '../measure.mjs';

const TURNS = 40_000;

/** Parses, changes, writes and hashes one message of a ledger's size, again and again. */
export async function loop() {
  const text = JSON.stringify({
    specversion: '1.0',
    id: '2017-0000001-draft',
    source: '/bench/agency-0',
    subject: 'publication/2017-0000001',
    time: '2017-03-02T09:00:00+08:00',
    data: { title: '关于第 1 号事项的信息公开', steps: Array.from({ length: 12 }, (_, step) => ({ step, passed: true })) },
  });
  let digest = '';
  const { seconds, cpu } = await timed(() => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const message = JSON.parse(text);
      message.id = digest;
      digest = createHash('sha256').update(JSON.stringify(message)).digest('hex');
    }
  });
  return { count: TURNS, seconds, cpu, digest };
}
