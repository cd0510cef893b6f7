/** A web page as text. Nothing that it names is loaded, and its scripts are skipped. */
import { Parser } from 'htmlparser2';
import { Lines } from './lines.js';

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

export function textOfHtml(html: string): string {
  const lines = new Lines();
  let [skipped, rows] = [0, 0];
  const parser = new Parser({
    onopentag(name) {
      if (SKIPPED.has(name)) skipped += 1;
      if (name === 'tr') rows += 1;
      // In a row a paragraph of a cell ends nothing.
      if (BREAKS.has(name) && (rows === 0 || name === 'tr')) lines.end();
    },
    ontext(text) {
      if (skipped === 0) lines.add(text.replace(/[\s\u00a0]+/g, ' '));
    },
    onclosetag(name) {
      if (SKIPPED.has(name)) skipped = Math.max(0, skipped - 1);
      if (CELLS.has(name)) lines.add(' | ');
      if (name === 'tr') rows = Math.max(0, rows - 1);
      if (BREAKS.has(name) && rows === 0) lines.end();
    },
  });
  parser.end(html);
  return lines.text();
}
