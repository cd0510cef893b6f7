/**
 * How the pages are written, page by page: short lines, short sentences, links that lead somewhere, files that are
 * there.
 *
 * A word is what stands between blanks and holds a letter or digit; of Chinese text two characters are one. Code
 * between backticks is one word. A cell of a table is read as text of its own.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { pages, readPage, ROOT, type Line, type Page } from '../support/pages.js';

const MAX_LINE = 120;
const MAX_WORDS = 40;

const isRow = (text: string): boolean => /^\s*\|/.test(text);
const LINK = /!?\[((?:[^\]`]|`[^`]*`)*)\]\(([^)\s]+)\)/g;

/** Rows of tables, and lines that an address makes long. */
function isTooLong({ text }: Line): boolean {
  const withoutAddresses = text.replace(LINK, '[$1]()').replace(/<?https?:\/\/\S+/g, '');
  return !isRow(text) && [...withoutAddresses].length > MAX_LINE;
}

/** Runs of text that go on over lines, and the cells of tables, each with the line it begins at. */
function textsOf({ prose }: Page): Line[] {
  const texts: Line[] = [];
  let run: Line[] = [];
  const flush = (): void => {
    const [first] = run;
    if (first !== undefined) texts.push({ number: first.number, text: run.map(({ text }) => text.trim()).join(' ') });
    run = [];
  };
  for (const { number, text } of prose) {
    if (/^\s*(#|[-*+]\s|\d+\.\s|>|\|)|^\s*$/.test(text)) flush();
    if (isRow(text)) texts.push(...text.split(/(?<!\\)\|/).map((cell) => ({ number, text: cell })));
    else if (text.trim() !== '') run.push({ number, text });
  }
  flush();
  return texts;
}

/** Ends at a full stop, mark or sign of exclamation before a blank or the end, and at 。！？ anywhere. */
function sentencesIn(text: string): string[] {
  return text
    .replace(LINK, '$1')
    .replace(/`[^`]*`/g, 'code')
    .split(/(?<=[.!?]["”’)*_]*)\s+|(?<=[。！？])/);
}

function wordsIn(sentence: string): number {
  const han = sentence.match(/\p{Script=Han}/gu)?.length ?? 0;
  const others = sentence.replace(/\p{Script=Han}/gu, ' ').match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
  return others + Math.ceil(han / 2);
}

/** What is wrong with a link of a page; undefined for one that leads somewhere, or out of the project. */
function brokenLink(page: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), decodeURI(path)));
  if (!existsSync(join(ROOT, file))) return `there is no ${file}`;
  if (anchor === undefined || !file.endsWith('.md') || statSync(join(ROOT, file)).isDirectory()) return undefined;
  return readPage(file).anchors.has(decodeURI(anchor)) ? undefined : `${file} has no heading #${anchor}`;
}

/** A file between backticks: a source by its path or its name, any other by a path that begins in a folder of ours. */
const SOURCE = /`([\w.-]+(?:\/[\w.-]+)*\.(?:ts|mjs|cjs))(?::\d+)?`/g;
const OTHER = /`((?:src|test|docs|bin|bench|examples)\/[\w./-]+\.\w+)`/g;

const SOURCES = ['src', 'test', 'bin', 'bench', 'examples'].flatMap((folder) =>
  (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).map((name) => `${folder}/${name}`),
);

function isThere(path: string): boolean {
  return existsSync(join(ROOT, path)) || SOURCES.some((name) => name.endsWith(`/${path}`));
}

const at = (page: Page, { number }: Line, what: string): string => `${page.path}:${number}: ${what}`;

describe.each(pages())('%s', (path) => {
  const page = readPage(path);

  test('lines are short', () => {
    expect(page.prose.filter(isTooLong).map((line) => at(page, line, `${[...line.text].length} characters`))).toEqual([]);
  });

  test('sentences are short', () => {
    const long = textsOf(page).flatMap((text) =>
      sentencesIn(text.text)
        .filter((sentence) => wordsIn(sentence) > MAX_WORDS)
        .map((sentence) => at(page, text, `${wordsIn(sentence)} words: ${sentence.slice(0, 60)}…`)),
    );
    expect(long).toEqual([]);
  });

  test('links lead somewhere', () => {
    const broken = page.prose.flatMap((line) =>
      [...line.text.replace(/`[^`]*`/g, '').matchAll(LINK)].flatMap(([, , target = '']) => {
        const why = brokenLink(path, target);
        return why === undefined ? [] : [at(page, line, `${target}: ${why}`)];
      }),
    );
    expect(broken).toEqual([]);
  });

  test('files it names are there', () => {
    const missing = page.prose.flatMap((line) =>
      [...line.text.matchAll(SOURCE), ...line.text.matchAll(OTHER)].flatMap(([, name = '']) =>
        isThere(name) ? [] : [at(page, line, name)],
      ),
    );
    expect(missing).toEqual([]);
  });
});
