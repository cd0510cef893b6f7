/** What a command takes for the service of its folder: the certificate that stands there, and no other. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailable } from '../../src/log/event-log.js';
import { askService, type Answered } from '../../src/runtime/ask-service.js';
import { selfSigned, signedBy, type Pair } from '../support/certificates.js';

let files: string;
let authority: Pair;
let own: Pair;
let server: Server;
let asked: number;

const pem = (file: string): string => readFileSync(file, 'utf8');

beforeAll(async () => {
  files = mkdtempSync(join(tmpdir(), 'disclosure-tls-'));
  authority = selfSigned(files, 'authority', 'DNS:authority.example');
  own = signedBy(authority, { folder: files, name: 'own', names: 'DNS:ledger.example' });
  server = createServer({ cert: pem(own.cert), key: pem(own.key) }, (_request, response) => {
    asked += 1;
    response.writeHead(207).end('heard');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => (asked = 0));

afterAll(() => {
  server.close();
  rmSync(files, { recursive: true, force: true });
});

function ask(certificate: string | null): Promise<Answered> {
  const { port } = server.address() as AddressInfo;
  return askService({ url: `https://127.0.0.1:${port}`, certificate }, { path: '/' });
}

test('its own certificate is taken', async () => {
  // It names no address of this machine, and its authority is known to nobody here.
  expect(await ask(pem(own.cert))).toEqual({ status: 207, text: 'heard' });
});

test.each<[string, () => string | null]>([
  ['none', () => null],
  ['another', () => pem(selfSigned(files, 'other', 'IP:127.0.0.1').cert)],
  // It has signed the one that is shown.
  ['that of its authority', () => pem(authority.cert)],
])('with %s it is not asked', async (_what, certificate) => {
  await expect(ask(certificate())).rejects.toThrow(StoreUnavailable);
  expect(asked).toBe(0);
});
