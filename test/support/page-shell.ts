/**
 * Runs what a page tells its reader to type, in a folder of its own: commands of this program, `curl` against a real
 * service, and what a shell does.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFolder, newFolder, run, serve, stop, type Served } from './cli.js';
import { ROOT } from './pages.js';
import { PATIENCE_MS } from './until.js';

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a page says the service listens. */
const DOCUMENTED = /(?:127\.0\.0\.1|localhost):3000/g;
const SCRIPTS = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;

/**
 * A folder for one page: what it needs of the project stands in it as in a clone, the data folder is its own.
 */
export class PageShell {
  /** Room beside the clone, for what a page puts into `../`. */
  readonly #room = newFolder();
  readonly folder = join(this.#room, 'disclosure');
  #server: Served | null = null;
  /** A page that sets a variable goes on in a shell, which keeps it. */
  #hasVariables = false;
  readonly #groups: number[] = [];

  constructor() {
    mkdirSync(this.folder);
    for (const name of ['examples', 'test', 'docs', 'dist', 'node_modules', 'package.json'])
      symlinkSync(join(ROOT, name), join(this.folder, name));
    mkdirSync(join(this.folder, '.bin'));
    const shim = `#!/bin/sh\n[ "$(basename "$0")" = npx ] && shift\nexec "${process.execPath}" "${join(ROOT, 'bin/disclosure.js')}" "$@"\n`;
    for (const name of ['npx', 'disclosure']) writeFileSync(join(this.folder, '.bin', name), shim, { mode: 0o755 });
    symlinkSync(process.execPath, join(this.folder, '.bin', 'node'));
  }

  /** Its address, started when it is first needed. */
  async url(): Promise<string> {
    this.#server ??= await serve({ folder: this.folder });
    return this.#server.url;
  }

  /** One command as it stands on the page. Errors: an npm script or a file of it that is not there. */
  async type(command: string): Promise<Said> {
    const [first = '', ...rest] = command.split(/\s+/);
    if (first === 'npm') return this.#npm(command, rest);
    const disclosure = /^npx disclosure\s+([^|&;<>$`'"*()\\]+?)\s*&?$/.exec(command);
    if (/^(?:nohup )?npx disclosure serve\b/.test(command)) return { code: 0, stdout: '', stderr: `listening on ${await this.url()}\n` };
    if (disclosure !== null && !this.#hasVariables) return run((disclosure[1] ?? '').split(/\s+/), { folder: this.folder });
    if (/^(?:export\s+)?[A-Z_]+=\S*(?:\s|$)|^export\b/.test(command)) this.#hasVariables = true;
    return this.#shell(await this.here(command));
  }

  /** A text with the address of the service in place of the one that pages name. */
  async here(text: string): Promise<string> {
    return text.search(DOCUMENTED) < 0 ? text : text.replace(DOCUMENTED, new URL(await this.url()).host);
  }

  /**
   * Installing is what the machine of this test has done; scripts run in other jobs. Of each is looked whether it is
   * there.
   */
  async #npm(command: string, [verb = '', script = '', ...files]: readonly string[]): Promise<Said> {
    const [, next] = /^npm install && (.*)$/.exec(command) ?? [];
    if (next !== undefined) return this.type(next);
    if (verb === 'install') return { code: 0, stdout: '', stderr: '' };
    const name = verb === 'run' ? script : verb;
    if (SCRIPTS[name] === undefined) throw new Error(`package.json has no script "${name}"`);
    const missing = [script, ...files].filter((word) => word.includes('/') && !existsSync(join(ROOT, word)));
    if (missing.length > 0) throw new Error(`${command}: there is no file ${missing.join(', ')}`);
    return name === 'demo' ? run(['demo'], { folder: this.folder }) : { code: 0, stdout: '', stderr: '' };
  }

  #shell(command: string): Promise<Said> {
    const state = join(this.folder, '.variables');
    const script = `[ -f '${state}' ] && . '${state}'\nset -a\n${command}\ncode=$?\nexport -p > '${state}'\nexit $code\n`;
    const { EVENTSTOREDB_URL: _store, PORT: _port, ...env } = process.env;
    const child = spawn('bash', ['-c', script], {
      cwd: this.folder,
      env: { ...env, PATH: `${join(this.folder, '.bin')}:${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: what the page leaves running behind an & ends with it.
      detached: true,
    });
    if (child.pid !== undefined) this.#groups.push(child.pid);
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      // One that leaves something running with our end of its pipes never closes.
      const timer = setTimeout(() => endGroup(child.pid ?? 0), PATIENCE_MS);
      child.on('close', (code) => {
        clearTimeout(timer);
        resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
      });
    });
  }

  /** Stops the service, checks the ledger that the page made, if any, and removes the folder. */
  async close(): Promise<void> {
    for (const group of this.#groups) endGroup(group);
    if (this.#server !== null) await stop(this.#server);
    await checkFolder(this.folder);
    rmSync(this.#room, { recursive: true, force: true });
  }
}

function endGroup(group: number): void {
  if (group === 0) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // Nothing of it runs any more.
  }
}

export interface Typed {
  readonly command: string;
  /** The exit code that the page names (`# exit 1`), else 0. */
  readonly exit: number;
}

/**
 * Commands of a block: a line each, or several where a quote or a backslash goes on. What stands behind ` #` is for
 * people.
 */
export function commandsIn(block: string): Typed[] {
  const commands: Typed[] = [];
  let pending = '';
  for (const line of block.split('\n')) {
    pending += pending === '' ? line : `\n${line}`;
    if (/\\$/.test(line) || hasOpenQuote(pending)) continue;
    const [, exit = '0'] = /\s#.*\bexit (\d)\b/.exec(line) ?? [];
    const command = pending.replace(/(^|\s)#[^'"]*$/, '').trim();
    if (command !== '') commands.push({ command, exit: Number(exit) });
    pending = '';
  }
  if (pending.trim() !== '') throw new Error(`a command has no end: ${pending}`);
  return commands;
}

function hasOpenQuote(text: string): boolean {
  let quote = '';
  for (const [at, character] of [...text].entries()) {
    if (quote === '' && (character === "'" || character === '"') && text[at - 1] !== '\\') quote = character;
    else if (character === quote && (quote === "'" || text[at - 1] !== '\\')) quote = '';
  }
  return quote !== '';
}
