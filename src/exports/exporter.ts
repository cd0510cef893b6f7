/**
 * Writes into files what the addresses answer, from the same readers. What a format needs is loaded when somebody asks
 * for it.
 */
import type { QueryBus } from '@nestjs/cqrs';
import { profileOn } from '../domain/agency/state.js';
import type { CaseRef } from '../domain/identifiers.js';
import { GetTrail } from '../privacy/handlers.js';
import { GetCases } from '../read-models/cases/case-list.query.js';
import { journalEnd } from '../read-models/journal/as-of.js';
import { QueryProblem } from '../read-models/query-problem.js';
import type { ReadStore } from '../read-models/read-store.js';
import type { Trail } from '../read-models/trail/trail-reader.js';
import { GetReportText, GetTable } from '../tables/handlers.js';
import type { TableReader } from '../tables/table-reader.js';
import type { Table, TableQuestion } from '../tables/table.js';
import type { Document } from './documents/document.js';
import { EXPORTS, FORMATS, type ExportedFile, type Format } from './exported.js';
import type { ShownTrail } from './lists/trail.js';
import type { Sheet } from './sheets/sheet.js';

interface Written {
  readonly format: Format;
  /** CSV for spreadsheets: a byte order mark, and no text that they take for a formula. */
  readonly bom: boolean;
}

export interface YearExport extends Written, Pick<TableQuestion, 'agency' | 'year' | 'form' | 'asOf' | 'view' | 'rollup'> {
  readonly kind: 'table' | 'report';
  /** Of a report, as of its text (`tables/texts/standing-text.ts`): a text that is under way is not for everybody. */
  readonly officer?: string | null;
}

export interface ListExport extends Written {
  readonly kind: 'catalogue' | 'register' | 'cases';
  readonly agency: string;
  readonly progress?: (rows: number) => void;
}

export interface TrailExport extends Written {
  readonly kind: 'trail';
  readonly agency: string;
  readonly ref: CaseRef;
  readonly asOf?: string;
  /** As of a trail (`privacy/case-reader.ts`). */
  readonly officer?: string | null;
  /** What of it is shown to who asks; all without it. */
  readonly shown?: (trail: Promise<Trail>) => Promise<ShownTrail>;
}

export type ExportQuestion = YearExport | ListExport | TrailExport;

export interface ExporterParts {
  readonly queries: QueryBus;
  readonly store: ReadStore;
  readonly tables: TableReader;
}

export class Exporter {
  readonly #parts: ExporterParts;

  constructor(parts: ExporterParts) {
    this.#parts = parts;
  }

  /** Errors: `bad-parameter` for a format that the kind has not; else as of what is exported. */
  async export(question: ExportQuestion): Promise<ExportedFile> {
    requireFormat(question);
    switch (question.kind) {
      case 'table':
        return this.#table(question);
      case 'report':
        return this.#report(question);
      case 'trail':
        return this.#trail(question);
      case 'catalogue':
      case 'register':
      case 'cases':
        return this.#list(question);
    }
  }

  async #table(question: YearExport): Promise<ExportedFile> {
    const { format, bom, kind: _, officer: _nobody, ...asked } = question;
    const table = await this.#parts.queries.execute(new GetTable(asked));
    const file = fileOf(question, [table.agency, String(table.year), 'table'], table.asOf.index);
    if (format === 'csv') {
      const { csvOf } = await import('../tables/representations/csv.js');
      return { ...file, bytes: once(csvOf(table, { bom })) };
    }
    const name = this.#nameOf(table);
    if (format === 'xlsx') {
      const [{ printedTable }, { tableSheets }, { xlsxOf }] = await Promise.all([
        import('./documents/printed-table.js'),
        import('./sheets/table-sheets.js'),
        import('./sheets/xlsx.js'),
      ]);
      return { ...file, bytes: xlsxOf(tableSheets(printedTable(table, name))) };
    }
    const { tableDocument } = await import('./documents/table-document.js');
    return { ...file, bytes: await written(tableDocument(table, name), format) };
  }

  async #report(question: YearExport): Promise<ExportedFile> {
    const { agency, year, asOf, rollup, officer, format } = question;
    const report = await this.#parts.queries.execute(new GetReportText({ agency, year, asOf, rollup, officer }));
    const { reportDocument } = await import('./documents/report-document.js');
    const file = fileOf(question, [agency, String(year), 'report'], report.table.asOf.index);
    return { ...file, bytes: await written(reportDocument(report, this.#nameOf(report.table)), format) };
  }

  async #trail(question: TrailExport): Promise<ExportedFile> {
    const { agency, ref, asOf, officer, shown } = question;
    const index = this.#end();
    const asked = this.#parts.queries.execute(new GetTrail(agency, ref, { asOf, officer }));
    const trail = await (shown === undefined ? asked : shown(asked));
    const { trailSheet } = await import('./lists/trail.js');
    const file = fileOf(question, [agency, ref.kind, ref.number, 'trail'], index);
    return { ...file, bytes: await sheetBytes(trailSheet(trail), question) };
  }

  async #list(question: ListExport): Promise<ExportedFile> {
    const { kind, agency } = question;
    // What cannot be answered is said before the first byte.
    await this.#parts.queries.execute(new GetCases({ agency, limit: 1 }));
    const index = this.#end();
    const { caseSheet, catalogueSheet, registerSheet } = await import('./lists/cases.js');
    const sheetOf = { catalogue: catalogueSheet, register: registerSheet, cases: caseSheet }[kind];
    const sheet = sheetOf(this.#parts.queries, question);
    return { ...fileOf(question, [agency, kind], index), bytes: await sheetBytes(sheet, question) };
  }

  #end(): number | null {
    const { index } = journalEnd(this.#parts.store);
    return index < 0 ? null : index;
  }

  /** As the agency was called at the end of the year, by what was recorded when the table was made. */
  #nameOf({ agency, year, asOf }: Table): string {
    const then = asOf.index === null ? undefined : `index:${asOf.index}`;
    return profileOn(this.#parts.tables.agencyAsOf({ agency, year, asOf: then }), `${year}-12-31`).name;
  }
}

function requireFormat({ kind, format }: ExportQuestion): void {
  const formats: readonly Format[] = EXPORTS[kind];
  if (formats.includes(format)) return;
  throw new QueryProblem('bad-parameter', `There is no ${kind} as ${format}.`, `There are ${formats.join(', ')}.`);
}

function fileOf({ format }: Written, parts: readonly string[], index: number | null): Omit<ExportedFile, 'bytes'> {
  return { name: `${parts.join('-')}.${format}`, mediaType: FORMATS[format], index };
}

async function written(document: Document, format: Format): Promise<AsyncIterable<Uint8Array>> {
  if (format === 'html') return once((await import('./documents/html.js')).htmlOf(document));
  if (format === 'docx') return (await import('./documents/docx.js')).docxOf(document);
  return (await import('./documents/pdf.js')).pdfOf(document);
}

async function sheetBytes(sheet: Sheet, { format, bom }: Written): Promise<AsyncIterable<Uint8Array>> {
  if (format === 'csv') return (await import('./sheets/csv.js')).csvOf(sheet, bom);
  return (await import('./sheets/xlsx.js')).xlsxOf([sheet]);
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new TextEncoder().encode(text));
}
