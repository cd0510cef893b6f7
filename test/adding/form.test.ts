/**
 * What a form needs, file by file, in order: a failure here is the list of what is left to do. A form counts as begun
 * when any one of the places names it. Its modules are loaded while the test runs, so that one that does not load is an
 * entry of the list.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as contents from '../../src/audit/pack/contents.js';
import { canonicalJson, sha256 } from '../../src/encoding/canonical-json.js';
import { cellsIn, cellsOf, rowsOf, selectorsOf, type CellSource } from '../../src/statistics/form.js';
import type { RegisteredForm } from '../../src/statistics/forms/registered.js';
import type * as registry from '../../src/statistics/forms/registry.js';
import type * as recipes from '../../src/verifier/calculator/forms.js';
import type { FormSpec } from '../../src/verifier/calculator/forms.js';
import type * as digests from '../../src/verifier/known-digests.js';
import { faultsOf, yearsOf } from '../support/form-checks.js';
import { doesNotLoad, formFiles, FORMS_FOLDER, linesIn } from '../support/form-source.js';

const FILES = {
  registry: `${FORMS_FOLDER}/registry.ts`,
  recipes: 'src/verifier/calculator/forms.ts',
  digests: 'src/verifier/known-digests.ts',
  tables: 'test/statistics/mutation.test.ts',
  naive: 'test/acceptance/application-properties.test.ts',
  counting: 'docs/counting.md',
} as const;
const textOf = (file: string): string => readFileSync(join(__dirname, '../..', file), 'utf8');
const lineOf = (file: string, text: string): string => `${file}:${linesIn(file).find((line) => line.text.includes(text))?.number ?? 1}`;

const broken: string[] = [];

/** A module of the project; `empty` and an entry of the list where it does not load. */
async function loaded<T>(file: string, load: () => Promise<T>, empty: T): Promise<T> {
  try {
    return await load();
  } catch (error) {
    broken.push(doesNotLoad(file, error));
    return empty;
  }
}

interface Places {
  readonly files: ReadonlyMap<string, string>;
  readonly registered: readonly RegisteredForm[];
  readonly specs: readonly FormSpec[];
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly packed: readonly { readonly name: string; readonly form: unknown }[];
}

async function places(): Promise<Places> {
  broken.length = 0;
  const { REGISTERED } = await loaded<Pick<typeof registry, 'REGISTERED'>>(
    FILES.registry,
    () => import('../../src/statistics/forms/registry.js'),
    { REGISTERED: [] },
  );
  const { FORM_SPECS } = await loaded<Pick<typeof recipes, 'FORM_SPECS'>>(
    FILES.recipes,
    () => import('../../src/verifier/calculator/forms.js'),
    { FORM_SPECS: [] },
  );
  const { KNOWN_FORMS } = await loaded<Pick<typeof digests, 'KNOWN_FORMS'>>(
    FILES.digests,
    () => import('../../src/verifier/known-digests.js'),
    { KNOWN_FORMS: {} },
  );
  const { packForms } = await loaded<Pick<typeof contents, 'packForms'>>(
    'src/audit/pack/contents.ts',
    () => import('../../src/audit/pack/contents.js'),
    { packForms: () => [] },
  );
  return { files: formFiles(), registered: REGISTERED, specs: FORM_SPECS, known: KNOWN_FORMS, packed: packForms() };
}

function measuresOf(source: CellSource): string[] {
  if (source.basis === 'counted') return selectorsOf(source.select).map(({ measure }) => measure);
  return source.basis === 'stock' ? [source.plus, source.minus ?? []].flatMap(selectorsOf).map(({ measure }) => measure) : [];
}

/** Cells, headings too, that one of the two has and the other has not. */
function unlike({ form }: RegisteredForm, spec: FormSpec, year: number): string[] {
  const headings = rowsOf(form, year).flatMap((row) => ('source' in row && row.source === null ? [row.code] : []));
  const here = new Set([...cellsIn(form, year).map(({ cell }) => cell), ...headings]);
  const there = spec.recipes(year);
  const missing = [...here].filter((cell) => !there.has(cell)).map((cell) => `lacks ${cell}`);
  return [...missing, ...[...there.keys()].filter((cell) => !here.has(cell)).map((cell) => `has ${cell}, which the form has not`)];
}

function toldAgain(registered: RegisteredForm, spec: FormSpec | undefined): string[] {
  const { form, variant } = registered;
  const place = lineOf(FILES.recipes, spec === undefined ? 'export const FORM_SPECS' : `'${form.id}'`);
  if (spec === undefined) {
    const how = variant === undefined ? 'its recipes' : `variant(<${variant.of.form.id}>, { id: '${form.id}', cells: [its own] })`;
    return [`${place}: tell ${form.id} a second time in FORM_SPECS, by the words of ${FILES.counting} and not by the form: ${how}`];
  }
  const years = [form.firstYear, form.lastYear ?? Infinity];
  if (spec.years.join() !== years.join()) return [`${place}: ${form.id} serves ${years.join(' to ')}, not ${spec.years.join(' to ')}`];
  const cells = new Set(yearsOf(registered).flatMap((year) => unlike(registered, spec, year)));
  return cells.size === 0 ? [] : [`${place}: ${form.id} ${[...cells].join('; ')}`];
}

