/** What the environment says of who may come in: read whole, or refused with the name of what is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAccess } from '../../src/config/access.js';
import { BadConfiguration } from '../../src/config/config.js';
import { selfSigned } from '../support/certificates.js';

type Environment = Readonly<Record<string, string>>;

const OIDC = { DISCLOSURE_OIDC_ISSUER: 'https://login.example/realms/gov', DISCLOSURE_OIDC_AUDIENCE: 'disclosure' };
const PROXY = { DISCLOSURE_URL: 'https://ledger.example', DISCLOSURE_PROXIES: '10.0.0.1' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'disclosure-access-'));
  for (const name of ['one', 'two']) selfSigned(folder, name, 'DNS:localhost');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(content: unknown): string {
  const file = join(folder, 'file.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const ownTls = (cert = 'one', key = 'one'): Environment => ({
  DISCLOSURE_TLS_CERT: join(folder, `${cert}.crt`),
  DISCLOSURE_TLS_KEY: join(folder, `${key}.key`),
});

test('without anything nobody is identified, on the loopback', () => {
  expect(readAccess({})).toEqual({
    issuers: [],
    operators: [],
    listening: { host: '127.0.0.1', loopback: true, tls: null, url: null, proxies: [] },
    rate: 100,
    publishedIsPublic: false,
    signIn: [],
  });
});

test('everything that is set is read', () => {
  const issuers = [
    { issuer: 'http://localhost:8080', audience: 'a', actorClaim: 'officer', signIn: { client: 'there' } },
    { issuer: 'https://other.example', audience: 'b', signIn: { client: 'elsewhere', secret: 'its own' } },
    { issuer: 'local' },
  ];
  expect(
    readAccess({
      ...OIDC,
      ...ownTls(),
      DISCLOSURE_OIDC_FILE: fileOf(issuers),
      DISCLOSURE_OPERATORS: JSON.stringify([{ issuer: 'local', subject: 'ops' }]),
      DISCLOSURE_HOST: '0.0.0.0',
      DISCLOSURE_URL: 'https://ledger.example:8443/',
      DISCLOSURE_PROXIES: '10.0.0.1, 192.168.0.0/16,fd00::/8',
      DISCLOSURE_RATE: '0',
      DISCLOSURE_PUBLIC: 'published',
      DISCLOSURE_OIDC_CLIENT: 'pages',
      DISCLOSURE_OIDC_CLIENT_SECRET: 'said to nobody',
    }),
  ).toEqual({
    issuers: [
      { issuer: OIDC.DISCLOSURE_OIDC_ISSUER, audience: 'disclosure' },
      { issuer: 'http://localhost:8080', audience: 'a', actorClaim: 'officer' },
      { issuer: 'https://other.example', audience: 'b' },
      { issuer: 'local', audience: 'http://127.0.0.1' },
    ],
    operators: [{ issuer: 'local', subject: 'ops' }],
    listening: {
      host: '0.0.0.0',
      loopback: false,
      tls: { cert: expect.stringContaining('BEGIN CERTIFICATE') as string, key: expect.stringContaining('PRIVATE KEY') as string },
      url: 'https://ledger.example:8443',
      proxies: ['10.0.0.1', '192.168.0.0/16', 'fd00::/8'],
    },
    rate: 0,
    publishedIsPublic: true,
    signIn: [
      { issuer: OIDC.DISCLOSURE_OIDC_ISSUER, client: 'pages', secret: 'said to nobody' },
      { issuer: 'http://localhost:8080', client: 'there' },
      { issuer: 'https://other.example', client: 'elsewhere', secret: 'its own' },
    ],
  });
});

test('operators stand in a file too', () => {
  const file = fileOf([{ issuer: OIDC.DISCLOSURE_OIDC_ISSUER, subject: 'ops' }]);
  expect(readAccess({ ...OIDC, DISCLOSURE_OPERATORS: `@${file}` }).operators).toEqual([
    { issuer: OIDC.DISCLOSURE_OIDC_ISSUER, subject: 'ops' },
  ]);
});

test.each(['127.0.0.1', '127.0.0.9', '::1', 'localhost', '::ffff:127.0.0.1'])('%s is the loopback', (host) => {
  expect(readAccess({ DISCLOSURE_HOST: host }).listening).toMatchObject({ host, loopback: true });
});

test.each(['0.0.0.0', '::', '10.1.2.3', 'fe80::1', '128.0.0.1', '::ffff:10.0.0.1'])('%s needs an issuer and TLS', (host) => {
  const env = { DISCLOSURE_HOST: host };
  expect(() => readAccess({ ...env, ...ownTls() })).toThrow(/without an issuer/);
  expect(() => readAccess({ ...env, ...OIDC })).toThrow(/beyond the loopback there is TLS/);
  expect(() => readAccess({ ...env, ...OIDC, DISCLOSURE_URL: PROXY.DISCLOSURE_URL })).toThrow(/beyond the loopback there is TLS/);
  expect(() => readAccess({ ...env, ...OIDC, DISCLOSURE_PROXIES: PROXY.DISCLOSURE_PROXIES })).toThrow(/beyond the loopback there is TLS/);
  expect(readAccess({ ...env, ...OIDC, ...ownTls() }).listening).toMatchObject({ host, loopback: false });
  expect(readAccess({ ...env, ...OIDC, ...PROXY }).listening).toMatchObject({ url: 'https://ledger.example' });
});

const issuer = (value: string): Environment => ({ ...OIDC, DISCLOSURE_OIDC_ISSUER: value });
const list =
  (value: unknown): (() => Environment) =>
  () => ({ DISCLOSURE_OIDC_FILE: fileOf(value) });
const A = { issuer: 'https://a.example', audience: 'a' };
const operators = (value: string): Environment => ({ ...OIDC, DISCLOSURE_OPERATORS: value });

test.each<[string, () => Environment, RegExp]>([
  ['an issuer without TLS', () => issuer('http://login.example'), /DISCLOSURE_OIDC_ISSUER: http:\/\/login\.example is no issuer/],
  ['an issuer that is a name', () => issuer('login'), /DISCLOSURE_OIDC_ISSUER/],
  ['an issuer with a question', () => issuer('https://login.example/?a=b'), /DISCLOSURE_OIDC_ISSUER/],
  ['an issuer with a fragment', () => issuer('https://login.example/#'), /DISCLOSURE_OIDC_ISSUER/],
  ['an issuer with a password', () => issuer('https://a:b@login.example'), /DISCLOSURE_OIDC_ISSUER/],
  ['an issuer on a host that begins like the loopback', () => issuer('http://127.0.0.1.example'), /DISCLOSURE_OIDC_ISSUER/],
  ['an issuer without audience', () => ({ DISCLOSURE_OIDC_ISSUER: 'https://login.example' }), /DISCLOSURE_OIDC_AUDIENCE must be given/],
  ['an audience without issuer', () => ({ DISCLOSURE_OIDC_AUDIENCE: 'a' }), /DISCLOSURE_OIDC_ISSUER is not/],
  ['a file that is not there', () => ({ DISCLOSURE_OIDC_FILE: join(folder, 'none') }), /DISCLOSURE_OIDC_FILE: the file cannot be read/],
  ['a file that is no JSON', list('issuer'), /DISCLOSURE_OIDC_FILE is no JSON/],
  ['a file that is no array', list({ issuer: 'local' }), /DISCLOSURE_OIDC_FILE is a JSON array/],
  ['a file without issuers', list([]), /names no issuer/],
  ['a file with an unknown name', list([{ issuer: 'local', actorclaim: 'a' }]), /\[0\]\.actorclaim is not known/],
  ['a file with a number', list([{ issuer: 'local' }, 7]), /\[1\] is no object/],
  [
    'a file with an audience that is a list',
    list([{ issuer: 'https://a.example', audience: ['a'] }]),
    /\[0\]\.audience must be given, as a text/,
  ],
  ['a file with a claim that is none', list([{ issuer: 'local', actorClaim: '' }]), /\[0\]\.actorClaim must be given/],
  ['a local issuer to sign in at', list([{ issuer: 'local', signIn: { client: 'c' } }]), /\[0\]\.signIn: local is no provider/],
  ['a sign-in that is a text', list([{ ...A, signIn: 'pages' }]), /\[0\]\.signIn is no object/],
  ['a sign-in without client', list([{ ...A, signIn: { secret: 's' } }]), /\[0\]\.signIn\.client must be given/],
  ['a sign-in with an empty secret', list([{ ...A, signIn: { client: 'c', secret: '' } }]), /\[0\]\.signIn\.secret must be given/],
  ['a sign-in with an unknown name', list([{ ...A, signIn: { client: 'c', key: '' } }]), /\[0\]\.signIn\.key is not known/],
  ['an issuer twice', list([{ issuer: 'local' }, { issuer: 'local' }]), /the issuer local is configured twice/],
  ['operators that are no JSON', () => operators('ops'), /DISCLOSURE_OPERATORS is no JSON/],
  ['operators in a file that is not there', () => operators('@none'), /DISCLOSURE_OPERATORS: the file cannot be read/],
  ['an operator without subject', () => operators(`[{"issuer":"${OIDC.DISCLOSURE_OIDC_ISSUER}"}]`), /\[0\]\.subject must be given/],
  [
    'an operator with a name too long',
    () => operators(JSON.stringify([{ issuer: OIDC.DISCLOSURE_OIDC_ISSUER, subject: 'x'.repeat(256) }])),
    /1 to 255/,
  ],
  ['an operator of another issuer', () => operators('[{"issuer":"local","subject":"ops"}]'), /local is none of the configured issuers/],
  [
    'an operator where nobody is identified',
    () => ({ DISCLOSURE_OPERATORS: '[{"issuer":"local","subject":"ops"}]' }),
    /none of the configured/,
  ],
  ['a host name', () => ({ DISCLOSURE_HOST: 'ledger.example' }), /DISCLOSURE_HOST: ledger\.example is no address/],
  ['an address in brackets', () => ({ DISCLOSURE_HOST: '[::1]' }), /DISCLOSURE_HOST/],
  ['a certificate without key', () => ({ DISCLOSURE_TLS_CERT: ownTls()['DISCLOSURE_TLS_CERT'] as string }), /given together/],
  ['a key of another certificate', () => ownTls('one', 'two'), /DISCLOSURE_TLS_KEY is not the key/],
  ['a certificate that is not there', () => ownTls('none'), /DISCLOSURE_TLS_CERT: the file cannot be read/],
  ['a key that is not there', () => ownTls('one', 'none'), /DISCLOSURE_TLS_KEY: the file cannot be read/],
  [
    'a key for a certificate',
    () => ({ ...ownTls(), DISCLOSURE_TLS_CERT: ownTls()['DISCLOSURE_TLS_KEY'] as string }),
    /DISCLOSURE_TLS_CERT is no cert/,
  ],
  [
    'a certificate for a key',
    () => ({ ...ownTls(), DISCLOSURE_TLS_KEY: ownTls()['DISCLOSURE_TLS_CERT'] as string }),
    /DISCLOSURE_TLS_KEY is no private/,
  ],
  ['a proxy without TLS', () => ({ DISCLOSURE_URL: 'http://ledger.example' }), /DISCLOSURE_URL/],
  ['an address with a path', () => ({ DISCLOSURE_URL: 'https://ledger.example/disclosure' }), /DISCLOSURE_URL/],
  ['a proxy by name', () => ({ DISCLOSURE_PROXIES: 'proxy.example' }), /DISCLOSURE_PROXIES: "proxy\.example"/],
  ['every address as proxy', () => ({ DISCLOSURE_PROXIES: '0.0.0.0/0' }), /DISCLOSURE_PROXIES/],
  ['a network of 33 bits', () => ({ DISCLOSURE_PROXIES: '10.0.0.0/33' }), /DISCLOSURE_PROXIES/],
  ['a blank proxy', () => ({ DISCLOSURE_PROXIES: '10.0.0.1,' }), /DISCLOSURE_PROXIES/],
  ['a rate with a fraction', () => ({ DISCLOSURE_RATE: '0.5' }), /DISCLOSURE_RATE/],
  ['a rate below zero', () => ({ DISCLOSURE_RATE: '-1' }), /DISCLOSURE_RATE/],
  ['a rate without bound', () => ({ DISCLOSURE_RATE: '9999999' }), /DISCLOSURE_RATE/],
  ['a secret without its client', () => ({ ...OIDC, DISCLOSURE_OIDC_CLIENT_SECRET: 's' }), /DISCLOSURE_OIDC_CLIENT is not/],
  ['a client without a provider', () => ({ DISCLOSURE_OIDC_CLIENT: 'pages' }), /names no provider/],
  ['a public that is not known', () => ({ DISCLOSURE_PUBLIC: 'all' }), /DISCLOSURE_PUBLIC/],
])('%s is refused', (_name, env, why) => {
  const read = (): unknown => readAccess(env());
  expect(read).toThrow(BadConfiguration);
  expect(read).toThrow(why);
});
