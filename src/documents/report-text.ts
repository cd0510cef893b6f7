/** The text of a report: DOCX, PDF, HTML or plain text, told by its bytes and not by its name. */
import { DocumentProblem, MAX_FILE, MAX_TEXT, tooLarge } from './problem.js';
import { checkText, type ReadText } from './read-text.js';
import { rowsInText } from './table-rows.js';

export type ReportKind = 'docx' | 'pdf' | 'html' | 'text';

export interface ReportText extends Pick<ReadText, 'text' | 'rows'> {
  readonly kind: ReportKind;
}

/** What reads a kind is loaded for who has such a file. Errors: `DocumentProblem`. */
export async function readReport(bytes: Buffer): Promise<ReportText> {
  const { kind, read } = await readKind(bytes);
  checkText(read, kind === 'text' ? 'file' : kind.toUpperCase());
  return { kind, text: read.text, rows: read.rows };
}

interface ReadKind {
  readonly kind: ReportKind;
  readonly read: ReadText;
}

async function readKind(bytes: Buffer): Promise<ReadKind> {
  if (bytes.length > MAX_FILE) throw tooLarge(`the file has ${bytes.length} bytes`);
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    const { textOfDocx } = await import('./docx.js');
    return { kind: 'docx', read: await textOfDocx(bytes) };
  }
  if (bytes.subarray(0, 1024).includes('%PDF-')) {
    const { textOfPdf } = await import('./pdf.js');
    return { kind: 'pdf', read: await textOfPdf(bytes) };
  }
  const text = decoded(bytes);
  if (/<(?:!doctype html|html|head|body|p|div|table|h1)\b/i.test(text.slice(0, 4096))) {
    const { textOfHtml } = await import('./html.js');
    return { kind: 'html', read: textOfHtml(text) };
  }
  if (text.length > MAX_TEXT) throw tooLarge('its text is longer than a report is');
  return { kind: 'text', read: { text, rows: rowsInText(text), pictured: 0 } };
}

/** UTF-8, UTF-16 with its mark, or GB 18030, in which older pages of agencies stand. */
function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.includes(0)) throw notText();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return chinese(bytes);
  }
}

function chinese(bytes: Buffer): string {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    throw notText();
  }
}

function notText(): DocumentProblem {
  return new DocumentProblem(
    'not-a-document',
    'it is neither DOCX, PDF, HTML nor text',
    'Save the report as DOCX, or give its text in UTF-8.',
  );
}
