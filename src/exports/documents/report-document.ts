/** The yearly report: its text, the tables where its form prints them, the annex in official layout. */
import type { ReportPart, ReportText } from '../../tables/texts/report-text.js';
import { tablePieces, type Document, type Piece } from './document.js';
import { madeFrom, signedAs } from './made-from.js';
import { printedTable, type PrintedBlock, type PrintedTable } from './printed-table.js';

/** `agencyName`: as the agency was called in the year. */
export function reportDocument(report: ReportText, agencyName: string): Document {
  const { title, opening, parts, annex, table } = report;
  const printed = printedTable(table, agencyName);
  return {
    title,
    pieces: [
      { kind: 'title', text: title },
      ...paragraphs(opening),
      ...parts.flatMap((part) => partPieces(part, printed)),
      ...(annex === null ? [] : annexPieces(annex, printed)),
      ...[madeFrom(table), ...signedAs(report)].map((text): Piece => ({ kind: 'note', text })),
    ],
  };
}

function paragraphs(texts: readonly string[]): Piece[] {
  return texts.map((text) => ({ kind: 'paragraph', text }));
}

function partPieces({ number, title, paragraphs: texts, rows = [] }: ReportPart, { blocks }: PrintedTable): Piece[] {
  const own = blocks.filter((block) => rows.some((code) => code.startsWith(`${block.section}.`)));
  const [first] = own;
  return [
    { kind: 'heading', text: `${number}、${title}`, newPage: first?.newPage === true && texts.length === 0 },
    ...paragraphs(texts),
    ...own.map((block: PrintedBlock): Piece => ({ kind: 'table', block })),
  ];
}

function annexPieces(annex: string, printed: PrintedTable): Piece[] {
  return [{ kind: 'paragraph', text: `附件：${annex}` }, { kind: 'page-break' }, { kind: 'title', text: annex }, ...tablePieces(printed)];
}
