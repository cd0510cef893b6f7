// How what the ledger costs grows with it: every job at every size, as a table, a file of results and a drawing.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JOBS, ledgerOf, run } from '../jobs.mjs';
import { columns, megabytes, ms } from '../report.mjs';
import { circumstances, describe, keepResult, resultFile, wantedParts } from '../setting.mjs';
import { drawing } from './drawing.mjs';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const WIDTHS = [30, 12, 12, 22, 12, 12, 14];

/** Seconds with three digits, as small as they get. */
const seconds = (value) => (value < 1 ? ms(value * 1000) : `${value.toFixed(1)} s`);

function printHead() {
  console.log(columns(['what', 'events', 'wall', 'p50, p99 of one', 'processor', 'peak memory', 'disk'], WIDTHS));
}

function printRow({ part, events, seconds: wall, cpuSeconds, peak, disk, p50, p99 }) {
  const { what, kind } = JOBS[part];
  const one = kind === 'question';
  console.log(
    columns(
      [
        what,
        events.toLocaleString('en'),
        one ? '' : seconds(wall),
        one ? `${ms(p50)}, ${ms(p99)}` : '',
        seconds(cpuSeconds),
        megabytes(peak),
        one ? '' : megabytes(disk),
      ],
      WIDTHS,
    ),
  );
}

/**
 * A ledger of one size with every wanted job run on it once; the import, which makes it, always runs. One that cannot
 * be measured is said, and hides no other.
 */
async function rowsAt(temporary, { events, seed, wanted }) {
  const folder = join(temporary, String(events));
  const rows = [];
  const ledger = ledgerOf(folder, { events, seed });
  for (const part of Object.keys(JOBS).filter((name) => name === 'import' || wanted.includes(name))) {
    try {
      const row = { part, events: ledger.count, ...(await run(part, ledger)) };
      printRow(row);
      rows.push(row);
    } catch (error) {
      console.log(`${part}: not measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return rows;
}

export async function curves(temporary, { sizes, seed, into }) {
  const about = circumstances(seed);
  const wanted = wantedParts(Object.keys(JOBS));
  console.log(describe(about));
  printHead();
  const rows = [];
  for (const events of sizes) rows.push(...(await rowsAt(temporary, { events, seed, wanted })));
  const result = { kind: 'curves', ...about, rows };
  await keepResult(resultFile(about, { into }), result);
  const drawn = join(into ?? DOCS, 'performance.svg');
  writeFileSync(drawn, drawing(result));
  console.log(`drawn in ${drawn}`);
  return 0;
}
