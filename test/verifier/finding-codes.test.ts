/** Every code that a verification may give stands in its document, and no document speaks of one that there is not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Codes in the first column of the table that begins with this head. */
function documented(text: string, head: string): string[] {
  const lines = text.slice(text.indexOf(head)).split('\n').slice(2);
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('|')),
  );
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, code]) => code as string)).sort();
}

test('of packs: docs/audit-pack.md', () => {
  const folder = 'src/verifier';
  const sources = (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));
  const codes = sources.flatMap((name) =>
    [...read(`${folder}/${name}`).matchAll(/(?:\.error|\.warning|\bsay)\(\s*'([a-z]+(?:-[a-z]+)*)'/g)].map(([, code]) => code as string),
  );
  expect([...new Set(codes)].sort()).toEqual(documented(read('docs/audit-pack.md'), '| rule | means |'));
});

test('of the live store: docs/verify.md', () => {
  const [union] = /export type Rule =[^;]*;/.exec(read('src/audit/verify-store/findings.ts')) ?? [''];
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code as string);
  expect(codes.sort()).toEqual(documented(read('docs/verify.md'), '| rule | means |'));
});
