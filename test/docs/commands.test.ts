/**
 * What README and docs/ tell their reader to type is run, page by page, each in a folder of its own and in the order of
 * the page; what they say comes out does.
 *
 * - `sh`: every command is run and ends with 0, or with the code of a comment ` # exit 1`.
 * - `text` in the same section behind it: its lines are in what was printed; `…` stands for anything.
 * - `http`: a request is sent, and the answer behind it has the status and the shape of the page's.
 * - `json`: messages are taken by the reader; another value has the shape of the last answer, or parses where there was
 *   none.
 * - `js`, `python`: a program, written into a file that a command runs.
 *
 * Comments before a fence: `<!-- not run: WHY -->`; `<!-- sent -->` or `<!-- refused: CODE -->` of messages that are
 * sent; `<!-- file: NAME -->` writes the block into the folder; `<!-- answer: COMMAND -->` names the command whose
 * answer it is; `<!-- before: COMMAND -->` is what the page takes for granted there. INDEX and HASH in a block stand
 * for those of the last table.
 */
import { lackedBy, noteOf, readThrough, reasonOf, runnable } from '../support/page-reading.js';
import { pages, readPage, type Fence } from '../support/pages.js';

/** Blocks that cannot be run here, by page: each says why in the page. One more is a block that nobody tests. */
const NOT_RUN: Readonly<Record<string, number>> = {
  'docs/access.md': 6,
  'docs/audit-pack.md': 1,
  'docs/auditing.md': 1,
  'docs/backup.md': 1,
  'docs/ledger.md': 1,
  'docs/operating.md': 5,
  'docs/pages.md': 1,
  'docs/publishing.md': 1,
};

const LANGUAGES = new Set(['sh', 'json', 'http', 'text', 'mermaid', 'ts', '']);
/** Programs: written into a file, which a command runs. */
const PROGRAMS = new Set(['js', 'python']);
const notRun: string[] = [];
afterAll(() => process.stderr.write(notRun.map((line) => `not run: ${line}\n`).join('')));

describe.each(pages())('%s', (path) => {
  const page = readPage(path);
  const { fences } = page;

  test('its fences name what they hold', () => {
    // sh, json, http are run; text is what is printed; other languages would be looked at by nobody.
    const commands = fences.filter(({ language }) => language === 'sh').map(({ text }) => text);
    const isRun = ({ language, notes }: Fence): boolean => {
      const file = noteOf(notes, 'file');
      return PROGRAMS.has(language) && file !== undefined && commands.some((text) => text.includes(` ${file}`));
    };
    const unknown = fences
      .filter((fence) => !LANGUAGES.has(fence.language) && !isRun(fence))
      .map(({ line, language }) => `${path}:${line}: ${language}`);
    const untold = fences.filter(({ language, text }) => language === '' && /^\s*(\$ |npx |npm |curl )/m.test(text));
    expect([...unknown, ...untold.map(({ line }) => `${path}:${line}: commands in a fence without "sh"`)]).toEqual([]);
  });

  test('what is not run is known', () => {
    const those = fences.filter((fence) => reasonOf(fence) !== undefined);
    notRun.push(...those.map((fence) => `${path}:${fence.line}: ${reasonOf(fence)}`));
    for (const fence of fences) {
      const tool = lackedBy(fence);
      if (tool !== undefined) notRun.push(`${path}:${fence.line} and what follows: this machine has no ${tool}`);
    }
    expect(those.length).toBe(NOT_RUN[path] ?? 0);
  });

  if (runnable(page).length > 0) test('its commands do what it says', () => readThrough(page));
});
