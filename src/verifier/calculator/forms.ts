/**
 * The forms as recipes: for every printed cell, from which facts of the tally its figure comes. Facts are named in
 * tally.ts; labels are no part of a figure and stand in the tables themselves. Every form is told here a second time on
 * purpose, a variant by its own rows: a form that takes the wrong fact would otherwise count wrong twice, and nobody
 * would see it.
 */
export type Recipe =
  /** A row that prints no figure. */
  | { readonly how: 'heading' }
  /** The year's own. `places`: decimals of the smallest unit (fen are 2 in 元, 6 in 万元). */
  | { readonly how: 'flow'; readonly of: readonly string[]; readonly places: number }
  /** Begun and not ended: at the end of the year, or of the year before. */
  | { readonly how: 'open'; readonly begun: readonly string[]; readonly ended: readonly string[]; readonly at: 'opening' | 'closing' }
  /** The last declared base and what came after it. */
  | Stock
  | { readonly how: 'declared' }
  | { readonly how: 'total'; readonly of: readonly string[] };

export interface Stock {
  readonly how: 'stock';
  readonly plus: readonly string[];
  readonly minus: readonly string[];
  readonly places: number;
  /** Of a base known from paper. */
  readonly unit: '元' | null;
}

/** By the name of the cell, in the printed order. */
export type Recipes = ReadonlyMap<string, Recipe>;

export interface FormSpec {
  readonly id: string;
  readonly years: readonly [number, number];
  recipes(year: number): Recipes;
}

const HEADING: Recipe = { how: 'heading' };
const DECLARED: Recipe = { how: 'declared' };
const flow = (...of: string[]): Recipe => ({ how: 'flow', of, places: 0 });
const total = (...of: string[]): Recipe => ({ how: 'total', of });

// ---- 2014, Shandong -------------------------------------------------------------------------------------------------

/** `prefix.1` to `prefix.n`. */
const numbered = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, place) => `${prefix}.${place + 1}`);

/** A row and its parts, each with what it counts: the row is their sum. */
function section(row: string, parts: readonly (readonly [string, Recipe])[]): [string, Recipe][] {
  return [[row, total(...parts.map(([part]) => part))], ...parts.map(([part, recipe]): [string, Recipe] => [part, recipe])];
}

const zip = (rows: readonly string[], facts: readonly (readonly string[])[]): [string, Recipe][] =>
  rows.map((row, place) => [row, flow(...(facts[place] ?? []))]);

const RESULTS = ['upheld', 'corrected', 'other'] as const;
const REASONS_2008 = ['state-secret', 'trade-secret', 'privacy', 'safety-stability', 'not-government-information', 'other-law'] as const;
const ROUTES = ['direct', 'after-reconsideration', 'none'] as const;
const LAWS = ['2008', '2019'] as const;

const refusedIn2014 = REASONS_2008.map((reason) => [`reply.2008.refused.${reason}`]);
const replyOf = (outcome: string): string[] => LAWS.map((law) => `reply.${law}.${outcome}`);
const lawsuits = (result: string): string[] => ROUTES.map((route) => `lawsuit.${route}.${result}`);
const reasons = numbered('3.3.4', 6).map((row) => row.replace(/\.(\d)$/, '.of$1'));

