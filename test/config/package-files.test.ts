/** One version, in package.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programVersion } from '../../src/config/package-files.js';
import { newFolder, run } from '../support/cli.js';
import { startService } from '../support/service.js';

const manifest = readFileSync(join(__dirname, '../../package.json'), 'utf8');

test('is said by the command and the description', async () => {
  expect(manifest).toContain(`"version": "${programVersion()}"`);
  expect((await run(['--version'], { folder: newFolder() })).stdout.trim()).toBe(programVersion());
  const service = await startService();
  const { info } = (await service.get('/openapi.json')).json<{ readonly info: { readonly version: string } }>();
  expect(info.version).toBe(programVersion());
  await service.finish();
});

test('the changelog has a chapter for it', () => {
  const changelog = readFileSync(join(__dirname, '../../CHANGELOG.md'), 'utf8');
  expect(changelog).toMatch(new RegExp(`^## (Unreleased|${programVersion().replaceAll('.', '\\.')})`, 'm'));
});
