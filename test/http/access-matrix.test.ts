/**
 * Every route × every kind of caller × every place of an agency. The table is copied by hand from the contract,
 * "Access", never made from what it tests; that it names every route is read from the running server.
 */
import { randomUUID } from 'node:crypto';
import { hashOf, message } from '../support/messages.js';
import { DAY, startIdentified, type Fields, type Identified } from '../support/identified.js';
import type { Method } from '../support/service.js';

/** own = where the callers hold their permission; over it, below it, beside it, and one that is not registered. */
const PLACES = ['own', 'below', 'above', 'other', 'none'] as const;
type Place = (typeof PLACES)[number];

/**
 * `act` is the administrator `root`, `clerk` acts without any role, `wide` audits with `below`, `whole` every agency
 * without parent, `future` and `past` hold all permissions from tomorrow and until yesterday.
 */
const CALLERS = ['public', 'nobody', 'read', 'audit', 'act', 'clerk', 'emit', 'operator', 'wide', 'whole', 'future', 'past'] as const;
type CallerName = (typeof CALLERS)[number];

/**
 * A letter for each place: `y` answered, `r` read and refused with a receipt, `-` 403, and `?` 401. Callers that a row
 * does not name are 403 everywhere, the public 401.
 */
type Row = Readonly<Partial<Record<CallerName, string>>>;

const READERS: Row = { read: 'y----', audit: 'y----', act: 'y----', clerk: 'y----', wide: 'yy---', whole: 'yyyy-' };
const OFFICERS: Row = { audit: 'y----', act: 'y----', clerk: 'y----', wide: 'yy---', whole: 'yyyy-' };
const AUDITORS: Row = { audit: 'y----', wide: 'yy---', whole: 'yyyy-' };
const EVERYBODY: Row = Object.fromEntries(CALLERS.map((caller) => [caller, 'yyyyy']));
/** Of no agency: any caller that holds a permission today. */
const ANY: Row = Object.fromEntries(['read', 'audit', 'act', 'clerk', 'emit', 'wide', 'whole'].map((caller) => [caller, 'yyyyy']));
const READS_ANYWHERE: Row = Object.fromEntries(['read', 'audit', 'act', 'clerk', 'wide', 'whole'].map((caller) => [caller, 'yyyyy']));
const ACTS_ANYWHERE: Row = Object.fromEntries(['audit', 'act', 'clerk', 'wide', 'whole'].map((caller) => [caller, 'yyyyy']));
const SENDS: Row = { act: 'yrrrr', clerk: 'rrrrr', emit: 'yrrrr', operator: 'rrrrr' };

const AGENCY = '/v1/agencies/:agency';
const MATRIX: Readonly<Record<string, Row>> = {
  [`GET ${AGENCY}/tables/:year`]: READERS,
  [`GET ${AGENCY}/tables/:year/cells/:cell`]: READERS,
  [`GET ${AGENCY}/tables`]: READERS,
  [`GET ${AGENCY}/tables/:year/history`]: READERS,
  'GET /v1/tables': READERS,
  'GET /v1/feed': READERS,
  [`GET ${AGENCY}/review-summary/:year`]: READERS,
  [`GET ${AGENCY}/statistics/:year`]: READERS,
  [`GET ${AGENCY}/reports/:year`]: READERS,
  'GET /v1/agencies': { ...READS_ANYWHERE, operator: 'yyyyy' },
  [`GET ${AGENCY}`]: { ...READERS, operator: 'yyyyy' },
  [`GET ${AGENCY}/cases`]: OFFICERS,
  [`GET ${AGENCY}/officers`]: READERS,
  [`GET ${AGENCY}/officers/:actor`]: OFFICERS,
  [`GET ${AGENCY}/cases/:kind/:number`]: OFFICERS,
  [`GET ${AGENCY}/cases/:kind/:number/trail`]: READERS,
  [`GET ${AGENCY}/exports/tables/:year`]: READERS,
  [`GET ${AGENCY}/exports/reports/:year`]: READERS,
  [`GET ${AGENCY}/exports/catalogue`]: OFFICERS,
  [`GET ${AGENCY}/exports/register`]: OFFICERS,
  [`GET ${AGENCY}/exports/cases`]: OFFICERS,
  [`GET ${AGENCY}/exports/trails/:kind/:number`]: READERS,
  [`GET ${AGENCY}/deadlines`]: OFFICERS,
  [`GET ${AGENCY}/deadlines.ics`]: OFFICERS,
  [`GET ${AGENCY}/accesses`]: AUDITORS,
  [`GET ${AGENCY}/permissions`]: { ...AUDITORS, act: 'y----', operator: 'yyyyy' },
  // The officer named in the body is root: nobody but the caller that is bound to that name sees sealed texts.
  [`POST ${AGENCY}/cases/:kind/:number/personal-data`]: { act: 'y----' },
  'GET /v1/events': AUDITORS,
  'POST /v1/events': SENDS,
  'GET /v1/refusals': { ...OFFICERS, emit: 'y----' },
  // Of a message that is not his the resender hears nothing.
  'POST /v1/refusals/:refusalId/resend': { act: 'y----', emit: 'y----' },
  // Who audits the whole ledger is told that there is no such event.
  'GET /v1/ledger/events/:eventId/proof': { ...AUDITORS, whole: 'yyyyy' },
  'GET /v1/ledger/checkpoint': ANY,
  'GET /v1/ledger/consistency': ANY,
  'GET /v1/ledger/tile/*': ANY,
  'GET /v1/ledger/witnesses': ANY,
  'GET /v1/ledger/tile/entries/*': { whole: 'yyyyy' },
  'GET /metrics': { operator: 'yyyyy' },
  'GET /v1/deadline': EVERYBODY,
  'GET /v1/forms': EVERYBODY,
  'GET /v1/forms/:form': EVERYBODY,
  'GET /v1/schemas': EVERYBODY,
  'GET /v1/schemas/:type/v:version.json': EVERYBODY,
  // Pages: who may what as under /v1; a form that no page of this service showed is taken from nobody.
  'GET /': EVERYBODY,
  'GET /assets/:name': EVERYBODY,
  'GET /sign-in': EVERYBODY,
  'POST /sign-in': { public: '-----' },
  'POST /sign-out': { public: '-----' },
  'GET /agencies': { ...READS_ANYWHERE, operator: 'yyyyy' },
  'GET /agencies/:agency': READERS,
  'GET /agencies/:agency/live': READERS,
  'GET /agencies/:agency/tables/:year': READERS,
  'GET /agencies/:agency/tables/:year/cells/:cell': READERS,
  'GET /agencies/:agency/cases/:kind/:number': OFFICERS,
  'GET /agencies/:agency/cases/:kind/:number/reveal': { act: 'y----', clerk: 'y----' },
  'POST /agencies/:agency/cases/:kind/:number/reveal': {},
  'GET /agencies/:agency/applications': OFFICERS,
  'GET /agencies/:agency/officers': READERS,
  'GET /agencies/:agency/officers/:actor': OFFICERS,
  'GET /agencies/:agency/reports/:year': READERS,
  'GET /agencies/:agency/statistics/:year': READERS,
  'GET /refusals': { ...ACTS_ANYWHERE, emit: 'yyyyy' },
  'GET /search': ACTS_ANYWHERE,
  'GET /ledger': ANY,
  'POST /ledger': {},
  'GET /health/live': EVERYBODY,
  'GET /health/ready': EVERYBODY,
};

