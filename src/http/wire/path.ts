/** Which path a request asks for, before any route is looked for. */

/** An address with its scheme and host, and what comes behind them. Source: RFC 9112, section 3.2.2. */
export const ABSOLUTE = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)(.*)$/is;

/** The path as the router reads it, decoded once; as it stands where it cannot be decoded: no route has it then. */
export function pathOf(target: string): string {
  const [, , rest = target] = ABSOLUTE.exec(target) ?? [];
  const path = rest.replace(/[?#].*$/s, '');
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** Whether a path asks how the service is: anybody may, on any way. */
export function isHealth(path: string): boolean {
  return path.startsWith('/health/');
}
