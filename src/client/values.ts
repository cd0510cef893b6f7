/** What can be said of a value of unknown type: parsed JSON, what was thrown. */

/** Whether it is an object with names, as JSON has it: no list and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A named value of an object; undefined where there is none. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

/** A named text of an object; undefined where there is none. */
export function text(value: unknown, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' ? found : undefined;
}

/** JSON as a value; undefined where it is none. */
export function parsed(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch {
    return undefined;
  }
}

/** The code of what was thrown, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return text(error, 'code');
}

export function messageOf(error: unknown): string {
  return text(error, 'message') ?? String(error);
}
