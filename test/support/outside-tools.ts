/** Programs of others that open what this one writes. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

function isAtHand(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool)));
}

const isSet = (name: string): boolean => !['', '0', 'false'].includes(process.env[name] ?? '');

/**
 * `describe` where the tool is at hand. Where it is not the tests are skipped with a word, but not where `CI` is set:
 * there they fail, so that a tool that went missing is not a check that went missing. `WITHOUT_OUTSIDE_TOOLS` says that
 * it was not to be had.
 */
export function describeWith(tool: string, title: string, tests: () => void): void {
  if (isAtHand(tool)) return describe(title, tests);
  if (isSet('CI') && !isSet('WITHOUT_OUTSIDE_TOOLS')) {
    test(title, () => {
      throw new Error(`${tool} is not at hand: install it`);
    });
    return;
  }
  process.stderr.write(`skipped, as ${tool} is not at hand: ${title}\n`);
  describe.skip(title, tests);
}

/** All sheets of a workbook, by their order in its name. */
const AS_CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1';
const AS_TEXT = 'txt:Text (encoded):UTF8';
/** What is in quotes is a text, as a person ticks in its dialogue. */
const FROM_CSV = '--infilter=CSV:44,34,76,1,,0,true,true';

/** What LibreOffice reads in a file: a spreadsheet as CSV, each sheet by itself, a document as text. */
export function readInOffice(bytes: Uint8Array, ending: 'xlsx' | 'csv' | 'docx'): string[] {
  return withFile(bytes, ending, (file, folder) => {
    const out = join(folder, 'out');
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const filters = ending === 'csv' ? [FROM_CSV] : [];
    const as = ending === 'docx' ? AS_TEXT : AS_CSV;
    // A sheet names its file: without a locale that has its characters nothing is written, and nothing is said.
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    execFileSync('soffice', ['--headless', profile, ...filters, '--convert-to', as, '--outdir', out, file], { stdio: 'pipe', env });
    return readdirSync(out)
      .sort()
      .map((name) => readFileSync(join(out, name), 'utf8').replace(/^\uFEFF/, ''));
  });
}

/** The text of a PDF file by poppler, in the order in which it is set. */
export function readByPoppler(bytes: Uint8Array): string {
  return withFile(bytes, 'pdf', (file) => execFileSync('pdftotext', ['-raw', file, '-']).toString());
}

/** By name of each font whether all of it that is used is in the file, and told in Unicode. */
export function fontsIn(bytes: Uint8Array): { readonly name: string; readonly embedded: boolean; readonly unicode: boolean }[] {
  const lines = withFile(bytes, 'pdf', (file) => execFileSync('pdffonts', [file]).toString())
    .trimEnd()
    .split('\n')
    .slice(2);
  return lines.map((line) => {
    const [name = ''] = line.split(/\s+/);
    const [embedded, , unicode] = line.match(/\b(yes|no)\b/g) ?? [];
    return { name: name.replace(/^[A-Z]{6}\+/, ''), embedded: embedded === 'yes', unicode: unicode === 'yes' };
  });
}

function withFile<T>(bytes: Uint8Array, ending: string, use: (file: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'disclosure-outside-'));
  try {
    const file = join(folder, `file.${ending}`);
    writeFileSync(file, bytes);
    return use(file, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
