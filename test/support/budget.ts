/** How often a random search runs: `normal` by default, `long` in the long run of the suite. */
export function budget(normal: number, long: number): number {
  return process.env['DISCLOSURE_LONG'] === '1' ? long : normal;
}
