/** The table of environment variables is what the sources read, and prints no secret. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings, VARIABLES } from '../../src/config/variables.js';
import { run } from '../support/cli.js';

const SRC = join(__dirname, '../../src');
const sources = (readdirSync(SRC, { recursive: true }) as string[])
  .filter((name) => name.endsWith('.ts') && name !== 'config/variables.ts')
  .map((name) => readFileSync(join(SRC, name), 'utf8'));

test('variables read and variables listed agree', () => {
  // Every variable that is read is in the table, and every one in the table is read.
  const code = sources.map((text) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')).join('\n');
  const direct = [...code.matchAll(/env\[['"]([A-Z][A-Z_]+)['"]\]/g)].map(([, name]) => name as string);
  const prefixes = [...code.matchAll(/signerKeys\(env, '([A-Z_]+)'/g)].flatMap(([, name]) => [`${name}_KEY`, `${name}_NAME`]);
  const texts = [...code.matchAll(/(?:textOf|verifierKeys)\(env, '([A-Z_]+)'\)/g)].map(([, name]) => name as string);
  const read = [...new Set([...direct, ...prefixes, ...texts])].sort();
  expect(read).toEqual(VARIABLES.map(({ name }) => name).sort());
  expect(VARIABLES.filter(({ file }) => file === true).map(({ name }) => name)).toEqual(
    expect.arrayContaining([...texts, ...prefixes.filter((name) => name.endsWith('_KEY'))]),
  );
});

test('a secret and a password are never printed', async () => {
  const env = {
    DISCLOSURE_LEDGER_KEY: 'PRIVATE+KEY+secret-ledger',
    DISCLOSURE_WITNESS_KEY_FILE: '/etc/witness.key',
    EVENTSTOREDB_URL: 'esdb://admin:secret-password@db.example:2113?tls=true',
    DISCLOSURE_DATA: '/srv/ledger',
  };
  const of = (name: string): unknown => settings(env).find((one) => one.name === name)?.value;
  expect(of('DISCLOSURE_LEDGER_KEY')).toBe('***');
  expect(of('EVENTSTOREDB_URL')).toBe('esdb://admin:***@db.example:2113?tls=true');
  expect(of('DISCLOSURE_WITNESS_KEY_FILE')).toBe('/etc/witness.key');
  for (const flags of [[], ['--json']]) {
    const { code, stdout, stderr } = await run(['config', ...flags], { folder: '/', env });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain('secret');
    expect(stdout).toContain('/srv/ledger');
  }
});

test('--json gives value, default and meaning', async () => {
  // --json gives each variable with value, default and meaning.
  const { stdout } = await run(['config', '--json'], { folder: '/', env: { DISCLOSURE_DATA: '', PORT: '81' } });
  const { variables } = JSON.parse(stdout) as { variables: { name: string; value: string | null; default: string | null }[] };
  expect(variables.map(({ name }) => name)).toEqual(VARIABLES.map(({ name }) => name));
  expect(variables.find(({ name }) => name === 'PORT')).toMatchObject({ value: '81', default: '3000' });
  expect(variables.find(({ name }) => name === 'DISCLOSURE_DATA')).toMatchObject({ value: null, default: 'data' });
});
