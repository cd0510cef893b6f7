/** A document as DOCX, for who goes on writing in it. */
import {
  AlignmentType,
  Document as Word,
  Footer,
  HeightRule,
  PageNumber,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
  type IParagraphOptions,
} from 'docx';
import { repacked, zipped } from '../zip.js';
import type { Document, Piece } from './document.js';
import type { PrintedBlock, PrintedCell } from './printed-table.js';
import { shown } from './shown-text.js';

/** Twentieths of a point: A4, 15 mm at every side. */
const PAGE = { width: 11_906, height: 16_838, margin: 851 } as const;
const ACROSS = PAGE.width - 2 * PAGE.margin;

/** Half points. */
const SIZE = { title: 32, heading: 24, text: 24, small: 18 } as const;

const FONT = { ascii: 'SimSun', hAnsi: 'SimSun', eastAsia: 'SimSun', cs: 'SimSun' } as const;

/** The library writes the time of day into the file, and nothing else that changes. */
const TIMES = /(<dcterms:(created|modified)[^>]*>)[^<]*/g;
const CLOCK = '1980-01-01T00:00:00Z';

export async function* docxOf(document: Document): AsyncGenerator<Uint8Array> {
  const written = new Word({
    title: shown(document.title),
    creator: 'disclosure',
    lastModifiedBy: 'disclosure',
    styles: { default: { document: { run: { font: FONT, size: SIZE.text, language: { value: 'en-US', eastAsia: 'zh-CN' } } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: PAGE.width, height: PAGE.height },
            margin: { top: PAGE.margin, bottom: PAGE.margin, left: PAGE.margin, right: PAGE.margin },
          },
        },
        footers: { default: pageNumbers() },
        children: document.pieces.flatMap(pieceOf),
      },
    ],
  });
  const packed = await Packer.toBuffer(written);
  yield* zipped(repacked(packed, (name, text) => (name === 'docProps/core.xml' ? text.replace(TIMES, `$1${CLOCK}`) : text)));
}

function pageNumbers(): Footer {
  const numbers = new TextRun({ children: [PageNumber.CURRENT, ' / ', PageNumber.TOTAL_PAGES], size: SIZE.small });
  return new Footer({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [numbers] })] });
}

interface Written {
  readonly size?: number;
  readonly bold?: boolean;
  readonly options?: Omit<IParagraphOptions, 'children' | 'text' | 'run'>;
}

function paragraph(text: string, { size = SIZE.text, bold = false, options = {} }: Written = {}): Paragraph {
  return new Paragraph({ ...options, children: [new TextRun({ text: shown(text), size, bold })] });
}

function pieceOf(piece: Piece): (Paragraph | Table)[] {
  switch (piece.kind) {
    case 'title':
      return [
        paragraph(piece.text, { size: SIZE.title, bold: true, options: { alignment: AlignmentType.CENTER, spacing: { after: 200 } } }),
      ];
    case 'heading':
      return [
        paragraph(piece.text, {
          size: SIZE.heading,
          bold: true,
          options: { keepNext: true, pageBreakBefore: piece.newPage === true, spacing: { before: 160, after: 80 } },
        }),
      ];
    case 'paragraph':
      return [paragraph(piece.text, { options: { indent: { firstLine: 480 }, spacing: { line: 400 } } })];
    case 'note':
      return [paragraph(piece.text, { size: SIZE.small, options: { spacing: { before: 80 } } })];
    case 'signatures':
      return [
        paragraph(piece.texts.map((text) => `${text}：`).join('　　　　'), { size: SIZE.small, options: { spacing: { before: 160 } } }),
      ];
    case 'page-break':
      return [new Paragraph({ pageBreakBefore: true, children: [] })];
    case 'table':
      return [tableOf(piece.block)];
  }
}

function tableOf({ widths, headRows, rows }: PrintedBlock): Table {
  const columns = widths.map((width) => Math.round((width / 100) * ACROSS));
  return new Table({
    width: { size: ACROSS, type: WidthType.DXA },
    columnWidths: columns,
    layout: TableLayoutType.FIXED,
    rows: rows.map(
      (row, at) =>
        new TableRow({
          tableHeader: at < headRows,
          cantSplit: true,
          height: { value: 280, rule: HeightRule.ATLEAST },
          children: row.map((cell) => cellOf(cell)),
        }),
    ),
  });
}

function cellOf({ text, colspan, rowspan, align, indent }: PrintedCell): TableCell {
  const options = { alignment: align === 'centre' ? AlignmentType.CENTER : AlignmentType.START, indent: { left: indent * 180 } };
  return new TableCell({
    columnSpan: colspan,
    rowSpan: rowspan,
    verticalAlign: VerticalAlignTable.CENTER,
    margins: { left: 60, right: 60 },
    children: [paragraph(text, { size: SIZE.small, options })],
  });
}
