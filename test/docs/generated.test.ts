/** What docs/ says out of the code is what the code says today. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

test('generated parts are those of the code', () => {
  // Where it fails: npm run docs writes them. A part that no page has, such as a new command's, is named with the
  // marker to write.
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'bin/docs.mjs'), '--check'], { cwd: ROOT, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
