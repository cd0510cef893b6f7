/** The pages of the project as Markdown: their fences, headings and prose, each with its line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** Pages beside docs/; one that is not there yet is left out. */
const BESIDE = ['README.md', 'README.zh-CN.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

/** Every page that a test holds, by its path from the root. */
export function pages(): string[] {
  const docs = (readdirSync(join(ROOT, 'docs'), { recursive: true }) as string[]).filter((name) => name.endsWith('.md')).sort();
  return [...BESIDE.filter((name) => existsSync(join(ROOT, name))), ...docs.map((name) => `docs/${name}`)];
}

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

export interface Fence {
  readonly line: number;
  /** What stands behind the bars, such as `sh`. */
  readonly language: string;
  readonly text: string;
  /** Comments for tests right before it, such as `not run: needs Docker`. */
  readonly notes: readonly string[];
  /** How many headings stand above it. */
  readonly section: number;
}

export interface Page {
  readonly path: string;
  /** What is neither in a fence nor a comment. */
  readonly prose: readonly Line[];
  readonly fences: readonly Fence[];
  /** Names of the places a link may lead to. */
  readonly anchors: ReadonlySet<string>;
}

export function readPage(path: string): Page {
  return parsePage(path, readFileSync(join(ROOT, path), 'utf8'));
}

interface Open {
  readonly line: number;
  readonly bars: string;
  readonly language: string;
  readonly lines: string[];
}

export function parsePage(path: string, text: string): Page {
  const prose: Line[] = [];
  const fences: Fence[] = [];
  const anchors = new Set<string>();
  let open: Open | null = null;
  let notes: string[] = [];
  let section = 0;
  for (const [at, line] of withoutLongComments(text).split('\n').entries()) {
    const [, bars = '', language = ''] = /^\s*(`{3,}|~{3,})\s*(\S*)/.exec(line) ?? [];
    if (open !== null) {
      if (!line.trim().startsWith(open.bars)) {
        open.lines.push(line);
        continue;
      }
      fences.push({ line: open.line, language: open.language, text: open.lines.join('\n'), notes, section });
      [open, notes] = [null, []];
    } else if (bars !== '') open = { line: at + 1, bars, language, lines: [] };
    else {
      const [, note] = /^\s*<!--\s*(.*?)\s*-->\s*$/.exec(line) ?? [];
      if (note !== undefined) notes.push(note);
      else if (line.trim() !== '') notes = [];
      const [, , heading] = /^(#+)\s+(.*)$/.exec(line) ?? [];
      if (heading !== undefined) section += 1;
      if (heading !== undefined) anchors.add(anchorOf(heading, anchors));
      for (const [, id] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id as string);
      prose.push({ number: at + 1, text: note === undefined ? line : '' });
    }
  }
  if (open !== null) throw new Error(`${path}:${open.line}: the fence has no end`);
  return { path, prose, fences, anchors };
}

/** A comment over several lines says nothing to anybody; its lines stay, so that numbers hold. */
function withoutLongComments(text: string): string {
  return text.replace(/<!--(?:(?!-->)[\s\S])*\n[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ''));
}

/** As GitHub names a heading: lower case, without marks, blanks as dashes, numbered where it stands twice. */
function anchorOf(heading: string, taken: ReadonlySet<string>): string {
  const plain = heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
  if (!taken.has(plain)) return plain;
  for (let n = 1; ; n += 1) if (!taken.has(`${plain}-${n}`)) return `${plain}-${n}`;
}
