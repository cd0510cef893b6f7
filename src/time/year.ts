/**
 * A year as people write it: four digits, no sign, no other script. null for anything else. Which years have statistics
 * is asked elsewhere.
 */
export function readYear(text: string): number | null {
  return /^\d{4}$/.test(text) ? Number(text) : null;
}
