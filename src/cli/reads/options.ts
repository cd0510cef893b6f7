/** Options that several commands have. Loaded for --help too: nothing here but commander. */
import { InvalidArgumentError, Option } from 'commander';
import { readYear } from '../../time/year.js';

export const json = (): Option => new Option('--json', 'print one JSON document on stdout');
export const agency = (): Option => new Option('--agency <code>', 'agency code').makeOptionMandatory();
export const year = (): Option => new Option('--year <year>', 'statistics year').argParser(parseYear).makeOptionMandatory();
export const asOf = (): Option => new Option('--as-of <moment>', 'position of a receipt, index:N, RFC 3339 time or date');

export const after = (): Option => new Option('--after <bookmark>', 'the next of the page before');
export const limit = (): Option => new Option('--limit <n>', 'how many at most, 1 to 1000 (default: 100)').argParser(parseWhole);

function parseWhole(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('a limit is a whole number');
  return Number(text);
}

export function parseYear(text: string): number {
  const found = readYear(text);
  if (found === null) throw new InvalidArgumentError('a year has four digits');
  return found;
}
