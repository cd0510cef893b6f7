/** `serve` with a real provider that speaks TLS under an authority of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned, signedBy, type Pair } from '../support/certificates.js';
import { newFolder, serve, stop } from '../support/cli.js';
import { AUDIENCE, newKey, TestProvider } from '../support/oidc-provider.js';
import { until } from '../support/until.js';
import { askUrl } from '../support/wire.js';

let files: string;
let authority: Pair;
let provider: TestProvider;

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'disclosure-tls-'));

  authority = selfSigned(files, 'authority', 'DNS:authority.example');
  const { cert, key } = signedBy(authority, { folder: files, name: 'provider', names: 'IP:127.0.0.1' });
  provider = await TestProvider.begin([await newKey('RS256', 'one')], { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') });
});

afterAll(async () => {
  await provider.down();
  rmSync(files, { recursive: true, force: true });
});

test.each([
  ['trusted', true, 200],
  ['not trusted', false, 401],
])('an authority that is %s', async (_what, trusted, status) => {
  // One that is not trusted is a provider that is down: nobody comes in, and the service goes on.
  const issuer = { DISCLOSURE_OIDC_ISSUER: provider.issuer, DISCLOSURE_OIDC_AUDIENCE: AUDIENCE };
  const token = await provider.token();
  const own = newFolder();
  const served = await serve({
    folder: own,
    env: {
      ...issuer,
      DISCLOSURE_OPERATORS: JSON.stringify([{ issuer: provider.issuer, subject: 'website' }]),
      ...(trusted ? { NODE_EXTRA_CA_CERTS: authority.cert } : {}),
    },
  });
  const headers = { authorization: `Bearer ${token}` };
  const asked = await askUrl(`${served.url}/metrics`, { headers });
  if (!trusted) await until(() => served.stderr().includes(`the keys of ${provider.issuer} cannot be fetched`));
  await until(async () => (await askUrl(`${served.url}/health/ready`)).status === 200);
  const ended = await stop(served);
  rmSync(own, { recursive: true });
  expect([asked.status, ended.code]).toEqual([status, 0]);
});
