/**
 * A read is asked over HTTP and on the command line. What of one is not there yet is told here, file by file.
 * Write its query, run this test, and do what it says until it is silent (docs/adding.md, "A read").
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { HttpModule } from '../../src/http/http.module.js';
import { parametersOf } from '../../src/http/dto/parameter.js';
import { LedgerModule } from '../../src/runtime/ledger.module.js';
import { run } from '../support/cli.js';
import { declaredRoutes, type DeclaredRoute } from '../support/controllers.js';
import { startService, type TestService } from '../support/service.js';

const ROOT = join(__dirname, '../..');

type Edge = 'http' | 'cli' | 'exports' | 'pages';

/** Asked at one edge on purpose, and why; every other query over HTTP and on the command line. */
const ONE_EDGE: Readonly<Record<string, { readonly edge: Edge; readonly why: string }>> = {
  ExplainCell: { edge: 'cli', why: 'every event named at once; an address asks FindBehindCell, and names them some at a time' },
  FindBehindCell: { edge: 'http', why: 'what ExplainCell is to a command' },
  ReadEvents: { edge: 'http', why: 'auditors follow the log; a command exports it as a pack' },
  GetCheckpoint: { edge: 'http', why: 'an address of C2SP tlog-tiles, read by its clients' },
  GetWitnesses: { edge: 'http', why: 'what the running service heard of its witnesses' },
  GetEventProof: { edge: 'http', why: 'an answer of the ledger to whoever holds an event; a pack carries all proofs' },
  GetProofFile: { edge: 'http', why: 'the same as a C2SP proof file' },
  GetConsistency: { edge: 'http', why: 'between two checkpoints that somebody was handed' },
  ListForms: { edge: 'http', why: 'for programs that draw tables; docs/contract/forms.md prints them for people' },
  GetForm: { edge: 'http', why: 'the same of one form' },
  ListPublicAgencies: { edge: 'http', why: 'for who is not identified; a command on the machine of the ledger sees them all' },
  AgenciesFor: { edge: 'http', why: 'whose tables an answer of many holds; a command prints one table' },
  GetReportText: { edge: 'cli', why: 'a draft for officers, who write around it; no address of the contract gives it' },
  CountCases: { edge: 'exports', why: 'how far an export is; no answer needs it' },
  FindByTitle: { edge: 'pages', why: 'what a person types into a page; a program asks by number or document number' },
  GetReopened: { edge: 'pages', why: 'what a home page lists beside the cases of open states; programs read whom a case waits for' },
  ListYears: { edge: 'pages', why: 'the years of a home page, without computing the tables that ListTables tells of' },
  ListViews: { edge: 'pages', why: 'what a reader may choose on the page of a table; programs ask ListTables' },
  GetLedgerKeys: { edge: 'pages', why: 'what a browser checks a proof against; a pack and `disclosure keys` name them elsewhere' },
  GetReviewWaits: { edge: 'pages', why: 'drawn from trails; programs read the trails themselves' },
  GetTile: { edge: 'http', why: 'an address of C2SP tlog-tiles' },
};

interface Query {
  readonly name: string;
  readonly file: string;
  /** Type of its answer, as written. */
  readonly answer: string;
}

