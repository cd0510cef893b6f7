/**
 * What agencies say of themselves, as far as counting needs it: under whom one stands on a day, which forms it reports
 * on, and the calendars it announces for itself and everybody below. Read in log order, so what it knows is what was
 * recorded so far.
 */
import { dayOf, workingYear, yearOfDay, type CalendarYear, type WorkingYear } from './days.js';
import { optionalText, Uncountable, type RawEvent } from './raw-event.js';

/** What holds of an agency from a day on; absent = goes on as it was. */
interface ProfileClaim {
  readonly index: number;
  readonly from: number;
  readonly parent?: string;
  readonly vertical?: boolean;
  readonly forms?: readonly string[];
}

/** What held of an agency on a day. */
export interface Profile {
  readonly parent: string | null;
  readonly vertical: boolean;
  readonly forms: readonly string[];
}

/** Forms of an agency that named none when it registered. */
const USUAL_FORMS: readonly string[] = ['2014-shandong', '2019', '2021'];

export class Agencies {
  /** By agency, the registration first, then changes in the order of recording. */
  readonly #claims = new Map<string, ProfileClaim[]>();
  readonly #announced = new Map<string, Map<number, WorkingYear>>();
  readonly #builtIn = new Map<number, WorkingYear>();
  /** Years without any calendar. */
  readonly #plain = new Map<number, WorkingYear>();

  constructor(calendars: readonly CalendarYear[]) {
    for (const calendar of calendars) this.#builtIn.set(calendar.year, workingYear(calendar.year, calendar));
  }

  registered({ index, data }: RawEvent, agency: string, day: number): void {
    this.#claims.set(agency, [{ index, from: day, ...claimIn(data) }]);
  }

  changed({ index, type, data }: RawEvent, agency: string, day: number): void {
    const said = this.#claims.get(agency);
    if (said === undefined) throw new Uncountable(index, type, `agency ${agency} is not registered before it`);
    const from = optionalText(data['from']);
    said.push({ index, from: from === null ? day : dayOf(from), ...claimIn(data) });
  }

  announced(event: RawEvent, agency: string): void {
    const { year, off, worked } = event.data as { year: number; off: readonly string[]; worked: readonly string[] };
    if (!Number.isInteger(year) || !Array.isArray(off) || !Array.isArray(worked))
      throw new Uncountable(event.index, event.type, 'it says no year with its days off and worked');
    const years = this.#announced.get(agency) ?? new Map<number, WorkingYear>();
    this.#announced.set(agency, years.set(year, workingYear(year, { off, worked })));
  }

  /** Agencies registered by then, in the order of their registration. */
  codes(at: number): string[] {
    return [...this.#claims].filter(([, [first]]) => first !== undefined && first.index <= at).map(([code]) => code);
  }

  /** null where it was not registered by then. */
  profile(agency: string, day: number, at: number): (Profile & { readonly registeredOn: number }) | null {
    const [first, ...changes] = this.#claims.get(agency) ?? [];
    if (first === undefined || first.index > at) return null;
    const due = changes.filter(({ index, from }) => index <= at && from <= day);
    due.sort((a, b) => a.from - b.from || a.index - b.index);
    const said = [first, ...due];
    return {
      registeredOn: first.from,
      parent: said.findLast(({ parent }) => parent !== undefined)?.parent ?? null,
      vertical: said.findLast(({ vertical }) => vertical !== undefined)?.vertical ?? false,
      forms: said.findLast(({ forms }) => forms !== undefined)?.forms ?? USUAL_FORMS,
    };
  }

  /**
   * The agencies below one on a day, as far as was said by then: parents before their children, siblings by code, and
   * nothing below one that reports in its own system.
   */
  below(agency: string, day: number, at: number): { readonly agency: string; readonly vertical: boolean }[] {
    const seen = new Set([agency]);
    const codes = this.codes(at).sort();
    const under = (parent: string): { readonly agency: string; readonly vertical: boolean }[] =>
      codes.flatMap((code) => {
        const profile = seen.has(code) ? null : this.profile(code, day, at);
        if (profile === null || profile.registeredOn > day || profile.parent !== parent) return [];
        seen.add(code);
        const { vertical } = profile;
        return [{ agency: code, vertical }, ...(vertical ? [] : under(code))];
      });
    return under(agency);
  }

  /**
   * Which days are worked at an agency, by what was announced so far: of each year by its own announcement, else by
   * that of the nearest agency above it on `day`, else by the built-in calendar.
   */
  workedAt(agency: string, day: number): (day: number) => boolean {
    const line = this.#line(agency, day);
    let current: WorkingYear | null = null;
    return (asked) => {
      if (current === null || asked < current.first || asked >= current.first + current.worked.length)
        current = this.#calendarOf(line, yearOfDay(asked));
      return current.worked[asked - current.first] === 1;
    };
  }

  #line(agency: string, day: number): string[] {
    const line = [agency];
    for (let above = this.profile(agency, day, Infinity)?.parent ?? null; above !== null && !line.includes(above);) {
      line.push(above);
      above = this.profile(above, day, Infinity)?.parent ?? null;
    }
    return line;
  }

  #calendarOf(line: readonly string[], year: number): WorkingYear {
    for (const agency of line) {
      const own = this.#announced.get(agency)?.get(year);
      if (own !== undefined) return own;
    }
    const known = this.#builtIn.get(year) ?? this.#plain.get(year) ?? workingYear(year, null);
    if (!this.#builtIn.has(year)) this.#plain.set(year, known);
    return known;
  }
}

function claimIn(data: RawEvent['data']): Omit<ProfileClaim, 'index' | 'from'> {
  const { parent, reporting, forms } = data;
  return {
    ...(typeof parent === 'string' ? { parent } : {}),
    ...(typeof reporting === 'string' ? { vertical: reporting === 'vertical' } : {}),
    ...(Array.isArray(forms) ? { forms: forms as string[] } : {}),
  };
}
