/**
 * Names that pages use between backticks are names of the program: commands with their options, addresses, variables;
 * and no code is without its line.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from '../../src/config/variables.js';
import { QUERY_STATUS } from '../../src/http/problem.js';
import { REFUSAL_CODES } from '../../src/domain/refusal-codes.js';
import { pages, readPage, ROOT } from '../support/pages.js';

const COMMANDS = readFileSync(join(ROOT, 'docs/contract/commands.md'), 'utf8');
const ADDRESSES = readFileSync(join(ROOT, 'docs/contract/addresses.md'), 'utf8');

/** Command, such as `keys new` → its options, as its help has them. */
const options = new Map(
  [...COMMANDS.matchAll(/^Usage: disclosure ([a-z]+(?: [a-z]+)?)[^\n]*\n([\s\S]*?)^```/gm)].map(([, name = '', help = '']) => [
    name,
    new Set(help.match(/--[a-z-]+/g) ?? []),
  ]),
);
/** Each as a pattern: what stands in braces is anything. */
const addresses = [...ADDRESSES.matchAll(/^### [A-Z]+ (\S+)$/gm)].map(
  ([, path = '']) => new RegExp(`^${path.replace(/\{path\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`),
);

interface Word {
  readonly where: string;
  readonly text: string;
}

function inlineCode(path: string): Word[] {
  return readPage(path).prose.flatMap(({ number, text }) =>
    [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => ({ where: `${path}:${number}`, text: word })),
  );
}

const words = pages().flatMap(inlineCode);

test('commands and their options', () => {
  expect(options.size).toBeGreaterThan(15);
  const wrong = words.flatMap(({ where, text }) => {
    const [, first = '', rest = ''] = /^(?:npx )?disclosure ([a-z]+)(.*)$/.exec(text) ?? [];
    if (first === '' || first === 'keys') return [];
    const known = options.get(first);
    if (known === undefined) return [`${where}: there is no command ${first}`];
    return (rest.match(/--[a-z-]+/g) ?? []).filter((option) => !known.has(option)).map((option) => `${where}: ${first} has no ${option}`);
  });
  expect(wrong).toEqual([]);
});

test('addresses', () => {
  const wrong = words.filter(({ text }) => {
    const [, path] = /^(?:[A-Z]+ )?(\/(?:v1|health)\/[^\s?…]*)(?:\?\S*)?$/.exec(text) ?? [];
    return path !== undefined && !path.endsWith('/*') && !addresses.some((address) => address.test(path.replace(/\/$/, '')));
  });
  expect(wrong).toEqual([]);
});

test('variables', () => {
  const known = new Set(VARIABLES.flatMap(({ name, file }) => (file === true ? [name, `${name}_FILE`] : [name])));
  expect(words.filter(({ text }) => /^DISCLOSURE_[A-Z_]+$/.test(text) && !known.has(text))).toEqual([]);
});

test('every code has its line', () => {
  // Every code that the program gives has its line in refusals.md or findings.md, one of the client in emitting.md.
  const tables = ['contract/refusals', 'contract/findings', 'emitting']
    .map((page) => readFileSync(join(ROOT, `docs/${page}.md`), 'utf8'))
    .join('\n');
  const said = new Set(
    [...tables.matchAll(/^\|([^|]*)\|([^|]*)\|/gm)].flatMap(([, ...cells]) => cells.join().match(/(?<=`)[a-z-]+(?=`)/g) ?? []),
  );
  const sources = (readdirSync(join(ROOT, 'src'), { recursive: true }) as string[]).filter((name) =>
    /^(?!verifier|witness).*\.ts$/.test(name),
  );
  const given = sources.flatMap((name) => {
    const text = readFileSync(join(ROOT, 'src', name), 'utf8');
    const literals = [
      ...text.matchAll(/\bnew EmitterError\('([a-z-]+)'|\bputOff\((?:\w+, )?'([a-z-]+)'/g),
      ...text.matchAll(/\bproblem\(\d+, '([a-z-]+)'|\bcode: '([a-z-]+)'|new BackupProblem\('([a-z-]+)'|\bcode = '([a-z-]+)'/g),
    ];
    return literals.flatMap((found) => found.slice(1).find((code) => code !== undefined) ?? []);
  });
  expect(given.length).toBeGreaterThan(20);
  const codes = new Set([...given, ...REFUSAL_CODES, ...Object.keys(QUERY_STATUS)]);
  expect([...codes].filter((code) => !said.has(code))).toEqual([]);
});

test('no answer sends its reader to the README', () => {
  // It says the page that has the thing, so that a reader of one answer finds it.
  const sources = (readdirSync(join(ROOT, 'src'), { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));
  expect(sources.filter((name) => readFileSync(join(ROOT, 'src', name), 'utf8').includes('README'))).toEqual([]);
  const named = sources.flatMap((name) => readFileSync(join(ROOT, 'src', name), 'utf8').match(/\bdocs\/[\w/-]+\.md/g) ?? []);
  expect([...new Set(named)].filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
});
