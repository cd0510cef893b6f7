// Conditional requests for unchanged tables beside intake at half its peak: whether any table is computed, how long an
// answer takes, and what intake loses.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { measure, medianOf, perSecond, start } from './measure.mjs';
import { line, ms, rate } from './report.mjs';

const QUIET = 1000;
const BUSY = 10;
const ASKED_A_MINUTE = 10_000;
const SECONDS = 15;

export async function conditional({ temporary, rounds }) {
  const folder = join(temporary, 'conditional');
  mkdirSync(folder);
  const service = start('service', 'serve', { url: null, folder });
  const { address } = await service.message('listening');
  try {
    await measure('conditional', 'register', { address, quiet: QUIET, busy: BUSY });
    const sending = (round, more) => measure('conditional', 'send', { address, busy: BUSY, round, seconds: SECONDS, ...more });
    await sending('warm', {});
    const peak = perSecond(await sending('peak', {}));
    const half = { perSecond: peak / 2 };
    const besideIntake = async (name, more) => {
      const asker = start('conditional', 'ask', { address, quiet: QUIET, perSecond: ASKED_A_MINUTE / 60, ...more });
      await asker.message('primed');
      const sent = await sending(name, half);
      asker.send({ kind: 'stop' });
      const { result } = await asker.message('result');
      await asker.exit;
      return { sent, result };
    };
    const [alone, beside, asked, idle] = [[], [], [], []];
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await sending(`alone-${round}`, half));
      const { sent, result } = await besideIntake(`beside-${round}`, {});
      beside.push(sent);
      asked.push(result);
      idle.push((await besideIntake(`live-${round}`, { live: true })).result);
    }
    const [without, with304] = [alone, beside].map((results) => perSecond(medianOf(results, perSecond)));
    const answered = medianOf(asked, ({ p99 }) => p99);
    const live = medianOf(idle, ({ p99 }) => p99);
    const computed = asked.reduce((sum, one) => sum + one.computed + one.others, 0);
    line({
      what: `304 for ${QUIET.toLocaleString('en')} unchanged tables beside intake`,
      ours: `p50 ${ms(answered.p50)}, p99 ${ms(answered.p99)}`,
      baseline: `/health/live p50 ${ms(live.p50)}, p99 ${ms(live.p99)}`,
      ratio: answered.p99 / live.p99,
      target: 'p99 < 20 ms, none computed',
      met: answered.p99 < 20 && computed === 0,
      bounds: [
        `${Math.round((60 * answered.count) / answered.seconds).toLocaleString('en')} asked a minute; ${computed} tables computed, or not answered with 304; max ${ms(answered.max)}`,
      ],
    });
    line({
      what: 'intake at half its peak beside them',
      ours: rate(with304),
      baseline: `without ${rate(without)}, peak ${rate(peak)}`,
      ratio: with304 / without,
      target: 'at least 0.9x',
      met: with304 / without >= 0.9,
    });
  } finally {
    await service.stop();
  }
}
