/** A document as one HTML file: nothing is loaded, nothing runs, and it prints as the others do. */
import { escapeXml } from '../sheets/xml.js';
import type { Document, Piece } from './document.js';
import type { PrintedBlock, PrintedCell } from './printed-table.js';
import { shown } from './shown-text.js';

const STYLE = `
@page { size: A4; margin: 15mm; }
body { font-family: "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", SimSun, sans-serif; max-width: 180mm; margin: 0 auto; line-height: 1.7; }
h1 { font-size: 16pt; text-align: center; }
h2 { font-size: 12pt; break-after: avoid; }
h1.page, h2.page, div.page { break-before: page; }
p { font-size: 12pt; margin: 0; text-indent: 2em; overflow-wrap: anywhere; }
p.note { font-size: 9pt; text-indent: 0; margin-top: 4pt; }
p.signatures { font-size: 9pt; text-indent: 0; display: flex; justify-content: space-between; margin-top: 8pt; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: 9pt; line-height: 1.3; }
th, td { border: 0.5pt solid #000; padding: 2pt 3pt; font-weight: normal; overflow-wrap: anywhere; }
th, td { text-align: center; }
th.start { text-align: start; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
`;

/** UTF-8 text. */
export function htmlOf({ title, pieces }: Document): string {
  return (
    `<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n` +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n` +
    `<title>${plain(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n${pieces.map(pieceOf).join('\n')}\n</body>\n</html>\n`
  );
}

/** Letters from right to left, by the blocks that Unicode keeps for them; and what stands between such letters. */
const RIGHT_TO_LEFT = String.raw`[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]`;
const TURNED = new RegExp(String.raw`(${RIGHT_TO_LEFT}(?:\P{L}*${RIGHT_TO_LEFT})*)`, 'u');

/** Where an element may not stand. */
const plain = (raw: string): string => escapeXml(shown(raw));

/** A name from right to left turns no number around beside it, whoever put both into one line. */
const text = (raw: string): string =>
  shown(raw)
    .split(TURNED)
    .map((part, at) => (at % 2 === 0 ? escapeXml(part) : `<bdi>${escapeXml(part)}</bdi>`))
    .join('');

function pieceOf(piece: Piece): string {
  switch (piece.kind) {
    case 'title':
      return `<h1>${text(piece.text)}</h1>`;
    case 'heading':
      return `<h2${piece.newPage === true ? ' class="page"' : ''}>${text(piece.text)}</h2>`;
    case 'paragraph':
      return `<p>${text(piece.text)}</p>`;
    case 'note':
      return `<p class="note">${text(piece.text)}</p>`;
    case 'signatures':
      return `<p class="signatures">${piece.texts.map((one) => `<span>${text(one)}：</span>`).join(' ')}</p>`;
    case 'page-break':
      return '<div class="page"></div>';
    case 'table':
      return tableOf(piece.block);
  }
}

function tableOf({ title, widths, headRows, rows }: PrintedBlock): string {
  const columns = widths.map((width) => `<col style="width: ${width.toFixed(2)}%">`).join('');
  const lines = rows.map((row) => `<tr>${row.map(cellOf).join('')}</tr>`);
  const head = headRows === 0 ? '' : `<thead>\n${lines.slice(0, headRows).join('\n')}\n</thead>\n`;
  const label = title === null ? '' : ` aria-label="${plain(title)}"`;
  return `<table${label}>\n<colgroup>${columns}</colgroup>\n${head}<tbody>\n${lines.slice(headRows).join('\n')}\n</tbody>\n</table>`;
}

function cellOf({ text: raw, colspan, rowspan, align, indent, scope }: PrintedCell): string {
  const span = (colspan === 1 ? '' : ` colspan="${colspan}"`) + (rowspan === 1 ? '' : ` rowspan="${rowspan}"`);
  if (scope === null) return `<td${span}>${text(raw)}</td>`;
  const inset = indent === 0 ? '' : ` style="padding-left: ${indent + 0.3}em"`;
  return `<th scope="${scope}"${span}${align === 'start' ? ' class="start"' : ''}${inset}>${text(raw)}</th>`;
}
