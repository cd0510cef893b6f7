/** `disclosure check-report`: the prose of a report against its table, from a file or from the ledger. */
import { readFileSync } from 'node:fs';
import type { QueryBus } from '@nestjs/cqrs';
import { DocumentProblem } from '../../documents/problem.js';
import { readReport, type ReportText } from '../../documents/report-text.js';
import { checkReport, type CheckedReport, type ReportTables } from '../../prose/check-report.js';
import type { Counted } from '../../prose/figures.js';
import { tableIn, yearOfReport } from '../../prose/table-in-file.js';
import { checkPublished, type PublishedTable } from '../../statistics/published-table.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { note, print, printJson } from '../render/output.js';
import { renderCheckedReport } from '../render/render-checked-report.js';
import { readTableFile } from '../table-files.js';

export interface CheckReportOptions {
  readonly table?: string;
  readonly previous?: string;
  readonly agency?: string;
  readonly year?: number;
  readonly json?: boolean;
}

/** Exit 1 where a finding is an error. Errors: `DocumentProblem`, `NotATable`, with the name of the file. */
export async function checkReportFile(file: string, options: CheckReportOptions): Promise<ExitCode> {
  const report = await readNamed(file);
  const { kind, text } = report;
  const tables = options.agency === undefined ? await fromFiles(file, report, options) : await fromLedger(options);
  const checked = checkReport(text, tables);
  if (options.json === true) printJson({ file, kind, ...namesOf(tables), ...checked });
  else for (const line of renderCheckedReport(file, tables.table?.form.id ?? null, checked)) print(line);
  return failed(checked) ? EXIT.failed : EXIT.done;
}

function failed({ findings }: CheckedReport): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

async function readNamed(file: string): Promise<ReportText> {
  try {
    return await readReport(readFileSync(file));
  } catch (error) {
    if (error instanceof DocumentProblem) throw new DocumentProblem(error.code, `${file}: ${error.message}`, error.hint);
    throw error;
  }
}

async function fromFiles(file: string, report: ReportText, { table, previous }: CheckReportOptions): Promise<ReportTables> {
  const year = yearOfReport(report.text);
  const own = table === undefined ? await ownTable(file, report) : (await readTableFile(table, (value) => tableIn(value, year))).table;
  const before =
    previous === undefined ? null : (await readTableFile(previous, (value) => tableIn(value, year === null ? null : year - 1))).table;
  if (own !== null && before !== null && before.year !== own.year - 1)
    note(`${previous}: ${before.year} 年度表不是上年度表 (not the year before the report's table; not used)`);
  // What is wrong within the table is said by `check`: prose is held against it as it is printed.
  const errors = own === null ? [] : checkPublished(own, null).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) note(`${table ?? file}: 表内有 ${errors.length} 项错误, 见 disclosure check (the table has errors of its own)`);
  return { table: own, previous: before?.year === (own?.year ?? 0) - 1 ? before : null };
}

/** The table that the report prints itself; said, as nobody named it. */
async function ownTable(file: string, { text, rows }: ReportText): Promise<PublishedTable | null> {
  const { tableInReport } = await import('../../spreadsheets/table-in-report.js');
  const own = tableInReport(text, rows);
  if (own === null) return null;
  const { table, missing } = own;
  note(`${file}: 与报告自带的 ${table.form.id} 表核对 (held against the table that the report prints itself)`);
  if (missing.length > 0) note(`${file}: 表中未见 ${missing.join(', ')} (rows not found in it; not checked)`);
  return table;
}

/** The table of the ledger with what it counts besides. */
async function fromLedger({ agency = '', year = 0 }: CheckReportOptions): Promise<ReportTables> {
  const { withLedger } = await import('../context.js');
  return withLedger(async ({ queries }) => {
    const [now, before] = [await recorded(queries, agency, year), await recorded(queries, agency, year - 1)];
    return { table: now.table, previous: before.table, counted: { table: now.counted, previous: before.counted } };
  });
}

interface Recorded {
  readonly table: PublishedTable | null;
  readonly counted: Counted;
}

const NOTHING: Recorded = { table: null, counted: new Map() };

/** Nothing of a year of which the agency has no records: its zeros say nothing. A year of paper is counted nowhere. */
async function recorded(queries: QueryBus, agency: string, year: number): Promise<Recorded> {
  const { GetStatistics, GetTable } = await import('../../tables/handlers.js');
  const answer = await queries.execute(new GetTable({ agency, year }));
  if (answer.findings.some(({ rule }) => rule === 'nothing-recorded')) return NOTHING;
  const table = tableIn(answer, year);
  if (answer.view !== 'live') return { table, counted: NOTHING.counted };
  const { statistics } = await queries.execute(new GetStatistics({ agency, year }));
  const known = statistics.flatMap(({ code, value }) => (value === null ? [] : [[code, value] as const]));
  return { table, counted: new Map(known) };
}

function namesOf({ table, previous }: ReportTables): Record<string, unknown> {
  const name = (of: PublishedTable | null): unknown => (of === null ? null : { agency: of.agency, year: of.year, form: of.form.id });
  return { table: name(table), previous: name(previous) };
}
