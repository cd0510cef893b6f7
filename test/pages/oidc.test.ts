/** Signing in at a real OpenID provider, in a real browser: the code flow with PKCE, there and back. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { Identity, type Access } from '../../src/access/identity/identity.js';
import { describeInBrowser, openBrowser, type Browser } from '../support/browser.js';
import { newKey } from '../support/oidc-provider.js';
import { startService, type TestService } from '../support/service.js';

const CLIENT = 'pages';

describeInBrowser('signing in at a provider', (executable) => {
  let server: Server;
  let issuer: string;
  let identity: Identity | undefined;
  let service: TestService;
  let base: string;
  let browser: Browser;

  beforeAll(async () => {
    let answer: ReturnType<Provider['callback']> | null = null;
    server = createServer((request, response) => void answer?.(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    service = await startService({ access, signIn: [{ issuer, client: CLIENT }] });
    base = await service.listen();
    const client = { client_id: CLIENT, redirect_uris: [`${base}/sign-in/callback`], token_endpoint_auth_method: 'none' as const };
    answer = new Provider(issuer, {
      clients: [client],
      jwks: { keys: [await newKey('RS256', 'one')] },
      cookies: { keys: ['a key of this test'] },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    }).callback();
    browser = await openBrowser(executable, []);
  });

  const access = async (folder: string): Promise<Access> => {
    identity = await Identity.open({ issuers: [{ issuer, audience: 'disclosure' }], folder, now: Date.now, notice: () => undefined });
    return { identity, operators: [{ issuer, subject: 'operator' }], publishedIsPublic: false, rate: 0 };
  };

  afterAll(async () => {
    await browser.close();
    identity?.stop();
    server.closeAllConnections();
    server.close();
    await service.finish();
  });

  test('the provider says who looks', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${base}/agencies?lang=en`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await Promise.all([page.waitForURL(`${issuer}/**`), page.click('main a.govuk-button')]);
    await page.fill('input[name=login]', 'operator');
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.click('button[type=submit]');
    await page.waitForURL(`${base}/agencies*`);
    expect(await page.textContent('header')).toContain('operator');
    // The cookie says nothing of whom it stands for, and no script reads it.
    const cookies = await browser.context.cookies(base);
    const session = cookies.find(({ name }) => name === 'disclosure-session');
    expect([session?.httpOnly, session?.sameSite, session?.value.length]).toEqual([true, 'Lax', 43]);
    expect(cookies.some(({ name }) => name === 'disclosure-away')).toBe(false);
  });

  test('a code that this browser did not fetch is nothing', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${base}/sign-in/callback?code=stolen&state=guessed`);
    expect(page.url()).toMatch(/\/sign-in\?failed=true$/);
  });
});