/** Lists without an agency: 200 with what the caller may see, also nothing; 403 for who may see it nowhere. */
const WITHOUT_AGENCY: Readonly<Record<string, readonly CallerName[]>> = {
  '/v1/events': ['audit', 'wide', 'whole'],
  '/v1/refusals': ['audit', 'act', 'clerk', 'emit', 'wide', 'whole'],
};

let world: Identified;
/** By place: an event, and a refused message. */
const events = new Map<Place, string>();
const refusals = new Map<Place, string>();

beforeAll(async () => {
  world = await startIdentified();
  const { grant, register, send, sent, service } = world;
  await register('above');
  await register('own', { parent: 'above' });
  await register('below', { parent: 'own' });
  await register('other');
  for (const permission of ['read', 'audit', 'emit']) await grant('own', permission, permission);
  await grant('own', 'act', 'act', { actor: 'root' });
  await grant('own', 'clerk', 'act', { actor: 'clerk' });
  await grant('own', 'wide', 'audit', { below: true });
  for (const agency of ['above', 'other']) await grant(agency, 'whole', 'audit', { below: true });
  for (const permission of ['read', 'audit', 'emit', 'act']) {
    const name = permission === 'act' ? ['future', 'past'].map((actor) => ({ actor })) : [{}, {}];
    await grant('own', 'future', permission, { ...name[0], from: '2030-01-02', below: true });
    await grant('own', 'past', permission, { ...name[1], until: '2029-12-31', below: true });
  }
  for (const agency of ['own', 'below', 'above', 'other'] as const) {
    await grant(agency, `setup-${agency}`, 'act', { actor: 'setup' });
    await grant(agency, `web-${agency}`, 'emit');
    const as = { actor: 'drafter' };
    await send(`web-${agency}`, 'publication.drafted', agency, { title: '标题', contentHash: hashOf('1') }, as);
    await send(`web-${agency}`, 'meeting.held', agency, { title: 'm' });
    const refused = await sent(
      `web-${agency}`,
      'meeting.held',
      agency,
      { title: 'm' },
      { id: `early-${agency}`, time: '2035-01-01T00:00:00Z' },
    );
    expect(refused.status).toBe(422);
  }
  await send('act', 'agency.clearance-chain-set', 'own', { steps: [] });
  await send('web-own', 'publication.released', 'own', { channel: 'website', contentHash: hashOf('1') }, { actor: 'editor' });
  await service.settled();
  const all = (await world.ask('whole', '/v1/events?limit=1000')).json<{ events: { eventId: string; metadata: Fields }[] }>();
  for (const { eventId, metadata } of all.events)
    if (typeof metadata['agency'] === 'string') events.set(placeNamed(metadata['agency']), eventId);
  const kept = (await world.ask('whole', '/v1/refusals')).json<{ refusals: { refusalId: string; agency: string }[] }>();
  for (const { refusalId, agency } of kept.refusals) refusals.set(placeNamed(agency), refusalId);
  expect([events.size, refusals.size]).toEqual([4, 4]);
});

