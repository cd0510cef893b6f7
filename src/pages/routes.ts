/**
 * Every page by its address: what it needs, what it takes, and what shows it. What shows a page is loaded with the
 * first who asks for it.
 */
import type { FastifyContextConfig } from 'fastify';
import type { Shown } from './views/layout.js';
import type { Visit } from './visit.js';

type Need = NonNullable<FastifyContextConfig['needs']>;

export interface PageRoute {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly needs: Need;
  /** What it takes behind the `?`, beside the language. */
  readonly parameters: readonly string[];
  /** Whether it may show what is personal. */
  readonly personalData: boolean;
  /** It tells of anything newer; `replaced`: and may draw itself anew where its reader wants that. */
  readonly live?: 'offered' | 'replaced';
  readonly show: (visit: Visit) => Promise<Shown>;
}

/** Any of these shows the tables of an agency. */
const READERS: Need = { agency: ['read', 'act', 'audit'] };
const OFFICERS: Need = { agency: ['act', 'audit'] };
/** Who acts there asks for sealed texts; whether they are given is decided by his role. */
const ACTS: Need = { agency: ['act'] };
const AGENCY = '/agencies/:agency';
const OF_TABLE = ['form', 'view', 'asOf'] as const;

const page = (url: string, needs: Need, more: Pick<PageRoute, 'show'> & Partial<PageRoute>): PageRoute => ({
  method: 'GET',
  url,
  needs,
  parameters: [],
  personalData: true,
  ...more,
});

/** Beside the pages: what tells them of anything newer. */
export const LIVE = { method: 'GET', url: `${AGENCY}/live`, needs: READERS, parameters: ['case', 'after'] } as const;

export const PAGES: readonly PageRoute[] = [
  page(
    '/agencies',
    { anywhere: ['read', 'act', 'audit'], operator: true },
    {
      parameters: ['after'],
      show: async (visit) => (await import('./ask/agencies.js')).agencies(visit),
    },
  ),
  page(AGENCY, READERS, { live: 'replaced', show: async (visit) => (await import('./ask/home.js')).home(visit) }),
  page(`${AGENCY}/tables/:year`, READERS, {
    parameters: [...OF_TABLE, 'compare'],
    live: 'replaced',
    show: async (visit) => (await import('./ask/table.js')).table(visit),
  }),
  page(`${AGENCY}/tables/:year/cells/:cell`, READERS, {
    parameters: OF_TABLE,
    show: async (visit) => (await import('./ask/cell.js')).cell(visit),
  }),
  page(`${AGENCY}/cases/:kind/:number`, OFFICERS, {
    parameters: ['asOf'],
    live: 'offered',
    show: async (visit) => (await import('./ask/case.js')).caseOf(visit),
  }),
  page(`${AGENCY}/cases/:kind/:number/reveal`, ACTS, { show: async (visit) => (await import('./ask/reveal.js')).askForTexts(visit) }),
  page(`${AGENCY}/cases/:kind/:number/reveal`, ACTS, {
    method: 'POST',
    show: async (visit) => (await import('./ask/reveal.js')).reveal(visit),
  }),
  page(`${AGENCY}/applications`, OFFICERS, {
    parameters: ['case'],
    live: 'offered',
    show: async (visit) => (await import('./ask/applications.js')).applications(visit),
  }),
  page(`${AGENCY}/officers`, READERS, {
    parameters: ['after'],
    show: async (visit) => (await import('./ask/officers.js')).officers(visit),
  }),
  page(`${AGENCY}/officers/:actor`, OFFICERS, { show: async (visit) => (await import('./ask/officers.js')).officer(visit) }),
  page(`${AGENCY}/statistics/:year`, READERS, { show: async (visit) => (await import('./ask/statistics.js')).statistics(visit) }),
  page(`${AGENCY}/reports/:year`, READERS, { show: async (visit) => (await import('./ask/report.js')).report(visit) }),
  page(
    '/refusals',
    { anywhere: ['emit', 'act', 'audit'] },
    {
      parameters: ['after', 'agency', 'code'],
      show: async (visit) => (await import('./ask/refusals.js')).refusals(visit),
    },
  ),
  page(
    '/search',
    { anywhere: ['act', 'audit'] },
    {
      parameters: ['q', 'agency'],
      show: async (visit) => (await import('./ask/search.js')).search(visit),
    },
  ),
  page('/ledger', 'any', { parameters: ['event'], show: async (visit) => (await import('./ask/ledger.js')).ledger(visit) }),
  page('/ledger', 'any', { method: 'POST', show: async (visit) => (await import('./ask/ledger.js')).checkProof(visit) }),
];
