/** docs/access.md: its commands run as they stand there, and it speaks of every variable and every word there is. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BAD_TOKEN_REASONS } from '../../../src/access/identity/verdict.js';
import { VARIABLES } from '../../../src/config/variables.js';
import { run } from '../../support/cli.js';

const text = readFileSync(join(__dirname, '../../../docs/access.md'), 'utf8');
const blocks = [...text.matchAll(/^(?: *(<!-- not run: \S[^\n]* -->)\n)? *```sh\n([\s\S]*?)\n *```/gm)];

test('every command runs, or says why it does not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-document-'));
  try {
    const running = blocks.flatMap(([, not, code = '']) => (not === undefined ? code.split('\n').map((line) => line.trim()) : []));
    expect(running).toHaveLength(2);
    for (const command of running) {
      expect(command).toMatch(/^npx disclosure /);
      const { code, stdout } = await run(command.split(' ').slice(2), { folder });
      expect([command, code]).toEqual([command, 0]);
      expect(stdout).toMatch(/eyJ/);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('every word for a bad token is explained, and no other', () => {
  const table = text.slice(text.indexOf('| word |'), text.indexOf('`jku`'));
  expect([...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, word]) => word)).toEqual([...BAD_TOKEN_REASONS]);
});

test('every variable of it is one that there is', () => {
  const named = [...text.matchAll(/\bDISCLOSURE_[A-Z_]+\b/g)].map(([name]) => name);
  const known = VARIABLES.map(({ name }) => name);
  expect([...new Set(named)].filter((name) => !known.includes(name))).toEqual([]);
});
