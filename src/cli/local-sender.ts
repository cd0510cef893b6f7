/**
 * Who sends where a command of this machine writes the folder itself, and the token where it goes through a service.
 */
import { userInfo } from 'node:os';
import { readAccess } from '../config/access.js';
import { NO_IDENTITY, type Sender } from '../recording/sender.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where callers are identified a command bears the name of its user, and nobody's token: `local:<user>`. Errors:
 * `BadConfiguration`.
 */
export function localSender(env: Environment): Sender {
  if (readAccess(env).issuers.length === 0) return NO_IDENTITY;
  return { attestation: 'none', caller: `local:${userName()}`, identity: true };
}

/** The head of a request to the service: `DISCLOSURE_TOKEN`, where it is set. */
export function bearing(env: Environment): Readonly<Record<string, string>> {
  const token = env['DISCLOSURE_TOKEN']?.trim() ?? '';
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

/** A user without an entry in the machine's list has a number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
