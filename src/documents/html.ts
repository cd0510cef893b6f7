/** A web page as text and rows of tables. Nothing that it names is loaded, and its scripts are skipped. */
import { Parser } from 'htmlparser2';
import { Lines } from './lines.js';
import type { ReadText } from './read-text.js';
import { TableRows } from './table-rows.js';

const SKIPPED = new Set(['script', 'style', 'template', 'noscript', 'head', 'svg', 'iframe', 'object']);
const BREAKS = new Set([
  'p',
  'div',
  'br',
  'li',
  'ul',
  'ol',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'section',
  'article',
  'table',
  'tr',
  'body',
]);
const CELLS = new Set(['td', 'th']);
const PICTURES = new Set(['img', 'svg', 'canvas', 'object', 'embed']);

export function textOfHtml(html: string): ReadText {
  const lines = new Lines();
  const tables = new TableRows();
  let [skipped, rows] = [0, 0];
  let hasPictures = false;
  const parser = new Parser({
    onopentag(name, { colspan, rowspan }) {
      if (SKIPPED.has(name)) skipped += 1;
      if (PICTURES.has(name)) hasPictures = true;
      if (name === 'tr') {
        rows += 1;
        tables.openRow();
      }
      if (CELLS.has(name)) tables.openCell(Number(colspan ?? 1), Number(rowspan ?? 1));
      // In a row a paragraph of a cell ends nothing.
      if (BREAKS.has(name) && (rows === 0 || name === 'tr')) lines.end();
    },
    ontext(text) {
      if (skipped > 0) return;
      const shown = text.replace(/[\s\u00a0]+/g, ' ');
      lines.add(shown);
      tables.text(shown);
    },
    onclosetag(name) {
      if (SKIPPED.has(name)) skipped = Math.max(0, skipped - 1);
      if (CELLS.has(name)) lines.add(' | ');
      if (name === 'tr') {
        rows = Math.max(0, rows - 1);
        tables.closeRow();
      }
      if (name === 'table') tables.closeTable();
      if (BREAKS.has(name) && rows === 0) lines.end();
    },
  });
  parser.end(html);
  return { text: lines.text(), rows: tables.rows(), pictured: hasPictures ? 1 : 0 };
}
