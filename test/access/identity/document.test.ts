/** docs/access.md speaks of every variable and every word there is; test/docs/commands.test.ts runs its commands. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BAD_TOKEN_REASONS } from '../../../src/access/identity/verdict.js';
import { VARIABLES } from '../../../src/config/variables.js';

const text = readFileSync(join(__dirname, '../../../docs/access.md'), 'utf8');

test('each word for a bad token is explained', () => {
  // Every word for a bad token is explained, and no other.
  const table = text.slice(text.indexOf('| word |'), text.indexOf('`jku`'));
  expect([...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, word]) => word)).toEqual([...BAD_TOKEN_REASONS]);
});

test('its variables are there', () => {
  // Every variable of it is one that there is.
  const named = [...text.matchAll(/\bDISCLOSURE_[A-Z_]+\b/g)].map(([name]) => name);
  const known = VARIABLES.map(({ name }) => name);
  expect([...new Set(named)].filter((name) => !known.includes(name))).toEqual([]);
});
