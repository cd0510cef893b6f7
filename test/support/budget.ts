/**
 * How much a random search tries: `normal` in every `npm test`, `long` in `npm run test:long`, which runs the files
 * that call this. Only how often something is tried may depend on it, never what must hold.
 */
export function budget(normal: number, long: number): number {
  return process.env['DISCLOSURE_LONG'] === '1' ? long : normal;
}