/** What a form needs that is no variant. */
function onItsOwn(id: string): string[] {
  const sections = textOf(FILES.counting)
    .split('\n')
    .filter((line) => line.startsWith('## '));
  return [
    ...(sections.some((line) =>
      line
        .slice(3)
        .split(/ and |, /)
        .includes(id),
    )
      ? []
      : [`${FILES.counting}: add "## ${id}": which facts each cell takes`]),
    ...(textOf(FILES.tables).includes(`form: '${id}',\n`)
      ? []
      : [`${lineOf(FILES.tables, 'const TABLES')}: add a correct table of ${id} to TABLES`]),
    ...(textOf(FILES.naive).includes(`case '${id}':`)
      ? []
      : [`${lineOf(FILES.naive, 'function naive(')}: count ${id} from the messages alone`]),
  ];
}

function toDo(id: string, { files, registered, specs, known, packed }: Places): string[] {
  const file = files.get(id);
  const found = registered.find(({ form }) => form.id === id);
  if (file === undefined)
    return [`${FORMS_FOLDER}/${id}.ts: write the form with id: '${id}', a variant by variantOf (${FORMS_FOLDER}/variant.ts)`];
  if (found === undefined)
    return [
      `${lineOf(FILES.registry, 'export const REGISTERED')}: import what ${file} exports, and add it to REGISTERED`,
      ...toldAgainLater(id, specs),
    ];
  const digest = sha256(canonicalJson(packed.find(({ name }) => name === `forms/${id}.json`)?.form ?? null));
  return [
    ...faultsOf(found),
    ...toldAgain(
      found,
      specs.find((spec) => spec.id === id),
    ),
    ...(found.variant === undefined ? onItsOwn(id) : []),
    ...(known[id]?.includes(digest) === true ? [] : [`${FILES.digests}: run npm run digests, last of all: it is written by it`]),
  ];
}

const toldAgainLater = (id: string, specs: readonly FormSpec[]): string[] => [
  ...(specs.some((spec) => spec.id === id)
    ? []
    : [`${lineOf(FILES.recipes, 'export const FORM_SPECS')}: tell ${id} a second time in FORM_SPECS`]),
  `${FILES.digests}: run npm run digests, last of all: it is written by it`,
];

test('nothing is left to do for any form', async () => {
  const all = await places();
  const ids = new Set([...all.files.keys(), ...all.registered.map(({ form }) => form.id), ...all.specs.map(({ id }) => id)]);
  expect(ids.size).toBeGreaterThanOrEqual(4);
  // What does not load comes first: the other modules say nothing yet.
  const begun = [...ids].filter((id) => broken.length === 0 || !all.files.has(id));
  expect([...broken, ...begun.flatMap((id) => toDo(id, all))]).toEqual([]);
});

/**
 * Forms with a section in counting.md in their order; any other right behind those that begin in its first year,
 * several by their ids.
 */
function inOrder(registered: readonly RegisteredForm[]): string[] {
  const rank = ({ form, variant }: RegisteredForm, at: number): readonly [number, number, string] =>
    variant === undefined ? [form.firstYear, at, ''] : [form.firstYear, Infinity, form.id];
  const ranked = registered.map((one, at) => ({ id: one.form.id, by: rank(one, at) }));
  const before = (one: (typeof ranked)[number], other: (typeof ranked)[number]): number =>
    one.by[0] - other.by[0] || (one.by[1] === other.by[1] ? (one.by[2] < other.by[2] ? -1 : 1) : one.by[1] < other.by[1] ? -1 : 1);
  return [...ranked].sort(before).map(({ id }) => id);
}

test('both lists of forms have one order', async () => {
  // Both lists of forms have the order of docs/counting.md: it decides which form of an agency serves a year.
  const { registered, specs } = await places();
  const wanted = inOrder(registered).join(', ');
  const registry = lineOf(FILES.registry, 'export const REGISTERED');
  expect(`${registry}: ${registered.map(({ form }) => form.id).join(', ')}`).toBe(`${registry}: ${wanted}`);
  const told = lineOf(FILES.recipes, 'export const FORM_SPECS');
  expect(`${told}: ${specs.map(({ id }) => id).join(', ')}`).toBe(`${told}: ${wanted}`);
});

test('docs/counting.md explains every measure', async () => {
  // Docs/counting.md says of every measure of a form which facts it is.
  const { registered } = await places();
  const text = textOf(FILES.counting);
  const table = text.slice(text.indexOf('## Other forms'));
  const measures = registered.flatMap(({ form }) => form.rows.flatMap(cellsOf)).flatMap(({ source }) => measuresOf(source));
  expect(measures.length).toBeGreaterThan(50);
  const silent = [...new Set(measures)].filter((measure) => !table.includes(`\`${measure}\``));
  expect(silent.map((measure) => `${lineOf(FILES.counting, '## Other forms')}: which facts is ${measure}?`)).toEqual([]);
});

test('docs/adding.md shows the exercise', () => {
  // What docs/adding.md shows of a form is what the exercise adds.
  const [, section = ''] = /## A form\n([^]*?)\n## /.exec(textOf('docs/adding.md')) ?? [];
  const shown = [...section.matchAll(/```ts\n([^]*?)```/g)].flatMap(([, code = '']) =>
    code
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(3)),
  );
  expect(shown.length).toBeGreaterThan(5);
  const added = textOf('test/exercises/form.patch').split('\n');
  expect(shown.filter((line) => !added.includes(`+${line}`))).toEqual([]);
});
