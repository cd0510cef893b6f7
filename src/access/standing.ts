/**
 * How long an answer goes on that is given piece by piece: until the token ends, or a permission it rests on. One piece
 * for every stream, whatever it streams.
 */
import type { Caller, Permission } from '../domain/agency/acts.js';
import type { Rights, RightsReader } from './rights.js';

/** ms between two looks: an answer ends within 2 s of the permission, on a busy machine too. */
const LOOK_MS = 500;

export interface Watched {
  /** Aborted when the answer must end. */
  readonly signal: AbortSignal;
  /** The answer ended by itself. */
  readonly stop: () => void;
}

interface Watching {
  readonly stands: () => boolean;
  readonly end: AbortController;
}

/** Looks after everything that is streamed at the moment; one timer, and none while there is nothing. */
export class StandingWatch {
  readonly #rights: Pick<RightsReader, 'of'>;
  readonly #now: () => number;
  readonly #watching = new Set<Watching>();
  #timer: NodeJS.Timeout | null = null;

  constructor(rights: Pick<RightsReader, 'of'>, now: () => number) {
    this.#rights = rights;
    this.#now = now;
  }

  /** Where a caller stands, whose token ends at `expiresAt` (ms). */
  of(caller: Caller, expiresAt: number): Standing {
    return {
      rights: () => this.#rights.of(caller),
      watch: (permissions) => {
        const begun = this.#rights.of(caller);
        return this.#watch(() => this.#now() < expiresAt && keeps(this.#rights.of(caller), begun, permissions));
      },
    };
  }

  #watch(stands: () => boolean): Watched {
    const watching = { stands, end: new AbortController() };
    this.#watching.add(watching);
    this.#look(watching);
    this.#timer ??= setInterval(() => {
      for (const each of this.#watching) this.#look(each);
    }, LOOK_MS).unref();
    return { signal: watching.end.signal, stop: () => this.#forget(watching) };
  }

  #look(watching: Watching): void {
    if (stillStands(watching)) return;
    watching.end.abort();
    this.#forget(watching);
  }

  #forget(watching: Watching): void {
    this.#watching.delete(watching);
    if (this.#watching.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

/** A caller whose standing can be asked again while it is answered. */
export interface Standing {
  /** What the caller may at this moment. */
  readonly rights: () => Rights;
  /** Watches that it keeps what it holds now of these permissions; `stop` is called where the answer ends by itself. */
  readonly watch: (permissions: readonly Permission[]) => Watched;
}

/** Whether nothing was lost: a later grant that reaches as far takes the place of the earlier. */
function keeps(now: Rights, begun: Rights, permissions: readonly Permission[]): boolean {
  return begun.held
    .filter(({ permission }) => permissions.includes(permission))
    .every((before) =>
      now.held.some(
        ({ agency, permission, below }) => agency === before.agency && permission === before.permission && (below || !before.below),
      ),
    );
}

/** Where the permissions cannot be read nobody goes on by them. */
function stillStands({ stands }: Watching): boolean {
  try {
    return stands();
  } catch {
    return false;
  }
}
