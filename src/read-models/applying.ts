/** How the events of one transaction bring a read model on: by all of them, or up to what it cannot apply. */
import type Database from 'better-sqlite3';
import { comparePositions, type StoredEvent } from '../log/event-log.js';
import { isDamage, isPassing } from '../sqlite/open-database.js';
import type { Applier, ProjectedEvent, Projection } from './projection.js';
import type { Bookmark } from './read-store.js';

/** An event on its way, or a signed checkpoint between events, which has the index of the last event before it. */
export interface Arrived {
  readonly stored: StoredEvent;
  readonly index: number;
  readonly recordedAt: number;
}

/** `event` is null for a checkpoint. */
export interface Taken {
  readonly stored: StoredEvent;
  readonly event: ProjectedEvent | null;
}

/** A chunk, and what of it a read model is to apply: `taken`. */
export interface Due {
  readonly chunk: readonly Arrived[];
  readonly taken: readonly Taken[];
  /** Types that stand in it; null where more than types must be looked at. */
  readonly types: ReadonlySet<string> | null;
}

/** How many events were applied, and why no more of them. */
export interface Applied {
  readonly count: number;
  readonly stopped: Bookmark['stopped'];
}

export interface Running {
  readonly projection: Projection;
  readonly applier: Applier;
  readonly handles: ReadonlySet<string>;
  readonly ignores: ReadonlySet<string>;
  bookmark: Bookmark;
}

/** Rows may be held back. Throws at what it cannot apply: the whole transaction is then rolled back. */
export function applyAll(running: Running, { taken, types }: Due): Applied {
  if (passesBy(running, types)) return { count: taken.length, stopped: null };
  for (const one of taken) applyOne(running, one);
  return { count: taken.length, stopped: null };
}

/** Behind a savepoint of its own: what fails leaves the others as they are. */
export function applyOrStop(db: Database.Database, running: Running, { taken: due }: Due): Applied {
  const apply = db.transaction((some: readonly Taken[], oneByOne: boolean) => {
    for (const one of some) {
      try {
        applyOne(running, one);
        if (oneByOne) running.applier.flush();
      } catch (cause) {
        // The event is not to blame.
        if (isDamage(cause) || isPassing(cause)) throw cause;
        throw new CannotApply(one, cause);
      }
    }
    running.applier.flush();
  });
  try {
    apply(due, false);
    return { count: due.length, stopped: null };
  } catch {
    running.applier.reset();
  }
  try {
    // A row that was held back may be the one that cannot be written: one by one each is that of its event.
    apply(due, true);
    return { count: due.length, stopped: null };
  } catch (error) {
    if (!(error instanceof CannotApply)) throw error;
    running.applier.reset();
    const applied = due.slice(0, due.indexOf(error.taken));
    apply(applied, false);
    return { count: applied.length, stopped: { eventId: error.taken.stored.id, why: error.message } };
  }
}

/** Whether the event at this position is still to come for it. */
export function isBehind(bookmark: Bookmark, position: string | null): boolean {
  return position !== null && (bookmark.position === null || comparePositions(bookmark.position, position) < 0);
}

export function markedAt(bookmark: Bookmark, { stored, index, recordedAt }: Arrived): Bookmark {
  return { ...bookmark, position: stored.position, index, recordedAt };
}

/** null where an event is a checkpoint, or cannot be read: then each of them is looked at. */
export function plainTypes(taken: readonly Taken[]): ReadonlySet<string> | null {
  const types = new Set<string>();
  for (const { stored, event } of taken) {
    if (event === null || event.unreadable !== null) return null;
    types.add(stored.type);
  }
  return types;
}

/** Nothing of it is of the read model. */
function passesBy({ projection, handles }: Running, types: ReadonlySet<string> | null): boolean {
  return types !== null && projection.everything !== true && ![...types].some((type) => handles.has(type));
}

function applyOne({ projection, applier, handles, ignores }: Running, { stored, event }: Taken): void {
  if (event === null) {
    applier.checkpoint?.(stored);
    return;
  }
  if (projection.everything === true) {
    applier.apply(event);
    return;
  }
  // A type that is ignored in every version may come in one nobody here knows; a type nobody knows may be anything.
  if (event.unreadable !== null && !ignores.has(stored.type)) throw new Error(event.unreadable);
  if (event.unreadable === null && handles.has(stored.type)) applier.apply(event);
}

class CannotApply extends Error {
  constructor(
    readonly taken: Taken,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
