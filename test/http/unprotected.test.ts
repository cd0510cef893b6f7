/** The rule by itself: on which ways a request comes unprotected, where a proxy protects the service. */
import { THIS_MACHINE, type Listening } from '../../src/config/listening.js';
import { protection } from '../../src/http/wire/unprotected.js';

const proxied: Listening = {
  host: '0.0.0.0',
  loopback: false,
  tls: null,
  url: 'https://ledger.example',
  proxies: ['10.0.0.1', '172.16.0.0/12', 'fd00::/8'],
};
const secured: Listening = { ...proxied, tls: { cert: '', key: '' } };

/** Who asks, what it says of the way before it, and whether that is safe: behind a proxy; with TLS of our own too. */
const WAYS: readonly (readonly [from: string, protos: readonly string[], proxied: boolean, secured: boolean])[] = [
  ['10.0.0.1', [], true, true],
  ['10.0.0.1', ['https'], true, true],
  ['10.0.0.1', ['HTTPS , https'], true, true],
  ['10.0.0.1', ['http'], false, false],
  ['10.0.0.1', ['https, http'], false, false],
  ['10.0.0.1', ['http', 'https'], false, false],
  ['10.0.0.1', [''], false, false],
  ['::ffff:10.0.0.1', ['https'], true, true],
  ['172.31.255.255', ['https'], true, true],
  ['fd12::7', ['https'], true, true],
  ['10.0.0.2', [], false, true],
  ['10.0.0.2', ['https'], false, true],
  ['10.0.0.2', ['http'], false, true],
  ['172.32.0.0', ['https'], false, true],
  ['fe80::1', ['https'], false, true],
  ['', ['https'], false, true],
  // This machine: over its loopback, or over the address that it asks.
  ['127.0.0.1', [], true, true],
  ['127.0.0.1', ['http'], true, true],
  ['::1', [], true, true],
  ['::ffff:127.0.0.1', [], true, true],
  ['10.9.9.9', [], true, true],
];

const refusal = (listening: Listening, from: string, protos: readonly string[], url = '/v1/events'): string | null => {
  const rawHeaders = protos.flatMap((proto) => ['X-Forwarded-Proto', proto]);
  return protection(listening)({ remoteAddress: from, localAddress: '10.9.9.9', url, rawHeaders })?.code ?? null;
};

test.each(WAYS)('from %s saying %j', (from, protos, whenProxied, whenSecured) => {
  const code = (safe: boolean): string | null => (safe ? null : 'wrong-host');
  expect([refusal(proxied, from, protos), refusal(secured, from, protos)]).toEqual([code(whenProxied), code(whenSecured)]);
});

test('health is answered on every way', () => {
  expect(refusal(proxied, '10.0.0.2', [], '/health/ready')).toBeNull();
  expect(refusal(proxied, '10.0.0.2', [], '/health')).toBe('wrong-host');
});

test('without a proxy nothing is believed', () => {
  for (const listening of [THIS_MACHINE, { ...secured, proxies: [], url: null }])
    expect(refusal(listening, '10.0.0.1', ['http'])).toBeNull();
});