afterAll(() => world.finish());

function placeNamed(agency: string): Place {
  const place = PLACES.find((one) => one === agency);
  if (place === undefined) throw new Error(`no place ${agency}`);
  return place;
}

const PARTS: Readonly<Record<string, string>> = { ':year': '2029', ':cell': '2.1.1:made', ':kind': 'publication', ':number': '1' };

/** The address of a row for a place, and what is sent to it. */
function requestFor(row: string, place: Place): { url: string; method: Method; payload?: string; type?: string } {
  const [method, pattern] = row.split(' ') as [Method, string];
  const path = pattern
    .replace(':agency', place)
    .replace(':refusalId', refusals.get(place) ?? randomUUID())
    .replace(':eventId', events.get(place) ?? randomUUID())
    .replace('*', pattern.includes('entries') ? '000' : '0/000')
    .replaceAll(/:\w+/g, (part) => PARTS[part] ?? part);
  if (row === 'POST /v1/events') {
    const act = message('meeting.held', `meeting/${randomUUID()}`, DAY, 'root', { title: 'm' }, { agency: place, id: randomUUID() });
    return { url: path, method, payload: JSON.stringify(act) };
  }
  if (method === 'POST' && path.endsWith('personal-data'))
    return { url: path, method, payload: '{"actor":"root","reason":"核对"}', type: 'application/json' };
  if (row === 'GET /v1/ledger/consistency') return { url: `${path}?from=1`, method };
  // A bookmark that is none ends the answer of who is let in.
  if (row === 'GET /v1/feed') return { url: `${path}?agency=${place}&after=none`, method };
  if (row.endsWith('/live') && row.includes(':agency')) return { url: `${path}?after=none`, method };
  if (row === 'GET /v1/tables') return { url: `${path}?year=2029&agencies=${place}`, method };
  if (row.endsWith('/history')) return { url: `${path}?cells=2.1.1:made`, method };
  if (row.includes('/exports/')) return { url: `${path}?format=csv`, method };
  const named = ['GET /v1/events', 'GET /v1/refusals'].includes(row);
  return { url: named ? `${path}?agency=${place}` : path, method };
}

async function letterOf(caller: CallerName, row: string, place: Place): Promise<string> {
  const { url, ...asked } = requestFor(row, place);
  const { status, text, headers } = await world.ask(caller === 'public' ? null : caller, url, asked);
  // Of a page the way to sign in stands for it.
  if (status === 401 || (status === 303 && headers.location?.startsWith('/sign-in?return=') === true)) return '?';
  if (status === 403) return '-';
  if (status >= 500 && status !== 503) throw new Error(`${row}: ${status} ${text}`);
  return status === 422 && text.includes('"not-permitted"') ? 'r' : 'y';
}

test.each(Object.entries(MATRIX))('%s', async (row, expected) => {
  const found: Record<string, string> = {};
  for (const caller of CALLERS) {
    const letters: string[] = [];
    for (const place of PLACES) letters.push(await letterOf(caller, row, place));
    found[caller] = letters.join('');
  }
  const wanted = CALLERS.map((caller) => [caller, expected[caller] ?? (caller === 'public' ? '?????' : '-----')]);
  expect(found).toEqual(Object.fromEntries(wanted));
});

test('the matrix names every route', () => {
  const routes = world.service
    .routes()
    .filter(({ method, pattern }) => !['HEAD', 'OPTIONS'].includes(method) && !/^\/(docs|openapi)/.test(pattern))
    .map(({ method, pattern }) => `${method} ${pattern}`);
  expect(Object.keys(MATRIX).sort()).toEqual([...new Set(routes)].sort());
});

test.each(Object.entries(WITHOUT_AGENCY))('%s without an agency', async (url, given) => {
  for (const caller of CALLERS) {
    const { status } = await world.ask(caller === 'public' ? null : caller, url);
    const expected = caller === 'public' ? 401 : given.includes(caller) ? 200 : 403;
    expect([caller, status]).toEqual([caller, expected]);
  }
});

test('403 is alike whether it exists or not', async () => {
  // Nothing but the agency in the address tells two answers apart.
  const answered = async (place: Place): Promise<string> => {
    const answers: string[] = [];
    for (const row of Object.keys(MATRIX)) {
      const { url, ...asked } = requestFor(row, place);
      const { status, text } = await world.ask('read', url, asked);
      if (status === 403) answers.push(`${row} ${text.replaceAll(place, 'AGENCY')}`);
    }
    return answers.join('\n');
  };
  const none = await answered('none');
  expect(none.split('\n').length).toBeGreaterThan(10);
  expect(await answered('other')).toBe(none);
});
