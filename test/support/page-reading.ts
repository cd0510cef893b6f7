/**
 * A page read as its reader does: what it says to type is typed, and what it says comes out is looked for.
 * test/docs/commands.test.ts says how it is marked.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, membersOf } from '../../src/encoding/unknown-values.js';
import { readMessageValue } from '../../src/intake/message-reader.js';
import type { Receipt } from '../../src/recording/receipts.js';
import { commandsIn, PageShell } from './page-shell.js';
import type { Fence, Page } from './pages.js';

/** What a page has said and heard so far. */
class Reading {
  readonly #shell = new PageShell();
  #printed = '';
  /** The last answer in JSON. */
  #answer: unknown;
  #status = 0;
  #section = -1;

  async go(fence: Fence): Promise<void> {
    const text = this.#filled(fence.text);
    const file = noteOf(fence.notes, 'file');
    if (file !== undefined) writeFileSync(join(this.#shell.folder, file), `${await this.#shell.here(text)}\n`);
    const before = noteOf(fence.notes, 'before');
    if (before !== undefined) await this.#type(before, -1);
    if (fence.language === 'sh') await this.#type(text, fence.section);
    else if (fence.language === 'json') await this.#json(text, fence.notes);
    else if (fence.language === 'http') await this.#http(text);
    else if (fence.language === 'text' && fence.section === this.#section) this.#text(text);
  }

  close(): Promise<void> {
    return this.#shell.close();
  }

  /** INDEX and HASH as the last table has them. */
  #filled(text: string): string {
    const { hash, asOf } = membersOf(this.#answer);
    const { index } = membersOf(asOf);
    if (typeof hash !== 'string' || typeof index !== 'number') return text;
    return text.replace(/\bINDEX\b/g, String(index)).replace(/\bHASH\b/g, hash);
  }

  async #type(text: string, section: number): Promise<void> {
    const printed: string[] = [];
    for (const { command, exit } of commandsIn(text)) {
      const { code, stdout, stderr } = await this.#shell.type(command);
      expect({ command, code, stderr: code === exit ? '' : stderr }).toEqual({ command, code: exit, stderr: '' });
      this.#heard(stdout);
      printed.push(stdout, stderr);
    }
    [this.#printed, this.#section] = [printed.join(''), section];
  }

  #heard(stdout: string): void {
    try {
      this.#answer = JSON.parse(stdout) as unknown;
    } catch {
      this.#answer ??= undefined;
    }
  }

  #text(text: string): void {
    const missing = text.split('\n').filter((line) => !isPrinted(line.trim(), this.#printed));
    expect({ missing, printed: missing.length === 0 ? '' : this.#printed }).toEqual({ missing: [], printed: '' });
  }

  /** A request, or the answer to the one before. */
  async #http(text: string): Promise<void> {
    const [head = '', ...bodies] = text.split('\n\n');
    const [first = '', ...headers] = head.split('\n');
    const body = bodies.join('\n\n');
    if (first.startsWith('HTTP/')) {
      expect(this.#status).toBe(Number(first.split(' ')[1]));
      if (body !== '') expectShape(JSON.parse(body), this.#answer);
      return;
    }
    const [method = '', path = ''] = first.split(' ');
    const named = headers.map((header) => header.split(/:\s*/, 2) as [string, string]).filter(([name]) => name.toLowerCase() !== 'host');
    const answer = await fetch(new URL(path, await this.#shell.url()), { method, headers: named, ...(body === '' ? {} : { body }) });
    this.#status = answer.status;
    this.#heard(await answer.text());
  }

  async #json(text: string, notes: readonly string[]): Promise<void> {
    const values = jsonIn(text);
    const messages = values.filter((value) => membersOf(value)['specversion'] !== undefined);
    const refused = noteOf(notes, 'refused');
    for (const message of messages) {
      if (refused !== undefined || notes.includes('sent')) expect((await this.#send(message)).error?.code).toBe(refused);
      else expect(readMessageValue(message, Date.now())).toMatchObject({ ok: true, refusedUnlessRepeat: null });
    }
    if (messages.length > 0) return;
    const command = noteOf(notes, 'answer');
    if (command !== undefined) this.#heard((await this.#shell.type(command)).stdout);
    for (const value of values) if (this.#answer !== undefined) expectShape(value, this.#answer);
  }

  /** Its receipt, which is the last answer then. */
  async #send(message: unknown): Promise<Receipt> {
    const headers = { 'content-type': 'application/cloudevents+json' };
    const answer = await fetch(new URL('/v1/events', await this.#shell.url()), { method: 'POST', headers, body: JSON.stringify(message) });
    const receipt = (await answer.json()) as Receipt;
    this.#answer = receipt;
    return receipt;
  }
}

/** One value, or one a line. */
function jsonIn(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .split(/\n(?=\{)/)
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown);
  }
}

/** Its pieces between `…` stand in one line of what was printed, in their order. */
function isPrinted(line: string, printed: string): boolean {
  const pieces = line.split('…').map((piece) => piece.trim());
  return printed.split('\n').some((candidate) => {
    let at = 0;
    return pieces.every((piece) => {
      const found = candidate.indexOf(piece, at);
      at = found + piece.length;
      return found >= 0;
    });
  });
}

/** The same text, or what it shows between `…` in its order. */
function isLike(shown: string, real: string): boolean {
  if (!shown.includes('…')) return withoutChance(shown) === withoutChance(real);
  const pieces = shown.split('…').map((piece) => piece.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 's').test(real);
}

/** Times, durations, hashes and ids are others on every run. */
function withoutChance(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, 'TIME')
    .replace(/\bP(?:\d+D)?T?(?:\d+[HMS])+|\bP\d+D\b/g, 'DURATION')
    .replace(/sha256:[0-9a-f]{8,64}/g, 'HASH')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');
}

/**
 * Everything the page shows is there, numbers by their type and texts as they are; the answer may say more. Of a list,
 * each element the page shows is like one of the answer's.
 */
function expectShape(shown: unknown, real: unknown): void {
  expect({ shown, differs: differing(shown, real, '$') }).toEqual({ shown, differs: null });
}

function differing(shown: unknown, real: unknown, path: string): string | null {
  if (Array.isArray(shown)) {
    if (!Array.isArray(real)) return `${path} is no list`;
    const odd = shown.findIndex((element) => real.every((other) => differing(element, other, path) !== null));
    return odd < 0 ? null : `${path}[${odd}] is like none of the answer: ${differing(shown[odd], real[0], `${path}[]`) ?? ''}`;
  }
  if (isObject(shown)) {
    if (!isObject(real)) return `${path} is no object`;
    return Object.entries(shown).reduce<string | null>(
      (found, [name, value]) =>
        found ?? (Object.hasOwn(real, name) ? differing(value, membersOf(real)[name], `${path}.${name}`) : `${path}.${name} is not there`),
      null,
    );
  }
  if (typeof shown === 'string' && typeof real === 'string') return isLike(shown, real) ? null : `${path} is ${JSON.stringify(real)}`;
  return shown === null || real === null || typeof shown === typeof real ? null : `${path} is a ${typeof real}`;
}

/** What stands in a comment before a fence under this name. */
export function noteOf(notes: readonly string[], name: string): string | undefined {
  return notes.find((note) => note.startsWith(`${name}: `))?.slice(name.length + 2);
}

/** Why a fence is not run; undefined for one that is. */
export const reasonOf = ({ notes }: Fence): string | undefined => noteOf(notes, 'not run');

/** Programs beside ours that pages use; where the machine lacks one, a page is run up to the fence that needs it. */
const LACKING = ['curl', 'tar', 'jq', 'openssl', 'python3'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);

/** The tool that a fence needs and the machine lacks. */
export function lackedBy({ language, text }: Fence): string | undefined {
  return language === 'sh' ? LACKING.find((tool) => new RegExp(`(^|[|;&(]\\s*)${tool}\\s`, 'm').test(text)) : undefined;
}

const isRead = ({ language }: Fence): boolean => ['sh', 'json', 'http', 'text'].includes(language);

/** The fences of a page that are run or looked at. A program is run by a command behind it, which names its file. */
export function runnable({ fences }: Page): Fence[] {
  const run = fences.filter((fence) => reasonOf(fence) === undefined && (isRead(fence) || noteOf(fence.notes, 'file') !== undefined));
  const end = run.findIndex((fence) => lackedBy(fence) !== undefined);
  return run.some((fence) => isRead(fence) && fence.language !== 'text') ? run.slice(0, end < 0 ? undefined : end) : [];
}

/** Reads a page from its first fence to its last. Errors: what does not hold, with the line of its fence. */
export async function readThrough(page: Page): Promise<void> {
  const reading = new Reading();
  try {
    for (const fence of runnable(page)) {
      try {
        await reading.go(fence);
      } catch (error) {
        if (error instanceof Error) error.message = `${page.path}:${fence.line}\n${error.message}`;
        throw error;
      }
    }
  } finally {
    await reading.close();
  }
}
