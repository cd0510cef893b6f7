/** Who may import whom: the table is the architecture. A folder or file not in it fails, so a new one is placed on purpose. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const SRC = join(__dirname, '../src');

/** Folder → what it may import of ours, and from outside. Data flows down this list. */
const MAY_IMPORT: Readonly<Record<string, { readonly own: readonly string[]; readonly packages: readonly string[] }>> = {
  domain: { own: [], packages: [] },
  events: { own: ['domain'], packages: [] },
  statistics: { own: ['domain'], packages: [] },
  calendars: { own: ['domain'], packages: [] },
  ledger: { own: [], packages: ['node:crypto'] },
  /** Runs where this program does not, and checks it: bundled into one file, it must not share what it checks. */
  verifier: {
    own: ['ledger'],
    packages: ['node:buffer', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:stream', 'node:url', 'node:zlib'],
  },
  sqlite: { own: [], packages: ['better-sqlite3', 'node:fs'] },
  log: {
    own: ['domain', 'events', 'ledger', 'sqlite'],
    packages: [
      'better-sqlite3',
      '@eventstore/db-client',
      'node:crypto',
      'node:dns/promises',
      'node:events',
      'node:fs',
      'node:net',
      'node:timers/promises',
      'node:tls',
      'node:util',
    ],
  },
  sealing: { own: ['sqlite'], packages: ['better-sqlite3', 'lru-cache', 'node:crypto'] },
  projections: {
    own: ['domain', 'calendars', 'events', 'statistics', 'log', 'ledger', 'sqlite'],
    packages: ['better-sqlite3', 'lru-cache', 'node:fs', 'node:timers/promises'],
  },
  /** A process of its own: it knows the ledger's formats, and nothing of any ledger. */
  witness: { own: ['ledger', 'sqlite'], packages: ['better-sqlite3', 'node:crypto', 'node:fs', 'node:http', 'node:path'] },
  intake: { own: ['domain', 'events', 'ledger'], packages: ['class-validator'] },
  'use-cases': {
    own: ['domain', 'calendars', 'events', 'statistics', 'ledger', 'log', 'sealing', 'projections', 'intake', 'sqlite', 'verifier'],
    packages: [
      'better-sqlite3',
      'lru-cache',
      'uuid',
      'node:crypto',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:stream',
      'node:stream/promises',
      'node:timers/promises',
      'node:zlib',
    ],
  },
  http: {
    own: ['domain', 'events', 'statistics', 'log', 'intake', 'use-cases'],
    packages: [
      '@nestjs/common',
      '@nestjs/cqrs',
      '@nestjs/platform-fastify',
      '@nestjs/swagger',
      'fastify',
      'prom-client',
      'node:http',
      'node:net',
      'node:stream',
      'node:timers/promises',
      'node:stream/promises',
      'node:timers/promises',
      'node:zlib',
    ],
  },
  cli: {
    own: ['domain', 'intake', 'ledger', 'log', 'sqlite', 'projections', 'statistics', 'use-cases', 'verifier', 'http', 'witness', 'root'],
    packages: [
      '@nestjs/core',
      '@nestjs/cqrs',
      'cli-progress',
      'commander',
      'reflect-metadata',
      'string-width',
      'node:fs',
      'node:http',
      'node:net',
      'node:os',
      'node:timers/promises',
      'node:path',
      'node:url',
    ],
  },
  /** Entry points and the only composition root. */
  root: {
    own: ['domain', 'ledger', 'log', 'sealing', 'sqlite', 'projections', 'use-cases', 'verifier', 'http', 'cli', 'root'],
    packages: [
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/cqrs',
      '@nestjs/platform-fastify',
      'better-sqlite3',
      'commander',
      'fastify',
      'pino',
      'reflect-metadata',
      'node:fs',
      'node:path',
      'node:timers/promises',
    ],
  },
};

/** The only use cases that know Nest: the buses' handlers. */
const NEST_HANDLERS = ['use-cases/commands.ts', 'use-cases/queries.ts'];

interface Import {
  readonly file: string;
  readonly from: string;
}

function sources(): string[] {
  return (readdirSync(SRC, { recursive: true }) as string[]).filter((name) => name.endsWith('.ts'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm)];
  return found.map((match) => ({ file, from: match[1] ?? match[2] ?? match[3] ?? '' }));
}

function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : 'root';
}

const packageOf = (specifier: string): string =>
  specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');

test('every folder is in the table', () => {
  const folders = new Set(sources().map(folderOf));
  expect([...folders].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

test('no file imports what its folder may not', () => {
  const wrong: string[] = [];
  for (const { file, from } of sources().flatMap(importsOf)) {
    const folder = folderOf(file);
    const allowed = MAY_IMPORT[folder];
    if (allowed === undefined) continue;
    if (from.startsWith('.')) {
      const target = relative(SRC, join(SRC, dirname(file), from));
      expect(existsSync(join(SRC, target.replace(/\.js$/, '.ts')))).toBe(true);
      const other = folderOf(target);
      if (other !== folder && !allowed.own.includes(other)) wrong.push(`${file} → ${target}`);
    } else {
      const nest = NEST_HANDLERS.includes(file) && from.startsWith('@nestjs/');
      if (!allowed.packages.includes(packageOf(from)) && !nest) wrong.push(`${file} → ${from}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('the second calculator shares nothing with what it checks', () => {
  const files = sources().filter((file) => file.startsWith('verifier/calculator/'));
  expect(files.length).toBeGreaterThan(5);
  const imports = files.flatMap(importsOf).map(({ file, from }) => relative(SRC, join(SRC, dirname(file), from)));
  expect(imports.filter((target) => dirname(target) !== 'verifier/calculator')).toEqual([]);
  const all = sources().filter((file) => folderOf(file) === 'verifier');
  const shared = all.flatMap(importsOf).filter(({ from }) => /(^|\/)(statistics|projections|domain|use-cases)\//.test(from));
  expect(shared).toEqual([]);
  // What a decision added to an act is not read either, nor what is sealed.
  const code = (file: string): string => readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  expect(files.filter((file) => /derived|sealed/.test(code(file)))).toEqual([]);
});

test('no file is longer than 420 lines', () => {
  const long = sources()
    .map((file) => ({ file, lines: readFileSync(join(SRC, file), 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 420);
  expect(long).toEqual([]);
});

test('stored bytes become typed acts in events/ alone', () => {
  const typed = ['domain', 'calendars', 'intake', 'ledger', 'projections', 'sealing', 'sqlite', 'statistics'];
  const files = sources().filter((file) => typed.includes(folderOf(file)));
  expect(files.filter((file) => readFileSync(join(SRC, file), 'utf8').includes('as unknown as'))).toEqual([]);
});
