/**
 * A document as PDF: set by pdfkit, with its own font in it, so that it looks alike everywhere and its text can be
 * copied. Made in memory: a report has some pages.
 */
import PDFDocument from 'pdfkit';
import { glyphs } from './glyphs.js';
import type { Document, Piece } from './document.js';
import { BOLD, REGULAR } from './fonts.js';
import type { PrintedBlock, PrintedCell } from './printed-table.js';

/** Points. */
const MARGIN = 42;
const SIZE = { title: 16, heading: 12, text: 12, small: 9 } as const;
const INDENT = 9;
const CELL = { top: 2, bottom: 2, left: 3, right: 3 } as const;
const CLOCK = new Date(0);

export async function* pdfOf({ title, pieces }: Document): AsyncGenerator<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    lang: 'zh-CN',
    pdfVersion: '1.7',
    displayTitle: true,
    // By its path, not under a name: named ones are opened again for each cell.
    font: REGULAR,
    info: { Title: glyphs(title), Creator: 'disclosure', Producer: 'disclosure', CreationDate: CLOCK, ModDate: CLOCK },
  });
  const writer = new PdfWriter(doc);
  for (const piece of pieces) writer.write(piece);
  writer.numberPages();
  doc.end();
  for await (const chunk of doc) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

class PdfWriter {
  readonly #doc: PDFKit.PDFDocument;

  constructor(doc: PDFKit.PDFDocument) {
    this.#doc = doc;
  }

  write(piece: Piece): void {
    const doc = this.#doc;
    switch (piece.kind) {
      case 'title':
        this.#text(piece.text, SIZE.title, { bold: true, align: 'center' });
        doc.moveDown(0.4);
        return;
      case 'heading':
        if (piece.newPage === true) doc.addPage();
        else this.#keepTogether(SIZE.heading * 4);
        doc.moveDown(0.4);
        this.#text(piece.text, SIZE.heading, { bold: true });
        doc.moveDown(0.2);
        return;
      case 'paragraph':
        this.#text(piece.text, SIZE.text, { indent: 2 * SIZE.text });
        doc.moveDown(0.1);
        return;
      case 'note':
        doc.moveDown(0.3);
        this.#text(piece.text, SIZE.small, {});
        return;
      case 'signatures':
        doc.moveDown(0.8);
        this.#text(piece.texts.map((text) => `${text}：`).join('　　　　'), SIZE.small, {});
        return;
      case 'page-break':
        doc.addPage();
        return;
      case 'table':
        this.#table(piece.block);
    }
  }

  /** Below the text of every page. */
  numberPages(): void {
    const doc = this.#doc;
    const { start, count } = doc.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      doc.switchToPage(page);
      // What stands in the margin would begin a new page.
      doc.page.margins.bottom = 0;
      const y = doc.page.height - MARGIN * 0.7;
      doc
        .font(REGULAR)
        .fontSize(SIZE.small)
        .text(`${page - start + 1} / ${count}`, MARGIN, y, { align: 'center', width: this.#width, lineBreak: false });
    }
  }

  get #width(): number {
    return this.#doc.page.width - 2 * MARGIN;
  }

  #text(
    text: string,
    size: number,
    { bold = false, align = 'left', indent = 0 }: { bold?: boolean; align?: 'left' | 'center'; indent?: number },
  ) {
    this.#doc
      .font(bold ? BOLD : REGULAR)
      .fontSize(size)
      .text(glyphs(text), MARGIN, this.#doc.y, { width: this.#width, align, indent });
  }

  /** A new page where less than so much is left of this one. */
  #keepTogether(height: number): void {
    const doc = this.#doc;
    if (doc.y + height > doc.page.height - MARGIN) doc.addPage();
  }

  /** Heads are printed again on each page that it goes on. */
  #table(block: PrintedBlock): void {
    const doc = this.#doc;
    doc.font(REGULAR).fontSize(SIZE.small);
    const heads = block.rows.slice(0, block.headRows);
    const height = (rows: PrintedBlock['rows']): number => rows.reduce((sum, row) => sum + this.#heightOf(row, block), 0);
    const [first, ...more] = groupsOf(block.rows.slice(block.headRows));
    let table = this.#begun(block, [...heads, ...(first ?? [])]);
    for (const rows of more) {
      if (doc.y + height(rows) > doc.page.height - MARGIN) {
        table.end();
        doc.addPage();
        doc.font(REGULAR).fontSize(SIZE.small);
        table = this.#begun(block, heads);
      }
      for (const row of rows) table.row(row.map(cellOptions));
    }
    table.end();
    doc.x = MARGIN;
  }

  #begun({ widths }: PrintedBlock, rows: PrintedBlock['rows']): PDFKit.Mixins.PDFTableObject {
    const table = this.#doc.table({
      position: { x: MARGIN, y: this.#doc.y },
      maxWidth: this.#width,
      columnStyles: widths.map((width) => (width / 100) * this.#width),
      // Nothing is shortened: a row is as high as its text.
      defaultStyle: { border: 0.5, textOptions: { ellipsis: false } },
    });
    for (const row of rows) table.row(row.map(cellOptions));
    return table;
  }

  /** Of a row that begins in the first column; what covers several rows is not in it. */
  #heightOf(row: readonly PrintedCell[], { widths }: PrintedBlock): number {
    let column = 0;
    const heights = row.map(({ text, colspan, rowspan, indent }) => {
      const share = widths.slice(column, (column += colspan)).reduce((sum, width) => sum + width, 0);
      const width = (share / 100) * this.#width - CELL.left - CELL.right - indent * INDENT;
      return rowspan > 1 ? 0 : this.#doc.heightOfString(glyphs(text), { width: Math.max(width, SIZE.small) });
    });
    return Math.max(...heights, this.#doc.currentLineHeight(true)) + CELL.top + CELL.bottom;
  }
}

/** Rows that a merged cell holds together. */
function groupsOf(rows: PrintedBlock['rows']): PrintedBlock['rows'][] {
  const groups: (readonly PrintedCell[])[][] = [];
  let until = 0;
  rows.forEach((row, at) => {
    if (at < until) groups.at(-1)?.push(row);
    else groups.push([row]);
    until = Math.max(until, ...row.map(({ rowspan }) => at + rowspan));
  });
  return groups;
}

function cellOptions({ text, colspan, rowspan, align, indent, scope }: PrintedCell): PDFKit.Mixins.CellOptions {
  return {
    text: glyphs(text),
    colSpan: colspan,
    rowSpan: rowspan,
    align: { x: align === 'centre' ? 'center' : 'left', y: 'center' },
    padding: { ...CELL, left: CELL.left + indent * INDENT },
    type: scope === null ? 'TD' : 'TH',
  };
}
