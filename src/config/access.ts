/**
 * Who may come in, from the environment: issuers of tokens, operators, where the service listens and under what
 * protection, how much one caller may ask. Asked only by whoever serves. What is wrong is refused, never passed over:
 * a mistyped issuer is not to become a service without identity. Source: contract, "Access".
 */
import { readFileSync } from 'node:fs';
import { isObject, membersOf, messageOf } from '../encoding/unknown-values.js';
import { BadConfiguration } from './config.js';
import { readListening, type Listening } from './listening.js';
import { providerUrl } from './provider-url.js';

/** Who calls: an issuer's name for itself, and its name for the caller. Both are compared as they are written. */
export interface Caller {
  readonly issuer: string;
  readonly subject: string;
}

/** The name of the issuer of `disclosure token`, in the configuration and in its tokens. */
export const LOCAL_ISSUER = 'local';

/**
 * What the tokens of the local issuer are for: services on the loopback. Always this one, whatever
 * `DISCLOSURE_OIDC_AUDIENCE` says: the command that issues a token need not be given the configuration of the
 * service.
 */
export const LOCAL_AUDIENCE = 'http://127.0.0.1';

export interface Issuer {
  /** An address, or `local`. */
  readonly issuer: string;
  readonly audience: string;
  /** The claim that holds an officer's name; absent = none does. */
  readonly actorClaim?: string;
}

/** As what this service is known to a provider, for who signs in to its pages. */
export interface SignInClient {
  readonly issuer: string;
  readonly client: string;
  /** Absent: a public client, for which PKCE alone vouches. */
  readonly secret?: string;
}

