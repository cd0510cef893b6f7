/**
 * Attacks on every page there is: callers of another agency, forms and frames of other origins, addresses to go on to
 * elsewhere. What is attacked is read from the pages themselves.
 */
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { AGENCIES, ownPage } from '../../src/pages/addresses.js';
import { PAGES } from '../../src/pages/routes.js';
import { describeInBrowser, openBrowser, servePage, type Browser, type WebServer } from '../support/browser.js';
import { startIdentified, type Identified } from '../support/identified.js';
import { hashOf } from '../support/messages.js';
import { PageClient, tokenIn } from '../support/page-client.js';
import { HOME, SECRET, startToLookAt } from '../support/pages-service.js';
import type { Answer, TestService } from '../support/service.js';

const PARTS: Readonly<Record<string, string>> = {
  year: '2029',
  cell: '2.1.1:made',
  kind: 'publication',
  number: 'kanarie',
  actor: 'vogel',
};

const addressFor = (url: string, agency: string): string =>
  url.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(name === 'agency' ? agency : (PARTS[name] ?? name)));

describe('a caller of another agency', () => {
  let world: Identified;
  let client: PageClient;
  let token: string;

  beforeAll(async () => {
    world = await startIdentified();
    for (const agency of ['own', 'other']) {
      await world.register(agency, { name: `nest ${agency}` });
      await world.grant(agency, `web-${agency}`, 'emit');
      const as = { actor: 'vogel', subject: 'publication/kanarie' };
      await world.send(`web-${agency}`, 'publication.drafted', agency, { title: '标题', contentHash: hashOf('1') }, as);
      await world.sent(`web-${agency}`, 'publication.released', agency, { channel: 'website' }, { actor: 'vogel', id: `early-${agency}` });
    }
    for (const permission of ['read', 'audit', 'emit']) await world.grant('other', 'neighbour', permission);
    await world.grant('other', 'neighbour', 'act', { actor: 'root' });
    await world.service.settled();
    client = new PageClient(world.service);
    await client.signIn({ bearer: await world.tokenOf('neighbour') }, AGENCIES);
    token = tokenIn(await client.get(AGENCIES));
  });

  afterAll(() => world.finish());

  const ask = async (method: string, url: string): Promise<Answer> =>
    method === 'GET' ? client.get(url) : client.post(url, { token, actor: 'root', reason: '核对', proof: 'x' });

  const OF_AGENCY = PAGES.filter(({ url }) => url.includes(':agency')).map(({ method, url }) => [method, url] as const);
  const OF_NONE = PAGES.filter(({ url }) => !url.includes(':agency')).map(({ method, url }) => [method, url] as const);

  test.each(OF_AGENCY)('%s %s is refused', async (method, url) => {
    const before = await world.service.head();
    const answer = await ask(method, addressFor(url, 'own'));
    expect([answer.status, answer.type, answer.text.includes('not-permitted')]).toEqual([403, 'text/html', true]);
    // What was asked for stands in the link to the other language.
    expect(answer.text.replaceAll('officers/vogel', '')).not.toMatch(/vogel|nest/);
    // As of an agency that there is not: nothing but its code, which was asked for, tells the two apart.
    const none = await ask(method, addressFor(url, 'none'));
    const plain = ({ text }: Answer): string => text.replaceAll(/agencies\/(own|none)/g, 'agencies/');
    expect([none.status, plain(none)]).toEqual([403, plain(answer)]);
    expect(await world.service.head()).toBe(before);
    // Of his own he is shown, or told what is wrong.
    expect((await ask(method, addressFor(url, 'other'))).text).not.toContain('lacks');
  });

  test.each(OF_NONE)('%s %s shows nothing of it', async (method, url) => {
    for (const query of method === 'GET' ? ['', '?agency=own', '?q=kanarie', '?q=kanarie&agency=own', '?event=none'] : ['']) {
      const { status, text } = await ask(method, `${url}${query}`);
      expect([200, 400, 403, 404]).toContain(status);
      expect(text).not.toMatch(/nest own|agencies\/own|early-own/);
    }
  });
});

