/** The environment, read once. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../encoding/unknown-values.js';

export interface Config {
  /** Folder of everything this process keeps: the embedded log, read models, keys. */
  readonly data: string;
  /** File of the key store, where replicas on one machine share one; absent = `keys.db` in the data folder. */
  readonly keys?: string;
  /** `esdb://…` when the log is in EventStoreDB; null for the embedded one. */
  readonly eventStoreDbUrl: string | null;
  /** Prefix of this ledger's streams in EventStoreDB; nothing else may write under it. */
  readonly namespace?: string;
  /** Nothing is written to a data folder of which a file is open to group or others. */
  readonly strictFiles?: boolean;
}

/** A host under which the service is also reached, such as behind a proxy: of `DISCLOSURE_HOSTS`. */
export interface NamedHost {
  /** As a browser writes it: lower case, punycode; an IPv6 address in brackets. */
  readonly name: string;
  /** null: the usual ports of http and https, and the service's own. */
  readonly port: number | null;
}

export class BadConfiguration extends Error {
  override readonly name = 'BadConfiguration';
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const url = env['EVENTSTOREDB_URL']?.trim() ?? '';
  if (url !== '' && !/^esdb(\+discover)?:\/\//.test(url))
    throw new BadConfiguration('EVENTSTOREDB_URL must begin with esdb:// or esdb+discover://');
  const namespace = env['DISCLOSURE_NAMESPACE'] || 'disclosure-';
  if (!/^[a-z][a-z0-9-]*-$/.test(namespace)) throw new BadConfiguration('DISCLOSURE_NAMESPACE must be of a-z, 0-9 and -, and end with -');
  const data = resolve(env['DISCLOSURE_DATA'] || 'data');
  const keys = env['DISCLOSURE_KEYS'] || null;
  // Never made: a mistyped folder would begin an empty key store, beside which no sealed text can be read.
  if (keys !== null && !existsSync(dirname(resolve(keys))))
    throw new BadConfiguration(`DISCLOSURE_KEYS: there is no folder ${dirname(resolve(keys))}`);
  const strict = env['DISCLOSURE_STRICT_FILES'] || '0';
  if (!/^[01]$/.test(strict)) throw new BadConfiguration('DISCLOSURE_STRICT_FILES is 1 or 0');
  return {
    namespace,
    strictFiles: strict === '1',
    data,
    keys: keys === null ? join(data, 'keys.db') : resolve(keys),
    eventStoreDbUrl: url === '' ? null : url,
  };
}

/**
 * The text in the variable `name`, or in the file that `name` + `_FILE` names, trimmed; empty where there is neither.
 * Errors: `BadConfiguration`.
 */
export function textOf(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const file = env[`${name}_FILE`] ?? '';
  if (file === '') return env[name]?.trim() ?? '';
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new BadConfiguration(`${name}_FILE cannot be read: ${messageOf(error)}`);
  }
}

/** Where to serve by the environment; asked only by whoever serves. */
export function portOf(env: Readonly<Record<string, string | undefined>>): number {
  return parsePort(env['PORT'] ?? '3000');
}

export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65535)) throw new BadConfiguration(`not a port: ${text}`);
  return port;
}

/**
 * `DISCLOSURE_HOSTS`: hosts under which the service is reached besides 127.0.0.1, localhost and [::1]; asked only by
 * whoever serves.
 */
export function hostsOf(env: Readonly<Record<string, string | undefined>>): readonly NamedHost[] {
  const text = env['DISCLOSURE_HOSTS']?.trim() ?? '';
  return text === '' ? [] : text.split(',').map((host) => parseHost(host.trim()));
}

function parseHost(text: string): NamedHost {
  const [, written = '', digits] = /^([^\s/?#@\\:[\]%]+|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?$/i.exec(text) ?? [];
  // As a browser writes it in Host and Origin.
  const name = URL.canParse(`http://${written}`) ? new URL(`http://${written}`).hostname : '';
  const port = digits === undefined ? null : Number(digits);
  if (/^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])$/.test(name) && (port === null || port <= 65535)) return { name, port };
  throw new BadConfiguration(
    `DISCLOSURE_HOSTS: "${text}" is no host; give hosts with or without a port, and commas between them, such as ledger.example,localhost:8080`,
  );
}
