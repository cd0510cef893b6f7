/**
 * Sealed texts of a case, opened from the log when they are asked for: no read model holds them. What is erased in the
 * log stays closed, whatever the key store still holds.
 */
import { parseCaseName, streamOf, type CaseRef } from '../domain/identifiers.js';
import { publicType } from '../events/catalog.js';
import { holdsSealed, sealedTexts, type Opener } from '../events/envelope.js';
import type { Plain } from '../events/sealed-fields.js';
import type { EventLog, StoredEvent } from '../log/event-log.js';
import type { CaseKeys } from '../sealing/case-keys.js';
import { openerOf } from '../recording/facts/opener.js';
import type { CaseSummary, Trail, TrailEntry } from '../read-models/trail/trail-reader.js';
import { readWholeStream } from '../log/pages.js';

/** The sealed fields of one event, in the shape of its data. */
export interface EventTexts {
  readonly eventId: string;
  readonly type: string;
  /** Time of the act, as handed in. */
  readonly at: string;
  readonly texts: Plain;
}

export interface OpenedCase {
  /** Events of the case in the log; none where it does not exist. */
  readonly events: number;
  readonly erased: boolean;
  /** Some event holds sealed texts and the key store lacks its key, though no erasure says so. */
  readonly unreadable: boolean;
  /** In the order of recording; empty where the case is erased. */
  readonly texts: readonly EventTexts[];
}

/**
 * Kinds whose texts stand in case and trail for who may see them: their review is what a trail is about. Others are
 * given to who asks by name, and noted.
 */
export function isOpenKind(kind: string): boolean {
  return kind === 'publication';
}

export class CaseTexts {
  readonly #log: EventLog;
  readonly #open: Opener;

  constructor(log: EventLog, keys: CaseKeys) {
    this.#log = log;
    this.#open = openerOf(keys);
  }

  async open(agency: string, ref: CaseRef): Promise<OpenedCase> {
    const events = await readWholeStream(this.#log, streamOf(agency, ref));
    const erased = isErased(events);
    const texts = erased ? [] : events.flatMap((event) => this.#textsOf(event));
    const unreadable = !erased && events.filter(holdsSealed).length > texts.length;
    return { events: events.length, erased, unreadable, texts };
  }

  /** The case with the title of its standing version, where anybody may read it. `acts` says as of which event. */
  async withTitle<C extends CaseSummary>(summary: C): Promise<C> {
    const { agency, kind, number, acts, title } = summary;
    if (!isOpenKind(kind)) return summary;
    return { ...summary, title: this.#titleOf(await readWholeStream(this.#log, streamOf(agency, { kind, number })), acts) ?? title };
  }

  /** The trail, with a remark where its texts were erased. */
  withErasure(trail: Trail): Trail {
    const erasure = trail.entries.find(({ type }) => type === publicType('record.erased'));
    if (erasure === undefined) return trail;
    const message = `封存内容已销毁 (the sealed texts were erased on ${erasure.at})`;
    return { ...trail, remarks: [...trail.remarks, { code: 'erased', message }] };
  }

  /** The trail with the opinions of an open kind. */
  async withOpinions(agency: string, trail: Trail): Promise<Trail> {
    const erased = this.withErasure(trail);
    if (erased !== trail) return erased;
    const ref = parseCaseName(trail.case);
    if (ref === null || !isOpenKind(ref.kind)) return trail;
    const events = await readWholeStream(this.#log, streamOf(agency, ref));
    if (isErased(events)) return trail;
    const texts = new Map(events.flatMap((event) => this.#textsOf(event)).map((one) => [one.eventId, one.texts]));
    const title = this.#titleOf(events, trail.entries.length) ?? trail.title;
    return { ...trail, title, entries: trail.entries.map((entry) => withOpinion(entry, texts.get(entry.eventId))) };
  }

  #textsOf(event: StoredEvent): EventTexts[] {
    const texts = sealedTexts(event, this.#open);
    return texts === null ? [] : [{ eventId: event.id, type: publicType(event.type), at: String(event.metadata['at']), texts }];
  }

  /** Of the first `acts` events of a case: the title that its last standing version gives; null without one. */
  #titleOf(events: readonly StoredEvent[], acts: number): string | null {
    if (isErased(events)) return null;
    const known = events.slice(0, acts);
    const voided = new Set(
      known.flatMap(({ data }) => (data['derived'] as { voided?: { eventId: string } } | undefined)?.voided?.eventId ?? []),
    );
    const version = known.findLast((event) => !voided.has(event.id) && sealedTexts(event, this.#open)?.['title'] !== undefined);
    return version === undefined ? null : String(sealedTexts(version, this.#open)?.['title']);
  }
}

function isErased(events: readonly StoredEvent[]): boolean {
  return events.some(({ type }) => type === 'record.erased');
}

function withOpinion(entry: TrailEntry, texts: Plain | undefined): TrailEntry {
  if (texts === undefined) return entry;
  const { sealed: _opened, ...rest } = entry;
  const { opinion, reason, note } = texts as Record<string, string | undefined>;
  return { ...rest, opinion: opinion ?? reason ?? note ?? entry.opinion };
}
