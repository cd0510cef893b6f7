/** Signing in to the pages: try-out on the loopback, with a token where callers are identified; attacks are refused. */
import { PageClient as Client, tokenIn } from '../support/page-client.js';
import { HOME, HOSTILE, SECRET, startToLookAt } from '../support/pages-service.js';
import { startIdentified, type Identified } from '../support/identified.js';
import type { TestService } from '../support/service.js';

describe('the try-out', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startToLookAt();
  });

  afterAll(() => service.finish());

  test('a page leads to signing in and back', async () => {
    const client = new Client(service);
    const turned = await client.get(`${HOME}/tables/2017?view=live`);
    expect([turned.status, turned.headers.location]).toEqual([
      303,
      `/sign-in?return=${encodeURIComponent(`${HOME}/tables/2017?view=live`)}`,
    ]);
    const form = await client.get(String(turned.headers.location));
    expect(form.text).toContain('attestation: none');
    const answer = await client.post('/sign-in', { token: tokenIn(form), return: `${HOME}/tables/2017?view=live`, person: 'leader' });
    expect([answer.status, answer.headers.location]).toEqual([303, `${HOME}/tables/2017?view=live`]);
    const [cookie = ''] = [answer.headers['set-cookie'] ?? []].flat().filter((line) => /session=./.test(line));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect((await client.get(`${HOME}/tables/2017`)).status).toBe(200);
  });

  test('every page is closed to what is inline', async () => {
    const client = new Client(service);
    await client.signIn({ person: 'auditor' });
    for (const url of ['/sign-in', '/agencies', HOME, `${HOME}/tables/2017`, '/ledger', '/search?q=1']) {
      const { headers } = await client.get(url);
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  test('a form of somebody else is refused', async () => {
    const client = new Client(service);
    const token = tokenIn(await client.get('/sign-in'));
    const refused = [
      await client.post('/sign-in', { person: 'leader' }),
      await client.post('/sign-in', { person: 'leader', token: `${token}x` }),
      await client.post('/sign-in', { person: 'leader', token }, { 'sec-fetch-site': 'cross-site' }),
      // A token that was shown to another browser.
      await client.post('/sign-in', { person: 'leader', token: tokenIn(await new Client(service).get('/sign-in')) }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(client.cookie('session')).toBeUndefined();
  });

  test('signing out needs its own form', async () => {
    const client = new Client(service);
    await client.signIn({ person: 'clerk' });
    expect((await client.post('/sign-out', {})).status).toBe(403);
    const token = tokenIn(await client.get(HOME));
    const before = client.cookie('session') ?? '';
    const { status, headers } = await client.post('/sign-out', { token });
    expect([status, headers.location]).toEqual([303, '/sign-in']);
    expect([headers['set-cookie']].flat().join()).toMatch(/^disclosure-session=; Max-Age=0; Path=\/; HttpOnly/);
    // The name is worth nothing from then on, wherever it was kept.
    client.plant('disclosure-session', before);
    expect((await client.get(HOME)).status).toBe(303);
  });

  test('a planted session name is not taken', async () => {
    const client = new Client(service);
    client.plant('disclosure-session', 'planted');
    await client.signIn({ person: 'leader' });
    const mine = client.cookie('session');
    expect(mine).not.toBe('planted');
    // Signing in again gives another name, and ends the one before.
    const token = tokenIn(await client.get(HOME));
    await client.post('/sign-in', { token, return: HOME, person: 'clerk' });
    expect(client.cookie('session')).not.toBe(mine);
    client.plant('disclosure-session', mine ?? '');
    expect((await client.get(HOME)).status).toBe(303);
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/\t/evil.example', 'evil', ''])(
    'after signing in nobody goes to %j',
    async (back) => {
      const answer = await new Client(service).signIn({ person: 'leader' }, back);
      expect(answer.headers.location).toBe('/agencies');
    },
  );

  test('hostile texts are shown as they are', async () => {
    const client = new Client(service);
    await client.signIn({ person: 'auditor' });
    const pages = [
      `${HOME}/cases/publication/hostile`,
      `/search?q=hostile`,
      `/search?q=${encodeURIComponent(HOSTILE)}`,
      '/agencies',
      '/agencies/hostile',
      `${HOME}/officers`,
      `${HOME}/officers/${encodeURIComponent(HOSTILE)}`,
      '/agencies/hostile/officers',
      '/refusals',
      // A draft that waits for a reviewer of that name.
      HOME,
    ];
    const texts = await Promise.all(pages.map(async (url) => (await client.get(url)).text));
    for (const text of texts.toSpliced(1, 1)) expect(text).toContain('&lt;script>');
    for (const text of texts) expect(text).not.toMatch(/<script(?! type="module" src="\/assets\/)|<img|onerror="/);
  });

  test('no page shows what is sealed', async () => {
    const client = new Client(service);
    await client.signIn({ person: 'leader' });
    for (const url of [HOME, `${HOME}/cases/publication/open`, `${HOME}/cases/application/2017-1`, `${HOME}/applications`]) {
      const { status, text } = await client.get(url);
      expect([url, status, text.includes(SECRET)]).toEqual([url, 200, false]);
    }
  });

  test('a program is told problems as everywhere', async () => {
    const client = new Client(service);
    await client.signIn({ person: 'leader' });
    const missing = await client.get('/agencies/nowhere', { accept: 'application/json' });
    expect([missing.status, missing.json<{ code: string }>().code]).toEqual([404, 'unknown-agency']);
    expect((await client.get('/agencies/nowhere')).text).toMatch(/^<!doctype html>.*unknown-agency/s);
  });
});

describe('where callers are identified', () => {
  let world: Identified;

  beforeAll(async () => {
    world = await startIdentified();
    await world.register('own');
    await world.register('other');
    await world.grant('own', 'reader', 'read');
    await world.service.settled();
  });

  afterAll(() => world.finish());

  const signedIn = async (subject: string): Promise<Client> => {
    const client = new Client(world.service);
    await client.signIn({ bearer: await world.tokenOf(subject) }, '/agencies');
    return client;
  };

  test('a session has the rights of its caller', async () => {
    const client = await signedIn('reader');
    expect((await client.get('/agencies/own')).status).toBe(200);
    // Another agency's pages, and what `read` does not show.
    expect((await client.get('/agencies/other')).status).toBe(403);
    expect((await client.get('/agencies/own/applications')).status).toBe(403);
  });

  test('a permission that ended shows no page', async () => {
    await world.grant('own', 'leaving', 'read');
    await world.service.settled();
    const client = await signedIn('leaving');
    expect((await client.get('/agencies/own')).status).toBe(200);
    await world.end('own', 'leaving', 'read');
    await world.service.settled();
    expect((await client.get('/agencies/own')).status).toBe(403);
  });

  test('a session is no token under /v1', async () => {
    const client = await signedIn('reader');
    expect((await client.get('/v1/agencies/own')).status).toBe(401);
    expect((await client.get('/metrics')).status).toBe(401);
  });

  test('nobody signs in with a bad token', async () => {
    const client = new Client(world.service);
    const answer = await client.signIn({ bearer: 'none' });
    expect(answer.headers.location).toMatch(/^\/sign-in\?failed=true/);
    // Nor as a person of the try-out.
    await client.signIn({ person: 'leader' });
    expect((await client.get('/agencies')).status).toBe(303);
  });

  test('a token is taken as under /v1', async () => {
    expect((await world.ask('reader', '/agencies/own')).status).toBe(200);
    expect((await world.ask('reader', '/agencies/other')).status).toBe(403);
  });
});
