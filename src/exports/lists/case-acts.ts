/** The standing acts of a case as the log holds them, for lists that say more than where a case stands. */
import type { QueryBus } from '@nestjs/cqrs';
import { membersOf } from '../../encoding/unknown-values.js';
import type { AuditedEvent, EventPage } from '../../read-models/journal/event-reader.js';
import { ReadEvents } from '../../read-models/journal/events.query.js';
import { LIST_LIMIT } from '../../read-models/lists.js';
import { dateInShanghai, parseInstant } from '../../time/instant.js';
import { actName } from './words.js';

export interface CaseAct {
  /** Without the prefix of messages: `publication.released`. */
  readonly type: string;
  /** The day of the act in Asia/Shanghai. */
  readonly on: string;
  readonly instant: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** In the order of their times; of two at the same time the one recorded first. What is sealed stays closed. */
export async function standingActs(queries: QueryBus, agency: string, name: string): Promise<CaseAct[]> {
  const events = await eventsOf(queries, agency, name);
  const voided = new Set(events.flatMap(voidedBy));
  return events
    .filter(({ eventId }) => !voided.has(eventId))
    .map(actOf)
    .sort((one, other) => one.instant - other.instant);
}

/** Page by page: an item may be checked every day for years. */
async function eventsOf(queries: QueryBus, agency: string, name: string): Promise<AuditedEvent[]> {
  const found: AuditedEvent[] = [];
  for (let after: string | undefined; ;) {
    const page: EventPage = await queries.execute(new ReadEvents({ agency, case: name, limit: LIST_LIMIT, after }));
    found.push(...page.events);
    if (page.ended) return found;
    after = page.next;
  }
}

function voidedBy({ data }: AuditedEvent): string[] {
  const { eventId } = membersOf(membersOf(data['derived'])['voided']);
  return typeof eventId === 'string' ? [eventId] : [];
}

function actOf({ type, data, metadata }: AuditedEvent): CaseAct {
  const instant = parseInstant(metadata['at']) ?? 0;
  return { type: actName(type), on: dateInShanghai(instant), instant, data };
}

/** What an act says under a name, or under names within each other; empty where it says no text. */
export function said(act: CaseAct | undefined, ...path: readonly string[]): string {
  const found = path.reduce<unknown>((value, name) => membersOf(value)[name], act?.data ?? {});
  return typeof found === 'string' ? found : '';
}
