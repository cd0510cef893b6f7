/** A large import takes as much memory as one three times as large: it holds what is on its way, whatever the file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { budget } from '../support/budget.js';
import { fileOf, finishFolder, newFolder, runAlone } from '../support/cli.js';
import { manyPublications } from '../support/kill-import.js';
import { asLines } from '../support/service.js';

const NOTER = pathToFileURL(join(__dirname, '../support/note-peak.mjs'));
/** As many as fill the caches. */
const ITEMS = 10_000;
const MIB = 1024 * 1024;
/** Three times as much took 160 MiB more where the heap grew as it liked, and takes some 30 where it may not. */
const MORE_AT_MOST = 60 * MIB;

/** Bytes that the process of an import of so many items had resident at most. */
async function peakOf(items: number): Promise<number> {
  const folder = newFolder();
  const peak = join(folder, 'peak');
  const file = fileOf(folder, 'items.ndjson', asLines(manyPublications(items)));
  const env = { NODE_OPTIONS: `--import ${NOTER.href}`, PEAK_FILE: peak };
  const { code, stderr } = await runAlone(['import', file], { folder, env });
  expect([code, stderr]).toEqual([0, '']);
  const bytes = Number(readFileSync(peak, 'utf8'));
  await finishFolder(folder);
  return bytes;
}

/** A minute or two of both cores: in the long run only. */
const inLongRun = budget(0, 1) === 1 ? test : test.skip;

inLongRun('three times the messages take no more memory', async () => {
  const once = await peakOf(ITEMS);
  expect((await peakOf(3 * ITEMS)) - once).toBeLessThan(MORE_AT_MOST);
});
