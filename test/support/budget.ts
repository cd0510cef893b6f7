/** Budgets of random searches: small by default, large in the long run. */
export function budget(normal: number, long: number): number {
  return process.env['DISCLOSURE_LONG'] === '1' ? long : normal;
}
