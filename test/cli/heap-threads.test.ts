/**
 * Commands that read the whole log do so in a thread whose heap is bounded: by itself a replay of a million events
 * takes 482 MB instead of 268.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileOf, finishFolder, newFolder, runAlone } from '../support/cli.js';
import { setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';

const NOTER = pathToFileURL(join(__dirname, '../support/note-heap.mjs')).href;
/** Node gives a thread 48 or more by itself, with the memory of the machine. */
const YOUNG_MB = '24';

test.each([['replay'], ['verify'], ['export', '--pack', 'all.pack']])('%s reads in a bounded heap', async (...args) => {
  const folder = newFolder();
  expect((await runAlone(['import', fileOf(folder, 'm.ndjson', asLines(setUp()))], { folder })).code).toBe(0);
  const heaps = join(folder, 'heaps');
  const { code, stderr } = await runAlone(args, { folder, env: { NODE_OPTIONS: `--import ${NOTER}`, HEAP_FILE: heaps } });
  expect([code, stderr]).toEqual([0, '']);
  expect(readFileSync(heaps, 'utf8').split('\n')).toContain(YOUNG_MB);
  await finishFolder(folder);
});
