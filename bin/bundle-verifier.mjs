// Makes of src/verifier one file that plain Node runs: dist/verifier.mjs, which every pack carries, and beside it the
// specification it carries too.
import { build } from 'esbuild';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

await build({
  entryPoints: [path('src/verifier/main.ts')],
  outfile: path('dist/verifier.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
});
for (const name of ['audit-pack.md', 'counting.md']) copyFileSync(path(`docs/${name}`), path(`dist/${name}`));
