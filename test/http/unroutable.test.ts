/** A token is asked for before it is said that an address is none, or that a request cannot be met. */
import { Identity } from '../../src/access/identity/identity.js';
import { issueToken } from '../../src/access/identity/local-issuer.js';
import { LOCAL_AUDIENCE, LOCAL_ISSUER } from '../../src/config/access.js';
import { sendBytes } from '../support/raw-http.js';
import { startService, type TestService } from '../support/service.js';
import { TEST_NOW } from '../support/ledger.js';

/** A part of an address that no route takes. */
const LONG = `GET /v1/agencies/${'a'.repeat(1025)}/tables/2017`;
const OPERATOR = { issuer: LOCAL_ISSUER, subject: 'ops' };

let service: TestService;
let url: string;
let token: string;
let identity: Identity;

beforeAll(async () => {
  service = await startService({
    access: async (folder) => {
      const issuers = [{ issuer: LOCAL_ISSUER, audience: LOCAL_AUDIENCE }];
      identity = await Identity.open({ issuers, folder, now: () => TEST_NOW, notice: () => undefined });
      return { identity, operators: [OPERATOR], publishedIsPublic: false, rate: 0 };
    },
  });
  url = await service.listen();
  const issued = await issueToken({ folder: service.folder, subject: OPERATOR.subject, minutes: 60, now: TEST_NOW });
  token = issued.token;
});

afterAll(async () => {
  identity.stop();
  await service.finish();
});

/** Status and code of the answer, and what it says of tokens. */
async function answered(first: string, ...headers: readonly string[]): Promise<string> {
  const [answer] = await sendBytes(url, [`${first} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n'));
  const { code } = JSON.parse(answer?.body || '{}') as { code?: string };
  return [answer?.status, code, answer?.headers.get('www-authenticate')?.replace(/ .*/, '')].join(' ').trim();
}

test.each<[string, string, readonly string[], string]>([
  ['a bad escape', 'GET /v1/%zz', [], '400 bad-request'],
  ['no UTF-8', 'GET /v1/agencies/%ff/tables/2017', [], '400 bad-request'],
  ['a part too long', LONG, [], '400 bad-request'],
  ['no address', 'GET /v1/nothing', [], '404 not-found'],
  ['an odd method', 'PROPFIND /v1/events', [], '405 method-not-allowed'],
  ['TRACE', 'TRACE /v1/events', [], '405 method-not-allowed'],
  ['an expectation', 'GET /metrics', ['Expect: tea'], '417 bad-request'],
])('%s: a token first', async (_what, first, headers, status) => {
  expect(await answered(first, ...headers)).toBe('401 no-token Bearer');
  expect(await answered(first, ...headers, 'Authorization: Bearer x')).toBe('401 bad-token Bearer');
  expect(await answered(first, ...headers, `Authorization: Bearer ${token}`)).toBe(status);
});

test('a token in such an address is refused', async () => {
  expect(await answered('GET /v1/%zz?access_token=x', `Authorization: Bearer ${token}`)).toBe('401 bad-token Bearer');
});

test('public addresses ask for none', async () => {
  expect(await answered('GET /health/%zz')).toBe('400 bad-request');
  expect(await answered('GET /health/live', 'Expect: tea')).toBe('417 bad-request');
});
