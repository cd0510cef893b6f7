// Makes the patch of an exercise again, when the project has moved on.
// "remake.mjs NAME" copies the project and applies what still applies; mend the copy by hand.
// "remake.mjs NAME FOLDER" then writes its changes into NAME.patch, under the head that stands there.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [name, mended] = process.argv.slice(2);
const file = join(root, `test/exercises/${name}.patch`);
const git = (cwd, ...args) => execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
const patch = readFileSync(file, 'utf8');

if (mended === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-exercise-'));
  for (const path of git(root, 'ls-files', '-z')
    .split('\0')
    .filter((found) => found !== '')) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  git(folder, 'init', '--quiet');
  appendFileSync(join(folder, '.git/info/exclude'), 'node_modules\n*.rej\n');
  git(folder, 'add', '--all');
  git(folder, '-c', 'user.name=exercise', '-c', 'user.email=exercise@localhost', 'commit', '--quiet', '--message', 'as it is');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  process.stderr.write(spawnSync('git', ['apply', '--reject', '-'], { cwd: folder, input: patch, encoding: 'utf8' }).stderr);
  console.log(`Mend what is left in *.rej, then: node test/exercises/remake.mjs ${name} ${folder}`);
} else {
  git(mended, 'add', '--all');
  writeFileSync(file, patch.slice(0, patch.search(/^diff --git /m)) + git(mended, 'diff', '--cached', '--no-renames'));
}
