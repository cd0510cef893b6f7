/** Citizen identity numbers made up for tests, by the rule of GB 11643-1999. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** 18 characters: the region code, the birth date `YYYYMMDD`, a serial number and their check digit. */
export function citizenId(birth = '19800101', serial = '001', region = '370828'): string {
  const body = region + birth + serial;
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(body[place]), 0);
  return body + (['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum % 11] as string);
}

/** The first serial number whose check digit is X. */
export function citizenIdWithX(): string {
  for (let serial = 1; serial < 1000; serial += 1) {
    const found = citizenId('19800101', String(serial).padStart(3, '0'));
    if (found.endsWith('X')) return found;
  }
  throw new Error('no serial number has the check digit X');
}

/** The same number with every other check digit: none of them is valid. */
export function wrongCheckDigits(id: string): string[] {
  return [...'0123456789X'].filter((digit) => digit !== id[17]).map((digit) => id.slice(0, 17) + digit);
}

/** In full-width characters, as some input methods write them. */
export function fullWidth(text: string): string {
  return [...text].map((char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join('');
}
