/** The service's own certificate and key, from the environment: two files in PEM, and a pair. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../encoding/unknown-values.js';
import { BadConfiguration } from './config.js';
import { modeIfOpen, OPEN } from './data-files.js';

/** The service's own certificate, and those between it and its authority, with its private key: PEM texts. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Asked again where the certificate was renewed. Errors: `BadConfiguration`. */
export function readTls(env: Environment): Tls | null {
  const files = { cert: env['DISCLOSURE_TLS_CERT'] ?? '', key: env['DISCLOSURE_TLS_KEY'] ?? '' };
  if (files.cert === '' && files.key === '') return null;
  if (files.cert === '' || files.key === '') throw new BadConfiguration('DISCLOSURE_TLS_CERT and DISCLOSURE_TLS_KEY are given together');
  const tls = { cert: readPem('DISCLOSURE_TLS_CERT', files.cert), key: readPem('DISCLOSURE_TLS_KEY', files.key) };
  const certificate = orRefused('DISCLOSURE_TLS_CERT is no certificate in PEM', () => new X509Certificate(tls.cert));
  const key = orRefused('DISCLOSURE_TLS_KEY is no private key in PEM, without a password', () => createPrivateKey(tls.key));
  if (!certificate.checkPrivateKey(key))
    throw new BadConfiguration('DISCLOSURE_TLS_KEY is not the key of the first certificate in DISCLOSURE_TLS_CERT');
  // Refused now what would fail each client later, such as a key that is too short.
  orRefused('DISCLOSURE_TLS_CERT, DISCLOSURE_TLS_KEY', () => createSecureContext(tls));
  return tls;
}

function readPem(name: string, file: string): string {
  return orRefused(`${name}: the file cannot be read`, () => readFileSync(file, 'utf8'));
}

function orRefused<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new BadConfiguration(`${what}: ${messageOf(error)}`);
  }
}

/** What an operator must know of his certificate, though the service runs with it: a line each, mostly none. */
export function tlsWarnings(env: Environment, { cert }: Tls): string[] {
  const file = env['DISCLOSURE_TLS_KEY'] ?? '';
  const mode = modeIfOpen(file, OPEN);
  const { validFrom, validTo } = new X509Certificate(cert);
  const holds = Date.parse(validFrom) <= Date.now() && Date.now() <= Date.parse(validTo);
  return [
    ...(mode === null ? [] : [`DISCLOSURE_TLS_KEY: ${file} is open to other accounts of this machine (${mode}); chmod 600 it`]),
    ...(holds ? [] : [`DISCLOSURE_TLS_CERT holds from ${validFrom} to ${validTo}, and not now: no client will take it`]),
  ];
}
