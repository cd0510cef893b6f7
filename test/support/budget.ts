/**
 * How much a random search tries: `normal` in every `npm test`, `long` in `npm run test:long`, which runs the files
 * that call this; a part of the way from the one to the other where `DISCLOSURE_LONG`, from 0 to 1, says so. Only how
 * often something is tried may depend on it, never what must hold.
 */
export function budget(normal: number, long: number): number {
  const share = Number(process.env['DISCLOSURE_LONG'] ?? 0);
  return share === 0 ? normal : Math.round(normal + share * (long - normal));
}
