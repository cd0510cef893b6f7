/**
 * Who is signed in, on the server: a browser holds nothing but a random name. A restart signs everybody out, which
 * costs a click and keeps no list of callers on the disk.
 */
import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { SignedIn } from '../../access/identity/verdict.js';

/**
 * As whom somebody looks at the ledger where nobody is identified: it decides what is shown first, never what may be.
 */
export const PERSONS = ['clerk', 'reviewer', 'leader', 'auditor'] as const;
export type Person = (typeof PERSONS)[number];

/** `idToken`: of who signed in at a provider, for signing out there. */
export type Who = { readonly person: Person } | { readonly signedIn: SignedIn; readonly idToken?: string };

export type Session = Who & {
  readonly startedAt: number;
  /** For tokens of forms; it is in no answer. */
  readonly secret: string;
};

/** Whom a session stands for where callers are identified; null where it stands for nobody. */
export function signedInBy(session: Session | null): SignedIn | null {
  return session !== null && 'signedIn' in session ? session.signedIn : null;
}

/** Without a request for so long it ends, ms. */
export const IDLE_MS = 30 * 60_000;
/** However busy, it ends then, ms. */
export const LONGEST_MS = 12 * 3_600_000;
/** Behind these the one that was silent longest ends. */
const SESSIONS = 10_000;

interface Kept {
  readonly session: Session;
  seenAt: number;
}

export class Sessions {
  // By the digest of the name: what is read out of this memory signs nobody in.
  readonly #kept = new LRUCache<string, Kept>({ max: SESSIONS });
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Gives the name for the cookie: always a new one, so that nobody is signed in under a name that was planted. */
  start(who: Who): string {
    const name = randomBytes(32).toString('base64url');
    const now = this.#now();
    const session = { ...who, startedAt: now, secret: randomBytes(32).toString('base64url') };
    this.#kept.set(digestOf(name), { session, seenAt: now });
    return name;
  }

  /**
   * The session of this name that stands. Looking at it keeps it from idling, but for what a page asks by itself:
   * nobody may be there.
   */
  find(name: string | undefined, { unattended = false }: { readonly unattended?: boolean } = {}): Session | null {
    if (name === undefined) return null;
    const key = digestOf(name);
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    const now = this.#now();
    if (isOver(kept, now)) {
      this.#kept.delete(key);
      return null;
    }
    if (!unattended) kept.seenAt = now;
    return kept.session;
  }

  end(name: string | undefined): void {
    if (name !== undefined) this.#kept.delete(digestOf(name));
  }
}

function isOver({ session, seenAt }: Kept, now: number): boolean {
  if (now - seenAt > IDLE_MS || now - session.startedAt > LONGEST_MS) return true;
  return 'signedIn' in session && now >= session.signedIn.expiresAt;
}

function digestOf(name: string): string {
  return createHash('sha256').update(name).digest('base64');
}
