/** What a command loads before it answers: half of its time is that. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileOf, finishFolder, newFolder, run, runAlone } from '../support/cli.js';
import { AGENCY } from '../support/messages.js';
import { asLines } from '../support/service.js';
import { smallYear } from '../support/year.js';

const folder = newFolder();
const COUNTER = pathToFileURL(join(__dirname, '../support/count-modules.mjs'));

/** More than are loaded today by a few of our own files and less than a package: a package is placed on purpose. */
const MOST = 1100;

beforeAll(async () => {
  expect((await run(['import', fileOf(folder, 'year.ndjson', asLines(smallYear()))], { folder })).code).toBe(0);
});

afterAll(() => finishFolder(folder));

/** Addresses of the modules that a command loads, in a process of its own. */
async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
  const file = join(folder, 'modules');
  const finished = await runAlone(args, { folder, env: { NODE_OPTIONS: `--import ${COUNTER.href}`, MODULES_FILE: file } });
  expect([finished.code, finished.stderr]).toEqual([0, '']);
  return readFileSync(file, 'utf8').split('\n');
}

const among = (modules: readonly string[], part: RegExp): readonly string[] => modules.filter((module) => part.test(module));

test('a reading command loads no edge', async () => {
  // A command that reads loads no edge and no validating class.
  const modules = await loadedBy('table', '--agency', AGENCY, '--year', '2017');
  // Counted at all: required modules, imported ones and those of this program.
  for (const part of [/\/better-sqlite3\//, /\/@nestjs\/core\//, /\/dist\/tables\//]) expect(among(modules, part)).not.toEqual([]);
  expect(
    among(
      modules,
      /\/dist\/(http\/|main\.js)|\/node_modules\/(@nestjs\/(swagger|platform-fastify)|fastify|@fastify|prom-client|class-validator)\//,
    ),
  ).toEqual([]);
  expect(modules.length).toBeLessThan(MOST);
});

test('help loads commander alone', async () => {
  // Help loads commander and nothing of Nest or the stores.
  const modules = await loadedBy('--help');
  expect(among(modules, /\/node_modules\/commander\//)).not.toEqual([]);
  expect(among(modules, /\/node_modules\/(?!commander\/)/)).toEqual([]);
  expect(modules.length).toBeLessThan(34);
});
