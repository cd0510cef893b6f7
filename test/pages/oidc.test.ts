/**
 * Signing in and out at real OpenID providers, in a real browser: two of them at once, there and back, and what one
 * could try to learn from the other.
 */
import { decodeJwt } from 'jose';
import type { Page } from 'playwright-core';
import { Identity, type Access } from '../../src/access/identity/identity.js';
import { describeInBrowser, openBrowser, type Browser } from '../support/browser.js';
import { TestProvider } from '../support/oidc-provider.js';
import { startService, type TestService } from '../support/service.js';

const COUNTY = 'pages-at-the-county';
const CITY = 'pages-at-the-city';
const SECRET = 'a secret of this test';

describeInBrowser('signing in at a provider', (executable) => {
  const county = new TestProvider();
  const city = new TestProvider();
  let identity: Identity | undefined;
  let service: TestService;
  let base: string;

  beforeAll(async () => {
    await Promise.all([county.up(), city.up()]);
    const signIn = [
      { issuer: county.issuer, client: COUNTY },
      { issuer: city.issuer, client: CITY, secret: SECRET },
    ];
    service = await startService({ access, signIn });
    base = await service.listen();
  });

  beforeEach(async () => {
    await county.signsIn(base, { client: COUNTY });
    await city.signsIn(base, { client: CITY, secret: SECRET });
    county.asked.length = city.asked.length = 0;
  });

  const access = async (folder: string): Promise<Access> => {
    const issuers = [county, city].map(({ issuer }) => ({ issuer, audience: 'disclosure' }));
    identity = await Identity.open({ issuers, folder, now: Date.now, notice: () => undefined });
    const operators = issuers.map(({ issuer }) => ({ issuer, subject: 'operator' }));
    return { identity, operators, publishedIsPublic: false, rate: 0 };
  };

  afterAll(async () => {
    identity?.stop();
    await Promise.all([county.down(), city.down()]);
    await service.finish();
  });

  /** With a browser of its own, with script or without. */
  async function inBrowser(act: (page: Page, browser: Browser) => Promise<void>, javaScript = true): Promise<void> {
    const browser = await openBrowser(executable, [], { javaScript });
    try {
      await act(await browser.context.newPage(), browser);
    } finally {
      await browser.close();
    }
  }

  /** From the page of agencies to the provider, which is told a name, and back, or wherever that leads. */
  async function signIn(page: Page, { issuer }: TestProvider, lands = `${base}/agencies*`): Promise<void> {
    await page.goto(`${base}/agencies?lang=en`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await page.click(`main a[href*="${encodeURIComponent(issuer)}"]`);
    await page.fill('input[name=login]', 'operator');
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.click('button[type=submit]');
    await page.waitForURL(lands);
  }

  /** Addresses that were asked for, without what stands behind them. */
  const pathsAsked = ({ asked }: TestProvider): string[] => asked.map((url) => url.split('?')[0] ?? '');

  test.each([
    ['county', county],
    ['city', city],
  ])('the %s says who looks', (_name, provider) =>
    inBrowser(async (page, { context }) => {
      await signIn(page, provider);
      expect(await page.textContent('header')).toContain('operator');
      // The cookie says nothing of whom it stands for, and no script reads it.
      const cookies = await context.cookies(base);
      const session = cookies.find(({ name }) => name === 'disclosure-session');
      expect([session?.httpOnly, session?.sameSite, session?.value.length]).toEqual([true, 'Lax', 43]);
      expect(cookies.some(({ name }) => name === 'disclosure-away')).toBe(false);
    }),
  );

  test('a code that this browser did not fetch is nothing', () =>
    inBrowser(async (page) => {
      await page.goto(`${base}/sign-in/callback?code=stolen&state=guessed`);
      expect(page.url()).toMatch(/\/sign-in\?failed=true$/);
      await page.goto(`${base}/sign-in/provider?issuer=${encodeURIComponent('https://elsewhere.example')}`);
      expect(page.url()).toMatch(/\/sign-in\?failed=true$/);
    }));

  test('no provider gets a code of another', () =>
    inBrowser(async (page) => {
      // The county passes who comes to sign in on to the city, with all that was asked of itself.
      county.answer((request, response, asUsual) => {
        const url = new URL(request.url ?? '', county.issuer);
        if (url.pathname !== '/auth') return asUsual(request, response);
        url.searchParams.set('client_id', CITY);
        response.writeHead(303, { location: `${city.issuer}/auth${url.search}` }).end();
      });
      await signIn(page, county, `${base}/sign-in?failed=true`);
      expect(pathsAsked(city)).toContain('/auth');
      expect([...pathsAsked(county), ...pathsAsked(city)]).not.toContain('/token');
    }));

  test('one of several names itself in answers', () =>
    inBrowser(async (page) => {
      county.answer((request, response, asUsual) => {
        if (request.url !== '/.well-known/openid-configuration') return asUsual(request, response);
        const { issuer } = county;
        const of = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ issuer, ...of }));
      });
      await page.goto(`${base}/sign-in/provider?issuer=${encodeURIComponent(county.issuer)}`);
      expect(page.url()).toMatch(/\/sign-in\?failed=true$/);
      expect(pathsAsked(county)).not.toContain('/auth');
    }));

  test.each([
    ['with', true],
    ['without', false],
  ])('signing out ends both sessions, %s script', (_name, javaScript) =>
    inBrowser(async (page, { context }) => {
      await signIn(page, city);
      const [before] = (await context.cookies(base)).filter(({ name }) => name === 'disclosure-session');
      await page.click('header button');
      // By way of a page of this service the provider asks whether he means it.
      await page.waitForURL(`${city.issuer}/session/end?**`);
      const told = new URL(page.url()).searchParams;
      expect(told.get('client_id')).toBe(CITY);
      // It is told whose session ends, and this browser has no name of one any more.
      expect(decodeJwt(told.get('id_token_hint') ?? '')).toMatchObject({ iss: city.issuer, aud: CITY, sub: 'operator' });
      expect((await context.cookies(base)).some(({ name }) => name === 'disclosure-session')).toBe(false);
      await page.click('button[value=yes]');
      await page.waitForURL(`${base}/sign-in?state=*`);
      expect(await page.textContent('main [role=status]')).toContain('signed out here, and');
      // Said once, and to nobody with a state of his own.
      await page.reload();
      expect(await page.locator('main [role=status]').count()).toBe(0);
      // The session is worth nothing from then on, and the provider asks for the name again.
      await context.addCookies([{ name: 'disclosure-session', value: before?.value ?? '', url: base }]);
      await page.goto(`${base}/agencies`);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
      await page.click(`main a[href*="${encodeURIComponent(city.issuer)}"]`);
      await page.waitForSelector('input[name=login]');
    }, javaScript),
  );

  test('who is signed out here alone is told', () =>
    inBrowser(async (page) => {
      for (const trouble of ['no address to sign out', 'down'] as const) {
        await signIn(page, county);
        county.answer((request, response, asUsual) => {
          if (request.url !== '/.well-known/openid-configuration') return asUsual(request, response);
          if (trouble === 'down') return response.destroy();
          const { issuer } = county;
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ issuer }));
        });
        await page.click('header button');
        await page.waitForURL(`${base}/sign-in?left=here`);
        expect(await page.textContent('main [role=status]')).toContain('not at the identity provider');
        await page.goto(`${base}/agencies`);
        expect(new URL(page.url()).pathname).toBe('/sign-in');
        await county.signsIn(base, { client: COUNTY });
        await page.context().clearCookies();
      }
    }));
});
