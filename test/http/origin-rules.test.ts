/** The rule by itself: every head a browser, a proxy or a program may send, against the words of the contract. */
import { turnedAway, type Door, type Head } from '../../src/http/wire/origin-rules.js';

const alone: Door = { port: 3000, hosts: [], scheme: 'http' };
const named: Door = {
  ...alone,
  hosts: [
    { name: 'ledger.example', port: null },
    { name: 'tunnel.example', port: 8080 },
    { name: 'secure.example', port: 443 },
    { name: '[fd00::1]', port: 9 },
  ],
};

function verdict(door: Door, headers: readonly (readonly [string, string])[], more: Partial<Head> = {}): string | null {
  const found = turnedAway({ method: 'GET', url: '/v1/events', httpVersion: '1.1', rawHeaders: headers.flat(), ...more }, door);
  if (found === null) return null;
  expect([found.hint, found.detail]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
  return `${found.status} ${found.code}`;
}

const WRONG = '421 wrong-host';
const FOREIGN = '403 foreign-origin';
const BAD = '400 bad-request';

describe('Host', () => {
  const host = (door: Door, text: string): string | null => verdict(door, [['Host', text]]);

  test.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', 'LocalHost:3000'])('%s is the service', (text) => {
    expect(host(alone, text)).toBeNull();
  });

  test.each([
    'evil.example:3000',
    'evil.example',
    '',
    'localhost',
    '127.0.0.1',
    '[::1]',
    'localhost:',
    'localhost:80',
    'localhost:03000',
    'localhost:+3000',
    'localhost:3001',
    'localhost.:3000',
    'localhost:3000.',
    'sub.localhost:3000',
    'localhost.evil.example:3000',
    'user@localhost:3000',
    'evil.example@localhost:3000',
    'localhost:3000@evil.example',
    'localhost:3000, evil.example',
    'localhost:3000/evil.example',
    'http://localhost:3000',
    '127.1:3000',
    '127.0.0.2:3000',
    '2130706433:3000',
    '0x7f000001:3000',
    '0.0.0.0:3000',
    '::1:3000',
    '[::]:3000',
    '[0:0:0:0:0:0:0:1]:3000',
    '[::ffff:127.0.0.1]:3000',
    '[::1%lo]:3000',
    'ledger.example',
    'ⓛocalhost:3000',
  ])('"%s" is not', (text) => {
    expect(host(alone, text)).toBe(WRONG);
  });

  test('without a port only port 80 is right', () => {
    // Without a port it is right only where the service has that of http.
    for (const text of ['localhost', '127.0.0.1', '[::1]', 'localhost:80'])
      expect([text, host({ ...alone, port: 80 }, text)]).toEqual([text, null]);
    expect(host({ ...alone, port: 443 }, 'localhost')).toBe(WRONG);
    expect(host({ ...alone, port: 443 }, 'localhost:443')).toBeNull();
    // Over TLS that of https.
    expect(host({ ...alone, port: 443, scheme: 'https' }, 'localhost')).toBeNull();
    expect(host({ ...alone, port: 80, scheme: 'https' }, 'localhost')).toBe(WRONG);
  });

  test('a named host implies usual and own ports', () => {
    // A named host stands for the usual ports and the own, or for the port it names.
    const right = [
      'ledger.example',
      'LEDGER.example:80',
      'ledger.example:443',
      'ledger.example:3000',
      'tunnel.example:8080',
      'secure.example:443',
    ];
    for (const text of [...right, 'secure.example', '[fd00::1]:9']) expect([text, host(named, text)]).toEqual([text, null]);
    const wrong = [
      'ledger.example:8080',
      'tunnel.example',
      'tunnel.example:3000',
      'secure.example:80',
      '[fd00::1]',
      'x.ledger.example',
      'ledger.example.',
    ];
    for (const text of wrong) expect([text, host(named, text)]).toEqual([text, WRONG]);
  });

  test('none or two is a bad request', () => {
    // None, or two, is a bad request, also where any is taken.
    expect(verdict(alone, [])).toBe(BAD);
    expect(verdict(alone, [], { httpVersion: '1.0' })).toBe(BAD);
    expect(verdict(alone, [], { url: '/health/live' })).toBe(BAD);
    // Of the time before there was a Host.
    expect(verdict(alone, [], { url: '/health/live', httpVersion: '1.0' })).toBeNull();
    for (const url of ['/v1/events', '/health/live', '/nothing']) {
      const twice = [
        ['Host', 'localhost:3000'],
        ['hOST', 'localhost:3000'],
      ] as const;
      expect([url, verdict(alone, twice, { url })]).toEqual([url, BAD]);
    }
  });

  test('an absolute target is held to the same', () => {
    // A target in absolute form is held to the same, whatever Host says.
    const target = (url: string, host = 'localhost:3000', door = alone): string | null => verdict(door, [['Host', host]], { url });
    for (const url of [
      '/v1/events',
      '*',
      'http://localhost:3000/v1/events',
      'HTTP://[::1]:3000/',
      'http://127.0.0.1:3000',
      'http://localhost:3000?x=1',
    ])
      expect([url, target(url)]).toEqual([url, null]);
    for (const url of [
      'http://evil.example/v1/events',
      'http://evil.example:3000/v1/events',
      'https://localhost:3000/v1/events',
      'http://localhost/v1/events',
      'http://user@localhost:3000/v1/events',
      'ftp://localhost:3000/v1/events',
      'http:///v1/events',
      'evil.example:3000',
      'localhost:3000',
    ])
      expect([url, target(url)]).toEqual([url, WRONG]);
    expect(target('http://localhost:3000/v1/events', 'evil.example')).toBe(WRONG);
    expect(target('https://secure.example/v1/events', 'secure.example', named)).toBeNull();
  });
});

