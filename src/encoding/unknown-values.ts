/** What can be said of a value of unknown type without trusting it: caught errors, parsed JSON, places of a list. */

/** Whether it is an object with names, as JSON has it: no list and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The message of what was thrown. By shape, not by class: an error of another realm is an error too. */
export function messageOf(error: unknown): string {
  return isObject(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
}

/** The code of what was thrown, such as `ENOENT`; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : undefined;
}

/** The names of an object with what they hold; none of what is no object. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** A value that is always there, such as a place within the bounds of a list. Errors: throws where it is not. */
export function sure<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error('a value that is always there is not');
  return value;
}

/** What caused what was thrown; undefined where nothing is said of it. */
export function causeOf(error: unknown): unknown {
  return isObject(error) ? error['cause'] : undefined;
}
