/** What of a pack does not come out of the log: calendars, rules and forms as data. */
import { CHINA_CALENDAR, chinaCalendar } from '../../calendars/china.js';
import { FORMS } from '../../statistics/forms/registry.js';
import { POLICY } from '../../statistics/measures.js';

/** A year of the working calendar: weekdays off, weekend days worked, the notice they come from. */
export interface PackCalendar {
  readonly year: number;
  readonly off: readonly string[];
  readonly worked: readonly string[];
  readonly notice: string;
}

/** `calendars.json`: the built-in years; announced ones are events. */
export function packCalendars(): { readonly version: string; readonly years: readonly PackCalendar[] } {
  const years = [...chinaCalendar.values()].sort((a, b) => a.year - b.year);
  return {
    version: CHINA_CALENDAR,
    years: years.map(({ year, off, worked, notice }) => ({ year, off: [...off].sort(), worked: [...worked].sort(), notice })),
  };
}

/** `rules.json`: the version of counting, and the rules that findings of tables come from. */
export function packRules(): unknown {
  return { policy: POLICY, forms: Object.fromEntries(FORMS.map(({ id, rules }) => [id, rules])) };
}

/** `forms/<id>.json`, in the order of their names. */
export function packForms(): { readonly name: string; readonly form: unknown }[] {
  return FORMS.map(({ rules: _rules, ...form }) => ({ name: `forms/${form.id}.json`, form })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
