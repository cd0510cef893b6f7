/**
 * Who may import whom: the table is the architecture. A folder or file not in it fails, so a new one is placed on
 * purpose.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const SRC = join(__dirname, '../src');

interface Room {
  readonly packages: readonly string[];
  /** Only these of the rooms below, where a room is to know less than all of them. */
  readonly only?: readonly string[];
}

/**
 * The rooms in their order, each with what it imports from outside. A room imports only rooms named after it: data
 * flows up, knowledge goes down. `entry` is src/ itself.
 */
const ROOMS: Readonly<Record<string, Room>> = {
  /** What a sender imports: it runs where nothing else of this program is. First, so that nothing imports it. */
  client: {
    packages: ['node:fs/promises', 'node:os', 'node:path', 'node:timers/promises', 'node:zlib'],
    only: [],
  },
  /** What runs in a browser: the build makes files of it, and nothing imports it. */
  'pages/script': {
    packages: ['@noble/ed25519', '@noble/hashes', 'buffer', 'crc-32', 'pako'],
    only: ['verifier', 'ledger', 'encoding'],
  },
  entry: {
    packages: ['@nestjs/common', '@nestjs/core', '@nestjs/cqrs', '@nestjs/platform-fastify', 'commander', 'fastify', 'reflect-metadata'],
  },
  /** Never the other edge: a command starts without controllers. */
  cli: {
    packages: [
      ...['@nestjs/core', '@nestjs/cqrs', '@nestjs/platform-fastify', 'cli-progress', 'commander', 'reflect-metadata', 'string-width'],
      ...['node:fs', 'node:http', 'node:net', 'node:os', 'node:path', 'node:timers/promises', 'node:url'],
      'node:v8',
      'node:worker_threads',
    ],
  },
  /** Never runtime/: what a controller needs it asks for by class, and is given. */
  http: {
    packages: [
      'ical-generator',
      ...['@nestjs/common', '@nestjs/core', '@nestjs/cqrs', '@nestjs/platform-fastify', '@nestjs/swagger', 'fastify', 'prom-client'],
      ...['@fastify/accept-negotiator', '@fastify/compress', '@fastify/rate-limit'],
      ...['class-validator', 'content-disposition', 'fresh', 'negotiator'],
      ...['node:crypto', 'node:fs', 'node:http', 'node:https', 'node:net', 'node:stream', 'node:stream/promises', 'node:timers/promises'],
      'node:zlib',
    ],
  },
  /** Never another edge, nor runtime/: what it needs of http/ is handed in through door.ts. */
  pages: {
    packages: [
      '@nestjs/cqrs',
      'cookie',
      'fastify',
      'lru-cache',
      'openid-client',
      'node:crypto',
      'node:fs',
      'node:stream',
      'preact',
      'preact-render-to-string',
    ],
  },
  /** Files that others open: it asks the readers that the edges ask, and knows neither of those. */
  exports: {
    packages: [
      ...['@embedpdf/fonts-sc', 'docx', 'fflate', 'fontkit', 'papaparse', 'pdfkit'],
      ...['@nestjs/cqrs', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:module', 'node:path', 'node:stream', 'node:stream/promises'],
    ],
    only: ['privacy', 'tables', 'read-models', 'statistics', 'domain', 'time', 'encoding'],
  },
  /** Composes, opens, waits; Nest only hands on what was composed. */
  runtime: {
    packages: [
      ...['@nestjs/common', '@nestjs/cqrs', 'better-sqlite3', 'pino', 'node:fs', 'node:path', 'node:timers/promises'],
      ...['node:crypto', 'node:http', 'node:https', 'node:os', 'node:tls', 'node:worker_threads'],
    ],
  },
  audit: {
    packages: [
      ...['better-sqlite3', 'lru-cache', 'node:crypto', 'node:events', 'node:fs', 'node:fs/promises', 'node:path'],
      'node:stream',
      ...['node:stream/promises', 'node:timers/promises', 'node:zlib'],
    ],
  },
  privacy: { packages: ['class-validator', 'uuid', 'node:timers/promises'] },
  signing: { packages: ['uuid', 'node:crypto', 'node:timers/promises'] },
  feed: { packages: ['lru-cache', 'node:timers/promises'] },
  tables: { packages: ['lru-cache', 'papaparse', 'node:timers/promises'] },
  recording: { packages: ['lru-cache', 'uuid', 'node:crypto'] },
  access: { packages: ['jose', 'node:crypto', 'node:fs', 'node:path'] },
  'read-models': {
    packages: ['better-sqlite3', 'lru-cache', 'node:events', 'node:fs', 'node:timers/promises', 'node:worker_threads'],
  },
  /** Rows of spreadsheets become messages here; what a message is and may say is below. */
  spreadsheets: { packages: ['class-validator', 'papaparse', 'node:fs', 'node:path'] },
  intake: { packages: ['class-validator', 'fastest-levenshtein'] },
  events: { packages: [] },
  /** What numbers in prose count. It knows forms and their tables, and nothing of any ledger. */
  prose: { packages: ['opencc-js'], only: ['statistics', 'encoding'] },
  statistics: { packages: [], only: ['domain', 'time', 'encoding'] },
  calendars: { packages: [], only: ['domain', 'time'] },
  log: {
    packages: [
      ...['better-sqlite3', '@eventstore/db-client', 'node:crypto', 'node:dns/promises', 'node:events', 'node:fs', 'node:net'],
      ...['node:timers/promises', 'node:tls', 'node:util', 'node:worker_threads'],
    ],
  },
  domain: { packages: [], only: ['time', 'encoding'] },
  sealing: { packages: ['better-sqlite3', 'lru-cache', 'node:crypto'] },
  /** A process of its own: it knows the ledger's formats, and nothing of any ledger. */
  witness: { packages: ['better-sqlite3', 'node:crypto', 'node:fs', 'node:http', 'node:path'], only: ['ledger', 'encoding', 'sqlite'] },
  /** Runs where this program does not, and checks it: bundled into one file, it must not share what it checks. */
  verifier: {
    packages: ['node:buffer', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:stream', 'node:url', 'node:zlib'],
    only: ['ledger', 'encoding'],
  },
  ledger: { packages: ['node:crypto'], only: ['encoding'] },
  sqlite: { packages: ['better-sqlite3', 'node:fs'] },
  /** Files of people as text. What is in them may be hostile: nothing that they name is loaded. */
  documents: {
    packages: [
      ...['csv-parse', 'htmlparser2', 'unpdf', 'yauzl'],
      ...['node:fs', 'node:fs/promises', 'node:path', 'node:stream', 'node:stream/promises', 'node:worker_threads'],
    ],
    only: ['config', 'encoding'],
  },
  config: { packages: ['node:crypto', 'node:fs', 'node:net', 'node:path', 'node:tls'] },
  time: { packages: [] },
  encoding: { packages: ['node:crypto'] },
};
const ORDER = Object.keys(ROOMS);

/** In every room the buses' handlers, alone or beside their query, and the module that lists them know Nest. */
const KNOWS_NEST = /(^|\/)(handlers|[a-z-]+\.(query|module))\.ts$/;
/** Folders with a larger number of files are a hall, not a room. */
const MAX_FILES = 18;

interface Import {
  readonly file: string;
  readonly from: string;
}

function sources(): string[] {
  return (readdirSync(SRC, { recursive: true }) as string[]).filter((name) => /\.tsx?$/.test(name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = [...text.matchAll(/^(?:import|export)\s[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm)];
  return found.map((match) => ({ file, from: match[1] ?? match[2] ?? match[3] ?? '' }));
}

function folderOf(file: string): string {
  if (file.startsWith('pages/script/')) return 'pages/script';
  return file.includes('/') ? (file.split('/')[0] ?? '') : 'entry';
}

const packageOf = (specifier: string): string =>
  specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');

/** The file of ours that an import means; undefined for a package. */
function targetOf({ file, from }: Import): string | undefined {
  if (!from.startsWith('.')) return undefined;
  const target = relative(SRC, join(SRC, dirname(file), from));
  const drawn = target.replace(/\.js$/, '.tsx');
  return existsSync(join(SRC, drawn)) ? drawn : target.replace(/\.js$/, '.ts');
}

function mayImport(room: string, other: string): boolean {
  if (room === other) return true;
  const edges = ['cli', 'http', 'pages'];
  if (edges.includes(room) && edges.includes(other)) return false;
  if (room === 'pages' && other === 'exports') return false;
  if (['http', 'pages'].includes(room) && other === 'runtime') return false;
  return ORDER.indexOf(other) > ORDER.indexOf(room) && (ROOMS[room]?.only?.includes(other) ?? true);
}

test('every folder is a room of the table', () => {
  expect([...new Set(sources().map(folderOf))].sort()).toEqual([...ORDER].sort());
});

test('rooms import only lower rooms and own packages', () => {
  // A room imports only rooms below it, and only its own packages.
  const wrong: string[] = [];
  for (const found of sources().flatMap(importsOf)) {
    const { file, from } = found;
    const room = folderOf(file);
    const target = targetOf(found);
    if (target !== undefined) {
      expect(existsSync(join(SRC, target))).toBe(true);
      if (!mayImport(room, folderOf(target))) wrong.push(`${file} → ${target}`);
    } else if (!(ROOMS[room]?.packages.includes(packageOf(from)) ?? false) && !(KNOWS_NEST.test(file) && from.startsWith('@nestjs/')))
      wrong.push(`${file} → ${from}`);
  }
  expect(wrong).toEqual([]);
});

test('no imports form a circle, types included', () => {
  // No file reaches itself by its imports, not for types either.
  const imports = new Map(sources().map((file) => [file, importsOf(file).flatMap((found) => targetOf(found) ?? [])]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    else if (!done.has(file)) {
      for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    }
  };
  for (const file of imports.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

/** V8 ends the whole process where a thread is ended while a module begins whose import has just awaited. */
test('nobody imports what awaits as it loads', () => {
  const awaits = new Set(sources().filter((file) => /^(?:(?:export )?(?:const|let) [^>\n]*|for )?\bawait /m.test(codeOf(file))));
  expect([...awaits].sort()).toEqual(['log/read-thread/entry.ts', 'runtime/thread/entry.ts']);
  const importing = sources().flatMap(importsOf);
  expect(importing.filter((found) => awaits.has(targetOf(found) ?? ''))).toEqual([]);
});

test('no folder is crowded, no room too large', () => {
  // No folder is crowded, and no room but three holds over a sixth of the code.
  const files = Map.groupBy(sources(), dirname);
  expect([...files].filter(([, of]) => of.length > MAX_FILES).map(([folder, of]) => `${folder}: ${of.length} files`)).toEqual([]);
  const lines = (of: readonly string[]): number =>
    of.reduce((sum, file) => sum + readFileSync(join(SRC, file), 'utf8').split('\n').length, 0);
  const all = lines(sources());
  const large = [...Map.groupBy(sources(), folderOf)].filter(([, of]) => lines(of) > all / 6).map(([room]) => room);
  expect(large.filter((room) => !['verifier', 'domain', 'read-models'].includes(room))).toEqual([]);
});

test('SQL stands in the folder of its schema', () => {
  const SQL = /[`'"(]\s*(SELECT\s|INSERT (OR|INTO)|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX|UNIQUE|TEMP))/;
  const homes = /^(read-models|log|sealing|witness|sqlite)\/|^audit\/verify-store\//;
  expect(sources().filter((file) => !homes.test(file) && SQL.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
});

test('no file only re-exports another', () => {
  const code = (file: string): string => readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const own = (file: string): string => code(file).replace(/^(import|export)\s[^;]*?\sfrom\s+'[^']+';$/gm, '');
  expect(sources().filter((file) => own(file).trim() === '')).toEqual([]);
});

test('the second calculator shares no code', () => {
  // The second calculator shares nothing with what it checks.
  const files = sources().filter((file) => file.startsWith('verifier/calculator/'));
  expect(files.length).toBeGreaterThan(5);
  const imports = files.flatMap(importsOf).map(({ file, from }) => relative(SRC, join(SRC, dirname(file), from)));
  expect(imports.filter((target) => dirname(target) !== 'verifier/calculator')).toEqual([]);
  const all = sources().filter((file) => folderOf(file) === 'verifier');
  const shared = all.flatMap(importsOf).filter(({ from }) => /(^|\/)(statistics|read-models|domain|tables|recording)\//.test(from));
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

test('comments have lines of at most 120 characters', () => {
  const ROOT = join(SRC, '..');
  const files = ['src', 'test', 'bench', 'bin'].flatMap((folder) =>
    (readdirSync(join(ROOT, folder), { recursive: true }) as string[])
      .filter((name) => /\.(tsx?|mjs)$/.test(name))
      .map((name) => join(folder, name)),
  );
  expect(files.length).toBeGreaterThan(600);
  const long = files.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => (line.length > 120 && /^\s*(\/\*|\*|\/\/)/.test(line) ? [`${file}:${at + 1}`] : [])),
  );
  expect(long).toEqual([]);
});

/** Code alone: without comments, and without imports, whose names are not cast. */
const codeOf = (file: string): string =>
  readFileSync(join(SRC, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')
    .replace(/^(import|export)\s[^;]*?\sfrom\s+'[^']+';$/gm, '');

test('stored bytes become typed acts in events/ alone', () => {
  expect(sources().filter((file) => file !== 'events/envelope.ts' && codeOf(file).includes('as unknown as'))).toEqual([]);
});

/** `value as Type`, but neither `as const`, nor `key in Type as Name` of a mapped type, nor words of a text. */
const CAST = /[\w)\]}'`?] as (?!const\b)(?:unknown|string|number|boolean|bigint|readonly|object|any|never|keyof|typeof|[A-Z]\w*|[{[(])/g;

test('types are looked at, not claimed', () => {
  const casts = (file: string): number =>
    (
      codeOf(file)
        .replace(/\[\w+ in [^\]]*? as /g, '')
        .match(CAST) ?? []
    ).length;
  const sum = (files: readonly string[]): number => files.reduce((all, file) => all + casts(file), 0);
  expect(sum(sources().filter((file) => folderOf(file) === 'domain'))).toBeLessThan(15);
  expect(sum(sources())).toBeLessThan(150);
});
