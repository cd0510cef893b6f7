/** `disclosure check`: the rules of the forms on published tables, without any ledger. */
import { readFileSync } from 'node:fs';
import type { Finding } from '../../statistics/checks.js';
import { findForm } from '../../statistics/forms/registry.js';
import {
  checkPublished,
  isOfOneAgency,
  NotATable,
  readPublishedTable,
  readTable,
  type PublishedTable,
} from '../../statistics/published-table.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note, print, printJson } from '../render/output.js';
import { withPrefix } from '../render/severity.js';

export interface CheckOptions {
  readonly previous?: readonly string[];
  readonly json?: boolean;
}

export interface FileFinding extends Finding {
  /** As named on the command line. */
  readonly file: string;
}

/** Nothing is checked unless every file could be read. */
export async function checkFiles(files: readonly string[], { previous = [], json }: CheckOptions): Promise<ExitCode> {
  const tables = await Promise.all([...new Set(files)].map(read));
  const earlier = await Promise.all(previous.map(read));
  for (const { file, table } of earlier)
    if (!tables.some((later) => later.table.year === table.year + 1))
      note(`${file}: ${table.year} 年度表不是所核对各表的上年度表 (not the year before any table checked; not used)`);
  const findings = tables.flatMap(({ file, table }): FileFinding[] => {
    const before = lastYearOf(table, tables, earlier);
    return checkPublished(table, before?.table ?? null).map((found) => ({ file, ...found }));
  });
  if (json === true) printJson({ findings });
  else for (const line of render(tables, findings)) print(line);
  return findings.some(({ severity }) => severity === 'error') ? EXIT.failed : EXIT.done;
}

interface Named {
  readonly file: string;
  readonly table: PublishedTable;
}

/**
 * The table of the year before: the agency's own, else one that is no other checked table's own, so that it is said
 * when it is another agency's. What a file says of files beside it (`previous`) is no more than a note.
 */
function lastYearOf(table: PublishedTable, tables: readonly Named[], earlier: readonly Named[]): Named | undefined {
  const ofYear = earlier.filter((candidate) => candidate.table.year === table.year - 1);
  const isOwn = (candidate: Named, of: PublishedTable): boolean =>
    candidate.table.year === of.year - 1 && isOfOneAgency(candidate.table, of);
  return (
    ofYear.find((candidate) => isOwn(candidate, table)) ??
    ofYear.find((candidate) => !tables.some((other) => isOwn(candidate, other.table)))
  );
}

async function read(file: string): Promise<Named> {
  const text = readFileSync(file, 'utf8');
  try {
    return { file, table: looksLikeJson(text) ? readPublishedTable(text, findForm) : await readCsv(text) };
  } catch (error) {
    if (error instanceof NotATable) throw new NotATable(error.code, `${file}: ${error.message}`, error.hint);
    throw error;
  }
}

function looksLikeJson(text: string): boolean {
  return /^[\uFEFF\s]*[{[]/.test(text);
}

/** Its reader is loaded for who has such a file. What is neither is refused as no JSON. */
async function readCsv(text: string): Promise<PublishedTable> {
  const { isTableCsv, tableInCsv } = await import('../../tables/representations/read-csv.js');
  return isTableCsv(text) ? readTable(tableInCsv(text), findForm) : readPublishedTable(text, findForm);
}

function render(tables: readonly Named[], findings: readonly FileFinding[]): string[] {
  return tables.flatMap(({ file, table }) => {
    const own = findings.filter((found) => found.file === file);
    const head = `${file}  ${table.year} 年度  表式 ${table.form.id}: `;
    return own.length === 0
      ? [`${head}核对无异常 no findings`]
      : [`${head}${own.length} 项 findings`, ...own.map((found) => `  ${withPrefix(found, table.form.id)}`)];
  });
}