describe('Origin and Sec-Fetch-Site', () => {
  const sent = (headers: Record<string, string>, more: Partial<Head> = {}, door = alone): string | null =>
    verdict(door, [['Host', 'localhost:3000'], ...Object.entries(headers)], more);

  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])('a page of %s is ours', (origin) => {
    expect(sent({ origin }, { method: 'POST' })).toBeNull();
  });

  test.each([
    'null',
    '',
    'https://localhost:3000',
    'http://localhost',
    'http://localhost:3001',
    'http://localhost:3000/',
    'http://localhost.:3000',
    'http://user@localhost:3000',
    'http://localhost:3000 http://evil.example',
    'http://evil.example',
    'http://evil.example:3000',
    'file://',
    'chrome-extension://abc',
    'localhost:3000',
  ])('one of "%s" is not', (origin) => {
    for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD']) expect([method, sent({ origin }, { method })]).toEqual([method, FOREIGN]);
  });

  test('of two Origins both must be ours', () => {
    const [own, evil] = ['http://localhost:3000', 'http://evil.example'];
    expect(
      verdict(alone, [
        ['Host', 'localhost:3000'],
        ['Origin', own],
        ['Origin', evil],
      ]),
    ).toBe(FOREIGN);
    expect(
      verdict(alone, [
        ['Host', 'localhost:3000'],
        ['Origin', evil],
        ['Origin', own],
      ]),
    ).toBe(FOREIGN);
  });

  test('a named host may be behind https', () => {
    // A named host may stand behind a proxy that speaks https.
    const right = [
      'https://ledger.example',
      'http://ledger.example',
      'http://ledger.example:3000',
      'https://tunnel.example:8080',
      'https://secure.example',
    ];
    for (const origin of right) expect([origin, sent({ origin }, {}, named)]).toEqual([origin, null]);
    const wrong = ['https://ledger.example:8080', 'http://secure.example', 'https://tunnel.example', 'https://x.ledger.example'];
    for (const origin of wrong) expect([origin, sent({ origin }, {}, named)]).toEqual([origin, FOREIGN]);
  });

  test('only same-origin and none are no other site', () => {
    for (const site of ['same-origin', 'none']) expect([site, sent({ 'sec-fetch-site': site })]).toEqual([site, null]);
    for (const site of ['same-site', 'cross-site', '', 'Same-Origin', 'same-origin, cross-site', 'x'])
      expect([site, sent({ 'sec-fetch-site': site })]).toEqual([site, FOREIGN]);
    const twice = [
      ['Host', 'localhost:3000'],
      ['Sec-Fetch-Site', 'same-origin'],
      ['Sec-Fetch-Site', 'cross-site'],
    ] as const;
    expect(verdict(alone, twice)).toBe(FOREIGN);
  });

  test('a navigation reaches pages, nothing under /v1', () => {
    // A navigation from elsewhere may come to a page, and to nothing under /v1 however it is written.
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    for (const url of ['/docs', '/', '/docs/swagger-ui.css', '/v1events', '/nothing?x=/v1/events', '/%ff', 'http://localhost:3000/docs'])
      expect([url, sent(headers, { url })]).toEqual([url, null]);
    for (const url of ['/v1', '/v1/', '/v1?x', '/v1/events', '/%761/events', '/v1/%zz', '/%76%31/x', 'http://localhost:3000/v1/events'])
      expect([url, sent(headers, { url })]).toEqual([url, FOREIGN]);
    for (const method of ['POST', 'HEAD', 'OPTIONS', 'DELETE'])
      expect([method, sent(headers, { url: '/docs', method })]).toEqual([method, FOREIGN]);
    for (const mode of ['cors', 'no-cors', 'same-origin', 'websocket', 'Navigate', ''])
      expect([mode, sent({ ...headers, 'sec-fetch-mode': mode }, { url: '/docs' })]).toEqual([mode, FOREIGN]);
    expect(verdict(alone, [['Host', 'evil.example:3000'], ...Object.entries(headers)], { url: '/docs' })).toBe(WRONG);
  });

  test('health answers any Host and Origin', () => {
    const headers = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const url of ['/health/live', '/health/ready', '/health/nothing', 'http://evil.example/health/live']) {
      expect([url, verdict(alone, [['Host', 'evil.example'], ...Object.entries(headers)], { url, method: 'POST' })]).toEqual([url, null]);
    }
    for (const url of ['/health', '/healthy', '/Health/live', '/v1/health/live', '/x/../health/live'])
      expect([url, verdict(alone, [['Host', 'evil.example']], { url })]).toEqual([url, WRONG]);
  });
});
