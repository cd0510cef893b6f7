/** Certificates made for a test by openssl: an authority of its own, and what it signs. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Pair {
  /** Files in PEM. */
  readonly cert: string;
  readonly key: string;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}

/** A certificate that nobody else signed, for these names: `DNS:localhost`, `IP:127.0.0.1`. */
export function selfSigned(folder: string, name: string, names: string): Pair {
  const pair = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  openssl(
    ...['req', '-x509', ...EC, '-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`],
    ...['-keyout', pair.key, '-out', pair.cert],
  );
  return pair;
}

/** A certificate of an authority; its file holds the authority's behind it. */
export function signedBy(
  authority: Pair,
  { folder, name, names }: { readonly folder: string; readonly name: string; readonly names: string },
): Pair {
  const pair = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const request = join(folder, `${name}.csr`);
  const extensions = join(folder, `${name}.ext`);
  writeFileSync(extensions, `subjectAltName=${names}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`);
  openssl('req', ...EC, '-subj', `/CN=${name}`, '-keyout', pair.key, '-out', request);
  openssl(
    ...['x509', '-req', '-in', request, '-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial'],
    ...['-extfile', extensions, '-out', pair.cert],
  );
  writeFileSync(pair.cert, readFileSync(pair.cert, 'utf8') + readFileSync(authority.cert, 'utf8'));
  return pair;
}
