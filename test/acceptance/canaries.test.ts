/**
 * The real service over a ledger full of canaries: sealed texts, numbers of cases, names of officers, sources and ids
 * of another agency. Every route it has is asked as each kind of caller. What came back and what was logged holds
 * nothing that the caller may not see.
 */
import { join } from 'node:path';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import { LOCAL_ISSUER } from '../../src/config/access.js';
import { formatSignerKey, generateSignerKey } from '../../src/ledger/signed-note.js';
import { PAGES } from '../../src/pages/routes.js';
import { fileOf, finishFolder, newFolder, run, serve, stop, type Served } from '../support/cli.js';
import { markedHistory } from '../support/marked.js';
import { at, message, type Message } from '../support/messages.js';
import { asLines, NDJSON, SINGLE } from '../support/service.js';
import { until } from '../support/until.js';

type Fields = Readonly<Record<string, unknown>>;

const CALLERS = ['public', 'nobody', 'read', 'audit', 'act', 'emit', 'operator', 'whole'] as const;
type CallerName = (typeof CALLERS)[number];
const AGENCIES = ['mine', 'theirs', 'none'] as const;

/** The number of every case and the id of every message hold it. */
const tagOf = (agency: string): string => `kanarie-${agency}`;
/** Of the name of every officer. */
const officersOf = (agency: string): string => `-von-${agency}`;
const sourceOf = (agency: string): string => `/quelle/${agency}`;

const marked = { mine: markedHistory(tagOf('mine'), 2017), theirs: markedHistory(tagOf('theirs'), 2017) };
const SEALED = [...marked.mine.marks.values(), ...marked.theirs.marks.values()];

/** A history of an agency of its own, with officers of its own. */
function historyOf(agency: 'mine' | 'theirs'): Message[] {
  return marked[agency].messages.map((one) => {
    const subject = one.subject.startsWith('agency/') ? `agency/${agency}` : one.subject;
    const id = `${tagOf(agency)} ${one.id}`;
    const renamed = renamedIn(one.data ?? {}, officersOf(agency));
    const data = 'message' in renamed ? { ...renamed, message: { id: `${tagOf(agency)} ${idIn(one)}` } } : renamed;
    return { ...one, id, agency, subject, source: sourceOf(agency), actor: one.actor + officersOf(agency), data };
  });
}

function renamedIn(data: Fields, suffix: string): Fields {
  const names = ['actor', 'administrator', 'approvedBy'];
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, names.includes(name) ? `${String(value)}${suffix}` : value]),
  );
}

function idIn({ data }: Message): string {
  return (data?.['message'] as { id: string }).id;
}

/** Refused, and kept: without a case to act on. */
function refusedOf(agency: 'mine' | 'theirs'): Message[] {
  return marked[agency].messages
    .filter(({ type }) => /\.(cleared|extended|checked|withdrawn|decided)$/.test(type))
    .map((one) => ({
      ...historyOf(agency)[marked[agency].messages.indexOf(one)]!,
      id: `${tagOf(agency)} kept ${one.id}`,
      subject: `${one.subject}-kept`,
    }));
}

const folder = newFolder();
let served: Served;
const tokens = new Map<CallerName | 'theirs-auditor', string>();
const answers: { caller: CallerName; request: string; text: string }[] = [];
const ids: Record<'events' | 'refusals', string[]> = { events: [], refusals: [] };

beforeAll(async () => {
  const lines = AGENCIES.slice(0, 2).flatMap((agency) => [...historyOf(agency as 'mine'), ...refusedOf(agency as 'mine')]);
  const imported = await run(['import', fileOf(folder, 'both.ndjson', asLines(lines)), '--json'], { folder });
  const { refused, refusals } = imported.json<{ refused: number; refusals: unknown[] }>();
  expect([refused, refusals]).toEqual([2 * refusedOf('mine').length, expect.anything()]);
  served = await serve({ folder, env: ENV });
  for (const subject of [...CALLERS.slice(1), 'theirs-auditor'] as const) {
    const { token } = await issueToken({ folder: join(folder, 'data'), subject, minutes: 60, now: Date.now() });
    tokens.set(subject, token);
  }
  for (const permission of ['read', 'audit', 'emit']) await grant('mine', permission, permission);
  await grant('mine', 'act', 'act', { actor: `leader${officersOf('mine')}` });
  await grant('theirs', 'theirs-auditor', 'audit');
  for (const agency of ['mine', 'theirs']) await grant(agency, 'whole', 'audit', { below: true });
  for (const address of ['/v1/ledger/checkpoint', '/v1/events?limit=1000'])
    await until(async () => (await asked('whole', address)).status === 200);
  const events = (await (await asked('whole', '/v1/events?limit=1000')).json()) as { events: { eventId: string }[] };
  ids.events = events.events.map(({ eventId }) => eventId).filter((_, place) => place % 9 === 0);
  const kept = (await (await asked('whole', '/v1/refusals?limit=1000')).json()) as { refusals: { refusalId: string }[] };
  ids.refusals = kept.refusals.map(({ refusalId }) => refusalId);
  expect(ids.refusals).toHaveLength(2 * refusedOf('mine').length);
});