describe('where one goes on after signing in', () => {
  test('is a page of this service, whatever is asked', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      ':',
      '//',
      'https:',
      '@',
      '\t',
      '\n',
      '\r',
      ' ',
      '%2f',
      '%5c',
      '%09',
      '.',
      '?',
      '#',
      'evil.example',
      'a',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    );
    const isOwn = (asked: string): boolean => new URL(ownPage(asked), 'http://own.example').origin === 'http://own.example';
    fc.assert(
      fc.property(texts, (text) => isOwn(text) && isOwn(`/${text}`)),
      { numRuns: 500 },
    );
    expect(ownPage('/agencies/a?view=live')).toBe('/agencies/a?view=live');
  });
});

describeInBrowser('pages of another origin', (executable) => {
  let service: TestService;
  let base: string;
  let browser: Browser;
  let elsewhere: WebServer;
  let page: Page;

  beforeAll(async () => {
    service = await startToLookAt();
    base = await service.listen();
    elsewhere = await servePage('<!doctype html><title>elsewhere</title><body>');
    browser = await openBrowser(executable, ['evil.example']);
    page = await browser.context.newPage();
    await page.goto(`${base}/sign-in?return=${HOME}`);
    await page.check('input[value=leader]');
    await Promise.all([page.waitForURL(`**${HOME}*`), page.click('main button')]);
  });

  afterAll(async () => {
    await browser.close();
    await elsewhere.close();
    await service.finish();
  });

  /** Another port of the same host is sent the cookies, another host is not. */
  const HOSTS = ['127.0.0.1', 'localhost', 'evil.example'];
  const foreign = (host: string): string => `http://${host}:${elsewhere.port}/`;

  const addressOf = (url: string): string =>
    `${base}${addressFor(url, 'test-agency').replace('publication/kanarie', 'application/2017-1')}`;
  const posts = (): string[] => [
    ...new Set(
      service
        .routes()
        .filter(({ method, pattern }) => method === 'POST' && !pattern.startsWith('/v1'))
        .map(({ pattern }) => pattern),
    ),
  ];

  test.each(HOSTS)('no form of %s does anything', async (host) => {
    expect(posts().length).toBeGreaterThan(PAGES.filter(({ method }) => method === 'POST').length);
    const before = await service.head();
    for (const pattern of posts()) {
      await page.goto(foreign(host));
      const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
      await page.evaluate((to) => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: to });
        for (const [name, value] of Object.entries({ person: 'auditor', actor: 'leader', reason: 'a', proof: 'a', token: 'a' }))
          form.append(Object.assign(document.createElement('input'), { name, value }));
        document.body.append(form);
        form.submit();
      }, addressOf(pattern));
      const answer = await answered;
      expect([pattern, answer.status(), (await answer.text()).includes(SECRET)]).toEqual([pattern, 403, false]);
    }
    expect(await service.head()).toBe(before);
    // Nobody was signed out, nor in as somebody else.
    await page.goto(`${base}${HOME}?lang=zh`);
    expect(await page.textContent('header')).toContain('负责人');
  });

  test.each(HOSTS)('no page is shown in a frame of %s', async (host) => {
    for (const { url } of [...PAGES.filter(({ method }) => method === 'GET'), { url: '/sign-in' }]) {
      await page.goto(foreign(host));
      const blocked = page.waitForEvent('console', (said) => said.text().includes('frame-ancestors'));
      await page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), addressOf(url));
      await blocked;
    }
  });

  test('texts are shown to a recorded access alone', async () => {
    // A reload sends the form again: it is another access.
    const accesses = async (): Promise<number> => (await service.eventsAfter(null)).filter(({ type }) => type === 'access.granted').length;
    const reveal = `${base}${HOME}/cases/application/2017-1/reveal?lang=zh`;
    await page.goto(reveal);
    await page.fill('#actor', 'leader');
    await page.fill('#reason', '核对');
    await Promise.all([page.waitForResponse((answer) => answer.request().method() === 'POST'), page.click('main form button')]);
    await page.waitForLoadState();
    expect(await page.textContent('main')).toContain(SECRET);
    const once = await accesses();
    await page.reload();
    expect([(await page.textContent('main'))?.includes(SECRET), await accesses()]).toEqual([true, once + 1]);
    const before = await service.head();
    await page.goto(reveal);
    expect(await page.textContent('main')).not.toContain(SECRET);
    expect(await service.head()).toBe(before);
  });
});
