/** `serve` with a certificate of its own: who reaches it, what it is shown, and the commands beside it. */
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { selfSigned, signedBy, type Pair } from '../support/certificates.js';
import { finishFolder, newFolder, run, runAlone, serve, stop, type Finished, type Served } from '../support/cli.js';
import { setUp } from '../support/messages.js';
import { rawConnection, sendBytes } from '../support/raw-http.js';
import { asLines, NDJSON } from '../support/service.js';
import { until } from '../support/until.js';
import { askUrl } from '../support/wire.js';

const OPERATORS = JSON.stringify([{ issuer: 'local', subject: 'ops' }]);

/** Of what is not a data folder. */
let files: string;
let folder: string;
let authority: Pair;
/** The files the service is told of: what is in them changes. */
let shown: Pair;
let elsewhere: Pair;
let token: string;
let served: Served;

const tlsEnv = ({ cert, key }: Pair): Record<string, string> => ({ DISCLOSURE_TLS_CERT: cert, DISCLOSURE_TLS_KEY: key });
const env = (): Record<string, string> => ({
  DISCLOSURE_HOST: '0.0.0.0',
  DISCLOSURE_OIDC_ISSUER: 'local',
  DISCLOSURE_OPERATORS: OPERATORS,
  ...tlsEnv(shown),
});

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'disclosure-tls-'));
  folder = newFolder();
  authority = selfSigned(files, 'authority', 'DNS:authority.example');
  shown = signedBy(authority, { folder: files, name: 'localhost', names: 'DNS:localhost,IP:127.0.0.1' });
  elsewhere = selfSigned(files, 'elsewhere', 'DNS:ledger.example');
  token = (await run(['token', '--subject', 'ops'], { folder })).stdout.trim();
  served = await serve({ folder, env: env() });
});

afterAll(async () => {
  await stop(served);
  await finishFolder(folder);
  rmSync(files, { recursive: true, force: true });
});

const port = (): number => Number(new URL(served.url).port);
const bearing = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
const ca = (): string => readFileSync(authority.cert, 'utf8');
const health = (): string => `${served.url}/health/live`;

