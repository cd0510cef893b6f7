/** Decimal numbers as texts and as whole units, without a float in between. */

/**
 * A decimal number as a form prints it, in units of 10^-scale: `parseDecimal('0.2', 6)` = 200000n. `null` when it is no
 * plain decimal or has more decimals than `scale`. Exact: figures of money never pass through a float.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text);
  if (match === null) return null;
  const [, sign, whole = '', fraction = ''] = match;
  if (fraction.length > scale) return null;
  const magnitude = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/** Units of 10^-scale as a decimal without trailing zeros: `formatDecimal(200000n, 6)` = `'0.2'`. */
export function formatDecimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const sign = value < 0n ? '-' : '';
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}
