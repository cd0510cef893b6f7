/**
 * Runs test/support/log-writer.mjs, which appends and says what was acknowledged, and kills it with -9 in the middle.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogTarget } from './log-bench.js';

const ROOT = join(__dirname, '../..');

/** A script of test/support under plain Node, on the built project. `line` gets every whole line it says. */
export function startScript(script: string, args: readonly string[], line: (text: string) => void, shell?: string): RunningScript {
  if (!existsSync(join(ROOT, 'dist/log/event-log.js'))) throw new Error('this test runs a process on dist/: run "npm run build" first');
  const command = [process.execPath, join(ROOT, 'test/support', script), ...args];
  // With a shell line (`ulimit …`) the shell becomes the process, so that a signal reaches it and not a parent of it.
  const child =
    shell === undefined
      ? spawn(command[0] as string, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('/bin/sh', ['-c', `${shell}; exec "$@"`, 'sh', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', line);
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, complaints: complaints.join('') }));
  });
  return { child, ended };
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** What it wrote on stderr. */
  readonly complaints: string;
}

export interface RunningScript {
  readonly child: ChildProcess;
  /** When it has ended and everything it said was read. */
  readonly ended: Promise<Ended>;
}

/**
 * Lets a writer append until that many appends are acknowledged and a moment more, kills it; the ids of all
 * acknowledged events.
 */
export async function runUntilKilled(target: LogTarget, { afterAcks, andMs }: { afterAcks: number; andMs: number }): Promise<string[]> {
  const acknowledged: string[] = [];
  let acks = 0;
  let enough: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (enough = resolve));
  const { child, ended } = startScript('log-writer.mjs', [JSON.stringify(target)], (text) => {
    // The kill may cut the last line: only a whole one is an acknowledgement.
    const [, list] = /^ack (\S+) end$/.exec(text) ?? [];
    if (list === undefined) return;
    acknowledged.push(...list.split(','));
    acks += 1;
    if (acks >= afterAcks) enough();
  });
  const early = await Promise.race([reached.then(() => null), ended]);
  if (early !== null) throw new Error(`the writer ended by itself (${early.code ?? early.signal}): ${early.complaints}`);
  await sleep(andMs);
  child.kill('SIGKILL');
  const { signal, complaints } = await ended;
  if (signal !== 'SIGKILL') throw new Error(`the writer was not there to be killed: ${complaints}`);
  return acknowledged;
}