const SHANDONG: Recipes = new Map<string, Recipe>([
  ['1', HEADING],
  ['1.1', flow('item')],
  ['1.1.of1', flow('item.rules', 'item.normative')],
  ['1.1.ref1', flow('issued.rules', 'issued.normative')],
  ['1.2', HEADING],
  ['1.2.1', flow('released.website')],
  ['1.2.2', flow('released.weibo')],
  ['1.2.3', flow('released.wechat')],
  ['1.2.4', flow('released.gazette', 'released.bulletin-board', 'released.press-conference', 'released.other')],
  ['2', HEADING],
  ['2.1', flow('topic')],
  ['2.2', HEADING],
  ['2.2.1', flow('press')],
  ['2.2.1.of1', flow('press.chief')],
  ['2.2.2', flow('interpretation')],
  ['2.2.3', flow('topic.weibo-wechat')],
  ['2.2.4', flow('topic.other')],
  ['3', HEADING],
  ...section(
    '3.1',
    zip(numbered('3.1', 5), [
      ['received.in-person'],
      ['received.fax'],
      ['received.online', 'received.email'],
      ['received.letter'],
      ['received.other'],
    ]),
  ),
  ...section('3.2', zip(numbered('3.2', 2), [['closed.ordinary'], ['closed.extended']])),
  ['3.3', total(...numbered('3.3', 8))],
  ...zip(numbered('3.3', 3), [['reply.2008.already-public'], replyOf('granted'), replyOf('partly-granted')]),
  ...section('3.3.4', zip(reasons, refusedIn2014)),
  ['3.3.5', flow('reply.2008.other-agency')],
  ['3.3.6', flow('reply.2008.not-existing')],
  ['3.3.7', flow('reply.2008.amend-supplement')],
  ['3.3.8', flow('reply.2008.other-channel')],
  ...section(
    '4',
    zip(
      numbered('4', 3),
      RESULTS.map((result) => [`reconsideration.${result}`]),
    ),
  ),
  ...section('5', zip(numbered('5', 3), RESULTS.map(lawsuits))),
  ...section(
    '6',
    zip(
      numbered('6', 3),
      RESULTS.map((result) => [`complaint.${result}`]),
    ),
  ),
  ...section('7', zip(numbered('7', 2), [['delivered.paper'], ['delivered.electronic']])),
  ['8', { how: 'flow', of: ['fee'], places: 6 }],
  ['9', HEADING],
  ['9.1', DECLARED],
  ['9.2', DECLARED],
  ...section('9.3', [
    ['9.3.1', DECLARED],
    ['9.3.2', DECLARED],
  ]),
  ['9.4', DECLARED],
  ['10', HEADING],
  ['10.1', flow('meeting')],
  ['10.2', flow('training')],
  ['10.3', flow('trainees')],
]);

// ---- 2014, Fujian ---------------------------------------------------------------------------------------------------

const CHANNELS_IN = ['in-person', 'fax', 'online', 'email', 'letter', 'other'].map((channel) => `received.${channel}`);
const complaints = RESULTS.map((result) => `complaint.${result}`);
const anyLawsuit = RESULTS.flatMap(lawsuits);

/** What each row adds up; 3 is the sum of its parts. */
const FUJIAN: readonly (readonly [string, readonly string[]])[] = [
  ['1', ['item']],
  ['1.1', ['released.website']],
  ['1.2', ['released.gazette']],
  ['2', CHANNELS_IN],
  ['2.1', ['received.in-person']],
  ['2.2', ['received.online', 'received.email']],
  ['2.3', ['received.letter', 'received.fax']],
  ['3', []],
  ['3.1', [...replyOf('granted'), 'reply.2008.already-public']],
  ['3.2', replyOf('partly-granted')],
  ['3.3', refusedIn2014.flat()],
  ['3.4', ['other-agency', 'not-existing', 'amend-supplement', 'other-channel'].map((outcome) => `reply.2008.${outcome}`)],
  ['4', ['waived']],
  ['5', [...anyLawsuit, ...complaints]],
  ['6', RESULTS.map((result) => `reconsideration.${result}`)],
  ['7', anyLawsuit],
];

/** A row of both columns: the year's own, and what was added up over the years. Money is in 元. */
const line = (row: string, of: readonly string[], unit: '元' | null = null): [string, Recipe][] => {
  const places = unit === '元' ? 2 : 0;
  return [
    [`${row}:year`, { how: 'flow', of, places }],
    [`${row}:cumulative`, { how: 'stock', plus: of, minus: [], places, unit }],
  ];
};

const totalLine = (row: string, parts: readonly string[]): [string, Recipe][] =>
  ['year', 'cumulative'].map((column) => [`${row}:${column}`, total(...parts.map((part) => `${part}:${column}`))]);

