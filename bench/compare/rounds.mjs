// The rounds that a baseline holds and a comparison repeats: each job beside the reference work of the same round.
import { join } from 'node:path';
import { JOBS, ledgerOf, run } from '../jobs.mjs';
import { measure } from '../measure.mjs';

/** Bare read-decide-append into SQLite for jobs that mostly write, a loop of computing for those that answer. */
async function references({ temporary, log, count }, round) {
  const of = ({ count: done, seconds, cpu }) => ({ wall: seconds / done, processor: (seconds * cpu) / done });
  return {
    store: of(await measure('import', 'bare', { log, folder: join(temporary, `reference-${round}`), count })),
    loop: of(await measure('reference', 'loop', {})),
  };
}

/** Figures of one job in one round: time for each thing done as a multiple of the reference's, memory in bytes. */
function figuresOf({ count, seconds, cpuSeconds, peak }, { wall, processor }) {
  return { processor: cpuSeconds / count / processor, wall: seconds / count / wall, memory: peak };
}

/**
 * Part → figure → a value for each round; `failed` is part → why. A part that fails once is not tried again, and has
 * no figures.
 */
export async function measureRounds(temporary, { events, seed, rounds, wanted }) {
  const ledger = ledgerOf(join(temporary, 'compared'), { events, seed });
  await run('import', ledger);
  const parts = Object.fromEntries(wanted.map((name) => [name, { processor: [], wall: [], memory: [] }]));
  const failed = {};
  for (let round = 0; round < rounds; round += 1) {
    const reference = await references(ledger, round);
    for (const name of wanted.filter((part) => !(part in failed))) {
      try {
        const figures = figuresOf(await run(name, ledger), reference[JOBS[name].reference]);
        for (const [figure, value] of Object.entries(figures)) parts[name][figure].push(value);
      } catch (error) {
        failed[name] = error instanceof Error ? error.message : String(error);
        delete parts[name];
      }
    }
    console.log(`round ${round + 1} of ${rounds}`);
  }
  return { parts, failed };
}
