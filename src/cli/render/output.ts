/**
 * What a command prints: the answer on stdout, everything else on stderr. A line is one line whatever texts it holds,
 * and none of them steers the terminal: nothing else in this folder writes to either.
 */
import stringWidth from 'string-width';
import { TokenKeyProblem } from '../../access/identity/token-key-problem.js';
import { BadConfiguration } from '../../config/config.js';
import { codeOf } from '../../encoding/unknown-values.js';
import { visible, visibleJson } from '../../encoding/visible-text.js';
import { DocumentProblem } from '../../documents/problem.js';
import { NamespaceOverlaps, StoreUnavailable } from '../../log/event-log.js';
import { NotATable } from '../../statistics/published-table.js';
import { MappingProblem } from '../../spreadsheets/mapping-problem.js';
import { DamagedFile } from '../../sqlite/damaged-file.js';
import { FilesOpen, KeysOpen, NoLedger } from '../../runtime/data-folder.js';
import { BackupProblem } from '../../runtime/backup.js';
import { LedgerBusy, QueryProblem, type QueryCode } from '../../read-models/query-problem.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { FailedInThread, type Failure } from './failure.js';

export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(JSON.stringify(value, null, 2))}\n`);
}

export function print(line = ''): void {
  process.stdout.write(`${visible(line)}\n`);
}

export function note(line: string): void {
  process.stderr.write(`${visible(line)}\n`);
}

/** Pads to a width in columns of a terminal, where a Chinese character takes two. */
export function pad(text: string, width: number): string {
  const shown = visible(text);
  return shown + ' '.repeat(Math.max(0, width - stringWidth(shown)));
}

export function padLeft(text: string, width: number): string {
  const shown = visible(text);
  return ' '.repeat(Math.max(0, width - stringWidth(shown))) + shown;
}

/** In the middle of a width. */
export function padCentre(text: string, width: number): string {
  const left = Math.floor(Math.max(0, width - widthOf(text)) / 2);
  return pad(' '.repeat(left) + text, width);
}

/** Columns of a terminal that a text takes as it is printed. */
export function widthOf(text: string): number {
  return stringWidth(visible(text));
}

/** Behind a blank, and on either side of a wide character; not before what closes and not behind what opens. */
const BREAKS = /(?<= )|(?<=\P{ASCII})(?<![（“《])(?![，。、；：）”》])|(?=\P{ASCII})(?<![（“《])(?![，。、；：）”》])/u;

/**
 * A text in lines of at most so many columns, broken at a blank where there is one near the end, else between two
 * characters. Never no line.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(BREAKS)) {
    for (const piece of stringWidth(word.trimEnd()) > width ? word : [word]) {
      if (line !== '' && stringWidth(line + piece.trimEnd()) > width) {
        lines.push(line.trimEnd());
        line = '';
      }
      line += piece;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}

export const USAGE_CODES: ReadonlySet<QueryCode> = new Set<QueryCode>(['bad-year', 'bad-as-of', 'bad-view', 'bad-parameter']);

/** Says what went wrong, on stderr and with --json on stdout too; gives the exit code. Never a stack trace. */
export function reportFailure(error: unknown, json: boolean): ExitCode {
  const { code, message, hint, exit } = failureOf(error);
  if (json) printJson({ error: { code, message, hint } });
  note(`disclosure: ${message}`);
  if (hint !== '') note(`  ${hint}`);
  return exit;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof FailedInThread) return error.failure;
  if (error instanceof QueryProblem) {
    return { code: error.code, message: error.message, hint: error.hint, exit: USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failed };
  }
  if (error instanceof NotATable || error instanceof DocumentProblem)
    return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.failed };
  if (error instanceof MappingProblem) return { code: error.code, message: error.message, hint: error.hint, exit: EXIT.usage };
  if (error instanceof BadConfiguration)
    return {
      code: 'bad-configuration',
      message: error.message,
      hint: 'Correct the option, or the environment variable.',
      exit: EXIT.usage,
    };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof BackupProblem) return { code: error.code, message, hint: error.hint, exit: EXIT.failed };
  if (error instanceof DamagedFile) return { code: error.code, message, hint: error.hint, exit: EXIT.unreachable };
  if (error instanceof KeysOpen || error instanceof FilesOpen)
    return { code: 'files-open', message, hint: error.hint, exit: EXIT.unreachable };
  if (error instanceof TokenKeyProblem) return { code: error.code, message, hint: error.hint, exit: EXIT.unreachable };
  if (error instanceof NamespaceOverlaps) return { code: error.code, message, hint: error.hint, exit: EXIT.unreachable };
  if (error instanceof NoLedger) return { code: 'store-unavailable', message, hint: error.hint, exit: EXIT.unreachable };
  if (error instanceof StoreUnavailable || error instanceof LedgerBusy) {
    return {
      code: 'store-unavailable',
      message,
      hint: 'Is the store running, and nothing else writing this data folder?',
      exit: EXIT.unreachable,
    };
  }
  const io = codeOf(error);
  if (typeof io === 'string' && /^(ENOENT|EACCES|EISDIR|ENOTDIR|EPERM)$/.test(io))
    return { code: 'no-such-file', message, hint: 'Check the name of the file.', exit: EXIT.usage };
  if (typeof io === 'string' && /^(ENOSPC|EROFS|EIO|SQLITE_)/.test(io))
    return { code: 'store-unavailable', message, hint: 'The data folder cannot be used.', exit: EXIT.unreachable };
  return { code: 'internal', message, hint: '', exit: EXIT.failed };
}
