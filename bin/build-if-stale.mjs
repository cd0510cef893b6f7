// Builds dist/ unless it is newer than everything it is made of. npm runs this on install, and again for every
// `npx disclosure` in a clone: a build that is up to date must then be left alone, other processes may be running from
// it.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const marker = new URL('dist/.built', root);
const modified = (url) => statSync(url, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = readdirSync(new URL('src', root), { recursive: true }).map((name) => new URL(`src/${name.replaceAll('\\', '/')}`, root));
const inputs = [
  ...sources,
  ...[
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tsconfig.client.json',
    'nest-cli.json',
    'bin/bundle-verifier.mjs',
    'bin/answer-shapes.mjs',
    'bin/build-pages.mjs',
    'docs/audit-pack.md',
    'docs/counting.md',
  ].map((name) => new URL(name, root)),
];

if (modified(marker) <= Math.max(...inputs.map(modified))) {
  const built = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
  writeFileSync(marker, '');
}
