// Builds what the pages load beside their HTML: dist/pages/assets/style.css of src/pages/styles, with the parts of
// govuk-frontend that these name, the icon, and the scripts of src/pages/script, each one file.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from 'sass';

const root = new URL('..', import.meta.url);
const at = (name) => fileURLToPath(new URL(name, root));

mkdirSync(at('dist/pages/assets'), { recursive: true });
const { css } = compile(at('src/pages/styles/style.scss'), {
  style: 'compressed',
  loadPaths: [at('node_modules')],
  quietDeps: true,
});
writeFileSync(at('dist/pages/assets/style.css'), css);
copyFileSync(at('src/pages/styles/icon.svg'), at('dist/pages/assets/icon.svg'));

/** One file of a script, into dist/pages/assets. */
const bundle = (name, more) =>
  build({
    entryPoints: [at(`src/pages/script/${name}.ts`)],
    outdir: at('dist/pages/assets'),
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    minify: true,
    charset: 'utf8',
    logLevel: 'warning',
    ...more,
  });

/** What the ledger's own sources ask of Node, for a browser. */
const AS_NODE = {
  alias: { 'node:crypto': at('src/pages/script/node/crypto.ts') },
  inject: [at('src/pages/script/node/globals.ts')],
};

await bundle('page', {});
await bundle('ledger', AS_NODE);