export interface AccessConfig {
  /** Empty: nobody is identified. */
  readonly issuers: readonly Issuer[];
  readonly operators: readonly Caller[];
  readonly listening: Listening;
  /** Requests a second and caller; 0 = any number. */
  readonly rate: number;
  /** Whether published tables are shown without a token. */
  readonly publishedIsPublic: boolean;
  /** Providers at which one signs in to the pages. */
  readonly signIn: readonly SignInClient[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_RATE = 100;
const MAX_RATE = 1_000_000;
const MAX_SUBJECT = 255;

/** Errors: `BadConfiguration`. */
export function readAccess(env: Environment): AccessConfig {
  const { issuers, signIn } = readIssuers(env);
  const listening = readListening(env);
  if (issuers.length === 0 && !listening.loopback)
    throw new BadConfiguration(
      `DISCLOSURE_HOST is ${listening.host}: without an issuer (DISCLOSURE_OIDC_ISSUER) the service is for this machine alone`,
    );
  return {
    issuers,
    operators: readOperators(env, issuers),
    listening,
    rate: readRate(env),
    publishedIsPublic: readPublic(env),
    signIn,
  };
}

type Issuers = Pick<AccessConfig, 'issuers' | 'signIn'>;

/** Those of `DISCLOSURE_OIDC_ISSUER` and of `DISCLOSURE_OIDC_FILE`, in this order, with their clients of the pages. */
function readIssuers(env: Environment): Issuers {
  const issuer = env['DISCLOSURE_OIDC_ISSUER']?.trim() ?? '';
  const audience = env['DISCLOSURE_OIDC_AUDIENCE']?.trim() ?? '';
  const file = env['DISCLOSURE_OIDC_FILE'] ?? '';
  if (issuer === '' && audience !== '') throw new BadConfiguration('DISCLOSURE_OIDC_AUDIENCE is set, and DISCLOSURE_OIDC_ISSUER is not');
  const one =
    issuer === '' ? [] : [readIssuer({ issuer, audience }, { issuer: 'DISCLOSURE_OIDC_ISSUER', audience: 'DISCLOSURE_OIDC_AUDIENCE' })];
  const more = file === '' ? { issuers: [], signIn: [] } : readIssuerFile(file);
  const issuers = [...one, ...more.issuers];
  const twice = issuers.find(({ issuer: name }, at) => issuers.findIndex((other) => other.issuer === name) !== at);
  if (twice !== undefined) throw new BadConfiguration(`the issuer ${twice.issuer} is configured twice`);
  return { issuers, signIn: [...readSignIn(env), ...more.signIn] };
}

/** The client of `DISCLOSURE_OIDC_ISSUER`. */
function readSignIn(env: Environment): SignInClient[] {
  const issuer = env['DISCLOSURE_OIDC_ISSUER']?.trim() ?? '';
  const client = env['DISCLOSURE_OIDC_CLIENT']?.trim() ?? '';
  const secret = env['DISCLOSURE_OIDC_CLIENT_SECRET']?.trim() ?? '';
  if (client === '' && secret === '') return [];
  if (client === '') throw new BadConfiguration('DISCLOSURE_OIDC_CLIENT_SECRET is set, and DISCLOSURE_OIDC_CLIENT is not');
  if (issuer === '' || issuer === LOCAL_ISSUER)
    throw new BadConfiguration('DISCLOSURE_OIDC_CLIENT is set, and DISCLOSURE_OIDC_ISSUER names no provider to sign in at');
  return [{ issuer, client, ...(secret === '' ? {} : { secret }) }];
}

function readIssuerFile(file: string): Issuers {
  const entries = readList('DISCLOSURE_OIDC_FILE', readText('DISCLOSURE_OIDC_FILE', file));
  if (entries.length === 0) throw new BadConfiguration('DISCLOSURE_OIDC_FILE names no issuer');
  const read = entries.map((entry, at) => {
    const place = `DISCLOSURE_OIDC_FILE: [${at}]`;
    requireNames(entry, { place, names: ['issuer', 'audience', 'actorClaim', 'signIn'] });
    const issuer = readIssuer(entry, { issuer: `${place}.issuer`, audience: `${place}.audience`, actorClaim: `${place}.actorClaim` });
    return { issuer, signIn: readClient(entry, `${place}.signIn`, issuer) };
  });
  return { issuers: read.map(({ issuer }) => issuer), signIn: read.flatMap(({ signIn }) => signIn) };
}

/** `signIn: {client, secret?}` of an entry; without it tokens of that issuer are taken, and nobody signs in there. */
function readClient(entry: unknown, place: string, { issuer }: Issuer): SignInClient[] {
  const { signIn } = membersOf(entry);
  if (signIn === undefined) return [];
  requireNames(signIn, { place, names: ['client', 'secret'] });
  if (issuer === LOCAL_ISSUER) throw new BadConfiguration(`${place}: ${LOCAL_ISSUER} is no provider to sign in at`);
  const { client, secret } = membersOf(signIn);
  const proof = secret === undefined ? {} : { secret: text(secret, `${place}.secret`) };
  return [{ issuer, client: text(client, `${place}.client`), ...proof }];
}

interface Places {
  readonly issuer: string;
  readonly audience: string;
  readonly actorClaim?: string;
}

function readIssuer(entry: unknown, places: Places): Issuer {
  const { issuer, audience, actorClaim } = membersOf(entry);
  const name = text(issuer, places.issuer);
  if (name !== LOCAL_ISSUER && (providerUrl(name) === null || name.includes('?')))
    throw new BadConfiguration(`${places.issuer}: ${name} is no issuer: an address with https (http on the loopback only), or "local"`);
  const claim = actorClaim === undefined ? {} : { actorClaim: text(actorClaim, places.actorClaim ?? 'actorClaim') };
  const meant = name === LOCAL_ISSUER ? LOCAL_AUDIENCE : text(audience, places.audience);
  return { issuer: name, audience: meant, ...claim };
}

/** `[{issuer, subject}]`, or `@FILE` of a file that holds this. */
function readOperators(env: Environment, issuers: readonly Issuer[]): Caller[] {
  const said = env['DISCLOSURE_OPERATORS']?.trim() ?? '';
  if (said === '') return [];
  const json = said.startsWith('@') ? readText('DISCLOSURE_OPERATORS', said.slice(1)) : said;
  return readList('DISCLOSURE_OPERATORS', json).map((entry, at) => {
    const place = `DISCLOSURE_OPERATORS: [${at}]`;
    requireNames(entry, { place, names: ['issuer', 'subject'] });
    const { issuer, subject } = membersOf(entry);
    const operator = { issuer: text(issuer, `${place}.issuer`), subject: text(subject, `${place}.subject`) };
    if (!isSubject(operator.subject)) throw new BadConfiguration(`${place}.subject has 1 to ${MAX_SUBJECT} characters`);
    if (!issuers.some((known) => known.issuer === operator.issuer))
      throw new BadConfiguration(`${place}.issuer: ${operator.issuer} is none of the configured issuers: its operator could never come`);
    return operator;
  });
}

/** Whether a text may name a caller: 1 to 255 characters, none of them half of one. */
export function isSubject(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && [...value].length <= MAX_SUBJECT;
}

function readRate(env: Environment): number {
  const said = env['DISCLOSURE_RATE']?.trim() ?? '';
  if (said === '') return DEFAULT_RATE;
  const rate = /^\d{1,7}$/.test(said) ? Number(said) : NaN;
  if (!(rate <= MAX_RATE))
    throw new BadConfiguration(`DISCLOSURE_RATE is a whole number from 0 to ${MAX_RATE}: requests a second and caller`);
  return rate;
}

function readPublic(env: Environment): boolean {
  const said = env['DISCLOSURE_PUBLIC']?.trim() ?? '';
  if (said !== '' && said !== 'published') throw new BadConfiguration('DISCLOSURE_PUBLIC is "published", or not set');
  return said === 'published';
}

function readText(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadConfiguration(`${name}: the file cannot be read: ${messageOf(error)}`);
  }
}

function readList(name: string, json: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new BadConfiguration(`${name} is no JSON: ${messageOf(error)}`);
  }
  if (!Array.isArray(value)) throw new BadConfiguration(`${name} is a JSON array of objects`);
  return value;
}

function requireNames(entry: unknown, { place, names }: { readonly place: string; readonly names: readonly string[] }): void {
  if (!isObject(entry)) throw new BadConfiguration(`${place} is no object with ${names.join(', ')}`);
  const other = Object.keys(entry).find((name) => !names.includes(name));
  if (other !== undefined) throw new BadConfiguration(`${place}.${other} is not known; there are ${names.join(', ')}`);
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') throw new BadConfiguration(`${place} must be given, as a text`);
  return value;
}
