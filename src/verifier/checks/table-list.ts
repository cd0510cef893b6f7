/**
 * Which tables a pack holds: it follows from its events alone. The list of the members is held against that list, in
 * both directions; what stands in a table is checked elsewhere. The same rule chose the tables in every release that
 * made packs.
 */
import type { Calculator } from '../calculator/calculator.js';
import type { Findings } from '../findings.js';
import { tableName } from '../format/layout.js';
import type { ReportsCheck } from './reports-check.js';
import type { Cut, TableYears } from '../streams.js';

export interface TableListParts {
  readonly findings: Findings;
  readonly years: TableYears;
  readonly reports: ReportsCheck;
  /**
   * null where figures cannot be recomputed: which counted and declared tables there are is then not known, and was
   * said.
   */
  readonly calculator: Calculator | null;
  readonly cut: Cut | null;
}

/** `found`: the names of the members under `tables/`. */
export function checkTableList({ findings, ...parts }: TableListParts, found: ReadonlySet<string>): void {
  const published = new Set(publishedTables(parts));
  const expected = new Set([...figureTables(parts), ...published]);
  for (const name of expected)
    if (!found.has(name)) findings.error('table-missing', name, '缺少应有的表 (the events of the pack call for this table)');
  for (const name of found)
    if (!expected.has(name) && isKnown(name, parts))
      findings.error('table-outside', name, '此表不属于此包 (no event of the pack calls for this table)');
}

/**
 * A published table that nobody published is `published-without-report`, once it is read; here it matters only that it
 * is of the part.
 */
function isKnown(name: string, { calculator, cut }: Omit<TableListParts, 'findings'>): boolean {
  const [, agency, year, file] = name.split('/');
  if (file === 'published.json')
    return cut !== null && ((cut.agency !== null && cut.agency !== agency) || (cut.year !== null && String(cut.year) !== year));
  return calculator !== null;
}

function figureTables({ years, calculator, cut }: Omit<TableListParts, 'findings'>): string[] {
  if (calculator === null) return [];
  return years
    .list(cut ?? { agency: null, year: null })
    .flatMap(({ agency, year }) => [
      ...(calculator.ownForm(agency, year) === null ? [] : [tableName(agency, year, 'live')]),
      ...(calculator.isDeclared(agency, year) ? [tableName(agency, year, 'paper')] : []),
    ]);
}

function publishedTables({ reports, cut }: Omit<TableListParts, 'findings'>): string[] {
  return [...reports.expected()]
    .filter(({ year }) => cut?.year == null || cut.year === year)
    .map(({ agency, year }) => tableName(agency, year, 'published'));
}
