/** Events for the tests of the log, and what must hold of any whole log. */
import { randomUUID } from 'node:crypto';
import {
  comparePositions,
  WrongExpectedRevision,
  type Appended,
  type EventLog,
  type NewEvent,
  type StoredEvent,
} from '../../src/log/event-log.js';

export function newEvent(over: Partial<NewEvent> = {}): NewEvent {
  return { id: randomUUID(), type: 'ThingHappened', version: 1, data: { thing: '公开' }, metadata: { actor: 'test' }, ...over };
}

export function newEvents(count: number, over: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, () => newEvent(over));
}

/** The whole log, read in pages. */
export async function everything(log: EventLog, page = 1000): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (;;) {
    const next = await log.readAll(events.at(-1)?.position ?? null, page);
    if (next.length === 0) return events;
    // A log that gave the same page again would be read for ever.
    if (next[0]?.id === events.at(-1)?.id) throw new Error(`${next[0]?.position} was given again behind itself`);
    events.push(...next);
  }
}

/** Appends behind whatever is there, as a use case does: read the end, append with it, again when another was first. */
export async function appendWithRetry(log: EventLog, stream: string, events: readonly NewEvent[]): Promise<Appended> {
  let end = (await log.readStream(stream, 0, 100_000)).at(-1)?.revision ?? null;
  for (;;) {
    try {
      return await log.append(stream, end ?? 'no-stream', events);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      end = error.actual;
    }
  }
}

export const ids = (events: readonly { readonly id: string }[]): string[] => events.map((event) => event.id);

/**
 * What holds of any whole log: positions strictly increase, no event is there twice, every stream counts from 0 without
 * a gap.
 */
export function expectSound(events: readonly StoredEvent[]): void {
  const next = new Map<string, number>();
  const broken: string[] = [];
  for (const [index, event] of events.entries()) {
    const before = events[index - 1];
    if (before !== undefined && comparePositions(before.position, event.position) >= 0)
      broken.push(`${event.position} follows ${before.position}`);
    const revision = next.get(event.stream) ?? 0;
    if (event.revision !== revision) broken.push(`${event.stream} has ${event.revision} where ${revision} belongs`);
    next.set(event.stream, event.revision + 1);
  }
  expect(broken).toEqual([]);
  expect(new Set(ids(events)).size).toBe(events.length);
}

/** `count` calls at once, each repeating until `again` says stop; resolves when all have. */
export async function inFlight(count: number, lane: (lane: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => lane(index)));
}

/** The outcome of a call as a value: what it gave, or the error it rejected with. */
export async function outcome<T>(call: Promise<T>): Promise<T | Error> {
  return call.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}