/** Row 4, fees waived, is printed until 2016. */
function fujian(year: number): Recipes {
  const rows = FUJIAN.filter(([code]) => code !== '4' || year <= 2016);
  return new Map(rows.flatMap(([row, of]) => (row === '3' ? totalLine('3', numbered('3', 4)) : line(row, of, row === '4' ? '元' : null))));
}

// ---- 2019 and 2021 --------------------------------------------------------------------------------------------------

const KINDS = ['natural-person', 'business', 'research', 'public-welfare', 'legal-service', 'other'] as const;

const refused = (ground: string): string => `2019.refused.${ground}`;
const refused2008 = (ground: string): string => `2008.refused.${ground}`;

/** Rows of 三、本年度办理结果 that both forms print → the results that stand there; those of 2008 by the contract's mapping. */
const OUTCOMES: readonly (readonly [string, readonly string[]])[] = [
  ['3.3.1', ['2019.granted', '2008.granted', '2008.already-public']],
  ['3.3.2', ['2019.partly-granted', '2008.partly-granted']],
  ['3.3.3.1', [refused('state-secret'), refused2008('state-secret')]],
  ['3.3.3.2', [refused('forbidden-by-law'), refused2008('other-law')]],
  ['3.3.3.3', [refused('safety-stability'), refused2008('safety-stability')]],
  ['3.3.3.4', [refused('third-party-rights'), refused2008('trade-secret'), refused2008('privacy')]],
  ['3.3.3.5', [refused('internal-affairs')]],
  ['3.3.3.6', [refused('process-information')]],
  ['3.3.3.7', [refused('enforcement-file')]],
  ['3.3.3.8', [refused('inquiry-matter')]],
  ['3.3.4.1', ['2019.unavailable.not-held', '2008.other-agency', '2008.not-existing']],
  ['3.3.4.2', ['2019.unavailable.needs-creation']],
  ['3.3.4.3', ['2019.unavailable.still-unclear']],
  ['3.3.5.1', ['2019.not-processed.petition']],
  ['3.3.5.2', ['2019.not-processed.repeated']],
  ['3.3.5.3', ['2019.not-processed.published-material']],
  ['3.3.5.4', ['2019.not-processed.excessive']],
  ['3.3.5.5', ['2019.not-processed.confirm-again']],
];

/** （六）其他处理: three rows from 2021, one before. */
const NOT_SUPPLEMENTED = ['2019.otherwise.not-supplemented', 'abandoned.not-supplemented'];
const FEE_UNPAID = ['2019.otherwise.fee-unpaid', 'abandoned.fee-unpaid'];
const OTHERWISE = ['2019.otherwise.other', 'abandoned.other', 'withdrawn', '2008.other-channel', refused2008('not-government-information')];

function perKind(row: string, recipe: (kind: string) => Recipe): [string, Recipe][] {
  const cells = KINDS.map((kind): [string, Recipe] => [`${row}:${kind}`, recipe(kind)]);
  return [...cells, [`${row}:total`, total(...cells.map(([cell]) => cell))]];
}

function partThree(sixth: readonly (readonly [string, readonly string[]])[]): [string, Recipe][] {
  const rows = [...OUTCOMES, ...sixth];
  const open =
    (at: 'opening' | 'closing') =>
    (kind: string): Recipe => ({ how: 'open', begun: [`from.${kind}`], ended: [`ended.${kind}`], at });
  return [
    ...perKind('3.1', (kind) => flow(`from.${kind}`)),
    ...perKind('3.2', open('opening')),
    ...rows.flatMap(([row, results]) => perKind(row, (kind) => flow(...results.map((result) => `result.${result}.${kind}`)))),
    ...perKind('3.3.7', (kind) => total(...rows.map(([row]) => `${row}:${kind}`))),
    ...perKind('3.4', open('closing')),
  ];
}

function partFour(): [string, Recipe][] {
  const names = ['reconsideration', 'lawsuit.direct', 'lawsuit.after-reconsideration'];
  return names.flatMap((name, place): [string, Recipe][] => {
    const row = `4.${place + 1}`;
    const decided = RESULTS.map((result) => `${name}.${result}`);
    const cells: [string, Recipe][] = RESULTS.map((result) => [`${row}:${result}`, flow(`${name}.${result}`)]);
    cells.push([`${row}:pending`, { how: 'open', begun: [`${name}.filed`], ended: decided, at: 'closing' }]);
    return [...cells, [`${row}:total`, total(...cells.map(([cell]) => cell))]];
  });
}