/** The subject of the certificate that a new connection is shown. */
function certificateShown(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ port: port(), host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

test('it says where it listens', async () => {
  expect(served.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(served.stderr()).toContain('0.0.0.0 is listened on: other machines reach the service over TLS');
  expect((await askUrl(health(), { ca: ca() })).status).toBe(200);
  expect((await askUrl(`${served.url}/v1/events`, { ca: ca() })).status).toBe(401);
  await expect(askUrl(health(), { ca: readFileSync(elsewhere.cert, 'utf8') })).rejects.toThrow();
});

test('other addresses of the machine reach it', async () => {
  // Whichever the machine has, and one more of the loopback.
  const others = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .flatMap(({ address, family, internal }) => (family === 'IPv4' && !internal ? [address] : []));
  for (const address of ['127.0.0.2', ...others])
    expect([address, (await askUrl(`https://${address}:${port()}/v1/events`)).status]).toEqual([address, 401]);
});

test('plain HTTP gets no answer', async () => {
  // Nothing is said in HTTP where nothing was understood, and nobody else notices.
  const heard = await new Promise<string>((resolve) => {
    const socket = connect(port(), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
  });
  expect(heard).not.toContain('HTTP');
  expect((await askUrl(health())).status).toBe(200);
  expect(served.stderr().trimEnd()).toMatch(/listening on \S+$/);
});

test('a long head is refused', async () => {
  const long = await askUrl(`${served.url}/v1/events`, { headers: { a: 'a'.repeat(20_000) } });
  expect(long.status).toBe(431);
});

test('a body too large hears why', async () => {
  // The answer comes while the client still sends: no reset overtakes it.
  const headers = { ...bearing(), 'content-type': NDJSON };
  const answer = await askUrl(`${served.url}/v1/events`, { method: 'POST', headers, body: ' '.repeat(17 * 1024 * 1024) });
  expect([answer.status, answer.text]).toEqual([413, expect.stringContaining('too-large')]);
});

/** Registers an agency by the command beside the service. */
function importAgency(code: string): Promise<Finished> {
  const [registered] = setUp(code);
  return run(['import', '-', '--json'], { folder, input: asLines([registered]), env: { DISCLOSURE_TOKEN: token } });
}

test('an import goes through it', async () => {
  const finished = await importAgency('first');
  expect({ code: finished.code, stderr: finished.stderr }).toEqual({ code: 0, stderr: '' });
  expect(finished.json()).toMatchObject({ recorded: 1 });
  const refused = await run(['import', '-'], { folder, input: asLines(setUp('x')) });
  expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('answered 401')]);
});

test('SIGHUP shows a renewed certificate', async () => {
  copyFileSync(elsewhere.cert, shown.cert);
  served.child.kill('SIGHUP');
  await until(() => served.stderr().includes('the certificate stays as it was: DISCLOSURE_TLS_KEY is not the key'));
  expect(await certificateShown()).toBe('localhost');
  copyFileSync(elsewhere.key, shown.key);
  served.child.kill('SIGHUP');
  await until(() => served.stderr().includes('the certificate was read again'));
  expect(await certificateShown()).toBe('elsewhere');
  // It names no address of this machine, and no authority: the folder says that it is the service's.
  const finished = await importAgency('second');
  expect({ code: finished.code, stderr: finished.stderr }).toEqual({ code: 0, stderr: '' });
});

test('it ends beside silent connections', async () => {
  // One that never began its handshake, one in the middle of it, one in the middle of a request.
  const silent = [
    connect(port(), '127.0.0.1'),
    connect(port(), '127.0.0.1', () => silent[1]?.write(Buffer.from([0x16, 0x03, 0x01, 0x02]))),
  ];
  for (const socket of silent) socket.on('error', () => undefined);
  const half = await rawConnection(served.url);
  half.socket.on('error', () => undefined);
  half.socket.write(`POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 100\r\n\r\n`);
  await until(() => silent.every((socket) => !socket.connecting));
  expect((await askUrl(health())).status).toBe(200);
  const ended = await stop(served);
  for (const socket of [...silent, half.socket]) socket.destroy();
  expect(ended).toMatchObject({ code: 0, signal: null });
  served = await serve({ folder, env: env() });
});

test('a key open to others is said', async () => {
  const own = newFolder();
  chmodSync(elsewhere.key, 0o644);
  const other = await serve({ folder: own, env: tlsEnv(elsewhere) });
  chmodSync(elsewhere.key, 0o600);
  expect(other.url).toMatch(/^https:/);
  // Without an issuer Host is looked at, over TLS too.
  const asked = async (headers: Record<string, string>): Promise<number> => (await askUrl(`${other.url}/v1/events`, { headers })).status;
  expect(await asked({})).toBe(200);
  expect(await asked({ host: 'ledger.example' })).toBe(421);
  expect(await asked({ origin: other.url })).toBe(200);
  expect(await asked({ origin: other.url.replace('https', 'http') })).toBe(403);
  await stop(other);
  expect(other.stderr()).toContain(`DISCLOSURE_TLS_KEY: ${elsewhere.key} is open to other accounts of this machine (644)`);
  rmSync(own, { recursive: true });
});

test.each<[string, () => Record<string, string>, RegExp]>([
  ['no file', () => tlsEnv({ cert: join(files, 'none'), key: elsewhere.key }), /DISCLOSURE_TLS_CERT: the file cannot be read/],
  ['another key', () => tlsEnv({ cert: elsewhere.cert, key: authority.key }), /DISCLOSURE_TLS_KEY is not the key/],
  [
    'neither TLS nor a proxy',
    () => ({ DISCLOSURE_TLS_CERT: '', DISCLOSURE_TLS_KEY: '' }),
    /beyond the loopback there is TLS.*DISCLOSURE_PROXIES/,
  ],
  ['no such address', () => ({ DISCLOSURE_HOST: '203.0.113.77' }), /cannot listen on 203\.0\.113\.77/],
])('%s: it does not start', async (_what, changed, why) => {
  const own = newFolder();
  const finished = await runAlone(['serve', '--port', '0'], { folder: own, env: { ...env(), ...changed() } });
  rmSync(own, { recursive: true });
  expect([finished.code, finished.stderr]).toEqual([2, expect.stringMatching(why)]);
  expect(finished.stderr).not.toContain('listening on');
});

test('bytes are answered as ever', async () => {
  const [answer] = await sendBytes(served.url, 'NONSENSE\r\n\r\n');
  expect([answer?.status, answer?.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
});
