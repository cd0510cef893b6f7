/** `serve` behind a named proxy, on every address of the machine: an address of the loopback plays the proxy. */
import { networkInterfaces } from 'node:os';
import { finishFolder, newFolder, run, serve, stop, type Served } from '../support/cli.js';
import { setUp } from '../support/messages.js';
import { asLines } from '../support/service.js';
import { askUrl, type Heard } from '../support/wire.js';

const PROXY = '127.0.0.2';
/** An address of this machine that is no loopback, from which another of its addresses is asked. */
const STRANGER = Object.values(networkInterfaces())
  .flatMap((found) => found ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

let folder: string;
let token: string;
let served: Served;

beforeAll(async () => {
  folder = newFolder();
  token = (await run(['token', '--subject', 'ops'], { folder })).stdout.trim();
  served = await serve({
    folder,
    env: {
      DISCLOSURE_HOST: '0.0.0.0',
      DISCLOSURE_URL: 'https://ledger.example',
      DISCLOSURE_PROXIES: `10.0.0.0/8,${PROXY}`,
      DISCLOSURE_OIDC_ISSUER: 'local',
      DISCLOSURE_OPERATORS: '[{"issuer":"local","subject":"ops"}]',
    },
  });
});

afterAll(async () => {
  await stop(served);
  await finishFolder(folder);
});

interface From {
  readonly localAddress?: string;
  readonly path?: string;
  readonly forwarded?: Readonly<Record<string, string>>;
}

/** Asks as an operator, under the name that the proxy has. */
function ask({ localAddress, path = '/metrics', forwarded = {} }: From): Promise<Heard> {
  const headers = { host: 'ledger.example', authorization: `Bearer ${token}`, ...forwarded };
  return askUrl(`${served.url}${path}`, { headers, ...(localAddress === undefined ? {} : { localAddress }) });
}

test('it says through whom it is reached', () => {
  expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect(served.stderr()).toContain('other machines reach the service through 10.0.0.0/8, 127.0.0.2, under https://ledger.example');
});

test.each<[string, Readonly<Record<string, string>>, number]>([
  ['https', { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.9', 'x-forwarded-host': 'other.example' }, 200],
  ['nothing', {}, 200],
  ['http', { 'x-forwarded-proto': 'http' }, 421],
])('a proxy that says %s: %s', async (_what, forwarded, status) => {
  const heard = await ask({ localAddress: PROXY, forwarded });
  expect(heard.status).toBe(status);
  if (status === 421)
    expect(JSON.parse(heard.text)).toMatchObject({ code: 'wrong-host', hint: expect.stringContaining('https://ledger.example') as string });
});

const whereStranger = STRANGER === undefined ? test.skip : test;

whereStranger('who is no proxy is refused', async () => {
  // Whatever it says of itself; but for health.
  const said: Record<string, string>[] = [{}, { 'x-forwarded-proto': 'https' }, { 'x-forwarded-proto': 'https', 'x-forwarded-for': PROXY }];
  for (const forwarded of said) expect((await ask({ localAddress: STRANGER, forwarded })).status).toBe(421);
  expect((await ask({ localAddress: STRANGER, path: '/health/live' })).status).toBe(200);
  // Before a token is looked at, and where there is no route.
  for (const path of ['/v1/%zz', '/nothing']) expect((await ask({ localAddress: STRANGER, path })).status).toBe(421);
});

test('the description names the address of the proxy', async () => {
  const { text } = await ask({ localAddress: PROXY, path: '/openapi.json', forwarded: { 'x-forwarded-host': 'other.example' } });
  expect(JSON.parse(text)).toMatchObject({ servers: [{ url: 'https://ledger.example' }] });
});

test('a command beside it needs no proxy', async () => {
  const input = asLines(setUp('first').slice(0, 1));
  const finished = await run(['import', '-', '--json'], { folder, input, env: { DISCLOSURE_TOKEN: token } });
  expect([finished.code, finished.stderr, finished.json()]).toEqual([0, '', expect.objectContaining({ recorded: 1 })]);
});
