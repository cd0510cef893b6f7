// Builds what the pages load beside their HTML: dist/pages/assets/style.css of src/pages/styles, with the parts of
// govuk-frontend that these name, and the icon.
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