const pieces = (plus: string[], minus: string[] = []): Stock => ({ how: 'stock', plus, minus, places: 0, unit: null });
const RANKS = [
  ['2.1.1', 'rules'],
  ['2.1.2', 'normative'],
] as const;

const YEAR_2019: Recipes = new Map<string, Recipe>([
  ...RANKS.flatMap(([row, rank]): [string, Recipe][] => [
    [`${row}:made`, flow(`issued.${rank}`)],
    [`${row}:published`, flow(`item.${rank}`)],
    [`${row}:total-public`, pieces([`item.${rank}`])],
  ]),
  ...['2.5.1', '2.5.2', '2.6.1', '2.6.2'].flatMap((row): [string, Recipe][] => [
    [`${row}:items-last-year`, DECLARED],
    [`${row}:change`, DECLARED],
    [`${row}:decisions`, DECLARED],
  ]),
  ['2.8.1:items-last-year', DECLARED],
  ['2.8.1:change', DECLARED],
  ['2.9.1:purchases', DECLARED],
  ['2.9.1:amount', DECLARED],
  ...partThree([['3.3.6', [...NOT_SUPPLEMENTED, ...FEE_UNPAID, ...OTHERWISE]]]),
  ...partFour(),
]);

const YEAR_2021: Recipes = new Map<string, Recipe>([
  ...RANKS.flatMap(([row, rank]): [string, Recipe][] => [
    [`${row}:made`, flow(`issued.${rank}`)],
    [`${row}:repealed`, flow(`repealed.${rank}`)],
    [`${row}:in-force`, pieces([`issued.${rank}`], [`repealed.${rank}`])],
  ]),
  ['2.5.1:decisions', DECLARED],
  ['2.6.1:decisions', DECLARED],
  ['2.6.2:decisions', DECLARED],
  ['2.8.1:amount', DECLARED],
  ...partThree([
    ['3.3.6.1', NOT_SUPPLEMENTED],
    ['3.3.6.2', FEE_UNPAID],
    ['3.3.6.3', OTHERWISE],
  ]),
  ...partFour(),
]);

// ---- all of them ----------------------------------------------------------------------------------------------------

const SHANDONG_2014: FormSpec = { id: '2014-shandong', years: [2014, 2018], recipes: () => SHANDONG };
const FUJIAN_2014: FormSpec = { id: '2014-fujian', years: [2014, 2018], recipes: fujian };

/** Where a variant differs from its form. Of rows: every cell of theirs. */
export interface Own {
  readonly id: string;
  /** Cells that it alone has, or counts in another way. */
  readonly cells: readonly (readonly [string, Recipe])[];
  /** Rows that it does not print. */
  readonly without?: readonly string[];
}

export function variant(of: FormSpec, { id, cells, without = [] }: Own): FormSpec {
  const rowOf = (cell: string): string => cell.replace(/:.*/, '');
  const kept = (year: number): [string, Recipe][] => [...of.recipes(year)].filter(([cell]) => !without.includes(rowOf(cell)));
  return { ...of, id, recipes: (year) => new Map([...kept(year), ...cells]) };
}

/** In the order in which the forms of an agency are looked through for the one that serves a year. */
export const FORM_SPECS: readonly FormSpec[] = [
  SHANDONG_2014,
  FUJIAN_2014,
  { id: '2019', years: [2019, 2020], recipes: () => YEAR_2019 },
  { id: '2021', years: [2021, Infinity], recipes: () => YEAR_2021 },
];

/** Errors: RangeError for a form that is not known. */
export function specOf(form: string): FormSpec {
  const spec = FORM_SPECS.find(({ id }) => id === form);
  if (spec === undefined) throw new RangeError(`there is no form ${form}`);
  return spec;
}