/** Source files under src/ with their text, without comments. */
const sources = new Map(
  (readdirSync(join(ROOT, 'src'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [`src/${name}`, readFileSync(join(ROOT, 'src', name), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')]),
);

const queries: readonly Query[] = [...sources].flatMap(([file, text]) =>
  [...text.matchAll(/class (\w+) extends Query<([^{]*)> \{/g)].map(([, name = '', answer = '']) => ({ name, file, answer })),
);

const asks = (text: string, { name }: Query): boolean => new RegExp(`\\bnew (\\w+\\.)?${name}\\(`).test(text);
const filesThatAsk = (query: Query, folder: string): string[] =>
  [...sources].filter(([file, text]) => file.startsWith(folder) && asks(text, query)).map(([file]) => file);

let routes: readonly DeclaredRoute[];
let service: TestService;
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

beforeAll(async () => {
  routes = await declaredRoutes();
  service = await startService();
  paths = (await service.get('/openapi.json')).json<{ paths: typeof paths }>().paths;
});

afterAll(() => service.finish());

/** Fails with what is left to do, line by line. */
function nothingLeft(left: readonly string[]): void {
  if (left.length > 0) throw new Error(`Left to do (docs/adding.md, "A read"):\n\n${left.join('\n')}\n`);
}

const line = (file: string, what: string): string => `  ${file}\n      ${what}`;
const under = (head: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : [head, ...lines]);

/** Module of the room of a file, such as src/read-models/read-models.module.ts. */
function moduleOf(file: string): string {
  const room = dirname(file).split('/')[1] ?? '';
  return `src/${room}/${room}.module.ts`;
}

/** Classes that the modules of a ledger provide. */
function provided(): Type[] {
  const { imports = [] } = LedgerModule.around({} as Parameters<typeof LedgerModule.around>[0]);
  return imports.flatMap((module) => (Reflect.getMetadata(MODULE_METADATA.PROVIDERS, module) ?? []) as Type[]);
}

function handling(query: Query): string[] {
  const handler = new RegExp(`@QueryHandler\\(${query.name}\\)\\s+export class (\\w+)`).exec(sources.get(query.file) ?? '')?.[1];
  const lacksHandler =
    handler === undefined ? [line(query.file, `its handler: @QueryHandler(${query.name}) export class ${query.name}Handler`)] : [];
  const listed = provided().some(({ name }) => name === (handler ?? `${query.name}Handler`));
  return [...lacksHandler, ...(listed ? [] : [line(moduleOf(query.file), `${handler ?? `${query.name}Handler`} among the providers`)])];
}

/** Where each edge asks, and what of it is to be written there. */
const EDGES = {
  http: {
    folder: 'src/http/controllers/',
    file: 'src/http/controllers/TOPIC.controller.ts',
    what: (name: string) => `a route that executes new ${name}(…), with the class of its parameters above the controller`,
  },
  cli: {
    folder: 'src/cli/',
    file: 'src/cli/reads/TOPIC.ts',
    what: (name: string) => `a command that executes new ${name}(…), with its options and its lines for people`,
  },
  exports: { folder: 'src/exports/', file: 'src/exports/lists/TOPIC.ts', what: (name: string) => `a list that asks new ${name}(…)` },
  pages: { folder: 'src/pages/', file: 'src/pages/ask/TOPIC.ts', what: (name: string) => `a page that asks new ${name}(…)` },
} as const satisfies Record<Edge, unknown>;
const BOTH: readonly Edge[] = ['http', 'cli'];

function edges(query: Query): string[] {
  const only = ONE_EDGE[query.name]?.edge;
  return (only === undefined ? BOTH : [only])
    .filter((edge) => filesThatAsk(query, EDGES[edge].folder).length === 0)
    .map((edge) => line(EDGES[edge].file, `${EDGES[edge].what(query.name)}; or why there is none, in ONE_EDGE of this test`));
}

test('every query has handler, address, command', () => {
  // Every query has a handler, an address and a command.
  expect(queries.length).toBeGreaterThan(10);
  nothingLeft(queries.flatMap((query) => under(`${query.name}, a query in ${query.file}:`, [...handling(query), ...edges(query)])));
});

test('a file of a query holds one', () => {
  const empty = [...sources.keys()].filter((file) => file.endsWith('.query.ts') && !queries.some((query) => query.file === file));
  nothingLeft(empty.map((file) => line(file, 'export class … extends Query<ANSWER>, with the shape of the answer')));
});

test('one-edge queries are asked there alone', () => {
  // What is asked at one edge on purpose is a query, and asked there alone.
  const wrong = Object.entries(ONE_EDGE).filter(([name, { edge }]) => {
    const query = queries.find((found) => found.name === name);
    return query === undefined || BOTH.some((other) => other !== edge && filesThatAsk(query, EDGES[other].folder).length > 0);
  });
  expect(wrong.map(([name]) => `${name}: take it out of ONE_EDGE in test/adding/read.test.ts`)).toEqual([]);
});

/** The operation of /openapi.json that describes a route. */
function operationOf({ address }: DeclaredRoute): Operation | undefined {
  const [method = '', path = ''] = address.split(' ');
  return paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
}

/** What a route must say of itself and does not. */
function unsaid(route: DeclaredRoute): string[] {
  const { address, says, query } = route;
  const operation = operationOf(route);
  const described = (operation?.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  // Of a controller that no module names nothing is described: that is said first.
  const parts = operation === undefined ? [] : [...address.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const open = parts.filter((name) => !described.includes(name));
  const read = (query === undefined ? [] : (parametersOf(query) ?? [])).map(({ name }) => name);
  const wanted = query === undefined ? 'a class' : query.name;
  return [
    ...(says.personalData === undefined
      ? ['@HoldsNoPersonalData(), or @HoldsPersonalData() where its answer may hold what is sealed']
      : []),
    ...(says.needs === undefined ? ['@Needs(…), what a caller must hold, of http/access/needs.ts'] : []),
    ...(query !== undefined && read.length === 0 ? [`@Query() of a class whose properties say @Parameter(): ${wanted} has none`] : []),
    ...(`${read.join()}` === `${(says.parameters ?? []).join()}` ? [] : [`@Takes(${wanted}), as its @Query() says`]),
    ...(open.length === 0
      ? []
      : [`@At(${route.path?.name ?? 'a class of http/dto/common.ts'}), which describes ${open.join(', ')} of the address`]),
  ];
}

/** Whether the answer of a query that is no text and no bytes has its shape in the description. */
function shapeOf(route: DeclaredRoute): string[] {
  const asked = queries.filter((query) => asks(route.body, query) && !['string', 'Buffer'].includes(query.answer));
  const operation = operationOf(route);
  const { content = {} } = operation?.responses?.['200'] ?? {};
  // An answer in lines is described line by line, in words.
  const isShaped = ['application/json', 'application/x-ndjson'].some((type) => Object.hasOwn(content, type));
  if (asked.length === 0 || operation === undefined || isShaped) return [];
  return [`@Answers<${asked.map(({ answer }) => answer).join(' | ')}>(200, …) with what the answer holds, and @Fails(…) with its codes`];
}

test('every route says what it takes, answers', () => {
  // Every route says what it takes and what it answers.
  expect(routes.length).toBeGreaterThan(15);
  const listed = (Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, HttpModule) ?? []) as Type[];
  nothingLeft([
    ...[...new Set(routes.map(({ controller }) => controller))]
      .filter((controller) => !listed.includes(controller))
      .map(({ name }) => line('src/http/http.module.ts', `${name} among the controllers`)),
    ...routes.flatMap((route) =>
      under(
        `${route.address}, in ${route.file}, over ${route.name}():`,
        [...unsaid(route), ...shapeOf(route)].map((what) => `      ${what}`),
      ),
    ),
  ]);
});

/** Commands as they are declared in the sources, each with its file. */
const declared = [...sources].flatMap(([file, text]) =>
  [...text.matchAll(/(?<!keys\n\s+)\.command\('([\w-]+)'\)/g)].map(([, name = '']) => ({ name, file })),
);

test('every command has its page in help', async () => {
  expect(declared.length).toBeGreaterThan(15);
  const pageOf = async (...command: string[]): Promise<string> => (await run([...command, '--help'], { folder: ROOT })).stdout;
  const all = await pageOf();
  const left: string[] = [];
  for (const { name, file } of declared) {
    if (!new RegExp(`^ {2}${name} `, 'm').test(all)) {
      left.push(line('src/cli.ts', `call what declares "${name}" in ${file}; where it does, dist/ is stale: npm run build`));
      continue;
    }
    const page = await pageOf(name);
    if (new RegExp(`^Usage: disclosure ${name}[^\\n]*\\n\\nOptions`).test(page)) left.push(line(file, `.description(…) of "${name}"`));
    if (file.startsWith('src/cli/reads/') && !/^ {2}--json /m.test(page)) left.push(line(file, `.addOption(json()) of "${name}"`));
    const bare = [...page.matchAll(/^ {2}(-\S.*)$/gm)].map(([, text = '']) => text).filter((text) => !/\S {2,}\S/.test(text));
    left.push(...bare.map((option) => line(file, `what ${option} of "${name}" means`)));
  }
  nothingLeft(left);
});
