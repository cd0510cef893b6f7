/** Reading what is longer than a page. */
import type { EventLog, StoredEvent } from './event-log.js';

/** Events that are asked for at once, at most: as many as a list answers with, and as an answer of a store can hold. */
export const PAGE_EVENTS = 1000;
/** Where a whole log is read: so few are gone again before the heap takes them for lasting. */
export const FEW_EVENTS = 100;

/**
 * The events of a stream from a revision on, page after page. What is appended meanwhile may be among them. Errors:
 * `StoreUnavailable`.
 */
export async function* streamPages(log: Pick<EventLog, 'readStream'>, stream: string, from = 0): AsyncGenerator<readonly StoredEvent[]> {
  for (let next = from; ;) {
    const page = await log.readStream(stream, next, PAGE_EVENTS);
    yield page;
    if (page.length < PAGE_EVENTS) return;
    next += page.length;
  }
}

/** The same, all of them. */
export async function readWholeStream(log: Pick<EventLog, 'readStream'>, stream: string, from = 0): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const page of streamPages(log, stream, from)) events.push(...page);
  return events;
}

/**
 * The log behind a position, in pages of at most `limit`, up to its end as it is when it is reached. Errors:
 * `StoreUnavailable`.
 */
export async function* logPages(log: EventLog, after: string | null, limit = PAGE_EVENTS): AsyncGenerator<readonly StoredEvent[]> {
  for (let last = after; ;) {
    const page = await log.readAll(last, limit);
    const end = page.at(-1);
    if (end === undefined) return;
    yield page;
    last = end.position;
  }
}
