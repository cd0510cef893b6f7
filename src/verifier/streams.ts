/**
 * What a stream's name says: the kind of its case, its agency, its number. Which streams belong to a pack that was cut
 * by agency or year follows from the entries of the ledger alone, which every pack has whole: so it is provable that no
 * event of the part is missing.
 */
import { sure } from '../encoding/unknown-values.js';

/**
 * Every kind of case that belongs to an agency. None is the beginning of another with a hyphen behind it, so a name is
 * read in one way.
 */
const KINDS: readonly string[] = [
  'access',
  'agency',
  'application',
  'calendar',
  'complaint',
  'delivery',
  'hotspot',
  'interpretation',
  'lawsuit',
  'meeting',
  'normative-document',
  'press-conference',
  'publication',
  'reconsideration',
  'report',
  'site',
  'table',
  'training',
];

/** Who looked at personal data of an agency stands in one stream. */
const ACCESS = 'access-';

export interface StreamName {
  readonly kind: string;
  readonly agency: string;
  readonly number: string;
}

/** `<kind>-<agency>/<number>`, or `access-<agency>`; null for a stream of no agency, such as that of a refusal. */
export function parseStream(stream: string): StreamName | null {
  const slash = stream.indexOf('/');
  if (slash < 0) return stream.startsWith(ACCESS) ? { kind: 'access', agency: stream.slice(ACCESS.length), number: '' } : null;
  const head = stream.slice(0, slash);
  const kind = KINDS.find((known) => head.startsWith(`${known}-`));
  if (kind === undefined) return null;
  return { kind, agency: head.slice(kind.length + 1), number: stream.slice(slash + 1) };
}

/** What a pack is cut by; null = not cut by that. */
export interface Cut {
  readonly agency: string | null;
  readonly year: number | null;
}

/**
 * Kinds whose streams a year needs whatever their dates: who the agency is, its calendars, what was declared and
 * reported.
 */
const OF_EVERY_YEAR: ReadonlySet<string> = new Set(['agency', 'calendar', 'table', 'report']);
/** Kinds of an agency above that a part needs: under whom it stands, and the calendars that hold for it. */
export const FROM_ABOVE: ReadonlySet<string> = new Set(['agency', 'calendar']);

const SHANGHAI_MS = 8 * 60 * 60 * 1000;

/** The year in Asia/Shanghai (UTC+8) of an RFC 3339 time; null where it cannot be read. */
export function yearInShanghai(time: string | null): number | null {
  const instant = time === null ? NaN : Date.parse(time);
  return Number.isNaN(instant) ? null : new Date(instant + SHANGHAI_MS).getUTCFullYear();
}

/**
 * Whether this entry makes its stream part of a cut by year: one dated in the year or before it does, for every event
 * of the stream. What is dated later counts in later years only; what is taken back later stands in the same stream.
 */
export function isUpToYear(name: StreamName, occurredAt: string | null, year: number): boolean {
  return OF_EVERY_YEAR.has(name.kind) || (yearInShanghai(occurredAt) ?? Infinity) <= year;
}

/** An event as far as years and agencies above are concerned. */
export interface DatedEvent {
  readonly stream: string;
  readonly type: string;
  readonly occurredAt: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The statistics years of the events seen: the years there is a table of, by agency. */
export class TableYears {
  readonly #years = new Map<string, Set<number>>();

  add({ stream, type, occurredAt, data }: DatedEvent): void {
    const name = parseStream(stream);
    const year = name === null ? null : this.#yearOf(name, type, occurredAt, data);
    if (name === null || year === null) return;
    const years = this.#years.get(name.agency);
    if (years === undefined) this.#years.set(name.agency, new Set([year]));
    else years.add(year);
  }

  #yearOf({ kind, number }: StreamName, type: string, occurredAt: string | null, data: Readonly<Record<string, unknown>>): number | null {
    if (type === 'agency.figure-declared' || type === 'table.declared') return typeof data['year'] === 'number' ? data['year'] : null;
    if (type === 'report.published') return /^\d{4}$/.test(number) ? Number(number) : null;
    if (kind === 'agency' || kind === 'calendar' || kind === 'report' || kind === 'access' || type.startsWith('record.')) return null;
    return yearInShanghai(occurredAt);
  }

  /** In the order of agencies (by code units) and years. */
  list(cut: Cut): { readonly agency: string; readonly year: number }[] {
    const agencies = [...this.#years.keys()].filter((agency) => cut.agency === null || agency === cut.agency).sort();
    return agencies.flatMap((agency) =>
      [...(this.#years.get(agency) ?? [])]
        .filter((year) => cut.year === null || year === cut.year)
        .sort((a, b) => a - b)
        .map((year) => ({ agency, year })),
    );
  }
}

/** Under whom each agency was ever put, and so whose agency and calendar streams a part of one agency needs. */
export class AgenciesAbove {
  readonly #parents = new Map<string, Set<string>>();

  add({ stream, type, data }: DatedEvent): void {
    if (type !== 'agency.registered' && type !== 'agency.changed') return;
    const parent = data['parent'];
    const agency = parseStream(stream)?.agency;
    if (agency !== undefined && typeof parent === 'string') this.put(agency, parent);
  }

  put(agency: string, parent: string): void {
    this.#parents.set(agency, (this.#parents.get(agency) ?? new Set()).add(parent));
  }

  of(agency: string): Set<string> {
    const found = new Set<string>();
    for (const waiting = [agency]; waiting.length > 0;) {
      for (const parent of this.#parents.get(sure(waiting.pop())) ?? []) {
        if (found.has(parent) || parent === agency) continue;
        found.add(parent);
        waiting.push(parent);
      }
    }
    return found;
  }
}
