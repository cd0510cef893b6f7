/** `disclosure check`: the rules of the forms on published tables, without any ledger. */
import type { Finding } from '../../statistics/checks.js';
import { checkPublished, isOfOneAgency, type PublishedTable } from '../../statistics/published-table.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note, print, printJson } from '../render/output.js';
import { withPrefix } from '../render/severity.js';
import { readTableFile, type NamedTable } from '../table-files.js';

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
  const tables = await Promise.all([...new Set(files)].map((file) => readTableFile(file)));
  const earlier = await Promise.all(previous.map((file) => readTableFile(file)));
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

/**
 * The table of the year before: the agency's own, else one that is no other checked table's own, so that it is said
 * when it is another agency's. What a file says of files beside it (`previous`) is no more than a note.
 */
function lastYearOf(table: PublishedTable, tables: readonly NamedTable[], earlier: readonly NamedTable[]): NamedTable | undefined {
  const ofYear = earlier.filter((candidate) => candidate.table.year === table.year - 1);
  const isOwn = (candidate: NamedTable, of: PublishedTable): boolean =>
    candidate.table.year === of.year - 1 && isOfOneAgency(candidate.table, of);
  return (
    ofYear.find((candidate) => isOwn(candidate, table)) ??
    ofYear.find((candidate) => !tables.some((other) => isOwn(candidate, other.table)))
  );
}

function render(tables: readonly NamedTable[], findings: readonly FileFinding[]): string[] {
  return tables.flatMap(({ file, table }) => {
    const own = findings.filter((found) => found.file === file);
    const head = `${file}  ${table.year} 年度  表式 ${table.form.id}: `;
    return own.length === 0
      ? [`${head}核对无异常 no findings`]
      : [`${head}${own.length} 项 findings`, ...own.map((found) => `  ${withPrefix(found, table.form.id)}`)];
  });
}
