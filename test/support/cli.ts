/** The real command as a child process on the built project, with a data folder of its own. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWriter } from '../../src/runtime/runtime.js';
import { checkLedger } from './check-ledger.js';
import { PATIENCE_MS } from './until.js';

const ROOT = join(__dirname, '../..');
const BIN = join(ROOT, 'bin/disclosure.js');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Stdout as the one JSON document it must be. */
  json<T>(): T;
}

export interface Run {
  readonly folder: string;
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the child after so many ms, so that none outlives a test that the runner ended; it then has no exit code. */
  readonly timeout?: number;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  readonly stderr: () => string;
}

export function start(args: readonly string[], { folder, env = {}, input, timeout = PATIENCE_MS }: Run): Running {
  if (!existsSync(join(ROOT, 'dist/cli.js'))) throw new Error('this test runs dist/: run "npm run build" first');
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: environmentOf(folder, env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // A child that ends before it has read everything closes its end of the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve(finishedWith({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
    });
  });
  return { child, finished, stderr: () => Buffer.concat(err).toString() };
}

/** Runs a command to its end, in a process of its own. */
export function runAlone(args: readonly string[], options: Run): Promise<Finished> {
  return start(args, options).finished;
}

/** A start is most of what a command costs: those that need no process of their own share one, one after the other. */
/** By time zone, which a process has from its start. */
const hosts = new Map<string, ChildProcess>();
let last: Promise<unknown> = Promise.resolve();

afterAll(async () => {
  await last;
  for (const host of hosts.values()) host.kill('SIGKILL');
  hosts.clear();
});

/** Runs a command to its end. */
export function run(args: readonly string[], options: Run): Promise<Finished> {
  const { input, env = {} } = options;
  const own =
    input !== undefined || ['serve', 'witness'].includes(args[0] ?? '') || ['NODE_OPTIONS', 'EVENTSTOREDB_URL'].some((name) => name in env);
  if (own) return runAlone(args, options);
  const next = last.then(() => runShared(args, options));
  last = next.catch(() => undefined);
  return next;
}

async function runShared(args: readonly string[], { folder, env = {} }: Run): Promise<Finished> {
  const zone = env['TZ'] ?? process.env['TZ'] ?? '';
  const child = hosts.get(zone) ?? hostIn(zone);
  const beside: Buffer[] = [];
  const listen = (chunk: Buffer): void => void beside.push(chunk);
  child.stderr?.on('data', listen);
  try {
    return await new Promise<Finished>((resolve) => {
      // A command that ends its process, or is killed, ends the host: the next begins another.
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        hosts.delete(zone);
        resolve(finishedWith({ code, signal, stdout: '', stderr: Buffer.concat(beside).toString() }));
      };
      child.once('exit', ended);
      child.once('message', ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => {
        child.off('exit', ended);
        const text = (base64: string): string => Buffer.from(base64, 'base64').toString();
        resolve(finishedWith({ code, signal: null, stdout: text(stdout), stderr: text(stderr) + Buffer.concat(beside).toString() }));
      });
      child.send({ args, cwd: folder, env: environmentOf(folder, env) });
    });
  } finally {
    child.stderr?.off('data', listen);
  }
}

function hostIn(zone: string): ChildProcess {
  const env = { ...process.env, ...(zone === '' ? {} : { TZ: zone }) };
  const host = fork(join(__dirname, 'cli-host.mjs'), [], { execPath: process.execPath, execArgv: [], silent: true, cwd: tmpdir(), env });
  hosts.set(zone, host);
  return host;
}

function finishedWith(ended: Omit<Finished, 'json'>): Finished {
  return { ...ended, json: <T>() => JSON.parse(ended.stdout) as T };
}

function environmentOf(folder: string, env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { EVENTSTOREDB_URL: _store, PORT: _port, ...inherited } = process.env;
  return { ...inherited, DISCLOSURE_DATA: join(folder, 'data'), ...env };
}

export interface Served extends Running {
  readonly url: string;
}

/** Starts `serve` on a free port; resolves when it says that it listens. */
export function serve(options: Run): Promise<Served> {
  return listening(['serve', '--port', '0'], options);
}

/** Starts a command that serves; resolves when it says that it listens. */
export async function listening(args: readonly string[], options: Run): Promise<Served> {
  const running = start(args, options);
  const url = await new Promise<string>((resolve, reject) => {
    running.child.stderr?.on('data', () => {
      const [, found] = /listening on (\S+)\n/.exec(running.stderr()) ?? [];
      if (found !== undefined) resolve(found);
    });
    void running.finished.then(({ code, stderr }) => reject(new Error(`${args[0]} ended with ${code ?? 'a signal'}: ${stderr}`)));
  });
  return { ...running, url };
}

/** Asks it to stop as an operator does; gives how it ended. */
export function stop(served: Running): Promise<Finished> {
  served.child.kill('SIGTERM');
  return served.finished;
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'disclosure-cli-'));
}

/** A file of lines in the folder; gives its path. */
export function fileOf(folder: string, name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

/**
 * Opens the data folder that no child holds any more, checks the whole ledger, and removes it with everything beside
 * it.
 */
export async function finishFolder(folder: string): Promise<void> {
  await checkFolder(folder);
  rmSync(folder, { recursive: true, force: true });
}

export async function checkFolder(folder: string): Promise<void> {
  const runtime = openWriter({ config: { data: join(folder, 'data'), eventStoreDbUrl: null } });
  if (runtime?.writer == null) throw new Error('a child of the test still holds the data folder');
  try {
    if (!(await runtime.writer.runner.caughtUp(PATIENCE_MS))) throw new Error(JSON.stringify(runtime.writer.runner.status()));
    await checkLedger(runtime.log, runtime.store);
  } finally {
    await runtime.close();
  }
}