afterAll(async () => {
  await stop(served);
  await finishFolder(folder);
});

const ENV = {
  DISCLOSURE_OIDC_ISSUER: 'local',
  DISCLOSURE_OPERATORS: JSON.stringify([{ issuer: LOCAL_ISSUER, subject: 'operator' }]),
  DISCLOSURE_PUBLIC: 'published',
  DISCLOSURE_RATE: '0',
  LOG_LEVEL: 'debug',
  DISCLOSURE_CHECKPOINT_SECONDS: '1',
  DISCLOSURE_LEDGER_KEY: formatSignerKey(generateSignerKey('ledger.example/canaries')),
};

function asked(caller: CallerName | 'theirs-auditor', path: string, more: RequestInit = {}): Promise<Response> {
  const token = tokens.get(caller);
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${served.url}${path}`, { ...more, headers: { ...(more.headers as Record<string, string>), ...authorization } });
}

async function grant(agency: string, subject: string, permission: string, more: Fields = {}): Promise<void> {
  const data = { caller: { issuer: LOCAL_ISSUER, subject }, permission, ...more };
  const act = message('agency.permission-granted', `agency/${agency}`, at('2026-11-01'), 'operator', data, { agency });
  const id = `${agency} ${subject} ${permission}`;
  const answer = await asked('operator', '/v1/events', {
    method: 'POST',
    headers: { 'content-type': SINGLE },
    body: JSON.stringify({ ...act, id }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
}

/** Every address that a pattern of the description stands for here. */
function addressesOf(pattern: string): string[] {
  const years = pattern.replaceAll(/\{year\}/g, '2017').replaceAll(/\{cell\}/g, '1.1');
  if (years.includes('{eventId}')) return ids.events.map((id) => years.replace('{eventId}', id));
  if (years.includes('{refusalId}')) return ids.refusals.map((id) => years.replace('{refusalId}', id));
  if (/\/tile/.test(years)) return [years.replace(/\{\w+\}|\*/, years.includes('entries') ? '000.p/40' : '0/000.p/40')];
  if (!years.includes('{agency}')) return [years];
  return AGENCIES.flatMap((agency) => {
    const here = years.replace('{agency}', agency);
    // Of an agency that is not there the caller's own cases are asked: an answer may repeat what was asked.
    const subjects = new Set(historyOf(agency === 'theirs' ? 'theirs' : 'mine').map(({ subject }) => subject));
    return here.includes('{kind}') ? [...subjects].map((subject) => here.replace('{kind}/{number}', subject)) : [here];
  });
}

/** What else may be asked there. */
/** A bookmark behind the first event. */
let beginning = '';

const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  '/v1/events': ['', '?limit=1000', ...AGENCIES.map((agency) => `?agency=${agency}&limit=1000`), '?limit=100000', '?type=refusal.kept'],
  '/v1/refusals': ['', ...AGENCIES.map((agency) => `?agency=${agency}`), '?code=unknown-case'],
  '/v1/agencies/{agency}/tables/{year}': ['', '?view=published', '?view=difference', '?rollup=true'],
  '/v1/agencies/{agency}/permissions': ['', '?asOf=index:10'],
  '/v1/agencies/{agency}/exports/reports/{year}': ['?format=html'],
  '/v1/ledger/consistency': ['?from=1'],
};

/** Bodies that a caller sends: to both agencies, and under an id of the other's. */
function bodiesFor(pattern: string): { type: string; body: string }[] {
  if (pattern.endsWith('/personal-data'))
    return [{ type: 'application/json', body: JSON.stringify({ actor: `leader${officersOf('mine')}`, reason: '核对' }) }];
  if (pattern !== '/v1/events') return [{ type: SINGLE, body: '' }];
  const theirs = historyOf('theirs');
  const reused = theirs.map((one) => ({
    ...one,
    agency: 'mine',
    type: 'disclosure.meeting.held',
    subject: 'meeting/1',
    data: { title: 'm' },
  }));
  return [
    {
      type: NDJSON,
      body: asLines([...reused.map((one) => ({ ...one, actor: 'niemand' })), ...theirs.map(({ data: _data, ...one }) => one)]),
    },
  ];
}

async function drive(caller: CallerName, method: string, pattern: string): Promise<void> {
  for (const address of addressesOf(pattern))
    for (const question of pattern === '/v1/feed' ? [`?after=${beginning}`] : (QUESTIONS[pattern] ?? ['']))
      for (const accept of ['application/json', NDJSON]) {
        if (accept === NDJSON && pattern !== '/v1/events') continue;
        for (const { type, body } of method === 'post' ? bodiesFor(pattern) : [{ type: '', body: undefined }]) {
          const headers: Record<string, string> = { accept, ...(body === undefined || body === '' ? {} : { 'content-type': type }) };
          const more = body === undefined || body === '' ? {} : { body };
          const answer = await asked(caller, `${address}${question}`, { method: method.toUpperCase(), headers, ...more });
          answers.push({ caller, request: `${method} ${address}${question}`, text: withoutSent(await textOf(answer), body) });
        }
      }
}

const addressesOfPage = (url: string): string[] =>
  addressesOf(url.replaceAll(/:(\w+)/g, '{$1}').replace('{actor}', encodeURIComponent(`office${officersOf('mine')}`)));

/** Every page, as a browser asks for it; and the form of sealed texts, sent with a reason that is refused. */
async function drivePages(caller: CallerName): Promise<void> {
  const headers = { accept: 'text/html' };
  for (const { method, url } of PAGES)
    for (const address of addressesOfPage(url)) {
      if (method === 'POST' && !url.endsWith('/reveal')) continue;
      const sent = method === 'POST' ? await sendForm(caller, address) : await asked(caller, address, { headers, redirect: 'manual' });
      // It links to itself in the other language.
      answers.push({ caller, request: `${method} ${address}`, text: (await sent.text()).replaceAll(address, '') });
    }
}

async function sendForm(caller: CallerName, address: string): Promise<Response> {
  const headers = { accept: 'text/html' };
  const shown = await asked(caller, '/sign-in', { headers });
  const [cookie = ''] = (shown.headers.get('set-cookie') ?? '').split(';');
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(await shown.text()) ?? [];
  const more = { 'content-type': 'application/x-www-form-urlencoded', cookie };
  return asked(caller, address, {
    method: 'POST',
    headers: { ...headers, ...more },
    body: new URLSearchParams({ token, reason: '' }).toString(),
  });
}

/** How long a feed is read, ms: everything behind its bookmark comes at once. */
const FEED_MS = 1500;

/** Of a feed, which never ends, what comes in the first moment. */
async function textOf(answer: Response): Promise<string> {
  if (answer.body === null || answer.headers.get('content-type')?.startsWith('text/event-stream') !== true) return answer.text();
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  const timer = setTimeout(() => void reader.cancel(), FEED_MS);
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += decoder.decode(piece.value, { stream: true });
  clearTimeout(timer);
  return text;
}

/** What was sent may come back: source and id of each message, and the officer it named. */
function withoutSent(text: string, body: string | undefined): string {
  if (body === undefined || !body.includes('\n')) return text;
  const sent = body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Message);
  return sent.flatMap(({ source, id, actor }) => [id, source, actor]).reduce((left, echoed) => left.replaceAll(echoed, ''), text);
}

/** What of the canaries a caller may be shown, and no other. */
const OF_THEIRS = [tagOf('theirs'), officersOf('theirs'), sourceOf('theirs')];
const HIDDEN: Readonly<Record<CallerName, readonly string[]>> = {
  public: [...OF_THEIRS, tagOf('mine'), officersOf('mine'), sourceOf('mine')],
  nobody: [...OF_THEIRS, tagOf('mine'), officersOf('mine'), sourceOf('mine')],
  read: [...OF_THEIRS, officersOf('mine')],
  audit: OF_THEIRS,
  act: OF_THEIRS,
  emit: [...OF_THEIRS, tagOf('mine'), officersOf('mine'), sourceOf('mine')],
  // Permissions name who acts under which name.
  operator: [...OF_THEIRS, tagOf('mine'), sourceOf('mine')],
  whole: [],
};

/** Who may send a refused message of the agency again is told which it was. */
function hiddenFrom(caller: CallerName, request: string): readonly string[] {
  return caller === 'emit' && request.endsWith('/resend') ? OF_THEIRS : HIDDEN[caller];
}

/**
 * Those of applications are given to the officer who asks for them by name, and says why; those of publications stand
 * in the case and its trail for who signs.
 */
function sealedFor(caller: CallerName, request: string): readonly string[] {
  // A page shows none, but what its form was asked for by name.
  if (!request.includes('/v1/')) return SEALED;
  if (caller !== 'act' || !/\/mine\/(cases|exports)\//.test(request)) return SEALED;
  const own = /\/personal-data$|\/cases\/publication\/|\/exports\/(reports|trails\/publication)\//.test(request);
  return own ? [...marked.theirs.marks.values()] : SEALED;
}

function around(text: string, canary: string): string {
  const found = text.indexOf(canary);
  return text.slice(Math.max(0, found - 60), found + canary.length + 40);
}

test('no answer shows what its caller may not see', async () => {
  beginning = ((await (await asked('whole', '/v1/events?limit=1')).json()) as { next: string }).next;
  const described = (await (await asked('public', '/openapi.json')).json()) as { paths: Record<string, Record<string, unknown>> };
  const routes = Object.entries(described.paths).flatMap(([pattern, methods]) =>
    Object.keys(methods).map((method) => [method, pattern] as const),
  );
  expect(routes.length).toBeGreaterThan(20);
  // What is sent last is in no list before: its sender named it.
  const sends = ([method, pattern]: readonly [string, string]): boolean => method === 'post' && pattern === '/v1/events';
  // And what is sent again is its sender's from then on: pages that list it are looked at before.
  for (const caller of CALLERS) await drivePages(caller);
  for (const caller of CALLERS) for (const route of routes.filter((one) => !sends(one))) await drive(caller, ...route);
  for (const caller of CALLERS) for (const route of routes.filter(sends)) await drive(caller, ...route);
  const shown = answers.flatMap(({ caller, request, text }) => {
    const hidden = [...hiddenFrom(caller, request), ...sealedFor(caller, request)];
    return hidden.filter((canary) => text.includes(canary)).map((canary) => `${caller}: ${request}: ${around(text, canary)}`);
  });
  expect(shown).toEqual([]);
});

test('who may see a canary is shown it', () => {
  // Else nothing would be found whatever is shown.
  const page = (caller: CallerName, request: RegExp, text: string): boolean =>
    answers.some((one) => one.caller === caller && request.test(one.request) && one.text.includes(text));
  expect(page('audit', /^GET \/agencies\/mine\/cases\/publication/, officersOf('mine'))).toBe(true);
  expect(page('act', /^GET .*\/reveal$/, 'name="reason"')).toBe(true);
  expect(page('act', /^POST .*\/reveal$/, '400 bad-parameter')).toBe(true);
  const seen = (caller: CallerName, canary: string): boolean => answers.some((one) => one.caller === caller && one.text.includes(canary));
  for (const canary of [tagOf('mine'), officersOf('mine'), sourceOf('mine')]) {
    expect(seen('audit', canary)).toBe(true);
    expect(seen('act', canary)).toBe(true);
  }
  for (const canary of OF_THEIRS) expect(seen('whole', canary)).toBe(true);
  expect(seen('read', tagOf('mine'))).toBe(true);
  expect([...marked.mine.marks.values()].some((text) => seen('act', text))).toBe(true);
  // In a file too: the text of a report, before it is published.
  const inFile = answers.filter(({ caller, request }) => caller === 'act' && request.includes('/mine/exports/reports/'));
  expect(inFile.some(({ text }) => text.includes(marked.mine.marks.get('report.text-revised parts') ?? '-'))).toBe(true);
});

test('no line of the log shows any', async () => {
  expect(served.stderr()).toMatch(/"route":"\/v1\/agencies\/:agency\/cases/);
  const logged = served.stderr();
  const canaries = [...SEALED, ...AGENCIES.flatMap((agency) => [tagOf(agency), officersOf(agency), sourceOf(agency)])];
  expect(canaries.filter((canary) => logged.includes(canary))).toEqual([]);
  const metrics = await (await asked('operator', '/metrics')).text();
  expect(canaries.filter((canary) => metrics.includes(canary))).toEqual([]);
});
